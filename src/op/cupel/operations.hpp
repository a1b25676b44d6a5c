// What a migration can do: Alembic's operations by Alembic's names. Names of tables, columns and so on are quoted when they
// have to be, and are never split at a dot: the schema is an option. Conditions, expressions and queries are SQL as it is.
#pragma once

#include <cupel/host.hpp>
#include <cupel/request.hpp>

namespace cupel {

class connection;  // <cupel/connection.hpp>

// Thrown through a migration when an operation failed; the host knows why. Do not catch it.
struct stopped {};

class operations {
 public:
  explicit operations(host& host) : host_(&host) {}
  operations(const operations&) = delete;
  operations& operator=(const operations&) = delete;

  // ---- Tables ---------------------------------------------------------------------------------------------------------

  // `elements`: columns and constraints, in braces.
  void create_table(str name, list<table_element> elements, create_table_options options = {}, source_place where = source_place::here()) {
    request operation = about(request_kind::create_table, options.schema, where);
    operation.table = name;
    operation.elements = elements;
    operation.table_options = options;
    submit(operation);
  }
  void drop_table(str name, drop_options options = {}, source_place where = source_place::here()) {
    request operation = about(request_kind::drop_table, options.schema, where);
    operation.table = name;
    operation.drop = options;
    submit(operation);
  }
  void rename_table(str name, str new_name, rename_options options = {}, source_place where = source_place::here()) {
    request operation = about(request_kind::rename_table, options.schema, where);
    operation.table = name;
    operation.new_name = new_name;
    operation.drop.if_exists = options.if_exists;
    submit(operation);
  }
  // `text`: what \d+ shows.
  void create_table_comment(str table, str text, table_options options = {}, source_place where = source_place::here()) {
    request operation = about(request_kind::create_table_comment, options.schema, where);
    operation.table = table;
    operation.text = text;
    submit(operation);
  }
  void drop_table_comment(str table, table_options options = {}, source_place where = source_place::here()) {
    request operation = about(request_kind::drop_table_comment, options.schema, where);
    operation.table = table;
    submit(operation);
  }

  // ---- Columns --------------------------------------------------------------------------------------------------------

  void add_column(str table, const column& column, add_column_options options = {}, source_place where = source_place::here()) {
    const table_element element(column);
    request operation = about(request_kind::add_column, options.schema, where);
    operation.table = table;
    operation.elements = {&element, 1};
    operation.if_not_exists = options.if_not_exists;
    submit(operation);
  }
  void drop_column(str table, str column, drop_options options = {}, source_place where = source_place::here()) {
    request operation = about(request_kind::drop_column, options.schema, where);
    operation.table = table;
    operation.name = column;
    operation.drop = options;
    submit(operation);
  }
  void rename_column(str table, str column, str new_name, table_options options = {}, source_place where = source_place::here()) {
    request operation = about(request_kind::rename_column, options.schema, where);
    operation.table = table;
    operation.name = column;
    operation.new_name = new_name;
    submit(operation);
  }
  // Changes what the options name, and nothing else: op.alter_column("users", "phone", {.nullable = false}).
  void alter_column(str table, str column, alter_column_options options, source_place where = source_place::here()) {
    request operation = about(request_kind::alter_column, options.schema, where);
    operation.table = table;
    operation.name = column;
    operation.alter = options;
    submit(operation);
  }

  // ---- Indexes --------------------------------------------------------------------------------------------------------

  // `columns`: names, or what sql() makes, as in {"user_id", sql("lower(email)"), sql("created_at DESC")}.
  void create_index(str name, str table, list<index_element> columns, create_index_options options = {},
                    source_place where = source_place::here()) {
    request operation = about(request_kind::create_index, options.schema, where);
    operation.name = name;
    operation.table = table;
    operation.index_elements = columns;
    operation.index = options;
    submit(operation);
  }
  void drop_index(str name, drop_index_options options = {}, source_place where = source_place::here()) {
    request operation = about(request_kind::drop_index, options.schema, where);
    operation.name = name;
    operation.concurrently = options.concurrently;
    operation.drop.if_exists = options.if_exists;
    operation.drop.cascade = options.cascade;
    submit(operation);
  }
  void rename_index(str name, str new_name, rename_options options = {}, source_place where = source_place::here()) {
    request operation = about(request_kind::rename_index, options.schema, where);
    operation.name = name;
    operation.new_name = new_name;
    operation.drop.if_exists = options.if_exists;
    submit(operation);
  }

  // ---- Constraints ----------------------------------------------------------------------------------------------------

  // A row of `table` refers by `columns` to one of `referent`, by its `referent_columns`.
  void create_foreign_key(str name, str table, str referent, list<str> columns, list<str> referent_columns, constraint_options options = {},
                          source_place where = source_place::here()) {
    add_constraint(request_kind::create_foreign_key, table, foreign_key(name, columns, referent, referent_columns, options).definition,
                   where);
  }
  // `columns`: none with .using_index.
  void create_unique_constraint(str name, str table, list<str> columns, constraint_options options = {},
                                source_place where = source_place::here()) {
    add_constraint(request_kind::create_unique_constraint, table, unique(name, columns, options).definition, where);
  }
  // `condition`: SQL that no row may make false.
  void create_check_constraint(str name, str table, str condition, constraint_options options = {},
                               source_place where = source_place::here()) {
    add_constraint(request_kind::create_check_constraint, table, check(name, condition, options).definition, where);
  }
  // `columns`: none with .using_index.
  void create_primary_key(str name, str table, list<str> columns, constraint_options options = {},
                          source_place where = source_place::here()) {
    add_constraint(request_kind::create_primary_key, table, primary_key(name, columns, options).definition, where);
  }
  // `elements`: {{"room", "="}, {"during", "&&"}}.
  void create_exclude_constraint(str name, str table, list<exclude_element> elements, constraint_options options = {},
                                 source_place where = source_place::here()) {
    add_constraint(request_kind::create_exclude_constraint, table, exclude(name, elements, options).definition, where);
  }
  // Checks the rows that a constraint created with .not_valid has not seen.
  void validate_constraint(str name, str table, table_options options = {}, source_place where = source_place::here()) {
    request operation = about(request_kind::validate_constraint, options.schema, where);
    operation.table = table;
    operation.name = name;
    submit(operation);
  }
  void drop_constraint(str name, str table, drop_options options = {}, source_place where = source_place::here()) {
    request operation = about(request_kind::drop_constraint, options.schema, where);
    operation.table = table;
    operation.name = name;
    operation.drop = options;
    submit(operation);
  }
  void rename_constraint(str name, str table, str new_name, table_options options = {}, source_place where = source_place::here()) {
    request operation = about(request_kind::rename_constraint, options.schema, where);
    operation.table = table;
    operation.name = name;
    operation.new_name = new_name;
    submit(operation);
  }

  // ---- Types ----------------------------------------------------------------------------------------------------------

  void create_enum(str name, list<str> labels, create_enum_options options = {}, source_place where = source_place::here()) {
    request operation = about(request_kind::create_enum, options.schema, where);
    operation.name = name;
    operation.labels = labels;
    submit(operation);
  }
  // The new label comes last, or where the options say.
  void add_enum_value(str type, str label, enum_value_options options = {}, source_place where = source_place::here()) {
    request operation = about(request_kind::add_enum_value, options.schema, where);
    operation.name = type;
    operation.text = label;
    operation.enum_value = options;
    submit(operation);
  }
  void rename_enum_value(str type, str label, str new_label, table_options options = {}, source_place where = source_place::here()) {
    request operation = about(request_kind::rename_enum_value, options.schema, where);
    operation.name = type;
    operation.text = label;
    operation.new_name = new_label;
    submit(operation);
  }
  void drop_type(str name, drop_options options = {}, source_place where = source_place::here()) {
    drop(request_kind::drop_type, name, options, where);
  }

  // ---- Schemas, extensions, sequences, views ----------------------------------------------------------------------------

  void create_schema(str name, create_schema_options options = {}, source_place where = source_place::here()) {
    request operation = about(request_kind::create_schema, {}, where);
    operation.name = name;
    operation.if_not_exists = options.if_not_exists;
    operation.owner = options.authorization;
    submit(operation);
  }
  void drop_schema(str name, drop_options options = {}, source_place where = source_place::here()) {
    drop(request_kind::drop_schema, name, options, where);
  }
  void create_extension(str name, create_extension_options options = {}, source_place where = source_place::here()) {
    request operation = about(request_kind::create_extension, options.schema, where);
    operation.name = name;
    operation.extension = options;
    submit(operation);
  }
  void drop_extension(str name, drop_options options = {}, source_place where = source_place::here()) {
    drop(request_kind::drop_extension, name, options, where);
  }
  void create_sequence(str name, create_sequence_options options = {}, source_place where = source_place::here()) {
    request operation = about(request_kind::create_sequence, options.schema, where);
    operation.name = name;
    operation.sequence = options;
    submit(operation);
  }
  void drop_sequence(str name, drop_options options = {}, source_place where = source_place::here()) {
    drop(request_kind::drop_sequence, name, options, where);
  }
  // `query`: a SELECT, without semicolon.
  void create_view(str name, str query, create_view_options options = {}, source_place where = source_place::here()) {
    request operation = about(request_kind::create_view, options.schema, where);
    operation.name = name;
    operation.text = query;
    operation.view = options;
    submit(operation);
  }
  void drop_view(str name, drop_view_options options = {}, source_place where = source_place::here()) {
    request operation = about(request_kind::drop_view, options.schema, where);
    operation.name = name;
    operation.materialized = options.materialized;
    operation.drop.if_exists = options.if_exists;
    operation.drop.cascade = options.cascade;
    submit(operation);
  }

  // ---- Rows and SQL -----------------------------------------------------------------------------------------------------

  // `sql`: one statement or several; exactly this runs.
  void execute(str sql, execute_options options = {}, source_place where = source_place::here()) {
    request operation = about(request_kind::execute, {}, where);
    operation.text = sql;
    operation.idempotent = options.idempotent;
    submit(operation);
  }
  // op.bulk_insert("plans", {"id", "name"}, {{1, "free"}, {2, "pro"}})
  void bulk_insert(str table, list<str> columns, list<list<value>> rows, bulk_insert_options options = {},
                   source_place where = source_place::here()) {
    request operation = about(request_kind::bulk_insert, options.schema, where);
    operation.table = table;
    operation.columns = columns;
    operation.rows = rows;
    operation.on_conflict_do_nothing = options.on_conflict_do_nothing;
    submit(operation);
  }
  // op.backfill("users", {.set = "phone = ''", .where = "phone IS NULL", .key = "id", .batch = 5'000})
  void backfill(str table, backfill_options options, source_place where = source_place::here()) {
    request operation = about(request_kind::backfill, options.schema, where);
    operation.table = table;
    operation.backfill = options;
    submit(operation);
  }

  // ---- Transactions -----------------------------------------------------------------------------------------------------

  // What `body` does runs statement by statement, each by itself: op.autocommit([&] { … }). The transaction before it is
  // committed, another begins behind it.
  template <class Function>
  void autocommit(Function&& body, source_place where = source_place::here()) {
    submit(about(request_kind::begin_autocommit, {}, where));
    body();
    submit(about(request_kind::end_autocommit, {}, where));
  }

  // ---- Data -------------------------------------------------------------------------------------------------------------

  // The database, to read and change data; needs <cupel/connection.hpp>. A revision that asks for it cannot be recorded
  // ahead: its statements are known only when it runs.
  [[nodiscard]] connection bind(source_place where = source_place::here());

 private:
  static request about(request_kind kind, str schema, source_place where) {
    request operation;
    operation.kind = kind;
    operation.schema = schema;
    operation.where = where;
    return operation;
  }
  void add_constraint(request_kind kind, str table, const constraint_definition& constraint, source_place where) {
    const table_element element(constraint);
    request operation = about(kind, constraint.options.schema, where);
    operation.table = table;
    operation.elements = {&element, 1};
    submit(operation);
  }
  void drop(request_kind kind, str name, const drop_options& options, source_place where) {
    request operation = about(kind, options.schema, where);
    operation.name = name;
    operation.drop = options;
    submit(operation);
  }
  void submit(const request& operation) {
    if (!host_->submit(operation)) throw stopped{};
  }

  host* host_;
};

}  // namespace cupel
