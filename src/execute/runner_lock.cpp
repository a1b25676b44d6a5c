#include "execute/runner_lock.h"

#include <algorithm>

#include <fmt/format.h>

namespace cupel::execute {
namespace {

using Clock = std::chrono::steady_clock;

// Behind a pooler the process that the client was told of at the start is not the one that answers. One that keeps a
// server session for each client is fine; one that shares them between transactions is found by holding a transaction
// open on a second connection: it is given the very session that the first one just used, or the first one then gets
// another.
Status refuse_transaction_pooler(PgSession& session, const std::string& target) {
  TRY_ASSIGN(const Rows first, session.query("SELECT pg_backend_pid()", "cannot talk to the server"));
  if (first.number(0, 0) == session.backend_pid()) return success();
  TRY_ASSIGN(PgSession second, PgSession::connect({target, "cupel", nullptr}));
  TRY_VOID(second.query("BEGIN", "cannot talk to the server"));
  TRY_ASSIGN(const Rows other, second.query("SELECT pg_backend_pid()", "cannot talk to the server"));
  TRY_ASSIGN(const Rows again, session.query("SELECT pg_backend_pid()", "cannot talk to the server"));
  second.run_to_end("ROLLBACK");
  if (other.number(0, 0) != first.number(0, 0) && again.number(0, 0) == first.number(0, 0)) return success();
  return Error{
      ErrorCode::connection,
      "the connection goes through a pooler that hands out a server session for each transaction (PgBouncer's pool_mode = transaction): no "
      "lock can be held across "
      "transactions there, so two runs could not be kept apart. Connect to the server directly, or through a pool in session mode"};
}

std::string lock_words(std::int64_t key) {
  // A 64-bit key is shown in two halves (manual 54.12, pg_locks).
  const auto bits = static_cast<std::uint64_t>(key);
  return fmt::format("l.locktype = 'advisory' AND l.classid = {} AND l.objid = {} AND l.objsubid = 1", bits >> 32U, bits & 0xFFFFFFFFU);
}

}  // namespace

std::string in_words(const LockHolder& holder) {
  std::string words = fmt::format("pid {}, user {}", holder.pid, holder.user);
  if (!holder.application.empty()) words += ", " + holder.application;
  words += holder.host.empty() ? ", on the server's machine" : ", from " + holder.host;
  return words + ", since " + holder.since;
}

Result<std::optional<LockHolder>> runner_lock_holder(PgSession& session, const Journal& journal) {
  TRY_ASSIGN(const Rows rows, session.query(fmt::format("SELECT a.pid, a.usename, a.application_name, host(a.client_addr), "
                                                        "date_trunc('second', a.backend_start), a.state, left(a.query, 200) "
                                                        "FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.granted AND {} "
                                                        "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())",
                                                        lock_words(journal.lock_key())),
                                            "cannot look who holds the lock"));
  if (rows.empty()) return std::optional<LockHolder>();
  return std::optional(LockHolder{static_cast<int>(rows.number(0, 0)), rows.text(0, 1), rows.text(0, 2), rows.text(0, 3), rows.text(0, 4),
                                  rows.text(0, 5), rows.text(0, 6)});
}

Status take_runner_lock(PgSession& session, const Journal& journal, const std::string& target, std::chrono::milliseconds wait,
                        const Interruption* interruption, const std::function<void(const LockHolder&)>& on_wait) {
  TRY_VOID(refuse_transaction_pooler(session, target));
  const Clock::time_point start = Clock::now();
  Clock::time_point told = start - std::chrono::hours(1);
  const std::string attempt = fmt::format("SELECT pg_try_advisory_lock({})", journal.lock_key());
  while (true) {
    TRY_ASSIGN(const Rows taken, session.query(attempt, "cannot take the lock that keeps runs apart"));
    if (taken.truth(0, 0)) return success();
    TRY_ASSIGN(const std::optional<LockHolder> holder, runner_lock_holder(session, journal));
    const auto waited = Clock::now() - start;
    if (waited >= wait) {
      return Error{ErrorCode::lock_held,
                   fmt::format("another run holds the lock of {}: {}; nothing was done (--wait DURATION waits for it)",
                               session.description(), holder ? in_words(*holder) : "it has just ended")};
    }
    if (holder && on_wait && Clock::now() - told >= std::chrono::seconds(1)) {
      told = Clock::now();
      on_wait(*holder);
    }
    const auto until_then = std::chrono::duration_cast<std::chrono::milliseconds>(wait - waited) + std::chrono::milliseconds(1);
    if (!rest(interruption, std::min(std::chrono::milliseconds(200), until_then)))
      return Error{ErrorCode::interrupted, "interrupted while waiting for another run; nothing was done"};
  }
}

}  // namespace cupel::execute
