#include "effects/alter_table.h"
#include "effects/column_conversion.h"
#include "effects/volatility.h"

#include <algorithm>
#include <array>

namespace cupel::effects {
namespace {

using schema::Relation;
using sql::AlterTableCommand;
using sql::Expression;
using sql::ExpressionKind;

// DEFAULT NULL is written, but is the same as none (AddRelationNewConstraints).
bool is_null_constant(const Expression& expression) {
  if (!expression) return false;
  if (expression.kind() == ExpressionKind::null) return true;
  if (expression.kind() != ExpressionKind::cast) return false;
  std::vector<Expression> children = expression.children();
  return !children.empty() && is_null_constant(children.front());
}

bool is_constant(const Expression& expression) {
  if (!expression) return false;
  if (expression.kind() == ExpressionKind::literal) return true;
  if (expression.kind() != ExpressionKind::cast) return false;
  std::vector<Expression> children = expression.children();
  return !children.empty() && is_constant(children.front());
}

// Extensions whose types the tables of casts do not name.
bool may_come_from_extension(const schema::Database& database) {
  static constexpr std::array extensions = {"ltree", "intarray", "pg_trgm", "cube", "earthdistance", "seg", "lo", "postgis", "vector"};
  return std::any_of(extensions.begin(), extensions.end(), [&database](const char* name) { return database.has_extension(name); });
}

std::string contains_nulls(std::string_view column, const std::string& table) {
  return "column \"" + std::string(column) + "\" of relation \"" + table + "\" contains null values";
}

}  // namespace

// ---- ADD COLUMN -----------------------------------------------------------------------------------------------------

// ATExecAddColumn (manual: ALTER TABLE, ADD COLUMN, and Notes on defaults; the same in 13 to 18).
void AlterTablePrediction::add_column(const AlterTableCommand& command) {
  if (!command.column) return;
  const sql::ColumnDefinition& definition = *command.column;
  if (table_ != nullptr && table_->is_partition) return fail("42809", "cannot add column to a partition");
  if (table_ != nullptr && !table_->of_type.empty()) return fail("42809", "cannot add column to typed table");
  const schema::Column* existing = table_ != nullptr ? table_->find_column(definition.name) : nullptr;
  bool dropped_before = existing != nullptr && find_column(definition.name).column == nullptr;
  if (existing != nullptr && !dropped_before) {
    if (command.missing_ok) {
      if (statement_.commands.size() == 1) prediction_.set_no_op();
      return;
    }
    return fail("42701", "column \"" + std::string(definition.name) + "\" of relation \"" + table_name() + "\" already exists");
  }
  for (const AlterTableCommand& other : statement_.commands) {
    if (&other == &command) break;
    if (other.action != sql::AlterTableAction::add_column || !other.column || other.column->name != definition.name) continue;
    if (command.missing_ok) return;
    return fail("42701", "column \"" + std::string(definition.name) + "\" of relation \"" + table_name() + "\" already exists");
  }
  if (check_default(definition.default_value, "DEFAULT expression")) return;
  if (has_children()) {
    if (definition.identity != sql::Identity::none && (!is_partitioned() || !prediction_.since(17))) {
      return fail("42P16", "cannot recursively add identity column to table that has child tables");
    }
    if (!recurses()) {
      lock_direct_children();
      return fail("42P16", "column must be added to child tables too");
    }
    lock_descendants();
  }
  add_column_value(definition);
  add_column_constraints(definition);
}

// What the rows get: nothing to do when the value can be kept in the catalog (pg_attribute.attmissingval), which takes
// a default that is not volatile and a type that is no domain with constraints.
void AlterTablePrediction::add_column_value(const sql::ColumnDefinition& definition) {
  const schema::Database& database = prediction_.database();
  std::string_view name = definition.name;
  schema::DataType type = database.resolve(definition.type);
  BaseType base = base_type(type, database);
  bool primary_key = std::any_of(definition.constraints.begin(), definition.constraints.end(),
                                 [](const sql::Constraint& constraint) { return constraint.kind == sql::ConstraintKind::primary_key; });
  bool has_value = definition.default_value && !is_null_constant(definition.default_value);
  bool domain_value = !definition.default_value && base.domain_default && !is_null_constant(base.domain_default);

  if (prediction_.replay_is_complete() && !base.is_known() && !may_come_from_extension(database)) {
    return fail("42704", "type \"" + std::string(definition.type.name) + "\" does not exist");
  }
  if (base.user_type != nullptr && base.user_type->kind == schema::TypeKind::composite) {
    // The relation behind a composite type is looked at (CheckAttributeType).
    sql::QualifiedName written{definition.type.schema, definition.type.name, {}};
    prediction_.lock_unknown(written, LockMode::access_share, Role::table, Cause::add_column, command_);
  }
  if (has_value) predict_new_default(prediction_, definition.default_value, Cause::volatile_default, command_);
  if (definition.type.is_serial()) return rewrite(Cause::serial, name);
  if (definition.identity != sql::Identity::none) return rewrite(Cause::identity, name);
  if (definition.generated == sql::Generated::stored) {
    if (definition.not_null) return rewrite(Cause::generated_stored, name, "23502", contains_nulls(name, table_name()));
    return rewrite(Cause::generated_stored, name);
  }
  if (definition.generated == sql::Generated::virtual_) {
    if (definition.not_null) scan(Cause::generated_virtual, name, "23502", contains_nulls(name, table_name()));
    return;
  }
  const Expression& value = definition.default_value ? definition.default_value : base.domain_default;
  if (value && !is_null_constant(value)) {
    ExpressionVolatility judged = volatility(value, database, prediction_.version());
    if (judged.answer == VolatilityAnswer::unknown && prediction_.replay_is_complete()) {
      return fail("42883", "function " + std::string(judged.function) + " does not exist");
    }
    // A function that nobody knows is taken for what CREATE FUNCTION makes by default.
    if (judged.answer == VolatilityAnswer::volatile_ || judged.answer == VolatilityAnswer::unknown) {
      rewrite(Cause::volatile_default, name);
      if (prediction_.has_rows(table_)) {
        for (const Relation* sequence : sequences_in(value, database)) {
          prediction_.lock(*sequence, LockMode::row_exclusive, Role::sequence, Cause::volatile_default, command_);
        }
      }
    }
  }
  if (base.domain_checked || base.domain_not_null) {
    // Even NULL has to be tested by the domain: a rewrite in 13 to 18, whatever the default is.
    bool null_refused = base.domain_not_null && !has_value && !domain_value;
    if (null_refused) return rewrite(Cause::constrained_domain, name, "23502", "domain " + type.name + " does not allow null values", true);
    rewrite(Cause::constrained_domain, name, base.domain_checked && has_value ? "23514" : "",
            "value for domain " + type.name + " violates a check constraint");
  }
  if ((definition.not_null || primary_key) && !has_value && !domain_value) {
    scan(Cause::inline_not_null, name, "23502", contains_nulls(name, table_name()), true);
  }
}

void AlterTablePrediction::add_column_constraints(const sql::ColumnDefinition& definition) {
  bool virtual_column = definition.generated == sql::Generated::virtual_;
  for (const sql::Constraint& constraint : definition.constraints) {
    if (prediction_.stopped()) return;
    switch (constraint.kind) {
      case sql::ConstraintKind::check: add_check(constraint, Cause::inline_check); break;
      case sql::ConstraintKind::unique:
        if (virtual_column) return fail("0A000", "unique constraints on virtual generated columns are not supported");
        add_key(constraint, Cause::inline_unique);
        if (is_constant(definition.default_value) && table_ != nullptr) {
          prediction_.may_fail("23505", "every row has the same value of the new unique column", command_);
        }
        break;
      case sql::ConstraintKind::primary_key:
        if (virtual_column) return fail("0A000", "primary keys on virtual generated columns are not supported");
        add_key(constraint, Cause::inline_primary_key);
        break;
      case sql::ConstraintKind::foreign_key:
        if (virtual_column) return fail("0A000", "foreign key constraints on virtual generated columns are not supported");
        // A column without any DEFAULT is all NULL and not checked; with one, even DEFAULT NULL, it is
        // (transformAlterTableStmt).
        add_foreign_key(constraint, Cause::inline_foreign_key,
                        definition.default_value || definition.generated_as || definition.type.is_serial());
        break;
      default: break;
    }
  }
}

// Returns true if it failed.
bool AlterTablePrediction::check_default(const Expression& expression, std::string_view where) {
  if (!expression) return false;
  std::string_view what;
  expression.walk([&what](const Expression& node) {
    if (node.kind() == ExpressionKind::subquery) what = "subquery";
    if (node.kind() == ExpressionKind::column) what = "column reference";
    return what.empty();
  });
  if (what.empty()) return false;
  fail("0A000", "cannot use " + std::string(what) + " in " + std::string(where));
  return true;
}

// ---- SET / DROP DEFAULT ---------------------------------------------------------------------------------------------

void AlterTablePrediction::set_default(const AlterTableCommand& command) {
  if (fail_missing_column(command.name)) return;
  ColumnState column = find_column(command.name);
  std::string quoted = "column \"" + std::string(command.name) + "\" of relation \"" + table_name() + "\"";
  if (column.identity() != sql::Identity::none) return fail("42601", quoted + " is an identity column");
  if (column.generated() != sql::Generated::none) return fail("42601", quoted + " is a generated column");
  if (!command.expression || check_default(command.expression, "DEFAULT expression")) return;
  predict_new_default(prediction_, command.expression, Cause::default_change, command_);
}

// ---- NOT NULL -------------------------------------------------------------------------------------------------------

// NotNullImpliedByRelConstraints (manual: ALTER TABLE, SET NOT NULL; 12 and later): by valid checks that are there
// while columns' attributes are set. What the same statement drops is gone by then, what it adds is not there yet.
bool AlterTablePrediction::proves_not_null(const Relation* relation, std::string_view column) const {
  if (relation == nullptr) return false;
  return std::any_of(relation->constraints.begin(), relation->constraints.end(), [&](const schema::Constraint& constraint) {
    return constraint.kind == schema::ConstraintKind::check && constraint.validated && constraint.enforced &&
           constraint.implies_not_null(column) && !is_dropped_constraint(constraint.name);
  });
}

void AlterTablePrediction::set_not_null(std::string_view name, Cause cause) {
  if (fail_missing_column(name)) return;
  if (!recurses() && is_partitioned() && has_children()) {
    // 13 to 17 accept it when every partition has it already; 18 does not look.
    if (!prediction_.since(18)) lock_descendants();
    bool everywhere = !prediction_.since(18) && std::all_of(table_->children.begin(), table_->children.end(), [&](RelationId id) {
      const schema::Column* column = prediction_.relation(id).find_column(name);
      return column != nullptr && column->not_null;
    });
    if (!everywhere) return fail("42P16", "constraint must be added to child tables too");
  }
  // The children of a table that has it already are not visited (ATPrepSetNotNull).
  ColumnState state = find_column(name);
  bool already = state.column != nullptr && state.column->not_null && state.column->not_null_validated;
  if (recurses() && has_children() && !already) lock_descendants();
  for (const Relation* relation : tree(true)) {
    const schema::Column* column = relation != nullptr ? relation->find_column(name) : nullptr;
    if (column != nullptr && column->not_null && column->not_null_validated) continue;
    if (proves_not_null(relation, name)) continue;
    // Added by this statement with NOT NULL of its own: that has been told.
    if (column == nullptr && state.added != nullptr && state.not_null()) continue;
    std::string table = relation != nullptr ? relation->name.name : table_name();
    add_row_work(WorkKind::scan, relation, cause, name, "23502", contains_nulls(name, table), false);
  }
}

void AlterTablePrediction::drop_not_null(const AlterTableCommand& command) {
  if (fail_missing_column(command.name) || table_ == nullptr) return;
  const schema::Column* column = table_->find_column(command.name);
  if (column == nullptr) return;
  std::string quoted = "column \"" + column->name + "\"";
  if (column->identity != sql::Identity::none) {
    return fail("42601", quoted + " of relation \"" + table_name() + "\" is an identity column");
  }
  if (!column->not_null && prediction_.since(18)) return;
  const schema::Constraint* key = table_->primary_key();
  if (key != nullptr && !is_dropped_constraint(key->name) &&
      std::find(key->columns.begin(), key->columns.end(), column->name) != key->columns.end()) {
    return fail("42P16", quoted + " is in a primary key");
  }
  if (is_partitioned() && has_children() && !recurses() && !prediction_.since(18)) {
    return fail("42P16", "cannot remove constraint from only the partitioned table when partitions exist");
  }
  if (!recurses() && prediction_.since(18)) lock_direct_children();
  for (RelationId id : table_->parents) {
    const schema::Column* parent = prediction_.relation(id).find_column(command.name);
    if (parent == nullptr || !parent->not_null || (!table_->is_partition && !prediction_.since(18))) continue;
    return fail("42P16", quoted + " is marked NOT NULL in parent table");
  }
  // 18 keeps NOT NULL as a constraint and looks at every index whether one needs it (dropconstraint_internal).
  if (prediction_.since(18) && column->not_null) {
    prediction_.lock_indexes(*table_, LockMode::access_share, Cause::drop_constraint, command_);
    prediction_.release_early();
  }
}

// ---- IDENTITY -------------------------------------------------------------------------------------------------------

void AlterTablePrediction::lock_sequences_of(const Relation& table, std::string_view column, LockMode mode) {
  for (RelationId id : table.owned_sequences) {
    if (!prediction_.database().exists(id)) continue;
    const Relation& sequence = prediction_.relation(id);
    if (sequence.owner_column == column) prediction_.lock(sequence, mode, Role::sequence, cause_, command_);
  }
}

void AlterTablePrediction::add_identity(const AlterTableCommand& command) {
  if (fail_missing_column(command.name)) return;
  ColumnState column = find_column(command.name);
  std::string quoted = "column \"" + std::string(command.name) + "\" of relation \"" + table_name() + "\"";
  // 17 made identity columns of partitioned tables those of their partitions too.
  bool reaches_partitions = is_partitioned() && prediction_.since(17);
  if (table_ != nullptr && table_->is_partition && prediction_.since(17)) {
    return fail("42P16", "cannot add identity to a column of a partition");
  }
  if (reaches_partitions && has_children()) {
    if (!recurses()) return fail("42P16", "cannot add identity to a column of only the partitioned table");
    lock_descendants();
  }
  if (!column.known()) return;
  if (!column.not_null()) return fail("55000", quoted + " must be declared NOT NULL before identity can be added");
  if (column.identity() != sql::Identity::none) return fail("55000", quoted + " is already an identity column");
  bool has_default = column.column != nullptr && column.column->has_default &&
                     std::none_of(statement_.commands.begin(), statement_.commands.end(), [&](const AlterTableCommand& each) {
                       return each.action == sql::AlterTableAction::drop_default && each.name == command.name;
                     });
  if (has_default) return fail("55000", quoted + " already has a default value");
}

void AlterTablePrediction::change_identity(const AlterTableCommand& command) {
  if (fail_missing_column(command.name)) return;
  bool drops = command.action == sql::AlterTableAction::drop_identity;
  ColumnState column = find_column(command.name);
  if (column.known() && column.identity() == sql::Identity::none) {
    if (drops && command.missing_ok) return;
    return fail("55000", "column \"" + std::string(command.name) + "\" of relation \"" + table_name() + "\" is not an identity column");
  }
  if (is_partitioned() && prediction_.since(17) && recurses()) lock_descendants();
  // SET GENERATED and the sequence's options both go through ALTER SEQUENCE (transformAlterTableStmt, AT_SetIdentity).
  if (table_ != nullptr) lock_sequences_of(*table_, command.name, drops ? LockMode::access_exclusive : LockMode::share_row_exclusive);
}

// ---- generated columns ----------------------------------------------------------------------------------------------

// ATExecSetExpression (17; manual: ALTER TABLE, SET EXPRESSION).
void AlterTablePrediction::set_expression(const AlterTableCommand& command) {
  if (fail_missing_column(command.name)) return;
  ColumnState column = find_column(command.name);
  std::string quoted = "column \"" + std::string(command.name) + "\" of relation \"" + table_name() + "\"";
  if (column.known() && column.generated() == sql::Generated::none) return fail("55000", quoted + " is not a generated column");
  if (column.generated() == sql::Generated::virtual_) {
    bool checked = table_ != nullptr &&
                   std::any_of(table_->constraints.begin(), table_->constraints.end(),
                               [](const schema::Constraint& constraint) { return constraint.kind == schema::ConstraintKind::check; });
    if (checked) {
      return fail("0A000",
                  "ALTER TABLE / SET EXPRESSION is not supported for virtual generated columns in tables with check "
                  "constraints");
    }
    if (column.not_null()) scan(Cause::set_expression, command.name, "23502", contains_nulls(command.name, table_name()));
    return;
  }
  if (column.not_null()) rewrite(Cause::set_expression, command.name, "23502", contains_nulls(command.name, table_name()));
  else rewrite(Cause::set_expression, command.name);
}

// ATPrepDropExpression and ATExecDropExpression.
void AlterTablePrediction::drop_expression(const AlterTableCommand& command) {
  if (fail_missing_column(command.name)) return;
  if (has_children() && !recurses()) { return fail("42P16", "ALTER TABLE / DROP EXPRESSION must be applied to child tables too"); }
  if (recurses()) lock_descendants();
  ColumnState column = find_column(command.name);
  if (!column.known()) return;
  if (column.column != nullptr && column.column->inherited && column.generated() != sql::Generated::none) {
    return fail("42P16", "cannot drop generation expression from inherited column");
  }
  if (column.generated() == sql::Generated::virtual_) {
    return fail("0A000", "ALTER TABLE / DROP EXPRESSION is not supported for virtual generated columns");
  }
  if (column.generated() == sql::Generated::none && !command.missing_ok) {
    fail("55000", "column \"" + std::string(command.name) + "\" of relation \"" + table_name() + "\" is not a stored generated column");
  }
}

// SetIndexStorageProperties: all indexes of the table are opened in the statement's mode, and let go at once (SET
// STORAGE; SET COMPRESSION from 14 on).
void AlterTablePrediction::set_storage(const AlterTableCommand& command) {
  if (fail_missing_column(command.name)) return;
  for (const Relation* relation : tree(false)) {
    if (relation == nullptr || (relation != table_ && command.action == sql::AlterTableAction::set_compression)) continue;
    for (RelationId id : relation->indexes) {
      prediction_.lock_index(prediction_.relation(id), mode_, cause_, command_);
      prediction_.release_early();
    }
  }
}

}  // namespace cupel::effects
