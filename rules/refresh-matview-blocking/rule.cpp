#include "lint/pass.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: REFRESH MATERIALIZED VIEW", "migrationpilot/MP033", "pgfence/refresh-materialized-view",
                                        "postgres-language-server"};

// CONCURRENTLY compares rows by a unique index over plain columns of all rows.
bool has_usable_index(const lint::Pass& pass, const schema::Relation& view) {
  return std::any_of(view.indexes.begin(), view.indexes.end(), [&](schema::RelationId id) {
    if (!pass.database().exists(id)) return false;
    const schema::Relation& index = pass.database().relation(id);
    return index.index && index.index->unique && index.index->valid && !index.index->predicate &&
           std::none_of(index.index->keys.begin(), index.index->keys.end(),
                        [](const schema::IndexKey& key) { return bool(key.expression); });
  });
}

void check(lint::Pass& pass) {
  const auto& refresh = *pass.as<sql::RefreshMaterializedView>();
  if (refresh.concurrently || !refresh.with_data || (pass.effects().failure && pass.effects().failure->certain)) return;
  const schema::Relation* view = pass.find(refresh.name);
  if (!pass.is_live(view)) return;
  // Nobody can read what was never populated, and CONCURRENTLY refuses it.
  if (view != nullptr && !view->populated) return;

  const std::string target = pass.sql(refresh.name);
  lint::Report report =
      pass.report(refresh.name.span, fmt::format("refreshing {} blocks its readers until its query has run", pass.display(refresh.name)));
  report.why("The view is filled anew under ACCESS EXCLUSIVE, and its indexes are built, however long that takes.")
      .certainty(lint::Certainty::assumes_rows)
      .grows_with(view);
  if (view == nullptr || view->incomplete || has_usable_index(pass, *view)) {
    report.advice("refresh it concurrently; that needs a unique index over plain columns of the view")
        .safe_sql(fmt::format("REFRESH MATERIALIZED VIEW CONCURRENTLY {};", target));
    return;
  }
  const auto named = std::find_if(view->columns.begin(), view->columns.end(),
                                  [](const schema::Column& column) { return !column.name.empty() && column.name != "*"; });
  report.advice("give it a unique index over plain columns that tell its rows apart, and refresh it concurrently");
  if (named == view->columns.end()) return;
  report.safe_sql(
      fmt::format("-- outside a transaction, over the columns that identify a row:\nCREATE UNIQUE INDEX CONCURRENTLY {} ON {} "
                  "({});\nREFRESH MATERIALIZED VIEW CONCURRENTLY {};",
                  lint::Pass::object_name(refresh.name.name, named->name, "key"), target, sql::quote_identifier(named->name), target));
}

}  // namespace

CUPEL_RULE(refresh_matview_blocking) = {
    .title = "Materialized view refreshed while its readers wait",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::locks,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::RefreshMaterializedView>(),
    .check = check,
};
