// Carries out a plan: each piece happens wholly, with its rows in the journal, or not at all.
#pragma once

#include "base/result.h"
#include "execute/journal.h"
#include "execute/live_migration.h"
#include "execute/observation.h"
#include "execute/pg_session.h"
#include "execute/plan.h"
#include "execute/runner_lock.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::execute {

// Told what goes on, as it happens. Everything has a default that does nothing.
class RunListener {
 public:
  virtual ~RunListener() = default;
  // Another run holds the lock; called about once a second.
  virtual void on_lock_held(const LockHolder& /*holder*/) {}
  // An earlier run did not end properly. `alive`: its statement still runs on the server.
  virtual void on_orphan(const OpenRun& /*run*/) {}
  // Revision `number` of `total` begins.
  virtual void on_revision(const PlannedRevision& /*revision*/, std::size_t /*number*/, std::size_t /*total*/) {}
  // The revision goes on where an earlier run stopped; `what`: what became of a statement that was under way, or "".
  virtual void on_resume(const PlannedRevision& /*revision*/, std::size_t /*statements_done*/, const std::string& /*what*/) {}
  virtual void on_statement(const PlannedRevision& /*revision*/, const PlannedStatement& /*statement*/) {}
  // The statement still runs after `elapsed`; called about twice a second.
  virtual void on_waiting(const PlannedRevision& /*revision*/, const PlannedStatement& /*statement*/, std::chrono::milliseconds /*elapsed*/,
                          const Observation& /*observation*/) {}
  virtual void on_notice(const PlannedRevision& /*revision*/, const PlannedStatement& /*statement*/, const ServerMessage& /*notice*/) {}
  // The piece did not get its locks, was rolled back, and is tried again after `pause`; `left` remains of the budget.
  virtual void on_retry(const PlannedRevision& /*revision*/, const PlannedStatement& /*statement*/, const ServerMessage& /*error*/,
                        const std::vector<Blocker>& /*blockers*/, std::chrono::milliseconds /*pause*/, std::chrono::milliseconds /*left*/) {
  }
  virtual void on_statement_done(const PlannedRevision& /*revision*/, const PlannedStatement& /*statement*/, const std::string& /*tag*/,
                                 std::chrono::microseconds /*elapsed*/) {}
  virtual void on_revision_done(const PlannedRevision& /*revision*/, std::chrono::microseconds /*elapsed*/) {}
};

struct RunOptions {
  std::string target;                              // the session's connection string, for the observer
  std::chrono::milliseconds lock_timeout{2000};    // of statements that others queue behind
  std::chrono::milliseconds lock_budget{300'000};  // for all attempts of one piece
  std::chrono::milliseconds statement_timeout{0};  // 0: none
  const Interruption* interruption = nullptr;
  // Asked before each text that a live revision sends; an error forbids it.
  std::function<Status(const PlannedRevision& revision, std::string_view sql, const LivePlace& place)> live_gate;
  RunDescription description;
};

enum class RunOutcome {
  done,
  failed,       // the server refused a statement
  lock_budget,  // the locks could not be had within the budget
  interrupted,  // asked to stop
  lost,         // the connection broke
};

// As the journal and the reports have it; `partial`: of failed ones, that pieces of the revision stay.
std::string_view name(RunOutcome outcome, bool partial);

// Where and why a run stopped.
struct RunFailure {
  std::string revision;
  Direction direction = Direction::upgrade;
  std::shared_ptr<const SourceText> source;  // null: not in a statement of the migration
  Span span;                                 // of the statement
  std::uint32_t offset = 0;                  // in the source, where the server points
  ServerMessage message;
  std::vector<Blocker> blockers;  // of lock_budget: who was in the way at last
  // Pieces of this revision are in the database already: the next run goes on behind them.
  bool partial = false;
};

struct StatementTime {
  const PlannedStatement* statement = nullptr;
  std::chrono::microseconds elapsed{0};
  std::chrono::milliseconds waited{0};  // of that, with somebody in the way, as far as was observed
  std::size_t blocked = 0;              // sessions that waited for us, at most at one time
};

struct RevisionTimes {
  const PlannedRevision* revision = nullptr;
  std::vector<StatementTime> statements;
  std::chrono::microseconds elapsed{0};
};

struct RunResult {
  RunOutcome outcome = RunOutcome::done;
  std::int64_t run = 0;                  // its number in the journal
  std::vector<RevisionTimes> revisions;  // those that were wholly done
  std::optional<RunFailure> failure;
};

// The settings that cupel's session has, as one text of SET commands; they are set anew after each revision that may
// have changed some. docs/execution.md says why each.
std::string session_settings(int server_major, const RunOptions& options);

// `session` holds the runner lock and has the session settings; `state` was read under the lock. An Error only where
// nothing could be begun; everything else is told by the result.
Result<RunResult> run_plan(PgSession& session, const Journal& journal, const JournalState& state, const Plan& plan,
                           const RunOptions& options, RunListener& listener);

}  // namespace cupel::execute
