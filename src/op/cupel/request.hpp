// An operation as plain data: all that crosses the border between a module of migrations and the program that runs it, and
// what render() makes SQL of. It only looks at its texts.
#pragma once

#include <cupel/options.hpp>

namespace cupel {

// The names are those of the operations; the numbers are part of the module's binary interface and never change.
enum class request_kind : unsigned short {
  execute = 1,
  create_table = 2,
  drop_table = 3,
  rename_table = 4,
  add_column = 5,
  drop_column = 6,
  rename_column = 7,
  alter_column = 8,
  create_index = 9,
  drop_index = 10,
  create_foreign_key = 11,
  create_unique_constraint = 12,
  create_check_constraint = 13,
  create_primary_key = 14,
  create_exclude_constraint = 15,
  validate_constraint = 16,
  drop_constraint = 17,
  create_enum = 18,
  add_enum_value = 19,
  rename_enum_value = 20,
  drop_type = 21,
  create_schema = 22,
  drop_schema = 23,
  create_extension = 24,
  drop_extension = 25,
  create_sequence = 26,
  drop_sequence = 27,
  create_view = 28,
  drop_view = 29,
  bulk_insert = 30,
  backfill = 31,
  create_table_comment = 32,
  drop_table_comment = 33,
  rename_constraint = 34,
  rename_index = 35,
  // No SQL: what lies between them runs statement by statement, outside a transaction.
  begin_autocommit = 40,
  end_autocommit = 41,
};

// Which members count, by kind:
//
//   execute                    text (SQL, one or several statements), idempotent
//   create_table               table, elements, table_options
//   drop_table                 table, drop
//   rename_table               table, new_name, drop.if_exists
//   add_column                 table, elements (one column), if_not_exists
//   drop_column                table, name, drop
//   rename_column              table, name, new_name
//   alter_column               table, name, alter
//   create_index               name (may be empty), table, index_elements, index
//   drop_index                 name, drop, concurrently
//   rename_index               name, new_name, drop.if_exists
//   create_…_key, …_constraint table, elements (one constraint, with its name and options)
//   validate_constraint        table, name
//   drop_constraint            table, name, drop
//   rename_constraint          table, name, new_name
//   create_enum                name, labels
//   add_enum_value             name (the type), text (the label), enum_value
//   rename_enum_value          name (the type), text (the label), new_name (the new label)
//   drop_type, drop_schema, drop_extension, drop_sequence   name, drop
//   create_schema              name, if_not_exists, owner
//   create_extension           name, extension
//   create_sequence            name, sequence
//   create_view                name, text (the query), view
//   drop_view                  name, drop, materialized
//   bulk_insert                table, columns, rows, on_conflict_do_nothing
//   backfill                   table, backfill
//   create_table_comment       table, text
//   drop_table_comment         table
//
// `schema` is that of the table, or of the thing itself where no table is named; the options' own is not looked at.
struct request {
  request_kind kind = request_kind::execute;
  source_place where;
  str schema;
  str table;
  str name;
  str new_name;
  str text;
  str owner;
  bool if_not_exists = false;
  bool concurrently = false;
  bool materialized = false;
  bool idempotent = false;
  bool on_conflict_do_nothing = false;
  list<str> columns;
  list<index_element> index_elements;
  list<str> labels;
  list<table_element> elements;
  list<list<value>> rows;
  create_table_options table_options;
  drop_options drop;
  alter_column_options alter;
  create_index_options index;
  enum_value_options enum_value;
  create_extension_options extension;
  create_sequence_options sequence;
  create_view_options view;
  backfill_options backfill;
};

}  // namespace cupel
