#include "lint/pass.h"

#include <string>

#include <fmt/format.h>

namespace {

using namespace cupel;
using effects::RelationLock;
using effects::Role;
using schema::RelationId;

constexpr std::string_view sources[] = {"manual: 13.3.1 Table-Level Locks; 19.11.1 Statement Behavior, lock_timeout",
                                        "squawk/require-lock-timeout", "eugene/E9", "migrationpilot/MP004"};

// Somebody may be using what the lock is on; an index is used through its table.
bool is_felt(const lint::Pass& pass, const RelationLock& lock) {
  if (lock.role == Role::created || lock.role == Role::toast || !lock.held_to_end || !effects::blocks_writes(lock.mode)) return false;
  const RelationId user = lock.role == Role::index && lock.owner != RelationId::none ? lock.owner : lock.relation;
  return user == RelationId::none || pass.is_live(&pass.database().relation(user));
}

// The first lock that this statement has to wait for, or nullptr.
const RelationLock* waits_for(const lint::Pass& pass) {
  const RelationLock* strongest = nullptr;
  for (const RelationLock& lock : pass.effects().locks) {
    if (!is_felt(pass, lock)) continue;
    const effects::HeldLock* held = pass.transaction().held_on(lock.relation);
    if (held != nullptr && held->lock.mode >= lock.mode) continue;
    if (strongest == nullptr || lock.mode > strongest->mode) strongest = &lock;
  }
  return strongest;
}

bool waits_not(const sql::Statement& statement) {
  const auto* lock = statement.as<sql::LockTable>();
  return lock != nullptr && lock->nowait;
}

void check(lint::Pass& pass) {
  const effects::Effects& effects = pass.effects();
  if (effects.locks.empty() || waits_not(pass.statement()) || (effects.failure && effects.failure->certain)) return;
  if (effects.refused_in_transaction && pass.transaction().in_transaction()) return;
  if (pass.lock_timeout().value_or(0) > 0) return;
  const RelationLock* lock = waits_for(pass);
  if (lock == nullptr || pass.is_one_more()) return;
  const std::string name = lock->role == Role::index && lock->owner != RelationId::none
                               ? pass.display(pass.database().relation(lock->owner))
                               : pass.display(*lock);
  const bool in_transaction = pass.transaction().in_transaction();
  const std::string_view text = pass.text();
  const std::string statement = text.size() <= 600 ? fmt::format("{};\n", text) : std::string();
  pass.report(fmt::format("{} waits for its {} lock without a lock_timeout, and meanwhile all {} of {} queue behind it",
                          pass.statement().tag(), effects::sql_name(lock->mode), effects::blocked_by(lock->mode), name))
      .why(
          "A lock that is waited for blocks whatever conflicts with it and comes later, even while the statement itself does nothing: one "
          "long-running query is enough for an outage.")
      .advice(in_transaction ? "set a lock_timeout before the first statement that takes a strong lock, and try again when it is cancelled"
                             : "set a lock_timeout (SET LOCAL has no effect outside a transaction), and try again when it is cancelled")
      .safe_sql(in_transaction ? fmt::format("SET LOCAL lock_timeout = '2s';\n{}", statement)
                               : fmt::format("SET lock_timeout = '2s';\n{}RESET lock_timeout;", statement));
}

}  // namespace

CUPEL_RULE(lock_queue_blocker) = {
    .title = "Strong lock waited for without a lock_timeout",
    .severity = cupel::lint::Severity::warning,
    .group = cupel::lint::Group::transactions,
    .sources = sources,
    .repeat = cupel::lint::Repeat::once_per_run,
    .on = cupel::lint::StatementKinds::all(),
    .check = check,
};
