#include "lint/pass.h"

#include <algorithm>

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: DROP TABLE", "squawk/ban-drop-table", "atlas/DS102", "gitlab/post-deployment migrations",
                                        "pgfence/drop-table"};

// DROP TABLE IF EXISTS t; CREATE TABLE t …: a migration that may be run again, of a table that no migration made before.
bool only_clears_the_way(const lint::Pass& pass, const sql::DropObjects& drop, const sql::QualifiedName& name) {
  if (!drop.if_exists || pass.find(name) != nullptr) return false;
  const auto makes_it = [&name](const lint::StatementPlace& place) {
    const auto same = [&name](const sql::QualifiedName& made) { return made.name == name.name && made.schema == name.schema; };
    if (const auto* create = place.statement->as<sql::CreateTable>()) return same(create->name);
    const auto* create = place.statement->as<sql::CreateTableAs>();
    return create != nullptr && same(create->name);
  };
  return std::any_of(pass.statements().begin() + static_cast<std::ptrdiff_t>(pass.number()), pass.statements().end(), makes_it);
}

void check(lint::Pass& pass) {
  const auto& drop = *pass.as<sql::DropObjects>();
  const effects::Effects& effects = pass.effects();
  if (drop.kind != sql::ObjectKind::table || effects.no_op || (effects.failure && effects.failure->certain)) return;
  bool locks_told = false;
  for (const sql::QualifiedName& name : drop.names) {
    const schema::Relation* table = pass.find(name);
    if (!pass.is_live(table) || (table != nullptr && pass.undoes_upgrade(table->created_epoch))) continue;
    if (only_clears_the_way(pass, drop, name)) continue;
    lint::Report report = pass.report(
        name.span, fmt::format("dropping table {} deletes all its rows, and running code that names it fails", pass.display(name)));
    report
        .why(
            "The rows are gone when the transaction commits; only a backup brings them back. Deployed code keeps using the table until it "
            "is replaced.")
        .certainty(lint::Certainty::assumes_rows);
    // The statement locks all its tables at once: they are listed with the first.
    if (locks_told) report.no_effects();
    locks_told = true;
    // Somebody announced it: a table put aside under another name first.
    if (name.name.find("deprecated") != std::string_view::npos) {
      report.severity(lint::Severity::info);
      continue;
    }
    const std::string aside = lint::Pass::object_name(name.name, "", "deprecated");
    report.advice("put it aside under another name once no running code uses it, and drop it in a later release")
        .safe_sql(fmt::format("-- once no running code uses it:\nALTER TABLE {3}{0} RENAME TO {1};\n"
                              "-- in a later release, when nothing has missed it:\nDROP TABLE {3}{2};",
                              pass.sql(name), aside,
                              name.schema.empty() ? aside : fmt::format("{}.{}", sql::quote_identifier(name.schema), aside),
                              drop.if_exists ? "IF EXISTS " : ""));
  }
}

}  // namespace

CUPEL_RULE(drop_table) = {
    .title = "Table dropped with its rows",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::data_loss,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::DropObjects>(),
    .check = check,
};
