#include "lsp/positions.h"

#include <algorithm>

namespace cupel::lsp {
namespace {

// Of the character at `at`; a byte that begins none stands alone.
std::uint32_t character_size(std::string_view text, std::uint32_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  const std::uint32_t announced = first < 0xC2U ? 1 : first < 0xE0U ? 2 : first < 0xF0U ? 3 : first < 0xF5U ? 4 : 1;
  if (announced > text.size() - at) return 1;
  for (std::uint32_t i = 1; i < announced; ++i) {
    if ((static_cast<unsigned char>(text[at + i]) & 0xC0U) != 0x80U) return 1;
  }
  return announced;
}

std::uint32_t units(std::uint32_t size, PositionEncoding encoding) {
  if (encoding == PositionEncoding::utf8) return size;
  return size == 4 ? 2 : 1;
}

}  // namespace

Lines::Lines(std::string_view text, PositionEncoding encoding) : text_(text), encoding_(encoding) {
  begins_.push_back(0);
  for (std::size_t at = text.find_first_of("\r\n"); at != std::string_view::npos; at = text.find_first_of("\r\n", at)) {
    at += text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n' ? 2 : 1;
    begins_.push_back(static_cast<std::uint32_t>(at));
  }
}

std::size_t Lines::line_of(std::uint32_t offset) const {
  return static_cast<std::size_t>(std::upper_bound(begins_.begin(), begins_.end(), offset) - begins_.begin()) - 1;
}

std::uint32_t Lines::end_of_line(std::size_t line) const {
  auto end = line + 1 < begins_.size() ? begins_[line + 1] : static_cast<std::uint32_t>(text_.size());
  while (end > begins_[line] && (text_[end - 1] == '\n' || text_[end - 1] == '\r')) --end;
  return end;
}

Span Lines::line_around(std::uint32_t offset) const {
  const std::size_t line = line_of(std::min(offset, static_cast<std::uint32_t>(text_.size())));
  return {begins_[line], end_of_line(line)};
}

TextPosition Lines::position(std::uint32_t offset) const {
  offset = std::min(offset, static_cast<std::uint32_t>(text_.size()));
  const std::size_t line = line_of(offset);
  offset = std::min(offset, end_of_line(line));
  TextPosition position{static_cast<std::uint32_t>(line), 0};
  for (std::uint32_t at = begins_[line]; at < offset;) {
    const std::uint32_t size = character_size(text_, at);
    if (at + size > offset && encoding_ == PositionEncoding::utf16) break;  // in the middle of it
    position.character += units(std::min(size, offset - at), encoding_);
    at += size;
  }
  return position;
}

std::uint32_t Lines::offset(TextPosition position) const {
  if (position.line >= begins_.size()) return static_cast<std::uint32_t>(text_.size());
  const std::uint32_t end = end_of_line(position.line);
  std::uint32_t at = begins_[position.line];
  std::uint32_t counted = 0;
  while (at < end && counted < position.character) {
    const std::uint32_t size = character_size(text_, at);
    counted += units(size, encoding_);
    if (counted > position.character) break;
    at += size;
  }
  return at;
}

Span Lines::span(TextRange range) const {
  const std::uint32_t begin = offset(range.begin);
  const std::uint32_t end = offset(range.end);
  return {std::min(begin, end), std::max(begin, end)};
}

void replace(Document& document, TextRange range, std::string_view text, PositionEncoding encoding) {
  const Span replaced = Lines(document.text, encoding).span(range);
  document.text.replace(replaced.begin, replaced.size(), text);
}

}  // namespace cupel::lsp
