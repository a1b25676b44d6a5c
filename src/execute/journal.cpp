#include "execute/journal.h"

#include "sql/script.h"

#include <algorithm>

#include <fmt/format.h>

namespace cupel::execute {
namespace {

// Between the elements of an array that is read as one text; no revision may contain a control character.
constexpr char separator = '\x1f';
constexpr std::string_view separator_sql = "E'\\x1f'";

std::vector<std::string> elements(std::string_view joined) {
  std::vector<std::string> result;
  while (!joined.empty()) {
    const std::size_t end = std::min(joined.find(separator), joined.size());
    result.emplace_back(joined.substr(0, end));
    joined.remove_prefix(std::min(end + 1, joined.size()));
  }
  return result;
}

RevisionState state_named(std::string_view word) {
  if (word == "upgrading") return RevisionState::upgrading;
  if (word == "downgrading") return RevisionState::downgrading;
  return RevisionState::applied;
}

std::string lit(std::string_view value) { return PgSession::literal(value); }
std::string lit_or_null(std::string_view value) { return value.empty() ? "NULL" : lit(value); }

}  // namespace

std::string_view name(RevisionState state) {
  switch (state) {
    case RevisionState::applied: return "applied";
    case RevisionState::upgrading: return "upgrading";
    case RevisionState::downgrading: break;
  }
  return "downgrading";
}

const JournalRevision* JournalState::find(std::string_view revision) const {
  const auto found = std::ranges::find(revisions, revision, &JournalRevision::revision);
  return found == revisions.end() ? nullptr : &*found;
}

Journal::Journal(std::string schema) : schema_(std::move(schema)) {}

std::string Journal::table(std::string_view name) const { return sql::quote_identifier(schema_) + '.' + std::string(name); }

std::int64_t Journal::lock_key() const {
  // FNV-1a, 64 bits. Advisory locks belong to a database, so its name need not be in the key.
  std::uint64_t state = 0xCBF29CE484222325U;
  for (const char byte : "cupel journal " + schema_) {
    state ^= static_cast<unsigned char>(byte);
    state *= 0x100000001B3U;
  }
  return static_cast<std::int64_t>(state);
}

Result<JournalState> Journal::read(PgSession& session) const {
  JournalState state;
  TRY_ASSIGN(const Rows known,
             session.query(fmt::format("SELECT to_regclass({}) IS NOT NULL", lit(table("journal"))), "cannot look for the journal"));
  state.exists = known.truth(0, 0);
  if (!state.exists) return state;
  TRY_ASSIGN(const Rows format, session.query(fmt::format("SELECT format FROM {}", table("journal")), "cannot read the journal"));
  if (format.size() != 1 || format.number(0, 0) != journal_format) {
    return Error{ErrorCode::unsupported,
                 fmt::format("the journal in schema {} has format {}, this cupel knows {}: use the cupel that wrote it, or a newer one",
                             schema_, format.empty() ? "?" : format.text(0, 0), journal_format)};
  }
  const auto joined = [](std::string_view column) { return fmt::format("array_to_string({}, {})", column, separator_sql); };
  TRY_ASSIGN(const Rows revisions, session.query(fmt::format("SELECT revision, title, file, {}, {}, state, upgrade_hash, downgrade_hash, "
                                                             "applied_at, run, stamped FROM {} ORDER BY position",
                                                             joined("parents"), joined("depends_on"), table("revision")),
                                                 "cannot read the journal"));
  bool partial = false;
  for (std::size_t row = 0; row < revisions.size(); ++row) {
    JournalRevision& revision = state.revisions.emplace_back();
    revision.revision = revisions.text(row, 0);
    revision.title = revisions.text(row, 1);
    revision.file = revisions.text(row, 2);
    revision.parents = elements(revisions.text(row, 3));
    revision.depends_on = elements(revisions.text(row, 4));
    revision.state = state_named(revisions.text(row, 5));
    revision.upgrade_hash = revisions.text(row, 6);
    revision.downgrade_hash = revisions.text(row, 7);
    revision.applied_at = revisions.text(row, 8);
    revision.run = revisions.number(row, 9);
    revision.stamped = revisions.truth(row, 10);
    partial = partial || revision.state != RevisionState::applied;
  }
  if (partial) {
    TRY_ASSIGN(const Rows statements,
               session.query(fmt::format("SELECT s.revision, s.direction, s.number, s.hash, s.tag, bool_or(s.outcome = 'done'), "
                                         "max(s.before) FROM {} s JOIN {} r USING (revision) "
                                         "WHERE r.state <> 'applied' AND s.run >= r.run AND s.direction = CASE r.state WHEN 'upgrading' "
                                         "THEN 'upgrade' ELSE 'downgrade' END "
                                         "AND s.outcome IN ('started', 'done') GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 3",
                                         table("statement"), table("revision")),
                             "cannot read the journal"));
    for (std::size_t row = 0; row < statements.size(); ++row) {
      JournalStatement& statement = state.statements.emplace_back();
      statement.revision = statements.text(row, 0);
      statement.direction = statements.text(row, 1) == "upgrade" ? Direction::upgrade : Direction::downgrade;
      statement.number = static_cast<std::size_t>(statements.number(row, 2));
      statement.hash = statements.text(row, 3);
      statement.tag = statements.text(row, 4);
      statement.done = statements.truth(row, 5);
      statement.before = statements.text(row, 6);
    }
  }
  TRY_ASSIGN(
      const Rows runs,
      session.query(fmt::format("SELECT r.id, r.command, coalesce(r.client_user, r.database_user), r.client_host, r.started, "
                                "r.backend_pid, a.pid IS NOT NULL, a.state, a.query "
                                "FROM {} r LEFT JOIN pg_stat_activity a ON a.pid = r.backend_pid AND a.backend_start = r.backend_started "
                                "WHERE r.ended IS NULL AND r.backend_pid IS DISTINCT FROM pg_backend_pid() ORDER BY r.id",
                                table("run")),
                    "cannot read the journal"));
  for (std::size_t row = 0; row < runs.size(); ++row) {
    OpenRun& run = state.open_runs.emplace_back();
    run.id = runs.number(row, 0);
    run.command = runs.text(row, 1);
    run.user = runs.text(row, 2);
    run.host = runs.text(row, 3);
    run.started = runs.text(row, 4);
    run.backend_pid = static_cast<int>(runs.number(row, 5));
    run.alive = runs.truth(row, 6);
    run.state = runs.text(row, 7);
    run.query = runs.text(row, 8);
  }
  return state;
}

std::string Journal::create_sql() const {
  return fmt::format(
      R"(CREATE SCHEMA IF NOT EXISTS {0};
COMMENT ON SCHEMA {0} IS 'cupel: which migrations were applied, by whom and when';
CREATE TABLE IF NOT EXISTS {0}.journal (format integer NOT NULL);
INSERT INTO {0}.journal SELECT {1} WHERE NOT EXISTS (SELECT FROM {0}.journal);
CREATE TABLE IF NOT EXISTS {0}.run (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  command text NOT NULL,
  target text NOT NULL,
  started timestamptz NOT NULL DEFAULT clock_timestamp(),
  ended timestamptz,
  outcome text,
  message text,
  database_user text NOT NULL DEFAULT session_user,
  client_user text,
  client_host text,
  client_pid integer,
  backend_pid integer,
  backend_started timestamptz,
  tool_version text NOT NULL,
  plan_hash text,
  backup text
);
CREATE TABLE IF NOT EXISTS {0}.revision (
  revision text PRIMARY KEY,
  position bigint GENERATED ALWAYS AS IDENTITY,
  parents text[] NOT NULL,
  depends_on text[] NOT NULL,
  title text NOT NULL,
  file text NOT NULL,
  state text NOT NULL CHECK (state IN ('applied', 'upgrading', 'downgrading')),
  hash_algorithm text NOT NULL,
  upgrade_hash text NOT NULL,
  downgrade_hash text,
  downgrade_text text,
  downgrade_outside_transaction boolean NOT NULL,
  run bigint NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  stamped boolean NOT NULL
);
CREATE TABLE IF NOT EXISTS {0}.statement (
  run bigint NOT NULL,
  revision text NOT NULL,
  direction text NOT NULL CHECK (direction IN ('upgrade', 'downgrade')),
  number integer NOT NULL,
  tag text NOT NULL,
  hash text NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('started', 'done', 'failed')),
  ended timestamptz NOT NULL DEFAULT clock_timestamp(),
  elapsed interval NOT NULL,
  sqlstate text,
  message text,
  before text,
  PRIMARY KEY (run, revision, direction, number)
);
CREATE TABLE IF NOT EXISTS {0}.backfill (
  revision text NOT NULL,
  direction text NOT NULL,
  number integer NOT NULL,
  done text,
  until text NOT NULL,
  rows bigint NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (revision, direction, number)
);
)",
      sql::quote_identifier(schema_), journal_format);
}

Status Journal::create(PgSession& session) const {
  const std::string schema = sql::quote_identifier(schema_);
  const Outcome outcome = session.run("BEGIN; " + create_sql() + "COMMIT");
  if (outcome.done()) return success();
  session.run_to_end("ROLLBACK");
  if (outcome.has_state("42501")) {
    return Error{
        ErrorCode::connection,
        fmt::format(
            "the journal cannot be made: {}; let an owner of the database run: CREATE SCHEMA {} AUTHORIZATION <the role of the migrations>",
            outcome.error.message, schema)};
  }
  return Error{ErrorCode::connection, fmt::format("the journal cannot be made in schema {}: {}", schema, outcome.error.message)};
}

Result<Journal::KeptDowngrade> Journal::downgrade_of(PgSession& session, std::string_view revision) const {
  TRY_ASSIGN(const Rows rows, session.query(fmt::format("SELECT downgrade_text, downgrade_outside_transaction FROM {} WHERE revision = {}",
                                                        table("revision"), lit(revision)),
                                            "cannot read the journal"));
  if (rows.empty() || rows.is_null(0, 0)) {
    return Error{ErrorCode::edited,
                 fmt::format("revision {} is applied, its file is not here, and no downgrade was kept when it was applied", revision)};
  }
  return KeptDowngrade{rows.text(0, 0), rows.truth(0, 1)};
}

std::string Journal::begin_run_sql(const RunDescription& run) const {
  return fmt::format(
      "INSERT INTO {} (command, target, client_user, client_host, client_pid, tool_version, plan_hash, backup, backend_pid, "
      "backend_started) "
      "SELECT {}, {}, {}, {}, {}, {}, {}, {}, pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid() RETURNING id",
      table("run"), lit(run.command), lit(run.target), lit(run.client_user), lit(run.client_host), run.client_pid, lit(run.tool_version),
      lit_or_null(run.plan_hash), lit_or_null(run.backup));
}

RunNumber Journal::latest_run() const { return fmt::format("currval(pg_get_serial_sequence({}, 'id'))", lit(table("run"))); }

Result<std::int64_t> Journal::begin_run(PgSession& session, const RunDescription& run) const {
  TRY_ASSIGN(const Rows rows, session.query(begin_run_sql(run), "cannot note the run in the journal"));
  if (rows.empty()) return Error{ErrorCode::connection, "cannot note the run in the journal: pg_stat_activity does not show this session"};
  return rows.number(0, 0);
}

std::string Journal::end_run_sql(const RunNumber& run, std::string_view outcome, std::string_view message) const {
  return fmt::format("UPDATE {} SET ended = clock_timestamp(), outcome = {}, message = {} WHERE id = {}", table("run"), lit(outcome),
                     lit_or_null(message), run);
}

std::string Journal::close_runs_sql(const std::vector<OpenRun>& runs) const {
  std::string ids;
  for (const OpenRun& run : runs) {
    if (!run.alive) ids += fmt::format("{}{}", ids.empty() ? "" : ", ", run.id);
  }
  if (ids.empty()) return {};
  return fmt::format("UPDATE {} SET ended = clock_timestamp(), outcome = 'interrupted' WHERE ended IS NULL AND id IN ({})", table("run"),
                     ids);
}

std::string Journal::statements_sql(const RunNumber& run, const PlannedRevision& revision,
                                    const std::vector<StatementRecord>& records) const {
  if (records.empty()) return {};
  std::string sql =
      fmt::format("INSERT INTO {} (run, revision, direction, number, tag, hash, outcome, elapsed, sqlstate, message, before) VALUES ",
                  table("statement"));
  for (const StatementRecord& record : records) {
    const PlannedStatement& statement = *record.statement;
    fmt::format_to(std::back_inserter(sql), "{}({}, {}, '{}', {}, {}, {}, '{}', '{} us', {}, {}, {})",
                   &record == records.data() ? "" : ", ", run, lit(revision.revision), name(revision.direction), statement.number,
                   lit(statement.tag), lit(statement.hash), record.outcome, record.elapsed.count(), lit_or_null(record.sqlstate),
                   lit_or_null(record.message), lit_or_null(record.before));
  }
  return sql + "; ";
}

std::string Journal::statement_over_sql(const RunNumber& run, const PlannedRevision& revision, const StatementRecord& record) const {
  return fmt::format(
      "UPDATE {} SET outcome = '{}', ended = clock_timestamp(), elapsed = '{} us', sqlstate = {}, message = {} WHERE run = {} AND revision "
      "= {} AND direction = '{}' AND number = {}; ",
      table("statement"), record.outcome, record.elapsed.count(), lit_or_null(record.sqlstate), lit_or_null(record.message), run,
      lit(revision.revision), name(revision.direction), record.statement->number);
}

std::string Journal::insert_revision(const RunNumber& run, const PlannedRevision& revision, std::string_view state, bool stamped) const {
  return fmt::format(
      "INSERT INTO {} (revision, parents, depends_on, title, file, state, hash_algorithm, upgrade_hash, downgrade_hash, downgrade_text, "
      "downgrade_outside_transaction, run, stamped) "
      "VALUES ({}, {}, {}, {}, {}, '{}', '{}', {}, {}, {}, {}, {}, {}); ",
      table("revision"), lit(revision.revision), PgSession::literal(revision.parents), PgSession::literal(revision.depends_on),
      lit(revision.title), lit(revision.file), state, hash_algorithm, lit(revision.hash), lit_or_null(revision.downgrade_hash),
      revision.downgrade_hash.empty() ? "NULL" : lit(revision.downgrade_text), revision.downgrade_outside_transaction, run, stamped);
}

std::string Journal::revision_sql(const RunNumber& run, const PlannedRevision& revision, bool begun, bool over) const {
  // One row has to change, or the transaction fails: somebody else was here.
  const auto exactly_one = [](const std::string& change) {
    return fmt::format("WITH changed AS ({} RETURNING 1) SELECT 1 / count(*) FROM changed; ", change);
  };
  const std::string where = fmt::format("WHERE revision = {}", lit(revision.revision));
  if (revision.direction == Direction::upgrade) {
    if (!begun) return insert_revision(run, revision, over ? "applied" : "upgrading", false);
    if (!over) return {};
    return exactly_one(
        fmt::format("UPDATE {} SET state = 'applied', applied_at = clock_timestamp(), upgrade_hash = {} {} AND state = 'upgrading'",
                    table("revision"), lit(revision.hash), where));
  }
  const std::string state = begun ? "downgrading" : "applied";
  if (over) return exactly_one(fmt::format("DELETE FROM {} {} AND state = '{}'", table("revision"), where, state));
  if (begun) return {};
  return exactly_one(fmt::format("UPDATE {} SET state = 'downgrading', run = {} {} AND state = 'applied'", table("revision"), run, where));
}

Result<std::optional<Journal::Cursor>> Journal::read_cursor(PgSession& session, const PlannedRevision& revision,
                                                            std::size_t statement) const {
  TRY_ASSIGN(const Rows rows,
             session.query(fmt::format("SELECT done, until, rows FROM {} WHERE revision = {} AND direction = '{}' AND number = {}",
                                       table("backfill"), lit(revision.revision), name(revision.direction), statement),
                           "cannot read the journal"));
  if (rows.empty()) return std::optional<Cursor>();
  return std::optional(Cursor{rows.values[0][0], rows.text(0, 1), rows.number(0, 2)});
}

std::string Journal::cursor_sql(const PlannedRevision& revision, std::size_t statement, const Cursor& cursor) const {
  return fmt::format(
      "INSERT INTO {} (revision, direction, number, done, until, rows) VALUES ({}, '{}', {}, {}, {}, {}) "
      "ON CONFLICT (revision, direction, number) DO UPDATE SET done = EXCLUDED.done, until = EXCLUDED.until, rows = EXCLUDED.rows, "
      "changed_at = clock_timestamp(); ",
      table("backfill"), lit(revision.revision), name(revision.direction), statement, cursor.done ? lit(*cursor.done) : "NULL",
      lit(cursor.until), cursor.rows);
}

std::string Journal::cursor_over_sql(const PlannedRevision& revision, std::size_t statement) const {
  return fmt::format("DELETE FROM {} WHERE revision = {} AND direction = '{}' AND number = {}; ", table("backfill"), lit(revision.revision),
                     name(revision.direction), statement);
}

std::string Journal::stamp_sql(const RunNumber& run, const PlannedRevision& revision) const {
  return insert_revision(run, revision, "applied", true);
}

std::string Journal::accept_sql(const PlannedRevision& revision) const {
  return fmt::format(
      "UPDATE {} SET upgrade_hash = {}, downgrade_hash = {}, downgrade_text = {}, downgrade_outside_transaction = {}, file = {} WHERE "
      "revision = {}; ",
      table("revision"), lit(revision.hash), lit_or_null(revision.downgrade_hash),
      revision.downgrade_hash.empty() ? "NULL" : lit(revision.downgrade_text), revision.downgrade_outside_transaction, lit(revision.file),
      lit(revision.revision));
}

std::string Journal::unstamp_sql(std::string_view revision) const {
  return fmt::format("DELETE FROM {} WHERE revision = {}; ", table("revision"), lit(revision));
}

}  // namespace cupel::execute
