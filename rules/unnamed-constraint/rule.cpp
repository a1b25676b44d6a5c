#include "lint/pass.h"

#include <algorithm>

#include <fmt/format.h>

namespace {

using namespace cupel;
using sql::ConstraintKind;

constexpr std::string_view sources[] = {"manual: 5.5 Constraints; CREATE TABLE, Parameters (CONSTRAINT constraint_name)",
                                        "migrationpilot/MP042"};

// A table has one primary key, found without its name, and NOT NULL is dropped by column. USING INDEX gives the index's name.
bool wants_name(const sql::Constraint& constraint) {
  if (!constraint.name.empty() || !constraint.using_index.empty()) return false;
  return constraint.kind == ConstraintKind::check || constraint.kind == ConstraintKind::unique ||
         constraint.kind == ConstraintKind::exclude || constraint.kind == ConstraintKind::foreign_key;
}

std::string_view words(ConstraintKind kind) {
  switch (kind) {
    case ConstraintKind::unique: return "UNIQUE";
    case ConstraintKind::exclude: return "EXCLUDE";
    case ConstraintKind::foreign_key: return "foreign key";
    default: return "CHECK";
  }
}

lint::Report report(lint::Pass& pass, const sql::QualifiedName& table, const sql::Constraint& constraint, std::string message) {
  const std::string name = sql::quote_identifier(pass.database().chosen_name(table, constraint));
  lint::Report report = pass.report(constraint.span, std::move(message));
  report.no_effects().advice("write the name: CONSTRAINT " + name);
  if (constraint.span.empty()) return report;
  std::string named(pass.text());
  const std::string clause = fmt::format("CONSTRAINT {} ", name);
  named.insert(constraint.span.begin - pass.statement().span.begin, clause);
  const std::uint32_t place = constraint.span.begin;
  if (named.size() <= 600) report.safe_sql(named + ";");
  report.fix(lint::FixSafety::safe, "name the constraint as PostgreSQL would", {{{place, place}, clause}});
  return report;
}

void check_added(lint::Pass& pass, const sql::AlterTable& alter, const sql::Constraint& constraint) {
  if (!wants_name(constraint)) return;
  const std::string chosen = pass.database().chosen_name(alter.name, constraint);
  report(pass, alter.name, constraint,
         fmt::format("this {} of {} has no name: PostgreSQL chooses {} here, and another where that is taken", words(constraint.kind),
                     pass.display(alter.name), chosen))
      .why(
          "The name depends on what else exists in a database, so it may differ from one to the next, and a later DROP CONSTRAINT can only "
          "guess it.");
}

// A new table's names are the same everywhere, except those that are told apart by a number only.
void check_created(lint::Pass& pass, const sql::CreateTable& create) {
  std::vector<const sql::Constraint*> all;
  for (const sql::ColumnDefinition& column : create.columns) {
    for (const sql::Constraint& constraint : column.constraints) all.push_back(&constraint);
  }
  for (const sql::Constraint& constraint : create.constraints) all.push_back(&constraint);
  std::erase_if(all, [](const sql::Constraint* constraint) { return !wants_name(*constraint); });
  std::vector<std::string> names;
  for (const sql::Constraint* constraint : all) {
    const std::string chosen = pass.database().chosen_name(create.name, *constraint);
    const auto same = std::ranges::count(names, chosen);
    names.push_back(chosen);
    // Equal foreign keys or UNIQUE columns are one constraint written twice; only a CHECK's name says too little.
    if (same == 0 || constraint->kind != ConstraintKind::check) continue;
    lint::Report made = pass.report(
        constraint->span, fmt::format("this CHECK of {} has no name and is told from another by a number: PostgreSQL calls it {}{}",
                                      pass.display(create.name), chosen, same));
    made.why("The number depends on the order in which the constraints are written, and a later DROP CONSTRAINT can only guess it.")
        .no_effects()
        .advice("name both after what they demand");
  }
}

void check(lint::Pass& pass) {
  if (pass.effects().no_op) return;
  if (const auto* create = pass.as<sql::CreateTable>()) {
    if (create->persistence != sql::Persistence::temporary) check_created(pass, *create);
    return;
  }
  const auto& alter = *pass.as<sql::AlterTable>();
  const schema::Relation* table = pass.find(alter.name);
  if (table != nullptr && table->persistence == sql::Persistence::temporary) return;
  for (const sql::AlterTableCommand& command : alter.commands) {
    if (command.constraint && command.action == sql::AlterTableAction::add_constraint) check_added(pass, alter, *command.constraint);
    if (!command.column || command.action != sql::AlterTableAction::add_column) continue;
    if (command.missing_ok && table != nullptr && table->find_column(command.column->name) != nullptr) continue;
    for (const sql::Constraint& constraint : command.column->constraints) check_added(pass, alter, constraint);
  }
}

}  // namespace

CUPEL_RULE(unnamed_constraint) = {
    .title = "Constraint without a name",
    .severity = cupel::lint::Severity::info,
    .group = cupel::lint::Group::naming,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::CreateTable, cupel::sql::AlterTable>(),
    .check = check,
};
