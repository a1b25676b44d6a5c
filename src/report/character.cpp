#include "report/character.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iterator>

#include <fmt/format.h>

namespace cupel::report {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

bool contains(const Range* begin, const Range* end, char32_t code) {
  const Range* const after = std::upper_bound(begin, end, code, [](char32_t value, const Range& range) { return value < range.first; });
  return after != begin && code <= (after - 1)->last;
}

template <std::size_t size>
bool contains(const Range (&ranges)[size], char32_t code) {
  return contains(std::begin(ranges), std::end(ranges), code);
}

// East Asian Width W and F of Unicode 14, joined over unassigned gaps.
constexpr Range wide[] = {
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x2329, 0x232A},   {0x23E9, 0x23EC},   {0x23F0, 0x23F0},   {0x23F3, 0x23F3},
    {0x25FD, 0x25FE},   {0x2614, 0x2615},   {0x2648, 0x2653},   {0x267F, 0x267F},   {0x2693, 0x2693},   {0x26A1, 0x26A1},
    {0x26AA, 0x26AB},   {0x26BD, 0x26BE},   {0x26C4, 0x26C5},   {0x26CE, 0x26CE},   {0x26D4, 0x26D4},   {0x26EA, 0x26EA},
    {0x26F2, 0x26F3},   {0x26F5, 0x26F5},   {0x26FA, 0x26FA},   {0x26FD, 0x26FD},   {0x2705, 0x2705},   {0x270A, 0x270B},
    {0x2728, 0x2728},   {0x274C, 0x274C},   {0x274E, 0x274E},   {0x2753, 0x2755},   {0x2757, 0x2757},   {0x2795, 0x2797},
    {0x27B0, 0x27B0},   {0x27BF, 0x27BF},   {0x2B1B, 0x2B1C},   {0x2B50, 0x2B50},   {0x2B55, 0x2B55},   {0x2E80, 0x303E},
    {0x3041, 0x3247},   {0x3250, 0x4DBF},   {0x4E00, 0xA4C6},   {0xA960, 0xA97C},   {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},
    {0xFE10, 0xFE19},   {0xFE30, 0xFE6B},   {0xFF01, 0xFF60},   {0xFFE0, 0xFFE6},   {0x16FE0, 0x1B2FB}, {0x1F004, 0x1F004},
    {0x1F0CF, 0x1F0CF}, {0x1F18E, 0x1F18E}, {0x1F191, 0x1F19A}, {0x1F200, 0x1F320}, {0x1F32D, 0x1F335}, {0x1F337, 0x1F37C},
    {0x1F37E, 0x1F393}, {0x1F3A0, 0x1F3CA}, {0x1F3CF, 0x1F3D3}, {0x1F3E0, 0x1F3F0}, {0x1F3F4, 0x1F3F4}, {0x1F3F8, 0x1F43E},
    {0x1F440, 0x1F440}, {0x1F442, 0x1F4FC}, {0x1F4FF, 0x1F53D}, {0x1F54B, 0x1F567}, {0x1F57A, 0x1F57A}, {0x1F595, 0x1F596},
    {0x1F5A4, 0x1F5A4}, {0x1F5FB, 0x1F64F}, {0x1F680, 0x1F6C5}, {0x1F6CC, 0x1F6CC}, {0x1F6D0, 0x1F6D2}, {0x1F6D5, 0x1F6DF},
    {0x1F6EB, 0x1F6EC}, {0x1F6F4, 0x1F6FC}, {0x1F7E0, 0x1F7F0}, {0x1F90C, 0x1F93A}, {0x1F93C, 0x1F945}, {0x1F947, 0x1F9FF},
    {0x1FA70, 0x1FAF6}, {0x20000, 0x3FFFD},
};

// Marks drawn over the character before them, and characters without a shape, in the scripts one meets in comments.
constexpr Range no_width[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x05BF, 0x05BF}, {0x05C1, 0x05C2}, {0x05C4, 0x05C5},   {0x0610, 0x061A},
    {0x064B, 0x065F}, {0x0670, 0x0670}, {0x06D6, 0x06DC}, {0x093C, 0x093C}, {0x0941, 0x0948}, {0x094D, 0x094D},   {0x0E31, 0x0E31},
    {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E}, {0x1160, 0x11FF}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x200B, 0x200D},   {0x2060, 0x2064},
    {0x20D0, 0x20FF}, {0x3099, 0x309A}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}, {0xE0100, 0xE01EF},
};

// Control characters beyond ASCII, line separators, marks that reorder or annotate text, tag characters.
constexpr Range harmful[] = {
    {0x0080, 0x009F}, {0x061C, 0x061C}, {0x200E, 0x200F}, {0x2028, 0x202E}, {0x2066, 0x206F}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE007F},
};

std::size_t cells_of(char32_t code) {
  if (code < 0x300) return 1;
  if (contains(no_width, code)) return 0;
  return contains(wide, code) ? 2 : 1;
}

void append_escape(Rendered& to, std::string_view escape) {
  to.text += escape;
  to.cells += escape.size();
}

}  // namespace

Character decode(std::string_view bytes, std::size_t at) {
  constexpr Character invalid{0, 1, false};
  const auto byte = [bytes](std::size_t index) { return static_cast<unsigned char>(bytes[index]); };
  const unsigned char lead = byte(at);
  if (lead < 0x80) return {lead, 1, true};
  if (lead < 0xC2 || lead > 0xF4) return invalid;
  const std::size_t size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (bytes.size() - at < size) return invalid;
  char32_t code = lead & (0x7FU >> size);
  for (std::size_t index = at + 1; index < at + size; ++index) {
    if ((byte(index) & 0xC0U) != 0x80U) return invalid;
    code = (code << 6U) | (byte(index) & 0x3FU);
  }
  const bool overlong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (overlong || surrogate || code > 0x10FFFF) return invalid;
  return {code, size, true};
}

std::size_t previous_character(std::string_view bytes, std::size_t at) {
  for (std::size_t back = 2; back <= std::min<std::size_t>(4, at); ++back) {
    const Character character = decode(bytes.substr(0, at), at - back);
    if (character.valid && character.size == back) return at - back;
  }
  return at - 1;
}

void append_visible(Rendered& to, std::string_view bytes, std::size_t at, Character character) {
  if (!character.valid) {
    append_escape(to, fmt::format("\\x{:02x}", static_cast<unsigned char>(bytes[at])));
    return;
  }
  switch (character.code) {
    case '\t': return append_escape(to, "    ");
    case '\n': return append_escape(to, "\\n");
    case '\r': return append_escape(to, "\\r");
    case 0xFEFF: return;  // a byte order mark says nothing to a person
    default: break;
  }
  if (character.code < 0x20 || character.code == 0x7F) {
    append_escape(to, fmt::format("\\x{:02x}", static_cast<unsigned>(character.code)));
  } else if (character.code >= 0x80 && contains(harmful, character.code)) {
    append_escape(to, fmt::format("\\u{{{:04x}}}", static_cast<unsigned>(character.code)));
  } else {
    to.text += bytes.substr(at, character.size);
    to.cells += cells_of(character.code);
  }
}

std::size_t plain_run(std::string_view bytes, std::size_t at, std::size_t most) {
  const std::size_t begin = at;
  const std::size_t end = bytes.size() - at > most ? at + most : bytes.size();
  // Eight bytes at once: none above 0x7E or below 0x20, by the high bits that adding and taking away would carry into.
  constexpr std::uint64_t ones = 0x0101010101010101U;
  constexpr std::uint64_t high_bits = 0x80 * ones;
  for (; end - at >= sizeof(std::uint64_t); at += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, sizeof word);
    const std::uint64_t above = (word & ~high_bits) + ones;        // 0x7F becomes 0x80
    const std::uint64_t below = (word | high_bits) - 0x20 * ones;  // 0x80 stays in bytes from 0x20 on
    if (((word | above | ~below) & high_bits) != 0) break;
  }
  while (at < end && bytes[at] >= 0x20 && bytes[at] < 0x7F) ++at;
  return at - begin;
}

void append_visible(Rendered& to, std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    if (const std::size_t plain = plain_run(bytes, at); plain > 0) {
      to.text.append(bytes, at, plain);
      to.cells += plain;
      at += plain;
      continue;
    }
    const Character character = decode(bytes, at);
    append_visible(to, bytes, at, character);
    at += character.size;
  }
}

std::string visible(std::string_view bytes) {
  Rendered rendered;
  rendered.text.reserve(bytes.size());
  append_visible(rendered, bytes);
  return std::move(rendered.text);
}

}  // namespace cupel::report
