// Internal to src/sql: the SQL inside PL/pgSQL. libpg_query's own PL/pgSQL parser gives no places and stops at the
// first error, so this walks the statements by itself, following pl_gram.y where it decides what is SQL.
#pragma once

#include "sql/text_parser.h"

#include <string_view>

namespace cupel::sql {

// Adds the static statements of `body`, those in constant EXECUTE strings, and an Opaque one for each other EXECUTE.
// `body` is followed by a NUL byte.
void parse_procedural(std::string_view body, const TextPlace& place, ParsedText& out);

}  // namespace cupel::sql
