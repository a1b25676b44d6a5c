// One runner at a time: a session advisory lock, held by the session that does the work, so that both end together.
#pragma once

#include "base/result.h"
#include "execute/journal.h"
#include "execute/pg_session.h"

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace cupel::execute {

struct LockHolder {
  int pid = 0;
  std::string user, application, host, since, state, query;
};

// "pid 4711, user deploy, cupel upgrade (web-1 312), from 10.0.0.7, since 2026-11-25 12:00:01+00"
std::string in_words(const LockHolder& holder);

// Takes the lock for `session`, or waits for it up to `wait`, asking again and again: a session that waits inside
// pg_advisory_lock() would hold a snapshot that CREATE INDEX CONCURRENTLY of the holder waits for, a deadlock.
// `on_wait` is told of the holder about once a second. `target` is the session's connection string: for a second
// connection that finds out whether a pooler hands the server's sessions around between transactions, which would take
// the lock away. Errors: lock_held, interrupted, connection (also: such a pooler).
Status take_runner_lock(PgSession& session, const Journal& journal, const std::string& target, std::chrono::milliseconds wait,
                        const Interruption* interruption, const std::function<void(const LockHolder&)>& on_wait);

// Who holds it; nothing if nobody does.
Result<std::optional<LockHolder>> runner_lock_holder(PgSession& session, const Journal& journal);

}  // namespace cupel::execute
