#include "base/source_text.h"

#include <algorithm>
#include <cstring>

namespace cupel {
namespace {

constexpr std::uint32_t long_line = 64 * 1024;

// Of the character at `at`; 1 for a byte that begins none.
std::uint32_t character_size(std::string_view text, std::uint32_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  const std::uint32_t announced = first < 0xC2U ? 1 : first < 0xE0U ? 2 : first < 0xF0U ? 3 : first < 0xF5U ? 4 : 1;
  if (announced > text.size() - at) return 1;
  for (std::uint32_t i = 1; i < announced; ++i) {
    if ((static_cast<unsigned char>(text[at + i]) & 0xC0U) != 0x80U) return 1;
  }
  return announced;
}

}  // namespace

// An offset inside a character is in the column after it.
SourceText::Column SourceText::count_to(Column from, std::uint32_t offset) const {
  while (from.offset < offset) {
    const std::uint32_t size = character_size(bytes_, from.offset);
    from.offset += size;
    ++from.column;
    from.utf16_column += size == 4 ? 2 : 1;
  }
  return from;
}

void SourceText::index_lines() const {
  if (!line_begins_.empty()) return;
  line_begins_.push_back(0);
  const char* const begin = bytes_.data();
  const char* const end = begin + bytes_.size();
  for (const char* at = begin; at < end;) {
    const auto* newline = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
    if (newline == nullptr) break;
    at = newline + 1;
    line_begins_.push_back(static_cast<std::uint32_t>(at - begin));
  }
  for (std::size_t i = 0; i < line_begins_.size(); ++i) {
    const auto line_end = i + 1 < line_begins_.size() ? line_begins_[i + 1] : static_cast<std::uint32_t>(bytes_.size());
    Column column{line_begins_[i], 1, 1};
    while (line_end - column.offset > long_line) {
      column = count_to(column, column.offset + long_line);
      columns_.push_back(column);
    }
  }
}

std::uint32_t SourceText::line_count() const {
  index_lines();
  return static_cast<std::uint32_t>(line_begins_.size());
}

std::uint32_t SourceText::line_begin(std::uint32_t line) const {
  index_lines();
  if (line == 0) return 0;
  return line <= line_begins_.size() ? line_begins_[line - 1] : static_cast<std::uint32_t>(bytes_.size());
}

std::string_view SourceText::line(std::uint32_t line) const {
  index_lines();
  if (line == 0 || line > line_begins_.size()) return {};
  const std::uint32_t begin = line_begins_[line - 1];
  const auto end = line < line_begins_.size() ? line_begins_[line] : static_cast<std::uint32_t>(bytes_.size());
  std::string_view found = text().substr(begin, end - begin);
  if (!found.empty() && found.back() == '\n') found.remove_suffix(1);
  if (!found.empty() && found.back() == '\r') found.remove_suffix(1);
  return found;
}

Position SourceText::position(std::uint32_t offset) const {
  index_lines();
  offset = std::min(offset, static_cast<std::uint32_t>(bytes_.size()));
  const auto after = std::upper_bound(line_begins_.begin(), line_begins_.end(), offset);
  const std::uint32_t begin = *(after - 1);
  const auto known = std::upper_bound(columns_.begin(), columns_.end(), offset,
                                      [](std::uint32_t wanted, const Column& column) { return wanted < column.offset; });
  const bool in_this_line = known != columns_.begin() && (known - 1)->offset >= begin;
  const Column column = count_to(in_this_line ? *(known - 1) : Column{begin, 1, 1}, offset);
  return {static_cast<std::uint32_t>(after - line_begins_.begin()), column.column, column.utf16_column};
}

}  // namespace cupel
