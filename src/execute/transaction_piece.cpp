// A piece that is one transaction with its rows of the journal, tried again while it does not get its locks.
#include "execute/run.h"

#include <algorithm>

#include <fmt/format.h>

namespace cupel::execute {
namespace {

using std::chrono::duration_cast;

// What a transaction still waits for when earlier statements used up its patience.
constexpr std::chrono::milliseconds least_lock_timeout{100};

bool changes_role(const Piece& piece) {
  return std::ranges::any_of(piece.statements, [](const PlannedStatement& statement) { return statement.changes_session; });
}

LockWait first_wait(const Piece& piece, std::size_t done) {
  for (const PlannedStatement& statement : piece.statements) {
    if (statement.number > done) return statement.lock_wait;
  }
  return LockWait::unlimited;
}

}  // namespace

bool Run::run_transaction(const Piece& piece, std::size_t done, bool last) {
  const Clock::time_point start = Clock::now();
  for (int attempt = 0;; ++attempt) {
    std::vector<StatementTime> times;
    PieceEnd end = try_transaction(piece, done, last, times);
    if (end.outcome == RunOutcome::done) {
      times_.statements.insert(times_.statements.end(), times.begin(), times.end());
      return true;
    }
    if (end.outcome != RunOutcome::failed || !may_succeed_later(end.error) || end.statement == nullptr) {
      note_failure(end);
      return stop(end.outcome, std::move(end.error), end.statement, std::move(end.blockers));
    }
    const milliseconds left = options_.lock_budget - duration_cast<milliseconds>(Clock::now() - start);
    const milliseconds pause = pause_before(attempt + 1);
    if (left <= pause) {
      note_failure(end);
      return stop(RunOutcome::lock_budget, std::move(end.error), end.statement, std::move(end.blockers));
    }
    listener_.on_retry(*revision_, *end.statement, end.error, end.blockers, pause, left);
    if (!rest(options_.interruption, pause)) return stop(RunOutcome::interrupted, interrupted_message(), end.statement);
  }
}

Run::PieceEnd Run::try_transaction(const Piece& piece, std::size_t done, bool last, std::vector<StatementTime>& times) {
  const bool timeouts_before = own_lock_timeout_;
  PieceEnd end = statements_of(piece, done, times);
  if (end.outcome == RunOutcome::done) {
    std::vector<StatementRecord> records;
    records.reserve(times.size());
    for (const StatementTime& time : times) records.push_back({time.statement, time.elapsed, "done", {}, {}, {}});
    // The migration may have taken another role, which may not write the journal.
    const Outcome outcome = session_.run(
        fmt::format("{}{}{}COMMIT", changes_role(piece) ? "SET LOCAL SESSION AUTHORIZATION DEFAULT; SET LOCAL ROLE NONE; " : "",
                    journal_.statements_sql(run_, *revision_, records), journal_.revision_sql(run_, *revision_, begun_, last)));
    if (outcome.done()) {
      for (const StatementTime& time : times) listener_.on_statement_done(*revision_, *time.statement, {}, time.elapsed);
      return end;
    }
    end = {kind_of(outcome), nullptr, outcome.error, {}};
  }
  own_lock_timeout_ = timeouts_before;
  if (session_.is_open()) session_.run_to_end("ROLLBACK");
  return end;
}

Run::PieceEnd Run::statements_of(const Piece& piece, std::size_t done, std::vector<StatementTime>& times) {
  std::string begin = piece.begin + "; ";
  milliseconds in_force = own_lock_timeout_ ? milliseconds(-1) : set_lock_timeout(begin, first_wait(piece, done), milliseconds(-1), {});
  Outcome outcome = session_.run(begin);
  if (!outcome.done()) return {kind_of(outcome), piece.statements.empty() ? nullptr : &piece.statements.front(), outcome.error, {}};
  // Counts from the first statement that others queue behind: what they wait for in all is what was promised.
  std::optional<Clock::time_point> blocking_since;
  for (const PlannedStatement& statement : piece.statements) {
    if (statement.number <= done) continue;
    if (!own_lock_timeout_) {
      milliseconds spent{0};
      if (blocking_since) spent = duration_cast<milliseconds>(Clock::now() - *blocking_since);
      std::string change;
      in_force = set_lock_timeout(change, statement.lock_wait, in_force, spent);
      if (!change.empty()) {
        outcome = session_.run(change);
        if (!outcome.done()) return {kind_of(outcome), &statement, outcome.error, {}};
      }
    }
    if (statement.lock_wait == LockWait::brief && !blocking_since) blocking_since = Clock::now();
    outcome = send(statement, times.emplace_back());
    if (!outcome.done()) return {kind_of(outcome), &statement, outcome.error, blockers_};
  }
  return {};
}

Run::milliseconds Run::set_lock_timeout(std::string& sql, LockWait wait, milliseconds in_force, milliseconds spent) const {
  milliseconds wanted{0};
  if (wait == LockWait::brief) wanted = std::max(options_.lock_timeout - spent, std::min(least_lock_timeout, options_.lock_timeout));
  const bool close = in_force.count() > 0 && wanted.count() > 0 && in_force - wanted < options_.lock_timeout / 10 && wanted <= in_force;
  if (wanted == in_force || close) return in_force;
  sql += fmt::format("SET LOCAL lock_timeout = {}", wanted.count());
  return wanted;
}

void Run::note_failure(const PieceEnd& end) {
  if (!session_.is_open() || end.statement == nullptr) return;
  const StatementRecord record{end.statement, {}, "failed", end.error.sqlstate, end.error.message, {}};
  session_.run_to_end(journal_.statements_sql(run_, *revision_, {record}));
}

}  // namespace cupel::execute
