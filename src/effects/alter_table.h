// Internal to src/effects: one ALTER TABLE, predicted in the order the server does it (tablecmds.c): the locks of all
// its subcommands, their preparation (recursion to children), their execution in passes, and at the end one walk over
// the rows of each table for everything that has to be checked or rewritten.
#pragma once

#include "effects/predict.h"
#include "effects/type_change.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::effects {

// AlterTableGetLockLevel and AlterTableGetRelOptionsLockLevel for one subcommand. The statement takes the strongest of
// its subcommands (manual: ALTER TABLE).
LockMode alter_table_lock_level(const sql::AlterTableCommand& command, int postgres_version);
// What the subcommand's lock on the table is told to be for.
Cause alter_table_cause(const sql::AlterTableCommand& command);

class AlterTablePrediction {
 public:
  AlterTablePrediction(Prediction& prediction, const schema::Relation* table, const sql::AlterTable& statement)
      : prediction_(prediction), table_(table), statement_(statement) {}

  void run();

 private:
  // The order in which subcommands are executed, whatever the order they are written in.
  enum class Pass { drop, alter_type, add_column, set_expression, column_attributes, add_index, add_constraint, last };

  // Something to be done to every row of a table in the last phase.
  struct RowWork {
    WorkKind kind;                     // rewrite, scan or copy
    const schema::Relation* relation;  // nullptr: unknown to the replay
    Cause cause;
    CommandIndex command;
    std::string column;
    std::string sqlstate, message;  // of a row that will not do; empty: none can
    bool certain = false;           // every row will not do
  };
  // A foreign key whose rows are compared after all tables are done.
  struct KeyCheck {
    const schema::Relation* referencing;
    const schema::Relation* referenced;
    sql::QualifiedName referenced_name;
    Cause cause;
    CommandIndex command;
  };
  // An identity of a column: as it was, or as this statement adds it.
  struct ColumnState {
    const schema::Column* column = nullptr;
    const sql::ColumnDefinition* added = nullptr;
    [[nodiscard]] bool known() const { return column != nullptr || added != nullptr; }
    [[nodiscard]] bool not_null() const;
    [[nodiscard]] sql::Identity identity() const;
    [[nodiscard]] sql::Generated generated() const;
  };

  // ---- alter_table.cpp ----
  static Pass pass_of(const sql::AlterTableCommand& command);
  void lock_target();
  void prepare();
  void execute(const sql::AlterTableCommand& command);
  void walk_rows();
  void walk_rows_of(const schema::Relation* relation);
  void check_keys();
  // The table and, unless ONLY is written, its descendants; those that can have rows only if `storage`.
  [[nodiscard]] std::vector<const schema::Relation*> tree(bool storage) const;
  [[nodiscard]] bool recurses() const { return !statement_.only; }
  [[nodiscard]] bool has_children() const { return table_ != nullptr && !table_->children.empty(); }
  [[nodiscard]] bool is_partitioned() const;
  void lock_descendants() {
    if (table_ != nullptr) prediction_.lock_descendants(*table_, mode_, cause_, command_);
  }
  void lock_direct_children();
  void fail(std::string_view sqlstate, std::string message) { prediction_.fail(sqlstate, std::move(message), command_); }
  void rewrite(Cause cause, std::string_view column, std::string_view sqlstate = {}, const std::string& message = {}, bool certain = false);
  void scan(Cause cause, std::string_view column, std::string_view sqlstate = {}, const std::string& message = {}, bool certain = false);
  void add_row_work(WorkKind kind, const schema::Relation* relation, Cause cause, std::string_view column, std::string_view sqlstate,
                    std::string message, bool certain);
  [[nodiscard]] bool will_rewrite(const schema::Relation* relation) const;
  [[nodiscard]] std::string table_name() const;
  [[nodiscard]] ColumnState find_column(std::string_view name) const;
  // The table certainly has no such column: told as 42703.
  bool fail_missing_column(std::string_view name);
  [[nodiscard]] bool is_dropped_column(std::string_view name) const;
  [[nodiscard]] bool is_dropped_constraint(std::string_view name) const;

  // ---- alter_table_columns.cpp ----
  void add_column(const sql::AlterTableCommand& command);
  void add_column_value(const sql::ColumnDefinition& definition);
  void add_column_constraints(const sql::ColumnDefinition& definition);
  bool check_default(const sql::Expression& expression, std::string_view where);
  void set_default(const sql::AlterTableCommand& command);
  void set_not_null(std::string_view column, Cause cause);
  void drop_not_null(const sql::AlterTableCommand& command);
  // A valid CHECK constraint proves that no value is null, and is not dropped by this very statement.
  [[nodiscard]] bool proves_not_null(const schema::Relation* relation, std::string_view column) const;
  void add_identity(const sql::AlterTableCommand& command);
  void change_identity(const sql::AlterTableCommand& command);
  void lock_sequences_of(const schema::Relation& table, std::string_view column, LockMode mode);
  void set_expression(const sql::AlterTableCommand& command);
  void drop_expression(const sql::AlterTableCommand& command);
  void set_storage(const sql::AlterTableCommand& command);

  // ---- alter_table_type.cpp ----
  void prepare_alter_type(const sql::AlterTableCommand& command);
  void alter_type(const sql::AlterTableCommand& command);
  bool fail_dependents_of_type(const schema::Relation& relation, std::string_view column);
  void rebuild_dependents(const schema::Relation& relation, std::string_view column, const TypeChangeQuestion& question, bool rewritten);
  bool fail_key_types(const std::vector<std::string>& columns, const std::vector<std::string>& keys, const schema::Relation* other,
                      std::string_view column, const TypeChangeQuestion& question, bool is_referencing);
  void rebuild_foreign_keys(const schema::Relation& relation, std::string_view column, const TypeChangeQuestion& question, bool rewritten);
  [[nodiscard]] TypeChangeQuestion question_for(const sql::AlterTableCommand& command, const schema::Column* column) const;
  bool fail_default(const schema::Column& column, const schema::DataType& type);
  void record_default(const schema::Relation& relation, const schema::Column& column);
  bool fail_operator_class(const schema::Index& index, std::string_view column, const TypeChangeQuestion& question);

  // ---- alter_table_drop.cpp ----
  // Whether a view reads a column of `relation`. The names in its query may be those of other tables it reads.
  enum class Reading { no, perhaps, yes };
  [[nodiscard]] Reading reads(std::span<const schema::Dependency> reader, const schema::Relation& relation, std::string_view column) const;
  // The surest of the functions whose bodies are kept parsed.
  [[nodiscard]] Reading functions_read(const schema::Relation& relation, std::string_view column) const;
  void drop_column(const sql::AlterTableCommand& command);
  void drop_column_of(const schema::Relation& relation, std::string_view column, sql::DropBehavior behavior);
  Reading drop_readers(const schema::Relation& relation, std::string_view column, sql::DropBehavior behavior);
  void drop_constraint(const sql::AlterTableCommand& command);

  // ---- alter_table_constraints.cpp ----
  void add_constraint(const sql::Constraint& constraint);
  void add_check(const sql::Constraint& constraint, Cause cause);
  void add_not_null(const sql::Constraint& constraint);
  void add_key(const sql::Constraint& constraint, Cause cause);
  bool attaches_existing_index(const schema::Relation& partition, const sql::Constraint& constraint, Cause cause);
  void add_key_using_index(const sql::Constraint& constraint);
  void add_foreign_key(const sql::Constraint& constraint, Cause cause, bool validated);
  bool fail_incomparable_key(const sql::Constraint& constraint);
  void require_not_null(const std::vector<std::string_view>& columns);

  // ---- alter_table_validate.cpp ----
  void validate_constraint(const sql::AlterTableCommand& command);
  void alter_constraint(const sql::AlterTableCommand& command);

  // ---- alter_table_options.cpp ----
  void set_options(const sql::AlterTableCommand& command);
  void set_persistence(sql::Persistence persistence);
  void set_tablespace(const sql::AlterTableCommand& command);
  void set_access_method(const sql::AlterTableCommand& command);
  void cluster_on(const sql::AlterTableCommand& command);
  void set_replica_identity(const sql::AlterTableCommand& command);
  void set_owner();
  void change_rule(const sql::AlterTableCommand& command);
  void change_trigger(const sql::AlterTableCommand& command);

  Prediction& prediction_;
  const schema::Relation* table_;
  const sql::AlterTable& statement_;
  LockMode mode_ = LockMode::share_update_exclusive;
  // Of the subcommand at hand.
  CommandIndex command_ = whole_statement;
  Cause cause_ = Cause::statement;
  std::vector<RowWork> row_work_;
  std::vector<KeyCheck> key_checks_;
};

}  // namespace cupel::effects
