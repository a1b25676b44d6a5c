#include "execute/observation.h"

#include <fmt/format.h>

namespace cupel::execute {
namespace {

// One row per fact: kind, pid, user, application, state, since, query; of progress: phase and percent.
// pg_stat_progress_* has a view per command; its counters are compared with their totals, blocks before tuples.
std::string question(int pid, int server_major) {
  std::string sql = fmt::format(
      "SELECT 'blocker', a.pid::text, a.usename::text, a.application_name, a.state, date_trunc('second', clock_timestamp() - "
      "a.xact_start)::text, "
      "left(regexp_replace(a.query, '\\s+', ' ', 'g'), 120) FROM unnest(pg_blocking_pids({0})) AS b (pid) JOIN pg_stat_activity a ON a.pid "
      "= b.pid "
      "UNION ALL SELECT 'blocked', a.pid::text, NULL, NULL, NULL, NULL, NULL FROM pg_stat_activity a WHERE a.wait_event_type = 'Lock' AND "
      "{0} = ANY (pg_blocking_pids(a.pid)) "
      "UNION ALL SELECT 'progress', NULL, NULL, NULL, phase, (CASE WHEN blocks_total > 0 THEN 100 * blocks_done / blocks_total "
      "WHEN tuples_total > 0 THEN 100 * tuples_done / tuples_total WHEN lockers_total > 0 THEN 100 * lockers_done / lockers_total "
      "END)::text, NULL "
      "FROM pg_stat_progress_create_index WHERE pid = {0} "
      "UNION ALL SELECT 'progress', NULL, NULL, NULL, phase, (CASE WHEN heap_blks_total > 0 THEN 100 * heap_blks_scanned / heap_blks_total "
      "END)::text, NULL "
      "FROM pg_stat_progress_vacuum WHERE pid = {0} "
      "UNION ALL SELECT 'progress', NULL, NULL, NULL, command || ': ' || phase, (CASE WHEN heap_blks_total > 0 THEN 100 * "
      "heap_blks_scanned / heap_blks_total END)::text, NULL "
      "FROM pg_stat_progress_cluster WHERE pid = {0} "
      "UNION ALL SELECT 'progress', NULL, NULL, NULL, phase, (CASE WHEN sample_blks_total > 0 THEN 100 * sample_blks_scanned / "
      "sample_blks_total END)::text, NULL "
      "FROM pg_stat_progress_analyze WHERE pid = {0}",
      pid);
  if (server_major >= 14) {
    sql += fmt::format(
        " UNION ALL SELECT 'progress', NULL, NULL, NULL, 'copying: ' || tuples_processed || ' rows', "
        "(CASE WHEN bytes_total > 0 THEN 100 * bytes_processed / bytes_total END)::text, NULL FROM pg_stat_progress_copy WHERE pid = {0}",
        pid);
  }
  return sql;
}

}  // namespace

Observation Observer::observe() {
  Observation observation;
  if (failed_) return observation;
  if (!session_) {
    Result<PgSession> session = PgSession::connect({target_, "cupel observer", nullptr});
    if (!session) {
      failed_ = true;  // a second connection may not be allowed; the work goes on without being watched
      return observation;
    }
    session_.emplace(*std::move(session));
  }
  const Result<Rows> rows = session_->query(question(pid_, session_->server_major()), "");
  if (!rows) {
    failed_ = true;
    return observation;
  }
  for (std::size_t row = 0; row < rows->size(); ++row) {
    const std::string& kind = rows->text(row, 0);
    if (kind == "blocker") {
      observation.blockers.push_back({static_cast<int>(rows->number(row, 1)), rows->text(row, 2), rows->text(row, 3), rows->text(row, 4),
                                      rows->text(row, 5), rows->text(row, 6)});
    } else if (kind == "blocked") {
      observation.blocked.push_back(static_cast<int>(rows->number(row, 1)));
    } else {
      Progress& progress = observation.progress.emplace();
      progress.phase = rows->text(row, 4);
      if (!rows->is_null(row, 5)) progress.percent = static_cast<int>(rows->number(row, 5));
    }
  }
  return observation;
}

}  // namespace cupel::execute
