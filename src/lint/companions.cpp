#include "lint/companions.h"

#include <fmt/format.h>

#include <algorithm>

namespace cupel::lint {
namespace {

using Action = sql::AlterTableAction;

// PostgreSQL drops first, then adds columns, then constraints, in whatever order they are written (ATPrepCmd's passes).
std::vector<const sql::AlterTableCommand*> others(const Pass& pass, effects::CommandIndex command) {
  std::vector<const sql::AlterTableCommand*> result;
  const auto* alter = pass.as<sql::AlterTable>();
  if (alter == nullptr || command < 0) return result;
  for (std::size_t i = 0; i < alter->commands.size(); ++i) {
    if (i != static_cast<std::size_t>(command)) result.push_back(&alter->commands[i]);
  }
  return result;
}

std::string_view text_of(const Pass& pass, const sql::AlterTableCommand& command) { return command.span.of(pass.script().source().text()); }

// As the user wrote them, in one ALTER TABLE.
template <class Wanted>
std::string statement_of(const Pass& pass, effects::CommandIndex command, Wanted wanted) {
  std::string list;
  for (const sql::AlterTableCommand* each : others(pass, command)) {
    if (wanted(*each)) list.append(list.empty() ? "" : ", ").append(text_of(pass, *each));
  }
  return list.empty() ? list : fmt::format("ALTER TABLE {} {};\n", pass.sql(pass.as<sql::AlterTable>()->name), list);
}

// Its index has the name, so none can be built beside it.
bool replaces_constraint(const Pass& pass, effects::CommandIndex command, std::string_view name) {
  const auto commands = others(pass, command);
  return std::any_of(commands.begin(), commands.end(),
                     [name](const sql::AlterTableCommand* each) { return each->action == Action::drop_constraint && each->name == name; });
}

std::string list_of(std::span<const std::string_view> names) {
  std::string list;
  for (const std::string_view name : names) list.append(list.empty() ? "" : ", ").append(sql::quote_identifier(name));
  return list;
}

}  // namespace

bool fails_with_rows(const Pass& pass) {
  const auto& failure = pass.effects().failure;
  return failure && failure->certain && failure->sqlstate == "23502";
}

std::string dropped_constraints(const Pass& pass, effects::CommandIndex command) {
  std::string list;
  for (const sql::AlterTableCommand* each : others(pass, command)) {
    if (each->action == Action::drop_constraint) list.append(text_of(pass, *each)).append(", ");
  }
  return list;
}

std::string added_columns(const Pass& pass, effects::CommandIndex command, std::span<const std::string_view> columns) {
  return statement_of(pass, command, [columns](const sql::AlterTableCommand& each) {
    return (each.action == Action::drop_column || each.action == Action::add_column) &&
           std::find(columns.begin(), columns.end(), each.column ? each.column->name : each.name) != columns.end();
  });
}

std::string dropped_column(const Pass& pass, effects::CommandIndex command, std::string_view column) {
  return statement_of(pass, command, [column](const sql::AlterTableCommand& each) { return each.action == Action::drop_column && each.name == column; });
}

std::string_view deferring(const sql::Constraint& constraint) {
  return constraint.initially_deferred ? " DEFERRABLE INITIALLY DEFERRED" : constraint.deferrable ? " DEFERRABLE" : "";
}

std::string beside(const sql::QualifiedName& table, std::string_view quoted_name) {
  return table.schema.empty() ? std::string(quoted_name) : fmt::format("{}.{}", sql::quote_identifier(table.schema), quoted_name);
}

std::string rest_of_new_column(const Pass& pass, const sql::ColumnDefinition& column, bool not_null) {
  const sql::QualifiedName& name = pass.as<sql::AlterTable>()->name;
  const std::string table = pass.sql(name);
  const std::string quoted = sql::quote_identifier(column.name);
  std::string steps;
  if (not_null) {
    const std::string proof = Pass::object_name(name.name, column.name, "not_null");
    steps += fmt::format("-- then, in migrations of their own:\nALTER TABLE {0} ADD CONSTRAINT {1} CHECK ({2} IS NOT NULL) NOT VALID;\n"
                         "ALTER TABLE {0} VALIDATE CONSTRAINT {1};\nALTER TABLE {0} ALTER COLUMN {2} SET NOT NULL;\n"
                         "ALTER TABLE {0} DROP CONSTRAINT {1};\n",
                         table, proof, quoted);
  }
  for (const sql::Constraint& constraint : column.constraints) {
    const bool primary = constraint.kind == sql::ConstraintKind::primary_key;
    if (!primary && constraint.kind != sql::ConstraintKind::unique) continue;
    const std::string key = !constraint.name.empty() ? sql::quote_identifier(constraint.name)
                            : primary                ? Pass::object_name(name.name, "", "pkey")
                                                     : Pass::object_name(name.name, column.name, "key");
    steps += fmt::format("-- outside a transaction:\nCREATE UNIQUE INDEX CONCURRENTLY {0} ON {1} ({2});\n-- then:\n"
                         "ALTER TABLE {1} ADD CONSTRAINT {0} {3} USING INDEX {0};\n",
                         key, table, quoted, primary ? "PRIMARY KEY" : "UNIQUE");
  }
  return steps;
}

std::string key_by_index(const Pass& pass, effects::CommandIndex command, const sql::Constraint& key, const std::string& name) {
  const auto& alter = *pass.as<sql::AlterTable>();
  const std::string table = pass.sql(alter.name);
  const std::string constraint = sql::quote_identifier(name);
  // An index takes the constraint's name when it becomes its own (manual: ALTER TABLE, ADD table_constraint_using_index).
  const std::string index = replaces_constraint(pass, command, name) ? Pass::object_name(name, "", "new") : constraint;
  std::string definition = fmt::format("({})", list_of(key.columns));
  if (!key.include.empty()) definition += fmt::format(" INCLUDE ({})", list_of(key.include));
  if (key.nulls_not_distinct) definition += " NULLS NOT DISTINCT";
  std::vector<std::string_view> columns = key.columns;
  columns.insert(columns.end(), key.include.begin(), key.include.end());
  return fmt::format("{}-- outside a transaction:\nCREATE UNIQUE INDEX CONCURRENTLY {} ON {} {};\n-- then:\n"
                     "ALTER TABLE {} {}ADD CONSTRAINT {} {} USING INDEX {}{};",
                     added_columns(pass, command, columns), index, table, definition, table, dropped_constraints(pass, command), constraint,
                     key.kind == sql::ConstraintKind::primary_key ? "PRIMARY KEY" : "UNIQUE", index, deferring(key));
}

}  // namespace cupel::lint
