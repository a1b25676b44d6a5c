// The operations' last arguments: options by name, in this order: flags, then numbers and types, then texts.
//
//     op.create_index("ix_orders_user", "orders", {"user_id"}, {.concurrently = true, .where = "state <> 'shipped'"});
//
// An options object is written where it is used: what it looks at lives until the end of the call.
#pragma once

#include <cupel/table.hpp>

namespace cupel {

struct create_table_options {
  bool if_not_exists = false;
  bool unlogged = false;
  str comment{};
  str partition_by{};  // "RANGE (created_at)"
  str with{};          // storage parameters: "fillfactor = 70"
  str tablespace{};
  str schema{};
};

// Of drop_table, drop_column, drop_type, drop_schema, drop_extension, drop_sequence, drop_constraint.
struct drop_options {
  bool if_exists = false;
  bool cascade = false;  // what depends on it goes, too
  str schema{};
};

struct rename_options {
  bool if_exists = false;
  str schema{};
};

struct add_column_options {
  bool if_not_exists = false;
  str schema{};
};

// What is not given stays as it is.
struct alter_column_options {
  maybe nullable{};
  value server_default{};  // `none` takes it away
  cupel::type type{};
  str using_expression{};  // of the type: how an old value becomes a new one
  str collation{};         // of the type
  str new_name{};
  value comment{};  // `none` takes it away
  str schema{};
};

struct create_index_options {
  bool unique = false;
  bool concurrently = false;  // writes go on; only in autocommit(), or in a revision with .transactional = false
  bool if_not_exists = false;
  bool only = false;                // of a partitioned table: not of its partitions
  bool nulls_not_distinct = false;  // PostgreSQL 15
  list<str> include{};              // further columns, which are only stored
  str method{};                     // access method: "gin"
  str where{};                      // a condition: only these rows are in the index
  str with{};                       // storage parameters: "fillfactor = 70"
  str tablespace{};
  str schema{};  // of the table
};

struct drop_index_options {
  bool concurrently = false;  // as of create_index
  bool if_exists = false;
  bool cascade = false;
  str schema{};
};

struct enum_value_options {
  bool if_not_exists = false;
  str before{};  // a label that the new one comes before
  str after{};   // a label that the new one comes after
  str schema{};
};

struct create_enum_options {
  str schema{};
};

struct create_schema_options {
  bool if_not_exists = false;
  str authorization{};  // a role, the owner
};

struct create_extension_options {
  bool if_not_exists = false;
  bool cascade = false;  // extensions that it needs are created, too
  str version{};
  str schema{};
};

struct create_sequence_options {
  bool if_not_exists = false;
  bool cycle = false;
  value start{}, increment{}, minimum{}, maximum{}, cache{};  // numbers
  cupel::type type{};
  str owned_by_table{};  // goes when this column goes
  str owned_by_column{};
  str schema{};
};

struct create_view_options {
  bool or_replace = false;
  bool materialized = false;
  bool if_not_exists = false;  // of materialized ones
  bool with_no_data = false;   // of materialized ones
  list<str> columns{};         // their names
  str schema{};
};

struct drop_view_options {
  bool if_exists = false;
  bool cascade = false;
  bool materialized = false;
  str schema{};
};

struct bulk_insert_options {
  bool on_conflict_do_nothing = false;  // rows that are there already are passed over
  str schema{};
};

// An UPDATE in batches, each in a transaction of its own.
struct backfill_options {
  str set{};              // "phone = ''"
  str where{};            // the rows that still need it; a batch that ran is not run again
  str key{};              // a unique column that batches go along
  unsigned batch = 1000;  // rows looked at in one transaction
  unsigned pause_ms = 0;  // between two batches
  int max_lag_ms = -1;    // a replica further behind is waited for; 0: not looked at; -1: as cupel does by itself
  str schema{};
};

struct execute_options {
  // It may run again when nobody knows whether it has: after a crash, outside a transaction.
  bool idempotent = false;
};

struct table_options {
  str schema{};
};

}  // namespace cupel
