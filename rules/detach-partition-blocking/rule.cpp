#include "lint/pass.h"

#include <string>

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: ALTER TABLE, DETACH PARTITION", "squawk/require-concurrent-partition-detach",
                                        "migrationpilot/MP046", "pg-migration-lint/PML004", "squawk#831"};

void check(lint::Pass& pass) {
  const auto& alter = *pass.as<sql::AlterTable>();
  const schema::Relation* parent = pass.find(alter.name);
  if (!pass.is_live(parent) || (pass.effects().failure && pass.effects().failure->certain)) return;
  for (std::size_t i = 0; i < alter.commands.size(); ++i) {
    const sql::AlterTableCommand& command = alter.commands[i];
    if (command.action != sql::AlterTableAction::detach_partition || command.concurrently || !command.relation) continue;
    const auto index = static_cast<effects::CommandIndex>(i);
    const std::string table = pass.display(alter.name);
    const std::string partition = pass.display(*command.relation);
    const schema::Relation* rest = parent == nullptr ? nullptr : pass.database().default_partition(*parent);
    lint::Report report =
        pass.report(pass.span_of(index),
                    fmt::format("detaching partition {} blocks reads and writes of {} until the transaction ends", partition, table));
    report.command(index).why(
        "DETACH PARTITION takes ACCESS EXCLUSIVE on the partitioned table, so that every query of any of its partitions waits: first for "
        "the "
        "statement to get its lock, then for the transaction to end.");
    const std::string plain = fmt::format("SET lock_timeout = '2s';\nALTER TABLE {} DETACH PARTITION {};\nRESET lock_timeout;",
                                          pass.sql(alter.name), pass.sql(*command.relation));
    if (pass.postgres_version() < 14) {
      report.advice("let it give up quickly and try again, in a transaction of its own; PostgreSQL 14 can do it concurrently")
          .safe_sql(plain);
    } else if (rest != nullptr) {
      report
          .advice(fmt::format("CONCURRENTLY is refused while there is a default partition ({}): let it give up quickly and try again, in a "
                              "transaction of its own",
                              pass.display(*rest)))
          .safe_sql(plain);
    } else {
      report.advice(fmt::format("detach it concurrently, in {}", pass.outside_transaction_words()))
          .safe_sql(fmt::format("-- outside a transaction:\nALTER TABLE {0} DETACH PARTITION {1} CONCURRENTLY;\n"
                                "-- if that was interrupted:\n-- ALTER TABLE {0} DETACH PARTITION {1} FINALIZE;",
                                pass.sql(alter.name), pass.sql(*command.relation)));
    }
  }
}

}  // namespace

CUPEL_RULE(detach_partition_blocking) = {
    .title = "Partition detached while reads and writes are blocked",
    .severity = cupel::lint::Severity::warning,
    .group = cupel::lint::Group::locks,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::AlterTable>(),
    .check = check,
};
