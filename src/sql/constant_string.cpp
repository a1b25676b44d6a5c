#include "sql/constant_string.h"

#include "sql/script.h"
#include "sql/words.h"

#include <algorithm>
#include <charconv>
#include <vector>

namespace cupel::sql {
namespace {

constexpr int max_depth = 50;

int hexadecimal(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// Appends a character; false for what no text may hold.
bool append_character(std::uint32_t code, std::string& out) {
  if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return false;
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | (code >> 6));
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | (code >> 12));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | (code >> 18));
    put(0x80 | ((code >> 12) & 0x3F));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  }
  return true;
}

// Reads up to `digits` digits of `base` at `at`, at least one.
std::optional<std::uint32_t> read_code(std::string_view text, std::size_t& at, int base, std::size_t digits) {
  std::uint32_t code = 0;
  const std::size_t begin = at;
  for (; at < text.size() && at - begin < digits; ++at) {
    const int value = hexadecimal(text[at]);
    if (value < 0 || value >= base) break;
    code = code * static_cast<std::uint32_t>(base) + static_cast<std::uint32_t>(value);
  }
  if (at == begin) return std::nullopt;
  return code;
}

// One escape of an E'' literal (manual 4.1.2.2); `at` stands behind the backslash.
bool append_escape(std::string_view text, std::size_t& at, std::string& out) {
  const char c = text[at++];
  switch (c) {
    case 'b': out += '\b'; return true;
    case 'f': out += '\f'; return true;
    case 'n': out += '\n'; return true;
    case 'r': out += '\r'; return true;
    case 't': out += '\t'; return true;
    case 'v': out += '\v'; return true;
    case 'u':
    case 'U': {
      const std::size_t digits = c == 'u' ? 4 : 8;
      const std::size_t begin = at;
      const auto code = read_code(text, at, 16, digits);
      return code && at - begin == digits && append_character(*code, out);
    }
    case 'x':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7': {
      if (c != 'x') --at;
      const auto code = c == 'x' ? read_code(text, at, 16, 2) : read_code(text, at, 8, 3);
      // Bytes above ASCII are parts of characters: not worth putting together.
      if (!code || *code == 0 || *code > 0x7F) return false;
      out += static_cast<char>(*code);
      return true;
    }
    default: out += c; return true;
  }
}

std::optional<ConstantString> literal(std::string_view text, const Lexeme& token) {
  std::string_view bytes = token.span.of(text);
  if (token.kind == LexemeKind::dollar_string) {
    const std::size_t tag = bytes.find('$', 1) + 1;
    if (bytes.size() < 2 * tag) return std::nullopt;
    const auto begin = static_cast<std::uint32_t>(token.span.begin + tag);
    return ConstantString{std::string(bytes.substr(tag, bytes.size() - 2 * tag)), true, begin};
  }
  if (token.kind != LexemeKind::string || bytes.size() < 2 || bytes.back() != '\'') return std::nullopt;
  const char prefix = static_cast<char>(bytes[0] | 0x20);
  const bool escapes = prefix == 'e';
  const std::size_t quote = escapes || prefix == 'n' ? 1 : 0;
  if (bytes[quote] != '\'' || bytes.size() < quote + 2) return std::nullopt;
  const std::string_view content = bytes.substr(quote + 1, bytes.size() - quote - 2);

  ConstantString result;
  result.begin = static_cast<std::uint32_t>(token.span.begin + quote + 1);
  result.verbatim = true;
  for (std::size_t at = 0; at < content.size();) {
    const char c = content[at++];
    if (c == '\'') {
      // Only doubled quotes are inside; E'a' continued on the next line is not worth reading.
      if (at >= content.size() || content[at] != '\'') return std::nullopt;
      ++at;
      result.verbatim = false;
      result.value += c;
    } else if (c == '\\' && escapes) {
      if (at >= content.size() || !append_escape(content, at, result.value)) return std::nullopt;
      result.verbatim = false;
    } else {
      result.value += c;
    }
  }
  return result;
}

class Reader {
 public:
  Reader(std::string_view text, std::span<const Lexeme> tokens) : text_(text), tokens_(tokens) {}

  std::optional<ConstantString> whole() {
    auto result = concatenation(0);
    if (at_ != tokens_.size()) return std::nullopt;
    return result;
  }

 private:
  [[nodiscard]] bool is_kind(LexemeKind kind) const { return at_ < tokens_.size() && tokens_[at_].kind == kind; }
  [[nodiscard]] std::string_view bytes() const { return at_ < tokens_.size() ? tokens_[at_].span.of(text_) : std::string_view(); }
  bool take(std::string_view symbol) {
    if (bytes() != symbol) return false;
    ++at_;
    return true;
  }

  std::optional<ConstantString> concatenation(int depth) {
    auto result = term(depth);
    while (result && take("||")) {
      const auto right = term(depth);
      if (!right) return std::nullopt;
      result->value += right->value;
      result->verbatim = false;
    }
    return result;
  }

  std::optional<ConstantString> term(int depth) {
    auto result = primary(depth);
    while (result && take("::")) {
      if (!is_kind(LexemeKind::word) || !is_any_word(bytes(), {"text", "varchar"})) return std::nullopt;
      ++at_;
    }
    return result;
  }

  std::optional<ConstantString> primary(int depth) {
    if (depth > max_depth) return std::nullopt;
    if (take("(")) {
      auto result = concatenation(depth + 1);
      if (!take(")")) return std::nullopt;
      return result;
    }
    if (is_kind(LexemeKind::word)) return call(depth);
    if (!is_kind(LexemeKind::string) && !is_kind(LexemeKind::dollar_string)) return std::nullopt;
    auto result = literal(text_, tokens_[at_++]);
    // Literals on lines of their own are one literal (manual 4.1.2.1); on the same line they are an error.
    while (result && is_kind(LexemeKind::string) && bytes().starts_with('\'')) {
      const std::string_view between = Span{tokens_[at_ - 1].span.end, tokens_[at_].span.begin}.of(text_);
      const auto more = literal(text_, tokens_[at_++]);
      if (!more || between.find('\n') == std::string_view::npos) return std::nullopt;
      result->value += more->value;
      result->verbatim = false;
    }
    return result;
  }

  std::optional<ConstantString> call(int depth) {
    const std::string_view name = bytes();
    ++at_;
    if (!take("(")) return std::nullopt;
    std::vector<ConstantString> arguments;
    do {
      if (is_kind(LexemeKind::number)) {
        arguments.push_back({std::string(bytes()), false, 0});
        ++at_;
        continue;
      }
      auto argument = concatenation(depth + 1);
      if (!argument) return std::nullopt;
      arguments.push_back(std::move(*argument));
    } while (take(","));
    if (!take(")")) return std::nullopt;

    if (is_word(name, "format")) return format(arguments);
    if (arguments.size() != 1) return std::nullopt;
    if (is_word(name, "quote_ident")) return ConstantString{quote_identifier(arguments[0].value), false, 0};
    if (is_word(name, "quote_literal")) return ConstantString{quote_literal(arguments[0].value), false, 0};
    return std::nullopt;
  }

  // format() without widths (manual 9.4.1).
  static std::optional<ConstantString> format(const std::vector<ConstantString>& arguments) {
    const std::string& pattern = arguments[0].value;
    if (pattern.find('%') == std::string::npos) return arguments[0];
    ConstantString result;
    std::size_t argument = 0;
    for (std::size_t at = 0; at < pattern.size();) {
      if (pattern[at] != '%') {
        result.value += pattern[at++];
        continue;
      }
      if (++at >= pattern.size()) return std::nullopt;
      if (pattern[at] == '%') {
        result.value += pattern[at++];
        continue;
      }
      std::size_t position = 0;
      const auto [digits_end, error] = std::from_chars(pattern.data() + at, pattern.data() + pattern.size(), position);
      if (error == std::errc() && digits_end < pattern.data() + pattern.size() && *digits_end == '$') {
        argument = position;
        at = static_cast<std::size_t>(digits_end - pattern.data()) + 1;
      } else {
        ++argument;
      }
      if (at >= pattern.size() || argument == 0 || argument >= arguments.size()) return std::nullopt;
      const std::string& value = arguments[argument].value;
      switch (pattern[at++]) {
        case 's': result.value += value; break;
        case 'I': result.value += quote_identifier(value); break;
        case 'L': result.value += quote_literal(value); break;
        default: return std::nullopt;
      }
    }
    return result;
  }

  std::string_view text_;
  std::span<const Lexeme> tokens_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<ConstantString> constant_string(std::string_view text, std::span<const Lexeme> tokens) {
  return Reader(text, tokens).whole();
}

}  // namespace cupel::sql
