#include "lint/pass.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: LOCK; 13.3.4 Deadlocks", "migrationpilot/MP065", "boardsesh#3496", "indexer#173"};

// A lock of another table, taken before in this transaction, that writers wait for.
const effects::HeldLock* other_held(const lint::Pass& pass, const sql::LockTable& lock) {
  for (const effects::HeldLock& held : pass.transaction().held()) {
    if (held.on_new_relation || held.lock.role == effects::Role::toast || held.lock.role == effects::Role::index) continue;
    if (!effects::blocks_writes(held.lock.mode)) continue;
    // Several LOCK TABLE in a row are one list, in an order that somebody chose.
    if (held.statement < pass.number() && pass.statements()[held.statement].statement->as<sql::LockTable>() != nullptr) continue;
    const bool known = held.lock.relation != schema::RelationId::none;
    if (known && pass.database().relation(held.lock.relation).kind == schema::RelationKind::sequence) continue;
    const bool same = std::ranges::any_of(lock.names, [&](const sql::QualifiedName& name) {
      const schema::Relation* relation = pass.find(name);
      return known ? relation != nullptr && relation->id == held.lock.relation : pass.display(name) == held.lock.name;
    });
    if (!same) return &held;
  }
  return nullptr;
}

void check(lint::Pass& pass) {
  const auto& lock = *pass.as<sql::LockTable>();
  if (lock.nowait || lock.names.empty() || !effects::blocks_writes(lock.mode)) return;
  if (pass.effects().failure && pass.effects().failure->certain) return;
  const auto live = std::ranges::find_if(lock.names, [&](const sql::QualifiedName& name) { return pass.is_live(name); });
  if (live == lock.names.end()) return;
  const effects::HeldLock* held = other_held(pass, lock);
  if (held == nullptr) return;
  const std::string first = pass.display(held->lock);
  lint::Report report = pass.report(
      live->span,
      fmt::format("LOCK TABLE waits for {} while {} is locked already, which deadlocks with whoever uses them in the other order",
                  pass.display(*live), first));
  report
      .why(
          "The server ends a deadlock by cancelling one of the transactions, most often the one that waited last: the migration fails, or "
          "an application's request does.")
      .advice("lock all tables of the migration in one statement at the beginning, in the order in which the application uses them")
      .safe_sql(fmt::format("-- first in the transaction:\nSET LOCAL lock_timeout = '2s';\nLOCK TABLE {}, {} IN {} MODE;", first,
                            pass.sql(*live), effects::sql_name(lock.mode)));
  if (held->statement < pass.number()) report.related(pass.statements()[held->statement], fmt::format("{} is locked here", first));
}

}  // namespace

CUPEL_RULE(explicit_lock_table) = {
    .title = "LOCK TABLE after other locks of the transaction",
    .severity = cupel::lint::Severity::warning,
    .group = cupel::lint::Group::transactions,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::LockTable>(),
    .check = check,
};
