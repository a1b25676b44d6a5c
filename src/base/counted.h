#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cupel {

// "1 finding", "2 findings": for nouns that take an s.
inline std::string counted(std::size_t count, std::string_view noun) {
  std::string words = std::to_string(count);
  words += ' ';
  words += noun;
  if (count != 1) words += 's';
  return words;
}

}  // namespace cupel
