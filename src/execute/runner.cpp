#include "execute/runner.h"

#include "execute/reconcile.h"
#include "execute/run.h"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

namespace cupel::execute {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;

// A statement that answers sooner is not worth a second connection.
constexpr std::chrono::milliseconds observed_after{300};
constexpr std::chrono::milliseconds observed_every{500};

// The byte of `text` where character `position` (1-based) begins.
std::uint32_t byte_of_character(std::string_view text, std::size_t position) {
  std::size_t at = 0;
  for (std::size_t passed = 1; passed < position && at < text.size(); ++passed) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
  }
  return static_cast<std::uint32_t>(at);
}

}  // namespace

bool may_succeed_later(const ServerMessage& error) {
  return error.sqlstate == "55P03" || error.sqlstate == "40P01" || error.sqlstate == "40001";
}

RunOutcome kind_of(const Outcome& outcome) {
  if (outcome.kind == Outcome::Kind::lost) return RunOutcome::lost;
  return outcome.interrupted ? RunOutcome::interrupted : RunOutcome::failed;
}

ServerMessage interrupted_message() {
  ServerMessage message;
  message.message = "interrupted";
  return message;
}

Run::Run(PgSession& session, const Journal& journal, const JournalState& state, const Plan& plan, const RunOptions& options,
         RunListener& listener)
    : session_(session),
      journal_(journal),
      state_(state),
      plan_(plan),
      options_(options),
      listener_(listener),
      observer_(options.target, session.backend_pid()) {}

Result<RunResult> Run::go() {
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

void Run::end() {
  if (!session_.is_open()) return;  // the next run finds it open, and its server process gone
  session_.run_to_end(journal_.end_run_sql(run_, name(result_.outcome, result_.failure && result_.failure->partial),
                                           result_.failure ? result_.failure->message.message : ""));
}

bool Run::stop(RunOutcome outcome, ServerMessage message, const PlannedStatement* statement, std::vector<Blocker> blockers) {
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

bool Run::stop(const Error& error, const PlannedStatement* statement) {
  ServerMessage message;
  message.message = error.message;
  const RunOutcome outcome = error.code == ErrorCode::interrupted ? RunOutcome::interrupted
                             : session_.is_open()                 ? RunOutcome::failed
                                                                  : RunOutcome::lost;
  return stop(outcome, std::move(message), statement);
}

void Run::point_at(std::shared_ptr<const SourceText> source, std::size_t position) {
  RunFailure& failure = *result_.failure;
  failure.span = {0, static_cast<std::uint32_t>(source->text().size())};
  failure.offset = position > 0 ? byte_of_character(source->text(), position) : 0;
  failure.source = std::move(source);
}

bool Run::run_revision(const PlannedRevision& revision) {
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
    changes_session = changes_session || piece.kind == PieceKind::live;
    for (const PlannedStatement& statement : piece.statements) changes_session = changes_session || statement.changes_session;
    // A live piece is wholly done or not at all, and then it is not resumed.
    if (piece.kind != PieceKind::live && (piece.statements.empty() ? resumes : piece.statements.back().number <= done)) {
      if (last && !finish_empty()) return false;
      continue;
    }
    const bool ok = piece.kind == PieceKind::transaction ? run_transaction(piece, done, last)
                    : piece.kind == PieceKind::outside   ? run_outside(piece, last)
                    : piece.kind == PieceKind::live      ? run_live(piece, last)
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

bool Run::resume(std::size_t& done) {
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
      if (const Result<Rows> noted = session_.query(journal_.statements_sql(run_, *revision_, {over}), "cannot write the journal"); !noted)
        return stop(noted.error(), &statement);
    }
    done = std::max(done, record.number);
  }
  listener_.on_resume(*revision_, done, what);
  return true;
}

bool Run::finish_empty() {
  const Outcome outcome = session_.run("BEGIN; " + journal_.revision_sql(run_, *revision_, begun_, true) + "COMMIT");
  if (outcome.done()) return true;
  if (session_.is_open()) session_.run_to_end("ROLLBACK");
  return stop(kind_of(outcome), outcome.error, nullptr);
}

Outcome Run::send(const PlannedStatement& statement, StatementTime& time) {
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

Run::milliseconds Run::pause_before(int attempt) {
  const double base = std::min(200.0 * static_cast<double>(1U << static_cast<unsigned>(std::min(attempt, 10))), 15'000.0);
  return milliseconds(static_cast<long>(std::uniform_real_distribution<double>(0.5 * base, base)(random_)));
}

void Run::restore_session() {
  if (!session_.is_open()) return;
  session_.run_to_end("RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; " + session_settings(session_.server_major(), options_));
}

std::string_view name(RunOutcome outcome, bool partial) {
  switch (outcome) {
    case RunOutcome::done: return "done";
    case RunOutcome::failed: return partial ? "partial" : "failed";
    case RunOutcome::lock_budget: return "lock budget spent";
    case RunOutcome::interrupted: return "interrupted";
    case RunOutcome::lost: break;
  }
  return "connection lost";
}

std::string session_settings(int server_major, const RunOptions& options) {
  std::string sql = fmt::format(
      "SET client_encoding = 'UTF8'; SET lock_timeout = {}; SET statement_timeout = {}; SET "
      "idle_in_transaction_session_timeout = '60s'; ",
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
