// Internal to src/sql: key words compared as PostgreSQL folds them, for code that reads lexemes instead of a tree.
#pragma once

#include "base/ascii.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace cupel::sql {

// `word` is the lower-case ASCII `key_word`, whatever its case.
inline bool is_word(std::string_view word, std::string_view key_word) {
  const auto same = [](char a, char b) { return to_lower(a) == b; };
  return word.size() == key_word.size() && std::equal(word.begin(), word.end(), key_word.begin(), same);
}

inline bool is_any_word(std::string_view word, std::initializer_list<std::string_view> key_words) {
  return std::any_of(key_words.begin(), key_words.end(), [&](std::string_view key_word) { return is_word(word, key_word); });
}

}  // namespace cupel::sql
