// Internal to src/sql: makes any bytes readable for the parser, which wants UTF-8 without NUL bytes.
#pragma once

#include "sql/script.h"

#include <string>
#include <string_view>
#include <vector>

namespace cupel::sql {

struct ReadableText {
  bool is_text = true;   // false: nothing in it is worth parsing; `errors` says so
  bool changed = false;  // `bytes` stands in for the text given; it has the same length
  std::string bytes;
  std::vector<SyntaxError> errors;  // one for the first NUL byte, one for the first byte that is not UTF-8
};

ReadableText make_readable(std::string_view text);

// Bytes of UTF-8's byte order mark at the begin of `text`, which psql skips, too: 3 or 0.
std::uint32_t byte_order_mark_size(std::string_view text);

}  // namespace cupel::sql
