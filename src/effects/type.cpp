// ALTER TYPE and ALTER DOMAIN: types lock nothing, the tables that use them do.
#include "effects/predict.h"

#include <algorithm>
#include <string>

namespace cupel::effects {

namespace {

std::string quoted(std::string_view name) { return "\"" + std::string(name) + "\""; }

bool has_label(const schema::Type& type, std::string_view label) {
  return std::any_of(type.labels.begin(), type.labels.end(), [&](const schema::EnumLabel& each) { return each.text == label; });
}

// ---- domains --------------------------------------------------------------------------------------------------------

// get_rels_with_domain: all tables with a column of the domain are locked with SHARE and read.
void check_rows(Prediction& prediction, const schema::Type& domain, std::string_view sqlstate) {
  for (RelationId id : prediction.database().tables_using_type(domain.name)) {
    const schema::Relation& table = prediction.relation(id);
    for (const schema::Column& column : table.columns) {
      const bool in_array =
          column.type.array_dimensions > 0 && column.type.name == domain.name.name && column.type.schema == domain.name.schema;
      if (!in_array) continue;
      prediction.lock(table, LockMode::access_share, Role::table, Cause::domain_constraint);
      return prediction.fail("0A000", "cannot alter type " + quoted(domain.name.name) + " because column " +
                                          quoted(prediction.database().display_name(table) + "." + column.name) + " uses it");
    }
    prediction.lock(table, LockMode::share, Role::table, Cause::domain_constraint);
    if (!table.has_storage()) continue;
    prediction.work(WorkKind::scan, table, Cause::domain_constraint);
    if (prediction.has_rows(&table)) {
      prediction.may_fail(sqlstate, "column of table " + quoted(prediction.database().display_name(table)) +
                                        " contains values that violate the new constraint");
    }
  }
}

void add_constraint(Prediction& prediction, const schema::Type& domain, const sql::AlterDomain& statement) {
  if (!statement.constraint || statement.constraint->not_valid) return;
  const bool is_not_null = statement.constraint->kind == sql::ConstraintKind::not_null;
  check_rows(prediction, domain, is_not_null ? "23502" : "23514");
}

void find_constraint(Prediction& prediction, const schema::Type& domain, const sql::AlterDomain& statement) {
  const auto found = std::find_if(domain.constraints.begin(), domain.constraints.end(),
                                  [&](const schema::Constraint& each) { return each.name == statement.constraint_name; });
  if (found == domain.constraints.end()) {
    if (domain.incomplete || !prediction.replay_is_complete()) return check_rows(prediction, domain, "23514");
    return prediction.fail(
        "42704", "constraint " + quoted(statement.constraint_name) + " of domain " + quoted(domain.name.name) + " does not exist");
  }
  // One that is valid already is left alone (AlterDomainValidateConstraint).
  if (!found->validated) check_rows(prediction, domain, "23514");
}

void drop_constraint(Prediction& prediction, const schema::Type& domain, const sql::AlterDomain& statement) {
  if (statement.missing_ok || domain.incomplete || !prediction.replay_is_complete()) return;
  const bool known = std::any_of(domain.constraints.begin(), domain.constraints.end(),
                                 [&](const schema::Constraint& each) { return each.name == statement.constraint_name; });
  if (known) return;
  prediction.fail("42704",
                  "constraint " + quoted(statement.constraint_name) + " of domain " + quoted(domain.name.name) + " does not exist");
}

}  // namespace

void predict(Prediction& prediction, const sql::AlterDomain& statement) {
  using Action = sql::AlterDomain::Action;
  const schema::Type* domain = prediction.database().find_type(statement.name);
  if (domain == nullptr) {
    if (prediction.replay_is_complete()) return prediction.fail("42704", "type " + quoted(statement.name.name) + " does not exist");
    const bool checks = statement.action == Action::set_not_null || statement.action == Action::validate_constraint ||
                        (statement.action == Action::add_constraint && statement.constraint && !statement.constraint->not_valid);
    if (checks) prediction.set_opaque();  // which tables use it is not known
    return;
  }
  switch (statement.action) {
    case Action::add_constraint: return add_constraint(prediction, *domain, statement);
    case Action::validate_constraint: return find_constraint(prediction, *domain, statement);
    case Action::set_not_null: return domain->not_null ? void() : check_rows(prediction, *domain, "23502");
    case Action::drop_constraint: return drop_constraint(prediction, *domain, statement);
    case Action::set_default:
    case Action::drop_default:
    case Action::drop_not_null: return;
  }
}

// ---- enums ----------------------------------------------------------------------------------------------------------

// AddEnumLabel, RenameEnumLabel. Allowed in a transaction block since 12.
void predict(Prediction& prediction, const sql::AlterEnum& statement) {
  const schema::Type* type = prediction.database().find_type(statement.name);
  if (type == nullptr) {
    if (prediction.replay_is_complete()) prediction.fail("42704", "type " + quoted(statement.name.name) + " does not exist");
    return;
  }
  if (type->kind != schema::TypeKind::enumeration) {
    if (!type->incomplete) prediction.fail("42809", quoted(statement.name.name) + " is not an enum");
    return;
  }
  const bool exists = has_label(*type, statement.new_label);
  if (statement.old_label.empty()) {
    if (exists && statement.if_not_exists) return prediction.set_no_op();
    if (exists) return prediction.fail("42710", "enum label " + quoted(statement.new_label) + " already exists");
    if (!statement.neighbor.empty() && !has_label(*type, statement.neighbor) && !type->incomplete) {
      prediction.fail("22023", quoted(statement.neighbor) + " is not an existing enum label");
    }
    return;
  }
  if (!has_label(*type, statement.old_label) && !type->incomplete) {
    return prediction.fail("22023", quoted(statement.old_label) + " is not an existing enum label");
  }
  if (exists) prediction.fail("42710", "enum label " + quoted(statement.new_label) + " already exists");
}

std::vector<RelationId> typed_tables(const schema::Database& database, const schema::Type& type) {
  std::vector<RelationId> found;
  if (type.kind != schema::TypeKind::composite) return found;
  for (RelationId id : database.relations()) {
    const std::string& of_type = database.relation(id).of_type;
    if (of_type == type.name.name || of_type == type.name.schema + "." + type.name.name) found.push_back(id);
  }
  return found;
}

// ---- composite types ------------------------------------------------------------------------------------------------

namespace {

bool changes_values(sql::AlterTableAction action) { return action == sql::AlterTableAction::alter_type; }

// Columns of the type: their values would have to be rewritten, which ALTER TYPE cannot (find_composite_type_dependencies).
bool fails_for_columns(Prediction& prediction, const schema::Type& type) {
  for (RelationId id : prediction.database().tables_using_type(type.name)) {
    const schema::Relation& table = prediction.relation(id);
    prediction.lock(table, LockMode::access_share, Role::table, Cause::type_change);
    prediction.fail("0A000", "cannot alter type " + quoted(type.name.name) + " because column of " +
                                 quoted(prediction.database().display_name(table)) + " uses it");
    return true;
  }
  return false;
}

}  // namespace

// ALTER TYPE … {ADD | DROP | ALTER} ATTRIBUTE is ALTER TABLE on the type's own relation; tables made OF it must follow.
void predict_alter_composite(Prediction& prediction, const sql::AlterTable& statement) {
  const schema::Type* type = prediction.database().find_type(statement.name);
  if (type == nullptr && prediction.replay_is_complete()) {
    return prediction.fail("42704", "type " + quoted(statement.name.name) + " does not exist");
  }
  prediction.lock_unknown(statement.name, LockMode::access_exclusive, Role::table, Cause::statement);
  if (type == nullptr) return;
  const std::vector<RelationId> tables = typed_tables(prediction.database(), *type);
  for (std::size_t i = 0; i < statement.commands.size(); ++i) {
    const sql::AlterTableCommand& command = statement.commands[i];
    const auto number = static_cast<CommandIndex>(i);
    if (changes_values(command.action) && fails_for_columns(prediction, *type)) return;
    if (tables.empty()) continue;
    if (command.behavior != sql::DropBehavior::cascade) {
      return prediction.fail("2BP01", "cannot alter type " + quoted(type->name.name) + " because it is the type of a typed table", number);
    }
    for (RelationId id : tables) {
      const schema::Relation& table = prediction.relation(id);
      prediction.lock(table, LockMode::access_exclusive, Role::table, Cause::cascade, number);
      if (!changes_values(command.action)) continue;
      prediction.work(WorkKind::rewrite, table, Cause::type_change, number);
      prediction.lock_indexes(table, LockMode::access_exclusive, Cause::type_change, number);
      prediction.lock_toast(table, LockMode::access_exclusive, Cause::type_change, number);
    }
  }
}

}  // namespace cupel::effects
