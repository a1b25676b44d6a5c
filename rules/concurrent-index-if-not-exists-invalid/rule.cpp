#include "lint/pass.h"

#include <algorithm>

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: CREATE INDEX, Building Indexes Concurrently", "migrationpilot/MP070",
                                        "strong_migrations#233"};

bool drops_index(const sql::Statement& statement, std::string_view name) {
  const auto* drop = statement.as<sql::DropObjects>();
  if (drop == nullptr || drop->kind != sql::ObjectKind::index) return false;
  return std::any_of(drop->names.begin(), drop->names.end(), [&](const sql::QualifiedName& each) { return each.name == name; });
}

void check(lint::Pass& pass) {
  const auto& create = *pass.as<sql::CreateIndex>();
  if (!create.concurrently || !create.if_not_exists || create.name.empty()) return;
  const schema::Relation* table = pass.find(create.table);
  if (!pass.is_live(table)) return;
  if (pass.effects().failure && pass.effects().failure->certain) return;
  for (std::size_t i = 0; i < pass.number(); ++i) {
    if (drops_index(*pass.statements()[i].statement, create.name)) return;
  }
  // The index lives in its table's schema.
  const std::string index = sql::to_sql(sql::QualifiedName{create.table.schema, create.name, {}});
  const std::string_view definition = Span{create.table.span.end, pass.statement().span.end}.of(pass.script().source().text());
  const std::string_view unique = create.unique ? "UNIQUE " : "";
  pass.report(create.name_span,
              fmt::format("if an earlier attempt left index {} INVALID, IF NOT EXISTS keeps it that way and reports success", create.name))
      .why(create.unique ? "A concurrent build that fails leaves an INVALID index behind: no query uses it, and duplicates that were there "
                           "stay. IF NOT EXISTS looks at nothing but the name."
                         : "A concurrent build that fails leaves an INVALID index behind: no query uses it, every write pays for it. IF "
                           "NOT EXISTS looks at nothing but the name.")
      .no_effects()
      .advice("drop what an earlier attempt left, then build without IF NOT EXISTS")
      .safe_sql(
          fmt::format("-- each outside a transaction:\nDROP INDEX CONCURRENTLY IF EXISTS {};\nCREATE {}INDEX CONCURRENTLY {} ON {}{};",
                      index, unique, sql::quote_identifier(create.name), pass.sql(create.table), definition));
}

constexpr std::string_view more_specific[] = {"concurrently-in-transaction"};

}  // namespace

CUPEL_RULE(concurrent_index_if_not_exists_invalid) = {
    .title = "IF NOT EXISTS accepts an invalid index",
    .severity = cupel::lint::Severity::warning,
    .group = cupel::lint::Group::failure,
    .sources = sources,
    .yields_to = more_specific,
    .on = cupel::lint::StatementKinds::of<cupel::sql::CreateIndex>(),
    .check = check,
};
