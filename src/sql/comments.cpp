// The two views of a text that need no parser: its comments, and its tokens.
#include "sql/script.h"
#include "sql/split.h"
#include "sql/text_encoding.h"

#include <algorithm>

namespace cupel::sql {
namespace {

constexpr std::string_view white = " \t\r\n\f\v";

Span everything(std::string_view text) { return {byte_order_mark_size(text), static_cast<std::uint32_t>(text.size())}; }

std::string_view comment_text(std::string_view bytes, LexemeKind kind) {
  bytes.remove_prefix(std::min<std::size_t>(2, bytes.size()));
  if (kind == LexemeKind::block_comment && bytes.ends_with("*/")) bytes.remove_suffix(2);
  const std::size_t begin = bytes.find_first_not_of(white);
  if (begin == std::string_view::npos) return {};
  return bytes.substr(begin, bytes.find_last_not_of(white) + 1 - begin);
}

TokenKind token_kind(LexemeKind kind) {
  switch (kind) {
    case LexemeKind::word: return TokenKind::word;
    case LexemeKind::quoted_identifier: return TokenKind::quoted_identifier;
    case LexemeKind::string:
    case LexemeKind::dollar_string: return TokenKind::string;
    case LexemeKind::number: return TokenKind::number;
    case LexemeKind::parameter: return TokenKind::parameter;
    default: return TokenKind::symbol;
  }
}

// One token per line: how lines end means nothing to COPY.
void add_data_lines(std::string_view text, Span data, std::vector<Token>& out) {
  for (std::uint32_t at = data.begin; at < data.end;) {
    const std::size_t newline = text.substr(0, data.end).find('\n', at);
    const std::uint32_t next = newline == std::string_view::npos ? data.end : static_cast<std::uint32_t>(newline) + 1;
    std::uint32_t end = newline == std::string_view::npos ? data.end : next - 1;
    if (end > at && text[end - 1] == '\r') --end;
    out.push_back({TokenKind::string, {at, end}});
    at = next;
  }
}

}  // namespace

std::vector<CommentText> comments(std::string_view text) {
  std::vector<CommentText> found;
  const Span range = everything(text);
  ScriptLexer lexer(text, range);
  bool line_is_blank = true;
  for (ScriptItem item = lexer.next(); item.kind != ScriptItem::Kind::end; item = lexer.next()) {
    const std::string_view bytes = item.span.of(text);
    const bool space = item.kind == ScriptItem::Kind::lexeme && item.lexeme == LexemeKind::space;
    const bool comment =
        item.kind == ScriptItem::Kind::lexeme && (item.lexeme == LexemeKind::line_comment || item.lexeme == LexemeKind::block_comment);
    if (comment) found.push_back({item.span, comment_text(bytes, item.lexeme), line_is_blank});
    if (space) {
      line_is_blank = line_is_blank || bytes.find('\n') != std::string_view::npos;
    } else {
      line_is_blank = item.kind == ScriptItem::Kind::copy_data;  // ends with its line
    }
  }
  return found;
}

std::vector<Token> tokens(std::string_view text) {
  std::vector<Token> found;
  found.reserve(text.size() / 4);  // with white space, that many at most in what people write
  ScriptLexer lexer(text, everything(text));
  for (ScriptItem item = lexer.next(); item.kind != ScriptItem::Kind::end; item = lexer.next()) {
    switch (item.kind) {
      case ScriptItem::Kind::copy_data: add_data_lines(text, item.span, found); continue;
      case ScriptItem::Kind::statement_end:
      case ScriptItem::Kind::meta_command:
        if (!item.span.empty()) found.push_back({TokenKind::symbol, item.span});
        continue;
      default: break;
    }
    if (item.lexeme == LexemeKind::space || item.lexeme == LexemeKind::line_comment || item.lexeme == LexemeKind::block_comment) {
      continue;
    }
    found.push_back({token_kind(item.lexeme), item.span});
  }
  return found;
}

}  // namespace cupel::sql
