// An operation as SQL. One function, for whoever has an operation: the recorder, the program that runs it, and whoever reads
// it out of a source.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <cupel/request.hpp>

namespace cupel::op {

// A part of the SQL that a text of the request became: which one is told by where it lies in memory.
struct Fragment {
  std::size_t begin = 0, end = 0;  // in the SQL
  str text;                        // of the request
  bool verbatim = false;           // the same bytes; otherwise quoted, possibly with characters doubled
};

struct RenderedStatement {
  std::string sql;                  // without semicolon at its end, but of execute: as it was given
  std::vector<Fragment> fragments;  // in order, none over another
};

struct Rendered {
  // None for an operation without SQL (autocommit's begin and end, no rows to insert). More than one where SQL has no single
  // statement for it: a table with comments, a column that is changed and renamed.
  std::vector<RenderedStatement> statements;
  // What is wrong with the request, for the user; then there are no statements.
  std::string error;
};

Rendered render(const request& operation);

// "create_table"; "" of a kind that this version does not know.
const char* name(request_kind kind);

}  // namespace cupel::op
