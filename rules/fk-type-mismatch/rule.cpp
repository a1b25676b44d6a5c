#include "effects/key_types.h"
#include "lint/pass.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace {

using namespace cupel;
using effects::KeyFit;

constexpr std::string_view sources[] = {"manual: 5.5.5 Foreign Keys; 8.1.1 Integer Types; 11.7 Indexes on Expressions",
                                        "online_migrations/mismatched_foreign_key_type"};

std::string words(const schema::DataType& type) {
  sql::TypeName name;
  // With pg_catalog the long names are written: bigint, not int8.
  name.schema = type.schema == "public" ? std::string_view() : std::string_view(type.schema);
  name.name = type.name;
  name.modifiers = type.modifiers;
  return sql::to_sql(name);
}

std::optional<schema::DataType> defined(const lint::Pass& pass, const std::vector<sql::ColumnDefinition>& columns, std::string_view name) {
  const auto found = std::ranges::find(columns, name, &sql::ColumnDefinition::name);
  if (found == columns.end()) return std::nullopt;
  return pass.database().resolve(found->type);
}

// The column's type, in the table as it is or in the statement that makes it.
std::optional<schema::DataType> type_of(const lint::Pass& pass, const sql::QualifiedName& table, std::string_view column) {
  if (const auto* create = pass.as<sql::CreateTable>(); create != nullptr && create->name == table)
    return defined(pass, create->columns, column);
  if (const auto* alter = pass.as<sql::AlterTable>(); alter != nullptr && alter->name == table) {
    for (const sql::AlterTableCommand& command : alter->commands) {
      const bool sets = command.action == sql::AlterTableAction::add_column || command.action == sql::AlterTableAction::alter_type;
      if (!sets || !command.column) continue;
      const std::string_view name = command.action == sql::AlterTableAction::alter_type ? command.name : command.column->name;
      if (name == column) return pass.database().resolve(command.column->type);
    }
  }
  const schema::Relation* known = pass.find(table);
  const schema::Column* found = known == nullptr ? nullptr : known->find_column(column);
  if (found == nullptr || found->type.name.empty()) return std::nullopt;
  return found->type;
}

std::vector<std::string> key_columns(const lint::Pass& pass, const sql::Constraint& constraint) {
  if (!constraint.referenced_columns.empty()) return {constraint.referenced_columns.begin(), constraint.referenced_columns.end()};
  // A table that refers to itself.
  if (const auto* create = pass.as<sql::CreateTable>(); create != nullptr && create->name == constraint.referenced) {
    for (const sql::ColumnDefinition& column : create->columns) {
      if (std::ranges::find(column.constraints, sql::ConstraintKind::primary_key, &sql::Constraint::kind) != column.constraints.end())
        return {std::string(column.name)};
    }
    const auto key = std::ranges::find(create->constraints, sql::ConstraintKind::primary_key, &sql::Constraint::kind);
    return key == create->constraints.end() ? std::vector<std::string>{}
                                            : std::vector<std::string>(key->columns.begin(), key->columns.end());
  }
  const schema::Relation* referenced = pass.find(constraint.referenced);
  const schema::Constraint* key = referenced == nullptr ? nullptr : referenced->primary_key();
  return key == nullptr ? std::vector<std::string>{} : key->columns;
}

std::string_view largest(std::string_view type) { return type == "int2" ? "32767" : "2147483647"; }

void report(lint::Pass& pass, const sql::QualifiedName& table, Span span, const sql::Constraint& constraint, std::size_t position,
            const std::string& key, std::pair<const schema::DataType*, const schema::DataType*> types, KeyFit fit) {
  const std::string column = sql::quote_identifier(constraint.columns[position]);
  const std::string from = words(*types.first), to = words(*types.second);
  const std::string referenced = pass.display(constraint.referenced);
  const std::string begin =
      fmt::format("{} of {} is {}, but {} of {} is {}", column, pass.display(table), from, sql::quote_identifier(key), referenced, to);
  if (fit == KeyFit::narrower) {
    pass.report(span, fmt::format("{}: rows of {} with larger keys cannot be referred to", begin, referenced))
        .why(fmt::format(
            "PostgreSQL accepts the foreign key. Once keys pass {}, each INSERT that refers to one fails (22003), and a wider type "
            "then rewrites the table.",
            largest(types.first->name)))
        .no_effects()
        .advice(fmt::format("make the column {}, as the key is", to));
    return;
  }
  pass.report(span, fmt::format("{}: no index on {} serves the foreign key", begin, column))
      .why(fmt::format(
          "No operator compares the two types, so that {} is cast wherever they meet: each delete in {} and each join reads the "
          "whole table, even if the column has an index.",
          column, referenced))
      .certainty(lint::Certainty::assumes_rows)
      .no_effects()
      .advice(fmt::format("make the column {}, as the key is", to));
}

void check_key(lint::Pass& pass, const sql::QualifiedName& table, Span span, const sql::Constraint& constraint) {
  if (constraint.kind != sql::ConstraintKind::foreign_key) return;
  const std::vector<std::string> keys = key_columns(pass, constraint);
  if (keys.size() != constraint.columns.size()) return;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const std::optional<schema::DataType> from = type_of(pass, table, constraint.columns[i]),
                                          to = type_of(pass, constraint.referenced, keys[i]);
    if (!from || !to) continue;
    const KeyFit fit = effects::key_fit(*from, *to, pass.database(), pass.postgres_version());
    if (fit == KeyFit::fits) continue;
    // One finding per foreign key.
    return report(pass, table, span, constraint, i, keys[i], {&*from, &*to}, fit);
  }
}

void check(lint::Pass& pass) {
  if (pass.downgrade() || pass.effects().no_op || (pass.effects().failure && pass.effects().failure->certain)) return;
  if (const auto* create = pass.as<sql::CreateTable>()) {
    for (const sql::ColumnDefinition& column : create->columns) {
      for (const sql::Constraint& each : column.constraints) check_key(pass, create->name, column.span, each);
    }
    for (const sql::Constraint& each : create->constraints) check_key(pass, create->name, each.span, each);
    return;
  }
  const auto& alter = *pass.as<sql::AlterTable>();
  for (std::size_t i = 0; i < alter.commands.size(); ++i) {
    const sql::AlterTableCommand& command = alter.commands[i];
    const Span span = pass.span_of(static_cast<effects::CommandIndex>(i));
    if (command.action == sql::AlterTableAction::add_constraint && command.constraint)
      check_key(pass, alter.name, span, *command.constraint);
    if (command.action != sql::AlterTableAction::add_column || !command.column) continue;
    for (const sql::Constraint& each : command.column->constraints) check_key(pass, alter.name, span, each);
  }
}

}  // namespace

CUPEL_RULE(fk_type_mismatch) = {
    .title = "Foreign key between columns of different types",
    .severity = cupel::lint::Severity::warning,
    .group = cupel::lint::Group::data_changes,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::CreateTable, cupel::sql::AlterTable>(),
    .check = check,
};
