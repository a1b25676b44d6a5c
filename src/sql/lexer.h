// Internal to src/sql: PostgreSQL's lexical rules (manual 4.1), enough to cut any text into statements, tokens and
// comments without a grammar. Never fails: an unterminated quote reaches to the end of the text.
#pragma once

#include "base/span.h"

#include <cstdint>
#include <string_view>

namespace cupel::sql {

enum class LexemeKind : std::uint8_t {
  end,
  space,
  line_comment,
  block_comment,
  word,
  quoted_identifier,
  string /* '', E'', B'', X'', U&'' */,
  dollar_string,
  number,
  parameter,
  semicolon,
  open,
  close /* ( ) [ ] */,
  backslash,
  symbol,
};
struct Lexeme {
  LexemeKind kind = LexemeKind::end;
  Span span;
};

class Lexer {
 public:
  // Lexes the bytes of `text` under `range`; spans are offsets in `text`.
  Lexer(std::string_view text, Span range) : text_(text), at_(range.begin), end_(range.end) {}
  Lexeme next();

 private:
  std::string_view text_;
  std::uint32_t at_, end_;
};

}  // namespace cupel::sql
