// Places in the file that the parser does not record, found by lexing.
#include "base/ascii.h"
#include "sql/convert.h"
#include "sql/lexer.h"
#include "sql/words.h"

#include <algorithm>

namespace cupel::sql {
namespace {

bool is_blank(LexemeKind kind) {
  return kind == LexemeKind::space || kind == LexemeKind::line_comment || kind == LexemeKind::block_comment;
}

bool is_white_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

Lexeme next_solid(Lexer& lexer) {
  Lexeme lexeme = lexer.next();
  while (is_blank(lexeme.kind)) lexeme = lexer.next();
  return lexeme;
}

// True if the identifier as written names `name` (already folded by the parser, and cut to 63 bytes).
bool names(std::string_view written, LexemeKind kind, std::string_view name) {
  if (kind == LexemeKind::word) {
    if (written.size() < name.size() || (written.size() > name.size() && name.size() < 60)) return false;
    return std::equal(name.begin(), name.end(), written.begin(), [](char a, char b) { return a == to_lower(b); });
  }
  if (kind != LexemeKind::quoted_identifier || written.size() < 2) return false;
  if (written.front() != '"') return true;  // U&"…": not decoded here, taken on trust
  std::size_t at = 1;
  for (const char c : name) {
    if (at >= written.size() || written[at] != c) return false;
    at += c == '"' ? 2 : 1;
  }
  return true;
}

}  // namespace

Span element_span(std::string_view file, std::uint32_t begin, std::uint32_t limit) {
  Lexer lexer(file, {begin, limit});
  int depth = 0;
  std::uint32_t end = begin;
  for (Lexeme lexeme = lexer.next(); lexeme.kind != LexemeKind::end; lexeme = lexer.next()) {
    if (is_blank(lexeme.kind)) continue;
    if (lexeme.kind == LexemeKind::open) ++depth;
    if (lexeme.kind == LexemeKind::close && --depth < 0) break;
    if (depth == 0 && (lexeme.kind == LexemeKind::semicolon || lexeme.span.of(file) == ",")) break;
    end = lexeme.span.end;
  }
  return {begin, end};
}

Span name_span(std::string_view file, std::uint32_t begin, std::uint32_t limit) {
  Lexer lexer(file, {begin, limit});
  std::uint32_t end = begin;
  for (;;) {
    const Lexeme part = next_solid(lexer);
    if (part.kind != LexemeKind::word && part.kind != LexemeKind::quoted_identifier) break;
    end = part.span.end;
    if (end >= limit || (file[end] != '.' && !is_white_space(file[end]) && file[end] != '/' && file[end] != '-')) break;
    if (next_solid(lexer).span.of(file) != ".") break;
  }
  return {begin, end};
}

Span trimmed(std::string_view file, Span range) {
  range.end = std::min(range.end, static_cast<std::uint32_t>(file.size()));
  Lexer lexer(file, range);
  range.begin = next_solid(lexer).span.begin;
  while (range.end > range.begin && is_white_space(file[range.end - 1])) --range.end;
  // A comment at the end shows on the last line; only then is it worth to lex everything. (find_last_of calls a function
  // for every byte.)
  const std::string_view text = range.of(file);
  std::size_t line = text.size();
  bool may_end_in_comment = text.ends_with("*/");
  for (; line > 0 && text[line - 1] != '\n' && text[line - 1] != '\r' && !may_end_in_comment; --line) {
    may_end_in_comment = text[line - 1] == '-' && line < text.size() && text[line] == '-';
  }
  if (!may_end_in_comment) return range;
  Lexer all(file, range);
  std::uint32_t end = range.begin;
  for (Lexeme lexeme = next_solid(all); lexeme.kind != LexemeKind::end; lexeme = next_solid(all)) end = lexeme.span.end;
  range.end = end;
  return range;
}

std::uint32_t Origin::offset(int location) const {
  const std::int64_t at = location + shift;
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(at, 0, static_cast<std::int64_t>(file.size())));
}

Span Origin::name_at(int location) const {
  if (!knows(location)) return statement;
  return name_span(file, offset(location), std::max(statement.end, offset(location)));
}

Span Origin::element_at(int location) const {
  if (!knows(location)) return statement;
  return element_span(file, offset(location), std::max(statement.end, offset(location)));
}

std::string_view Origin::keep(std::string_view text) const {
  auto* copy = static_cast<char*>(MemoryContextAlloc(memory, text.size() + 1));
  std::copy(text.begin(), text.end(), copy);
  copy[text.size()] = '\0';
  return {copy, text.size()};
}

NameFinder::NameFinder(const Origin& origin) : origin_(origin), at_(origin.statement.begin) {
  if (!origin.verbatim) return;
  // The words that stand between the verb and the first name.
  static constexpr std::string_view leading[] = {
      "table",      "view",          "materialized", "foreign",      "index",      "sequence", "type",       "domain",   "function",
      "procedure",  "routine",       "aggregate",    "schema",       "extension",  "database", "role",       "user",     "group",
      "tablespace", "collation",     "conversion",   "operator",     "class",      "family",   "procedural", "language", "cast",
      "transform",  "for",           "publication",  "subscription", "statistics", "text",     "search",     "parser",   "dictionary",
      "template",   "configuration", "server",       "data",         "wrapper",    "event",    "trigger",    "access",   "method",
      "rule",       "policy",        "concurrently", "if",           "exists",     "not",      "or",         "replace",  "on",
      "column",     "constraint",    "attribute",    "only",         "large",      "object",   "unique",     "all"};
  Lexer lexer(origin.file, origin.statement);
  bool first = true;
  for (;;) {
    const Lexeme lexeme = next_solid(lexer);
    if (lexeme.kind != LexemeKind::word) break;
    const std::string_view word = lexeme.span.of(origin.file);
    const auto is_leading = [word](std::string_view candidate) { return is_word(word, candidate); };
    if (!first && std::none_of(std::begin(leading), std::end(leading), is_leading)) break;
    first = false;
    at_ = lexeme.span.end;
  }
}

Span NameFinder::find(std::string_view schema, std::string_view name) {
  if (!origin_.verbatim || name.empty()) return origin_.statement;
  // A second try from the statement's begin: a name may be spelled like a leading keyword.
  for (const std::uint32_t from : {at_, origin_.statement.begin}) {
    Lexer lexer(origin_.file, {from, origin_.statement.end});
    for (Lexeme lexeme = next_solid(lexer); lexeme.kind != LexemeKind::end; lexeme = next_solid(lexer)) {
      if (!names(lexeme.span.of(origin_.file), lexeme.kind, schema.empty() ? name : schema)) continue;
      Span found = lexeme.span;
      if (!schema.empty()) {
        Lexer rest = lexer;
        if (next_solid(rest).span.of(origin_.file) != ".") continue;
        const Lexeme last = next_solid(rest);
        if (!names(last.span.of(origin_.file), last.kind, name)) continue;
        found.end = last.span.end;
      }
      at_ = found.end;
      return found;
    }
  }
  return origin_.statement;
}

}  // namespace cupel::sql
