#include "schema/replay.h"

#include <utility>
#include <variant>

namespace cupel::schema {

std::vector<Contradiction> Replay::run() {
  std::visit([this](const auto& node) { apply(node); }, statement_.node);
  return std::move(contradictions_);
}

void Replay::contradict(Kind kind, std::string_view object, std::string message, std::string_view sqlstate) {
  if (statement_.conditional || statement_.errors_caught) return;
  contradictions_.push_back({kind, std::string(object), std::move(message), std::string(sqlstate), !state_.session.unseen_changes});
}

void Replay::unknown_column(std::string_view column, const Relation& relation) {
  contradict(Kind::unknown_column, column,
             "column \"" + std::string(column) + "\" of relation \"" + relation.name.name + "\" does not exist", "42703");
}

std::string Replay::written(const sql::QualifiedName& name) {
  std::string result(name.schema);
  if (!result.empty()) result += '.';
  result += name.name;
  return result;
}

void Replay::require_schema(std::string_view schema, bool is_written) {
  if (state_.has_schema(schema)) return;
  if (is_written) contradict(Kind::unknown_schema, schema, "schema \"" + std::string(schema) + "\" does not exist", "3F000");
  state_.meet_schema(schema);
}

ObjectName Replay::creation_name(const sql::QualifiedName& name, sql::Persistence persistence) {
  if (persistence == sql::Persistence::temporary || name.schema == "pg_temp") return {"pg_temp", std::string(name.name)};
  const bool is_written = !name.schema.empty();
  ObjectName result{std::string(is_written ? name.schema : state_.creation_schema()), std::string(name.name)};
  require_schema(result.schema, is_written);
  return result;
}

RelationId Replay::target(const sql::QualifiedName& name, RelationKind guess) {
  if (const RelationId id = state_.find(name); id != RelationId::none) return id;
  // System catalogs are no part of a replay; pg_catalog is searched whatever the path says (manual: 5.10.5).
  if (name.schema == "pg_catalog" || name.schema == "information_schema") return RelationId::none;
  if (name.schema.empty() && name.name.starts_with("pg_")) return RelationId::none;
  contradict(Kind::unknown_relation, written(name), "relation \"" + written(name) + "\" does not exist", "42P01");
  return make_incomplete(name, guess);
}

RelationId Replay::make_incomplete(const sql::QualifiedName& name, RelationKind guess) {
  Relation relation;
  relation.kind = guess;
  relation.incomplete = true;
  relation.filled = relation.filled_by_query = true;
  relation.name.schema = name.schema.empty() ? state_.creation_schema() : name.schema;
  relation.name.name = name.name;
  if (relation.name.schema == "pg_temp") relation.persistence = sql::Persistence::temporary;
  if (!state_.has_schema(relation.name.schema)) state_.meet_schema(relation.name.schema);
  return state_.create(std::move(relation));
}

bool Replay::name_is_free(const ObjectName& name, bool if_not_exists, bool makes_type) {
  if (const std::uint32_t* taken = state_.relations.find({name.schema, name.name})) {
    if (state_.relations[*taken].incomplete) return true;
    if (!if_not_exists) contradict(Kind::duplicate_relation, name.name, "relation \"" + name.name + "\" already exists", "42P07");
    return false;
  }
  // Tables and views bring a row type of their name.
  if (makes_type && state_.types.find({name.schema, name.name}) != nullptr) {
    contradict(Kind::duplicate_type, name.name, "type \"" + name.name + "\" already exists", "42710");
    return false;
  }
  return true;
}

Relation Replay::blank(RelationKind kind, ObjectName name, sql::Persistence persistence) const {
  Relation result;
  result.kind = kind;
  result.persistence = name.schema == "pg_temp" ? sql::Persistence::temporary : persistence;
  result.name = std::move(name);
  result.created_epoch = result.storage_epoch = state_.session.epoch;
  result.created_transaction = state_.session.transaction;
  return result;
}

RelationId Replay::create(Relation relation, bool if_not_exists) {
  const std::uint32_t* met = state_.relations.find({relation.name.schema, relation.name.name});
  if (met == nullptr) return state_.create(std::move(relation));
  const RelationId id = to_id(*met);
  const std::vector<RelationId> indexes = this->relation(id).indexes;
  for (RelationId index : indexes) drop_index(index);
  while (!this->relation(id).constraints.empty()) {
    const std::string name = this->relation(id).constraints.back().name;
    state_.erase_constraint(id, name);
  }
  Relation& slot = change(id);
  relation.id = id;
  relation.children = std::move(slot.children);
  relation.dependents = std::move(slot.dependents);
  if (if_not_exists) {
    // It was there before, or the statement that met it would have failed.
    relation.created_epoch = relation.storage_epoch = 0;
    relation.created_transaction = 0;
    relation.filled = relation.filled_by_query = true;
  }
  slot = std::move(relation);
  return id;
}

Column* Replay::need_column(RelationId id, std::string_view column) {
  const Relation& known = relation(id);
  if (known.find_column(column) != nullptr) return change(id).find_column(column);
  if (!known.incomplete) {
    unknown_column(column, known);
    return nullptr;
  }
  Column met;
  met.name = column;
  Relation& changed = change(id);
  changed.columns.push_back(std::move(met));
  return &changed.columns.back();
}

}  // namespace cupel::schema
