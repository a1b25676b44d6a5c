// A piece that is one statement which may not run in a transaction block, between two rows of the journal.
#include "execute/reconcile.h"
#include "execute/run.h"

#include <fmt/format.h>

namespace cupel::execute {

using std::chrono::duration_cast;

bool Run::run_outside(const Piece& piece, bool last) {
  const PlannedStatement& statement = piece.statements.front();
  const Clock::time_point start = Clock::now();
  for (int attempt = 0;; ++attempt) {
    const Result<std::string> before = state_before(session_, statement);
    if (!before) return stop(before.error(), &statement);
    if (attempt == 0 && !note_intent(statement, *before)) return false;
    if (!own_lock_timeout_)
      session_.run(fmt::format("SET lock_timeout = {}", statement.lock_wait == LockWait::brief ? options_.lock_timeout.count() : 0));
    StatementTime time;
    const Outcome outcome = send(statement, time);
    if (outcome.done()) {
      times_.statements.push_back(time);
      const StatementRecord record{&statement, time.elapsed, "done", {}, {}, {}};
      const Outcome noted =
          session_.run_to_end(fmt::format("BEGIN; SET LOCAL ROLE NONE; {}{}COMMIT", journal_.statement_over_sql(run_, *revision_, record),
                                          journal_.revision_sql(run_, *revision_, true, last)));
      if (!noted.done()) return stop(kind_of(noted), noted.error, &statement);
      listener_.on_statement_done(*revision_, statement, outcome.tag, time.elapsed);
      return true;
    }
    if (outcome.kind == Outcome::Kind::lost) return stop(RunOutcome::lost, outcome.error, &statement);
    // Refused: what is half-done is taken away at once, so that nothing stays but the error.
    const std::vector<Blocker> blockers = blockers_;
    const Result<Reconciliation> left = [&] {
      const PgSession::Undisturbed tidying(session_);
      return reconcile(session_, statement, text(statement), *before, true);
    }();
    const milliseconds spent = duration_cast<milliseconds>(Clock::now() - start);
    const milliseconds pause = pause_before(attempt + 1);
    const bool again = left && may_succeed_later(outcome.error) && !outcome.interrupted && statement.trace.kind != Trace::Kind::none;
    if (again && spent + pause < options_.lock_budget) {
      listener_.on_retry(*revision_, statement, outcome.error, blockers, pause, options_.lock_budget - spent);
      if (rest(options_.interruption, pause)) continue;
    }
    if (left) {
      const StatementRecord record{&statement, time.elapsed, "failed", outcome.error.sqlstate, outcome.error.message, {}};
      session_.run_to_end("BEGIN; SET LOCAL ROLE NONE; " + journal_.statement_over_sql(run_, *revision_, record) + "COMMIT");
    }  // else it stays begun in the journal, so that the next run looks what is left
    return stop(again ? RunOutcome::lock_budget : kind_of(outcome), outcome.error, &statement, blockers);
  }
}

bool Run::note_intent(const PlannedStatement& statement, const std::string& before) {
  const StatementRecord record{&statement, {}, "started", {}, {}, before};
  const Outcome noted =
      session_.run(fmt::format("BEGIN; SET LOCAL ROLE NONE; {}{}COMMIT", journal_.statements_sql(run_, *revision_, {record}),
                               journal_.revision_sql(run_, *revision_, begun_, false)));
  if (noted.done()) {
    begun_ = true;
    return true;
  }
  if (session_.is_open()) session_.run_to_end("ROLLBACK");
  return stop(kind_of(noted), noted.error, &statement);
}

}  // namespace cupel::execute
