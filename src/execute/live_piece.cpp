// A piece that code runs, statement by statement, in one transaction with the journal's rows.
#include "execute/live_migration.h"
#include "execute/run.h"
#include "migrations/meaning_hash.h"
#include "sql/script.h"

#include <algorithm>
#include <deque>
#include <map>

#include <fmt/format.h>

namespace cupel::execute {

using std::chrono::duration_cast;

// One attempt.
class Run::LiveTransaction final : public LiveConnection {
 public:
  explicit LiveTransaction(Run& run) : run_(run) {}
  ~LiveTransaction() override {
    if (prepared_ > 0 && run_.session_.is_open()) run_.session_.run_to_end("DEALLOCATE ALL");
  }

  bool execute(std::string_view sql, const LivePlace& place) override {
    const SourceText source(name(place), std::string(sql));
    const sql::Script script = sql::Script::parse(source, {});
    if (!may_run(sql, script, place)) return false;
    for (const sql::Statement& statement : script.statements()) {
      const std::string_view text = statement.span.of(source.text());
      if (!send(text, run_.session_.run(text), std::string(statement.tag()), place)) return false;
    }
    return true;
  }

  const Outcome* query(std::string_view sql, const std::vector<std::optional<std::string>>& parameters, const LivePlace& place) override {
    const SourceText source(name(place), std::string(sql));
    const sql::Script script = sql::Script::parse(source, {});
    if (!may_run(sql, script, place)) return nullptr;
    if (script.statements().size() != 1) {
      refuse("a query is one statement", place);
      return nullptr;
    }
    const sql::Statement& statement = script.statements().front();
    const std::string_view text = statement.span.of(source.text());
    if (!parameters.empty()) {
      std::string prepare = prepared_ > 0 ? fmt::format("DEALLOCATE cupel_{}; ", prepared_) : "";
      prepare += fmt::format("PREPARE cupel_{} AS {}", ++prepared_, text);
      answer_ = run_.session_.run(prepare);
      answer_.error.position = 0;  // counts from the PREPARE on
      if (answer_.done()) answer_ = run_.session_.run(execute_sql(parameters));
    } else {
      answer_ = run_.session_.run(text);
    }
    return send(text, answer_, std::string(statement.tag()), place) ? &answer_ : nullptr;
  }

  void refuse(const std::string& why, const LivePlace& place) override {
    ServerMessage message;
    message.message = why;
    fail({RunOutcome::failed, nullptr, std::move(message), {}}, "", place);
  }

  [[nodiscard]] bool failed() const { return end_.outcome != RunOutcome::done; }
  [[nodiscard]] PieceEnd& end() { return end_; }
  [[nodiscard]] const std::shared_ptr<const SourceText>& failed_source() const { return failed_source_; }
  [[nodiscard]] std::vector<StatementRecord> records() const {
    std::vector<StatementRecord> records;
    for (const Sent& sent : sent_) records.push_back({&sent.statement, sent.elapsed, "done", {}, {}, {}});
    return records;
  }

 private:
  // A statement of which the journal has one row, however often it ran.
  struct Sent {
    PlannedStatement statement;
    std::chrono::microseconds elapsed{0};
  };

  static std::string name(const LivePlace& place) { return fmt::format("{}:{}", place.file, place.line); }

  // What would end the transaction is refused, and what the gate does not let pass.
  bool may_run(std::string_view sql, const sql::Script& script, const LivePlace& place) {
    if (failed()) return false;
    if (!script.errors().empty()) {
      ServerMessage message;
      message.message = script.errors().front().message;
      fail({RunOutcome::failed, nullptr, std::move(message), {}}, sql, place);
      return false;
    }
    for (const sql::Statement& statement : script.statements()) {
      const auto* transaction = statement.as<sql::Transaction>();
      using Kind = sql::Transaction::Kind;
      if (transaction == nullptr || transaction->kind == Kind::savepoint || transaction->kind == Kind::release ||
          transaction->kind == Kind::rollback_to)
        continue;
      refuse(fmt::format("{} would end the transaction in which the revision runs and is recorded", statement.tag()), place);
      return false;
    }
    if (!run_.options_.live_gate) return true;
    const Status passed = run_.options_.live_gate(*run_.revision_, sql, place);
    if (!passed) {
      ServerMessage message;
      message.message = passed.error().message;
      fail({RunOutcome::failed, nullptr, std::move(message), {}}, sql, place);
    }
    return passed.has_value();
  }

  [[nodiscard]] std::string execute_sql(const std::vector<std::optional<std::string>>& parameters) const {
    std::string values;
    for (const std::optional<std::string>& parameter : parameters)
      values += fmt::format("{}{}", values.empty() ? "" : ", ", parameter ? PgSession::literal(*parameter) : "NULL");
    return fmt::format("EXECUTE cupel_{} ({})", prepared_, values);
  }

  bool send(std::string_view text, const Outcome& outcome, std::string tag, const LivePlace& place) {
    const auto [known, is_new] = numbers_.try_emplace(std::string(text), sent_.size());
    if (is_new) {
      PlannedStatement& statement = sent_.emplace_back().statement;
      statement.number = sent_.size();
      statement.tag = std::move(tag);
      statement.hash = migrations::meaning_hash(text, {});
    }
    Sent& sent = sent_[known->second];
    sent.elapsed += outcome.elapsed;
    if (outcome.done()) return true;
    fail({kind_of(outcome), &sent.statement, outcome.error, {}}, text, place);
    return false;
  }

  void fail(PieceEnd end, std::string_view sql, const LivePlace& place) {
    if (failed()) return;
    end_ = std::move(end);
    failed_source_ = std::make_shared<const SourceText>(name(place), std::string(sql));
  }

  Run& run_;
  std::deque<Sent> sent_;  // whose statements are pointed to
  std::map<std::string, std::size_t> numbers_;
  Outcome answer_;
  PieceEnd end_;
  std::shared_ptr<const SourceText> failed_source_;
  int prepared_ = 0;
};

bool Run::run_live(const Piece& piece, bool last) {
  const Clock::time_point start = Clock::now();
  for (int attempt = 0;; ++attempt) {
    LiveTransaction transaction(*this);
    if (try_live(piece, transaction, last)) return true;
    PieceEnd& end = transaction.end();
    const milliseconds left = options_.lock_budget - duration_cast<milliseconds>(Clock::now() - start);
    const milliseconds pause = pause_before(attempt + 1);
    const bool again = end.outcome == RunOutcome::failed && may_succeed_later(end.error) && end.statement != nullptr;
    if (!again || left <= pause) {
      note_failure(end);
      const std::size_t position = end.error.position;
      stop(again ? RunOutcome::lock_budget : end.outcome, std::move(end.error), nullptr);
      if (transaction.failed_source() != nullptr) point_at(transaction.failed_source(), position);
      return false;
    }
    listener_.on_retry(*revision_, *end.statement, end.error, {}, pause, left);
    if (!rest(options_.interruption, pause)) return stop(RunOutcome::interrupted, interrupted_message(), nullptr);
  }
}

bool Run::try_live(const Piece& piece, LiveTransaction& transaction, bool last) {
  // Others queue behind most of what a migration asks for; which it is is not known before.
  Outcome outcome = session_.run(fmt::format("{}; SET LOCAL lock_timeout = {}", piece.begin, options_.lock_timeout.count()));
  if (outcome.done()) {
    const Status ran = piece.live->run(revision_->direction, transaction);
    if (!ran && !transaction.failed()) {
      ServerMessage message;
      message.message = ran.error().message;
      transaction.end() = {RunOutcome::failed, nullptr, std::move(message), {}};
    }
    if (!transaction.failed()) {
      // The migration may have taken another role, which may not write the journal.
      outcome = session_.run("SET LOCAL SESSION AUTHORIZATION DEFAULT; SET LOCAL ROLE NONE; " +
                             journal_.statements_sql(run_, *revision_, transaction.records()) +
                             journal_.revision_sql(run_, *revision_, begun_, last) + "COMMIT");
      if (outcome.done()) return true;
    }
  }
  if (!outcome.done()) transaction.end() = {kind_of(outcome), nullptr, outcome.error, {}};
  if (session_.is_open()) session_.run_to_end("ROLLBACK");
  return false;
}

void make_live(PlannedRevision& revision, LiveMigration* migration) {
  revision.pieces.clear();
  Piece& piece = revision.pieces.emplace_back();
  piece.kind = PieceKind::live;
  piece.live = migration;
}

}  // namespace cupel::execute
