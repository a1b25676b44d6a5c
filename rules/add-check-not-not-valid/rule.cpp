#include "lint/companions.h"
#include "lint/pass.h"

#include <algorithm>

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: ALTER TABLE, ADD table_constraint [ NOT VALID ]", "squawk/constraint-missing-not-valid",
                                        "eugene/E1", "strong_migrations/add_check_constraint", "atlas/PG305"};

// As PostgreSQL chooses it (ChooseConstraintName): with the column if there is but one, numbered where it is taken.
std::string chosen_name(const schema::Relation* table, std::string_view table_name, const std::vector<std::string_view>& columns,
                        const std::string& label) {
  const bool one =
      !columns.empty() && std::all_of(columns.begin(), columns.end(), [&columns](std::string_view each) { return each == columns[0]; });
  std::string suffix = label;
  const auto taken = [&] {
    const std::string name = one ? fmt::format("{}_{}_{}", table_name, columns[0], suffix) : fmt::format("{}_{}", table_name, suffix);
    return table != nullptr && table->find_constraint(name) != nullptr;
  };
  for (int number = 1; taken(); ++number) suffix = label + std::to_string(number);
  return lint::Pass::object_name(table_name, one ? columns[0] : std::string_view{}, suffix);
}

void check(lint::Pass& pass) {
  const auto& alter = *pass.as<sql::AlterTable>();
  const schema::Relation* table = pass.find(alter.name);
  if (!pass.keeps_others_waiting(table) || lint::fails_with_rows(pass)) return;
  for (const effects::Work& work : pass.effects().work) {
    const bool checks_rows = work.cause == effects::Cause::add_check || work.cause == effects::Cause::add_not_null;
    if (work.kind != effects::WorkKind::scan || !checks_rows || work.command < 0) continue;
    const sql::AlterTableCommand& command = alter.commands[static_cast<std::size_t>(work.command)];
    if (!command.constraint) continue;
    const sql::Constraint& constraint = *command.constraint;
    const std::string target = pass.sql(alter.name);
    const bool not_null = constraint.kind == sql::ConstraintKind::not_null;
    const std::string_view column = not_null && !constraint.columns.empty() ? constraint.columns[0] : std::string_view{};
    const std::vector<std::string_view> named = not_null ? constraint.columns : constraint.expression.columns();
    const std::string definition =
        not_null ? "NOT NULL " + sql::quote_identifier(column) : fmt::format("CHECK ({})", constraint.expression.text());
    const std::string name = constraint.name.empty() ? chosen_name(table, alter.name.name, not_null ? std::vector{column} : named,
                                                                   not_null ? "not_null" : "check")
                                                     : sql::quote_identifier(constraint.name);
    pass.report(pass.span_of(work.command),
                fmt::format("adding constraint {} reads every row of {} while nobody can read or write it", name, pass.display(alter.name)))
        .why("Without NOT VALID every existing row is checked at once, under ACCESS EXCLUSIVE.")
        .command(work.command)
        .certainty(lint::Certainty::assumes_rows)
        .grows_with(table)
        .advice("add it as NOT VALID (new rows are checked from then on), and validate it in the next migration")
        .safe_sql(
            fmt::format("{4}ALTER TABLE {0} {3}ADD CONSTRAINT {1} {2}{5} NOT VALID;\n-- in the next migration, outside this transaction:\n"
                        "ALTER TABLE {0} VALIDATE CONSTRAINT {1};",
                        target, name, definition, lint::dropped_constraints(pass, work.command),
                        lint::added_columns(pass, work.command, named), constraint.no_inherit ? " NO INHERIT" : ""));
  }
}

}  // namespace

CUPEL_RULE(add_check_not_not_valid) = {
    .title = "Constraint checks the whole table under an exclusive lock",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::locks,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::AlterTable>(),
    .check = check,
};
