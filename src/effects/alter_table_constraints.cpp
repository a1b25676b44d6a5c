#include "effects/alter_table.h"
#include "effects/key_types.h"

#include <algorithm>

namespace cupel::effects {
namespace {

using schema::Relation;

std::string quoted(std::string_view name) { return "\"" + std::string(name) + "\""; }

}  // namespace

void AlterTablePrediction::add_constraint(const sql::Constraint& constraint) {
  const schema::Constraint* existing = table_ != nullptr && !constraint.name.empty() ? table_->find_constraint(constraint.name) : nullptr;
  if (existing != nullptr && !is_dropped_constraint(constraint.name) && !existing->inherited &&
      existing->kind != schema::ConstraintKind::not_null) {
    bool is_index = constraint.kind == sql::ConstraintKind::unique || constraint.kind == sql::ConstraintKind::primary_key ||
                    constraint.kind == sql::ConstraintKind::exclude;
    if (is_index && existing->index != RelationId::none && constraint.using_index.empty()) {
      return fail("42P07", "relation " + quoted(constraint.name) + " already exists");
    }
    return fail("42710", "constraint " + quoted(constraint.name) + " for relation " + quoted(table_name()) + " already exists");
  }
  switch (constraint.kind) {
    case sql::ConstraintKind::check: return add_check(constraint, Cause::add_check);
    case sql::ConstraintKind::not_null: return add_not_null(constraint);
    case sql::ConstraintKind::unique:
    case sql::ConstraintKind::primary_key:
      if (!constraint.using_index.empty()) return add_key_using_index(constraint);
      return add_key(constraint, cause_);
    case sql::ConstraintKind::exclude: return add_key(constraint, cause_);
    case sql::ConstraintKind::foreign_key:
      return add_foreign_key(constraint, Cause::add_foreign_key, !constraint.not_valid && !constraint.not_enforced);
    default: return;
  }
}

// ---- CHECK, NOT NULL ------------------------------------------------------------------------------------------------

// ATAddCheckNNConstraint (manual: ALTER TABLE, ADD table_constraint; NOT ENFORCED from 18 on).
void AlterTablePrediction::add_check(const sql::Constraint& constraint, Cause cause) {
  if (constraint.expression) {
    bool subquery = !constraint.expression.walk([](const sql::Expression& node) { return node.kind() != sql::ExpressionKind::subquery; });
    if (subquery) return fail("0A000", "cannot use subquery in check constraint");
    for (std::string_view column : constraint.expression.columns()) {
      if (table_ == nullptr || table_->incomplete || column == "*" || find_column(column).known()) continue;
      // A reference to the whole row, or to a system column.
      if (column == table_->name.name || column == "tableoid") continue;
      return fail("42703", "column " + quoted(column) + " does not exist");
    }
  }
  if (has_children() && !constraint.no_inherit) {
    if (!recurses()) {
      lock_direct_children();
      return fail("42P16", "constraint must be added to child tables too");
    }
    lock_descendants();
  }
  if (constraint.no_inherit && is_partitioned()) {
    return fail("42P16", "cannot add NO INHERIT constraint to partitioned table " + quoted(table_name()));
  }
  if (constraint.not_valid || constraint.not_enforced) return;
  for (const Relation* relation : tree(true)) {
    if (relation != table_ && constraint.no_inherit) continue;
    add_row_work(WorkKind::scan, relation, cause, {}, "23514", "check constraint " + quoted(constraint.name) + " is violated by some row",
                 false);
  }
}

// 18: NOT NULL as a constraint with a name.
void AlterTablePrediction::add_not_null(const sql::Constraint& constraint) {
  if (constraint.columns.empty()) return;
  std::string_view name = constraint.columns.front();
  if (fail_missing_column(name)) return;
  if (has_children() && !constraint.no_inherit && !recurses()) return fail("42P16", "constraint must be added to child tables too");
  if (constraint.no_inherit && is_partitioned()) {
    return fail("42P16", "not-null constraints on partitioned tables cannot be NO INHERIT");
  }
  ColumnState column = find_column(name);
  if (column.column != nullptr && column.column->not_null) {
    for (const schema::Constraint& existing : table_->constraints) {
      if (existing.kind != schema::ConstraintKind::not_null || existing.columns.empty() || existing.columns.front() != name) continue;
      if (!constraint.name.empty() && existing.name != constraint.name && !is_dropped_constraint(existing.name)) {
        return fail("55000", "cannot create not-null constraint " + quoted(constraint.name) + " on column " + quoted(name) + " of table " +
                                 quoted(table_name()));
      }
      if (!existing.validated && !constraint.not_valid) {
        return fail("55000", "incompatible NOT VALID constraint " + quoted(existing.name) + " on relation " + quoted(table_name()));
      }
    }
  }
  if (constraint.not_valid) return;
  for (const Relation* relation : tree(true)) {
    if (relation != table_ && constraint.no_inherit) continue;
    const schema::Column* existing = relation != nullptr ? relation->find_column(name) : nullptr;
    if ((existing != nullptr && existing->not_null && existing->not_null_validated) || proves_not_null(relation, name)) continue;
    add_row_work(WorkKind::scan, relation, Cause::add_not_null, name, "23502",
                 "column " + quoted(name) + " of relation " + quoted(table_name()) + " contains null values", false);
  }
}

// ---- UNIQUE, PRIMARY KEY, EXCLUDE -----------------------------------------------------------------------------------

// A primary key makes its columns NOT NULL first: AT_SetNotNull subcommands of its own (transformIndexConstraint),
// which skip the scan like any other when a valid CHECK proves it.
void AlterTablePrediction::require_not_null(const std::vector<std::string_view>& columns) {
  for (std::string_view name : columns) {
    ColumnState column = find_column(name);
    if (column.column != nullptr && column.column->not_null && !column.column->not_null_validated) {
      return fail("55000", "cannot create primary key on column " + quoted(name));
    }
    if (column.added == nullptr && !(column.column != nullptr && column.column->not_null)) set_not_null(name, Cause::implied_not_null);
    if (prediction_.stopped()) return;
  }
}

// DefineIndex tries the indexes of a partition one by one, and attaches the one of the same constraint
// (CompareIndexInfo).
bool AlterTablePrediction::attaches_existing_index(const Relation& partition, const sql::Constraint& constraint, Cause cause) {
  for (RelationId id : partition.indexes) {
    const Relation& index = prediction_.relation(id);
    if (!prediction_.database().exists(id) || !index.index) continue;
    prediction_.lock_index(index, LockMode::share, cause, command_);
    const schema::Constraint* own = index.index->constraint.empty() ? nullptr : partition.find_constraint(index.index->constraint);
    bool same_kind =
        own != nullptr && (constraint.kind == sql::ConstraintKind::primary_key ? own->kind == schema::ConstraintKind::primary_key
                           : constraint.kind == sql::ConstraintKind::unique    ? own->kind == schema::ConstraintKind::unique
                                                                               : false);
    if (same_kind && std::equal(own->columns.begin(), own->columns.end(), constraint.columns.begin(), constraint.columns.end()))
      return true;
    prediction_.release_early();
  }
  return false;
}

void AlterTablePrediction::add_key(const sql::Constraint& constraint, Cause cause) {
  bool primary = constraint.kind == sql::ConstraintKind::primary_key;
  bool exclusion = constraint.kind == sql::ConstraintKind::exclude;
  for (std::string_view column : constraint.columns) {
    if (column.empty() || table_ == nullptr || table_->incomplete || find_column(column).known()) continue;
    return fail("42703", "column " + quoted(column) + " named in key does not exist");
  }
  const schema::Constraint* present = table_ != nullptr ? table_->primary_key() : nullptr;
  if (primary && present != nullptr && !is_dropped_constraint(present->name)) {
    return fail("42P16", "multiple primary keys for table " + quoted(table_name()) + " are not allowed");
  }
  if (!constraint.name.empty() && table_ != nullptr) {
    const Relation* namesake = prediction_.database().find(table_->name.schema, constraint.name);
    bool goes = namesake != nullptr && namesake->index && is_dropped_constraint(namesake->index->constraint);
    if (namesake != nullptr && !goes) return fail("42P07", "relation " + quoted(constraint.name) + " already exists");
  }
  if (primary) require_not_null(constraint.columns);
  if (is_partitioned()) {
    if (exclusion && !prediction_.since(17)) return fail("0A000", "exclusion constraints are not supported on partitioned tables");
    if (table_->partition_key) {
      for (const sql::PartitionKey::Element& element : table_->partition_key->elements) {
        bool included = !element.column.empty() &&
                        std::find(constraint.columns.begin(), constraint.columns.end(), element.column) != constraint.columns.end();
        if (!included) return fail("0A000", "unique constraint on partitioned table must include all partitioning columns");
      }
    }
    // DefineIndex locks the partitions like the table of any CREATE INDEX; 18 has them locked already, more strongly.
    if (recurses()) prediction_.lock_descendants(*table_, LockMode::share, cause, command_);
  }
  bool partitions = is_partitioned() && recurses();
  for (const Relation* relation : tree(true)) {
    if (relation != table_ && !partitions) continue;
    // The same constraint of a partition is attached instead (CompareIndexInfo and get_relation_idx_constraint_oid).
    if (relation != nullptr && relation != table_ && attaches_existing_index(*relation, constraint, cause)) continue;
    if (!prediction_.has_rows(relation)) continue;
    Work& built = prediction_.work(WorkKind::index_build, relation, statement_.name.name, cause, command_);
    if (relation == table_) built.index_name = constraint.name;
  }
  if (prediction_.has_rows(table_)) {
    // A null is met by the scan, if there is one; until then it is no duplicate of anything.
    bool may_hold_null = primary && std::any_of(row_work_.begin(), row_work_.end(), [this](const RowWork& work) {
                           return work.command == command_ && work.sqlstate == "23502";
                         });
    if (exclusion) prediction_.may_fail("23P01", "rows conflict with the new exclusion constraint", command_);
    else if (!may_hold_null) prediction_.may_fail("23505", "rows have the same key", command_);
  }
}

// ATExecAddIndexConstraint (manual: ALTER TABLE, ADD table_constraint_using_index).
void AlterTablePrediction::add_key_using_index(const sql::Constraint& constraint) {
  bool primary = constraint.kind == sql::ConstraintKind::primary_key;
  const schema::Constraint* present = table_ != nullptr ? table_->primary_key() : nullptr;
  if (primary && present != nullptr && !is_dropped_constraint(present->name)) {
    return fail("42P16", "multiple primary keys for table " + quoted(table_name()) + " are not allowed");
  }
  if (table_ == nullptr) return;
  const Relation* found = prediction_.database().find(table_->name.schema, constraint.using_index);
  if (found == nullptr || !found->index) {
    if (prediction_.replay_is_complete()) return fail("42704", "index " + quoted(constraint.using_index) + " does not exist");
    // Which columns it has is not known: neither is whether they may be null.
    return;
  }
  const schema::Index& index = *found->index;
  prediction_.lock_index(*found, LockMode::access_share, Cause::using_index, command_);
  std::string name = quoted(constraint.using_index);
  if (!index.constraint.empty()) return fail("55000", "index " + name + " is already associated with a constraint");
  if (index.table != table_->id) return fail("55000", "index " + name + " does not belong to table " + quoted(table_name()));
  if (!index.valid) return fail("55000", "index " + name + " is not valid");
  if (!index.unique) return fail("42809", name + " is not a unique index");
  std::vector<std::string_view> columns;
  for (const schema::IndexKey& key : index.keys) {
    if (key.expression) return fail("42809", "index " + name + " contains expressions");
    columns.push_back(key.column);
  }
  if (index.predicate) return fail("42809", name + " is a partial index");
  if (is_partitioned()) return fail("0A000", "ALTER TABLE / ADD CONSTRAINT USING INDEX is not supported on partitioned tables");
  // The index takes the constraint's name (RenameRelationInternal).
  if (!constraint.name.empty() && constraint.name != constraint.using_index) {
    prediction_.lock_index(*found, LockMode::share_update_exclusive, Cause::using_index, command_);
  }
  if (primary) require_not_null(columns);
}

// ---- FOREIGN KEY ----------------------------------------------------------------------------------------------------

// Of columns that this statement adds. Returns true if it failed.
bool AlterTablePrediction::fail_incomparable_key(const sql::Constraint& constraint) {
  const Relation* referenced = prediction_.find(constraint.referenced);
  if (referenced == nullptr || prediction_.stopped()) return false;
  std::vector<std::string_view> keys = constraint.referenced_columns;
  if (keys.empty() && referenced->primary_key() != nullptr) {
    keys.assign(referenced->primary_key()->columns.begin(), referenced->primary_key()->columns.end());
  }
  for (std::size_t i = 0; i < keys.size() && i < constraint.columns.size(); ++i) {
    ColumnState column = find_column(constraint.columns[i]);
    const schema::Column* key = referenced->find_column(keys[i]);
    if (column.added == nullptr || key == nullptr) continue;
    if (can_reference(prediction_.database().resolve(column.added->type), key->type, prediction_.database(), prediction_.version()))
      continue;
    fail("42804", "foreign key constraint cannot be implemented");
    return true;
  }
  return false;
}

void AlterTablePrediction::add_foreign_key(const sql::Constraint& constraint, Cause cause, bool validated) {
  if (is_partitioned()) {
    if (!recurses()) {
      return fail("42809", "cannot use ONLY for foreign key on partitioned table " + quoted(table_name()) + " referencing relation " +
                               quoted(constraint.referenced.name));
    }
    if (constraint.not_valid && !prediction_.since(18)) {
      const Relation* referenced = prediction_.find(constraint.referenced);
      prediction_.lock_named(referenced, constraint.referenced, LockMode::share_row_exclusive, Role::referenced, cause, command_);
      return fail("42809", "cannot add NOT VALID foreign key on partitioned table " + quoted(table_name()) + " referencing relation " +
                               quoted(constraint.referenced.name));
    }
  }
  bool new_columns = std::any_of(constraint.columns.begin(), constraint.columns.end(),
                                 [this](std::string_view column) { return find_column(column).column == nullptr; });
  bool column_constraint = cause == Cause::inline_foreign_key;
  if (new_columns && !column_constraint && table_ != nullptr && !table_->incomplete) {
    bool added = std::all_of(constraint.columns.begin(), constraint.columns.end(),
                             [this](std::string_view column) { return find_column(column).known(); });
    if (!added) new_columns = false;  // told as missing
  }
  predict_new_foreign_key(prediction_, table_, constraint, cause, command_, new_columns);
  if (new_columns && fail_incomparable_key(constraint)) return;
  if (is_partitioned()) lock_descendants();
  if (!validated || prediction_.stopped()) return;
  const Relation* referenced = prediction_.find(constraint.referenced);
  for (const Relation* relation : tree(true)) {
    if (relation == table_ || is_partitioned()) key_checks_.push_back({relation, referenced, constraint.referenced, cause, command_});
  }
}

}  // namespace cupel::effects
