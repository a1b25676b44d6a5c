#include "migrations/shell_heredocs.h"

#include "migrations/text_lines.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace cupel::migrations {
namespace {

bool is_name_begin(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_name_part(char c) { return is_name_begin(c) || (c >= '0' && c <= '9'); }
bool is_white(char c) { return c == ' ' || c == '\t'; }

// The << of a line of commands.
struct Redirection {
  std::string delimiter;
  bool quoted = false;       // nothing in the body is expanded
  bool strips_tabs = false;  // <<-
};

// The word after <<, from `at`: EOF, 'EOF', "EOF", \EOF.
std::optional<Redirection> delimiter_at(std::string_view line, std::size_t at) {
  Redirection found;
  if (at < line.size() && line[at] == '-') {
    found.strips_tabs = true;
    ++at;
  }
  while (at < line.size() && is_white(line[at])) ++at;
  // Of arithmetic: 1 << 2, "1 << bits" in another language's text.
  if (at >= line.size() || !(is_name_begin(line[at]) || line[at] == '\'' || line[at] == '"' || line[at] == '\\')) return std::nullopt;
  char quote = 0;
  for (; at < line.size(); ++at) {
    const char c = line[at];
    if (quote != 0 ? c == quote : c == '\'' || c == '"') {
      quote = quote != 0 ? '\0' : c;
      found.quoted = true;
    } else if (quote == 0 && c == '\\') {
      found.quoted = true;
    } else if (quote == 0 && (is_white(c) || std::string_view(";|&<>()").find(c) != std::string_view::npos)) {
      break;
    } else {
      found.delimiter += c;
    }
  }
  if (found.delimiter.empty() || quote != 0) return std::nullopt;
  return found;
}

std::optional<Redirection> redirection_in(std::string_view line) {
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote != 0) {
      if (c == '\\' && quote == '"') ++i;
      else if (c == quote) quote = 0;
    } else if (c == '\\') {
      ++i;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '#' && (i == 0 || is_white(line[i - 1]))) {
      return std::nullopt;
    } else if (line.substr(i, 3) == "<<<") {
      i += 2;
    } else if (line.substr(i, 2) == "<<") {
      if (auto found = delimiter_at(line, i + 2)) return found;
      ++i;
    }
  }
  return std::nullopt;
}

bool is_single_transaction(std::string_view command) {
  while (const auto word = next_word(command)) {
    if (*word == "-1" || *word == "--single-transaction") return true;
  }
  return false;
}

// What the shell does to the text of a heredoc whose delimiter is not quoted.
class Expander {
 public:
  Expander(std::string_view script, Span body, ShellScript& result) : script_(script), at_(body.begin), end_(body.end), result_(result) {}

  void run() {
    while (at_ < end_) {
      const char c = script_[at_];
      if (c == '\\') escape();
      else if (c == '$') dollar();
      else if (c == '`') placeholder_up_to(after_backquote(at_ + 1));
      else ++at_;
    }
  }

 private:
  [[nodiscard]] char peek(std::uint32_t offset) const { return offset < end_ ? script_[offset] : '\0'; }

  void put(std::string_view replacement) {
    std::copy(replacement.begin(), replacement.end(), result_.text.begin() + at_);
    at_ += static_cast<std::uint32_t>(replacement.size());
  }

  void escape() {
    switch (peek(at_ + 1)) {
      case '\\': {
        std::uint32_t pairs = 1;
        while (peek(at_ + 2 * pairs) == '\\' && peek(at_ + 2 * pairs + 1) == '\\') ++pairs;
        put(std::string(pairs, ' ') + std::string(pairs, '\\'));
        break;
      }
      case '$': escaped_dollar(); break;
      case '`': put(" `"); break;
      case '\n': put(" \n"); break;
      default: ++at_;
    }
  }

  // \$\$ and \$tag\$ have to stay one token; \$1 a parameter.
  void escaped_dollar() {
    std::uint32_t end = at_ + 2;
    while (is_name_part(peek(end))) ++end;
    const std::string tag = "$" + std::string(script_.substr(at_ + 2, end - at_ - 2));
    if (peek(end) == '\\' && peek(end + 1) == '$') put(tag + "$  ");
    else if (tag.size() > 1) put(tag + " ");
    else put(" $");
  }

  void dollar() {
    const char next = peek(at_ + 1);
    std::uint32_t end = at_ + 1;
    if (next == '{') {
      end = after_bracket('{', '}');
    } else if (next == '(') {
      end = after_bracket('(', ')');
    } else if (is_name_begin(next)) {
      while (is_name_part(peek(end))) ++end;
    } else if (next != '\0' && std::string_view("0123456789@*#?$!-").find(next) != std::string_view::npos) {
      ++end;
    }
    if (end > at_ + 1) placeholder_up_to(end);
    else ++at_;
  }

  // Behind the bracket that closes the one after the $; the $ itself when none does, not far away at least: each $ looks.
  [[nodiscard]] std::uint32_t after_bracket(char opens, char closes) const {
    constexpr std::uint32_t longest = 4'096;
    std::uint32_t depth = 0;
    for (std::uint32_t i = at_ + 1; i < end_ && i - at_ < longest; ++i) {
      if (script_[i] == '\\') ++i;
      else if (script_[i] == opens) ++depth;
      else if (script_[i] == closes && --depth == 0) return i + 1;
    }
    return at_;
  }

  [[nodiscard]] std::uint32_t after_backquote(std::uint32_t from) const {
    for (std::uint32_t i = from; i < end_; ++i) {
      if (script_[i] == '\\') ++i;
      else if (script_[i] == '`') return i + 1;
    }
    return from;
  }

  void placeholder_up_to(std::uint32_t end) {
    result_.placeholders.push_back({at_, end});
    at_ = end;
  }

  std::string_view script_;
  std::uint32_t at_, end_;
  ShellScript& result_;
};

}  // namespace

ShellScript parse_shell_script(std::string_view text) {
  ShellScript result;
  result.text = text;
  TextLines lines(text);
  std::string command;             // with the lines before that end in a backslash
  std::set<std::string> unending;  // delimiters that no line below is
  while (const auto line = lines.next()) {
    const std::string_view words = line->of(text);
    command += words;
    if (words.ends_with('\\')) {
      command.back() = ' ';
      continue;
    }
    const std::string whole = std::exchange(command, {});
    const auto redirection = redirection_in(whole);
    if (!redirection) continue;
    const std::string ends_with = (redirection->strips_tabs ? "-" : " ") + redirection->delimiter;
    if (unending.contains(ends_with)) continue;
    bool ended = false;
    TextLines body = lines;
    const std::uint32_t begin = lines.end();
    while (const auto candidate = body.next()) {
      std::string_view ending = candidate->of(text);
      if (redirection->strips_tabs) ending.remove_prefix(std::min(ending.find_first_not_of('\t'), ending.size()));
      if (ending != redirection->delimiter) continue;
      ended = true;
      lines = body;
      // mysql has other SQL.
      if (!contains_ignoring_case(whole, "psql")) break;
      const Span span{begin, candidate->begin};
      result.heredocs.push_back({.body = span, .single_transaction = is_single_transaction(whole)});
      if (!redirection->quoted) Expander(text, span, result).run();
      break;
    }
    if (!ended) unending.insert(ends_with);
  }
  return result;
}

}  // namespace cupel::migrations
