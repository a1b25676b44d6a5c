#include "lint/pass.h"
#include "lint/undone_rename.h"

#include <string>

#include <fmt/format.h>

namespace {

using namespace cupel;
using schema::RelationKind;
using sql::ObjectKind;

constexpr std::string_view sources[] = {"manual: ALTER TABLE, RENAME", "squawk/renaming-table", "strong_migrations/rename_table",
                                        "atlas/BC101", "migrationpilot/MP028"};

bool same_schema(std::string_view a, std::string_view b) { return a.empty() || b.empty() || a == b; }

// What exists under the old name from then on, in the same transaction.
bool gives_name(const sql::Statement& statement, const sql::QualifiedName& table) {
  if (const auto* rename = statement.as<sql::Rename>()) {
    return rename->kind != ObjectKind::column && rename->sub_name.empty() && rename->new_name == table.name &&
           same_schema(rename->name.schema, table.schema);
  }
  if (const auto* view = statement.as<sql::CreateView>())
    return view->name.name == table.name && same_schema(view->name.schema, table.schema);
  if (const auto* create = statement.as<sql::CreateTable>())
    return create->name.name == table.name && same_schema(create->name.schema, table.schema);
  if (const auto* create = statement.as<sql::CreateTableAs>())
    return create->name.name == table.name && same_schema(create->name.schema, table.schema);
  return false;
}

// The new name was another table's, which gave it up or was dropped in this transaction: the second half of a swap.
bool frees_name(const sql::Statement& statement, std::string_view name) {
  if (const auto* rename = statement.as<sql::Rename>())
    return rename->kind != ObjectKind::column && rename->sub_name.empty() && rename->name.name == name;
  const auto* drop = statement.as<sql::DropObjects>();
  if (drop == nullptr || (drop->kind != ObjectKind::table && drop->kind != ObjectKind::view && drop->kind != ObjectKind::materialized_view))
    return false;
  for (const sql::QualifiedName& each : drop->names) {
    if (each.name == name) return true;
  }
  return false;
}

// "table", "view"; empty for what no application names: indexes, sequences.
std::string_view word(ObjectKind written, const schema::Relation* relation) {
  if (relation != nullptr) {
    switch (relation->kind) {
      case RelationKind::table:
      case RelationKind::partitioned_table:
      case RelationKind::foreign_table: return "table";
      case RelationKind::view: return "view";
      case RelationKind::materialized_view: return "materialized view";
      default: return {};
    }
  }
  switch (written) {
    case ObjectKind::table:
    case ObjectKind::foreign_table: return "table";
    case ObjectKind::view: return "view";
    case ObjectKind::materialized_view: return "materialized view";
    default: return {};
  }
}

void check(lint::Pass& pass) {
  const auto& rename = *pass.as<sql::Rename>();
  const effects::Effects& effects = pass.effects();
  if (effects.no_op || (effects.failure && effects.failure->certain) || !rename.sub_name.empty()) return;
  const schema::Relation* relation = pass.find(rename.name);
  const std::string_view kind = word(rename.kind, relation);
  if (kind.empty() || !pass.is_live(relation) || (relation != nullptr && pass.undoes_upgrade(relation->created_epoch))) return;
  if (rename.new_name.find("deprecated") != std::string_view::npos) return;  // put aside on purpose
  for (const lint::StatementPlace& later : pass.later_in_transaction()) {
    if (gives_name(*later.statement, rename.name)) return;
  }
  for (const lint::StatementPlace& earlier : pass.earlier_in_transaction()) {
    if (frees_name(*earlier.statement, rename.new_name)) return;
  }
  const std::string new_name = sql::quote_identifier(rename.new_name);
  const std::string moved =
      rename.name.schema.empty() ? new_name : fmt::format("{}.{}", sql::quote_identifier(rename.name.schema), new_name);
  const std::string_view command = kind == "table" ? "TABLE" : kind == "view" ? "VIEW" : "MATERIALIZED VIEW";
  lint::Report report = pass.report(
      fmt::format("renaming {} {} to {} breaks running code that uses the old name", kind, pass.display(rename.name), new_name));
  // The code that knows the name is rolled back with it.
  if (lint::undoes_rename(pass, rename)) report.severity(lint::Severity::info);
  report
      .why(
          "The application and the migration cannot change in the same instant: until the new code runs everywhere, the old one fails. "
          "PL/pgSQL functions keep the old name and fail at run time.")
      .advice("let a view keep the old name until no code uses it")
      .safe_sql(fmt::format("-- in one transaction:\nALTER {0} {1} RENAME TO {2};\nCREATE VIEW {1} AS SELECT * FROM {3};\n"
                            "-- later, when no code uses the old name:\nDROP VIEW {1};",
                            command, pass.sql(rename.name), new_name, moved));
}

}  // namespace

CUPEL_RULE(rename_table) = {
    .title = "Table renamed under running code",
    .severity = cupel::lint::Severity::warning,
    .group = cupel::lint::Group::compatibility,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::Rename>(),
    .check = check,
};
