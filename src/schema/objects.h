// What exists in a database, as the replay knows it: plain values. Names own their text; expressions, also those in
// partition keys and bounds, are handles into the Database that has the object.
#pragma once

#include "sql/statement.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::schema {

using sql::Expression;

// Index into Database's relations; stays the same through renames and after a drop.
enum class RelationId : std::uint32_t { none = 0xFFFFFFFFU };

// schema.name of an object, folded.
struct ObjectName {
  std::string schema;  // never empty for objects that exist; "pg_temp" for temporary ones
  std::string name;
  friend bool operator==(const ObjectName&, const ObjectName&) = default;
};

// A data type, resolved. Built-in ones have schema "pg_catalog" and PostgreSQL's internal name (int4, varchar, …).
// `schema` is empty when the type's name could not be resolved (an extension's type, or an incomplete history).
struct DataType {
  std::string schema;
  std::string name;
  std::vector<std::int32_t> modifiers;
  int array_dimensions = 0;
  [[nodiscard]] bool is_builtin() const { return schema == "pg_catalog"; }
  friend bool operator==(const DataType&, const DataType&) = default;
};

enum class RelationKind { table, partitioned_table, foreign_table, view, materialized_view, sequence, index };

// A column renamed after an expression was written: the expression's text still has the old name.
struct ColumnRename {
  std::string written, now;
};
// What an expression written before these renames calls the column that is `column` now; empty if it cannot mean it.
std::string_view name_as_written(const std::vector<ColumnRename>& renames, std::string_view column);

struct Column {
  std::string name;
  DataType type;
  std::string collation;  // as written; empty: the type's default
  bool not_null = false;
  bool not_null_validated = true;  // 18: a NOT NULL constraint that is NOT VALID
  Expression default_value;        // also a generated column's expression, and serial's nextval (then empty: see is_serial)
  bool has_default = false;        // a DEFAULT, serial, identity or stored/virtual generation
  bool is_serial = false;
  sql::Generated generated = sql::Generated::none;
  sql::Identity identity = sql::Identity::none;
  bool inherited = false;             // from a parent (INHERITS or PARTITION OF)
  bool local = true;                  // declared by the table itself, perhaps besides a parent: outlives the parent's
  std::vector<ColumnRename> renames;  // see ColumnRename; of default_value
  std::uint32_t created_epoch = 0;    // see Database::epoch
};

enum class ConstraintKind { not_null, check, unique, primary_key, exclude, foreign_key };

struct Constraint {
  std::string name;  // chosen as PostgreSQL would when not written
  bool named_by_user = false;
  ConstraintKind kind = ConstraintKind::check;
  std::vector<std::string> columns;
  Expression expression;  // CHECK; EXCLUDE's WHERE
  bool validated = true;
  bool enforced = true;  // 18
  bool deferrable = false, initially_deferred = false;
  bool no_inherit = false;
  bool inherited = false;                    // came from a parent table
  bool local = true;                         // declared by the table itself, perhaps besides a parent
  RelationId index = RelationId::none;       // of unique, primary_key, exclude
  RelationId referenced = RelationId::none;  // foreign_key; none: the referenced table is unknown to the replay
  ObjectName referenced_name;                // foreign_key: as resolved, or as written when unknown
  std::vector<std::string> referenced_columns;
  sql::ForeignKeyAction on_delete = sql::ForeignKeyAction::no_action, on_update = sql::ForeignKeyAction::no_action;
  std::uint32_t created_epoch = 0;
  std::uint64_t created_transaction = 0;  // Database::transaction() when it was added
  std::vector<ColumnRename> renames;      // see ColumnRename; of expression. `columns` has the names of now

  // A CHECK's proof that `column`, by its name of now, is not null: see Expression::implies_not_null. Says nothing about
  // `validated` and `enforced`.
  [[nodiscard]] bool implies_not_null(std::string_view column) const;
};

struct IndexKey {
  std::string column;
  Expression expression;
  std::string collation, operator_class;
};

// The part of a Relation of kind `index`.
struct Index {
  RelationId table = RelationId::none;
  bool unique = false, primary = false, exclusion = false;
  bool valid = true;  // false: ON ONLY a partitioned table, not all partitions attached
  bool nulls_not_distinct = false;
  std::string access_method = "btree";
  std::vector<IndexKey> keys;
  std::vector<std::string> include;
  Expression predicate;
  std::string constraint;                // name of the constraint it belongs to; empty: none
  RelationId parent = RelationId::none;  // partitioned index it is attached to
  bool clustered = false, replica_identity = false;
  std::vector<RelationId> children;
  std::vector<ColumnRename> renames;  // see ColumnRename; of key expressions and predicate

  // Columns in keys and INCLUDE, and those that expressions and predicate mention, by their names of now; once each.
  [[nodiscard]] std::vector<std::string> mentioned_columns() const;
};

struct Trigger {
  std::string name;
  ObjectName function;
  bool row = false, constraint = false, deferrable = false, initially_deferred = false, inherited = false;
  sql::TriggerTiming timing = sql::TriggerTiming::before;
  bool on_insert = false, on_update = false, on_delete = false, on_truncate = false;
  std::vector<std::string> update_columns;
  Expression when;
  bool enabled = true;
  std::vector<ColumnRename> renames;  // see ColumnRename; of when
};

struct Policy {
  std::string name;
  Expression using_expression, with_check;
  std::vector<ColumnRename> renames;
};

// What a view, rule or materialized view reads; columns by name (an over-approximation: names in its query).
struct Dependency {
  RelationId relation = RelationId::none;
  std::vector<std::string> columns;
  bool certain = false;  // the query reads this relation only, so the names are this relation's columns
};

// What is known of a relation's rows.
enum class Rows {
  empty,    // created empty in the scope that is judged, nothing inserted since
  assumed,  // existed before that scope: assumed to have rows, perhaps many
  some,     // created in that scope and filled since (INSERT, COPY, CREATE TABLE AS …)
};

struct Relation {
  RelationId id = RelationId::none;
  RelationKind kind = RelationKind::table;
  ObjectName name;
  sql::Persistence persistence = sql::Persistence::permanent;
  // The replay met a statement on it without having seen its creation: columns and the rest are only what was met.
  bool incomplete = false;
  bool created_if_not_exists = false;
  std::uint32_t created_epoch = 0;        // Database::epoch() when it was created; 0 for what came before
  std::uint64_t created_transaction = 0;  // Database::transaction() when it was created
  bool filled = false;                    // rows were put in since it was created or truncated
  bool filled_by_query = false;           // and how many is not known: COPY, INSERT … SELECT, CREATE TABLE AS, MERGE
  std::uint32_t written_rows = 0;         // rows that INSERT … VALUES put in, one by one, since then
  std::uint32_t storage_epoch = 0;        // epoch of creation or of the last TRUNCATE
  bool populated = true;                  // materialized view: not WITH NO DATA

  std::vector<Column> columns;
  std::vector<Constraint> constraints;
  std::vector<RelationId> indexes;  // of a table or materialized view
  std::vector<Trigger> triggers;
  std::vector<Policy> policies;
  std::vector<std::string> rules;   // without a view's own _RETURN
  std::vector<RelationId> parents;  // INHERITS, or the partitioned table it is a partition of
  std::vector<RelationId> children;
  bool is_partition = false;
  std::optional<sql::PartitionBound> bound;  // of a partition
  std::optional<sql::PartitionKey> partition_key;
  std::vector<RelationId> owned_sequences;
  RelationId owner_table = RelationId::none;  // of a sequence
  std::string owner_column;
  std::vector<Dependency> dependencies;  // of a view or materialized view
  std::vector<RelationId> dependents;    // views and materialized views that read it
  std::vector<ObjectName> calls;         // functions that the query of a view or materialized view names; no schema: none written
  std::string tablespace, access_method;
  std::string of_type;
  std::string replica_identity_index;
  char replica_identity = 'd';  // as pg_class.relreplident: d the primary key, i an index, f all columns, n none
  bool row_security = false;
  bool system_triggers_enabled = true;  // those of its constraints, foreign keys above all: DISABLE TRIGGER ALL
  bool security_invoker = false;        // view: reads with the rights and policies of its user, not its owner's (15)
  std::optional<Index> index;           // kind == index
  std::vector<std::string> statistics;  // extended statistics objects on it

  [[nodiscard]] const Column* find_column(std::string_view column) const;
  [[nodiscard]] Column* find_column(std::string_view column);
  [[nodiscard]] const Constraint* find_constraint(std::string_view constraint) const;
  [[nodiscard]] const Constraint* primary_key() const;
  // Tables and materialized views hold rows of their own; views, sequences and indexes do not; partitioned tables hold
  // them in their partitions.
  [[nodiscard]] bool has_storage() const;
  // Whether the query of a view or materialized view names a function of that name. An empty schema, here or in the query,
  // stands for any.
  [[nodiscard]] bool calls_function(std::string_view schema, std::string_view function) const;
};

// FOR TABLE of a publication.
struct PublishedTable {
  RelationId table = RelationId::none;
  std::vector<std::string> columns;  // empty: all
  Expression where;
  std::vector<ColumnRename> renames;  // see ColumnRename; of where

  // In its column list or its WHERE: the column can neither go nor get another type.
  [[nodiscard]] bool mentions(std::string_view column) const;
  [[nodiscard]] bool filters_by(std::string_view column) const;  // in its WHERE
};

struct Publication {
  std::string name;
  bool all_tables = false;
  std::vector<std::string> schemas;  // TABLES IN SCHEMA (15)
  std::vector<PublishedTable> tables;
  bool updates = true, deletes = true;
};

// What a view's options say of security_invoker; nullopt: nothing.
std::optional<bool> security_invoker(const std::vector<sql::RelationOption>& options);

enum class TypeKind { enumeration, domain, composite, range, base };

struct EnumLabel {
  std::string text;
  std::uint32_t added_epoch = 0;        // Database::epoch() when ALTER TYPE … ADD VALUE added it; 0: with the type
  std::uint64_t added_transaction = 0;  // Database::transaction() then; 0: with the type
};

struct Type {
  TypeKind kind = TypeKind::base;
  ObjectName name;
  bool incomplete = false;
  std::uint32_t created_epoch = 0;
  std::uint64_t created_transaction = 0;
  std::vector<EnumLabel> labels;        // enumeration
  DataType base;                        // domain
  Expression default_value;             // domain
  bool not_null = false;                // domain
  std::vector<Constraint> constraints;  // domain
  std::vector<Column> columns;          // composite
};

struct Function {
  ObjectName name;
  std::vector<DataType> argument_types;  // input arguments
  std::size_t required_arguments = 0;    // without those having a default
  bool variadic = false;
  bool procedure = false, strict = false, security_definer = false;
  sql::Volatility volatility = sql::Volatility::volatile_;  // as declared; VOLATILE by default (manual 36.7)
  std::string language;
  std::string body;  // source text
  // A SQL function whose body is one SELECT of one expression without FROM: what it inlines to (manual 36.5, xfunc-sql).
  Expression inlined;
  // Of a body that is kept parsed (BEGIN ATOMIC, RETURN; manual 36.5, xfunc-sql): what it reads and writes.
  std::vector<Dependency> dependencies;
  bool incomplete = false;
  std::uint32_t created_epoch = 0;

  [[nodiscard]] bool uses(RelationId relation) const {
    return std::any_of(dependencies.begin(), dependencies.end(),
                       [relation](const Dependency& dependency) { return dependency.relation == relation; });
  }
};

}  // namespace cupel::schema
