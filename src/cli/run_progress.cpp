#include "cli/run_progress.h"

#include "cli/output.h"
#include "cli/progress_line.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cupel::cli {
namespace {

using execute::Direction;
using execute::PlannedRevision;
using execute::PlannedStatement;
using nlohmann::ordered_json;
using std::chrono::microseconds;
using std::chrono::milliseconds;

std::string time_in_words(microseconds time) {
  const double seconds = static_cast<double>(time.count()) / 1e6;
  if (seconds < 0.0995) return fmt::format("{:.0f} ms", seconds * 1000);
  if (seconds < 99.95) return fmt::format("{:.1f} s", seconds);
  return fmt::format("{}:{:02} min", static_cast<long>(seconds) / 60, static_cast<long>(seconds) % 60);
}

std::string place(const PlannedRevision& revision, const PlannedStatement& statement) {
  return fmt::format("{}:{}", revision.source->name(), revision.source->position(statement.span.begin).line);
}

std::string in_words(const execute::Blocker& blocker) {
  std::string words = fmt::format("pid {}, user {}", blocker.pid, blocker.user);
  if (!blocker.application.empty()) words += ", " + blocker.application;
  words += fmt::format(", {}", blocker.state.empty() ? "?" : blocker.state);
  if (!blocker.since.empty()) words += fmt::format(", in a transaction since {}", blocker.since);
  if (!blocker.query.empty()) words += ": " + blocker.query;
  return words;
}

// The statement's beginning, in one line.
std::string beginning(const PlannedRevision& revision, const PlannedStatement& statement) {
  std::string words;
  bool space = false;
  for (const char c : statement.span.of(revision.source->text())) {
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!blank && space && !words.empty()) words += ' ';
    space = blank;
    if (!blank) words += c;
    if (words.size() >= 100) return words + " …";
  }
  return words;
}

class TextProgress : public execute::RunListener {
 public:
  explicit TextProgress(bool interactive) : interactive_(interactive) {}

  void on_lock_held(const execute::LockHolder& holder) override {
    say(fmt::format("waiting for another run: {}", execute::in_words(holder)));
  }

  void on_orphan(const execute::OpenRun& run) override {
    if (run.alive) {
      say(fmt::format("run {} ({} by {} on {}, begun {}) did not end: its server process {} is {}: {}", run.id, run.command, run.user,
                      run.host, run.started, run.backend_pid, run.state, run.query));
    } else {
      say(fmt::format("run {} ({} by {} on {}, begun {}) was interrupted; its server process is gone", run.id, run.command, run.user,
                      run.host, run.started));
    }
  }

  void on_revision(const PlannedRevision& revision, std::size_t number, std::size_t total) override {
    say(fmt::format("[{}/{}] {} {}{}{}", number, total, execute::name(revision.direction), revision.revision,
                    revision.title.empty() ? "" : " ", revision.title));
  }

  void on_resume(const PlannedRevision& revision, std::size_t done, const std::string& what) override {
    say(fmt::format("      goes on where an earlier run stopped: {} of {} statements are done{}{}", done, revision.statements(),
                    what.empty() ? "" : "; ", what));
  }

  void on_waiting(const PlannedRevision& revision, const PlannedStatement& statement, milliseconds elapsed,
                  const execute::Observation& observation) override {
    std::string words = fmt::format("      {} {} {}", place(revision, statement), statement.tag, time_in_words(elapsed));
    if (observation.progress) {
      words += ", " + observation.progress->phase;
      if (observation.progress->percent) words += fmt::format(" {} %", *observation.progress->percent);
    }
    if (!observation.blocked.empty()) words += fmt::format(", {} waiting for it", observation.blocked.size());
    if (!observation.blockers.empty()) words += fmt::format(", waits for {}", in_words(observation.blockers.front()));
    if (interactive_) {
      line_.show(words);
    } else if (elapsed - told_ >= std::chrono::seconds(5) || elapsed < told_) {
      told_ = elapsed;
      say(words);
    }
  }

  void on_notice(const PlannedRevision& revision, const PlannedStatement& statement, const execute::ServerMessage& notice) override {
    say(fmt::format("      {}: {}: {}", place(revision, statement), notice.severity, notice.message));
  }

  void on_retry(const PlannedRevision& revision, const PlannedStatement& statement, const execute::ServerMessage& error,
                const std::vector<execute::Blocker>& blockers, milliseconds pause, milliseconds left) override {
    say(fmt::format("      {}: {}; rolled back, again in {} (for another {})", place(revision, statement), error.message,
                    time_in_words(pause), time_in_words(left)));
    for (const execute::Blocker& blocker : blockers) say("        in the way: " + in_words(blocker));
  }

  void on_statement_done(const PlannedRevision& revision, const PlannedStatement& statement, const std::string& /*tag*/,
                         microseconds elapsed) override {
    line_.clear();
    if (elapsed >= std::chrono::seconds(1))
      say(fmt::format("      {} {} took {}", place(revision, statement), beginning(revision, statement), time_in_words(elapsed)));
  }

  void on_revision_done(const PlannedRevision& /*revision*/, microseconds elapsed) override {
    line_.clear();
    if (elapsed >= std::chrono::seconds(1)) say(fmt::format("      done in {}", time_in_words(elapsed)));
  }

 private:
  void say(const std::string& words) {
    line_.clear();
    print_log(words + "\n");
  }

  bool interactive_;
  ProgressLine line_{interactive_};
  milliseconds told_{0};
};

ordered_json to_json(const std::vector<execute::Blocker>& blockers) {
  ordered_json list = ordered_json::array();
  for (const execute::Blocker& blocker : blockers) {
    list.push_back({{"pid", blocker.pid},
                    {"user", blocker.user},
                    {"application", blocker.application},
                    {"state", blocker.state},
                    {"transaction_age", blocker.since},
                    {"query", blocker.query}});
  }
  return list;
}

std::string line(const ordered_json& event) { return event.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n"; }

class JsonProgress : public execute::RunListener {
 public:
  void on_lock_held(const execute::LockHolder& holder) override {
    print_log(line({{"event", "lock_held"},
                    {"pid", holder.pid},
                    {"user", holder.user},
                    {"application", holder.application},
                    {"host", holder.host},
                    {"since", holder.since}}));
  }
  void on_orphan(const execute::OpenRun& run) override {
    print_log(line({{"event", "unfinished_run"},
                    {"run", run.id},
                    {"command", run.command},
                    {"user", run.user},
                    {"host", run.host},
                    {"started", run.started},
                    {"backend_pid", run.backend_pid},
                    {"alive", run.alive}}));
  }
  void on_revision(const PlannedRevision& revision, std::size_t number, std::size_t total) override {
    print_log(line({{"event", "revision"},
                    {"revision", revision.revision},
                    {"direction", execute::name(revision.direction)},
                    {"number", number},
                    {"total", total}}));
  }
  void on_resume(const PlannedRevision& revision, std::size_t done, const std::string& what) override {
    print_log(line({{"event", "resume"}, {"revision", revision.revision}, {"statements_done", done}, {"found", what}}));
  }
  void on_statement(const PlannedRevision& revision, const PlannedStatement& statement) override {
    print_log(line(about("statement", revision, statement)));
  }
  void on_waiting(const PlannedRevision& revision, const PlannedStatement& statement, milliseconds elapsed,
                  const execute::Observation& observation) override {
    ordered_json event = about("waiting", revision, statement);
    event["elapsed_ms"] = elapsed.count();
    event["blockers"] = to_json(observation.blockers);
    event["blocked_sessions"] = observation.blocked.size();
    if (observation.progress) {
      event["phase"] = observation.progress->phase;
      if (observation.progress->percent) event["percent"] = *observation.progress->percent;
    }
    print_log(line(event));
  }
  void on_notice(const PlannedRevision& revision, const PlannedStatement& statement, const execute::ServerMessage& notice) override {
    ordered_json event = about("notice", revision, statement);
    event["severity"] = notice.severity;
    event["message"] = notice.message;
    print_log(line(event));
  }
  void on_retry(const PlannedRevision& revision, const PlannedStatement& statement, const execute::ServerMessage& error,
                const std::vector<execute::Blocker>& blockers, milliseconds pause, milliseconds left) override {
    ordered_json event = about("retry", revision, statement);
    event["sqlstate"] = error.sqlstate;
    event["message"] = error.message;
    event["blockers"] = to_json(blockers);
    event["pause_ms"] = pause.count();
    event["budget_left_ms"] = left.count();
    print_log(line(event));
  }
  void on_statement_done(const PlannedRevision& revision, const PlannedStatement& statement, const std::string& /*tag*/,
                         microseconds elapsed) override {
    ordered_json event = about("statement_done", revision, statement);
    event["elapsed_us"] = elapsed.count();
    print_log(line(event));
  }
  void on_revision_done(const PlannedRevision& revision, microseconds elapsed) override {
    print_log(line({{"event", "revision_done"}, {"revision", revision.revision}, {"elapsed_us", elapsed.count()}}));
  }

 private:
  static ordered_json about(std::string_view event, const PlannedRevision& revision, const PlannedStatement& statement) {
    return {{"event", event},       {"revision", revision.revision},   {"number", statement.number},
            {"tag", statement.tag}, {"file", revision.source->name()}, {"line", revision.source->position(statement.span.begin).line}};
  }
};

}  // namespace

std::unique_ptr<execute::RunListener> make_run_progress(LogFormat format, bool interactive) {
  if (format == LogFormat::json) return std::make_unique<JsonProgress>();
  return std::make_unique<TextProgress>(interactive);
}

std::string describe_failure(const execute::RunResult& result) {
  if (!result.failure) return {};
  const execute::RunFailure& failure = *result.failure;
  std::string words = fmt::format("{} of {} stopped", execute::name(failure.direction), failure.revision);
  if (failure.source) {
    const Position at = failure.source->position(failure.offset);
    words += fmt::format(" at {}:{}:{}", failure.source->name(), at.line, at.column);
  }
  words += ": " + failure.message.message;
  if (!failure.message.sqlstate.empty()) words += fmt::format(" (SQLSTATE {})", failure.message.sqlstate);
  words += '\n';
  if (failure.source) {
    const Position at = failure.source->position(failure.offset);
    const std::string number = std::to_string(at.line);
    words += fmt::format("  {} | {}\n", number, failure.source->line(at.line).substr(0, 160));
    if (at.column <= 160) words += fmt::format("  {} | {}^\n", std::string(number.size(), ' '), std::string(at.column - 1, ' '));
  }
  if (!failure.message.detail.empty()) words += "  detail: " + failure.message.detail + "\n";
  if (!failure.message.hint.empty()) words += "  hint: " + failure.message.hint + "\n";
  if (!failure.message.context.empty()) words += "  context: " + failure.message.context + "\n";
  for (const execute::Blocker& blocker : failure.blockers) words += "  in the way: " + in_words(blocker) + "\n";
  if (result.outcome == execute::RunOutcome::lost) {
    words +=
        "  the connection broke; the server rolls back what was not committed, and the journal knows what was: run the command again, it "
        "goes on from there\n";
  } else if (failure.partial) {
    words += fmt::format(
        "  {} is partly done: what its earlier transactions did is in the database and in the journal; mend the cause and run the command "
        "again, it goes on behind that\n",
        failure.revision);
  } else {
    words += fmt::format("  rolled back: nothing of {} is in the database\n", failure.revision);
  }
  return words;
}

std::string failure_json(const execute::RunResult& result) {
  if (!result.failure) return {};
  const execute::RunFailure& failure = *result.failure;
  ordered_json event = {{"event", "failed"},
                        {"revision", failure.revision},
                        {"direction", execute::name(failure.direction)},
                        {"sqlstate", failure.message.sqlstate},
                        {"message", failure.message.message}};
  event["detail"] = failure.message.detail;
  event["hint"] = failure.message.hint;
  event["partial"] = failure.partial;
  event["blockers"] = to_json(failure.blockers);
  if (failure.source) {
    const Position at = failure.source->position(failure.offset);
    event["file"] = failure.source->name();
    event["line"] = at.line;
    event["column"] = at.column;
  }
  return line(event);
}

}  // namespace cupel::cli
