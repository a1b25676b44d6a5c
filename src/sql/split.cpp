#include "sql/split.h"

#include "sql/words.h"

#include <algorithm>

namespace cupel::sql {
namespace {

// Commands that send the statement before them, as a semicolon does (psql manual, meta-commands).
bool sends_statement(std::string_view name) { return is_any_word(name, {"g", "gx", "gexec", "gset", "gdesc", "crosstabview", "watch"}); }

// \copy … from stdin is followed by data in the same file, like the statement it stands for.
bool copies_from_stdin(std::string_view text, Span span) {
  Lexer lexer(text, {span.begin + 1, span.end});
  StatementTracker tracker;
  for (Lexeme lexeme = lexer.next(); lexeme.kind != LexemeKind::end; lexeme = lexer.next()) {
    if (lexeme.kind != LexemeKind::space) tracker.ends_at(text, lexeme);
  }
  return tracker.copies_from_stdin();
}

}  // namespace

bool is_terminated_comment(std::string_view comment) {
  std::uint32_t depth = 0;
  for (std::size_t at = 0; at + 1 < comment.size(); ++at) {
    if (comment[at] == '/' && comment[at + 1] == '*') {
      ++depth;
      ++at;
    } else if (comment[at] == '*' && comment[at + 1] == '/') {
      --depth;
      ++at;
    }
  }
  return depth == 0;
}

void StatementTracker::see_word(std::string_view word) {
  ++word_count_;
  switch (kind_) {
    case Kind::unknown:
      kind_ = word_count_ > 1 ? Kind::other : is_word(word, "create") ? Kind::create : is_word(word, "copy") ? Kind::copy : Kind::other;
      return;
    case Kind::create:
      if (is_word(word, "or")) {
        kind_ = Kind::create_or;
        return;
      }
      [[fallthrough]];
    case Kind::create_or_replace:
      kind_ = is_word(word, "rule") ? Kind::rule : is_any_word(word, {"function", "procedure"}) ? Kind::routine : Kind::other;
      return;
    case Kind::create_or: kind_ = is_word(word, "replace") ? Kind::create_or_replace : Kind::other; return;
    case Kind::copy:
      from_stdin_ = from_stdin_ || (after_from_ && is_word(word, "stdin"));
      after_from_ = paren_depth_ == 0 && is_word(word, "from");
      return;
    case Kind::routine:
      // BEGIN ATOMIC … END holds whole statements; the only other END inside is that of a CASE.
      if (begin_depth_ == 0) {
        if (after_begin_ && is_word(word, "atomic")) begin_depth_ = 1;
        after_begin_ = is_word(word, "begin");
      } else if (is_word(word, "case")) {
        ++begin_depth_;
      } else if (is_word(word, "end")) {
        --begin_depth_;
      }
      return;
    case Kind::rule:
    case Kind::other: return;
  }
}

bool StatementTracker::ends_at(std::string_view text, Lexeme lexeme) {
  if (lexeme.kind == LexemeKind::word) {
    see_word(lexeme.span.of(text));
    return false;
  }
  if (lexeme.kind == LexemeKind::semicolon) {
    // Inside parentheses a semicolon is right only in CREATE RULE … DO (a; b). Anywhere else a parenthesis was
    // forgotten, and what follows is better read as a statement of its own.
    return begin_depth_ == 0 && (kind_ != Kind::rule || paren_depth_ == 0);
  }
  other_ = true;
  after_begin_ = after_from_ = false;
  if (lexeme.kind == LexemeKind::open) ++paren_depth_;
  if (lexeme.kind == LexemeKind::close && paren_depth_ > 0) --paren_depth_;
  return false;
}

std::string_view meta_command_name(std::string_view text, Span span) {
  std::string_view name = span.of(text);
  if (!name.empty()) name.remove_prefix(1);
  // psql ends a name at white space or at the next backslash (psqlscanslash.l).
  return name.substr(0, std::min(name.find_first_of(" \t\v\f\r\\"), name.size()));
}

std::uint32_t ScriptLexer::line_end(std::uint32_t from) const {
  const std::size_t newline = text_.substr(0, end_).find('\n', from);
  std::uint32_t end = newline == std::string_view::npos ? end_ : static_cast<std::uint32_t>(newline);
  if (end > from && text_[end - 1] == '\r') --end;
  return end;
}

std::uint32_t ScriptLexer::after_line(std::uint32_t from) const {
  const std::size_t newline = text_.substr(0, end_).find('\n', from);
  return newline == std::string_view::npos ? end_ : static_cast<std::uint32_t>(newline) + 1;
}

void ScriptLexer::go_to(std::uint32_t offset) { lexer_ = Lexer(text_, {offset, data_from_ != 0 ? data_from_ : end_}); }

void ScriptLexer::expect_data(std::uint32_t from) {
  const std::uint32_t data = after_line(from);
  if (data >= end_) return;
  data_from_ = data;
  go_to(from);
}

ScriptItem ScriptLexer::copy_data(std::uint32_t begin) {
  std::uint32_t at = begin;
  while (at < end_ && text_.substr(at, line_end(at) - at) != "\\.") at = after_line(at);
  data_from_ = 0;
  go_to(at < end_ ? after_line(at) : end_);
  return {ScriptItem::Kind::copy_data, LexemeKind::end, {begin, at}};
}

ScriptItem ScriptLexer::meta_command(std::uint32_t begin) {
  const char following = begin + 1 < end_ ? text_[begin + 1] : '\0';
  if (following == ';') {
    go_to(begin + 2);
    tracker_.restart();
    return {ScriptItem::Kind::statement_end, LexemeKind::end, {begin, begin + 2}};
  }
  if (following == ':') {  // \: is a colon that begins no variable
    go_to(begin + 2);
    return {ScriptItem::Kind::lexeme, LexemeKind::symbol, {begin, begin + 2}};
  }
  Span span{begin, line_end(begin)};
  while (span.end > span.begin + 1 && (text_[span.end - 1] == ' ' || text_[span.end - 1] == '\t')) --span.end;

  const std::string_view name = meta_command_name(text_, span);
  if (!tracker_.empty() && sends_statement(name)) {
    tracker_.restart();
    go_to(begin);  // the command itself comes next
    return {ScriptItem::Kind::statement_end, LexemeKind::end, {begin, begin}};
  }
  go_to(span.end);
  if (name == "copy" && copies_from_stdin(text_, span)) expect_data(span.end);
  return {ScriptItem::Kind::meta_command, LexemeKind::end, span};
}

ScriptItem ScriptLexer::next() {
  const Lexeme lexeme = lexer_.next();
  switch (lexeme.kind) {
    case LexemeKind::end:
      if (data_from_ == 0) return {ScriptItem::Kind::end, LexemeKind::end, lexeme.span};
      if (tracker_.empty()) return copy_data(data_from_);
      // A statement that begins behind COPY's semicolon cannot reach into the data.
      tracker_.restart();
      return {ScriptItem::Kind::statement_end, LexemeKind::end, lexeme.span};
    case LexemeKind::space:
    case LexemeKind::line_comment:
    case LexemeKind::block_comment: return {ScriptItem::Kind::lexeme, lexeme.kind, lexeme.span};
    case LexemeKind::backslash:
      if (dialect_ == Dialect::psql) return meta_command(lexeme.span.begin);
      break;
    default: break;
  }
  if (!tracker_.ends_at(text_, lexeme)) return {ScriptItem::Kind::lexeme, lexeme.kind, lexeme.span};
  if (dialect_ == Dialect::psql && tracker_.copies_from_stdin()) expect_data(lexeme.span.end);
  tracker_.restart();
  return {ScriptItem::Kind::statement_end, LexemeKind::semicolon, lexeme.span};
}

SplitText split(std::string_view text, Span range, Dialect dialect) {
  SplitText result;
  ScriptLexer lexer(text, range, dialect);
  Piece piece;
  bool in_piece = false;
  bool groupable = false;
  const auto finish = [&](std::uint32_t end) {
    if (!in_piece) return;
    piece.span.end = end;
    result.pieces.push_back(piece);
    in_piece = false;
    groupable = true;
  };
  for (ScriptItem item = lexer.next();; item = lexer.next()) {
    switch (item.kind) {
      case ScriptItem::Kind::end: finish(piece.last_token.end); return result;
      case ScriptItem::Kind::statement_end:
        // Only a semicolon belongs to the text that the parser gets.
        finish(item.lexeme == LexemeKind::semicolon ? item.span.end : piece.last_token.end);
        groupable = groupable && item.lexeme == LexemeKind::semicolon;
        break;
      case ScriptItem::Kind::meta_command:
        result.meta_commands.push_back(item.span);
        piece.interrupted = in_piece;
        groupable = false;
        break;
      case ScriptItem::Kind::copy_data:
        result.copy_data.push_back(item.span);
        groupable = false;
        break;
      case ScriptItem::Kind::lexeme:
        if (item.lexeme == LexemeKind::space || item.lexeme == LexemeKind::line_comment || item.lexeme == LexemeKind::block_comment) {
          if (item.lexeme == LexemeKind::block_comment && item.span.end == range.end && !is_terminated_comment(item.span.of(text))) {
            result.unterminated_comment = item.span;
          }
          break;
        }
        if (!in_piece) {
          piece = {item.span, item.span, groupable, false};
          in_piece = true;
        }
        piece.last_token = item.span;
        break;
    }
  }
}

}  // namespace cupel::sql
