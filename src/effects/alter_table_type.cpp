#include "effects/alter_table.h"
#include "effects/column_conversion.h"
#include "effects/key_types.h"
#include "effects/replica_identity.h"

#include <algorithm>

namespace cupel::effects {
namespace {

using schema::Relation;
using sql::AlterTableCommand;

bool mentions(const std::vector<std::string>& columns, std::string_view column) {
  return std::find(columns.begin(), columns.end(), column) != columns.end();
}

bool mentions(const sql::Expression& expression, std::string_view column) {
  if (!expression) return false;
  std::vector<std::string_view> columns = expression.columns();
  return std::find(columns.begin(), columns.end(), column) != columns.end();
}

// An index keeps its file when CheckIndexCompatible says so: never with an expression or a predicate.
bool index_survives(const schema::Index& index, std::string_view column, const TypeChangeQuestion& question,
                    const schema::Database& database) {
  if (index.predicate) return false;
  return std::all_of(index.keys.begin(), index.keys.end(), [&](const schema::IndexKey& key) {
    if (key.expression) return false;
    if (key.column != column) return true;
    if (!key.collation.empty()) {
      TypeChangeQuestion own_collation = question;
      own_collation.from_collation = own_collation.to_collation = key.collation;
      return index_key_survives(index.access_method, key.operator_class, own_collation, database);
    }
    return index_key_survives(index.access_method, key.operator_class, question, database);
  });
}

}  // namespace

TypeChangeQuestion AlterTablePrediction::question_for(const AlterTableCommand& command, const schema::Column* column) const {
  TypeChangeQuestion question;
  if (column != nullptr) {
    question.from = column->type;
    question.from_collation = column->collation;
  }
  question.to = prediction_.database().resolve(command.column->type);
  question.to_collation = command.column->collation;
  question.using_expression = command.expression;
  question.column = command.name;
  question.postgres_version = prediction_.version();
  return question;
}

// ATPrepAlterColumnType: what can be told before any table is changed.
void AlterTablePrediction::prepare_alter_type(const AlterTableCommand& command) {
  if (!command.column || fail_missing_column(command.name)) return;
  std::string quoted = "column \"" + std::string(command.name) + "\"";
  if (table_ == nullptr) return;
  if (!table_->of_type.empty()) return fail("42809", "cannot alter column type of typed table");
  const schema::Column* column = table_->find_column(command.name);
  if (column == nullptr) return;
  if (column->inherited && !table_->parents.empty()) return fail("42P16", "cannot alter inherited column \"" + column->name + "\"");
  if (table_->partition_key) {
    for (const sql::PartitionKey::Element& element : table_->partition_key->elements) {
      if (element.column != command.name && !mentions(element.expression, command.name)) continue;
      return fail("42P16", "cannot alter " + quoted + " because it is part of the partition key of relation \"" + table_name() + "\"");
    }
  }
  if (command.column->type.is_serial()) { return fail("42704", "type \"" + std::string(command.column->type.name) + "\" does not exist"); }
  if (command.expression && column->generated != sql::Generated::none) {
    return fail("42611", "cannot specify USING when altering type of generated column");
  }
  std::optional<std::string> zone = prediction_.database().settings().find("timezone");
  TypeChangeQuestion question = question_for(command, column);
  if (zone) question.time_zone = *zone;
  TypeChange change = type_change(question, prediction_.database());
  if (change.outcome == TypeChangeOutcome::fails) {
    std::string result = command.expression ? "result of USING clause for column \"" : "column \"";
    return fail(change.failure_sqlstate,
                change.failure_sqlstate == "42804"
                    ? result + column->name + "\" cannot be cast automatically to type " + display_type(question.to)
                    : change.reason);
  }
  bool storage = column->generated != sql::Generated::virtual_;
  if (change.outcome == TypeChangeOutcome::rewrite && storage) {
    rewrite(Cause::type_change, command.name, change.failure_sqlstate, change.reason);
  }
  // What cannot be told is taken for the dear case: most changes between unlike types are.
  if (change.outcome == TypeChangeOutcome::unknown && storage) rewrite(Cause::type_change, command.name);
  if (has_children()) {
    if (!recurses()) return fail("42P16", "type of inherited column \"" + column->name + "\" must be changed in child tables too");
    lock_descendants();
  }
}

// ATExecAlterColumnType and ATPostAlterTypeCleanup.
void AlterTablePrediction::alter_type(const AlterTableCommand& command) {
  if (!command.column) return;
  if (table_ == nullptr) return rewrite(Cause::type_change, command.name);
  std::optional<std::string> zone = prediction_.database().settings().find("timezone");
  const schema::Column* own = table_->find_column(command.name);
  if (own == nullptr && table_->incomplete) return rewrite(Cause::type_change, command.name);
  if (own == nullptr) return;
  for (const AlterTableCommand& other : statement_.commands) {
    if (&other == &command) break;
    if (other.action != sql::AlterTableAction::alter_type || other.name != command.name) continue;
    return fail("0A000", "cannot alter type of column \"" + std::string(command.name) + "\" twice");
  }
  for (const Relation* relation : tree(false)) {
    const schema::Column* column = relation->find_column(command.name);
    if (column == nullptr) continue;
    if (fail_dependents_of_type(*relation, command.name)) return;
    TypeChangeQuestion question = question_for(command, column);
    if (zone) question.time_zone = *zone;
    if (fail_default(*column, question.to)) return;
    record_default(*relation, *column);
    rebuild_dependents(*relation, command.name, question, will_rewrite(relation));
    if (prediction_.stopped()) return;
  }
  if (own->identity != sql::Identity::none) {
    schema::DataType type = prediction_.database().resolve(command.column->type);
    if (type.is_builtin() && type.name != "int2" && type.name != "int4" && type.name != "int8") {
      return fail("22023", "identity column type must be smallint, integer, or bigint");
    }
    lock_sequences_of(*table_, command.name, LockMode::share_row_exclusive);
  }
}

// Returns true if it failed.
bool AlterTablePrediction::fail_dependents_of_type(const Relation& relation, std::string_view column) {
  const schema::Database& database = prediction_.database();
  for (RelationId id : relation.dependents) {
    if (!database.exists(id)) continue;
    Reading reading = reads(prediction_.relation(id).dependencies, relation, column);
    if (reading == Reading::no) continue;
    if (reading == Reading::perhaps) {
      prediction_.may_fail("0A000", "cannot alter type of a column used by a view or rule", command_);
      continue;
    }
    fail("0A000", "cannot alter type of a column used by a view or rule");
    return true;
  }
  const Reading functions = functions_read(relation, column);
  if (functions == Reading::yes) {
    fail("0A000", "cannot alter type of a column used by a function or procedure");
    return true;
  }
  if (functions == Reading::perhaps) {
    prediction_.may_fail("0A000", "cannot alter type of a column used by a function or procedure", command_);
  }
  for (const schema::Trigger& trigger : relation.triggers) {
    if (!mentions(trigger.update_columns, column) && !mentions(trigger.when, column)) continue;
    fail("0A000", "cannot alter type of a column used in a trigger definition");
    return true;
  }
  for (const schema::Policy& policy : relation.policies) {
    if (!mentions(policy.using_expression, column) && !mentions(policy.with_check, column)) continue;
    fail("0A000", "cannot alter type of a column used in a policy definition");
    return true;
  }
  if (is_published_by_name(prediction_, relation, column)) {
    // PostgreSQL's words, for a column list as well.
    fail("0A000", "cannot alter type of a column used by a publication WHERE clause");
    return true;
  }
  for (const schema::Column& other : relation.columns) {
    if (other.name == column || other.generated == sql::Generated::none || !mentions(other.default_value, column)) continue;
    fail("0A000", "cannot alter type of a column used by a generated column");
    return true;
  }
  return false;
}

// The default is cast to the new type by assignment, USING or not (manual: ALTER TABLE, SET DATA TYPE). True if that
// failed.
bool AlterTablePrediction::fail_default(const schema::Column& column, const schema::DataType& type) {
  bool dropped = std::any_of(statement_.commands.begin(), statement_.commands.end(), [&](const AlterTableCommand& command) {
    return command.action == sql::AlterTableAction::drop_default && command.name == column.name;
  });
  if (dropped || !column.has_default || column.identity != sql::Identity::none || column.generated != sql::Generated::none) return false;
  if (!column.is_serial && !column.default_value) return false;
  // A string was read as the column's type, a number is what it is; a function's result type is not known here.
  Conversion conversion(prediction_.database(), prediction_.version(), {});
  schema::DataType from;
  if (column.is_serial) {
    from = {"pg_catalog", "int8", {}, 0};
  } else {
    sql::Expression value = column.default_value;
    if (value.kind() == sql::ExpressionKind::cast) from = prediction_.database().resolve(value.type());
    else if (value.kind() == sql::ExpressionKind::literal && value.is_string_literal()) from = column.type;
    else if (value.kind() == sql::ExpressionKind::literal) from = {"pg_catalog", "", {}, 0};
    else return false;
    if (from.name.empty()) {
      std::string text = value.literal();
      from.name = text == "true" || text == "false" ? "bool" : text.find('.') == std::string::npos ? "int4" : "numeric";
    }
  }
  conversion.evaluate({}, column.name, from);
  conversion.assign(type);
  if (conversion.outcome() != TypeChangeOutcome::fails) return false;
  fail("42804", "default for column \"" + column.name + "\" cannot be cast automatically to type " + display_type(type));
  return true;
}

// The default is stored anew, which looks at the sequences it names.
void AlterTablePrediction::record_default(const Relation& relation, const schema::Column& column) {
  if (!column.has_default || column.identity != sql::Identity::none || column.generated != sql::Generated::none) return;
  if (column.default_value) predict_new_default(prediction_, column.default_value, Cause::type_change, command_);
  if (column.is_serial && prediction_.locks_new_dependencies()) lock_sequences_of(relation, column.name, LockMode::access_share);
}

// An index needs an operator class for the new type (GetDefaultOpClass). Returns true if it failed.
bool AlterTablePrediction::fail_operator_class(const schema::Index& index, std::string_view column, const TypeChangeQuestion& question) {
  const schema::Database& database = prediction_.database();
  BaseType from = base_type(question.from, database), to = base_type(question.to, database);
  if (to.is_array || to.user_type != nullptr || to.schema != "pg_catalog" || to.name.ends_with("range")) return false;
  for (const schema::IndexKey& key : index.keys) {
    if (key.column != column || !default_operator_class(index.access_method, to.name, prediction_.version()).empty()) continue;
    bool chosen =
        !key.operator_class.empty() && key.operator_class != default_operator_class(index.access_method, from.name, prediction_.version());
    if (chosen) continue;
    fail("42704",
         "data type " + display_type(question.to) + " has no default operator class for access method \"" + index.access_method + "\"");
    return true;
  }
  return false;
}

// RememberAllDependentForRebuilding: indexes and constraints on the column are dropped and made again, the indexes with
// their old files where those fit.
void AlterTablePrediction::rebuild_dependents(const Relation& relation, std::string_view column, const TypeChangeQuestion& question,
                                              bool rewritten) {
  const schema::Database& database = prediction_.database();
  for (RelationId id : relation.indexes) {
    const Relation& index = prediction_.relation(id);
    if (!database.exists(id) || !index.index) continue;
    if (!mentions(index.index->mentioned_columns(), column)) continue;
    prediction_.lock_index(index, LockMode::access_exclusive, Cause::type_change, command_);
    if (fail_operator_class(*index.index, column, question)) return;
    if (rewritten || !prediction_.has_rows(&relation) || !database.holds_rows(relation)) continue;
    // A partition's index goes with its parent's, which has no file to keep: it is built anew (TryReuseIndex).
    if (index.index->parent != RelationId::none || !index_survives(*index.index, column, question, database)) {
      TypeChangeQuestion same_collation = question;
      same_collation.to_collation = same_collation.from_collation;
      bool collation_only = index_survives(*index.index, column, same_collation, database);
      prediction_.rebuild_index(index, collation_only ? Cause::collation_change : Cause::type_change, command_);
    }
  }
  for (const schema::Constraint& constraint : relation.constraints) {
    bool checked = constraint.kind == schema::ConstraintKind::check && constraint.validated && constraint.enforced &&
                   mentions(constraint.columns, column) && !is_dropped_constraint(constraint.name);
    if (!checked || !database.holds_rows(relation)) continue;
    add_row_work(WorkKind::scan, &relation, Cause::type_change, column, "23514",
                 "check constraint \"" + constraint.name + "\" of relation \"" + relation.name.name + "\" is violated by some row", false);
  }
  rebuild_foreign_keys(relation, column, question, rewritten);
}

// `other`: the table on the other side. Returns true if the types cannot be compared any more.
bool AlterTablePrediction::fail_key_types(const std::vector<std::string>& columns, const std::vector<std::string>& keys,
                                          const Relation* other, std::string_view column, const TypeChangeQuestion& question,
                                          bool is_referencing) {
  if (other == nullptr) return false;
  const schema::Constraint* primary = is_referencing ? other->primary_key() : table_->primary_key();
  const std::vector<std::string>& referenced = !keys.empty() || primary == nullptr ? keys : primary->columns;
  for (std::size_t i = 0; i < columns.size() && i < referenced.size(); ++i) {
    if ((is_referencing ? columns[i] : referenced[i]) != column) continue;
    const schema::Column* counterpart = other->find_column(is_referencing ? referenced[i] : columns[i]);
    if (counterpart == nullptr) continue;
    const schema::DataType& from = is_referencing ? question.to : counterpart->type;
    const schema::DataType& to = is_referencing ? counterpart->type : question.to;
    // A table's key to itself: the other column may change in the same statement.
    if (other == table_ || can_reference(from, to, prediction_.database(), prediction_.version())) continue;
    fail("42804", "foreign key constraint cannot be implemented");
    return true;
  }
  return false;
}

// Foreign keys of the column, and those to it. Locking the other table with ACCESS EXCLUSIVE is needed to drop and make
// its triggers; the rows are compared anew unless the equality operators stay the same (ATAddForeignKeyConstraint,
// old_check_ok).
void AlterTablePrediction::rebuild_foreign_keys(const Relation& relation, std::string_view column, const TypeChangeQuestion& question,
                                                bool rewritten) {
  const schema::Database& database = prediction_.database();
  TypeChangeQuestion without_collation = question;
  without_collation.from_collation = without_collation.to_collation = {};
  bool compared_anew = rewritten || !index_key_survives("btree", {}, without_collation, database);
  auto lock_key = [&](const Relation& referenced, const schema::Constraint& constraint) {
    if (!prediction_.locks_new_dependencies()) return;
    std::vector<std::string_view> columns(constraint.referenced_columns.begin(), constraint.referenced_columns.end());
    const Relation* key = referenced_key_index(referenced, columns, database);
    if (key != nullptr) prediction_.lock_index(*key, LockMode::access_share, Cause::type_change, command_);
  };
  for (const schema::Constraint& constraint : relation.constraints) {
    if (constraint.kind != schema::ConstraintKind::foreign_key || !mentions(constraint.columns, column)) continue;
    if (is_dropped_constraint(constraint.name)) continue;
    sql::QualifiedName name{constraint.referenced_name.schema, constraint.referenced_name.name, {}};
    const Relation* referenced = constraint.referenced != RelationId::none ? &prediction_.relation(constraint.referenced) : nullptr;
    if (constraint.kind == schema::ConstraintKind::foreign_key &&
        fail_key_types(constraint.columns, constraint.referenced_columns, referenced, column, question, true))
      return;
    if (constraint.referenced != relation.id) {
      prediction_.lock_named(referenced, name, LockMode::access_exclusive, Role::referenced, Cause::type_change, command_);
    }
    if (referenced != nullptr) {
      prediction_.lock_descendants(*referenced, LockMode::access_exclusive, Cause::type_change, command_);
      lock_key(*referenced, constraint);
    }
    if (compared_anew && constraint.validated && constraint.enforced && database.holds_rows(relation)) {
      key_checks_.push_back({&relation, referenced, name, Cause::type_change, command_});
    }
  }
  for (const schema::Database::ForeignKeyReference& reference : database.referencing(relation.id)) {
    if (reference.table == relation.id) continue;
    const schema::Constraint& constraint = *reference.constraint;
    const schema::Constraint* key = relation.primary_key();
    bool uses_column = constraint.referenced_columns.empty() ? key != nullptr && mentions(key->columns, column)
                                                             : mentions(constraint.referenced_columns, column);
    if (!uses_column) continue;
    const Relation& referencing = prediction_.relation(reference.table);
    if (fail_key_types(constraint.columns, constraint.referenced_columns, &referencing, column, question, false)) return;
    prediction_.lock(referencing, LockMode::access_exclusive, Role::referencing, Cause::type_change, command_);
    if (compared_anew && constraint.validated && constraint.enforced && database.holds_rows(referencing)) {
      key_checks_.push_back({&referencing, &relation, {relation.name.schema, relation.name.name, {}}, Cause::type_change, command_});
    }
  }
}

}  // namespace cupel::effects
