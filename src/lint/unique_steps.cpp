#include "lint/unique_steps.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace cupel::lint {
namespace {

std::string joined(const std::vector<std::string_view>& names) {
  std::string list;
  for (const std::string_view name : names) list += (list.empty() ? "" : ", ") + sql::quote_identifier(name);
  return list;
}

bool drops(const sql::Statement& statement, const sql::QualifiedName& table, std::string_view constraint) {
  const auto* alter = statement.as<sql::AlterTable>();
  return alter != nullptr && alter->name.name == table.name && (alter->name.schema.empty() || table.schema.empty() || alter->name.schema == table.schema) &&
         std::any_of(alter->commands.begin(), alter->commands.end(), [constraint](const sql::AlterTableCommand& command) {
           return command.action == sql::AlterTableAction::drop_constraint && sql::quote_identifier(command.name) == constraint;
         });
}

}  // namespace

bool replaces_constraint(const Pass& pass, const sql::QualifiedName& table, std::string_view name) {
  const std::vector<StatementPlace>& statements = pass.statements();
  const std::size_t last = std::min(pass.number() + 1, statements.size());
  return std::any_of(statements.begin(), statements.begin() + static_cast<std::ptrdiff_t>(last),
                     [&](const StatementPlace& place) { return drops(*place.statement, table, name); });
}

std::string unique_steps(const Pass& pass, const sql::QualifiedName& table, std::string_view name, const sql::Constraint& constraint) {
  if (constraint.without_overlaps) return {};  // ADD CONSTRAINT … USING INDEX knows no such thing (18)
  const bool replaced = replaces_constraint(pass, table, name);
  // PostgreSQL renames the index to the constraint's name (manual: ALTER TABLE, ADD table_constraint_using_index).
  const std::string index = replaced ? Pass::object_name(table.name, constraint.columns.empty() ? std::string_view{} : constraint.columns[0], "new_key") : std::string(name);
  const std::string target = pass.sql(table);
  std::string build = fmt::format("CREATE UNIQUE INDEX CONCURRENTLY {} ON {} ({})", index, target, joined(constraint.columns));
  if (!constraint.include.empty()) build += fmt::format(" INCLUDE ({})", joined(constraint.include));
  if (constraint.nulls_not_distinct) build += " NULLS NOT DISTINCT";
  if (!constraint.tablespace.empty()) build += fmt::format(" TABLESPACE {}", sql::quote_identifier(constraint.tablespace));
  std::string add = fmt::format("ADD CONSTRAINT {} {} USING INDEX {}", name, constraint.kind == sql::ConstraintKind::primary_key ? "PRIMARY KEY" : "UNIQUE", index);
  if (constraint.deferrable) add += constraint.initially_deferred ? " DEFERRABLE INITIALLY DEFERRED" : " DEFERRABLE";
  if (replaced) {
    return fmt::format("-- outside a transaction, while the old constraint is still there:\n{};\n-- then:\nALTER TABLE {} DROP CONSTRAINT {}, {};", build, target, name, add);
  }
  return fmt::format("-- outside a transaction:\n{};\n-- then:\nALTER TABLE {} {};", build, target, add);
}

std::string column_constraint_steps(const Pass& pass, const sql::QualifiedName& table, const sql::ColumnDefinition& column, bool not_null) {
  std::string steps;
  const std::string name = sql::quote_identifier(column.name);
  const auto is_primary = [](const sql::Constraint& constraint) { return constraint.kind == sql::ConstraintKind::primary_key; };
  if (not_null || std::any_of(column.constraints.begin(), column.constraints.end(), is_primary)) {
    const std::string proof = Pass::object_name(table.name, column.name, "not_null");
    steps = fmt::format("\n-- then, in migrations of their own:\nALTER TABLE {0} ADD CONSTRAINT {1} CHECK ({2} IS NOT NULL) NOT VALID;\n"
                        "ALTER TABLE {0} VALIDATE CONSTRAINT {1};\nALTER TABLE {0} ALTER COLUMN {2} SET NOT NULL;\nALTER TABLE {0} DROP CONSTRAINT {1};",
                        pass.sql(table), proof, name);
  }
  for (const sql::Constraint& constraint : column.constraints) {
    const bool primary = is_primary(constraint);
    if (!primary && constraint.kind != sql::ConstraintKind::unique) continue;
    sql::Constraint key = constraint;
    key.columns = {column.name};
    const std::string chosen = !key.name.empty() ? sql::quote_identifier(key.name)
                               : primary         ? Pass::object_name(table.name, "", "pkey")
                                                 : Pass::object_name(table.name, column.name, "key");
    steps += "\n" + unique_steps(pass, table, chosen, key);
  }
  return steps;
}

}  // namespace cupel::lint
