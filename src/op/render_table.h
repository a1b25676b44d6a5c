// Columns and constraints as SQL writes them in CREATE TABLE and ALTER TABLE … ADD.
#pragma once

#include "op/sql_writer.h"

namespace cupel::op {

void write_column(SqlWriter& out, const column_definition& column, str table_schema);
void write_constraint(SqlWriter& out, const constraint_definition& constraint, str table_schema);
// COMMENT ON COLUMN for those that have one, each a statement of its own.
void write_column_comments(SqlWriter& out, list<table_element> elements, str table_schema, str table);

}  // namespace cupel::op
