#include "execute/measurement.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

namespace cupel::execute {
namespace {

using sql::LockMode;

constexpr std::array all_modes = {
    LockMode::access_share, LockMode::row_share,           LockMode::row_exclusive, LockMode::share_update_exclusive,
    LockMode::share,        LockMode::share_row_exclusive, LockMode::exclusive,     LockMode::access_exclusive};

// "AccessExclusiveLock", as pg_locks has it.
std::optional<LockMode> mode_named(std::string_view name) {
  for (const LockMode mode : all_modes) {
    if (name == std::string(effects::internal_name(mode)) + "Lock") return mode;
  }
  return std::nullopt;
}

void raise(std::map<std::string, LockMode>& locks, const std::string& name, LockMode mode) {
  const auto [known, added] = locks.emplace(name, mode);
  if (!added) known->second = std::max(known->second, mode);
}

std::string full_name(const schema::Relation& relation) { return relation.name.schema + "." + relation.name.name; }

}  // namespace

// ---- measuring --------------------------------------------------------------------------------------------------------------

Result<ScratchSession> ScratchSession::open(const ConnectionOptions& options) {
  static int number = 0;
  TRY_ASSIGN(PgSession maintenance, PgSession::connect(options));
  std::string name = fmt::format("cupel_scratch_{}_{}", ::getpid(), ++number);
  // From template0: whatever others put into template1 is not part of the migrations.
  TRY_VOID(maintenance.query("CREATE DATABASE " + name + " TEMPLATE template0", "cannot make a scratch database"));
  ConnectionOptions own = options;
  // libpq takes the last of two settings in a connection string; a URI has its own place for the database.
  const bool is_uri = own.target.starts_with("postgres://") || own.target.starts_with("postgresql://");
  if (is_uri) own.target += (own.target.find('?') == std::string::npos ? "?" : "&") + std::string("dbname=") + name;
  else own.target += " dbname=" + name;
  Result<PgSession> session = PgSession::connect(own);
  if (!session) {
    maintenance.run_to_end("DROP DATABASE IF EXISTS " + name);
    return session.error();
  }
  return ScratchSession(std::move(maintenance), *std::move(session), std::move(name));
}

ScratchSession::~ScratchSession() {
  // FORCE ends what is still connected; since 13.
  if (!name_.empty() && maintenance_.is_open()) maintenance_.run_to_end("DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)");
}

Result<ScratchSession::Relations> ScratchSession::relations() {
  // What is below 16384 PostgreSQL made itself (FirstNormalObjectId in access/transam.h, all versions).
  TRY_ASSIGN(const Rows rows, session_.query("SELECT c.oid, regexp_replace(n.nspname, '^pg_temp_[0-9]+$', 'pg_temp') || '.' || c.relname, "
                                             "c.relkind, coalesce(pg_relation_filenode(c.oid), 0), "
                                             "coalesce(pg_relation_size(c.oid), 0), coalesce(i.indrelid, 0) "
                                             "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
                                             "LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid "
                                             "WHERE c.oid >= 16384 AND n.nspname !~ '^pg_toast' AND c.relkind <> 'c'",
                                             "cannot read what exists"));
  Relations result;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    result[static_cast<std::uint32_t>(rows.number(row, 0))] = {
        rows.text(row, 1), rows.text(row, 2).front(), static_cast<std::uint64_t>(rows.number(row, 3)),
        static_cast<std::uint64_t>(rows.number(row, 4)), static_cast<std::uint32_t>(rows.number(row, 5))};
  }
  return result;
}

Result<std::map<std::pair<std::uint32_t, LockMode>, bool>> ScratchSession::held_locks() {
  TRY_ASSIGN(const Rows rows, session_.query("SELECT relation, mode FROM pg_catalog.pg_locks WHERE pid = pg_backend_pid() AND granted "
                                             "AND locktype = 'relation' AND relation >= 16384",
                                             "cannot read the locks"));
  std::map<std::pair<std::uint32_t, LockMode>, bool> result;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (const auto mode = mode_named(rows.text(row, 1))) result[{static_cast<std::uint32_t>(rows.number(row, 0)), *mode}] = true;
  }
  return result;
}

// Inside the transaction: what its catalog and its counters say.
Status ScratchSession::look(const Relations& before, Measurement& measurement) {
  TRY_ASSIGN(const Relations after, relations());
  for (const auto& [oid, relation] : before) {
    const auto now = after.find(oid);
    if (now == after.end() || now->second.file == relation.file || now->second.file == 0) continue;
    const auto owner = before.find(relation.table);
    const bool has_rows = relation.table != 0 ? owner != before.end() && owner->second.bytes > 0 : relation.bytes > 0;
    // TRUNCATE gives a new file too, and an empty one.
    const auto table_now = relation.table != 0 ? after.find(relation.table) : now;
    if (!has_rows || table_now == after.end() || table_now->second.bytes == 0) continue;
    if (relation.kind == 'r' || relation.kind == 'm') measurement.rewritten.insert(relation.name);
    if (relation.kind == 'i') measurement.rebuilt.insert(relation.name);
  }
  TRY_ASSIGN(const Rows rows,
             session_.query("SELECT relid FROM pg_catalog.pg_stat_xact_user_tables WHERE seq_tup_read > 0", "cannot read the counters"));
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const auto relation = before.find(static_cast<std::uint32_t>(rows.number(row, 0)));
    if (relation != before.end()) measurement.read.insert(relation->second.name);
  }
  return success();
}

Result<Measurement> ScratchSession::measure(std::string_view statement) {
  Measurement measurement;
  measurement.in_block = session_.in_transaction();
  TRY_ASSIGN(const Relations before, relations());
  TRY_ASSIGN(const auto held, held_locks());
  if (!measurement.in_block) TRY_VOID(session_.query("BEGIN", "cannot begin a transaction"));
  const bool own_transaction = !measurement.in_block;
  Outcome outcome = session_.run(statement);
  if (outcome.kind == Outcome::Kind::lost) return Error{ErrorCode::connection, "the connection was lost: " + outcome.error.message};
  if (outcome.has_state("25001") && own_transaction) {
    session_.run_to_end("ROLLBACK");
    measurement.refused_in_transaction = true;
    outcome = session_.run(statement);
    if (!outcome.done()) measurement.failure = outcome.error;
    return measurement;
  }
  if (!outcome.done()) {
    measurement.failure = outcome.error;
    if (own_transaction) session_.run_to_end("ROLLBACK");
    return measurement;
  }
  if (!session_.in_transaction()) return measurement;  // it was a COMMIT, or begins none
  TRY_ASSIGN(const auto now, held_locks());
  for (const auto& [lock, granted] : now) {
    const auto relation = before.find(lock.first);
    if (relation == before.end()) continue;
    const bool is_index = relation->second.kind == 'i' || relation->second.kind == 'I';
    if (held.contains(lock)) raise(measurement.held_before, relation->second.name, lock.second);
    else raise(is_index ? measurement.index_locks : measurement.locks, relation->second.name, lock.second);
  }
  TRY_VOID(look(before, measurement));
  if (own_transaction) TRY_VOID(session_.query("COMMIT", "cannot commit"));
  return measurement;
}

bool ScratchSession::try_out(std::string_view sql) {
  const bool in_block = session_.in_transaction();
  session_.run_to_end(in_block ? "SAVEPOINT cupel_try" : "BEGIN");
  const bool done = session_.run(sql).done();
  if (in_block) session_.run_to_end(done ? "RELEASE SAVEPOINT cupel_try" : "ROLLBACK TO SAVEPOINT cupel_try");
  else session_.run_to_end(done ? "COMMIT" : "ROLLBACK");
  return done;
}

// ---- comparing ---------------------------------------------------------------------------------------------------------------

namespace {

struct Predicted {
  std::map<std::string, LockMode> locks, index_locks;
  std::set<std::string> rewritten, read;
};

bool is_referenced(const effects::Effects& effects, schema::RelationId id) {
  return std::ranges::any_of(
      effects.locks, [id](const effects::RelationLock& lock) { return lock.relation == id && lock.role == effects::Role::referenced; });
}

// Two rules that rows may break, and which of them is looked at first is not told.
bool may_be_other_row(const effects::Failure& predicted, std::string_view sqlstate) {
  constexpr std::string_view integrity_constraint_violation = "23";
  return !predicted.certain && predicted.sqlstate.starts_with(integrity_constraint_violation) &&
         sqlstate.starts_with(integrity_constraint_violation);
}

Predicted in_words(const effects::Effects& effects, const schema::Database& database) {
  Predicted result;
  for (const effects::RelationLock& lock : effects.locks) {
    if (lock.role == effects::Role::created || lock.role == effects::Role::toast || !lock.held_to_end) continue;
    if (lock.relation == schema::RelationId::none || !database.exists(lock.relation)) continue;
    const schema::Relation& relation = database.relation(lock.relation);
    raise(relation.kind == schema::RelationKind::index ? result.index_locks : result.locks, full_name(relation), lock.mode);
  }
  for (const effects::Work& work : effects.work) {
    if (work.relation == schema::RelationId::none || !database.exists(work.relation)) continue;
    const schema::Relation& relation = database.relation(work.relation);
    if (database.rows(relation) == schema::Rows::empty) continue;
    const bool copies_index = work.kind == effects::WorkKind::copy && !work.index_name.empty();
    if (work.kind == effects::WorkKind::rewrite || (work.kind == effects::WorkKind::copy && !copies_index))
      result.rewritten.insert(full_name(relation));
    // A plain query may use an index instead, and so may the one that checks a foreign key; that is the planner's.
    const bool is_planned = work.cause == effects::Cause::query || is_referenced(effects, work.relation);
    if (work.kind == effects::WorkKind::scan && !is_planned) result.read.insert(full_name(relation));
  }
  return result;
}

void compare_locks(const std::map<std::string, LockMode>& predicted, const std::map<std::string, LockMode>& measured,
                   const Measurement& measurement, std::string_view what, std::vector<std::string>& differences) {
  for (const auto& [name, mode] : predicted) {
    const auto found = measured.find(name);
    const auto before = measurement.held_before.find(name);
    if (found != measured.end() ? found->second == mode : before != measurement.held_before.end() && before->second >= mode) continue;
    if (found != measured.end() && before != measurement.held_before.end() && before->second >= mode) continue;
    differences.push_back(fmt::format("{} {}: predicted {}, was {}", what, name, effects::sql_name(mode),
                                      found == measured.end() ? "none" : effects::sql_name(found->second)));
  }
  for (const auto& [name, mode] : measured) {
    if (!predicted.contains(name)) differences.push_back(fmt::format("{} {}: predicted none, was {}", what, name, effects::sql_name(mode)));
  }
}

void compare_names(const std::set<std::string>& predicted, const std::set<std::string>& measured, std::string_view what,
                   std::vector<std::string>& differences) {
  for (const std::string& name : predicted) {
    if (!measured.contains(name)) differences.push_back(fmt::format("{} {}: predicted, did not happen", what, name));
  }
  for (const std::string& name : measured) {
    if (!predicted.contains(name)) differences.push_back(fmt::format("{} {}: happened, was not predicted", what, name));
  }
}

}  // namespace

std::vector<std::string> differences(const effects::Effects& predicted, const schema::Database& database, const Measurement& measured) {
  std::vector<std::string> result;
  if (predicted.opaque) return result;
  if (predicted.refused_in_transaction != measured.refused_in_transaction && !measured.in_block) {
    const auto words = [](bool refused) { return refused ? "refused" : "allowed"; };
    result.push_back(fmt::format("in a transaction block: predicted {}, was {}", words(predicted.refused_in_transaction),
                                 words(measured.refused_in_transaction)));
  }
  if (measured.failure) {
    const bool foreseen = predicted.failure && (predicted.failure->sqlstate == measured.failure->sqlstate ||
                                                may_be_other_row(*predicted.failure, measured.failure->sqlstate));
    if (!foreseen) {
      result.push_back(fmt::format("failure: predicted {}, was {} {}", predicted.failure ? predicted.failure->sqlstate : "none",
                                   measured.failure->sqlstate, measured.failure->message));
    }
    return result;
  }
  if (predicted.failure && predicted.failure->certain) {
    result.push_back(fmt::format("failure: predicted {} {}, was none", predicted.failure->sqlstate, predicted.failure->message));
    return result;
  }
  if (measured.refused_in_transaction) return result;
  const Predicted expected = in_words(predicted, database);
  compare_locks(expected.locks, measured.locks, measured, "lock on", result);
  compare_locks(expected.index_locks, measured.index_locks, measured, "lock on index", result);
  compare_names(expected.rewritten, measured.rewritten, "rewrite of", result);
  // A rewrite and an index build read the table as well, and a query may read one that no work was predicted for.
  for (const std::string& name : expected.read) {
    if (!measured.read.contains(name)) result.push_back(fmt::format("scan of {}: predicted, did not happen", name));
  }
  return result;
}

}  // namespace cupel::execute
