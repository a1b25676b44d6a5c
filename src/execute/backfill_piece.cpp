// A piece that is one UPDATE or DELETE, run on one range of a key after the other.
#include "execute/batched_statement.h"
#include "execute/run.h"

#include <cstdlib>

#include <fmt/format.h>

namespace cupel::execute {

using std::chrono::duration_cast;
using std::chrono::microseconds;

bool Run::run_backfill(const Piece& piece, bool last) {
  const PlannedStatement& statement = piece.statements.front();
  const BatchedStatement& batched = *statement.batched;
  const Clock::time_point start = Clock::now();
  if (!note_intent(statement, {})) return false;
  Result<Journal::Cursor> cursor = begin_cursor(statement);
  if (!cursor) return stop(cursor.error(), &statement);
  listener_.on_statement(*revision_, statement);
  while (!cursor->until.empty()) {
    const Result<Rows> next =
        session_.query(next_key_sql(batched, cursor->done, cursor->until), "cannot look for the next rows of the backfill");
    if (!next) return stop(next.error(), &statement);
    if (next->is_null(0, 0)) break;
    if (!run_batch(statement, *cursor, next->text(0, 0), start)) return false;
    if (!rest(options_.interruption, batched.settings.pause) || !await_replicas(statement, start))
      return stop(RunOutcome::interrupted, interrupted_message(), &statement);
  }
  const microseconds elapsed = duration_cast<microseconds>(Clock::now() - start);
  const StatementRecord record{&statement, elapsed, "done", {}, fmt::format("{} rows", cursor->rows), {}};
  const Outcome noted = session_.run_to_end(
      fmt::format("BEGIN; SET LOCAL ROLE NONE; {}{}{}COMMIT", journal_.statement_over_sql(run_, *revision_, record),
                  journal_.cursor_over_sql(*revision_, statement.number), journal_.revision_sql(run_, *revision_, true, last)));
  if (!noted.done()) return stop(kind_of(noted), noted.error, &statement);
  times_.statements.push_back({&statement, elapsed, {}, 0});
  listener_.on_statement_done(*revision_, statement, {}, elapsed);
  return true;
}

Result<Journal::Cursor> Run::begin_cursor(const PlannedStatement& statement) {
  const BatchedStatement& batched = *statement.batched;
  TRY_ASSIGN(const std::optional<Journal::Cursor> known, journal_.read_cursor(session_, *revision_, statement.number));
  if (known) return *known;
  const std::string key = key_name(batched.settings.key);
  // Ranges of a key that is not unique could be without end, and rows without a key would be left out.
  TRY_ASSIGN(const Rows unique, session_.query(fmt::format("SELECT EXISTS (SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = "
                                                           "i.indrelid AND a.attnum = i.indkey[0] WHERE i.indrelid = to_regclass({}) "
                                                           "AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indnkeyatts = "
                                                           "1 AND a.attnotnull AND quote_ident(a.attname) = {})",
                                                           PgSession::literal(batched.settings.table), PgSession::literal(key)),
                                               "cannot look at the backfill's key"));
  if (!unique.truth(0, 0)) {
    return Error{ErrorCode::failed, fmt::format("the backfill cannot go along {} of {}: it needs a column that is NOT "
                                                "NULL and has a unique index of its own",
                                                batched.settings.key, batched.settings.table)};
  }
  TRY_ASSIGN(const Rows greatest, session_.query(fmt::format("SELECT max(t.{})::text FROM {} AS t", key, batched.settings.table),
                                                 "cannot look for the backfill's last row"));
  return Journal::Cursor{std::nullopt, greatest.text(0, 0), 0};
}

bool Run::run_batch(const PlannedStatement& statement, Journal::Cursor& cursor, const std::string& until, Clock::time_point start) {
  const Clock::time_point begin = Clock::now();
  for (int attempt = 0;; ++attempt) {
    const std::string set_timeout = own_lock_timeout_ ? "" : fmt::format("; SET LOCAL lock_timeout = {}", options_.lock_timeout.count());
    Outcome outcome = session_.run("BEGIN" + set_timeout);
    std::int64_t rows = 0;
    if (outcome.done()) {
      outcome = session_.run(batch_sql(statement, revision_->source->text(), cursor.done, until));
      const std::size_t space = outcome.tag.find_last_of(' ');
      if (outcome.done() && space != std::string::npos) rows = std::strtoll(outcome.tag.c_str() + space, nullptr, 10);
    }
    if (outcome.done()) {
      const Journal::Cursor next{until, cursor.until, cursor.rows + rows};
      outcome = session_.run("SET LOCAL ROLE NONE; " + journal_.cursor_sql(*revision_, statement.number, next) + "COMMIT");
      if (outcome.done()) {
        cursor = next;
        Observation observation;
        observation.progress =
            Progress{fmt::format("{} rows changed, up to {} {} of {}", cursor.rows, statement.batched->settings.key, until, cursor.until),
                     std::nullopt};
        listener_.on_waiting(*revision_, statement, duration_cast<milliseconds>(Clock::now() - start), observation);
        return true;
      }
    }
    if (outcome.kind == Outcome::Kind::lost) return stop(RunOutcome::lost, outcome.error, &statement);
    session_.run_to_end("ROLLBACK");
    const milliseconds left = options_.lock_budget - duration_cast<milliseconds>(Clock::now() - begin);
    const milliseconds pause = pause_before(attempt + 1);
    if (outcome.interrupted) return stop(RunOutcome::interrupted, outcome.error, &statement);
    if (!may_succeed_later(outcome.error) || left <= pause) {
      ServerMessage error = outcome.error;
      error.position = 0;  // of the text that was sent, which is not the migration's
      return stop(may_succeed_later(error) ? RunOutcome::lock_budget : RunOutcome::failed, std::move(error), &statement);
    }
    listener_.on_retry(*revision_, statement, outcome.error, {}, pause, left);
    if (!rest(options_.interruption, pause)) return stop(RunOutcome::interrupted, interrupted_message(), &statement);
  }
}

bool Run::await_replicas(const PlannedStatement& statement, Clock::time_point start) {
  const milliseconds most = statement.batched->settings.max_lag;
  while (most.count() > 0) {
    // NULL without replicas, and for roles that may not see them.
    const Result<Rows> lag = session_.query("SELECT (1000 * extract(epoch FROM max(replay_lag)))::bigint FROM pg_stat_replication", "");
    if (!lag || lag->is_null(0, 0) || lag->number(0, 0) <= most.count()) return true;
    Observation observation;
    observation.progress = Progress{fmt::format("waits for a replica that is {} ms behind", lag->number(0, 0)), std::nullopt};
    listener_.on_waiting(*revision_, statement, duration_cast<milliseconds>(Clock::now() - start), observation);
    if (!rest(options_.interruption, milliseconds(500))) return false;
  }
  return true;
}

}  // namespace cupel::execute
