#include "lint/companions.h"
#include "lint/pass.h"

#include <algorithm>

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: ALTER TABLE, ADD COLUMN", "squawk/adding-required-field",
                                        "django-migration-linter/NOT_NULL", "atlas/MF103", "migrationpilot/MP084"};

// Whether a value for the old rows exists at all: a constant of the type that a reader would think of.
std::string filler(const sql::TypeName& type) {
  if (type.array_dimensions > 0) return "'{}'";
  const std::string_view name = type.name;
  if (name == "bool") return "false";
  if (name == "int2" || name == "int4" || name == "int8" || name == "numeric" || name == "float4" || name == "float8") return "0";
  if (name == "timestamptz" || name == "timestamp" || name == "date") return "now()";
  if (name == "json" || name == "jsonb") return "'{}'";
  if (name == "text" || name == "varchar" || name == "bpchar") return "''";
  return {};
}

bool binds(const sql::Constraint& constraint, std::string_view column) {
  const bool key = constraint.kind == sql::ConstraintKind::foreign_key || constraint.kind == sql::ConstraintKind::unique ||
                   constraint.kind == sql::ConstraintKind::primary_key;
  return key && std::find(constraint.columns.begin(), constraint.columns.end(), column) != constraint.columns.end();
}

// This migration makes it part of a key: then one made-up value for all old rows would be refused.
bool is_bound(const lint::Pass& pass, const sql::QualifiedName& table, const sql::ColumnDefinition& column) {
  const auto inline_key = [](const sql::Constraint& constraint) {
    return constraint.kind == sql::ConstraintKind::foreign_key || constraint.kind == sql::ConstraintKind::unique ||
           constraint.kind == sql::ConstraintKind::primary_key;
  };
  if (std::any_of(column.constraints.begin(), column.constraints.end(), inline_key)) return true;
  const std::vector<lint::StatementPlace>& statements = pass.statements();
  return std::any_of(statements.begin(), statements.end(), [&](const lint::StatementPlace& place) {
    const auto* alter = place.statement->as<sql::AlterTable>();
    return alter != nullptr && alter->name.name == table.name &&
           std::any_of(alter->commands.begin(), alter->commands.end(), [&](const sql::AlterTableCommand& command) {
             return command.action == sql::AlterTableAction::add_constraint && command.constraint &&
                    binds(*command.constraint, column.name);
           });
  });
}

void check(lint::Pass& pass) {
  const auto& alter = *pass.as<sql::AlterTable>();
  const schema::Relation* table = pass.find(alter.name);
  if (!pass.may_have_rows(table)) return;
  const std::optional<effects::Failure>& failure = pass.effects().failure;
  if (!failure || failure->sqlstate != "23502" || failure->command < 0) return;
  for (std::size_t i = static_cast<std::size_t>(failure->command); i < alter.commands.size(); ++i) {
    const sql::AlterTableCommand& command = alter.commands[i];
    if (command.action != sql::AlterTableAction::add_column || !command.column || !command.column->not_null) continue;
    const sql::ColumnDefinition& column = *command.column;
    const bool filled = (column.default_value && column.default_value.kind() != sql::ExpressionKind::null) || column.type.is_serial() ||
                        column.identity != sql::Identity::none || column.generated != sql::Generated::none;
    if (filled) continue;
    const std::string name = sql::quote_identifier(column.name);
    const std::string type = sql::to_sql(column.type);
    const std::string target = pass.sql(alter.name);
    const std::string value = is_bound(pass, alter.name, column) ? std::string() : filler(column.type);
    const std::string before = lint::dropped_column(pass, static_cast<effects::CommandIndex>(i), column.name);
    lint::Report report =
        pass.report(pass.span_of(static_cast<effects::CommandIndex>(i)),
                    fmt::format("adding NOT NULL column {} without a default fails if {} has rows", name, pass.display(alter.name)));
    report.why("The existing rows would get NULL in the new column, so PostgreSQL refuses (23502). Filling it afterwards comes too late.")
        .command(static_cast<effects::CommandIndex>(i))
        .certainty(lint::Certainty::assumes_rows);
    if (value.empty()) {
      report.advice("add it nullable, fill the rows, then prove and set NOT NULL")
          .safe_sql(lint::trimmed(fmt::format("{}ALTER TABLE {} ADD COLUMN {} {};\n-- fill {} in batches\n{}", before, target, name, type,
                                              name, lint::rest_of_new_column(pass, column, true))));
    } else {
      report
          .advice("give it a constant default (nothing is rewritten), or add it nullable, fill it in batches, then prove and set NOT NULL")
          .safe_sql(
              fmt::format("{0}ALTER TABLE {1} ADD COLUMN {2} {3} NOT NULL DEFAULT {4};\n-- later, when all running code gives a value:\n"
                          "ALTER TABLE {1} ALTER COLUMN {2} DROP DEFAULT;",
                          before, target, name, type, value));
    }
  }
}

}  // namespace

CUPEL_RULE(add_column_not_null_no_default) = {
    .title = "NOT NULL column added without a default",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::failure,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::AlterTable>(),
    .check = check,
};
