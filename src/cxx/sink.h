// Functions that send SQL to a server, as data.
#pragma once

#include "cxx/analysis.h"

#include <span>
#include <string_view>

namespace cupel::cxx {

struct Sink {
  enum class Shape {
    argument,  // the argument `sql`
    last,      // the last argument that is text (prepare's optional name comes first)
    query,     // the first argument that is text
    stream,    // object << text, with everything streamed behind it
  };
  std::string_view owner;   // class, qualified; empty for a free function; "*" for a class of any name
  std::string_view method;  // a * at the end stands for any rest
  Shape shape = Shape::argument;
  int sql = 0;
  InTransaction transaction = InTransaction::unknown;
  bool binds = false;
  bool formats = false;  // printf-like: %s and its like are arguments
};

std::span<const Sink> built_in_sinks();

// Whether `name` is `pattern`, which may end in *.
bool matches(std::string_view name, std::string_view pattern);

// The function's name says that it takes SQL: exec, run_query, Execute …
bool names_execution(std::string_view name);

// The text begins as a statement does: CREATE TABLE …, ALTER …, SELECT …
bool looks_like_sql(std::string_view text);
// … one that defines something, or empties a table: what migrations are made of.
bool looks_like_definition(std::string_view text);

}  // namespace cupel::cxx
