#include "lint/companions.h"

#include <algorithm>

#include <fmt/format.h>

namespace cupel::lint {
namespace {

using Action = sql::AlterTableAction;

// PostgreSQL drops first, then adds columns, then constraints, in whatever order they are written (ATPrepCmd's passes).
std::vector<const sql::AlterTableCommand*> others(const Pass& pass, effects::CommandIndex command) {
  std::vector<const sql::AlterTableCommand*> result;
  const auto* alter = pass.as<sql::AlterTable>();
  if (alter == nullptr) return result;
  for (std::size_t i = 0; i < alter->commands.size(); ++i) {
    if (command < 0 || i != static_cast<std::size_t>(command)) result.push_back(&alter->commands[i]);
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

bool drops(const sql::Statement& statement, const sql::QualifiedName& table, std::string_view quoted_constraint) {
  const auto* alter = statement.as<sql::AlterTable>();
  return alter != nullptr && alter->name.name == table.name &&
         (alter->name.schema.empty() || table.schema.empty() || alter->name.schema == table.schema) &&
         std::any_of(alter->commands.begin(), alter->commands.end(), [quoted_constraint](const sql::AlterTableCommand& command) {
           return command.action == Action::drop_constraint && sql::quote_identifier(command.name) == quoted_constraint;
         });
}

bool dropped_earlier(const Pass& pass, std::string_view quoted_constraint) {
  const std::vector<StatementPlace>& statements = pass.statements();
  const std::size_t end = std::min(pass.number(), statements.size());
  return std::any_of(statements.begin(), statements.begin() + static_cast<std::ptrdiff_t>(end), [&](const StatementPlace& place) {
    return drops(*place.statement, pass.as<sql::AlterTable>()->name, quoted_constraint);
  });
}

// While its index has the name, none can be built beside it.
bool replaces_constraint(const Pass& pass, std::string_view quoted_constraint) {
  return drops(pass.statement(), pass.as<sql::AlterTable>()->name, quoted_constraint) || dropped_earlier(pass, quoted_constraint);
}

std::string list_of(std::span<const std::string_view> names) {
  std::string list;
  for (const std::string_view name : names) list.append(list.empty() ? "" : ", ").append(sql::quote_identifier(name));
  return list;
}

// `dropping`: what goes in the same instant, each with a comma after it. Empty for WITHOUT OVERLAPS (18), which takes no index that exists.
std::string index_first(const Pass& pass, const sql::Constraint& key, const std::string& name, std::string_view dropping) {
  if (key.without_overlaps) return {};
  const std::string table = pass.sql(pass.as<sql::AlterTable>()->name);
  const std::string constraint = sql::quote_identifier(name);
  // An index takes the constraint's name when it becomes its own (manual: ALTER TABLE, ADD table_constraint_using_index).
  const std::string index = replaces_constraint(pass, constraint) ? Pass::object_name(name, "", "new") : constraint;
  std::string definition = fmt::format("({})", list_of(key.columns));
  if (!key.include.empty()) definition += fmt::format(" INCLUDE ({})", list_of(key.include));
  if (key.nulls_not_distinct) definition += " NULLS NOT DISTINCT";
  if (!key.tablespace.empty()) definition += fmt::format(" TABLESPACE {}", sql::quote_identifier(key.tablespace));
  return fmt::format(
      "-- outside a transaction:\nCREATE UNIQUE INDEX CONCURRENTLY {} ON {} {};\n-- then:\n"
      "ALTER TABLE {} {}ADD CONSTRAINT {} {} USING INDEX {}{};",
      index, table, definition, table, dropping, constraint, key.kind == sql::ConstraintKind::primary_key ? "PRIMARY KEY" : "UNIQUE", index,
      deferring(key));
}

// Without quotes: as written, or as PostgreSQL would call it (manual: CREATE TABLE, CONSTRAINT; indexcmds.c, makeObjectName).
std::string key_name(const sql::Constraint& key, std::string_view table, std::string_view column) {
  if (!key.name.empty()) return std::string(key.name);
  std::string name =
      key.kind == sql::ConstraintKind::primary_key ? fmt::format("{}_pkey", table.substr(0, 58)) : fmt::format("{}_{}_key", table, column);
  if (name.size() > 63) name.resize(63);  // NAMEDATALEN - 1 (manual 4.1.1)
  return name;
}

}  // namespace

bool fails_with_rows(const Pass& pass) {
  const auto& failure = pass.effects().failure;
  return failure && failure->certain && failure->sqlstate == "23502";
}

std::string dropped_constraints(const Pass& pass, effects::CommandIndex command, std::string_view quoted_name) {
  std::string list;
  for (const sql::AlterTableCommand* each : others(pass, command)) {
    if (each->action == Action::drop_constraint) list.append(text_of(pass, *each)).append(", ");
  }
  // It may be gone already.
  if (!quoted_name.empty() && dropped_earlier(pass, quoted_name)) list += fmt::format("DROP CONSTRAINT IF EXISTS {}, ", quoted_name);
  return list;
}

std::string added_columns(const Pass& pass, effects::CommandIndex command, std::span<const std::string_view> columns) {
  return statement_of(pass, command, [columns](const sql::AlterTableCommand& each) {
    return (each.action == Action::drop_column || each.action == Action::add_column) &&
           std::find(columns.begin(), columns.end(), each.column ? each.column->name : each.name) != columns.end();
  });
}

std::string dropped_column(const Pass& pass, effects::CommandIndex command, std::string_view column) {
  return statement_of(pass, command,
                      [column](const sql::AlterTableCommand& each) { return each.action == Action::drop_column && each.name == column; });
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
  const auto is_primary = [](const sql::Constraint& constraint) { return constraint.kind == sql::ConstraintKind::primary_key; };
  std::string steps;
  if (not_null || std::any_of(column.constraints.begin(), column.constraints.end(), is_primary)) {
    const std::string proof = Pass::object_name(name.name, column.name, "not_null");
    steps += fmt::format(
        "-- then, in migrations of their own:\nALTER TABLE {0} ADD CONSTRAINT {1} CHECK ({2} IS NOT NULL) NOT VALID;\n"
        "ALTER TABLE {0} VALIDATE CONSTRAINT {1};\nALTER TABLE {0} ALTER COLUMN {2} SET NOT NULL;\n"
        "ALTER TABLE {0} DROP CONSTRAINT {1};\n",
        table, proof, quoted);
  }
  std::string dropping = dropped_constraints(pass, -1);
  for (const sql::Constraint& constraint : column.constraints) {
    if (!is_primary(constraint) && constraint.kind != sql::ConstraintKind::unique) continue;
    sql::Constraint key = constraint;
    key.columns = {column.name};
    const std::string called = key_name(key, name.name, column.name);
    const std::string quoted_key = sql::quote_identifier(called);
    if (dropped_earlier(pass, quoted_key)) dropping += fmt::format("DROP CONSTRAINT IF EXISTS {}, ", quoted_key);
    steps += index_first(pass, key, called, dropping) + "\n";
    dropping.clear();
  }
  return steps;
}

std::string trimmed(std::string steps) {
  while (steps.ends_with('\n')) steps.pop_back();
  return steps;
}

std::string key_by_index(const Pass& pass, effects::CommandIndex command, const sql::Constraint& key, const std::string& name) {
  const std::string steps = index_first(pass, key, name, dropped_constraints(pass, command, sql::quote_identifier(name)));
  if (steps.empty()) return {};
  std::vector<std::string_view> columns = key.columns;
  columns.insert(columns.end(), key.include.begin(), key.include.end());
  return added_columns(pass, command, columns) + steps;
}

}  // namespace cupel::lint
