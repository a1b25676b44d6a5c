// One text with a name: a file, standard input, or an embedded string. Owns its bytes; answers where an offset is.
#pragma once

#include "base/span.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cupel {

// A place as people and formats count it; all numbers are 1-based.
struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;        // in Unicode code points (an invalid byte counts as one)
  std::uint32_t utf16_column = 1;  // in UTF-16 code units, as SARIF counts by default
  friend bool operator==(const Position&, const Position&) = default;
};

// Positions may be asked from several threads only after one call of `position` or `line_count` (lines are indexed then).
class SourceText {
 public:
  // `name`: how the user named it (a path, or "<stdin>"); `bytes`: any bytes, at most 4 GiB.
  SourceText(std::string name, std::string bytes) : name_(std::move(name)), bytes_(std::move(bytes)) {}

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::string_view text() const { return bytes_; }
  // The same bytes, followed by a NUL: parsers written in C read it.
  [[nodiscard]] const char* c_str() const { return bytes_.c_str(); }

  // Where byte `offset` is; past the end means the end.
  [[nodiscard]] Position position(std::uint32_t offset) const;
  [[nodiscard]] std::uint32_t line_count() const;
  // The bytes of 1-based `line` without its line end (\n or \r\n); empty when there is no such line.
  [[nodiscard]] std::string_view line(std::uint32_t line) const;
  // The offset of the first byte of 1-based `line`; the text's size when there is no such line.
  [[nodiscard]] std::uint32_t line_begin(std::uint32_t line) const;

 private:
  void index_lines() const;

  std::string name_;
  std::string bytes_;
  mutable std::vector<std::uint32_t> line_begins_;  // made at the first question
  // Columns inside lines of megabytes, which would be counted from the line's begin for each question otherwise.
  struct Column {
    std::uint32_t offset = 0;
    std::uint32_t column = 1;
    std::uint32_t utf16_column = 1;
  };
  [[nodiscard]] Column count_to(Column from, std::uint32_t offset) const;
  mutable std::vector<Column> columns_;
};

}  // namespace cupel
