#include "effects/alter_table.h"
#include "effects/replica_identity.h"

#include <algorithm>

namespace cupel::effects {
namespace {

using schema::Relation;
using sql::DropBehavior;

bool mentions(const std::vector<std::string>& columns, std::string_view column) {
  return std::find(columns.begin(), columns.end(), column) != columns.end();
}

bool mentions(const sql::Expression& expression, std::string_view column) {
  if (!expression) return false;
  std::vector<std::string_view> columns = expression.columns();
  return std::find(columns.begin(), columns.end(), column) != columns.end();
}

}  // namespace

// ---- DROP COLUMN ----------------------------------------------------------------------------------------------------

// ATExecDropColumn.
void AlterTablePrediction::drop_column(const sql::AlterTableCommand& command) {
  if (table_ == nullptr) return;
  const schema::Column* column = table_->find_column(command.name);
  std::string quoted = "column \"" + std::string(command.name) + "\"";
  if (column == nullptr) {
    if (table_->incomplete) return;
    if (command.missing_ok) {
      if (statement_.commands.size() == 1) prediction_.set_no_op();
      return;
    }
    return fail("42703", quoted + " of relation \"" + table_name() + "\" does not exist");
  }
  if (!table_->of_type.empty()) return fail("42809", "cannot drop column from typed table");
  if (column->inherited && !table_->parents.empty()) return fail("42P16", "cannot drop inherited " + quoted);
  if (table_->partition_key) {
    for (const sql::PartitionKey::Element& element : table_->partition_key->elements) {
      if (element.column != command.name && !mentions(element.expression, command.name)) continue;
      return fail("42P16", "cannot drop " + quoted + " because it is part of the partition key of relation \"" + table_name() + "\"");
    }
  }
  if (has_children()) {
    if (is_partitioned() && !recurses()) {
      return fail("42P16", "cannot drop column from only the partitioned table when partitions exist");
    }
    // With ONLY the children are locked as well: their columns become their own.
    if (recurses()) lock_descendants();
    else lock_direct_children();
  }
  for (const Relation* relation : tree(false)) {
    if (prediction_.stopped()) return;
    if (relation != nullptr && relation->find_column(command.name) != nullptr) {
      drop_column_of(*relation, command.name, command.behavior);
    }
  }
}

void AlterTablePrediction::drop_column_of(const Relation& relation, std::string_view column, DropBehavior behavior) {
  const schema::Database& database = prediction_.database();
  // findDependentObjects locks each relation that would go before anything is refused.
  for (RelationId id : relation.indexes) {
    const Relation& index = prediction_.relation(id);
    if (!database.exists(id) || !index.index) continue;
    if (!mentions(index.index->mentioned_columns(), column)) continue;
    prediction_.lock_index(index, LockMode::access_exclusive, Cause::drop_column, command_);
  }
  lock_sequences_of(relation, column, LockMode::access_exclusive);
  Reading readers = std::max(drop_readers(relation, column, behavior), functions_read(relation, column));
  bool refused = readers == Reading::yes || is_published_by_name(prediction_, relation, column);
  for (const schema::Trigger& trigger : relation.triggers) {
    refused = refused || mentions(trigger.update_columns, column) || mentions(trigger.when, column);
  }
  for (const schema::Policy& policy : relation.policies) {
    refused = refused || mentions(policy.using_expression, column) || mentions(policy.with_check, column);
  }
  for (const schema::Column& other : relation.columns) {
    // Before 15 a generated column went silently with what it was computed from.
    bool generated = other.name != column && other.generated != sql::Generated::none && mentions(other.default_value, column);
    refused = refused || (generated && prediction_.since(15));
  }
  for (const schema::Database::ForeignKeyReference& reference : database.referencing(relation.id)) {
    const schema::Constraint* key = relation.primary_key();
    bool uses_column = reference.constraint->referenced_columns.empty() ? key != nullptr && mentions(key->columns, column)
                                                                        : mentions(reference.constraint->referenced_columns, column);
    // A key of the table to itself goes without a word if it has the column on its own side too.
    bool own = reference.table == relation.id;
    if (!uses_column || (own && mentions(reference.constraint->columns, column))) continue;
    refused = true;
    if (behavior == DropBehavior::cascade && !own) {
      prediction_.lock(prediction_.relation(reference.table), LockMode::access_exclusive, Role::referencing, Cause::drop_column, command_);
    }
  }
  if (refused && behavior == DropBehavior::restrict_) {
    return fail("2BP01",
                "cannot drop column " + std::string(column) + " of table " + relation.name.name + " because other objects depend on it");
  }
  if (readers == Reading::perhaps && behavior == DropBehavior::restrict_) {
    prediction_.may_fail(
        "2BP01", "cannot drop column " + std::string(column) + " of table " + relation.name.name + " because other objects depend on it",
        command_);
  }
  for (const schema::Constraint& constraint : relation.constraints) {
    if (constraint.kind != schema::ConstraintKind::foreign_key || !mentions(constraint.columns, column)) continue;
    predict_dropped_foreign_key(prediction_, relation, constraint, Cause::drop_column, command_);
  }
}

AlterTablePrediction::Reading AlterTablePrediction::functions_read(const Relation& relation, std::string_view column) const {
  Reading result = Reading::no;
  for (const schema::Function* function : prediction_.database().functions_that_use(relation.id)) {
    result = std::max(result, reads(function->dependencies, relation, column));
  }
  return result;
}

AlterTablePrediction::Reading AlterTablePrediction::reads(std::span<const schema::Dependency> reader, const Relation& relation,
                                                          std::string_view column) const {
  Reading result = Reading::no;
  for (const schema::Dependency& dependency : reader) {
    if (dependency.relation != relation.id || !mentions(dependency.columns, column)) continue;
    auto may_have_it = [&](const schema::Dependency& other) {
      if (other.relation == relation.id) return false;
      if (other.relation == RelationId::none) return true;
      const Relation& read = prediction_.relation(other.relation);
      return read.incomplete || read.find_column(column) != nullptr;
    };
    bool only_here = std::none_of(reader.begin(), reader.end(), may_have_it);
    if (dependency.certain || only_here) return Reading::yes;
    result = Reading::perhaps;
  }
  return result;
}

// Views that read the column, and views on those: RESTRICT refuses because of them.
AlterTablePrediction::Reading AlterTablePrediction::drop_readers(const Relation& relation, std::string_view column, DropBehavior behavior) {
  Reading any = Reading::no;
  for (RelationId id : relation.dependents) {
    if (!prediction_.database().exists(id)) continue;
    const Relation& reader = prediction_.relation(id);
    Reading reading = column.empty() ? Reading::yes : reads(reader.dependencies, relation, column);
    any = std::max(any, reading);
    if (reading == Reading::no) continue;
    // If it does, the statement fails; if it does not, nothing of it is touched.
    if (reading == Reading::perhaps && behavior == DropBehavior::restrict_) continue;
    prediction_.lock(reader, LockMode::access_exclusive, Prediction::role_of_kind(reader), Cause::cascade, command_);
    prediction_.lock_indexes(reader, LockMode::access_exclusive, Cause::cascade, command_);
    drop_readers(reader, {}, behavior);
  }
  return any;
}

// ---- DROP CONSTRAINT ------------------------------------------------------------------------------------------------

// ATExecDropConstraint.
void AlterTablePrediction::drop_constraint(const sql::AlterTableCommand& command) {
  if (table_ == nullptr) return;
  const schema::Constraint* constraint = table_->find_constraint(command.name);
  std::string quoted = "constraint \"" + std::string(command.name) + "\" of relation \"" + table_name() + "\"";
  if (constraint == nullptr) {
    if (table_->incomplete) return;
    if (command.missing_ok) {
      if (statement_.commands.size() == 1) prediction_.set_no_op();
      return;
    }
    return fail("42704", quoted + " does not exist");
  }
  if (constraint->inherited && !table_->parents.empty()) return fail("42P16", "cannot drop inherited " + quoted);
  if (constraint->kind == schema::ConstraintKind::foreign_key) {
    predict_dropped_foreign_key(prediction_, *table_, *constraint, Cause::drop_constraint, command_);
    if (is_partitioned()) lock_descendants();
    return;
  }
  bool is_key = constraint->kind == schema::ConstraintKind::unique || constraint->kind == schema::ConstraintKind::primary_key;
  if (constraint->index != RelationId::none) {
    const Relation& index = prediction_.relation(constraint->index);
    prediction_.lock_index(index, LockMode::access_exclusive, Cause::drop_constraint, command_);
    // The partitions' indexes go with it, and index_drop locks their tables.
    if (is_partitioned()) {
      lock_descendants();
      for (RelationId id : prediction_.database().descendants(table_->id)) {
        const Relation& partition = prediction_.relation(id);
        for (const schema::Constraint& own : partition.constraints) {
          bool attached =
              own.inherited && own.kind == constraint->kind && own.columns == constraint->columns && own.index != RelationId::none;
          if (attached)
            prediction_.lock_index(prediction_.relation(own.index), LockMode::access_exclusive, Cause::drop_constraint, command_);
        }
      }
    }
    if (is_key) predict_dropped_key(prediction_, *table_, *constraint, command.behavior, Cause::drop_constraint, command_);
    return;
  }
  if (constraint->no_inherit || !has_children()) return;
  if (is_partitioned() && !recurses() && !prediction_.since(18)) {
    return fail("42P16", "cannot remove constraint from only the partitioned table when partitions exist");
  }
  if (recurses()) lock_descendants();
  else lock_direct_children();
}

}  // namespace cupel::effects
