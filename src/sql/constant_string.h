// Internal to src/sql: the value of a string expression that can be told without running anything.
#pragma once

#include "sql/lexer.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cupel::sql {

struct ConstantString {
  std::string value;
  bool verbatim = false;  // `value` stands in the text as it is, from `begin` on
  std::uint32_t begin = 0;
};

// `tokens`: an expression's lexemes without white space and comments, as the Lexer read them from `text`. Understands
// literals of all kinds but U&'', B'' and X'', their concatenation, quote_ident, quote_literal, and format() whose
// arguments are constant, too. Anything else: nullopt.
std::optional<ConstantString> constant_string(std::string_view text, std::span<const Lexeme> tokens);

}  // namespace cupel::sql
