#include "base/source_text.h"

#include <algorithm>
#include <cstring>

namespace cupel {

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
  Position position;
  position.line = static_cast<std::uint32_t>(after - line_begins_.begin());
  for (std::uint32_t at = *(after - 1); at < offset; ++at) {
    const auto byte = static_cast<unsigned char>(bytes_[at]);
    if ((byte & 0xC0U) == 0x80U) continue;  // continuation byte: part of the character before it
    ++position.column;
    position.utf16_column += byte >= 0xF0U ? 2 : 1;
  }
  return position;
}

}  // namespace cupel
