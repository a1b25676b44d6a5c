// Schemas, and moving objects between them; extensions.
#include "schema/replay.h"

#include <algorithm>

namespace cupel::schema {

void Replay::apply(const sql::CreateSchema& create_schema) {
  if (create_schema.name.empty()) return;  // CREATE SCHEMA AUTHORIZATION names it after a role
  const bool taken = std::find(state_.schemas.begin(), state_.schemas.end(), create_schema.name) != state_.schemas.end();
  if (!taken) {
    state_.change_schemas().emplace_back(create_schema.name);
  } else if (std::find(state_.schemas_met.begin(), state_.schemas_met.end(), create_schema.name) != state_.schemas_met.end()) {
    std::erase(state_.change_names(&Database::State::schemas_met), create_schema.name);
  } else if (!create_schema.if_not_exists) {
    contradict(Kind::duplicate_schema, create_schema.name, "schema \"" + std::string(create_schema.name) + "\" already exists", "42P06");
  }
}

void Replay::apply(const sql::CreateExtension& create_extension) {
  if (database_.has_extension(create_extension.name)) {
    if (!create_extension.if_not_exists) {
      contradict(Kind::duplicate_object, create_extension.name, "extension \"" + std::string(create_extension.name) + "\" already exists",
                 "42710");
    }
    return;
  }
  state_.change_extensions().emplace_back(create_extension.name);
}

void Replay::apply(const sql::AlterObjectSchema& alter) {
  using sql::ObjectKind;
  require_schema(alter.new_schema, true);
  switch (alter.kind) {
    case ObjectKind::table:
    case ObjectKind::view:
    case ObjectKind::materialized_view:
    case ObjectKind::foreign_table:
    case ObjectKind::sequence: {
      if (alter.if_exists && state_.find(alter.name) == RelationId::none) return;
      const RelationId id = target(alter.name);
      if (id != RelationId::none) move_to_schema(id, alter.new_schema);
      return;
    }
    case ObjectKind::type:
    case ObjectKind::domain: {
      const std::optional<std::uint32_t> index = need_type(alter.name, TypeKind::base);
      if (!index) return;
      const ObjectName from = state_.types[*index].name;
      const ObjectName to{std::string(alter.new_schema), from.name};
      if (from == to || !type_name_is_free(to)) return;
      state_.rename_type(*index, to);
      follow_type(from, to);
      return;
    }
    case ObjectKind::function:
    case ObjectKind::procedure:
    case ObjectKind::routine: {
      const FunctionSet* set = state_.find_functions(alter.name.schema, alter.name.name);
      if (set == nullptr || set->overloads.size() > 1) return;
      const ObjectName from = set->name;
      if (state_.functions.find({alter.new_schema, from.name}) != nullptr) return;
      state_.rename_functions(*state_.functions.find({from.schema, from.name}), {std::string(alter.new_schema), from.name});
      return;
    }
    default: return;
  }
}

void Replay::move_to_schema(RelationId id, std::string_view schema) {
  const Relation& known = relation(id);
  if (known.name.schema == schema) return;
  ObjectName name{std::string(schema), known.name.name};
  if (!name_is_free(name, false, false)) return;
  state_.rename(id, std::move(name));
  // Indexes, constraints and owned sequences go along (manual: ALTER TABLE, SET SCHEMA).
  for (const std::vector<RelationId>* parts : {&known.indexes, &known.owned_sequences}) {
    for (const RelationId part : *parts) {
      if (state_.relations.find({schema, relation(part).name.name}) == nullptr)
        state_.rename(part, {std::string(schema), relation(part).name.name});
    }
  }
}

void Replay::rename_schema(std::string_view from, std::string_view to) {
  const std::vector<std::string>& schemas = state_.schemas;
  if (std::find(schemas.begin(), schemas.end(), from) == schemas.end()) {
    contradict(Kind::unknown_schema, from, "schema \"" + std::string(from) + "\" does not exist", "3F000");
    return;
  }
  if (std::find(schemas.begin(), schemas.end(), to) != schemas.end()) {
    contradict(Kind::duplicate_schema, to, "schema \"" + std::string(to) + "\" already exists", "42P06");
    return;
  }
  std::replace(state_.change_schemas().begin(), state_.schemas.end(), std::string(from), std::string(to));
  if (!state_.publications.empty()) {
    for (Publication& publication : state_.change_publications())
      std::replace(publication.schemas.begin(), publication.schemas.end(), std::string(from), std::string(to));
  }
  for (const RelationId id : database_.relations()) {
    if (relation(id).name.schema == from) state_.rename(id, {std::string(to), relation(id).name.name});
  }
  for (std::uint32_t i = 0; i < state_.types.size(); ++i) {
    if (!state_.types.exists(i) || state_.types[i].name.schema != from) continue;
    const ObjectName old_name = state_.types[i].name;
    const ObjectName new_name{std::string(to), old_name.name};
    state_.rename_type(i, new_name);
    follow_type(old_name, new_name);
  }
  for (std::uint32_t i = 0; i < state_.functions.size(); ++i) {
    const ObjectName old_name = state_.functions[i].name;
    if (state_.functions.exists(i) && old_name.schema == from) state_.rename_functions(i, {std::string(to), old_name.name});
  }
}

}  // namespace cupel::schema
