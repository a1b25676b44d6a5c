#include "lint/pass.h"

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"migrationpilot/MP063", "safe-migrate/dynamic-sql", "manual: 41.5.4 Executing Dynamic Commands"};

void check(lint::Pass& pass) {
  const auto& opaque = *pass.as<sql::Opaque>();
  pass.report(fmt::format("cupel cannot see what this does: {}", opaque.what))
      .why("Its locks, rewrites and failures are not judged, nor is what it changes known to the statements after it.")
      .certainty(lint::Certainty::opaque)
      .no_effects()
      .advice("write the statements out, or read them with extra care");
}

}  // namespace

CUPEL_RULE(opaque_statement) = {
    .title = "Statement that only the server can tell",
    .severity = cupel::lint::Severity::info,
    .group = cupel::lint::Group::meta,
    .sources = sources,
    .repeat = cupel::lint::Repeat::once_per_part,
    .on = cupel::lint::StatementKinds::of<cupel::sql::Opaque>(),
    .check = check,
};
