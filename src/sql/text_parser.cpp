#include "sql/text_parser.h"

#include "sql/words.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace cupel::sql {
namespace {

// A line whose first character is a backslash: such a text goes to the splitter before the parser sees it.
bool has_line_for_psql(std::string_view text) {
  for (std::size_t at = text.find('\\'); at != std::string_view::npos; at = text.find('\\', at + 1)) {
    std::size_t before = at;
    while (before > 0 && (text[before - 1] == ' ' || text[before - 1] == '\t')) --before;
    if (before == 0 || text[before - 1] == '\n') return true;
  }
  return false;
}

bool awaits_data(const Statement& statement) {
  const auto* copy = statement.as<Copy>();
  return copy != nullptr && copy->from && copy->from_stdin;
}

// The text under `span` with what is psql's made acceptable to the parser, byte for byte: lines for psql are blanked,
// variables stand for `:name` an identifier (or a number), `:'name'` a literal, `:"name"` a quoted identifier.
std::optional<std::string> without_psql(std::string_view text, Span span, bool numbers) {
  std::string patched(span.of(text));
  bool changed = false;
  const auto blank = [&](Span what, char with) {
    std::fill(patched.begin() + (what.begin - span.begin), patched.begin() + (what.end - span.begin), with);
    changed = true;
  };
  ScriptLexer lexer(text, span);
  Span colon;
  for (ScriptItem item = lexer.next(); item.kind != ScriptItem::Kind::end; item = lexer.next()) {
    if (item.kind == ScriptItem::Kind::meta_command) blank(item.span, ' ');
    if (item.kind != ScriptItem::Kind::lexeme) continue;
    const std::string_view bytes = item.span.of(text);
    if (bytes == "\\:") blank({item.span.begin, item.span.begin + 1}, ' ');
    if (!colon.empty() && colon.end == item.span.begin) {
      if (item.lexeme == LexemeKind::word) {
        blank(colon, '_');
        if (numbers) blank({colon.begin, item.span.end}, '1');
      }
      if (item.lexeme == LexemeKind::quoted_identifier || (item.lexeme == LexemeKind::string && bytes[0] == '\'')) { blank(colon, ' '); }
    }
    colon = item.lexeme == LexemeKind::symbol && bytes == ":" ? item.span : Span{};
  }
  if (!changed) return std::nullopt;
  return patched;
}

}  // namespace

Span TextPlace::in_file(Span span) const {
  if (!verbatim) return fallback;
  return {static_cast<std::uint32_t>(span.begin + shift), static_cast<std::uint32_t>(span.end + shift)};
}

void ErrorList::add(Span span, std::string message) {
  if (errors_.size() == limit) {
    if (left_out_ == 0) first_left_out_ = span;
    ++left_out_;
    return;
  }
  // PostgreSQL quotes everything from an unterminated literal on, which may be the rest of the file.
  constexpr std::size_t longest = 160;
  const std::size_t line_end = message.find('\n');
  if (message.size() > longest || line_end != std::string::npos) {
    std::size_t cut = std::min(longest, line_end);
    while (cut > 0 && cut < message.size() && (static_cast<unsigned char>(message[cut]) & 0xC0U) == 0x80U) --cut;
    message.resize(cut);
    message += "…\"";
  }
  errors_.push_back({span, std::move(message)});
}

std::vector<SyntaxError> ErrorList::take() {
  std::stable_sort(errors_.begin(), errors_.end(), [](const SyntaxError& a, const SyntaxError& b) { return a.span.begin < b.span.begin; });
  if (left_out_ > 0) { errors_.push_back({first_left_out_, fmt::format("{} more syntax errors from here on are not shown", left_out_)}); }
  return std::move(errors_);
}

TextParser::TextParser(std::string_view text, Dialect dialect, const TextPlace& place, ParsedText& out)
    : text_(text), dialect_(dialect), place_(place), out_(out), retry_bytes_(8 * static_cast<std::uint64_t>(text.size()) + 65536) {}

void TextParser::parse(Span chunk) {
  std::optional<ParseTree::Error> error;
  const bool for_psql = dialect_ == Dialect::psql && has_line_for_psql(chunk.of(text_));
  if (!for_psql && parse_at_once(chunk, error)) return;

  const SplitText split_text = split(text_, chunk, dialect_);
  out_.meta_commands.insert(out_.meta_commands.end(), split_text.meta_commands.begin(), split_text.meta_commands.end());
  out_.copy_data.insert(out_.copy_data.end(), split_text.copy_data.begin(), split_text.copy_data.end());
  parse_pieces(split_text.pieces, std::move(error));
  if (const Span comment = split_text.unterminated_comment; !comment.empty()) {
    out_.errors.add(place_.in_file({comment.begin, comment.begin + 2}), "unterminated /* comment");
  }
}

bool TextParser::parse_at_once(Span chunk, std::optional<ParseTree::Error>& error) {
  const std::size_t before = out_.statements.size();
  error = parse_span(chunk);
  if (error) return false;
  if (dialect_ == Dialect::plain) return true;
  const auto added = out_.statements.begin() + static_cast<std::ptrdiff_t>(before);
  if (std::none_of(added, out_.statements.end(), awaits_data)) return true;
  // What follows COPY … FROM stdin may be data that happened to be SQL.
  out_.statements.erase(added, out_.statements.end());
  out_.trees.pop_back();
  return false;
}

// Pieces are parsed in groups that double as long as all goes well: a tree per piece would cost a memory context each,
// and one group for everything would be parsed again for each error.
void TextParser::parse_pieces(const std::vector<Piece>& pieces, std::optional<ParseTree::Error> known) {
  const auto interrupts = [](const Piece& piece) { return !piece.groupable; };
  if (known && !pieces.empty()) {
    const bool inside = known->offset >= pieces.front().span.begin;
    if (!inside || std::any_of(pieces.begin() + 1, pieces.end(), interrupts)) known.reset();
  }
  std::size_t at = 0;
  std::size_t window = pieces.size();
  while (at < pieces.size()) {
    std::size_t group_end = at + 1;
    while (group_end < pieces.size() && group_end - at < window && pieces[group_end].groupable) ++group_end;

    std::optional<ParseTree::Error> error;
    const bool alone = !known && group_end - at == 1;
    if (known) {
      std::swap(error, known);
    } else {
      error = parse_span({pieces[at].span.begin, pieces[group_end - 1].span.end});
    }
    if (!error) {
      at = group_end;
      window = std::min(window * 2, pieces.size());
      continue;
    }
    const auto after =
        std::upper_bound(pieces.begin() + static_cast<std::ptrdiff_t>(at), pieces.begin() + static_cast<std::ptrdiff_t>(group_end),
                         error->offset, [](std::uint32_t offset, const Piece& piece) { return offset < piece.span.begin; });
    const auto wrong = std::max(at, static_cast<std::size_t>(after - pieces.begin()) - (after == pieces.begin() ? 0 : 1));
    window = 1;
    if (wrong > at) {
      // A group that is refused although its error is behind it is taken apart piece by piece.
      if (parse_span({pieces[at].span.begin, pieces[wrong - 1].span.end})) continue;
      at = wrong;
    }
    if (alone || error->offset < pieces[at].span.end) {
      recover(pieces[at], std::move(*error));
      ++at;
    }
  }
}

std::optional<ParseTree::Error> TextParser::parse_span(Span span) {
  const char* terminated = text_.data() + span.begin;
  if (span.end < text_.size()) {
    buffer_.assign(span.of(text_));
    terminated = buffer_.c_str();
  }
  ParseTree tree = ParseTree::parse(terminated);
  if (tree.error()) {
    ParseTree::Error error = *tree.error();
    error.offset += span.begin;
    return error;
  }
  keep(std::move(tree), span.begin);
  return std::nullopt;
}

void TextParser::keep(ParseTree tree, std::int64_t begin) {
  tree.convert(place_.file, place_.shift + begin, place_.verbatim, place_.fallback, out_.statements);
  out_.trees.push_back(std::move(tree));
}

void TextParser::recover(Piece piece, ParseTree::Error error) {
  while (true) {
    if (parse_without_psql(piece, error)) return;
    if (!begins_statement(piece, error.offset) || retry_bytes_ < piece.span.size()) {
      report(piece, error);
      return;
    }
    // Before this word a semicolon was forgotten: what stands on each side of it may be right.
    retry_bytes_ -= piece.span.size();
    const Span head{piece.span.begin, error.offset};
    const bool head_is_right = !parse_span(head);
    report(piece, error);
    piece = {{error.offset, piece.span.end}, piece.last_token, false, piece.interrupted};
    std::optional<ParseTree::Error> next = parse_span(piece.span);
    // If the head is wrong too, the tail may be a part of it, and its error the same one again.
    if (!next || !head_is_right) return;
    error = std::move(*next);
  }
}

// True if the piece is right once psql did its part; else `error` becomes what is wrong with it then.
bool TextParser::parse_without_psql(const Piece& piece, ParseTree::Error& error) {
  if (dialect_ == Dialect::plain) return false;
  for (const bool numbers : {false, true}) {
    const std::optional<std::string> patched = without_psql(text_, piece.span, numbers);
    if (!patched) return false;
    ParseTree tree = ParseTree::parse(patched->c_str());
    if (!tree.error()) {
      keep(std::move(tree), piece.span.begin);
      return true;
    }
    if (!numbers) error = {tree.error()->offset + piece.span.begin, tree.error()->message};
  }
  return false;
}

bool TextParser::begins_statement(const Piece& piece, std::uint32_t offset) const {
  if (offset <= piece.span.begin || offset >= piece.span.end) return false;
  std::uint32_t before = offset;
  while (before > piece.span.begin && (text_[before - 1] == ' ' || text_[before - 1] == '\t')) --before;
  if (text_[before - 1] != '\n') return false;
  const Lexeme lexeme = Lexer(text_, {offset, piece.span.end}).next();
  return lexeme.kind == LexemeKind::word &&
         is_any_word(lexeme.span.of(text_),
                     {"alter",  "analyze",  "begin",   "call",  "cluster",  "comment", "commit", "copy",    "create",  "delete",
                      "do",     "drop",     "explain", "grant", "insert",   "lock",    "merge",  "reindex", "refresh", "reset",
                      "revoke", "rollback", "select",  "set",   "truncate", "update",  "vacuum", "with"});
}

void TextParser::report(const Piece& piece, const ParseTree::Error& error) {
  const Span span = offending_token(text_, piece.span, piece.last_token, error.offset);
  out_.errors.add(place_.in_file(span), error.message);
}

Span offending_token(std::string_view text, Span range, Span last_token, std::uint32_t offset) {
  Span span = last_token;
  if (offset < range.end) {
    Lexer lexer(text, {offset, range.end});
    Lexeme lexeme = lexer.next();
    if (lexeme.kind == LexemeKind::space) lexeme = lexer.next();
    if (lexeme.kind != LexemeKind::end) span = lexeme.span;
  }
  // A caret under a token of many lines helps nobody.
  const std::size_t line_end = text.substr(0, span.end).find_first_of("\r\n", span.begin + 1);
  if (line_end != std::string_view::npos) span.end = static_cast<std::uint32_t>(line_end);
  return span;
}

}  // namespace cupel::sql
