// Internal to src/sql: a tree back to text, in PostgreSQL's own spelling.
#pragma once

#include <string>

namespace cupel::sql {

// `tree`: Statement::tree. Empty when it is too deep to print, or the library cannot print it.
std::string deparse_statement(const void* tree);
// `node`: Expression::node().
std::string deparse_expression(const void* node);

}  // namespace cupel::sql
