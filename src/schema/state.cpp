#include "schema/state.h"

#include "schema/builtin_types.h"

#include <algorithm>
#include <cstring>
#include <functional>

namespace cupel::schema {

using State = Database::State;

std::size_t hash_of(std::string_view schema, std::string_view name) {
  // There are few schemas: their last bytes, where numbered ones differ, and their length are enough.
  std::uint64_t last_bytes = 0;
  const std::size_t size = std::min(schema.size(), sizeof last_bytes);
  std::memcpy(&last_bytes, schema.data() + (schema.size() - size), size);
  return std::hash<std::string_view>{}(name) ^ ((last_bytes + schema.size()) * 0x9E3779B97F4A7C15U);
}

// ---- names ------------------------------------------------------------------------------------------------------------

RelationId State::find(std::string_view schema, std::string_view name) const {
  if (!schema.empty()) {
    const std::uint32_t* found = relations.find({schema, name});
    return found == nullptr ? RelationId::none : to_id(*found);
  }
  // Temporary relations come first unless the path says otherwise (manual: 20.11.1, search_path).
  if (temporary_tables_) {
    if (const std::uint32_t* found = relations.find({"pg_temp", name})) return to_id(*found);
  }
  const std::vector<std::string>& path = session.settings.search_path();
  for (const std::string& place : path) {
    if (const std::uint32_t* found = relations.find({place, name})) return to_id(*found);
  }
  // With nothing on the path new objects went to "public": see creation_schema.
  if (path.empty()) {
    if (const std::uint32_t* found = relations.find({"public", name})) return to_id(*found);
  }
  return RelationId::none;
}

const std::uint32_t* State::find_type(std::string_view schema, std::string_view name) const {
  if (!schema.empty()) return types.find({schema, name});
  for (const std::string& place : session.settings.search_path()) {
    if (const std::uint32_t* found = types.find({place, name})) return found;
  }
  return session.settings.search_path().empty() ? types.find({"public", name}) : nullptr;
}

const FunctionSet* State::find_functions(std::string_view schema, std::string_view name) const {
  const std::uint32_t* found = nullptr;
  if (!schema.empty()) {
    found = functions.find({schema, name});
  } else {
    for (const std::string& place : session.settings.search_path()) {
      if (found = functions.find({place, name}); found != nullptr) break;
    }
    if (found == nullptr && session.settings.search_path().empty()) found = functions.find({"public", name});
  }
  return found == nullptr || functions[*found].overloads.empty() ? nullptr : &functions[*found];
}

bool State::has_schema(std::string_view name) const {
  return std::find(schemas.begin(), schemas.end(), name) != schemas.end() || name == "pg_catalog" || name == "information_schema" ||
         name == "pg_temp" || name == "pg_toast";
}

bool State::on_search_path(std::string_view schema) const {
  const std::vector<std::string>& path = session.settings.search_path();
  return std::find(path.begin(), path.end(), schema) != path.end();
}

std::string_view State::creation_schema() const {
  const std::vector<std::string>& path = session.settings.search_path();
  return path.empty() ? std::string_view("public") : std::string_view(path.front());
}

DataType State::resolve(const sql::TypeName& type) const {
  DataType result;
  result.name = type.name;
  result.modifiers = type.modifiers;
  result.array_dimensions = type.array_dimensions;
  if (type.percent_type) {
    // The parser puts table.column into schema and name.
    if (RelationId table = find({}, type.schema); table != RelationId::none) {
      if (const Column* column = relation(table).find_column(type.name)) return column->type;
    }
    return result;
  }
  if (type.schema == "pg_catalog") {
    result.schema = "pg_catalog";
    return result;
  }
  if (type.schema.empty()) {
    if (type.is_serial()) {
      result.schema = "pg_catalog";
      result.name = type.name == "bigserial" || type.name == "serial8"     ? "int8"
                    : type.name == "smallserial" || type.name == "serial2" ? "int2"
                                                                           : "int4";
      return result;
    }
    if (is_builtin_type(type.name)) {
      result.schema = "pg_catalog";
      return result;
    }
  }
  if (const std::uint32_t* found = find_type(type.schema, type.name)) {
    result.schema = types[*found].name.schema;
  } else if (RelationId row_type = find(type.schema, type.name); row_type != RelationId::none) {
    result.schema = relation(row_type).name.schema;
  }
  return result;
}

bool State::constraint_name_used(std::string_view schema, std::string_view name) const {
  auto found = constraint_names_.find(hash_of(schema, name));
  return found != constraint_names_.end() && found->second > 0;
}

// ---- changes ----------------------------------------------------------------------------------------------------------

Relation& State::change(RelationId id) {
  save(relations, index_of(id));
  return relations.unsaved(index_of(id));
}

Type& State::change_type(std::uint32_t index) {
  save(types, index);
  return types.unsaved(index);
}

FunctionSet& State::change_functions(std::uint32_t index) {
  save(functions, index);
  return functions.unsaved(index);
}

std::vector<std::string>& State::change_names(std::vector<std::string> State::*list) {
  if (scope_ != 0) journal_.emplace_back(NamesUndo{list, this->*list});
  return this->*list;
}
std::vector<Publication>& State::change_publications() {
  if (scope_ != 0) journal_.emplace_back(PublicationsUndo{publications});
  return publications;
}

std::vector<std::string>& State::change_schemas() { return change_names(&State::schemas); }
void State::meet_schema(std::string_view name) {
  change_schemas().emplace_back(name);
  change_names(&State::schemas_met).emplace_back(name);
}
std::vector<std::string>& State::change_extensions() { return change_names(&State::extensions); }

RelationId State::create(Relation relation) {
  temporary_tables_ = temporary_tables_ || relation.persistence == sql::Persistence::temporary;
  relation.id = to_id(static_cast<std::uint32_t>(relations.size()));
  const std::uint32_t index = add(relations, std::move(relation));
  count_constraints(relations[index], 1);
  return to_id(index);
}

std::uint32_t State::create_type(Type type) { return add(types, std::move(type)); }
std::uint32_t State::create_functions(FunctionSet set) { return add(functions, std::move(set)); }

void State::drop(RelationId id) {
  change(id);
  count_constraints(relations[index_of(id)], -1);
  relations.hide(index_of(id));
}

void State::drop_type(std::uint32_t index) {
  change_type(index);
  types.hide(index);
}

void State::rename(RelationId id, ObjectName name) {
  Relation& relation = change(id);
  count_constraints(relation, -1);
  relations.unname(index_of(id));
  relation.name = std::move(name);
  relations.name(index_of(id));
  count_constraints(relation, 1);
}

void State::rename_type(std::uint32_t index, ObjectName name) {
  Type& type = change_type(index);
  types.unname(index);
  type.name = std::move(name);
  types.name(index);
}

void State::rename_functions(std::uint32_t index, ObjectName name) {
  FunctionSet& set = change_functions(index);
  functions.unname(index);
  for (Function& function : set.overloads) function.name = name;
  set.name = std::move(name);
  functions.name(index);
}

void State::count_constraints(const Relation& relation, int change) {
  for (const Constraint& constraint : relation.constraints) {
    constraint_names_[hash_of(relation.name.schema, constraint.name)] += static_cast<std::uint32_t>(change);
  }
}

Constraint& State::add_constraint(RelationId id, Constraint constraint) {
  Relation& relation = change(id);
  ++constraint_names_[hash_of(relation.name.schema, constraint.name)];
  if (constraint.referenced != RelationId::none) {
    std::vector<RelationId>& tables = referencing[index_of(constraint.referenced)];
    if (std::find(tables.begin(), tables.end(), id) == tables.end()) tables.push_back(id);
  }
  relation.constraints.push_back(std::move(constraint));
  return relation.constraints.back();
}

void State::erase_constraint(RelationId id, std::string_view name) {
  Relation& relation = change(id);
  for (auto at = relation.constraints.begin(); at != relation.constraints.end(); ++at) {
    if (at->name != name) continue;
    --constraint_names_[hash_of(relation.name.schema, name)];
    relation.constraints.erase(at);
    return;
  }
}

void State::rename_constraint(RelationId id, std::string_view from, std::string_view to) {
  Relation& relation = change(id);
  for (Constraint& constraint : relation.constraints) {
    if (constraint.name != from) continue;
    --constraint_names_[hash_of(relation.name.schema, from)];
    ++constraint_names_[hash_of(relation.name.schema, to)];
    constraint.name = to;
    return;
  }
}

// Far more statements fill tables than change their definition: only the rows' state is kept, not the whole relation.
void State::save_rows(RelationId id) {
  if (scope_ == 0) return;
  const Relation& relation_of = relation(id);
  journal_.emplace_back(RowsUndo{id, relation_of.filled, relation_of.filled_by_query, relation_of.populated, relation_of.written_rows,
                                 relation_of.storage_epoch});
}

void State::fill(RelationId id) {
  const Relation& before = relation(id);
  if (before.filled && before.filled_by_query && before.populated) return;
  save_rows(id);
  Relation& relation_of = relations.unsaved(index_of(id));
  relation_of.filled = true;
  relation_of.filled_by_query = true;
  relation_of.populated = true;
}

void State::fill(RelationId id, std::size_t written_rows) {
  save_rows(id);
  Relation& relation_of = relations.unsaved(index_of(id));
  relation_of.filled = true;
  relation_of.populated = true;
  relation_of.written_rows += static_cast<std::uint32_t>(written_rows);
}

void State::empty(RelationId id) {
  save_rows(id);
  Relation& relation_of = relations.unsaved(index_of(id));
  relation_of.filled = false;
  relation_of.filled_by_query = false;
  relation_of.written_rows = 0;
  relation_of.storage_epoch = session.epoch;
}

}  // namespace cupel::schema
