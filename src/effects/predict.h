// Internal to src/effects: the builder that predictions are made with, and one function per family of statements.
//
// A prediction is told in the order the server does things. Once the statement certainly fails, what is told afterwards
// is ignored: a failing statement has asked for the locks it came to, and no more.
#pragma once

#include "effects/effects.h"

#include <optional>
#include <string>
#include <string_view>

namespace cupel::effects {

class Prediction {
 public:
  explicit Prediction(const Context& context) : context_(context) {}

  [[nodiscard]] const Context& context() const { return context_; }
  [[nodiscard]] const schema::Database& database() const { return context_.database; }
  [[nodiscard]] int version() const { return context_.postgres_version; }
  [[nodiscard]] bool since(int version) const { return context_.postgres_version >= version; }
  // The minor releases 15.20, 17.11 and 18.6 lock what a new dependency points to (ACCESS SHARE on the index of a
  // referenced key, on the sequence of a default); the older minors measured for 13, 14 and 16 do not.
  [[nodiscard]] bool locks_new_dependencies() const { return version() == 15 || since(17); }
  // Nothing exists but what the replay saw: an unknown relation is an error, not an incomplete history.
  [[nodiscard]] bool replay_is_complete() const;
  // True once a failure is certain: nothing more happens.
  [[nodiscard]] bool stopped() const { return stopped_; }
  [[nodiscard]] bool in_transaction() const;

  // ---- questions ----------------------------------------------------------------------------------------------------
  [[nodiscard]] const schema::Relation* find(const sql::QualifiedName& name) const { return database().find(name); }
  [[nodiscard]] const schema::Relation& relation(RelationId id) const { return database().relation(id); }
  // May have rows: true for unknown (nullptr) relations.
  [[nodiscard]] bool has_rows(const schema::Relation* relation) const;
  // partition, default_partition or inheritance_child: what a descendant is to its ancestors.
  [[nodiscard]] static Role role_of_descendant(const schema::Relation& descendant);
  // Its name as messages quote it: "t".
  [[nodiscard]] std::string quoted(const schema::Relation& relation) const;
  // target if `relation` is none, index, sequence, view …: what a relation is by its kind alone.
  [[nodiscard]] static Role role_of_kind(const schema::Relation& relation);

  // ---- locks --------------------------------------------------------------------------------------------------------
  // Of equal relation, role, cause and subcommand only the strongest is kept. A relation created by the statement has
  // role `created` and no id: nobody else can see it.
  void lock(const schema::Relation& relation, LockMode mode, Role role, Cause cause, CommandIndex command = whole_statement);
  // A relation that the replay does not know (or that the statement creates).
  void lock_unknown(const sql::QualifiedName& name, LockMode mode, Role role, Cause cause, CommandIndex command = whole_statement);
  // lock() if known, else lock_unknown().
  void lock_named(const schema::Relation* relation, const sql::QualifiedName& name, LockMode mode, Role role, Cause cause,
                  CommandIndex command = whole_statement);
  // One index (role index, owner its table).
  void lock_index(const schema::Relation& index, LockMode mode, Cause cause, CommandIndex command = whole_statement);
  // All indexes of `table`, not of its descendants.
  void lock_indexes(const schema::Relation& table, LockMode mode, Cause cause, CommandIndex command = whole_statement);
  // The toast table and its index, if `table` has one.
  void lock_toast(const schema::Relation& table, LockMode mode, Cause cause, CommandIndex command = whole_statement);
  // All partitions or inheritance children, all levels, each with its own role; not their indexes.
  void lock_descendants(const schema::Relation& table, LockMode mode, Cause cause, CommandIndex command = whole_statement);
  // The lock told last is released before the statement ends.
  void release_early();
  // All indexes of `table` are released before the statement ends.
  void release_indexes(const schema::Relation& table);

  // ---- work ---------------------------------------------------------------------------------------------------------
  // `relation` nullptr: unknown to the replay, told by `name`. `under` is filled in at the end when not given: the
  // strongest lock the statement takes on the relation. The same kind, relation, cause and subcommand is told once.
  // The reference is valid until the next call; after a certain failure it is one that nobody sees.
  Work& work(WorkKind kind, const schema::Relation* relation, std::string_view name, Cause cause, CommandIndex command = whole_statement,
             std::optional<LockMode> under = std::nullopt);
  Work& work(WorkKind kind, const schema::Relation& relation, Cause cause, CommandIndex command = whole_statement,
             std::optional<LockMode> under = std::nullopt);
  // An index that existed is built anew.
  void rebuild_index(const schema::Relation& index, Cause cause, CommandIndex command = whole_statement);
  // True if such work on this relation is already told (a rewrite swallows scans).
  [[nodiscard]] bool has_work(WorkKind kind, RelationId relation) const;

  // ---- failures -----------------------------------------------------------------------------------------------------
  void fail(std::string_view sqlstate, std::string message, CommandIndex command = whole_statement);
  // Fails only if the data makes it: a row that violates, a duplicate key. What follows still happens.
  void may_fail(std::string_view sqlstate, std::string message, CommandIndex command = whole_statement);
  // relation "t" does not exist (42P01), if the replay is complete; otherwise nothing. Returns true if it failed.
  bool fail_unknown(const sql::QualifiedName& name, CommandIndex command = whole_statement);
  bool fail_unknown_schema(const sql::QualifiedName& name, CommandIndex command = whole_statement);
  // The same of a relation that a query names: parserOpenTable does not tell a schema that is not there.
  bool fail_unknown_in_query(const sql::QualifiedName& name);
  // cannot ALTER TABLE "t" because it has pending trigger events (55006): what the transaction did before. Returns true if
  // it failed.
  bool fail_pending_events(const schema::Relation* table, std::string_view tag);

  void refuse_in_transaction();  // 25001 in a transaction block; told first, the rest is what happens outside one
  void set_no_op() {
    if (!stopped_) effects_.no_op = true;
  }
  void set_opaque() {
    if (!stopped_) effects_.opaque = true;
  }

  // Fills in what was left open. Call once.
  Effects finish();

 private:
  void add(RelationLock lock);

  const Context& context_;
  Effects effects_;
  std::vector<bool> under_given_;  // per work
  Work ignored_;
  std::size_t last_lock_ = static_cast<std::size_t>(-1);  // none yet
  bool stopped_ = false;
};

// ---- questions both halves ask --------------------------------------------------------------------------------------
// Whether a table with these columns has a toast table (needs_toast_table: a column that can be toasted, and rows that
// may exceed TOAST_TUPLE_THRESHOLD, about 2 kB).
bool has_toast_table(const schema::Relation& table, const schema::Database& database);
// The unique index (primary key, unique constraint or plain unique index) that a foreign key to `columns` of
// `referenced` uses; empty `columns` mean the primary key. nullptr: none (42830) or unknown.
const schema::Relation* referenced_key_index(const schema::Relation& referenced, const std::vector<std::string_view>& columns,
                                             const schema::Database& database);
// Foreign keys of other tables that rows of `table` are referenced by: its own, and those of its partitioned ancestors.
std::vector<schema::Database::ForeignKeyReference> references_to(const schema::Relation& table, const schema::Database& database);
// Tables created OF a composite type.
std::vector<RelationId> typed_tables(const schema::Database& database, const schema::Type& type);
// Sequences that `expression` names: nextval('s').
std::vector<const schema::Relation*> sequences_in(const sql::Expression& expression, const schema::Database& database);

// ---- pieces of statements that several families share ---------------------------------------------------------------
// A foreign key is created, on a new table (`table` nullptr) or by ALTER TABLE: locks the other side (SHARE ROW EXCLUSIVE,
// all levels of partitions) and its key's index, and fails as PostgreSQL does (42P01, 42830, 42703 …). Neither locks
// `table` nor scans: the caller knows whether it is validated. `new_columns`: the statement itself adds its columns.
// `creating`: the statement that makes the new table.
void predict_new_foreign_key(Prediction& prediction, const schema::Relation* table, const sql::Constraint& foreign_key, Cause cause,
                             CommandIndex command, bool new_columns = false, const sql::CreateTable* creating = nullptr);
// A foreign key of `table` goes: ACCESS EXCLUSIVE on the referenced table, and its partitions, for the triggers there.
void predict_dropped_foreign_key(Prediction& prediction, const schema::Relation& table, const schema::Constraint& foreign_key, Cause cause,
                                 CommandIndex command);
// Foreign keys of other tables that need `constraint` (a primary key or unique constraint of `table`): dropped by CASCADE
// with ACCESS EXCLUSIVE on the referencing tables, or 2BP01.
void predict_dropped_key(Prediction& prediction, const schema::Relation& table, const schema::Constraint& constraint,
                         sql::DropBehavior behavior, Cause cause, CommandIndex command);
// A default is recorded: ACCESS SHARE on the sequences it names, in the minors that lock them.
void predict_new_default(Prediction& prediction, const sql::Expression& expression, Cause cause, CommandIndex command);
// A table is created as a partition of `parent`: what that does to the parent, its default partition, and the tables that
// its foreign keys connect it with.
void predict_created_partition(Prediction& prediction, const schema::Relation& parent, const sql::CreateTable& statement);
// How far the server goes with a query: a view is only analyzed (and locks what it names), a query that runs is planned
// (partitions, the tables below views, and all their indexes are locked too).
enum class QueryUse { analyzed, planned };
// What a query reads and writes: locks, role `table` or by kind; scans are not told.
void predict_query(Prediction& prediction, const sql::Query& query, Cause cause, QueryUse use = QueryUse::planned);
// A query without conditions that could be told: every table it names is taken as read whole.
void predict_query_scans(Prediction& prediction, const sql::Query& query, Cause cause);

// A value of an enum type that ALTER TYPE added in this very transaction cannot be used before it commits (55P04).
bool is_unsafe_label(const schema::Type& type, std::string_view label, const Prediction& prediction);
// Fails so if `value`, a literal for something of `type`, is one. Returns true if it failed.
bool fails_unsafe_label(Prediction& prediction, const schema::DataType& type, const sql::Expression& value, CommandIndex command);
// The same for casts anywhere in `expression`.
bool fails_unsafe_cast(Prediction& prediction, const sql::Expression& expression);
// The same for whatever the statement's text says, after all else was told of it.
void predict_unsafe_labels(Prediction& prediction, const sql::Statement& statement);

// ---- families -------------------------------------------------------------------------------------------------------
// ALTER TABLE and ALTER FOREIGN TABLE; `table` nullptr: unknown to the replay. Called only for relations of these kinds.
void predict_alter_table(Prediction& prediction, const schema::Relation* table, const sql::AlterTable& statement);

// Subcommands of ALTER TABLE; the caller has locked nothing for them yet.
void predict_attach_partition(Prediction& prediction, const schema::Relation* parent, const sql::AlterTable& statement,
                              CommandIndex command);
void predict_detach_partition(Prediction& prediction, const schema::Relation* parent, const sql::AlterTable& statement,
                              CommandIndex command);
// INHERIT and NO INHERIT.
void predict_inherit(Prediction& prediction, const schema::Relation* child, const sql::AlterTable& statement, CommandIndex command);

// ALTER TABLE's other kinds.
void predict_alter_index(Prediction& prediction, const schema::Relation* index, const sql::AlterTable& statement);
void predict_alter_view(Prediction& prediction, const schema::Relation* view, const sql::AlterTable& statement);
void predict_alter_sequence(Prediction& prediction, const schema::Relation* sequence, const sql::AlterTable& statement);
void predict_alter_composite(Prediction& prediction, const sql::AlterTable& statement);

void predict(Prediction& prediction, const sql::CreateTable& statement);
void predict(Prediction& prediction, const sql::CreateTableAs& statement);
void predict(Prediction& prediction, const sql::CreateView& statement);
void predict(Prediction& prediction, const sql::RefreshMaterializedView& statement);
void predict(Prediction& prediction, const sql::DropObjects& statement);
void predict(Prediction& prediction, const sql::Truncate& statement);
void predict(Prediction& prediction, const sql::CreateIndex& statement);
void predict(Prediction& prediction, const sql::Reindex& statement);
void predict(Prediction& prediction, const sql::Rename& statement);
void predict(Prediction& prediction, const sql::AlterObjectSchema& statement);
void predict(Prediction& prediction, const sql::AlterOwner& statement);
void predict(Prediction& prediction, const sql::CreateSequence& statement);
void predict(Prediction& prediction, const sql::AlterSequence& statement);
void predict(Prediction& prediction, const sql::AlterEnum& statement);
void predict(Prediction& prediction, const sql::AlterDomain& statement);
void predict(Prediction& prediction, const sql::CreateSchema& statement);
void predict(Prediction& prediction, const sql::CreateExtension& statement);
void predict(Prediction& prediction, const sql::CreateTrigger& statement);
void predict(Prediction& prediction, const sql::Comment& statement);
void predict(Prediction& prediction, const sql::Grant& statement);
void predict(Prediction& prediction, const sql::Publication& statement);
void predict(Prediction& prediction, const sql::Insert& statement);
void predict(Prediction& prediction, const sql::Update& statement);
void predict(Prediction& prediction, const sql::Delete& statement);
void predict(Prediction& prediction, const sql::Merge& statement);
void predict(Prediction& prediction, const sql::Copy& statement);
void predict(Prediction& prediction, const sql::LockTable& statement);
void predict(Prediction& prediction, const sql::Vacuum& statement);
void predict(Prediction& prediction, const sql::Cluster& statement);
// These also read the statement's body or text.
void predict_create_function(Prediction& prediction, const sql::Statement& statement, const sql::CreateFunction& function);
void predict_create_policy(Prediction& prediction, const sql::Statement& statement, const sql::CreatePolicy& policy);
void predict_alter_policy(Prediction& prediction, const sql::Statement& statement, const sql::AlterPolicy& policy);
void predict_select(Prediction& prediction, const sql::Statement& statement, const sql::Select& select);
void predict_other(Prediction& prediction, const sql::Statement& statement, const sql::OtherStatement& other);
void predict_create_rule(Prediction& prediction, const sql::Statement& node, const sql::CreateRule& statement);
void predict_rename(Prediction& prediction, const sql::Statement& node, const sql::Rename& statement);
void predict_create_statistics(Prediction& prediction, const sql::Statement& node, const sql::CreateStatistics& statement);
void predict_discard(Prediction& prediction, const sql::Statement& statement);

}  // namespace cupel::effects
