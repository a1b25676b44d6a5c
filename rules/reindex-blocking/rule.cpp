#include "lint/pass.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

namespace {

using namespace cupel;
using Target = sql::Reindex::Target;

constexpr std::string_view sources[] = {"manual: REINDEX, Rebuilding Indexes Concurrently", "squawk/require-concurrent-reindex",
                                        "migrationpilot/MP021", "pg-migration-lint/PML022"};

void check(lint::Pass& pass) {
  const auto& reindex = *pass.as<sql::Reindex>();
  const effects::Effects& effects = pass.effects();
  // Of the system catalogs there is no concurrent way.
  if (reindex.concurrently || reindex.target == Target::system || (effects.failure && effects.failure->certain)) return;
  if (reindex.target == Target::schema || reindex.target == Target::database) {
    const std::string_view word = reindex.target == Target::schema ? "SCHEMA" : "DATABASE";
    const std::string name = reindex.name.name.empty() ? std::string() : " " + sql::quote_identifier(reindex.name.name);
    pass.report(fmt::format("REINDEX {}{} blocks one table after the other while its indexes are rebuilt", word, name))
        .why(
            "Each table is locked with SHARE and each of its indexes with ACCESS EXCLUSIVE: writes wait, and so do reads, because planning "
            "a query opens every index of its tables.")
        .no_effects()
        .certainty(lint::Certainty::assumes_rows)
        .advice("rebuild concurrently, outside a transaction")
        .safe_sql(fmt::format("-- outside a transaction:\nREINDEX {} CONCURRENTLY{};", word, name));
    return;
  }
  // 13 skips partitioned tables with a warning: no work.
  const auto rebuilt = std::find_if(effects.work.begin(), effects.work.end(),
                                    [](const effects::Work& work) { return work.kind == effects::WorkKind::index_rebuild; });
  if (rebuilt == effects.work.end()) return;
  const schema::Relation* table = rebuilt->relation == schema::RelationId::none ? nullptr : &pass.database().relation(rebuilt->relation);
  if (!pass.keeps_others_waiting(table)) return;
  const bool index = reindex.target == Target::index;
  const std::string name = pass.display(reindex.name);
  const std::string of = !index ? name : table == nullptr ? "its table" : pass.display(*table);
  pass.report(reindex.name.span, index ? fmt::format("rebuilding index {} blocks writes to {}, and reads, until it is done", name, of)
                                       : fmt::format("rebuilding the indexes of {} blocks writes to it, and reads, until it is done", name))
      .why(
          "The table is locked with SHARE, each index that is rebuilt with ACCESS EXCLUSIVE. Reads wait for the latter, because planning a "
          "query opens every index of its tables.")
      .certainty(lint::Certainty::assumes_rows)
      .grows_with(table)
      .advice("rebuild concurrently, outside a transaction")
      .safe_sql(fmt::format("-- outside a transaction:\nREINDEX {} CONCURRENTLY {};", index ? "INDEX" : "TABLE", pass.sql(reindex.name)));
}

constexpr std::string_view more_specific[] = {"concurrently-in-transaction"};

}  // namespace

CUPEL_RULE(reindex_blocking) = {
    .title = "Indexes rebuilt while reads and writes are blocked",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::locks,
    .sources = sources,
    .yields_to = more_specific,
    .on = cupel::lint::StatementKinds::of<cupel::sql::Reindex>(),
    .check = check,
};
