#include "lint/batches.h"
#include "lint/pass.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

namespace {

using namespace cupel;
using effects::HeldLock;
using effects::Role;
using effects::WorkKind;
using schema::RelationId;

constexpr std::string_view sources[] = {"manual: 13.3.1 Table-Level Locks", "eugene/E4", "pgfence/statement-after-access-exclusive",
                                        "migrationpilot/MP008"};

// These ask for a migration of their own anyway.
constexpr std::string_view more_specific[] = {"add-index-non-concurrent",
                                              "type-change-rewrite",
                                              "set-not-null-scan",
                                              "set-not-null-drop-check-same-command",
                                              "add-check-not-not-valid",
                                              "add-fk-not-not-valid",
                                              "add-unique-without-index",
                                              "add-pk-without-index",
                                              "pk-using-index-nullable-scan",
                                              "add-exclude",
                                              "add-column-serial",
                                              "add-column-identity",
                                              "add-column-volatile-default",
                                              "add-column-generated-stored",
                                              "add-column-inline-check-scan",
                                              "add-column-inline-unique",
                                              "not-valid-validate-same-transaction",
                                              "reindex-blocking",
                                              "refresh-matview-blocking",
                                              "table-rewrite-maintenance",
                                              "attach-partition-scan"};

// The table whose users the lock keeps waiting.
RelationId blocked_table(const effects::RelationLock& lock) { return lock.role == Role::index ? lock.owner : lock.relation; }

bool is_live(const lint::Pass& pass, RelationId id) { return id == RelationId::none || pass.is_live(&pass.database().relation(id)); }

// The statement itself blocks that table as strongly: then its own finding says so.
bool blocks_itself(const lint::Pass& pass, const HeldLock& held) {
  const effects::RelationLock& lock = held.lock;
  return std::any_of(pass.effects().locks.begin(), pass.effects().locks.end(), [&](const effects::RelationLock& own) {
    const bool same = blocked_table(lock) != RelationId::none ? blocked_table(own) == blocked_table(lock)
                                                              : blocked_table(own) == RelationId::none && own.name == lock.name;
    if (!same) return false;
    return effects::blocks_reads(lock.mode) ? effects::blocks_reads(own.mode) : effects::blocks_writes(own.mode);
  });
}

// DROP TABLE IF EXISTS of a table that the history does not know: most likely there is none, and it says so itself.
bool is_doubtful(const lint::Pass& pass, const HeldLock& held) {
  if (blocked_table(held.lock) != RelationId::none || held.statement >= pass.statements().size()) return false;
  const auto* drop = pass.statements()[held.statement].statement->as<sql::DropObjects>();
  return drop != nullptr && drop->if_exists;
}

// The strongest lock of an earlier statement that keeps others waiting while this one works.
const HeldLock* kept_waiting(const lint::Pass& pass) {
  const HeldLock* found = nullptr;
  for (const HeldLock& held : pass.transaction().held()) {
    const effects::RelationLock& lock = held.lock;
    if (held.on_new_relation || lock.role == Role::toast || lock.role == Role::created || is_doubtful(pass, held)) continue;
    if (!effects::blocks_writes(lock.mode) || !is_live(pass, blocked_table(lock)) || blocks_itself(pass, held)) continue;
    if (found == nullptr || lock.mode > found->lock.mode) found = &held;
  }
  return found;
}

// What takes long: work on the rows of a table that may have many.
const effects::Work* long_work(const lint::Pass& pass) {
  const effects::Work* found = nullptr;
  for (const effects::Work& work : pass.effects().work) {
    const schema::Relation* table = work.relation == RelationId::none ? nullptr : &pass.database().relation(work.relation);
    // A new table counts when a query filled it, perhaps with many rows.
    if (!pass.may_have_rows(table) || (table != nullptr && !pass.is_live(table) && pass.database().has_few_rows(*table))) continue;
    if (found == nullptr || (found->kind == WorkKind::scan && work.kind != WorkKind::scan)) found = &work;  // reading is the least
  }
  return found;
}

std::string_view what(WorkKind kind) {
  switch (kind) {
    case WorkKind::rewrite: return "every row of {} is rewritten";
    case WorkKind::scan: return "every row of {} is read";
    case WorkKind::index_build: return "an index on {} is built";
    case WorkKind::index_rebuild: return "indexes of {} are rebuilt";
    case WorkKind::copy: return "{} is copied";
    case WorkKind::data_change: return "rows of {} are changed";
  }
  return "{}";
}

void check(lint::Pass& pass) {
  const effects::Effects& effects = pass.effects();
  if (!pass.transaction().in_transaction() || pass.transaction().first_blocking() == nullptr) return;
  if (effects.refused_in_transaction || (effects.failure && effects.failure->certain)) return;
  const effects::Work* work = long_work(pass);
  if (work == nullptr) return;
  const HeldLock* held = kept_waiting(pass);
  if (held == nullptr || pass.is_one_more()) return;

  const schema::Relation* table = work->relation == RelationId::none ? nullptr : &pass.database().relation(work->relation);
  const RelationId blocked = blocked_table(held->lock);
  const std::string blocked_name = blocked == RelationId::none ? held->lock.name : pass.display(pass.database().relation(blocked));
  const std::string doing = fmt::format(fmt::runtime(what(work->kind)), table == nullptr ? work->relation_name : pass.display(*table));
  // The statement that took it may stand in an earlier part of the same session.
  const lint::StatementPlace* taken = held->statement < pass.number() ? &pass.statements()[held->statement] : nullptr;
  lint::Report report =
      pass.report(fmt::format("{} of {} stay blocked while {}", effects::blocked_by(held->lock.mode), blocked_name, doing));
  report
      .why(fmt::format("The {} lock that {} took earlier in the transaction is held until the transaction ends.",
                       effects::sql_name(held->lock.mode), taken == nullptr ? "a statement" : taken->statement->tag()))
      .certainty(lint::Certainty::assumes_rows)
      .grows_with(table)
      .advice("give the slow statement a transaction of its own, or put it before the statement that locks");
  if (taken != nullptr) report.related(*taken, fmt::format("{} is locked here", blocked_name));
  std::string batches;
  if (const auto* update = pass.as<sql::Update>()) batches = lint::in_batches(pass, *update);
  if (const auto* deletion = pass.as<sql::Delete>()) batches = lint::in_batches(pass, *deletion);
  if (!batches.empty() && !pass.in_do_block()) {
    report.safe_sql(fmt::format("-- outside this migration, {}", batches.starts_with("-- ") ? batches.substr(3) : batches));
    return;
  }
  // What stands in a DO block is PL/pgSQL, with its variables and SELECT … INTO.
  if (pass.text().size() <= 600 && !pass.in_do_block()) report.safe_sql(fmt::format("-- in a migration of its own:\n{};", pass.text()));
}

}  // namespace

CUPEL_RULE(statement_after_access_exclusive) = {
    .title = "Slow statement while an earlier lock of the transaction is held",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::transactions,
    .sources = sources,
    .yields_to = more_specific,
    .repeat = cupel::lint::Repeat::once_per_part,
    .on = cupel::lint::StatementKinds::all(),
    .check = check,
};
