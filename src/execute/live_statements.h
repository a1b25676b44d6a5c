// Internal to src/execute: the questions that read_live_schema asks the catalogs.
#pragma once

#include <string>
#include <vector>

namespace cupel::execute {

// One column, `text`: the statements that would make what exists, each without its semicolon, in an order that works.
// `server_major`: 13 and later. `without_schemas`: not read, besides PostgreSQL's own.
std::string live_statements_sql(int server_major, const std::vector<std::string>& without_schemas);
// One column: CREATE TABLE view (column type, …), for the columns that a view's query gives.
std::string live_view_columns_sql(const std::vector<std::string>& without_schemas);
// What came from a parent: schema, table, 'column' or 'constraint', its name, whether the table has it for itself too.
std::string live_inherited_sql(const std::vector<std::string>& without_schemas);
// Indexes: schema, name, valid. Only those that are not valid.
std::string live_invalid_indexes_sql(const std::vector<std::string>& without_schemas);
// Tables of a type: schema, name, type.
std::string live_typed_tables_sql(const std::vector<std::string>& without_schemas);
// schema, name, rows (NULL: unknown), bytes, of tables and materialized views that hold rows themselves; then the same with
// NULL bytes for partitioned tables.
std::string live_sizes_sql(const std::vector<std::string>& without_schemas);

}  // namespace cupel::execute
