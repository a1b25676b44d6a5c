// Typed statements. Views into a Script's parse tree: cheap to make, valid as long as the Script lives.
//
// Only what judgement needs is here, in PostgreSQL's words (parsenodes.h, manual part VI). A statement that has no type
// of its own is `OtherStatement` with its command tag.
#pragma once

#include "base/span.h"
#include "sql/expression.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

namespace cupel::sql {

// schema.name as written (folded by the parser); `schema` is empty when not written.
struct QualifiedName {
  std::string_view schema;
  std::string_view name;
  Span span;  // in the file; where the parser records no place: found by looking for the name, else the statement's span

  friend bool operator==(const QualifiedName& a, const QualifiedName& b) { return a.schema == b.schema && a.name == b.name; }
};

enum class Persistence { permanent, unlogged, temporary };
enum class DropBehavior { restrict_, cascade };

// What a command is about. Named as in DROP/ALTER/COMMENT ON.
enum class ObjectKind {
  table,
  view,
  materialized_view,
  foreign_table,
  index,
  sequence,
  column,
  constraint,
  domain_constraint,
  trigger,
  rule,
  policy,
  type,
  domain,
  function,
  procedure,
  routine,
  aggregate,
  schema,
  extension,
  database,
  role,
  tablespace,
  collation,
  conversion,
  operator_,
  operator_class,
  operator_family,
  language,
  cast,
  transform,
  publication,
  subscription,
  statistics,
  text_search,
  foreign_server,
  foreign_data_wrapper,
  event_trigger,
  attribute,
  access_method,
  large_object,
  other,
};

// ---- tables -------------------------------------------------------------------------------------------------------

enum class ConstraintKind { not_null, null_, check, unique, primary_key, exclude, foreign_key, default_, identity, generated };
enum class ForeignKeyAction { no_action, restrict_, cascade, set_null, set_default };

// A constraint, in a column definition, in CREATE TABLE or in ADD CONSTRAINT. `default_`, `identity` and `generated`
// occur only inside the parser; a ColumnDefinition shows them as fields.
struct Constraint {
  ConstraintKind kind = ConstraintKind::check;
  std::string_view name;  // empty: PostgreSQL will choose one
  Span span;
  std::vector<std::string_view> columns;  // key columns; for the column form: that column
  Expression expression;                  // CHECK
  std::string_view using_index;           // UNIQUE / PRIMARY KEY USING INDEX name
  std::string_view access_method;         // EXCLUDE USING
  std::vector<std::string_view> include;
  std::vector<std::string_view> exclude_operators;
  std::vector<Expression> exclude_expressions;       // EXCLUDE elements that are expressions
  Expression where;                                  // EXCLUDE … WHERE
  QualifiedName referenced;                          // FOREIGN KEY
  std::vector<std::string_view> referenced_columns;  // empty: the primary key
  ForeignKeyAction on_delete = ForeignKeyAction::no_action;
  ForeignKeyAction on_update = ForeignKeyAction::no_action;
  bool on_delete_written = false;  // an explicit ON DELETE clause stands there (NO ACTION counts)
  bool match_full = false;
  bool not_valid = false;     // NOT VALID
  bool not_enforced = false;  // NOT ENFORCED (18)
  bool no_inherit = false;
  bool deferrable = false;
  bool initially_deferred = false;
  bool nulls_not_distinct = false;  // 15
  bool without_overlaps = false;    // 18; also PERIOD in a foreign key
  std::string_view tablespace;      // USING INDEX TABLESPACE
};

enum class Generated { none, stored, virtual_ };
enum class Identity { none, always, by_default };

struct ColumnDefinition {
  std::string_view name;
  Span span;  // begins at the column's name
  TypeName type;
  Expression default_value;  // DEFAULT; `DEFAULT NULL` is a `null` expression, not an absent one
  Expression generated_as;   // GENERATED ALWAYS AS (…)
  Generated generated = Generated::none;
  Identity identity = Identity::none;
  bool not_null = false;       // NOT NULL written (PRIMARY KEY and IDENTITY imply it, but are not this)
  bool explicit_null = false;  // NULL written
  std::string_view collation;
  std::string_view storage, compression;
  std::vector<Constraint> constraints;  // check, unique, primary_key, foreign_key, not_null (with its name)
};

enum class PartitionStrategy { list, range, hash };
struct PartitionKey {
  PartitionStrategy strategy = PartitionStrategy::range;
  struct Element {
    std::string_view column;
    Expression expression;
    std::string_view collation, operator_class;
  };
  std::vector<Element> elements;
};
struct PartitionBound {
  bool is_default = false;
  PartitionStrategy strategy = PartitionStrategy::range;
  std::vector<Expression> list_values;  // FOR VALUES IN
  // FOR VALUES FROM … TO …; MINVALUE and MAXVALUE are `column` expressions of that name.
  std::vector<Expression> from, to;
  int modulus = 0, remainder = 0;
};

struct RelationOption {
  std::string_view space, name;
  std::string_view value;
};  // WITH (fillfactor = 70)

struct LikeClause {
  QualifiedName source;
  bool including_defaults, including_constraints, including_identity, including_generated, including_indexes, including_storage,
      including_statistics, including_comments;
};

struct CreateTable {
  QualifiedName name;
  Persistence persistence = Persistence::permanent;
  bool if_not_exists = false;
  bool foreign = false;  // CREATE FOREIGN TABLE
  std::vector<ColumnDefinition> columns;
  std::vector<Constraint> constraints;
  std::vector<LikeClause> likes;
  std::vector<QualifiedName> inherits;  // INHERITS
  std::optional<QualifiedName> partition_of;
  std::optional<PartitionBound> bound;
  std::optional<PartitionKey> partition_by;
  std::optional<TypeName> of_type;  // CREATE TABLE … OF
  std::vector<RelationOption> options;
  std::string_view tablespace, access_method;
  bool on_commit_drop = false;
};

// A relation that a query names. CTE names are not relations.
enum class RelationUse { read, row_share /* FOR UPDATE/SHARE… */, insert, update, delete_, merge, truncate };
struct RelationReference {
  QualifiedName name;
  RelationUse use = RelationUse::read;
};

// What a query (SELECT or the query part of another statement) touches.
struct Query {
  std::vector<RelationReference> relations;  // all levels, in the order met; the same relation may occur again
  std::vector<Expression> calls;             // every function call in it (kind `function`)
  // The names after the last dot of all columns it reads, at every level, as often as they occur; "*" for a star.
  std::vector<std::string_view> columns;
  int selects = 0;     // SELECT, VALUES and TABLE, the parts of a UNION each for itself
  bool joins = false;  // FROM brings more than one relation, or something that is none: a join, a subquery, a function, WITH
  bool has_limit = false;
};

// CREATE TABLE AS, SELECT INTO, CREATE MATERIALIZED VIEW.
struct CreateTableAs {
  QualifiedName name;
  bool materialized_view = false;
  bool if_not_exists = false;
  bool with_data = true;
  Persistence persistence = Persistence::permanent;
  std::vector<std::string_view> column_names;    // written after the name
  std::vector<std::string_view> output_columns;  // as far as the query's target list tells; "" where it does not
  std::vector<Expression> output_expressions;    // same length as output_columns
  Query query;
};

enum class AlterTableAction {
  add_column,
  drop_column,
  alter_type,
  set_default,
  drop_default,
  set_not_null,
  drop_not_null,
  set_expression,
  drop_expression,
  set_statistics,
  set_storage,
  set_compression,
  set_column_options,
  reset_column_options,
  add_identity,
  set_identity,
  drop_identity,
  add_constraint,
  alter_constraint,
  validate_constraint,
  drop_constraint,
  set_logged,
  set_unlogged,
  set_tablespace,
  set_access_method,
  set_options,
  reset_options,
  cluster_on,
  set_without_cluster,
  set_without_oids,
  enable_trigger,
  disable_trigger,
  enable_always_trigger,
  enable_replica_trigger,
  enable_rule,
  disable_rule,
  enable_always_rule,
  enable_replica_rule,
  enable_row_security,
  disable_row_security,
  force_row_security,
  no_force_row_security,
  attach_partition,
  detach_partition,
  detach_partition_finalize,
  inherit,
  no_inherit,
  of_type,
  not_of,
  replica_identity,
  owner_to,
  options_foreign,
  drop_oids,
  other,
};

struct AlterTableCommand {
  AlterTableAction action = AlterTableAction::other;
  Span span;                // of the subcommand in the file
  std::string_view name;    // column, constraint, trigger, rule, index, role, tablespace, access method
  int column_number = 0;    // ALTER INDEX … ALTER COLUMN n SET STATISTICS
  bool missing_ok = false;  // IF EXISTS / IF NOT EXISTS
  DropBehavior behavior = DropBehavior::restrict_;
  std::optional<ColumnDefinition> column;  // add_column; alter_type (type, collation)
  Expression expression;                   // set_default, alter_type's USING, set_expression
  std::optional<Constraint> constraint;    // add_constraint; alter_constraint (name and attributes)
  bool alters_enforceability = false, alters_deferrability = false, alters_inheritability = false;  // alter_constraint (18)
  std::vector<RelationOption> options;                                                              // set_options …, set_column_options
  std::optional<QualifiedName> relation;                                                            // the partition; the parent of INHERIT
  std::optional<PartitionBound> bound;                                                              // attach_partition
  bool concurrently = false;                                                                        // detach_partition
  std::optional<TypeName> of_type;
  std::optional<Identity> identity;                  // add_identity
  char replica_identity = 0;                         // 'd' default, 'f' full, 'n' nothing, 'i' index (name)
  bool all_triggers = false, user_triggers = false;  // ENABLE/DISABLE TRIGGER ALL / USER
};

struct AlterTable {
  ObjectKind kind = ObjectKind::table;  // table, index, view, materialized_view, sequence, foreign_table, type
  QualifiedName name;
  bool if_exists = false;
  bool only = false;  // ALTER TABLE ONLY
  std::vector<AlterTableCommand> commands;
};

// RENAME of anything. For a column: `name` is the table, `sub_name` the old column name.
struct Rename {
  ObjectKind kind = ObjectKind::table;           // column, constraint, table, index, type, trigger, schema …
  ObjectKind relation_kind = ObjectKind::table;  // for column/constraint/…: what `name` was called in the statement
  QualifiedName name;
  std::string_view sub_name;
  std::string_view new_name;
  bool if_exists = false;
  bool only = false;
};

struct AlterObjectSchema {
  ObjectKind kind;
  QualifiedName name;
  std::string_view new_schema;
  bool if_exists = false;
};
struct AlterOwner {
  ObjectKind kind;
  QualifiedName name;
  std::string_view new_owner;
};

struct DropObjects {
  ObjectKind kind = ObjectKind::table;
  std::vector<QualifiedName> names;         // for trigger, rule, policy: the object's table; the name is in sub_names
  std::vector<std::string_view> sub_names;  // trigger, rule, policy names (same length as names), else empty
  bool if_exists = false;
  bool concurrently = false;
  DropBehavior behavior = DropBehavior::restrict_;
};

struct Truncate {
  std::vector<QualifiedName> names;
  std::vector<bool> only;  // same length
  bool restart_identity = false;
  DropBehavior behavior = DropBehavior::restrict_;
};

// ---- indexes ------------------------------------------------------------------------------------------------------

struct IndexElement {
  std::string_view column;  // or
  Expression expression;
  std::string_view collation, operator_class;
};
struct CreateIndex {
  std::string_view name;  // empty: PostgreSQL will choose one
  Span name_span;         // of the name; of the INDEX keyword when there is none
  QualifiedName table;
  bool only = false;  // ON ONLY
  bool unique = false, concurrently = false, if_not_exists = false, nulls_not_distinct = false;
  std::string_view access_method;  // "btree" by default
  std::vector<IndexElement> elements;
  std::vector<std::string_view> include;
  Expression where;
  std::vector<RelationOption> options;
  std::string_view tablespace;
};

struct Reindex {
  enum class Target { index, table, schema, system, database } target = Target::table;
  QualifiedName name;  // relation; for schema/system/database: name only
  bool concurrently = false;
};

// ---- other relations ----------------------------------------------------------------------------------------------

struct CreateView {
  QualifiedName name;
  bool or_replace = false, recursive = false;
  Persistence persistence = Persistence::permanent;
  std::vector<std::string_view> column_names;
  std::vector<std::string_view> output_columns;  // as in CreateTableAs
  std::vector<Expression> output_expressions;
  std::vector<RelationOption> options;
  Query query;
};
struct RefreshMaterializedView {
  QualifiedName name;
  bool concurrently = false;
  bool with_data = true;
};
struct CreateSequence {
  QualifiedName name;
  bool if_not_exists = false;
  Persistence persistence = Persistence::permanent;
  std::optional<QualifiedName> owned_by_table;
  std::string_view owned_by_column;
};
struct AlterSequence {
  QualifiedName name;
  bool if_exists = false;
  bool restart = false;
  bool changes_type = false;
  std::optional<QualifiedName> owned_by_table;
  std::string_view owned_by_column;
  bool owned_by_none = false;
};
struct CreateStatistics {
  QualifiedName name;
  bool if_not_exists = false;
  std::vector<QualifiedName> tables;
  std::vector<std::string_view> columns;
};

// ---- types --------------------------------------------------------------------------------------------------------

struct CreateEnum {
  QualifiedName name;
  std::vector<std::string_view> labels;
};
struct AlterEnum {
  QualifiedName name;
  std::string_view new_label;  // ADD VALUE, or RENAME VALUE … TO
  std::string_view old_label;  // RENAME VALUE; empty for ADD VALUE
  std::string_view neighbor;   // BEFORE/AFTER; empty: at the end
  bool after = true, if_not_exists = false;
};
struct CreateDomain {
  QualifiedName name;
  TypeName base;
  Expression default_value;
  bool not_null = false;
  std::vector<Constraint> constraints;
  std::string_view collation;
};
struct AlterDomain {
  enum class Action { set_default, drop_default, set_not_null, drop_not_null, add_constraint, drop_constraint, validate_constraint } action;
  QualifiedName name;
  std::string_view constraint_name;      // drop, validate
  std::optional<Constraint> constraint;  // add
  Expression default_value;
  bool missing_ok = false;
};
struct CreateComposite {
  QualifiedName name;
  std::vector<ColumnDefinition> columns;
};
struct CreateRange {
  QualifiedName name;
};

// ---- code ---------------------------------------------------------------------------------------------------------

enum class Volatility { immutable, stable, volatile_ };
struct FunctionArgument {
  std::string_view name;
  TypeName type;
  bool input = true;
  Expression default_value;
};

// The text of a function or DO body. Its statements are parsed on demand: Script::body.
struct BodyText {
  std::string_view language;  // lower case; "sql", "plpgsql", …
  std::string_view text;      // the literal's value
  Span span;                  // of the literal's content in the file if it is copied verbatim (dollar quotes)
  bool verbatim = false;      // offsets in `text` + span.begin are offsets in the file
};
struct CreateFunction {
  QualifiedName name;
  bool procedure = false, or_replace = false;
  std::vector<FunctionArgument> arguments;
  std::optional<TypeName> returns;
  std::optional<Volatility> volatility;  // as written; PostgreSQL's default is volatile_
  bool strict = false, security_definer = false;
  bool sets_search_path = false;
  std::optional<BodyText> body;  // AS '…'; none for BEGIN ATOMIC, RETURN, C functions
  Expression return_expression;  // RETURN expr (14)
  bool sql_body = false;         // BEGIN ATOMIC (14)
  Query query;                   // of BEGIN ATOMIC and RETURN: what the function depends on
};
struct AlterFunction {
  QualifiedName name;
  std::optional<Volatility> volatility;
};
struct DoBlock {
  BodyText body;
};

enum class TriggerTiming { before, after, instead_of };
struct CreateTrigger {
  std::string_view name;
  QualifiedName table;
  QualifiedName function;
  bool or_replace = false, row = false, constraint = false, deferrable = false, initially_deferred = false;
  TriggerTiming timing = TriggerTiming::before;
  bool on_insert = false, on_update = false, on_delete = false, on_truncate = false;
  std::vector<std::string_view> update_columns;
  Expression when;
  std::optional<QualifiedName> constraint_from;
};
struct CreateRule {
  std::string_view name;
  QualifiedName table;
  bool or_replace = false;
};
struct CreatePolicy {
  std::string_view name;
  QualifiedName table;
  Expression using_expression, with_check;
};
struct AlterPolicy {
  std::string_view name;
  QualifiedName table;
  Expression using_expression, with_check;
};

struct CreateSchema {
  std::string_view name;
  bool if_not_exists = false;
};  // its elements follow as statements of their own
struct CreateExtension {
  std::string_view name;
  std::string_view schema;
  bool if_not_exists = false;
};
struct AlterExtension {
  std::string_view name;
};
struct Comment {
  ObjectKind kind;
  QualifiedName name;
  std::string_view sub_name;
};
struct Grant {
  bool is_grant = true;
  ObjectKind kind = ObjectKind::table;
  std::vector<QualifiedName> names;
  bool all_in_schema = false;
};
// What of a table is published (15).
struct PublishedPart {
  bool only = false;
  std::vector<std::string_view> columns;  // empty: all
  Expression where;
};
struct Publication {
  bool create = true;
  std::string_view name;
  std::vector<QualifiedName> tables;
  std::vector<PublishedPart> parts;       // same length as tables
  std::vector<std::string_view> schemas;  // TABLES IN SCHEMA (15)
  bool current_schema = false;            // among them
  bool all_tables = false;
  std::optional<std::string_view> publish;  // WITH (publish = '…'), as written
  enum class Change { set, add, drop, options } change = Change::set;
};

// ---- data ---------------------------------------------------------------------------------------------------------

struct Select {
  Query query;
  Expression only_value;  // of SELECT expression, with no other clause; else empty
};
struct Insert {
  QualifiedName table;
  std::vector<std::string_view> columns;
  bool from_values = true;
  bool on_conflict = false;
  bool on_conflict_update = false;  // DO UPDATE
  std::vector<std::vector<Expression>> values;
  Query query;
};
struct Update {
  QualifiedName table;
  bool only = false;
  Expression where;
  bool has_from = false;
  std::vector<std::string_view> columns;
  std::vector<Expression> values;
  bool where_current_of = false;
  Query query;
};
struct Delete {
  QualifiedName table;
  bool only = false;
  Expression where;
  bool has_using = false;
  bool where_current_of = false;
  Query query;
};
struct Merge {
  QualifiedName table;
  Query query;
  bool updates = false, deletes = false;  // what its actions may do
};
struct Copy {
  std::optional<QualifiedName> table;
  bool from = true;
  bool from_stdin = false;
  bool to_or_from_program = false;
  Query query;
  bool freeze = false;
};

// ---- session, transactions, maintenance -----------------------------------------------------------------------------

enum class LockMode {
  access_share,
  row_share,
  row_exclusive,
  share_update_exclusive,
  share,
  share_row_exclusive,
  exclusive,
  access_exclusive
};
struct LockTable {
  std::vector<QualifiedName> names;
  std::vector<bool> only;
  LockMode mode = LockMode::access_exclusive;
  bool nowait = false;
};
struct Vacuum {
  bool vacuum = true;
  bool full = false;
  bool analyze = false;
  std::vector<QualifiedName> names;
};
struct Cluster {
  std::optional<QualifiedName> name;
  std::string_view index;
};
struct Transaction {
  enum class Kind { begin, commit, rollback, savepoint, release, rollback_to, prepare, commit_prepared, rollback_prepared } kind;
  std::string_view savepoint;
  bool chain = false;  // COMMIT AND CHAIN
};
struct SetVariable {
  enum class Kind { set, set_default, reset, reset_all, set_current, set_multi } kind = Kind::set;
  std::string_view name;                 // lower case: lock_timeout, search_path, session_replication_role, TimeZone as "timezone"
  std::vector<std::string_view> values;  // as written, without quotes
  bool local = false;
};
struct SetConstraints {
  bool deferred = false;
  bool all = true;
};
struct Call {
  QualifiedName function;
};
struct Discard {};
// EXECUTE inside PL/pgSQL, with a string that could not be told, and whatever else only the server can know.
struct Opaque {
  std::string_view what;
};  // e.g. "EXECUTE of a string built at run time"

struct OtherStatement {
  std::string_view tag;
};  // command tag, e.g. "CREATE DATABASE", "ALTER SYSTEM", "EXPLAIN"

using StatementNode =
    std::variant<OtherStatement, Opaque, CreateTable, CreateTableAs, AlterTable, Rename, AlterObjectSchema, AlterOwner, DropObjects,
                 Truncate, CreateIndex, Reindex, CreateView, RefreshMaterializedView, CreateSequence, AlterSequence, CreateStatistics,
                 CreateEnum, AlterEnum, CreateDomain, AlterDomain, CreateComposite, CreateRange, CreateFunction, AlterFunction, DoBlock,
                 CreateTrigger, CreateRule, CreatePolicy, AlterPolicy, CreateSchema, CreateExtension, AlterExtension, Comment, Grant,
                 Publication, Select, Insert, Update, Delete, Merge, Copy, LockTable, Vacuum, Cluster, Transaction, SetVariable,
                 SetConstraints, Call, Discard>;

// The alternative's index names a statement's kind: see `kind_of<T>`.
using StatementKind = std::uint8_t;
namespace detail {
template <class T, class Variant>
struct IndexOf;
template <class T, class... Rest>
struct IndexOf<T, std::variant<T, Rest...>> {
  static constexpr StatementKind value = 0;
};
template <class T, class First, class... Rest>
struct IndexOf<T, std::variant<First, Rest...>> {
  static constexpr StatementKind value = 1 + IndexOf<T, std::variant<Rest...>>::value;
};
}  // namespace detail
template <class T>
inline constexpr StatementKind kind_of = detail::IndexOf<T, StatementNode>::value;

struct Statement {
  // From its first keyword to its last byte, without leading comments and without the semicolon, in the file's bytes.
  Span span;
  StatementNode node;
  const void* tree = nullptr;  // the parser's own node, for src/sql
  // Bytes to add to a location the parser recorded to get an offset in the file.
  std::int64_t location_shift = 0;
  // Inside a DO block or function body: it may run or not (IF, loops, EXCEPTION), and how often is unknown.
  bool conditional = false;
  // Errors of this statement are caught (BEGIN … EXCEPTION WHEN … around it).
  bool errors_caught = false;
  bool in_loop = false;

  template <class T>
  [[nodiscard]] const T* as() const {
    return std::get_if<T>(&node);
  }
  [[nodiscard]] StatementKind kind() const { return static_cast<StatementKind>(node.index()); }
  // PostgreSQL's command tag: "ALTER TABLE", "CREATE INDEX", …
  [[nodiscard]] std::string_view tag() const;
};

}  // namespace cupel::sql
