// What the tests of Script share: statements and errors as text, so that an expectation is readable.
#pragma once

#include "sql/script.h"

#include <string>
#include <string_view>
#include <vector>

namespace cupel::sql {

// The source text under each statement's span.
inline std::vector<std::string> texts(const Script& script, std::span<const Statement> statements) {
  std::vector<std::string> found;
  for (const Statement& statement : statements) found.emplace_back(script.text(statement));
  return found;
}
inline std::vector<std::string> texts(const Script& script) { return texts(script, script.statements()); }

// "offset-offset message" of each error.
inline std::vector<std::string> described(std::span<const SyntaxError> errors) {
  std::vector<std::string> found;
  for (const SyntaxError& error : errors) {
    found.push_back(std::to_string(error.span.begin) + "-" + std::to_string(error.span.end) + " " + error.message);
  }
  return found;
}

}  // namespace cupel::sql
