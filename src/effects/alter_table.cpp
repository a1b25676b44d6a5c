#include "effects/alter_table.h"

#include <algorithm>

namespace cupel::effects {
namespace {

using schema::Relation;
using schema::RelationKind;
using sql::AlterTableAction;

// Subcommands whose prediction takes all their locks itself.
bool is_partition_or_inheritance(AlterTableAction action) {
  switch (action) {
    case AlterTableAction::attach_partition:
    case AlterTableAction::detach_partition:
    case AlterTableAction::detach_partition_finalize:
    case AlterTableAction::inherit:
    case AlterTableAction::no_inherit: return true;
    default: return false;
  }
}

}  // namespace

bool AlterTablePrediction::ColumnState::not_null() const {
  if (added != nullptr) return added->not_null || added->type.is_serial() || added->identity != sql::Identity::none;
  return column != nullptr && column->not_null;
}

sql::Identity AlterTablePrediction::ColumnState::identity() const {
  if (added != nullptr) return added->identity;
  return column != nullptr ? column->identity : sql::Identity::none;
}

sql::Generated AlterTablePrediction::ColumnState::generated() const {
  if (added != nullptr) return added->generated;
  return column != nullptr ? column->generated : sql::Generated::none;
}

// ATPrepCmd. CHECKs and foreign keys are ADD_CONSTR first and ADD_OTHERCONSTR after the indexes; here that is one pass.
AlterTablePrediction::Pass AlterTablePrediction::pass_of(const sql::AlterTableCommand& command) {
  switch (command.action) {
    case AlterTableAction::drop_column:
    case AlterTableAction::drop_constraint:
    case AlterTableAction::drop_not_null:
    case AlterTableAction::drop_identity:
    case AlterTableAction::drop_expression:
    case AlterTableAction::drop_default: return Pass::drop;
    case AlterTableAction::alter_type: return Pass::alter_type;
    case AlterTableAction::add_column: return Pass::add_column;
    case AlterTableAction::set_expression: return Pass::set_expression;
    case AlterTableAction::set_not_null:
    case AlterTableAction::set_identity: return Pass::column_attributes;
    case AlterTableAction::set_default:
    case AlterTableAction::add_identity: return Pass::add_constraint;
    case AlterTableAction::add_constraint: {
      sql::ConstraintKind kind = command.constraint ? command.constraint->kind : sql::ConstraintKind::check;
      bool index = kind == sql::ConstraintKind::unique || kind == sql::ConstraintKind::primary_key || kind == sql::ConstraintKind::exclude;
      return index ? Pass::add_index : Pass::add_constraint;
    }
    default: return Pass::last;
  }
}

void AlterTablePrediction::run() {
  int version = prediction_.version();
  for (const sql::AlterTableCommand& command : statement_.commands) mode_ = std::max(mode_, alter_table_lock_level(command, version));
  lock_target();
  if (prediction_.fail_pending_events(table_, "ALTER TABLE")) return;
  prepare();
  for (Pass pass : {Pass::drop, Pass::alter_type, Pass::add_column, Pass::set_expression, Pass::column_attributes, Pass::add_index,
                    Pass::add_constraint, Pass::last}) {
    for (std::size_t i = 0; i < statement_.commands.size() && !prediction_.stopped(); ++i) {
      const sql::AlterTableCommand& command = statement_.commands[i];
      if (pass_of(command) != pass) continue;
      command_ = static_cast<CommandIndex>(i);
      cause_ = alter_table_cause(command);
      execute(command);
    }
  }
  walk_rows();
  check_keys();
}

void AlterTablePrediction::lock_target() {
  for (std::size_t i = 0; i < statement_.commands.size(); ++i) {
    const sql::AlterTableCommand& command = statement_.commands[i];
    if (is_partition_or_inheritance(command.action)) continue;
    prediction_.lock_named(table_, statement_.name, alter_table_lock_level(command, prediction_.version()), Role::target,
                           alter_table_cause(command), static_cast<CommandIndex>(i));
  }
}

// ATPrepCmd: most subcommands that reach the children lock them now, before any is executed; with the strongest mode of
// the statement, like everything else.
void AlterTablePrediction::prepare() {
  for (std::size_t i = 0; i < statement_.commands.size() && !prediction_.stopped(); ++i) {
    const sql::AlterTableCommand& command = statement_.commands[i];
    command_ = static_cast<CommandIndex>(i);
    cause_ = alter_table_cause(command);
    switch (command.action) {
      case AlterTableAction::alter_type: prepare_alter_type(command); break;
      case AlterTableAction::set_default:
      case AlterTableAction::drop_default:
      case AlterTableAction::drop_not_null:
      case AlterTableAction::set_statistics:
      case AlterTableAction::set_storage:
      case AlterTableAction::set_expression:
        if (recurses()) lock_descendants();
        break;
      case AlterTableAction::add_constraint:
        // 18: descendants of every new constraint are locked at once (ATPrepCmd, "recurses at exec time; lock
        // descendants").
        if (prediction_.since(18) && recurses()) lock_descendants();
        break;
      default: break;
    }
  }
}

void AlterTablePrediction::execute(const sql::AlterTableCommand& command) {
  switch (command.action) {
    case AlterTableAction::add_column: return add_column(command);
    case AlterTableAction::drop_column: return drop_column(command);
    case AlterTableAction::alter_type: return alter_type(command);
    case AlterTableAction::set_default:
    case AlterTableAction::drop_default: return set_default(command);
    case AlterTableAction::set_not_null: return set_not_null(command.name, Cause::set_not_null);
    case AlterTableAction::drop_not_null: return drop_not_null(command);
    case AlterTableAction::set_expression: return set_expression(command);
    case AlterTableAction::drop_expression: return drop_expression(command);
    case AlterTableAction::set_storage:
    case AlterTableAction::set_compression: return set_storage(command);
    case AlterTableAction::set_statistics:
    case AlterTableAction::set_column_options:
    case AlterTableAction::reset_column_options: static_cast<void>(fail_missing_column(command.name)); return;
    case AlterTableAction::add_identity: return add_identity(command);
    case AlterTableAction::set_identity:
    case AlterTableAction::drop_identity: return change_identity(command);
    case AlterTableAction::add_constraint:
      if (command.constraint) add_constraint(*command.constraint);
      return;
    case AlterTableAction::alter_constraint: return alter_constraint(command);
    case AlterTableAction::validate_constraint: return validate_constraint(command);
    case AlterTableAction::drop_constraint: return drop_constraint(command);
    case AlterTableAction::set_logged: return set_persistence(sql::Persistence::permanent);
    case AlterTableAction::set_unlogged: return set_persistence(sql::Persistence::unlogged);
    case AlterTableAction::set_tablespace: return set_tablespace(command);
    case AlterTableAction::set_access_method: return set_access_method(command);
    case AlterTableAction::set_options:
    case AlterTableAction::reset_options: return set_options(command);
    case AlterTableAction::cluster_on: return cluster_on(command);
    case AlterTableAction::replica_identity: return set_replica_identity(command);
    case AlterTableAction::owner_to: return set_owner();
    case AlterTableAction::enable_trigger:
    case AlterTableAction::disable_trigger:
    case AlterTableAction::enable_always_trigger:
    case AlterTableAction::enable_replica_trigger: return change_trigger(command);
    case AlterTableAction::enable_rule:
    case AlterTableAction::disable_rule:
    case AlterTableAction::enable_always_rule:
    case AlterTableAction::enable_replica_rule: return change_rule(command);
    case AlterTableAction::not_of:
      if (table_ != nullptr && table_->of_type.empty() && !table_->incomplete)
        fail("42809", "\"" + table_name() + "\" is not a typed table");
      return;
    case AlterTableAction::attach_partition: return predict_attach_partition(prediction_, table_, statement_, command_);
    case AlterTableAction::detach_partition:
    case AlterTableAction::detach_partition_finalize: return predict_detach_partition(prediction_, table_, statement_, command_);
    case AlterTableAction::inherit:
    case AlterTableAction::no_inherit: return predict_inherit(prediction_, table_, statement_, command_);
    default: return;  // the lock on the table is all
  }
}

// ---- the last phase: ATRewriteTables --------------------------------------------------------------------------------

void AlterTablePrediction::walk_rows() {
  std::vector<const Relation*> walked;
  // By index: copying a RowWork's neighbours is not what this is about, and nothing is added on the way.
  for (std::size_t i = 0; i < row_work_.size(); ++i) {
    const Relation* relation = row_work_[i].relation;
    if (std::find(walked.begin(), walked.end(), relation) != walked.end()) continue;
    walked.push_back(relation);
    walk_rows_of(relation);
  }
}

bool AlterTablePrediction::will_rewrite(const Relation* relation) const {
  return std::any_of(row_work_.begin(), row_work_.end(),
                     [relation](const RowWork& work) { return work.relation == relation && work.kind == WorkKind::rewrite; });
}

// One walk serves all: a rewrite also checks, so that nothing is scanned besides.
void AlterTablePrediction::walk_rows_of(const Relation* relation) {
  bool rewritten = will_rewrite(relation), rows = prediction_.has_rows(relation);
  const RowWork* first = nullptr;
  for (const RowWork& work : row_work_) {
    if (work.relation != relation || (rewritten && work.kind == WorkKind::scan)) continue;
    if (first == nullptr && work.kind != WorkKind::scan) first = &work;
    // A copy of a file takes place before rows are looked at; with a rewrite the new file is made elsewhere at once.
    if (rows) {
      Work& told = prediction_.work(work.kind == WorkKind::copy && rewritten ? WorkKind::rewrite : work.kind, relation,
                                    statement_.name.name, work.cause, work.command);
      told.column = work.column;
    }
  }
  for (const RowWork& work : row_work_) {
    if (work.relation != relation || work.sqlstate.empty() || !rows) continue;
    if (work.certain) prediction_.fail(work.sqlstate, work.message, work.command);
    else prediction_.may_fail(work.sqlstate, work.message, work.command);
  }
  if (first == nullptr || relation == nullptr || !relation->has_storage()) return;
  // finish_heap_swap rebuilds every index; the toast table is swapped. A copied file leaves the indexes alone.
  if (rewritten) prediction_.lock_indexes(*relation, LockMode::access_exclusive, first->cause, first->command);
  prediction_.lock_toast(*relation, LockMode::access_exclusive, first->cause, first->command);
}

// validateForeignKeyConstraint: one query over both tables, whose planning opens all their indexes.
void AlterTablePrediction::check_keys() {
  for (const KeyCheck& check : key_checks_) {
    if (prediction_.stopped()) return;
    if (check.referencing != nullptr) prediction_.lock_indexes(*check.referencing, LockMode::access_share, check.cause, check.command);
    std::vector<const Relation*> referenced = {check.referenced};
    if (check.referenced != nullptr && check.referenced->kind == RelationKind::partitioned_table) {
      for (RelationId id : prediction_.database().descendants(check.referenced->id)) referenced.push_back(&prediction_.relation(id));
    }
    for (const Relation* relation : referenced) {
      // The planner looks at indexes of partitioned tables from 16 on (get_relation_info).
      bool planned = relation != nullptr && (relation->kind != RelationKind::partitioned_table || prediction_.since(16));
      if (planned) prediction_.lock_indexes(*relation, LockMode::access_share, check.cause, check.command);
    }
    if (!prediction_.has_rows(check.referencing)) continue;
    std::string_view name = check.referencing == nullptr ? statement_.name.name : std::string_view{};
    prediction_.work(WorkKind::scan, check.referencing, name, check.cause, check.command);
    for (const Relation* relation : referenced) {
      if (relation == check.referencing) continue;
      bool partitioned = relation != nullptr && relation->kind == RelationKind::partitioned_table;
      if (partitioned || !prediction_.has_rows(relation)) continue;
      prediction_.work(WorkKind::scan, relation, relation == nullptr ? check.referenced_name.name : std::string_view{}, check.cause,
                       check.command);
    }
    prediction_.may_fail("23503", "a row violates the foreign key constraint", check.command);
  }
}

// ---- what the subcommands share -------------------------------------------------------------------------------------

bool AlterTablePrediction::is_partitioned() const { return table_ != nullptr && table_->kind == RelationKind::partitioned_table; }

std::vector<const Relation*> AlterTablePrediction::tree(bool storage) const {
  std::vector<const Relation*> result;
  if (table_ == nullptr || !storage || prediction_.database().holds_rows(*table_)) result.push_back(table_);
  if (table_ == nullptr || table_->children.empty() || !recurses()) return result;
  for (RelationId id : prediction_.database().descendants(table_->id)) {
    const Relation& descendant = prediction_.relation(id);
    if (!storage || prediction_.database().holds_rows(descendant)) result.push_back(&descendant);
  }
  return result;
}

void AlterTablePrediction::lock_direct_children() {
  if (table_ == nullptr) return;
  for (RelationId id : table_->children) {
    const Relation& child = prediction_.relation(id);
    prediction_.lock(child, mode_, Prediction::role_of_descendant(child), cause_, command_);
  }
}

void AlterTablePrediction::add_row_work(WorkKind kind, const Relation* relation, Cause cause, std::string_view column,
                                        std::string_view sqlstate, std::string message, bool certain) {
  if (prediction_.stopped()) return;
  row_work_.push_back({kind, relation, cause, command_, std::string(column), std::string(sqlstate), std::move(message), certain});
}

void AlterTablePrediction::rewrite(Cause cause, std::string_view column, std::string_view sqlstate, const std::string& message,
                                   bool certain) {
  for (const Relation* relation : tree(true)) add_row_work(WorkKind::rewrite, relation, cause, column, sqlstate, message, certain);
}

void AlterTablePrediction::scan(Cause cause, std::string_view column, std::string_view sqlstate, const std::string& message, bool certain) {
  for (const Relation* relation : tree(true)) add_row_work(WorkKind::scan, relation, cause, column, sqlstate, message, certain);
}

std::string AlterTablePrediction::table_name() const { return table_ != nullptr ? table_->name.name : std::string(statement_.name.name); }

AlterTablePrediction::ColumnState AlterTablePrediction::find_column(std::string_view name) const {
  ColumnState state;
  if (table_ != nullptr && !is_dropped_column(name)) state.column = table_->find_column(name);
  if (state.column != nullptr) return state;
  for (const sql::AlterTableCommand& command : statement_.commands) {
    if (command.action == AlterTableAction::add_column && command.column && command.column->name == name) state.added = &*command.column;
  }
  return state;
}

bool AlterTablePrediction::fail_missing_column(std::string_view name) {
  if (name.empty() || table_ == nullptr || table_->incomplete || find_column(name).known()) return false;
  fail("42703", "column \"" + std::string(name) + "\" of relation \"" + table_name() + "\" does not exist");
  return true;
}

bool AlterTablePrediction::is_dropped_column(std::string_view name) const {
  return std::any_of(statement_.commands.begin(), statement_.commands.end(), [name](const sql::AlterTableCommand& command) {
    return command.action == AlterTableAction::drop_column && command.name == name;
  });
}

// By name, or with a column it is about (manual, ALTER TABLE, DROP COLUMN: "Indexes and table constraints involving the
// column will be automatically dropped as well"); both come before anything is added (AT_PASS_DROP).
bool AlterTablePrediction::is_dropped_constraint(std::string_view name) const {
  bool named = std::any_of(statement_.commands.begin(), statement_.commands.end(), [name](const sql::AlterTableCommand& command) {
    return command.action == AlterTableAction::drop_constraint && command.name == name;
  });
  const schema::Constraint* constraint = table_ == nullptr ? nullptr : table_->find_constraint(name);
  if (named || constraint == nullptr) return named;
  std::vector<std::string_view> columns(constraint->columns.begin(), constraint->columns.end());
  if (constraint->expression) columns = constraint->expression.columns();
  return std::any_of(columns.begin(), columns.end(), [this](std::string_view column) { return is_dropped_column(column); });
}

void predict_alter_table(Prediction& prediction, const Relation* table, const sql::AlterTable& statement) {
  AlterTablePrediction(prediction, table, statement).run();
}

}  // namespace cupel::effects
