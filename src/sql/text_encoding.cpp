#include "sql/text_encoding.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

namespace cupel::sql {
namespace {

unsigned byte_at(std::string_view text, std::size_t offset) { return offset < text.size() ? static_cast<unsigned char>(text[offset]) : 0U; }

// The length that a first byte announces; 1 for bytes that cannot be first (PostgreSQL's pg_utf_mblen).
std::size_t announced_length(unsigned first) {
  if ((first & 0xE0U) == 0xC0U) return 2;
  if ((first & 0xF0U) == 0xE0U) return 3;
  if ((first & 0xF8U) == 0xF0U) return 4;
  return 1;
}

// The length of the valid character at `offset`, or 0 (PostgreSQL's pg_utf8_islegal: no overlong forms, no surrogates,
// nothing past U+10FFFF).
std::size_t character_length(std::string_view text, std::size_t offset) {
  const unsigned first = byte_at(text, offset);
  if (first < 0x80) return 1;
  const std::size_t length = announced_length(first);
  if (length == 1 || length > text.size() - offset || first < 0xC2 || first > 0xF4) return 0;
  unsigned low = 0x80;
  unsigned high = 0xBF;
  if (first == 0xE0) low = 0xA0;
  if (first == 0xED) high = 0x9F;
  if (first == 0xF0) low = 0x90;
  if (first == 0xF4) high = 0x8F;
  for (std::size_t i = 1; i < length; ++i) {
    const unsigned byte = byte_at(text, offset + i);
    if (byte < low || byte > high) return 0;
    low = 0x80;
    high = 0xBF;
  }
  return length;
}

// The offset of the first byte at or after `from` that is NUL or not part of a valid character; the size if none is.
std::size_t first_unreadable(std::string_view text, std::size_t from) {
  constexpr std::uint64_t high_bits = 0x8080808080808080U;
  constexpr std::uint64_t ones = 0x0101010101010101U;
  std::size_t at = from;
  while (at < text.size()) {
    if (text.size() - at >= sizeof(std::uint64_t)) {
      std::uint64_t word = 0;
      std::memcpy(&word, text.data() + at, sizeof word);
      // Neither a high bit nor a zero byte in these eight: by far the most frequent case.
      if (((word | ((word - ones) & ~word)) & high_bits) == 0) {
        at += sizeof word;
        continue;
      }
    }
    const std::size_t length = text[at] == '\0' ? 0 : character_length(text, at);
    if (length == 0) return at;
    at += length;
  }
  return text.size();
}

std::string describe_invalid(std::string_view text, std::size_t offset) {
  std::string bytes;
  const std::size_t shown = std::min(announced_length(byte_at(text, offset)), text.size() - offset);
  for (std::size_t i = 0; i < shown; ++i) bytes += fmt::format(" 0x{:02x}", byte_at(text, offset + i));
  return "invalid byte sequence for encoding \"UTF8\":" + bytes;
}

// Pictures, archives, programs and UTF-16: many control bytes, or some and many bytes that are not UTF-8. Text in an
// old 8-bit encoding has many of the latter, but no control bytes.
bool looks_binary(std::string_view text) {
  const std::string_view sample = text.substr(0, 8000);
  std::size_t control = 0;
  std::size_t invalid = 0;
  for (std::size_t at = 0; at < sample.size();) {
    const unsigned byte = byte_at(sample, at);
    const bool white = byte >= '\b' && byte <= '\r';
    if ((byte < 0x20 && !white && byte != 0x1B) || byte == 0x7F) ++control;
    const std::size_t length = character_length(sample, at);
    if (length == 0) ++invalid;
    at += std::max<std::size_t>(length, 1);
  }
  return control * 10 > sample.size() * 3 || (control * 33 > sample.size() && invalid * 5 > sample.size());
}

}  // namespace

std::uint32_t byte_order_mark_size(std::string_view text) { return text.substr(0, 3) == "\xEF\xBB\xBF" ? 3 : 0; }

ReadableText make_readable(std::string_view text) {
  ReadableText result;
  std::size_t at = first_unreadable(text, 0);
  if (at == text.size()) return result;

  const std::string_view mark = text.substr(0, 2);
  if (mark == "\xFF\xFE" || mark == "\xFE\xFF") {
    result.is_text = false;
    result.errors.push_back({{0, 2}, "this is not a text file that PostgreSQL can read: it is UTF-16, not UTF-8"});
    return result;
  }
  if (looks_binary(text)) {
    result.is_text = false;
    const auto offset = static_cast<std::uint32_t>(at);
    result.errors.push_back({{offset, offset + 1}, "this is not a text file that PostgreSQL can read: it holds binary data"});
    return result;
  }

  result.changed = true;
  result.bytes = text;
  bool nul_reported = false;
  bool invalid_reported = false;
  for (; at < text.size(); at = first_unreadable(text, at + 1)) {
    const auto offset = static_cast<std::uint32_t>(at);
    const bool nul = text[at] == '\0';
    bool& reported = nul ? nul_reported : invalid_reported;
    if (!reported) {
      result.errors.push_back(
          {{offset, offset + 1}, nul ? std::string("NUL byte: PostgreSQL cannot read it") : describe_invalid(text, at)});
    }
    reported = true;
    // The underscore keeps a name whole, so that one bad byte is not a second error.
    result.bytes[at] = nul ? ' ' : '_';
  }
  return result;
}

}  // namespace cupel::sql
