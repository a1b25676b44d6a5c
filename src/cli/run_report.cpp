#include "cli/run_report.h"

#include <nlohmann/json.hpp>

namespace cupel::cli {
namespace {

using nlohmann::ordered_json;

ordered_json names(execute::PgSession& session, std::string_view question) {
  const Result<execute::Rows> rows = session.query(question, "");
  if (!rows) return nullptr;
  ordered_json list = ordered_json::array();
  for (std::size_t row = 0; row < rows->size(); ++row) list.push_back(rows->text(row, 0));
  return list;
}

}  // namespace

std::string run_report(const execute::RunResult& result, const execute::Plan& plan, const std::string& backup,
                       execute::PgSession& session) {
  ordered_json revisions = ordered_json::array();
  for (const execute::RevisionTimes& times : result.revisions) {
    ordered_json statements = ordered_json::array();
    for (const execute::StatementTime& time : times.statements) {
      statements.push_back({{"number", time.statement->number},
                            {"line", times.revision->source->position(time.statement->span.begin).line},
                            {"tag", time.statement->tag},
                            {"elapsed_us", time.elapsed.count()},
                            {"waited_for_locks_ms", time.waited.count()},
                            {"sessions_blocked", time.blocked}});
    }
    revisions.push_back({{"revision", times.revision->revision},
                         {"direction", execute::name(times.revision->direction)},
                         {"file", times.revision->source ? times.revision->source->name() : times.revision->file},
                         {"elapsed_us", times.elapsed.count()},
                         {"statements", std::move(statements)}});
  }
  ordered_json failure;
  if (result.failure) {
    failure = {{"revision", result.failure->revision},
               {"sqlstate", result.failure->message.sqlstate},
               {"message", result.failure->message.message},
               {"partial", result.failure->partial}};
  }
  const ordered_json document = {
      {"version", 1},
      {"run", result.run},
      {"outcome", execute::name(result.outcome, result.failure && result.failure->partial)},
      {"plan_hash", plan.hash()},
      {"backup", backup.empty() ? ordered_json() : ordered_json(backup)},
      {"revisions", std::move(revisions)},
      {"failure", std::move(failure)},
      {"invalid_indexes", names(session, "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid ORDER BY 1")},
      {"not_valid_constraints", names(session,
                                      "SELECT conrelid::regclass || '.' || quote_ident(conname) FROM pg_constraint "
                                      "WHERE NOT convalidated AND conrelid <> 0 ORDER BY 1")}};
  return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace cupel::cli
