// Objects that hang on a table: triggers, rules, policies, comments, privileges, statistics, publications.
#include "effects/predict.h"
#include "effects/query.h"
#include "effects/volatility.h"

#include <algorithm>
#include <string>

namespace cupel::effects {

namespace {

using schema::RelationKind;
using sql::ObjectKind;

std::string quoted(std::string_view name) { return "\"" + std::string(name) + "\""; }

// Returns true if nothing more happens.
bool lock_table(Prediction& prediction, const sql::QualifiedName& name, LockMode mode, Cause cause, const schema::Relation*& table) {
  table = prediction.find(name);
  if (table == nullptr && (is_catalog(name) || prediction.fail_unknown(name))) return true;
  prediction.lock_named(table, name, mode, Role::target, cause);
  return table == nullptr;
}

// Functions of PostgreSQL itself and of extensions are not in the replay. Returns true if it failed.
bool fails_missing_function(Prediction& prediction, const sql::CreateTrigger& statement) {
  const sql::QualifiedName& name = statement.function;
  if (!prediction.replay_is_complete() || !name.schema.empty()) return false;
  if (builtin_volatility(name.name, 0, prediction.version()) || extension_volatility(name.name, 0)) return false;
  if (!prediction.database().find_functions(name.schema, name.name, 0).empty()) return false;
  prediction.fail("42883", "function " + std::string(name.name) + "() does not exist");
  return true;
}

}  // namespace

// ---- triggers, rules, policies --------------------------------------------------------------------------------------

// CreateTrigger (manual, CREATE TRIGGER: Notes; SHARE ROW EXCLUSIVE since 9.5). Row triggers are cloned to partitions.
void predict(Prediction& prediction, const sql::CreateTrigger& statement) {
  const schema::Relation* table = nullptr;
  if (lock_table(prediction, statement.table, LockMode::share_row_exclusive, Cause::trigger, table)) return;
  if (statement.constraint_from) {
    const schema::Relation* from = prediction.find(*statement.constraint_from);
    if (from == nullptr && prediction.fail_unknown(*statement.constraint_from)) return;
    prediction.lock_named(from, *statement.constraint_from, LockMode::access_share, Role::referenced, Cause::trigger);
  }
  if (fails_missing_function(prediction, statement)) return;
  const auto known = std::find_if(table->triggers.begin(), table->triggers.end(),
                                  [&](const schema::Trigger& trigger) { return trigger.name == statement.name; });
  // CREATE OR REPLACE TRIGGER: 14 and later.
  if (known != table->triggers.end() && !statement.or_replace) {
    return prediction.fail("42710", "trigger " + quoted(statement.name) + " for relation " +
                                        quoted(prediction.database().display_name(*table)) + " already exists");
  }
  const bool instead = statement.timing == sql::TriggerTiming::instead_of;
  if (instead != (table->kind == RelationKind::view) && (instead || (table->kind == RelationKind::view && statement.row))) {
    return prediction.fail("42809", quoted(prediction.database().display_name(*table)) + (instead ? " is a table" : " is a view"));
  }
  if (statement.row && table->kind == RelationKind::partitioned_table) {
    prediction.lock_descendants(*table, LockMode::share_row_exclusive, Cause::trigger);
  }
}

// DefineRule; the tables of its actions are locked as the actions would, when they are analyzed.
void predict_create_rule(Prediction& prediction, const sql::Statement& node, const sql::CreateRule& statement) {
  const schema::Relation* table = nullptr;
  if (lock_table(prediction, statement.table, LockMode::access_exclusive, Cause::rule, table)) return;
  const bool known = std::find(table->rules.begin(), table->rules.end(), statement.name) != table->rules.end();
  if (known && !statement.or_replace) {
    return prediction.fail("42710", "rule " + quoted(statement.name) + " for relation " +
                                        quoted(prediction.database().display_name(*table)) + " already exists");
  }
  lock_named_in_text(prediction, prediction.context().script.text(node), statement.table, Cause::rule);
}

// CreatePolicy, AlterPolicy; relations in its expressions are read when they are analyzed.
void predict_create_policy(Prediction& prediction, const sql::Statement& statement, const sql::CreatePolicy& policy) {
  const schema::Relation* table = nullptr;
  if (lock_table(prediction, policy.table, LockMode::access_exclusive, Cause::policy, table)) return;
  lock_named_in_text(prediction, prediction.context().script.text(statement), policy.table, Cause::policy);
  const bool known =
      std::any_of(table->policies.begin(), table->policies.end(), [&](const schema::Policy& each) { return each.name == policy.name; });
  if (known) {
    prediction.fail(
        "42710", "policy " + quoted(policy.name) + " for table " + quoted(prediction.database().display_name(*table)) + " already exists");
  }
}

void predict_alter_policy(Prediction& prediction, const sql::Statement& statement, const sql::AlterPolicy& policy) {
  const schema::Relation* table = nullptr;
  if (lock_table(prediction, policy.table, LockMode::access_exclusive, Cause::policy, table)) return;
  lock_named_in_text(prediction, prediction.context().script.text(statement), policy.table, Cause::policy);
  const bool known =
      std::any_of(table->policies.begin(), table->policies.end(), [&](const schema::Policy& each) { return each.name == policy.name; });
  if (!known && prediction.replay_is_complete()) {
    prediction.fail(
        "42704", "policy " + quoted(policy.name) + " for table " + quoted(prediction.database().display_name(*table)) + " does not exist");
  }
}

// ---- schemas, extensions --------------------------------------------------------------------------------------------

void predict(Prediction& prediction, const sql::CreateSchema& statement) {
  if (!prediction.database().schema_exists(statement.name)) return;
  if (statement.if_not_exists) return prediction.set_no_op();
  prediction.fail("42P06", "schema " + quoted(statement.name) + " already exists");
}

void predict(Prediction& prediction, const sql::CreateExtension& statement) {
  if (!prediction.database().has_extension(statement.name)) return;
  if (statement.if_not_exists) return prediction.set_no_op();
  prediction.fail("42710", "extension " + quoted(statement.name) + " already exists");
}

// ---- comments and privileges ----------------------------------------------------------------------------------------

// CommentObject: SHARE UPDATE EXCLUSIVE on relations and columns, what hangs on a table is looked up under ACCESS SHARE.
void predict(Prediction& prediction, const sql::Comment& statement) {
  LockMode mode = LockMode::share_update_exclusive;
  switch (statement.kind) {
    case ObjectKind::table:
    case ObjectKind::view:
    case ObjectKind::materialized_view:
    case ObjectKind::foreign_table:
    case ObjectKind::index:
    case ObjectKind::sequence:
    case ObjectKind::column: break;
    case ObjectKind::constraint:
    case ObjectKind::trigger:
    case ObjectKind::rule:
    case ObjectKind::policy: mode = LockMode::access_share; break;
    default: return;
  }
  const schema::Relation* relation = prediction.find(statement.name);
  if (relation == nullptr) {
    if (is_catalog(statement.name)) return;
    // COMMENT ON COLUMN may be of a composite type, which is a relation too.
    const bool is_type = statement.kind == ObjectKind::column && prediction.database().find_type(statement.name) != nullptr;
    if (!is_type && prediction.fail_unknown(statement.name)) return;
    const Role role = is_type ? Role::table : statement.kind == ObjectKind::index ? Role::index : Role::target;
    return prediction.lock_unknown(statement.name, mode, role, Cause::comment);
  }
  prediction.lock(*relation, mode, relation->index ? Role::index : Role::target, Cause::comment);
  if (statement.kind == ObjectKind::column && !relation->incomplete && !relation->columns.empty() &&
      relation->find_column(statement.sub_name) == nullptr) {
    prediction.fail("42703", "column " + quoted(statement.sub_name) + " of relation " +
                                 quoted(prediction.database().display_name(*relation)) + " does not exist");
  }
}

// 18 looks objects up under ACCESS SHARE (objectNamesToOids), earlier versions without a lock.
void predict(Prediction& prediction, const sql::Grant& statement) {
  const bool of_relations =
      statement.kind == ObjectKind::table || statement.kind == ObjectKind::sequence || statement.kind == ObjectKind::column;
  if (!of_relations) return;
  if (statement.all_in_schema) return;  // found in the catalog, without opening any
  for (const sql::QualifiedName& name : statement.names) {
    const schema::Relation* relation = prediction.find(name);
    if (relation == nullptr && (is_catalog(name) || prediction.fail_unknown(name))) return;
    if (prediction.since(18)) prediction.lock_named(relation, name, LockMode::access_share, Role::target, Cause::grant);
  }
}

// ---- statistics, publications ---------------------------------------------------------------------------------------

namespace {

// A parenthesis between ON and FROM.
bool has_expressions(std::string_view text) {
  bool after_on = false;
  for (const sql::Token& token : sql::tokens(text)) {
    const std::string_view word = token.span.of(text);
    if (word == "ON" || word == "on") after_on = true;
    if (word == "FROM" || word == "from") return false;
    if (after_on && word == "(") return true;
  }
  return false;
}

}  // namespace

// CreateStatistics (manual 13.3.1: SHARE UPDATE EXCLUSIVE).
void predict_create_statistics(Prediction& prediction, const sql::Statement& node, const sql::CreateStatistics& statement) {
  for (const sql::QualifiedName& name : statement.tables) {
    const schema::Relation* table = nullptr;
    if (lock_table(prediction, name, LockMode::share_update_exclusive, Cause::statistics, table)) continue;
    if (table->kind == RelationKind::view || table->kind == RelationKind::sequence || table->index) {
      return prediction.fail("42809", "cannot define statistics for relation " + quoted(prediction.database().display_name(*table)));
    }
    if (!prediction.since(14) && has_expressions(prediction.context().script.text(node))) {
      return prediction.fail("0A000", "only simple column references are allowed in CREATE STATISTICS");
    }
    if (table->incomplete) continue;
    for (std::string_view column : statement.columns) {
      if (table->find_column(column) != nullptr) continue;
      return prediction.fail("42703", "column " + quoted(column) + " does not exist");
    }
  }
}

// OpenTableList: children of plain inheritance too; the partitions of a partitioned table need no entry of their own.
void predict(Prediction& prediction, const sql::Publication& statement) {
  const std::vector<schema::Publication>& known = prediction.database().publications();
  const bool exists = std::any_of(known.begin(), known.end(), [&](const schema::Publication& each) { return each.name == statement.name; });
  if (statement.create && exists) return prediction.fail("42710", "publication " + quoted(statement.name) + " already exists");
  for (const sql::QualifiedName& name : statement.tables) {
    const schema::Relation* table = nullptr;
    if (lock_table(prediction, name, LockMode::share_update_exclusive, Cause::replication, table)) continue;
    if (table->kind != RelationKind::table && table->kind != RelationKind::partitioned_table) {
      return prediction.fail("22023", "cannot add relation " + quoted(prediction.database().display_name(*table)) + " to publication");
    }
    if (table->kind == RelationKind::table) { prediction.lock_descendants(*table, LockMode::share_update_exclusive, Cause::replication); }
  }
}

}  // namespace cupel::effects
