#include "lint/pass.h"

#include <fmt/format.h>

namespace {

using namespace cupel;
using schema::RelationKind;

constexpr std::string_view sources[] = {"manual: CREATE INDEX, Building Indexes Concurrently", "squawk/require-concurrent-index-creation",
                                        "strong_migrations/add_index", "eugene/E6", "atlas/PG101"};

void check(lint::Pass& pass) {
  const auto& create = *pass.as<sql::CreateIndex>();
  if (create.concurrently || pass.effects().no_op) return;
  const effects::Work* build = pass.effects().find(effects::Cause::create_index);
  if (build == nullptr || build->kind != effects::WorkKind::index_build) return;  // ON ONLY a partitioned table builds nothing
  const schema::Relation* table = pass.find(create.table);
  if (!pass.is_live(table)) return;

  const std::string shown = create.name.empty() ? "an index" : fmt::format("index {}", create.name);
  lint::Report report =
      pass.report(create.name_span, fmt::format("building {} blocks writes to {} until it is built", shown, pass.display(create.table)));
  report
      .why(
          "CREATE INDEX holds SHARE on the table while it reads every row: INSERT, UPDATE and DELETE wait, and so does everything queued "
          "behind them.")
      .certainty(lint::Certainty::assumes_rows)
      .grows_with(table);

  // USING, the columns, INCLUDE, WITH and WHERE: as the user wrote them.
  const std::string_view file = pass.script().source().text();
  const std::string_view definition = Span{create.table.span.end, pass.statement().span.end}.of(file);
  const std::string name = create.name.empty()
                               ? lint::Pass::object_name(create.table.name, create.elements.empty() ? "" : create.elements[0].column, "idx")
                               : sql::quote_identifier(create.name);
  const std::string_view unique = create.unique ? "UNIQUE " : "";
  if (table != nullptr && table->kind == RelationKind::partitioned_table) {
    // CONCURRENTLY is refused on a partitioned table (0A000; manual: CREATE INDEX, Notes): partitions one by one.
    std::string steps = fmt::format("CREATE {}INDEX {} ON ONLY {}{};\n", unique, name, pass.sql(create.table), definition);
    for (const schema::RelationId id : table->children) {
      const schema::Relation& partition = pass.database().relation(id);
      const std::string part_name = lint::Pass::object_name(partition.name.name, create.name, "");
      steps += fmt::format("CREATE {}INDEX CONCURRENTLY {} ON {}{};\nALTER INDEX {} ATTACH PARTITION {};\n", unique, part_name,
                           pass.display(partition), definition, name, part_name);
    }
    report.advice("create it on the parent only, build it on each partition concurrently, and attach those").safe_sql(std::move(steps));
    return;
  }
  report.advice(fmt::format("build it concurrently, in {}", pass.outside_transaction_words()))
      .safe_sql(fmt::format("CREATE {}INDEX CONCURRENTLY {} ON {}{};", unique, name, pass.sql(create.table), definition));
}

}  // namespace

CUPEL_RULE(add_index_non_concurrent) = {
    .title = "Index built while writes are blocked",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::locks,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::CreateIndex>(),
    .check = check,
};
