#include "execute/runner.h"

#include "execute/batched_statement.h"
#include "execute/reconcile.h"

#include <algorithm>
#include <cstdlib>
#include <random>

#include <fmt/format.h>
#include <poll.h>

namespace cupel::execute {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

// A statement that answers sooner is not worth a second connection.
constexpr milliseconds observed_after{300};
constexpr milliseconds observed_every{500};
// What a transaction still waits for when earlier statements used up its patience.
constexpr milliseconds least_lock_timeout{100};
// PostgreSQL: lock_not_available, deadlock_detected, serialization_failure. Nothing of the transaction happened, and the
// same transaction may well succeed later.
bool may_succeed_later(const ServerMessage& error) {
  return error.sqlstate == "55P03" || error.sqlstate == "40P01" || error.sqlstate == "40001";
}

// The byte of `text` where character `position` (1-based) begins.
std::uint32_t byte_of_character(std::string_view text, std::size_t position) {
  std::size_t at = 0;
  for (std::size_t passed = 1; passed < position && at < text.size(); ++passed) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
  }
  return static_cast<std::uint32_t>(at);
}

// How one piece ended.
struct PieceEnd {
  RunOutcome outcome = RunOutcome::done;
  const PlannedStatement* statement = nullptr;  // that failed; null: the commit
  ServerMessage error;
  std::vector<Blocker> blockers;
};

class Run {
 public:
  Run(PgSession& session, const Journal& journal, const JournalState& state, const Plan& plan, const RunOptions& options,
      RunListener& listener)
      : session_(session),
        journal_(journal),
        state_(state),
        plan_(plan),
        options_(options),
        listener_(listener),
        observer_(options.target, session.backend_pid()) {}

  Result<RunResult> go() {
    TRY_ASSIGN(result_.run, journal_.begin_run(session_, options_.description));
    run_ = std::to_string(result_.run);
    session_.set_notice_function([this](const ServerMessage& notice) {
      if (statement_ != nullptr) listener_.on_notice(*revision_, *statement_, notice);
    });
    std::size_t number = 0;
    for (const PlannedRevision& revision : plan_.revisions) {
      listener_.on_revision(revision, ++number, plan_.revisions.size());
      const Clock::time_point start = Clock::now();
      if (!run_revision(revision)) break;
      times_.revision = &revision;
      times_.elapsed = duration_cast<microseconds>(Clock::now() - start);
      listener_.on_revision_done(revision, times_.elapsed);
      result_.revisions.push_back(std::move(times_));
      times_ = {};
    }
    session_.set_notice_function({});
    end();
    return std::move(result_);
  }

 private:
  void end() {
    if (!session_.is_open()) return;  // the next run finds it open, and its server process gone
    std::string_view outcome = "done";
    switch (result_.outcome) {
      case RunOutcome::done: break;
      case RunOutcome::failed: outcome = result_.failure->partial ? "partial" : "failed"; break;
      case RunOutcome::lock_budget: outcome = "lock budget spent"; break;
      case RunOutcome::interrupted: outcome = "interrupted"; break;
      case RunOutcome::lost: outcome = "lost"; break;
    }
    session_.run_to_end(journal_.end_run_sql(run_, outcome, result_.failure ? result_.failure->message.message : ""));
  }

  // Notes the failure; the caller returns false with it.
  bool stop(RunOutcome outcome, ServerMessage message, const PlannedStatement* statement, std::vector<Blocker> blockers = {}) {
    result_.outcome = outcome;
    RunFailure& failure = result_.failure.emplace();
    failure.revision = revision_->revision;
    failure.direction = revision_->direction;
    failure.partial = begun_;
    failure.blockers = std::move(blockers);
    if (statement != nullptr) {
      failure.source = revision_->source;
      failure.span = statement->span;
      failure.offset = statement->span.begin;
      if (message.position > 0) failure.offset += byte_of_character(text(*statement), message.position);
    }
    failure.message = std::move(message);
    return false;
  }
  bool stop(const Error& error, const PlannedStatement* statement) {
    ServerMessage message;
    message.message = error.message;
    const RunOutcome outcome = error.code == ErrorCode::interrupted ? RunOutcome::interrupted
                               : session_.is_open()                 ? RunOutcome::failed
                                                                    : RunOutcome::lost;
    return stop(outcome, std::move(message), statement);
  }

  [[nodiscard]] std::string_view text(const PlannedStatement& statement) const { return statement.span.of(revision_->source->text()); }
  [[nodiscard]] std::string_view copy_data(const PlannedStatement& statement) const {
    return statement.copy_data.of(revision_->source->text());
  }

  // False: the run stops here.
  bool run_revision(const PlannedRevision& revision) {
    revision_ = &revision;
    begun_ = false;
    own_lock_timeout_ = false;
    std::size_t done = 0;
    const JournalRevision* known = state_.find(revision.revision);
    const bool resumes = known != nullptr && known->state != RevisionState::applied;
    if (resumes && !resume(done)) return false;
    if (revision.pieces.empty()) return finish_empty();
    bool changes_session = false;
    for (const Piece& piece : revision.pieces) {
      const bool last = &piece == &revision.pieces.back();
      for (const PlannedStatement& statement : piece.statements) changes_session = changes_session || statement.changes_session;
      if (piece.statements.empty() ? resumes : piece.statements.back().number <= done) {
        if (last && !finish_empty()) return false;
        continue;
      }
      const bool ok = piece.kind == PieceKind::transaction ? run_transaction(piece, done, last)
                      : piece.kind == PieceKind::outside   ? run_outside(piece, last)
                                                           : run_backfill(piece, last);
      if (!ok) {
        if (changes_session) restore_session();
        return false;
      }
      begun_ = true;
    }
    if (changes_session) restore_session();
    return true;
  }

  // Goes on behind the statements that an earlier run has done. An outside statement whose end is not known is looked
  // for in the catalogs.
  bool resume(std::size_t& done) {
    begun_ = true;
    std::vector<const PlannedStatement*> planned;
    std::vector<const Piece*> pieces;
    for (const Piece& piece : revision_->pieces) {
      for (const PlannedStatement& statement : piece.statements) {
        planned.push_back(&statement);
        pieces.push_back(&piece);
      }
    }
    std::string what;
    for (const JournalStatement& record : state_.statements) {
      if (record.revision != revision_->revision || record.direction != revision_->direction) continue;
      if (record.number > planned.size() || planned[record.number - 1]->hash != record.hash) {
        return stop(Error{ErrorCode::edited, fmt::format("statement {} ({}) of revision {} is in the database already, and is not what the "
                                                         "file says now; put back what ran, and change it in a new revision",
                                                         record.number, record.tag, revision_->revision)},
                    record.number > planned.size() ? nullptr : planned[record.number - 1]);
      }
      const PlannedStatement& statement = *planned[record.number - 1];
      if (!record.done && pieces[record.number - 1]->kind == PieceKind::backfill) {
        what = fmt::format("the {} goes on with the next batch", statement.tag);
        continue;
      }
      if (!record.done) {
        const Result<Reconciliation> found =
            reconcile(session_, statement, text(statement), record.before, pieces[record.number - 1]->idempotent);
        if (!found) return stop(found.error(), &statement);
        what = found->what;
        if (!found->happened) continue;
        const StatementRecord over{&statement, {}, "done", {}, {}, {}};
        if (const Result<Rows> noted = session_.query(journal_.statements_sql(run_, *revision_, {over}), "cannot write the journal");
            !noted)
          return stop(noted.error(), &statement);
      }
      done = std::max(done, record.number);
    }
    listener_.on_resume(*revision_, done, what);
    return true;
  }

  // Only the journal changes: a merge, or the last piece was done already.
  bool finish_empty() {
    const Outcome outcome = session_.run("BEGIN; " + journal_.revision_sql(run_, *revision_, begun_, true) + "COMMIT");
    if (outcome.done()) return true;
    if (session_.is_open()) session_.run_to_end("ROLLBACK");
    return stop(kind_of(outcome), outcome.error, nullptr);
  }

  static RunOutcome kind_of(const Outcome& outcome) {
    if (outcome.kind == Outcome::Kind::lost) return RunOutcome::lost;
    return outcome.interrupted ? RunOutcome::interrupted : RunOutcome::failed;
  }

  // Sends one statement of the migration and tells the listener.
  Outcome send(const PlannedStatement& statement, StatementTime& time) {
    statement_ = &statement;
    blockers_.clear();
    milliseconds observed{0};
    listener_.on_statement(*revision_, statement);
    Outcome outcome = session_.run(
        text(statement),
        [&](milliseconds elapsed) {
          if (elapsed < observed_after || elapsed - observed < observed_every) return;
          const Observation observation = observer_.observe();
          if (!observation.blockers.empty()) {
            time.waited += elapsed - observed;
            blockers_ = observation.blockers;
          }
          time.blocked = std::max(time.blocked, observation.blocked.size());
          observed = elapsed;
          listener_.on_waiting(*revision_, statement, elapsed, observation);
        },
        copy_data(statement));
    statement_ = nullptr;
    time.statement = &statement;
    time.elapsed = outcome.elapsed;
    if (statement.sets_lock_timeout) own_lock_timeout_ = true;
    return outcome;
  }

  // Statements up to number `done` are in the database already.
  bool run_transaction(const Piece& piece, std::size_t done, bool last) {
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
      if (!rest(pause)) return stop(RunOutcome::interrupted, interrupted_message(), end.statement);
    }
  }

  static ServerMessage interrupted_message() {
    ServerMessage message;
    message.message = "interrupted";
    return message;
  }

  // Longer and longer, so that who is in the way can finish, and never twice the same, so that two do not meet again.
  milliseconds pause_before(int attempt) {
    const double base = std::min(200.0 * static_cast<double>(1U << static_cast<unsigned>(std::min(attempt, 10))), 15'000.0);
    return milliseconds(static_cast<long>(std::uniform_real_distribution<double>(0.5 * base, base)(random_)));
  }

  // False if it is time to stop.
  bool rest(milliseconds time) const {
    pollfd entry{options_.interruption == nullptr ? -1 : options_.interruption->descriptor, POLLIN, 0};
    return ::poll(&entry, 1, static_cast<int>(time.count())) <= 0;
  }

  PieceEnd try_transaction(const Piece& piece, std::size_t done, bool last, std::vector<StatementTime>& times) {
    const bool timeouts_before = own_lock_timeout_;
    PieceEnd end = statements_of(piece, done, times);
    if (end.outcome == RunOutcome::done) {
      std::vector<StatementRecord> records;
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

  static bool changes_role(const Piece& piece) {
    return std::ranges::any_of(piece.statements, [](const PlannedStatement& statement) { return statement.changes_session; });
  }

  PieceEnd statements_of(const Piece& piece, std::size_t done, std::vector<StatementTime>& times) {
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

  static LockWait first_wait(const Piece& piece, std::size_t done) {
    for (const PlannedStatement& statement : piece.statements) {
      if (statement.number > done) return statement.lock_wait;
    }
    return LockWait::unlimited;
  }

  // Appends to `sql` what brings lock_timeout from `in_force` to what `wait` asks for; returns what is in force then. A
  // change of less than a tenth is not worth a round trip.
  milliseconds set_lock_timeout(std::string& sql, LockWait wait, milliseconds in_force, milliseconds spent) const {
    milliseconds wanted{0};
    if (wait == LockWait::brief) wanted = std::max(options_.lock_timeout - spent, std::min(least_lock_timeout, options_.lock_timeout));
    const bool close = in_force.count() > 0 && wanted.count() > 0 && in_force - wanted < options_.lock_timeout / 10 && wanted <= in_force;
    if (wanted == in_force || close) return in_force;
    sql += fmt::format("SET LOCAL lock_timeout = {}", wanted.count());
    return wanted;
  }

  // After the rollback: what failed goes into the journal by itself.
  void note_failure(const PieceEnd& end) {
    if (!session_.is_open() || end.statement == nullptr) return;
    const StatementRecord record{end.statement, {}, "failed", end.error.sqlstate, end.error.message, {}};
    session_.run_to_end(journal_.statements_sql(run_, *revision_, {record}));
  }

  // One statement between two rows of the journal.
  bool run_outside(const Piece& piece, bool last) {
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
      const Result<Reconciliation> left = reconcile(session_, statement, text(statement), *before, true);
      const milliseconds spent = duration_cast<milliseconds>(Clock::now() - start);
      const milliseconds pause = pause_before(attempt + 1);
      const bool again = left && may_succeed_later(outcome.error) && !outcome.interrupted && statement.trace.kind != Trace::Kind::none;
      if (again && spent + pause < options_.lock_budget) {
        listener_.on_retry(*revision_, statement, outcome.error, blockers, pause, options_.lock_budget - spent);
        if (rest(pause)) continue;
      }
      const StatementRecord record{&statement, time.elapsed, "failed", outcome.error.sqlstate, outcome.error.message, {}};
      session_.run_to_end("BEGIN; SET LOCAL ROLE NONE; " + journal_.statement_over_sql(run_, *revision_, record) + "COMMIT");
      return stop(again ? RunOutcome::lock_budget : kind_of(outcome), outcome.error, &statement, blockers);
    }
  }

  // Notes that a statement with transactions of its own begins.
  bool note_intent(const PlannedStatement& statement, const std::string& before) {
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

  // One range of the key after the other, each with the journal's cursor in its transaction: whatever happens, what is
  // done is known, and nothing is done twice.
  bool run_backfill(const Piece& piece, bool last) {
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
      if (!rest(batched.settings.pause) || !await_replicas(statement, start))
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

  // Where an earlier run stopped, or the begin; `until` is empty when the table is.
  Result<Journal::Cursor> begin_cursor(const PlannedStatement& statement) {
    const BatchedStatement& batched = *statement.batched;
    TRY_ASSIGN(const std::optional<Journal::Cursor> known, journal_.read_cursor(session_, *revision_, statement.number));
    if (known) return *known;
    const std::string key = PgSession::literal(
        batched.settings.key.starts_with('"') ? batched.settings.key.substr(1, batched.settings.key.size() - 2) : batched.settings.key);
    // Ranges of a key that is not unique could be without end, and rows without a key would be left out.
    TRY_ASSIGN(const Rows unique, session_.query(fmt::format("SELECT EXISTS (SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = "
                                                             "i.indrelid AND a.attnum = i.indkey[0] WHERE i.indrelid = to_regclass({}) "
                                                             "AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indnkeyatts = "
                                                             "1 AND a.attnotnull AND a.attname IN ({}, lower({})))",
                                                             PgSession::literal(batched.settings.table), key, key),
                                                 "cannot look at the backfill's key"));
    if (!unique.truth(0, 0)) {
      return Error{
          ErrorCode::failed,
          fmt::format("the backfill cannot go along {} of {}: it needs a column that is NOT NULL and has a unique index of its own",
                      batched.settings.key, batched.settings.table)};
    }
    TRY_ASSIGN(const Rows greatest,
               session_.query(fmt::format("SELECT max(t.{})::text FROM {} AS t", batched.settings.key, batched.settings.table),
                              "cannot look for the backfill's last row"));
    return Journal::Cursor{std::nullopt, greatest.text(0, 0), 0};
  }

  bool run_batch(const PlannedStatement& statement, Journal::Cursor& cursor, const std::string& until, Clock::time_point start) {
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
      if (!rest(pause)) return stop(RunOutcome::interrupted, interrupted_message(), &statement);
    }
  }

  // Lets replicas catch up. False if it is time to stop.
  bool await_replicas(const PlannedStatement& statement, Clock::time_point start) {
    const milliseconds most = statement.batched->settings.max_lag;
    while (most.count() > 0) {
      // NULL without replicas, and for roles that may not see them.
      const Result<Rows> lag = session_.query("SELECT (1000 * extract(epoch FROM max(replay_lag)))::bigint FROM pg_stat_replication", "");
      if (!lag || lag->is_null(0, 0) || lag->number(0, 0) <= most.count()) return true;
      Observation observation;
      observation.progress = Progress{fmt::format("waits for a replica that is {} ms behind", lag->number(0, 0)), std::nullopt};
      listener_.on_waiting(*revision_, statement, duration_cast<milliseconds>(Clock::now() - start), observation);
      if (!rest(milliseconds(500))) return false;
    }
    return true;
  }

  // What a migration SETs is its own affair: the next one begins as the first did.
  void restore_session() {
    if (!session_.is_open()) return;
    session_.run_to_end("RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; " + session_settings(session_.server_major(), options_));
  }

  PgSession& session_;
  const Journal& journal_;
  const JournalState& state_;
  const Plan& plan_;
  const RunOptions& options_;
  RunListener& listener_;
  Observer observer_;
  RunResult result_;
  RunNumber run_;
  RevisionTimes times_;
  const PlannedRevision* revision_ = nullptr;
  const PlannedStatement* statement_ = nullptr;  // that the server is busy with
  std::vector<Blocker> blockers_;                // last seen in the way of it
  bool begun_ = false;                           // pieces of the revision are in the database
  bool own_lock_timeout_ = false;                // the migration set lock_timeout: its value holds
  std::mt19937 random_{std::random_device{}()};
};

}  // namespace

std::string session_settings(int server_major, const RunOptions& options) {
  std::string sql = fmt::format(
      "SET client_encoding = 'UTF8'; SET lock_timeout = {}; SET statement_timeout = {}; SET idle_in_transaction_session_timeout = '60s'; ",
      options.lock_timeout.count(), options.statement_timeout.count());
  // Since 14: a server process whose client is gone stops within half a second, instead of finishing and committing.
  if (server_major >= 14) sql += "SET client_connection_check_interval = 500; ";
  return sql + fmt::format("SET application_name = {}",
                           PgSession::literal(fmt::format("cupel {} ({} {})", options.description.command, options.description.client_host,
                                                          options.description.client_pid)
                                                  .substr(0, 63)));
}

Result<RunResult> run_plan(PgSession& session, const Journal& journal, const JournalState& state, const Plan& plan,
                           const RunOptions& options, RunListener& listener) {
  return Run(session, journal, state, plan, options, listener).go();
}

}  // namespace cupel::execute
