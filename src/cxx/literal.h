// String literals as written, decoded to the text they stand for, knowing for each byte where it came from.
//
// Clang answers the same question, but one byte off per line in raw strings of files with CRLF: the value holds LF.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::cxx {

// `size` bytes of text that `source_size` bytes of the source stand for. Equal sizes: byte by byte. Otherwise (an escape, a
// character in UTF-8 that was written as \u00e9) all of them for all of it.
struct Run {
  std::uint32_t offset = 0;  // in the text
  std::uint32_t size = 0;
  std::uint32_t source = 0;  // offset in the file
  std::uint32_t source_size = 0;
};

struct Decoded {
  std::string text;  // UTF-8, whatever the literal's prefix
  std::vector<Run> runs;
};

// Appends one token, "…" or R"x(…)x" with any prefix and suffix. `token`: its spelling; `source`: where it begins in the file.
// False if it is no string literal, or holds an escape that has no value.
bool decode_string_token(std::string_view token, std::uint32_t source, Decoded& to);

}  // namespace cupel::cxx
