// The physics: what one statement does to a live server, at a schema, in a transaction, at a server version.
//
// Every claim here is checked against what real servers of versions 13 to 18 did (fixtures/effects, tests/effects).
#pragma once

#include "schema/database.h"
#include "sql/script.h"
#include "sql/statement.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::effects {

using schema::RelationId;
using sql::LockMode;

class TransactionState;

// Supported server versions (major).
inline constexpr int first_version = 13;
inline constexpr int last_version = 18;

// What a relation is to the statement that locks it.
enum class Role {
  target,       // the relation the statement is about
  referenced,   // a foreign key of the target points to it
  referencing,  // its foreign key points to the target
  partition,
  default_partition,
  attached_partition,
  partitioned_parent,
  inheritance_parent,
  inheritance_child,
  index,  // an index that existed before; `owner` tells of which table
  sequence,
  view,
  materialized_view,
  table,    // any other table: read by a query, using a domain, …
  created,  // did not exist before the statement
  toast,    // the toast table (or its index) of `owner`
};

// Why a lock is taken, or work is done. Rules judge by it.
enum class Cause {
  statement,  // the statement itself, nothing more to say
  add_column,
  volatile_default,
  serial,
  identity,
  generated_stored,
  generated_virtual,
  constrained_domain,
  inline_check,
  inline_unique,
  inline_primary_key,
  inline_foreign_key,
  inline_not_null,
  drop_column,
  type_change,
  collation_change,
  set_not_null,
  set_expression,
  default_change,
  column_option,
  add_check,
  add_not_null,
  add_foreign_key,
  add_unique,
  add_primary_key,
  add_exclude,
  using_index,
  implied_not_null,
  validate,
  drop_constraint,
  alter_constraint,
  persistence_change,
  tablespace_change,
  access_method_change,
  storage_option,
  cluster,
  vacuum_full,
  create_index,
  drop_index,
  reindex,
  refresh,
  create_partition,
  attach_partition,
  detach_partition,
  partition_check,
  default_partition_check,
  inherit,
  foreign_key,  // the other side of a foreign key
  trigger,
  rule,
  policy,
  row_security,
  owner,
  rename,
  set_schema,
  drop,
  truncate,
  cascade,
  domain_constraint,
  enum_change,
  comment,
  grant,
  statistics,
  replication,
  explicit_lock,
  query,
  data_change,
  sequence_change,
};

// The subcommand (index into AlterTable::commands) an effect belongs to; -1: the statement as a whole.
using CommandIndex = int;
inline constexpr CommandIndex whole_statement = -1;

struct RelationLock {
  RelationId relation = RelationId::none;  // none: not known to the replay (see `name`) or created by the statement
  std::string name;                        // as a user would write it; for indexes too
  Role role = Role::target;
  RelationId owner = RelationId::none;  // index, toast: the table; none if unknown
  LockMode mode = LockMode::access_share;
  Cause cause = Cause::statement;
  CommandIndex command = whole_statement;
  // Statements that may not run in a transaction release some locks before they end (CREATE INDEX CONCURRENTLY).
  bool held_to_end = true;
};

enum class WorkKind {
  rewrite,        // every row is written into a new file; all its indexes are rebuilt too (not listed apart)
  scan,           // every row is read
  index_build,    // a new index is built (the table is read: implied)
  index_rebuild,  // an index that existed is built anew
  copy,           // the file is copied block by block (SET TABLESPACE)
  data_change,    // rows are updated, deleted or inserted by a query over an unbounded number of rows
};

struct Work {
  WorkKind kind = WorkKind::scan;
  RelationId relation = RelationId::none;  // the table (or matview) whose rows are touched
  std::string relation_name;
  RelationId index = RelationId::none;  // index_rebuild
  std::string index_name;               // index_build, index_rebuild; empty if PostgreSQL chooses
  // The strongest lock this statement holds on `relation` while the work goes on.
  LockMode under = LockMode::access_exclusive;
  Cause cause = Cause::statement;
  CommandIndex command = whole_statement;
  std::string column;  // the column that causes it, if one does
};

// The statement fails. With `needs_rows` only if the table has rows (or rows that violate it).
struct Failure {
  std::string sqlstate;
  std::string message;  // PostgreSQL's words as far as they can be told
  bool certain = true;  // false: depends on the data (a row that violates, a duplicate key) or on changes unseen
  CommandIndex command = whole_statement;
  // Asked for until then: the first so many of Effects::locks. Only of interest if it does fail.
  std::size_t locks_before = 0;
};

struct Effects {
  std::vector<RelationLock> locks;  // the strongest per relation and cause; several per relation possible
  std::vector<Work> work;
  std::optional<Failure> failure;
  // 25001 in a transaction block (explicit, the runner's, or the implicit one of a multi-statement string).
  bool refused_in_transaction = false;
  // Takes nothing and does nothing because IF [NOT] EXISTS says so (locks may still be taken).
  bool no_op = false;
  // cupel cannot tell (dynamic SQL, a function call, an unknown relation whose kind decides).
  bool opaque = false;

  // The strongest lock on `relation`, if any.
  [[nodiscard]] std::optional<LockMode> strongest(RelationId relation) const;
  [[nodiscard]] const RelationLock* strongest_on_target() const;
  [[nodiscard]] bool has(WorkKind kind) const;
  // The first work of this cause (and, if given, subcommand), or nullptr.
  [[nodiscard]] const Work* find(Cause cause, CommandIndex command = whole_statement) const;
};

struct Context {
  const schema::Database& database;               // before the statement
  const sql::Script& script;                      // the statement's
  int postgres_version = last_version;            // major
  const TransactionState* transaction = nullptr;  // none: a session of its own, autocommit
};

// What `statement` does. Never fails: what cannot be told is `opaque`.
Effects predict(const sql::Statement& statement, const Context& context);

// ---- lock modes (manual 13.3.1, table 13.2) -------------------------------------------------------------------------
bool conflicts(LockMode a, LockMode b);
// SELECT waits for it.
inline bool blocks_reads(LockMode mode) { return conflicts(mode, LockMode::access_share); }
// INSERT, UPDATE, DELETE wait for it.
inline bool blocks_writes(LockMode mode) { return conflicts(mode, LockMode::row_exclusive); }
// "ACCESS EXCLUSIVE"
std::string_view sql_name(LockMode mode);
// "AccessExclusive"
std::string_view internal_name(LockMode mode);
// "reads and writes", "writes", "schema changes, VACUUM and ANALYZE", "".
std::string_view blocked_by(LockMode mode);

// Relations (ids of tables, views, sequences) that another session cannot read / write while the locks of `effects` are
// held. An ACCESS EXCLUSIVE lock on an index blocks readers of its table too: the planner opens every index.
std::vector<RelationId> reads_blocked(const Effects& effects, const schema::Database& database);
std::vector<RelationId> writes_blocked(const Effects& effects, const schema::Database& database, int postgres_version = last_version);

}  // namespace cupel::effects
