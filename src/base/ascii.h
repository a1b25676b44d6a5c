// The case of ASCII letters, whatever the locale. PostgreSQL folds no others in key words, nor in names written in UTF-8
// (downcase_identifier in parser/scansup.c); all other bytes stay as they are.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace cupel {

constexpr char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
constexpr char to_upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

inline std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), to_lower);
  return lower;
}

inline std::string upper_case(std::string_view text) {
  std::string upper(text);
  std::transform(upper.begin(), upper.end(), upper.begin(), to_upper);
  return upper;
}

}  // namespace cupel
