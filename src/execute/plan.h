// What will run, before it runs: revisions cut into pieces, each of which happens wholly or not at all.
//
// A plan is made from files and effects alone, without a database; the runner carries out exactly this.
#pragma once

#include "base/result.h"
#include "base/source_text.h"
#include "effects/effects.h"
#include "migrations/backfill.h"
#include "migrations/migration.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace cupel::execute {

using migrations::Direction;
class LiveMigration;

// How long a statement may wait for its locks.
enum class LockWait {
  brief,      // others queue behind it while it waits, or wait for what its transaction holds already
  unlimited,  // nobody waits because of it (CREATE INDEX CONCURRENTLY, VALIDATE CONSTRAINT, a plain UPDATE)
};

// How one can tell, after a crash, whether a statement that ran outside a transaction block has happened.
struct Trace {
  enum class Kind {
    none,              // one cannot: it is run again only if declared idempotent
    repeatable,        // running it again does no harm (VACUUM, ANALYZE, ALTER SYSTEM)
    create_index,      // `object` on `table`: absent, invalid or valid
    drop_index,        // `object`: exists or not
    reindex,           // leftovers _ccnew, _ccold are dropped; then again
    detach_partition,  // `object` from `table`: attached, pending or detached
    create_database,
    drop_database,
    create_tablespace,
    drop_tablespace,
    create_subscription,
    drop_subscription,  // `object` exists or not
  };
  Kind kind = Kind::none;
  std::string object, table;  // as SQL names, quoted as needed; a schema where one was written
};

struct PlannedLock {
  std::string relation;
  effects::LockMode mode = effects::LockMode::access_share;
};

// An UPDATE or DELETE that is run again and again, each time on the next range of a key.
struct BatchedStatement {
  migrations::Backfill settings;  // its table is set
  std::string qualifier;          // the table's alias, or its name, before the key
  Span where;                     // the condition, in the source; empty if there is none
  std::uint32_t insert_at = 0;    // where a condition goes if there is none
};

struct PlannedStatement {
  std::size_t number = 0;  // 1-based in its part
  Span span;               // in the part's source
  Span copy_data;          // of COPY … FROM stdin; empty if there is none
  std::string tag;         // "CREATE INDEX"
  std::string hash;        // meaning_hash
  LockWait lock_wait = LockWait::brief;
  std::vector<PlannedLock> locks;           // on relations that exist already, the strongest per relation
  std::vector<std::string> work;            // "rewrites orders", "scans orders", "builds orders_note_idx"
  Trace trace;                              // of pieces outside a transaction
  std::optional<BatchedStatement> batched;  // of backfills
  bool sets_lock_timeout = false;           // SET lock_timeout: from here on the migration's own value holds
  bool changes_session = false;             // SET, RESET, or opaque: the session is reset after the revision
};

enum class PieceKind {
  transaction,  // BEGIN, the statements and the journal's rows, COMMIT
  outside,      // one statement that may not run in a transaction block, between two rows of the journal
  backfill,     // one UPDATE or DELETE in batches, each a transaction with the journal's cursor
  live,         // BEGIN, what code asks for while it runs, the journal's rows and COMMIT
};

struct Piece {
  PieceKind kind = PieceKind::transaction;
  std::string begin = "BEGIN";  // with the modes that the migration's own BEGIN has
  std::vector<PlannedStatement> statements;
  bool idempotent = false;        // outside: -- cupel:idempotent stands before it
  LiveMigration* live = nullptr;  // of live ones; belongs to the caller
};

// One direction of one revision.
struct PlannedRevision {
  std::string revision, title;
  std::vector<std::string> parents, depends_on;
  Direction direction = Direction::upgrade;
  std::shared_ptr<const SourceText> source;  // of the part that runs; null: the part is empty
  std::string hash;                          // meaning_hash of that part
  std::vector<Piece> pieces;                 // empty: nothing but the journal's row

  // Upgrades: what the journal keeps so that the revision can be taken back without its file.
  std::string file;                            // as the user knows it
  std::string downgrade_hash, downgrade_text;  // empty: there is no downgrade
  bool downgrade_outside_transaction = false;  // -- cupel:transaction none

  [[nodiscard]] std::size_t statements() const;
};

struct Plan {
  std::vector<PlannedRevision> revisions;  // in the order they run
  // Equal for plans that do the same: over revisions, directions, pieces and the statements' meaning.
  [[nodiscard]] std::string hash() const;
};

// One thing to do, an index into the set's migrations.
struct Step {
  std::size_t migration = 0;
  Direction direction = Direction::upgrade;
};

// Plans `steps` on a database where `applied` (indices, in an order they could have run) are applied.
// An error of code `usage` names file, line and what cannot be executed that way: a syntax error, a COMMIT in a
// transactional migration, a downgrade that does not exist.
Result<Plan> make_plan(const migrations::MigrationSet& set, std::span<const std::size_t> applied, std::span<const Step> steps,
                       int postgres_version);

// "upgrade" or "downgrade".
std::string_view name(Direction direction);
// "transaction", "outside", "backfill" or "live".
std::string_view name(PieceKind kind);

}  // namespace cupel::execute
