// CREATE TABLE, CREATE TABLE AS, CREATE MATERIALIZED VIEW: a new table is nobody's problem, what it is tied to is.
#include "effects/predict.h"

#include <string>

namespace cupel::effects {

namespace {

// The relation of that name that CREATE TABLE would collide with: in the schema it is created in, not on the whole path.
const schema::Relation* existing(const Prediction& prediction, const sql::QualifiedName& name, sql::Persistence persistence) {
  if (!name.schema.empty()) return prediction.find(name);
  const std::string schema = persistence == sql::Persistence::temporary ? "pg_temp" : prediction.database().creation_schema();
  return prediction.database().find(schema, name.name);
}

// Returns true if nothing more happens.
bool collides(Prediction& prediction, const sql::QualifiedName& name, sql::Persistence persistence, bool if_not_exists) {
  if (existing(prediction, name, persistence) == nullptr) return false;
  if (if_not_exists) {
    prediction.set_no_op();
    return true;
  }
  prediction.fail("42P07", "relation \"" + std::string(name.name) + "\" already exists");
  return true;
}

void tie_like(Prediction& prediction, const sql::LikeClause& like) {
  const schema::Relation* source = prediction.find(like.source);
  if (source == nullptr && prediction.fail_unknown(like.source)) return;
  prediction.lock_named(source, like.source, LockMode::access_share, Role::table, Cause::statement);
  if (source != nullptr && like.including_indexes) prediction.lock_indexes(*source, LockMode::access_share, Cause::statement);
}

void tie_inherited(Prediction& prediction, const sql::QualifiedName& name) {
  const schema::Relation* parent = prediction.find(name);
  if (parent == nullptr && prediction.fail_unknown(name)) return;
  prediction.lock_named(parent, name, LockMode::share_update_exclusive, Role::inheritance_parent, Cause::inherit);
  if (parent != nullptr && parent->kind == schema::RelationKind::partitioned_table) {
    prediction.fail("42809", "cannot inherit from partitioned table \"" + prediction.database().display_name(*parent) + "\"");
  }
}

bool names_itself(const sql::CreateTable& statement, const sql::Constraint& foreign_key) {
  return foreign_key.referenced.name == statement.name.name &&
         (foreign_key.referenced.schema.empty() || statement.name.schema.empty() || foreign_key.referenced.schema == statement.name.schema);
}

void tie_foreign_key(Prediction& prediction, const sql::CreateTable& statement, const sql::Constraint& foreign_key) {
  if (foreign_key.kind != sql::ConstraintKind::foreign_key || names_itself(statement, foreign_key)) return;
  predict_new_foreign_key(prediction, nullptr, foreign_key, Cause::foreign_key, whole_statement, true, &statement);
}

}  // namespace

// DefineRelation (manual, CREATE TABLE). The parents are locked before the name is found to be taken, foreign keys after.
void predict(Prediction& prediction, const sql::CreateTable& statement) {
  if (statement.if_not_exists && collides(prediction, statement.name, statement.persistence, true)) return;
  for (const sql::LikeClause& like : statement.likes) tie_like(prediction, like);
  if (statement.of_type) {
    const sql::QualifiedName type{statement.of_type->schema, statement.of_type->name, {}};
    prediction.lock_unknown(type, LockMode::access_share, Role::table, Cause::statement);
  }
  for (const sql::QualifiedName& parent : statement.inherits) tie_inherited(prediction, parent);
  const schema::Relation* partitioned = statement.partition_of ? prediction.find(*statement.partition_of) : nullptr;
  if (statement.partition_of && partitioned == nullptr) {
    if (prediction.fail_unknown(*statement.partition_of)) return;
    prediction.lock_unknown(*statement.partition_of, LockMode::access_exclusive, Role::partitioned_parent, Cause::create_partition);
  }
  if (partitioned != nullptr) {
    prediction.lock(*partitioned, LockMode::access_exclusive, Role::partitioned_parent, Cause::create_partition);
  }
  if (collides(prediction, statement.name, statement.persistence, false)) return;
  prediction.lock_unknown(statement.name, LockMode::access_exclusive, Role::created, Cause::statement);
  if (partitioned != nullptr) predict_created_partition(prediction, *partitioned, statement);
  for (const sql::ColumnDefinition& column : statement.columns) {
    if (column.default_value) predict_new_default(prediction, column.default_value, Cause::statement, whole_statement);
  }
  for (const sql::ColumnDefinition& column : statement.columns) {
    for (const sql::Constraint& constraint : column.constraints) tie_foreign_key(prediction, statement, constraint);
  }
  for (const sql::Constraint& constraint : statement.constraints) tie_foreign_key(prediction, statement, constraint);
}

// The query runs at once unless WITH NO DATA (manual, CREATE TABLE AS).
void predict(Prediction& prediction, const sql::CreateTableAs& statement) {
  if (statement.if_not_exists && existing(prediction, statement.name, statement.persistence) != nullptr) {
    // Found only after the query was analyzed.
    predict_query(prediction, statement.query, Cause::query, QueryUse::analyzed);
    return prediction.set_no_op();
  }
  const QueryUse use = statement.with_data ? QueryUse::planned : QueryUse::analyzed;
  predict_query(prediction, statement.query, Cause::query, use);
  if (collides(prediction, statement.name, statement.persistence, false)) return;
  prediction.lock_unknown(statement.name, LockMode::access_exclusive, Role::created, Cause::statement);
  if (statement.with_data) predict_query_scans(prediction, statement.query, Cause::query);
}

void predict_new_default(Prediction& prediction, const sql::Expression& expression, Cause cause, CommandIndex command) {
  if (!prediction.locks_new_dependencies()) return;
  for (const schema::Relation* sequence : sequences_in(expression, prediction.database())) {
    prediction.lock(*sequence, LockMode::access_share, Role::sequence, cause, command);
  }
}

}  // namespace cupel::effects
