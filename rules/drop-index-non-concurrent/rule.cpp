#include "lint/pass.h"

#include <fmt/format.h>

namespace {

using namespace cupel;
using schema::RelationId;
using schema::RelationKind;

constexpr std::string_view sources[] = {"manual: DROP INDEX", "squawk/require-concurrent-index-deletion", "strong_migrations/remove_index",
                                        "atlas/PG102", "migrationpilot/MP009"};

void check(lint::Pass& pass) {
  const auto& drop = *pass.as<sql::DropObjects>();
  const effects::Effects& effects = pass.effects();
  if (drop.kind != sql::ObjectKind::index || drop.concurrently || effects.no_op || (effects.failure && effects.failure->certain)) return;
  for (const sql::QualifiedName& name : drop.names) {
    const schema::Relation* index = pass.find(name);
    const schema::Relation* table = nullptr;
    if (index != nullptr && index->index && index->index->table != RelationId::none) table = &pass.database().relation(index->index->table);
    if (index != nullptr && !pass.is_live(index)) continue;
    if (table != nullptr && (!pass.is_live(table) || pass.undoes_upgrade(table->created_epoch))) continue;

    // The transaction keeps readers and writers out already: this adds nothing.
    const effects::HeldLock* held = table == nullptr ? nullptr : pass.transaction().held_on(table->id);
    if (held != nullptr && held->lock.mode == effects::LockMode::access_exclusive && held->lock.held_to_end) continue;

    const std::string shown = table == nullptr ? "its table" : pass.display(*table);
    const std::string_view how_long =
        pass.transaction().in_transaction() ? "until the transaction ends" : "while it waits for its lock and drops the index";
    lint::Report report =
        pass.report(name.span, fmt::format("dropping index {} blocks reads and writes of {} {}", pass.display(name), shown, how_long));
    report.why(
        "DROP INDEX waits for every running query of the table with ACCESS EXCLUSIVE, and everything that comes later waits behind it.");
    // Taken back in an emergency, if ever; what waits for the lock is the same, but nobody would split the downgrade for it.
    if (index != nullptr && pass.undoes_upgrade(index->created_epoch)) report.severity(lint::Severity::info);
    const std::string_view exists = drop.if_exists ? "IF EXISTS " : "";
    if (table != nullptr && table->kind == RelationKind::partitioned_table) {
      // 0A000 otherwise (manual: DROP INDEX, CONCURRENTLY).
      report.advice("an index of a partitioned table cannot be dropped concurrently: let it give up quickly, and try again")
          .safe_sql(fmt::format("SET lock_timeout = '2s';\nDROP INDEX {}{};\nRESET lock_timeout;", exists, pass.sql(name)));
      continue;
    }
    report.advice(fmt::format("drop it concurrently, in {}", pass.outside_transaction_words()))
        .safe_sql(fmt::format("-- outside a transaction:\nDROP INDEX CONCURRENTLY {}{};", exists, pass.sql(name)));
  }
}

}  // namespace

CUPEL_RULE(drop_index_non_concurrent) = {
    .title = "Index dropped while reads and writes are blocked",
    .severity = cupel::lint::Severity::warning,
    .group = cupel::lint::Group::locks,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::DropObjects>(),
    .check = check,
};
