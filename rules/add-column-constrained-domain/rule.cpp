#include "base/ascii.h"
#include "lint/companions.h"
#include "lint/pass.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: ALTER TABLE, Notes; CREATE DOMAIN, Notes", "squawk/ban-create-domain-with-constraint",
                                        "migrationpilot/MP043"};
// The new value itself is the hazard there.
constexpr std::string_view yields_to[] = {"add-column-volatile-default", "add-column-not-null-no-default"};

// What a domain says of its values, through the domains below it.
struct Demands {
  schema::DataType base;
  bool not_null = false;
  std::vector<sql::Expression> checks;
  sql::Expression default_value;
};

Demands demands_of(const lint::Pass& pass, const sql::TypeName& name) {
  Demands result;
  result.base = pass.database().resolve(name);
  for (int depth = 0; depth < 20 && result.base.array_dimensions == 0; ++depth) {
    const schema::Type* type = pass.database().find_type(result.base);
    if (type == nullptr || type->kind != schema::TypeKind::domain) break;
    result.not_null = result.not_null || type->not_null;
    if (!result.default_value) result.default_value = type->default_value;
    for (const schema::Constraint& constraint : type->constraints) {
      if (constraint.kind == schema::ConstraintKind::not_null) result.not_null = true;
      else if (constraint.expression) result.checks.push_back(constraint.expression);
    }
    result.base = type->base;
  }
  return result;
}

// VALUE > 0 for a column n: n > 0.
std::string about_column(const std::string& check, const std::string& column) {
  std::string result;
  std::size_t copied = 0;
  for (const sql::Token& token : sql::tokens(check)) {
    if (token.kind != sql::TokenKind::word || lower_case(token.span.of(check)) != "value") continue;
    result.append(check, copied, token.span.begin - copied).append(column);
    copied = token.span.end;
  }
  return result.append(check, copied);
}

std::string base_in_sql(const schema::DataType& type) {
  sql::TypeName name;
  name.schema = type.schema == "public" ? std::string_view() : std::string_view(type.schema);
  name.name = type.name;
  name.modifiers = type.modifiers;
  name.array_dimensions = type.array_dimensions;
  return sql::to_sql(name);
}

std::string safe_steps(const lint::Pass& pass, const sql::QualifiedName& table, const sql::ColumnDefinition& column,
                       const Demands& demands) {
  const std::string target = pass.sql(table), name = sql::quote_identifier(column.name);
  const sql::Expression& value = column.default_value ? column.default_value : demands.default_value;
  const bool has_value = value && value.kind() != sql::ExpressionKind::null;
  const bool not_null = column.not_null || demands.not_null;
  std::string steps = fmt::format("ALTER TABLE {} ADD COLUMN {} {}{}{};\n", target, name, base_in_sql(demands.base),
                                  has_value ? " DEFAULT " + value.text() : "", has_value && not_null ? " NOT NULL" : "");
  std::string checks;
  for (const sql::Expression& check : demands.checks) {
    checks += fmt::format("{}({})", checks.empty() ? "" : " AND ", about_column(check.text(), name));
  }
  if (!checks.empty()) {
    steps += fmt::format(
        "ALTER TABLE {0} ADD CONSTRAINT {1} CHECK ({2}) NOT VALID;\n-- in a later transaction:\nALTER TABLE {0} VALIDATE CONSTRAINT {1};\n",
        target, lint::Pass::object_name(table.name, column.name, "check"), checks);
  }
  if (!has_value && not_null) steps += "-- fill it in batches\n";
  return lint::trimmed(steps + lint::rest_of_new_column(pass, column, not_null && !has_value));
}

void check(lint::Pass& pass) {
  const auto& alter = *pass.as<sql::AlterTable>();
  const schema::Relation* table = pass.find(alter.name);
  if (!pass.keeps_others_waiting(table)) return;
  for (const effects::Work& work : pass.effects().work) {
    if (work.kind != effects::WorkKind::rewrite || work.cause != effects::Cause::constrained_domain || work.command < 0) continue;
    if (pass.is_reported(work.command)) continue;
    const sql::AlterTableCommand& command = alter.commands[static_cast<std::size_t>(work.command)];
    if (!command.column) continue;
    const sql::ColumnDefinition& column = *command.column;
    const Demands demands = demands_of(pass, column.type);
    const std::string name = sql::quote_identifier(column.name), domain = sql::to_sql(column.type);
    const sql::Expression& value = column.default_value ? column.default_value : demands.default_value;
    const bool refused = demands.not_null && (!value || value.kind() == sql::ExpressionKind::null);
    lint::Report report = pass.report(
        pass.span_of(work.command),
        refused ? fmt::format("adding column {} of domain {}, which allows no nulls and has no default, fails as soon as {} has a row",
                              name, domain, pass.display(alter.name))
                : fmt::format("adding column {} of domain {} rewrites {} while nobody can read or write it", name, domain,
                              pass.display(alter.name)));
    report
        .why(refused
                 ? "The rows that are there would get NULL, which the domain refuses (23502)."
                 : "A domain with constraints is asked about the value of each row, NULL too, and PostgreSQL writes every row and every "
                   "index anew under ACCESS EXCLUSIVE to do so.")
        .command(work.command)
        .certainty(lint::Certainty::assumes_rows)
        .advice("use the base type, and give the table what the domain checks: as NOT VALID, validated afterwards")
        .safe_sql(safe_steps(pass, alter.name, column, demands));
    if (!refused) report.grows_with(table);
  }
}

}  // namespace

CUPEL_RULE(add_column_constrained_domain) = {
    .title = "Column of a domain with constraints rewrites the table",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::locks,
    .sources = sources,
    .yields_to = yields_to,
    .on = cupel::lint::StatementKinds::of<cupel::sql::AlterTable>(),
    .check = check,
};
