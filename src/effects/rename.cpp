// RENAME, SET SCHEMA, OWNER TO: changes of catalogs only, but under ACCESS EXCLUSIVE.
#include "effects/predict.h"

#include <algorithm>
#include <string>

namespace cupel::effects {

namespace {

using schema::RelationKind;
using sql::ObjectKind;

std::string quoted(std::string_view name) { return "\"" + std::string(name) + "\""; }

bool is_relation_kind(ObjectKind kind) {
  switch (kind) {
    case ObjectKind::table:
    case ObjectKind::view:
    case ObjectKind::materialized_view:
    case ObjectKind::foreign_table:
    case ObjectKind::index:
    case ObjectKind::sequence: return true;
    default: return false;
  }
}

// Finds and locks the relation of a statement; nullptr if it is unknown or nothing more happens.
const schema::Relation* lock_renamed(Prediction& prediction, const sql::QualifiedName& name, bool if_exists, LockMode mode, Cause cause) {
  const schema::Relation* relation = prediction.find(name);
  if (relation == nullptr) {
    if (if_exists && prediction.replay_is_complete()) {
      prediction.set_no_op();
    } else if (!prediction.fail_unknown(name)) {
      prediction.lock_unknown(name, mode, Role::target, cause);
    }
    return nullptr;
  }
  prediction.lock(*relation, mode, relation->index ? Role::index : Role::target, cause);
  return relation;
}

// Returns true if it failed.
bool fails_taken(Prediction& prediction, const schema::Relation& relation, std::string_view new_name) {
  if (prediction.database().find(relation.name.schema, new_name) == nullptr) return false;
  prediction.fail("42P07", "relation " + quoted(new_name) + " already exists");
  return true;
}

// RenameRelation. ALTER INDEX takes less, ALTER TABLE with the same index does not know in time (manual, ALTER INDEX:
// "requires SHARE UPDATE EXCLUSIVE", 12 and later).
void rename_relation(Prediction& prediction, const sql::Rename& statement) {
  const schema::Relation* relation = prediction.find(statement.name);
  const bool is_index = statement.kind == ObjectKind::index && (relation == nullptr || relation->index);
  const LockMode mode = is_index ? LockMode::share_update_exclusive : LockMode::access_exclusive;
  if (relation == nullptr && statement.kind == ObjectKind::index && !prediction.replay_is_complete()) {
    prediction.lock_unknown(statement.name, mode, Role::index, Cause::rename);
    return;
  }
  relation = lock_renamed(prediction, statement.name, statement.if_exists, mode, Cause::rename);
  if (relation != nullptr) fails_taken(prediction, *relation, statement.new_name);
}

// ---- columns and attributes -----------------------------------------------------------------------------------------

// renameatt_internal: the column is renamed in all children at once.
void rename_column(Prediction& prediction, const sql::Rename& statement) {
  const schema::Relation* table = lock_renamed(prediction, statement.name, statement.if_exists, LockMode::access_exclusive, Cause::rename);
  if (table == nullptr) return;
  if (!statement.only) prediction.lock_descendants(*table, LockMode::access_exclusive, Cause::rename);
  if (table->incomplete || table->columns.empty()) return;
  if (statement.only && !table->children.empty()) {
    return prediction.fail("42P16", "inherited column " + quoted(statement.sub_name) + " must be renamed in child tables too");
  }
  const schema::Column* column = table->find_column(statement.sub_name);
  if (column == nullptr) return prediction.fail("42703", "column " + quoted(statement.sub_name) + " does not exist");
  if (column->inherited) return prediction.fail("42P16", "cannot rename inherited column " + quoted(statement.sub_name));
  if (table->find_column(statement.new_name) != nullptr) {
    prediction.fail("42701", "column " + quoted(statement.new_name) + " of relation " + quoted(prediction.database().display_name(*table)) +
                                 " already exists");
  }
}

bool ends_with_cascade(std::string_view text) {
  const std::vector<sql::Token> tokens = sql::tokens(text);
  if (tokens.empty()) return false;
  const std::string_view last = tokens.back().span.of(text);
  return last == "CASCADE" || last == "cascade";
}

// ---- what belongs to a table ----------------------------------------------------------------------------------------

// rename_constraint_internal; a key's index is renamed with it (SHARE UPDATE EXCLUSIVE), a check in all children.
void rename_constraint(Prediction& prediction, const sql::Rename& statement) {
  if (statement.relation_kind == ObjectKind::domain) return;
  const schema::Relation* table = lock_renamed(prediction, statement.name, statement.if_exists, LockMode::access_exclusive, Cause::rename);
  if (table == nullptr) return;
  const schema::Constraint* constraint = table->find_constraint(statement.sub_name);
  if (constraint == nullptr) {
    if (!table->incomplete && prediction.replay_is_complete()) {
      prediction.fail("42704", "constraint " + quoted(statement.sub_name) + " for table " +
                                   quoted(prediction.database().display_name(*table)) + " does not exist");
    }
    return;
  }
  const bool is_check = constraint->kind == schema::ConstraintKind::check || constraint->kind == schema::ConstraintKind::not_null;
  if (is_check && !constraint->no_inherit) {
    if (!statement.only) prediction.lock_descendants(*table, LockMode::access_exclusive, Cause::rename);
    if (statement.only && !table->children.empty()) {
      return prediction.fail("42P16", "inherited constraint " + quoted(statement.sub_name) + " must be renamed in child tables too");
    }
    if (constraint->inherited) return prediction.fail("42P16", "cannot rename inherited constraint " + quoted(statement.sub_name));
  }
  if (constraint->index != RelationId::none && prediction.database().exists(constraint->index)) {
    prediction.lock_index(prediction.relation(constraint->index), LockMode::share_update_exclusive, Cause::rename);
  }
  if (table->find_constraint(statement.new_name) != nullptr) {
    prediction.fail("42710", "constraint " + quoted(statement.new_name) + " for relation " +
                                 quoted(prediction.database().display_name(*table)) + " already exists");
  }
}

// renametrig: since 15 the triggers of the partitions follow.
void rename_trigger(Prediction& prediction, const sql::Rename& statement) {
  const schema::Relation* table = lock_renamed(prediction, statement.name, statement.if_exists, LockMode::access_exclusive, Cause::trigger);
  if (table == nullptr) return;
  if (table->kind == RelationKind::partitioned_table && prediction.since(15)) {
    prediction.lock_descendants(*table, LockMode::access_exclusive, Cause::trigger);
  }
  const bool known = std::any_of(table->triggers.begin(), table->triggers.end(),
                                 [&](const schema::Trigger& trigger) { return trigger.name == statement.sub_name; });
  if (!known && prediction.replay_is_complete()) {
    prediction.fail("42704", "trigger " + quoted(statement.sub_name) + " for table " + quoted(prediction.database().display_name(*table)) +
                                 " does not exist");
  }
}

void rename_policy(Prediction& prediction, const sql::Rename& statement) {
  const schema::Relation* table = lock_renamed(prediction, statement.name, statement.if_exists, LockMode::access_exclusive, Cause::policy);
  if (table == nullptr || !prediction.replay_is_complete()) return;
  const bool known = std::any_of(table->policies.begin(), table->policies.end(),
                                 [&](const schema::Policy& policy) { return policy.name == statement.sub_name; });
  if (!known)
    prediction.fail("42704", "policy " + quoted(statement.sub_name) + " for table " + prediction.quoted(*table) + " does not exist");
}

void rename_rule(Prediction& prediction, const sql::Rename& statement) {
  const schema::Relation* table = lock_renamed(prediction, statement.name, statement.if_exists, LockMode::access_exclusive, Cause::rule);
  if (table == nullptr || !prediction.replay_is_complete()) return;
  const bool known = std::find(table->rules.begin(), table->rules.end(), statement.sub_name) != table->rules.end();
  if (!known)
    prediction.fail("42704", "rule " + quoted(statement.sub_name) + " for relation " + prediction.quoted(*table) + " does not exist");
}

void rename_type(Prediction& prediction, const sql::Rename& statement) {
  const schema::Type* type = prediction.database().find_type(statement.name);
  if (type == nullptr) {
    if (prediction.replay_is_complete()) prediction.fail("42704", "type " + quoted(statement.name.name) + " does not exist");
    return;
  }
  if (type->kind == schema::TypeKind::composite) {
    prediction.lock_unknown(statement.name, LockMode::access_exclusive, Role::table, Cause::rename);
  }
}

}  // namespace

void predict(Prediction& prediction, const sql::Rename& statement) {
  switch (statement.kind) {
    case ObjectKind::column: return rename_column(prediction, statement);
    case ObjectKind::constraint: return rename_constraint(prediction, statement);
    case ObjectKind::trigger: return rename_trigger(prediction, statement);
    case ObjectKind::type:
    case ObjectKind::domain: return rename_type(prediction, statement);
    case ObjectKind::policy: return rename_policy(prediction, statement);
    case ObjectKind::rule: return rename_rule(prediction, statement);
    case ObjectKind::schema:
      if (prediction.replay_is_complete() && !prediction.database().schema_exists(statement.name.name)) {
        prediction.fail("3F000", "schema " + quoted(statement.name.name) + " does not exist");
      }
      return;
    default:
      if (is_relation_kind(statement.kind)) rename_relation(prediction, statement);
      return;
  }
}

// A composite type is a relation of its own; tables made OF it follow with CASCADE only.
void predict_rename(Prediction& prediction, const sql::Statement& node, const sql::Rename& statement) {
  if (statement.kind != ObjectKind::attribute) return predict(prediction, statement);
  prediction.lock_unknown(statement.name, LockMode::access_exclusive, Role::table, Cause::rename);
  const schema::Type* type = prediction.database().find_type(statement.name);
  if (type == nullptr) return;
  const std::vector<RelationId> tables = typed_tables(prediction.database(), *type);
  if (tables.empty()) return;
  if (!ends_with_cascade(prediction.context().script.text(node))) {
    return prediction.fail("2BP01", "cannot alter type " + quoted(type->name.name) + " because it is the type of a typed table");
  }
  for (RelationId id : tables) prediction.lock(prediction.relation(id), LockMode::access_exclusive, Role::table, Cause::cascade);
}

// ---- SET SCHEMA -----------------------------------------------------------------------------------------------------

namespace {

// AlterSeqNamespaces opens whatever depends on a column, to see whether it is a sequence: plain indexes are locked and
// released; those of constraints depend on the constraint instead.
void lock_column_dependents(Prediction& prediction, const schema::Relation& table) {
  for (RelationId id : table.indexes) {
    const schema::Relation& index = prediction.relation(id);
    if (!prediction.database().exists(id) || !index.index || !index.index->constraint.empty()) continue;
    if (index.index->mentioned_columns().empty()) continue;
    prediction.lock_index(index, LockMode::access_exclusive, Cause::set_schema);
    prediction.release_early();
  }
  for (RelationId id : table.owned_sequences) {
    if (!prediction.database().exists(id)) continue;
    prediction.lock(prediction.relation(id), LockMode::access_exclusive, Role::sequence, Cause::set_schema);
  }
}

}  // namespace

// AlterTableNamespace.
void predict(Prediction& prediction, const sql::AlterObjectSchema& statement) {
  if (!is_relation_kind(statement.kind)) return;
  const schema::Relation* relation =
      lock_renamed(prediction, statement.name, statement.if_exists, LockMode::access_exclusive, Cause::set_schema);
  if (relation == nullptr) return;
  if (relation->kind == RelationKind::sequence && relation->owner_table != RelationId::none) {
    return prediction.fail("0A000", "cannot move an owned sequence into another schema");
  }
  if (prediction.replay_is_complete() && !prediction.database().schema_exists(statement.new_schema)) {
    return prediction.fail("3F000", "schema " + quoted(statement.new_schema) + " does not exist");
  }
  if (prediction.database().find(statement.new_schema, relation->name.name) != nullptr && statement.new_schema != relation->name.schema) {
    return prediction.fail("42P07",
                           "relation " + quoted(relation->name.name) + " already exists in schema " + quoted(statement.new_schema));
  }
  if (relation->has_storage() || relation->kind == RelationKind::partitioned_table) lock_column_dependents(prediction, *relation);
}

// ---- OWNER TO -------------------------------------------------------------------------------------------------------

// Tables, views and sequences change owner by ALTER TABLE; of the rest only composite types are relations.
void predict(Prediction& prediction, const sql::AlterOwner& statement) {
  if (statement.kind != ObjectKind::type) return;
  const schema::Type* type = prediction.database().find_type(statement.name);
  if (type != nullptr && type->kind == schema::TypeKind::composite) {
    prediction.lock_unknown(statement.name, LockMode::access_exclusive, Role::table, Cause::owner);
  }
}

}  // namespace cupel::effects
