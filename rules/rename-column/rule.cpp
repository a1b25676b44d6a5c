#include "lint/pass.h"
#include "lint/undone_rename.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace {

using namespace cupel;
using sql::ObjectKind;

constexpr std::string_view sources[] = {"manual: ALTER TABLE, RENAME", "squawk/renaming-column", "strong_migrations/rename_column",
                                        "atlas/BC102", "migrationpilot/MP010"};

bool same_table(const sql::QualifiedName& a, const sql::QualifiedName& b) {
  return a.name == b.name && (a.schema.empty() || b.schema.empty() || a.schema == b.schema);
}

// What the table was called before this transaction.
sql::QualifiedName former_name(const lint::Pass& pass, sql::QualifiedName table) {
  const auto earlier = pass.earlier_in_transaction();
  for (auto place = earlier.rbegin(); place != earlier.rend(); ++place) {
    const auto* rename = place->statement->as<sql::Rename>();
    if (rename != nullptr && rename->kind != ObjectKind::column && rename->sub_name.empty() && rename->new_name == table.name)
      table = rename->name;
  }
  return table;
}

// A view of the table's name stands in for the table as the application knows it.
bool makes_view(const sql::Statement& statement, const sql::QualifiedName& table) {
  const auto* view = statement.as<sql::CreateView>();
  return view != nullptr && same_table(view->name, table);
}

// The name goes on to exist: another column gets it in the same transaction.
bool gives_name(const sql::Statement& statement, const sql::QualifiedName& table, std::string_view column) {
  if (const auto* rename = statement.as<sql::Rename>())
    return rename->kind == ObjectKind::column && same_table(rename->name, table) && rename->new_name == column;
  const auto* alter = statement.as<sql::AlterTable>();
  return alter != nullptr && same_table(alter->name, table) &&
         std::any_of(alter->commands.begin(), alter->commands.end(), [&](const sql::AlterTableCommand& command) {
           return command.action == sql::AlterTableAction::add_column && command.name == column;
         });
}

// The new name was another column's until this transaction: the second half of a swap.
bool takes_name(const sql::Statement& statement, const sql::QualifiedName& table, std::string_view column) {
  const auto* rename = statement.as<sql::Rename>();
  return rename != nullptr && rename->kind == ObjectKind::column && same_table(rename->name, table) && rename->sub_name == column;
}

// All columns that this migration renames in that table: one view offers their old names.
std::vector<const sql::Rename*> renames_of(const lint::Pass& pass, const sql::QualifiedName& table) {
  std::vector<const sql::Rename*> found;
  for (const lint::StatementPlace& place : pass.statements()) {
    const auto* rename = place.statement->as<sql::Rename>();
    if (rename == nullptr || rename->kind != ObjectKind::column || !same_table(rename->name, table)) continue;
    // A name that is passed on from column to column is no name that the view could add.
    const bool passed_on = std::any_of(found.begin(), found.end(), [&](const sql::Rename* other) {
      return other->new_name == rename->sub_name || other->sub_name == rename->new_name || other->sub_name == rename->sub_name;
    });
    if (passed_on) return {pass.as<sql::Rename>()};
    found.push_back(rename);
  }
  return found;
}

void check(lint::Pass& pass) {
  const auto& rename = *pass.as<sql::Rename>();
  if (rename.kind != ObjectKind::column || (pass.effects().failure && pass.effects().failure->certain)) return;
  const schema::Relation* table = pass.find(rename.name);
  if (!pass.is_live(table) || (table == nullptr && rename.if_exists && pass.effects().no_op)) return;
  const schema::Column* column = table == nullptr ? nullptr : table->find_column(rename.sub_name);
  if (column != nullptr && (column->created_epoch == pass.database().epoch() || pass.undoes_upgrade(column->created_epoch))) return;
  const sql::QualifiedName former = former_name(pass, rename.name);
  for (const lint::StatementPlace& later : pass.later_in_transaction()) {
    if (makes_view(*later.statement, former) || gives_name(*later.statement, rename.name, rename.sub_name)) return;
  }
  for (const lint::StatementPlace& earlier : pass.earlier_in_transaction()) {
    if (takes_name(*earlier.statement, rename.name, rename.new_name)) return;
  }

  const std::string old_name = sql::quote_identifier(rename.sub_name);
  const std::string new_name = sql::quote_identifier(rename.new_name);
  lint::Report report = pass.report(fmt::format("renaming column {} of {} to {} breaks running code that uses the old name", old_name,
                                                pass.display(rename.name), new_name));
  report
      .why(
          "The application and the migration cannot change in the same instant: until the new code runs everywhere, the old one fails. "
          "PL/pgSQL functions keep the old name and fail at run time.")
      .advice("let a view with the table's old name offer both names, until no code uses the old one");
  // The code that knows the name is rolled back with it.
  if (lint::undoes_rename(pass, rename)) report.severity(lint::Severity::info);
  if (table != nullptr && table->kind != schema::RelationKind::table) return;
  const std::vector<const sql::Rename*> together = renames_of(pass, rename.name);
  if (!together.empty() && together.front() != &rename) {
    report.advice(fmt::format("let the view that stands in for {} offer this old name too: see its first renaming in this migration",
                              pass.display(rename.name)));
    return;
  }
  std::string renamed;
  std::string old_names;
  const std::string base = lint::Pass::object_name(rename.name.name, "", "base");
  const std::string moved = rename.name.schema.empty() ? base : fmt::format("{}.{}", sql::quote_identifier(rename.name.schema), base);
  for (const sql::Rename* other : together) {
    const std::string from = sql::quote_identifier(other->sub_name);
    const std::string to = sql::quote_identifier(other->new_name);
    renamed += fmt::format("ALTER TABLE {} RENAME COLUMN {} TO {};\n", moved, from, to);
    old_names += fmt::format(", {} AS {}", to, from);
  }
  report.safe_sql(
      fmt::format("-- in one transaction:\nALTER TABLE {0} RENAME TO {1};\n{2}"
                  "CREATE VIEW {0} AS SELECT *{3} FROM {4};\n"
                  "-- later, in one transaction, when no code uses the old name:\nDROP VIEW {0};\nALTER TABLE {4} RENAME TO {5};",
                  pass.sql(rename.name), base, renamed, old_names, moved, sql::quote_identifier(rename.name.name)));
}

}  // namespace

CUPEL_RULE(rename_column) = {
    .title = "Column renamed under running code",
    .severity = cupel::lint::Severity::warning,
    .group = cupel::lint::Group::compatibility,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::Rename>(),
    .check = check,
};
