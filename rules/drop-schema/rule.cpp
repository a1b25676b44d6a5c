#include "lint/pass.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: DROP SCHEMA", "migrationpilot/MP035", "pgfence/drop-schema", "pg-migration-lint/PML205",
                                        "atlas/DS101"};

bool creates(const sql::Statement& statement, std::string_view name) {
  const auto* create = statement.as<sql::CreateSchema>();
  return create != nullptr && create->name == name;
}

// By this migration, or by the upgrade that this downgrade undoes.
bool is_new(const lint::Pass& pass, std::string_view name) {
  const std::vector<lint::StatementPlace>& all = pass.statements();
  if (std::any_of(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(pass.number()),
                  [&](const auto& place) { return creates(*place.statement, name); }))
    return true;
  if (!pass.downgrade() || pass.upgrade() == nullptr) return false;
  const auto statements = pass.upgrade()->statements();
  return std::any_of(statements.begin(), statements.end(), [&](const sql::Statement& each) { return creates(each, name); });
}

std::vector<std::string> tables_in(const lint::Pass& pass, std::string_view name) {
  std::vector<std::string> tables;
  for (const schema::RelationId id : pass.database().relations()) {
    const schema::Relation& relation = pass.database().relation(id);
    if (relation.name.schema == name &&
        (relation.kind == schema::RelationKind::table || relation.kind == schema::RelationKind::partitioned_table))
      tables.push_back(sql::quote_identifier(relation.name.name));
  }
  return tables;
}

void check(lint::Pass& pass) {
  const auto& drop = *pass.as<sql::DropObjects>();
  if (drop.kind != sql::ObjectKind::schema || drop.behavior != sql::DropBehavior::cascade) return;
  if (pass.effects().no_op || (pass.effects().failure && pass.effects().failure->certain)) return;
  for (const sql::QualifiedName& name : drop.names) {
    if (is_new(pass, name.name)) continue;
    std::vector<std::string> tables = tables_in(pass, name.name);
    const bool is_known = pass.database().schema_exists(name.name);
    // Only views, functions and types, which can be made again.
    if (is_known && tables.empty()) continue;
    std::string why =
        "With CASCADE nothing is refused: tables with their rows, functions and types go, and so do foreign keys, views and "
        "columns of other schemas that depend on them.";
    if (!tables.empty()) {
      const std::size_t more = tables.size() > 5 ? tables.size() - 5 : 0;
      tables.resize(tables.size() - more);
      why += fmt::format(" The migrations made there: {}{}.", fmt::join(tables, ", "), more == 0 ? "" : fmt::format(" and {} more", more));
    }
    const std::string schema = sql::quote_identifier(name.name);
    lint::Report report =
        pass.report(name.span, fmt::format("dropping schema {} deletes {}", schema,
                                           is_known ? "every table in it with its rows" : "whatever is in it, which no migration shows"));
    report.why(std::move(why))
        .certainty(lint::Certainty::assumes_rows)
        .advice("drop what is in it one by one when no running code uses it; without CASCADE, only an empty schema is dropped")
        .safe_sql(fmt::format("-- when it is empty:\nDROP SCHEMA {};", schema));
    // Most likely there is none, or the application made it.
    if (!is_known && drop.if_exists) report.severity(lint::Severity::info);
  }
}

}  // namespace

CUPEL_RULE(drop_schema) = {
    .title = "Schema dropped with everything in it",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::data_loss,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::DropObjects>(),
    .check = check,
};
