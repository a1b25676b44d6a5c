#include "sql/lexer.h"

#include <algorithm>
#include <array>

namespace cupel::sql {
namespace {

enum ByteClass : std::uint8_t {
  space_byte = 1,
  word_begin = 2,  // letters, the underscore and every byte of a non-ASCII character
  digit = 4,
  operator_byte = 8,  // may be part of a multi-character operator (manual 4.1.3)
};

constexpr std::array<std::uint8_t, 256> make_byte_classes() {
  std::array<std::uint8_t, 256> classes{};
  for (const char c : {' ', '\t', '\n', '\r', '\f', '\v'}) classes[static_cast<unsigned char>(c)] = space_byte;
  for (unsigned c = 'a'; c <= 'z'; ++c) classes[c] = classes[c - 'a' + 'A'] = word_begin;
  for (unsigned c = 0x80; c <= 0xFF; ++c) classes[c] = word_begin;
  classes['_'] = word_begin;
  for (unsigned c = '0'; c <= '9'; ++c) classes[c] = digit;
  for (const char c : {'~', '!', '@', '#', '^', '&', '|', '`', '?', '+', '-', '*', '/', '%', '<', '>', '='}) {
    classes[static_cast<unsigned char>(c)] = operator_byte;
  }
  return classes;
}
constexpr std::array<std::uint8_t, 256> byte_classes = make_byte_classes();

bool is(char c, unsigned classes) { return (byte_classes[static_cast<unsigned char>(c)] & classes) != 0; }

// Reads on from one offset; every member returns the offset after what it skipped, at most `end`.
struct Reader {
  std::string_view text;
  std::uint32_t end;

  char at(std::uint32_t offset) const { return offset < end ? text[offset] : '\0'; }

  std::uint32_t skip(std::uint32_t offset, unsigned classes) const {
    while (offset < end && is(text[offset], classes)) ++offset;
    return offset;
  }

  std::uint32_t find(char c, std::uint32_t from) const {
    if (from >= end) return end;
    const std::size_t found = text.substr(0, end).find(c, from);
    return found == std::string_view::npos ? end : static_cast<std::uint32_t>(found);
  }

  std::uint32_t line_comment(std::uint32_t from) const {
    const std::uint32_t newline = find('\n', from);
    // PostgreSQL's scanner ends a comment at a lone carriage return, too.
    const std::size_t carriage_return = text.substr(0, newline).find('\r', from);
    return carriage_return == std::string_view::npos ? newline : static_cast<std::uint32_t>(carriage_return);
  }

  std::uint32_t block_comment(std::uint32_t from) const {
    std::uint32_t depth = 1;
    std::uint32_t offset = from + 2;
    while (offset < end && depth > 0) {
      if (at(offset) == '*' && at(offset + 1) == '/') {
        --depth;
        offset += 2;
      } else if (at(offset) == '/' && at(offset + 1) == '*') {
        ++depth;
        offset += 2;
      } else {
        ++offset;
      }
    }
    return std::min(offset, end);
  }

  // After the closing quote of a literal whose opening quote stands at `from`. A doubled quote needs no care: what
  // looks like two literals side by side has the same end.
  std::uint32_t quoted(char quote, std::uint32_t from) const {
    std::uint32_t close = find(quote, from + 1);
    while (at(close + 1) == quote && close < end) close = find(quote, close + 2);
    return std::min(close + 1, end);
  }

  std::uint32_t escape_string(std::uint32_t from) const {
    std::uint32_t offset = from + 1;
    while (offset < end) {
      const bool is_quote = text[offset] == '\'';
      if (text[offset] == '\\' || (is_quote && at(offset + 1) == '\'')) {
        offset += 2;
      } else if (!is_quote) {
        ++offset;
      } else {
        const std::uint32_t more = continuation(offset + 1);
        if (more == 0) return offset + 1;
        offset = more + 1;
      }
    }
    return end;
  }

  // A literal goes on after white space with a line break (manual 4.1.2.1): the offset of the quote, or 0. Matters for
  // E'' alone, whose second part has escapes as well.
  std::uint32_t continuation(std::uint32_t offset) const {
    bool line_break = false;
    while (offset < end) {
      const char c = text[offset];
      if (is(c, space_byte)) {
        line_break = line_break || c == '\n' || c == '\r';
        ++offset;
      } else if (c == '-' && at(offset + 1) == '-') {
        offset = line_comment(offset);
      } else {
        return c == '\'' && line_break ? offset : 0;
      }
    }
    return 0;
  }

  // After a dollar quoted literal that begins at `from`, or `from` if none does.
  std::uint32_t dollar_quoted(std::uint32_t from) const {
    std::uint32_t tag_end = from + 1;
    if (is(at(tag_end), word_begin)) tag_end = skip(tag_end, word_begin | digit);
    if (at(tag_end) != '$') return from;
    const std::string_view tag = text.substr(from, tag_end + 1 - from);
    const std::size_t found = text.substr(0, end).find(tag, tag_end + 1);
    return found == std::string_view::npos ? end : static_cast<std::uint32_t>(found + tag.size());
  }

  std::uint32_t word(std::uint32_t offset) const {
    while (offset < end && (is(text[offset], word_begin | digit) || text[offset] == '$')) ++offset;
    return offset;
  }

  std::uint32_t number(std::uint32_t offset) const {
    const auto digits = [&](std::uint32_t from) {
      while (from < end && (is(text[from], digit) || text[from] == '_')) ++from;
      return from;
    };
    if (text[offset] == '0' && (at(offset + 1) | 0x20) >= 'a' && is(at(offset + 1), word_begin)) {
      const char base = static_cast<char>(at(offset + 1) | 0x20);
      if (base == 'x' || base == 'o' || base == 'b') return skip(offset + 2, word_begin | digit);  // 0x1F (16)
    }
    offset = digits(offset);
    // Two points are PL/pgSQL's range, not a fraction: 1..10
    if (at(offset) == '.' && at(offset + 1) != '.') offset = digits(offset + 1);
    if ((at(offset) | 0x20) == 'e') {
      const std::uint32_t sign = at(offset + 1) == '+' || at(offset + 1) == '-' ? 1 : 0;
      if (is(at(offset + 1 + sign), digit)) offset = digits(offset + 1 + sign);
    }
    return offset;
  }

  // An operator ends where a comment begins, and may end with + or - only if it has a character that no operator of
  // the SQL standard has (manual 4.1.3).
  std::uint32_t operator_symbol(std::uint32_t from) const {
    std::uint32_t offset = from;
    bool beyond_standard = false;
    // Longer ones are refused (NAMEDATALEN), and looking further for each of a long run of signs takes for ever.
    const std::uint32_t limit = end - from > 64 ? from + 64 : end;
    while (offset < limit && is(text[offset], operator_byte)) {
      const char c = text[offset];
      if ((c == '-' && at(offset + 1) == '-') || (c == '/' && at(offset + 1) == '*')) break;
      beyond_standard = beyond_standard || std::string_view("~!@#^&|`?%").find(c) != std::string_view::npos;
      ++offset;
    }
    while (!beyond_standard && offset > from + 1 && (text[offset - 1] == '+' || text[offset - 1] == '-')) --offset;
    return offset;
  }
};

}  // namespace

Lexeme Lexer::next() {
  if (at_ >= end_) return {LexemeKind::end, {end_, end_}};
  const Reader reader{text_, end_};
  const std::uint32_t begin = at_;
  const auto found = [&](LexemeKind kind, std::uint32_t end) {
    at_ = std::min(end, end_);
    return Lexeme{kind, {begin, at_}};
  };

  const char c = text_[begin];
  const char following = reader.at(begin + 1);
  if (is(c, space_byte)) return found(LexemeKind::space, reader.skip(begin, space_byte));
  if (is(c, word_begin)) {
    if (following == '\'') {
      const char prefix = static_cast<char>(c | 0x20);
      if (prefix == 'e') return found(LexemeKind::string, reader.escape_string(begin + 1));
      if (prefix == 'b' || prefix == 'x' || prefix == 'n') return found(LexemeKind::string, reader.quoted('\'', begin + 1));
    }
    if (following == '&' && (c == 'u' || c == 'U')) {
      const char quote = reader.at(begin + 2);
      if (quote == '\'') return found(LexemeKind::string, reader.quoted('\'', begin + 2));
      if (quote == '"') return found(LexemeKind::quoted_identifier, reader.quoted('"', begin + 2));
    }
    return found(LexemeKind::word, reader.word(begin));
  }
  if (is(c, digit)) return found(LexemeKind::number, reader.number(begin));

  switch (c) {
    case ';': return found(LexemeKind::semicolon, begin + 1);
    case '(':
    case '[': return found(LexemeKind::open, begin + 1);
    case ')':
    case ']': return found(LexemeKind::close, begin + 1);
    case '\\': return found(LexemeKind::backslash, begin + 1);
    case '\'': return found(LexemeKind::string, reader.quoted('\'', begin));
    case '"': return found(LexemeKind::quoted_identifier, reader.quoted('"', begin));
    case '$': {
      if (is(following, digit)) return found(LexemeKind::parameter, reader.skip(begin + 1, digit));
      const std::uint32_t end = reader.dollar_quoted(begin);
      if (end > begin) return found(LexemeKind::dollar_string, end);
      return found(LexemeKind::symbol, begin + 1);
    }
    case '-':
      if (following == '-') return found(LexemeKind::line_comment, reader.line_comment(begin));
      break;
    case '/':
      if (following == '*') return found(LexemeKind::block_comment, reader.block_comment(begin));
      break;
    case '.':
      if (is(following, digit)) return found(LexemeKind::number, reader.number(begin));
      return found(LexemeKind::symbol, begin + (following == '.' ? 2U : 1U));
    case ':': return found(LexemeKind::symbol, begin + (following == ':' || following == '=' ? 2U : 1U));
    default: break;
  }
  if (is(c, operator_byte)) return found(LexemeKind::symbol, reader.operator_symbol(begin));
  return found(LexemeKind::symbol, begin + 1);
}

}  // namespace cupel::sql
