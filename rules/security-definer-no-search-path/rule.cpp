#include "lint/pass.h"

#include <string>

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: CREATE FUNCTION, Writing SECURITY DEFINER Functions Safely", "pgspot/PS003",
                                        "migrationpilot/MP099", "splinter/function_search_path_mutable"};

// ALTER FUNCTION … SET search_path in the same migration.
bool set_later(const lint::Pass& pass, const sql::QualifiedName& function) {
  for (std::size_t i = pass.number() + 1; i < pass.statements().size(); ++i) {
    const sql::Statement& later = *pass.statements()[i].statement;
    const auto* alter = later.as<sql::AlterFunction>();
    if (alter != nullptr && alter->name.name == function.name && pass.script().text(later).find("search_path") != std::string_view::npos)
      return true;
  }
  return false;
}

std::string argument_list(const sql::CreateFunction& function) {
  std::string list;
  for (const sql::FunctionArgument& argument : function.arguments) {
    if (!argument.input) continue;
    if (!list.empty()) list += ", ";
    list += sql::to_sql(argument.type);
  }
  return list;
}

void check(lint::Pass& pass) {
  const auto& function = *pass.as<sql::CreateFunction>();
  if (!function.security_definer || function.sets_search_path || (pass.effects().failure && pass.effects().failure->certain)) return;
  // BEGIN ATOMIC and RETURN are resolved when the function is made; C knows no search path.
  if (function.sql_body || function.return_expression || !function.body) return;
  if (function.body->language != "sql" && function.body->language != "plpgsql") return;
  // The body sets it itself.
  if (function.body->text.find("search_path") != std::string_view::npos || set_later(pass, function.name)) return;
  const std::string_view kind = function.procedure ? "procedure" : "function";
  pass.report(function.name.span, fmt::format("{} {} runs with its owner's rights on whatever the caller's search_path finds", kind,
                                              pass.display(function.name)))
      .why(
          "A caller who may create objects in any schema of a path of his own choosing, even a temporary table, puts his own in front of "
          "those that the body names, and its owner runs them.")
      .no_effects()
      .advice("fix the search_path: schemas that only trusted users can write to, pg_temp last")
      .safe_sql(fmt::format("ALTER {} {}({}) SET search_path = {}, pg_temp;", function.procedure ? "PROCEDURE" : "FUNCTION",
                            pass.sql(function.name), argument_list(function),
                            function.name.schema.empty() ? sql::quote_identifier(pass.database().creation_schema())
                                                         : sql::quote_identifier(function.name.schema)));
}

}  // namespace

CUPEL_RULE(security_definer_no_search_path) = {
    .title = "SECURITY DEFINER without a search_path of its own",
    .severity = cupel::lint::Severity::warning,
    .group = cupel::lint::Group::security,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::CreateFunction>(),
    .check = check,
};
