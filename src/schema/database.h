// The replayed schema: what exists at a point of a history of statements.
#pragma once

#include "schema/objects.h"
#include "schema/settings.h"
#include "sql/script.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cupel::schema {

// Replay that contradicts itself. A fact that rules may report, never an abort: histories are often incomplete.
struct Contradiction {
  enum class Kind {
    unknown_relation,
    unknown_column,
    unknown_constraint,
    unknown_index,
    unknown_type,
    unknown_function,
    unknown_schema,
    duplicate_relation,
    duplicate_column,
    duplicate_constraint,
    duplicate_type,
    duplicate_label,
    wrong_kind,
    dependent_objects,
    unknown_label,
    duplicate_function,
    duplicate_schema,
    not_allowed,  // refused for how things are defined, whatever the rows
    unknown_object,
    duplicate_object,  // triggers, policies, rules, extensions
  } kind;
  std::string object;    // the name, as a user would write it
  std::string message;   // PostgreSQL's own words: relation "t" already exists
  std::string sqlstate;  // 42P07
  // False when something ran before whose changes are not known: dynamic SQL, a function that changes definitions.
  bool certain = true;
};

// Whose rows are assumed. Lint assumes that what existed before the migration at hand has rows.
enum class RowAssumption {
  existing_have_rows,  // a relation created before the current epoch has rows unless it is known to be new
  replay_is_complete,  // only what the replay saw inserted exists (scratch databases, tests against real servers)
};

// Keeps what it needs of a statement: no Script applied must outlive its application.
class Database {
 public:
  explicit Database(RowAssumption assumption = RowAssumption::existing_have_rows);
  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();
  [[nodiscard]] RowAssumption assumption() const;

  // ---- time -------------------------------------------------------------------------------------------------------
  // A scope of newness: everything created in the current epoch is new (empty, unseen by applications). A migration, or
  // a batch that is deployed as one, is an epoch. Starts at 0 (what came before).
  void begin_epoch();
  [[nodiscard]] std::uint32_t epoch() const;
  // A number that changes with every transaction, for "in the same transaction as". Starts at 1.
  void begin_transaction();
  [[nodiscard]] std::uint64_t transaction() const;

  // ---- questions --------------------------------------------------------------------------------------------------
  // Resolved through search_path when `name` has no schema; nullptr if the replay knows none. Dropped ones are not
  // found.
  [[nodiscard]] const Relation* find(const sql::QualifiedName& name) const;
  [[nodiscard]] const Relation* find(std::string_view schema, std::string_view name) const;
  // Always valid for an id handed out; a dropped relation keeps its last state.
  [[nodiscard]] const Relation& relation(RelationId id) const;
  [[nodiscard]] bool exists(RelationId id) const;
  // Ids of all relations that exist, in order of creation.
  [[nodiscard]] std::vector<RelationId> relations() const;
  // What else exists, in order of creation; pointers are valid until the next change.
  [[nodiscard]] std::vector<const Type*> types() const;
  [[nodiscard]] std::vector<const Function*> functions() const;
  // Those whose bodies are kept parsed and name the relation.
  [[nodiscard]] std::vector<const Function*> functions_that_use(RelationId relation) const;
  // An overload of that name was dropped, but the replay cannot tell which: none of them is in functions().
  [[nodiscard]] bool has_ambiguous_functions(const ObjectName& name) const;
  [[nodiscard]] const std::vector<std::string>& schemas() const;
  // Something ran whose changes are not known: dynamic SQL, a function that changes definitions.
  [[nodiscard]] bool has_unseen_changes() const;
  // Nothing exists that is not here: it was read from a live database, and nothing unseen ran since. A history that was
  // only replayed may have begun before its first migration.
  [[nodiscard]] bool is_complete() const;
  [[nodiscard]] const std::vector<std::string>& extensions() const;
  // Those whose creation was seen.
  [[nodiscard]] const std::vector<Publication>& publications() const;
  struct Published {
    const Publication* publication;
    const PublishedTable* part;  // nullptr: all columns and rows
  };
  // By which publications a table's changes are sent: as a table that is named, of a schema, or a partition of such a one.
  [[nodiscard]] std::vector<Published> published_by(const Relation& table) const;

  [[nodiscard]] Rows rows(const Relation& relation) const;  // a partitioned table: of its partitions
  // Made in this epoch, and all its rows were written out one by one.
  [[nodiscard]] bool has_few_rows(const Relation& relation) const;
  // Created in the current epoch: no application uses it yet.
  [[nodiscard]] bool is_new(const Relation& relation) const;
  // A partitioned table that is in use, none of whose partitions was seen: they are made by a job, or by a function that runs
  // later.
  [[nodiscard]] bool has_unseen_partitions(const Relation& relation) const;
  // It has rows of its own, or those of partitions that were not seen.
  [[nodiscard]] bool holds_rows(const Relation& relation) const;
  // Partitions or inheritance children, all levels, itself not included.
  [[nodiscard]] std::vector<RelationId> descendants(RelationId id) const;
  [[nodiscard]] const Relation* default_partition(const Relation& parent) const;
  struct ForeignKeyReference {
    RelationId table;
    const Constraint* constraint;
  };
  // Foreign keys of other tables (and its own) that reference this one.
  [[nodiscard]] std::vector<ForeignKeyReference> referencing(RelationId id) const;
  // Tables with a column whose type is this one, directly or through domains and arrays.
  [[nodiscard]] std::vector<RelationId> tables_using_type(const ObjectName& type) const;

  // A type as written, resolved: aliases, user types through search_path.
  [[nodiscard]] DataType resolve(const sql::TypeName& type) const;
  [[nodiscard]] const Type* find_type(const DataType& type) const;
  [[nodiscard]] const Type* find_type(const sql::QualifiedName& name) const;
  // False if no default, check, index, trigger or policy calls a function of that name in an expression, nor ever did.
  [[nodiscard]] bool may_call(std::string_view function) const;
  // The functions of that name callable with so many arguments (search_path, schema); built-in ones are not here.
  [[nodiscard]] std::vector<const Function*> find_functions(std::string_view schema, std::string_view name, std::size_t arguments) const;
  // How many there are of that name, whatever their arguments.
  [[nodiscard]] std::size_t overloads(std::string_view schema, std::string_view name) const;
  [[nodiscard]] const Function* find_trigger_function(const ObjectName& name) const;
  [[nodiscard]] bool has_extension(std::string_view name) const;
  [[nodiscard]] bool schema_exists(std::string_view name) const;
  // The schema that an unqualified new object goes to.
  [[nodiscard]] std::string creation_schema() const;
  // schema.name, or name alone when its schema is on the search path ("public").
  [[nodiscard]] std::string display_name(const Relation& relation) const;
  // The name PostgreSQL would choose for what the user left unnamed; the table need not be known.
  [[nodiscard]] std::string chosen_name(const sql::CreateIndex& unnamed) const;
  [[nodiscard]] std::string chosen_name(const sql::QualifiedName& table, const sql::Constraint& unnamed) const;

  [[nodiscard]] const Settings& settings() const;
  Settings& settings();

  // ---- change -----------------------------------------------------------------------------------------------------
  // Replays one statement. Returns what contradicted the schema; the statement is then applied as far as it makes
  // sense: a statement on an unknown relation makes an `incomplete` one. BEGIN, COMMIT, ROLLBACK, SAVEPOINT are
  // honoured. A DO block itself changes nothing: its statements are applied one by one by the caller. `script` is the
  // one that `statement` belongs to.
  std::vector<Contradiction> apply(const sql::Statement& statement, const sql::Script& script);

  // Before `statement` is applied: the relation it makes replaces one of that name, whose file is an alternative to this one.
  void replace(RelationId relation, const sql::Statement& statement, const sql::Script& script);

  // For facts that no statement carries, as whoever reads a live database learns them: the relation itself, to be
  // changed. Its name, constraints' names and links to others must stay as they are. Undone by rewind() like a
  // statement.
  Relation& amend(RelationId id);

  // For who knows that more exists than was replayed: what contradicts the schema from here on is not certain.
  void note_unseen_changes();
  // For who read everything that exists.
  void note_complete();

  // Trying out: everything applied after mark() is undone by rewind(). Marks nest.
  struct Mark {
    std::size_t position;
  };
  [[nodiscard]] Mark mark();
  void rewind(Mark mark);
  void forget(Mark mark);  // keep what was applied since

  struct State;  // internal to src/schema
  [[nodiscard]] const State& state() const { return *state_; }

 private:
  std::unique_ptr<State> state_;
};

}  // namespace cupel::schema
