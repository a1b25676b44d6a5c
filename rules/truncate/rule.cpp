#include "lint/batches.h"
#include "lint/pass.h"

#include <string>
#include <vector>

#include <fmt/format.h>

namespace {

using namespace cupel;
using effects::Cause;

constexpr std::string_view sources[] = {"manual: TRUNCATE", "squawk/ban-truncate-cascade", "pgfence/truncate", "pg-migration-lint/PML203",
                                        "migrationpilot/MP036"};

// Tables that CASCADE empties, too, with their rows.
std::vector<std::string> cascaded(const lint::Pass& pass) {
  std::vector<std::string> names;
  for (const effects::RelationLock& lock : pass.effects().locks) {
    if (lock.role != effects::Role::referencing || lock.cause != Cause::cascade) continue;
    if (lock.relation == schema::RelationId::none || pass.is_live(&pass.database().relation(lock.relation)))
      names.push_back(pass.display(lock));
  }
  return names;
}

void check(lint::Pass& pass) {
  const auto& truncate = *pass.as<sql::Truncate>();
  const auto& failure = pass.effects().failure;
  const std::vector<std::string> others = cascaded(pass);
  for (const sql::QualifiedName& name : truncate.names) {
    const schema::Relation* table = pass.find(name);
    if (!pass.is_live(table) || !pass.may_have_rows(table) || (table != nullptr && pass.undoes_upgrade(table->created_epoch))) continue;
    if (failure && failure->certain) {
      pass.report(name.span, fmt::format("truncating {} fails: {}", pass.display(name), failure->message))
          .why("A table that others reference can only be truncated together with them.")
          .advice("name the referencing tables too, if their rows are to go as well; otherwise delete the rows")
          .safe_sql(lint::emptied_in_batches(pass, name));
      return;
    }
    const std::string also = others.empty() ? std::string() : fmt::format(", and with CASCADE those of {}", fmt::join(others, ", "));
    pass.report(name.span, fmt::format("truncating {} deletes all its rows{}", pass.display(name), also))
        .why(
            "The rows are gone when the transaction commits, no trigger for DELETE sees them, and ACCESS EXCLUSIVE keeps readers and "
            "writers out meanwhile.")
        .certainty(lint::Certainty::assumes_rows)
        .advice("if the rows are to go: copy them first if in doubt, and delete them in batches while the table is in use")
        .safe_sql(lint::emptied_in_batches(pass, name));
  }
}

}  // namespace

CUPEL_RULE(truncate) = {
    .title = "Table truncated",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::data_loss,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::Truncate>(),
    .check = check,
};
