// The journal: what was applied to a database, kept in the database itself. docs/execution.md describes its tables.
//
// `cupel.revision` holds what is applied now; `cupel.run` and `cupel.statement` only grow, and tell who did what and when.
#pragma once

#include "base/result.h"
#include "execute/pg_session.h"
#include "execute/plan.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::execute {

inline constexpr std::string_view default_journal_schema = "cupel";
inline constexpr int journal_format = 1;
inline constexpr std::string_view hash_algorithm = "tokens-murmur3-1";  // migrations::meaning_hash

enum class RevisionState {
  applied,
  upgrading,    // some of its pieces are in the database, the rest is not
  downgrading,  // some of its downgrade's pieces are
};

struct JournalRevision {
  std::string revision, title, file;
  std::vector<std::string> parents, depends_on;
  RevisionState state = RevisionState::applied;
  std::string upgrade_hash, downgrade_hash;
  std::string applied_at;  // as the server prints it
  std::int64_t run = 0;    // that began it
  bool stamped = false;    // noted without running
};

// A statement of a revision that is only partly in the database.
struct JournalStatement {
  std::string revision;
  Direction direction = Direction::upgrade;
  std::size_t number = 0;
  std::string hash, tag;
  bool done = false;   // false: begun outside a transaction; whether it happened is not known
  std::string before;  // what was there before it: see reconcile.h
};

// A run that did not say how it ended.
struct OpenRun {
  std::int64_t id = 0;
  std::string command, user, host, started;
  int backend_pid = 0;
  bool alive = false;        // its server process still exists
  std::string state, query;  // of that process
};

struct JournalState {
  bool exists = false;
  std::vector<JournalRevision> revisions;    // in the order they were applied
  std::vector<JournalStatement> statements;  // of revisions that are not wholly `applied`, by number
  std::vector<OpenRun> open_runs;

  [[nodiscard]] const JournalRevision* find(std::string_view revision) const;
};

// Who runs what; goes into cupel.run.
struct RunDescription {
  std::string command, target;  // "upgrade", "heads"
  std::string client_user, client_host, tool_version;
  int client_pid = 0;
  std::string plan_hash, backup;
};

struct StatementRecord {
  const PlannedStatement* statement = nullptr;
  std::chrono::microseconds elapsed{0};
  std::string_view outcome = "done";  // started, done, failed
  std::string sqlstate, message, before;
};

// A run's number as SQL: "12", or an expression that gives it.
using RunNumber = std::string;

// Reads and writes the tables of one schema. The functions named *_sql only make the text, which the caller sends inside
// the transaction it belongs to.
class Journal {
 public:
  explicit Journal(std::string schema = std::string(default_journal_schema));

  [[nodiscard]] const std::string& schema() const { return schema_; }
  // The key of the advisory lock that one runner at a time holds.
  [[nodiscard]] std::int64_t lock_key() const;

  // `exists` is false when there is no journal yet. An error if a newer cupel wrote it.
  Result<JournalState> read(PgSession& session) const;
  // Makes the schema and its tables unless they exist. Only under the advisory lock.
  Status create(PgSession& session) const;
  [[nodiscard]] std::string create_sql() const;
  // The downgrade that was kept when `revision` was applied.
  struct KeptDowngrade {
    std::string text;
    bool outside_transaction = false;
  };
  Result<KeptDowngrade> downgrade_of(PgSession& session, std::string_view revision) const;

  Result<std::int64_t> begin_run(PgSession& session, const RunDescription& run) const;
  [[nodiscard]] std::string begin_run_sql(const RunDescription& run) const;
  // The number of the run that this session began last.
  [[nodiscard]] RunNumber latest_run() const;
  [[nodiscard]] std::string end_run_sql(const RunNumber& run, std::string_view outcome, std::string_view message) const;
  // Marks runs whose server process is gone as interrupted.
  [[nodiscard]] std::string close_runs_sql(const std::vector<OpenRun>& runs) const;

  [[nodiscard]] std::string statements_sql(const RunNumber& run, const PlannedRevision& revision,
                                           const std::vector<StatementRecord>& records) const;
  // An outside statement that was `started` is over.
  [[nodiscard]] std::string statement_over_sql(const RunNumber& run, const PlannedRevision& revision, const StatementRecord& record) const;
  // After a piece: the revision is begun or, with the last piece, over. `begun`: the journal has it as upgrading or
  // downgrading already. A transaction in which the journal is not as expected fails, with division_by_zero.
  [[nodiscard]] std::string revision_sql(const RunNumber& run, const PlannedRevision& revision, bool begun, bool over) const;
  // How far a backfill came.
  struct Cursor {
    std::optional<std::string> done;  // up to this key; none: nothing yet
    std::string until;                // the greatest key when it began
    std::int64_t rows = 0;            // changed so far
  };
  Result<std::optional<Cursor>> read_cursor(PgSession& session, const PlannedRevision& revision, std::size_t statement) const;
  [[nodiscard]] std::string cursor_sql(const PlannedRevision& revision, std::size_t statement, const Cursor& cursor) const;
  [[nodiscard]] std::string cursor_over_sql(const PlannedRevision& revision, std::size_t statement) const;
  // Notes a revision as applied, or as not applied, without having run anything.
  [[nodiscard]] std::string stamp_sql(const RunNumber& run, const PlannedRevision& revision) const;
  // What the file says now is what was applied.
  [[nodiscard]] std::string accept_sql(const PlannedRevision& revision) const;
  [[nodiscard]] std::string unstamp_sql(std::string_view revision) const;

 private:
  [[nodiscard]] std::string table(std::string_view name) const;
  [[nodiscard]] std::string insert_revision(const RunNumber& run, const PlannedRevision& revision, std::string_view state,
                                            bool stamped) const;

  std::string schema_;
};

std::string_view name(RevisionState state);

}  // namespace cupel::execute
