// Constraints that exist: VALIDATE CONSTRAINT and ALTER CONSTRAINT.
#include "effects/alter_table.h"

namespace cupel::effects {
namespace {

using schema::Relation;
using schema::RelationKind;

std::string quoted(std::string_view name) { return "\"" + std::string(name) + "\""; }

}  // namespace

// ATExecValidateConstraint: SHARE UPDATE EXCLUSIVE, and ROW SHARE on the table a foreign key references (manual: ALTER
// TABLE, VALIDATE CONSTRAINT).
void AlterTablePrediction::validate_constraint(const sql::AlterTableCommand& command) {
  const schema::Constraint* constraint = table_ != nullptr ? table_->find_constraint(command.name) : nullptr;
  const sql::Constraint* added = nullptr;
  for (const sql::AlterTableCommand& each : statement_.commands) {
    if (each.action == sql::AlterTableAction::add_constraint && each.constraint && each.constraint->name == command.name)
      added = &*each.constraint;
  }
  if (constraint == nullptr && added == nullptr) {
    if (table_ != nullptr && !table_->incomplete) {
      return fail("42704", "constraint " + quoted(command.name) + " of relation " + quoted(table_name()) + " does not exist");
    }
    // Some constraint that was made before what the replay saw.
    return scan(Cause::validate, {});
  }
  bool foreign_key =
      added != nullptr ? added->kind == sql::ConstraintKind::foreign_key : constraint->kind == schema::ConstraintKind::foreign_key;
  bool check = added != nullptr ? added->kind == sql::ConstraintKind::check : constraint->kind == schema::ConstraintKind::check;
  bool not_null = added != nullptr ? added->kind == sql::ConstraintKind::not_null : constraint->kind == schema::ConstraintKind::not_null;
  if (!foreign_key && !check && !(not_null && prediction_.since(18))) {
    return fail("42809", "constraint " + quoted(command.name) + " of relation " + quoted(table_name()) +
                             " is not a foreign key or check constraint");
  }
  if (constraint != nullptr && !constraint->enforced) return fail("42809", "cannot validate NOT ENFORCED constraint");
  if (constraint != nullptr && added == nullptr && constraint->validated) return;
  if (added != nullptr && !added->not_valid) return;
  if (foreign_key) {
    sql::QualifiedName name =
        added != nullptr ? added->referenced : sql::QualifiedName{constraint->referenced_name.schema, constraint->referenced_name.name, {}};
    const Relation* referenced = added != nullptr                             ? prediction_.find(name)
                                 : constraint->referenced != RelationId::none ? &prediction_.relation(constraint->referenced)
                                                                              : nullptr;
    bool partitioned = is_partitioned() && recurses();
    if (partitioned) lock_descendants();
    if (referenced != table_ || table_ == nullptr) {
      prediction_.lock_named(referenced, name, LockMode::row_share, Role::referenced, Cause::validate, command_);
    }
    if (referenced != nullptr && referenced->kind == RelationKind::partitioned_table) {
      prediction_.lock_descendants(*referenced, LockMode::access_share, Cause::validate, command_);
    }
    for (const Relation* relation : tree(true)) {
      if (relation == table_ || partitioned) key_checks_.push_back({relation, referenced, name, Cause::validate, command_});
    }
    return;
  }
  bool inherits = added != nullptr ? !added->no_inherit : !constraint->no_inherit;
  if (has_children() && inherits) {
    if (!recurses()) return fail("42P16", "constraint must be validated on child tables too");
    lock_descendants();
  }
  for (const Relation* relation : tree(true)) {
    if (relation != table_ && !inherits) continue;
    if (relation != nullptr && relation != table_) {
      const schema::Constraint* own = relation->find_constraint(command.name);
      if (own != nullptr && own->validated) continue;
    }
    if (not_null &&
        proves_not_null(relation, added != nullptr && !added->columns.empty()             ? added->columns.front()
                                  : constraint != nullptr && !constraint->columns.empty() ? std::string_view(constraint->columns.front())
                                                                                          : std::string_view{}))
      continue;
    add_row_work(WorkKind::scan, relation, Cause::validate, {}, check ? "23514" : "23502",
                 check ? "check constraint " + quoted(command.name) + " of relation " + quoted(table_name()) + " is violated by some row"
                       : "a column of relation " + quoted(table_name()) + " contains null values",
                 false);
  }
}

// ATExecAlterConstraint. Making a foreign key enforced or not (18) makes or drops its triggers on both tables.
void AlterTablePrediction::alter_constraint(const sql::AlterTableCommand& command) {
  if (!command.constraint) return;
  std::string_view name = !command.constraint->name.empty() ? command.constraint->name : command.name;
  const schema::Constraint* constraint = table_ != nullptr ? table_->find_constraint(name) : nullptr;
  if (constraint == nullptr) {
    if (table_ != nullptr && !table_->incomplete)
      fail("42704", "constraint " + quoted(name) + " of relation " + quoted(table_name()) + " does not exist");
    return;
  }
  bool foreign_key = constraint->kind == schema::ConstraintKind::foreign_key;
  if (!foreign_key && command.alters_enforceability) {
    return fail("42809", "cannot alter enforceability of constraint " + quoted(name) + " of relation " + quoted(table_name()));
  }
  if (!foreign_key && (command.alters_deferrability || !prediction_.since(18))) {
    return fail("42809", "constraint " + quoted(name) + " of relation " + quoted(table_name()) + " is not a foreign key constraint");
  }
  if (command.alters_inheritability && constraint->kind != schema::ConstraintKind::not_null) {
    return fail("42809", "constraint " + quoted(name) + " of relation " + quoted(table_name()) + " is not a not-null constraint");
  }
  if (constraint->inherited && foreign_key)
    return fail("42P16", "cannot alter constraint " + quoted(name) + " on relation " + quoted(table_name()));
  if (!foreign_key) {
    if (command.alters_inheritability && recurses()) lock_descendants();
    return;
  }
  if (is_partitioned()) lock_descendants();
  if (!command.alters_enforceability) return;
  bool enforced = !command.constraint->not_enforced;
  if (enforced == constraint->enforced) return;
  LockMode mode = enforced ? LockMode::share_row_exclusive : LockMode::access_exclusive;
  const Relation* referenced = constraint->referenced != RelationId::none ? &prediction_.relation(constraint->referenced) : nullptr;
  sql::QualifiedName referenced_name{constraint->referenced_name.schema, constraint->referenced_name.name, {}};
  if (referenced != table_) prediction_.lock_named(referenced, referenced_name, mode, Role::referenced, Cause::alter_constraint, command_);
  if (referenced != nullptr) prediction_.lock_descendants(*referenced, mode, Cause::alter_constraint, command_);
  if (!enforced) return;
  for (const Relation* relation : tree(true)) {
    if (relation == table_ || is_partitioned())
      key_checks_.push_back({relation, referenced, referenced_name, Cause::alter_constraint, command_});
  }
}

}  // namespace cupel::effects
