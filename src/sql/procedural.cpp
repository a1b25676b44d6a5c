#include "sql/procedural.h"

#include "sql/constant_string.h"
#include "sql/words.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include <fmt/format.h>

namespace cupel::sql {
namespace {

class ProceduralParser {
 public:
  ProceduralParser(std::string_view text, const TextPlace& place, ParsedText& out) : text_(text), place_(place), out_(out) {
    Lexer lexer(text, {0, static_cast<std::uint32_t>(text.size())});
    for (Lexeme lexeme = lexer.next(); lexeme.kind != LexemeKind::end; lexeme = lexer.next()) {
      if (lexeme.kind != LexemeKind::space && lexeme.kind != LexemeKind::line_comment && lexeme.kind != LexemeKind::block_comment) {
        tokens_.push_back(lexeme);
      }
    }
  }

  void parse() {
    while (at_ < tokens_.size()) statement();
    if (!finished_) refuse(tokens_.size());
    mark_caught();
  }

 private:
  // Everything that ends with END.
  enum class Kind { block, if_, case_, loop };
  struct Open {
    Kind kind = Kind::block;
    bool conditional = false;  // what is inside may run or not
    bool in_loop = false;
    std::size_t first_statement = 0;  // of a block
    bool in_handlers = false;         // behind EXCEPTION
    std::size_t handlers_begin = 0;   // the first statement behind it
    bool has_handler = false;
    bool raises = false;   // the handler being read ends with an exception of its own
    bool catches = false;  // a handler before it does not
  };

  [[nodiscard]] std::string_view bytes(std::size_t token) const {
    return token < tokens_.size() ? tokens_[token].span.of(text_) : std::string_view();
  }
  [[nodiscard]] bool is(std::size_t token, std::string_view word) const {
    return token < tokens_.size() && tokens_[token].kind == LexemeKind::word && is_word(bytes(token), word);
  }
  [[nodiscard]] bool is_any(std::size_t token, std::initializer_list<std::string_view> words) const {
    return token < tokens_.size() && tokens_[token].kind == LexemeKind::word && is_any_word(bytes(token), words);
  }
  [[nodiscard]] bool is_semicolon(std::size_t token) const {
    return token < tokens_.size() && tokens_[token].kind == LexemeKind::semicolon;
  }
  [[nodiscard]] Span span(std::size_t first, std::size_t end) const {
    return end > first ? Span{tokens_[first].span.begin, tokens_[end - 1].span.end} : Span{};
  }

  // The first token from `from` on that is one of the words outside parentheses, or a semicolon, or the end. PL/pgSQL
  // itself looks no deeper: a CASE expression with THEN before IF's own THEN must stand in parentheses.
  [[nodiscard]] std::size_t find(std::size_t from, std::initializer_list<std::string_view> words) const {
    int depth = 0;
    for (; from < tokens_.size(); ++from) {
      const LexemeKind kind = tokens_[from].kind;
      if (kind == LexemeKind::semicolon) return from;
      if (kind == LexemeKind::open) ++depth;
      if (kind == LexemeKind::close) --depth;
      if (depth <= 0 && is_any(from, words)) return from;
    }
    return from;
  }
  void skip_statement() { at_ = find(at_, {}) + 1; }

  [[nodiscard]] bool conditional() const { return !open_.empty() && (open_.back().conditional || open_.back().in_handlers); }
  [[nodiscard]] bool in_loop() const { return !open_.empty() && open_.back().in_loop; }

  void enter(Kind kind) {
    Open open;
    open.kind = kind;
    open.conditional = conditional() || kind != Kind::block;
    open.in_loop = in_loop() || kind == Kind::loop;
    open.first_statement = out_.statements.size();
    open_.push_back(open);
  }

  // The structure is not PL/pgSQL's at this token. Said once: what follows may only be a consequence.
  void refuse(std::size_t token) {
    if (broken_) return;
    broken_ = true;
    if (token < tokens_.size()) {
      out_.errors.add(place_.in_file(tokens_[token].span), fmt::format("syntax error at or near \"{}\"", bytes(token)));
    } else {
      out_.errors.add(place_.in_file(tokens_.empty() ? Span{} : tokens_.back().span), "syntax error at end of input");
    }
  }

  // Goes behind the word that ends a condition: IF … THEN.
  bool skip_condition(std::string_view word) {
    const std::size_t end = find(at_ + 1, {word});
    const bool found = is(end, word);
    if (!found) refuse(end);
    at_ = end + 1;
    return found;
  }

  [[nodiscard]] bool begins_assignment() const {
    const LexemeKind kind = tokens_[at_].kind;
    if (kind != LexemeKind::word && kind != LexemeKind::quoted_identifier && kind != LexemeKind::parameter) return false;
    const std::string_view next = bytes(at_ + 1);
    return next == ":=" || next == "=" || next == "[" || next == ".";
  }

  void statement() {
    if (is_semicolon(at_)) {
      ++at_;
    } else if (finished_) {
      refuse(at_);
      at_ = tokens_.size();
    } else if (bytes(at_) == "<<") {
      while (at_ < tokens_.size() && bytes(at_) != ">>") ++at_;
      ++at_;
    } else if (bytes(at_) == "#" && open_.empty()) {
      skip_option();
    } else if (begins_assignment()) {
      skip_statement();
    } else if (!structure() && !query_holder()) {
      sql_statement();
    }
  }

  // #variable_conflict use_column: the only thing that ends with its line.
  void skip_option() {
    const std::size_t newline = text_.find('\n', tokens_[at_].span.begin);
    while (at_ < tokens_.size() && tokens_[at_].span.begin < newline) ++at_;
  }

  // What nests. False: something else begins at this token.
  bool structure() {
    if (is(at_, "declare")) {
      skip_declarations();
    } else if (is(at_, "begin")) {
      enter(Kind::block);
      ++at_;
    } else if (open_.empty()) {
      refuse(at_);  // a body is a block
      at_ = tokens_.size();
    } else if (is(at_, "end")) {
      leave();
    } else if (is(at_, "exception")) {
      begin_handlers();
    } else if (is(at_, "if")) {
      if (skip_condition("then")) enter(Kind::if_);
    } else if (is_any(at_, {"elsif", "elseif"})) {
      if (open_.back().kind != Kind::if_) refuse(at_);
      skip_condition("then");
    } else if (is(at_, "else")) {
      if (open_.back().kind != Kind::if_ && open_.back().kind != Kind::case_) refuse(at_);
      ++at_;
    } else if (is(at_, "case")) {
      const std::size_t when = find(at_ + 1, {"when"});
      if (is(when, "when")) enter(Kind::case_);
      else refuse(when);
      at_ = when;
    } else if (is(at_, "when")) {
      begin_branch();
    } else if (is(at_, "loop")) {
      enter(Kind::loop);
      ++at_;
    } else if (is_any(at_, {"while", "foreach"})) {
      if (skip_condition("loop")) enter(Kind::loop);
    } else if (is(at_, "for")) {
      for_loop();
    } else {
      return false;
    }
    return true;
  }

  void skip_declarations() {
    ++at_;
    while (at_ < tokens_.size() && !is(at_, "begin")) {
      if (is(at_, "declare")) ++at_;
      else skip_statement();
    }
  }

  void begin_handlers() {
    Open& block = open_.back();
    if (block.kind != Kind::block || block.in_handlers) {
      refuse(at_);
    } else {
      block.in_handlers = true;
      block.handlers_begin = out_.statements.size();
    }
    ++at_;
  }

  void begin_branch() {
    Open& open = open_.back();
    if (open.kind == Kind::block && open.in_handlers) {
      open.catches = open.catches || (open.has_handler && !open.raises);
      open.has_handler = true;
      open.raises = false;
    } else if (open.kind != Kind::case_) {
      refuse(at_);
    }
    skip_condition("then");
  }

  void leave() {
    const Open closed = open_.back();
    const Kind kind = is(at_ + 1, "if") ? Kind::if_ : is(at_ + 1, "case") ? Kind::case_ : is(at_ + 1, "loop") ? Kind::loop : Kind::block;
    if (kind != closed.kind) refuse(at_ + 1);
    if (closed.in_handlers && (closed.catches || (closed.has_handler && !closed.raises))) {
      caught_.push_back({closed.first_statement, closed.handlers_begin});
    }
    open_.pop_back();
    finished_ = open_.empty();
    if (!finished_) return skip_statement();
    ++at_;
    const bool label =
        at_ < tokens_.size() && (tokens_[at_].kind == LexemeKind::word || tokens_[at_].kind == LexemeKind::quoted_identifier);
    if (label) ++at_;
  }

  void for_loop() {
    const std::size_t in = find(at_ + 1, {"in", "loop"});
    const std::size_t loop = find(in, {"loop"});
    if (!is(loop, "loop") || !is(in, "in")) {
      refuse(loop);
      at_ = loop + 1;
      return;
    }
    const std::size_t query = in + 1;
    if (is(query, "execute")) {
      dynamic(query, query + 1, find(query, {"loop", "using"}));
    } else if (is_any(query, {"select", "with", "values", "table", "insert", "update", "delete", "merge", "explain", "show"}) ||
               bytes(query) == "(") {
      if (!has_range(query, loop)) static_sql(query, loop);
    }
    enter(Kind::loop);
    at_ = loop + 1;
  }

  // FOR i IN a .. b
  [[nodiscard]] bool has_range(std::size_t from, std::size_t end) const {
    int depth = 0;
    for (; from < end; ++from) {
      if (tokens_[from].kind == LexemeKind::open) ++depth;
      if (tokens_[from].kind == LexemeKind::close) --depth;
      if (depth == 0 && bytes(from) == "..") return true;
    }
    return false;
  }

  // PL/pgSQL's own commands that may hold a query. False: SQL begins at this token.
  bool query_holder() {
    const std::size_t end = find(at_, {});
    if (is(at_, "execute")) {
      dynamic(at_, at_ + 1, find(at_ + 1, {"into", "using"}));
    } else if (is(at_, "return")) {
      if (is(at_ + 1, "query")) query(at_ + 2, end);
    } else if (is(at_, "open")) {
      const std::size_t for_word = find(at_ + 1, {"for"});
      if (is(for_word, "for")) query(for_word + 1, end);
    } else if (is(at_, "raise")) {
      const bool only_says = is_any(at_ + 1, {"debug", "log", "info", "notice", "warning"});
      if (open_.back().in_handlers && !only_says) open_.back().raises = true;
    } else if (is(at_, "get")) {
      // GET [CURRENT | STACKED] DIAGNOSTICS
    } else if (!is_any(at_, {"null", "exit", "continue", "assert", "fetch", "move", "close"})) {
      return false;
    }
    at_ = end + 1;
    return true;
  }

  void query(std::size_t first, std::size_t end) {
    if (is(first, "execute")) dynamic(first, first + 1, find(first, {"using"}));
    else static_sql(first, end);
  }

  void sql_statement() {
    StatementTracker tracker;
    std::size_t end = at_;
    while (end < tokens_.size() && !tracker.ends_at(text_, tokens_[end])) ++end;
    static_sql(at_, end);
    at_ = end + 1;
  }

  void static_sql(std::size_t first, std::size_t end) {
    if (end <= first) return refuse(end);
    const Span place = span(first, end);
    std::string sql(place.of(text_));
    // PERFORM is SELECT without a result (manual 43.5.2).
    if (is(first, "perform")) sql.replace(0, 7, "SELECT ");
    blank_targets(first, end, sql);

    const std::size_t before = out_.statements.size();
    ParseTree tree = ParseTree::parse(sql.c_str());
    if (tree.error()) {
      const Span token = offending_token(text_, place, tokens_[end - 1].span, tree.error()->offset + place.begin);
      out_.errors.add(place_.in_file(token), tree.error()->message);
      return;
    }
    tree.convert(place_.file, place_.shift + place.begin, place_.verbatim, place_.fallback, out_.statements);
    out_.trees.push_back(std::move(tree));
    mark_from(before);
  }

  // Blanks INTO [STRICT] target, …, which goes to variables; the INTO of INSERT, MERGE and IMPORT FOREIGN SCHEMA is
  // SQL's own (pl_gram.y, make_execsql_stmt).
  void blank_targets(std::size_t first, std::size_t end, std::string& sql) const {
    if (is(first, "import")) return;
    for (std::size_t at = first + 1; at < end; ++at) {
      if (!is(at, "into") || is_any(at - 1, {"insert", "merge"})) continue;
      const std::size_t into = at;
      ++at;
      if (is(at, "strict")) ++at;
      at = after_target(at, end);
      while (at < end && bytes(at) == ",") at = after_target(at + 1, end);
      const std::uint32_t begin = tokens_[first].span.begin;
      std::fill(sql.begin() + (tokens_[into].span.begin - begin), sql.begin() + (tokens_[at - 1].span.end - begin), ' ');
      --at;
    }
  }

  // A variable, perhaps with fields and subscripts.
  [[nodiscard]] std::size_t after_target(std::size_t at, std::size_t end) const {
    if (at < end) ++at;
    while (at < end && (bytes(at) == "." || bytes(at) == "[")) {
      if (bytes(at) == ".") {
        at += 2;
      } else {
        while (at < end && bytes(at) != "]") ++at;
        ++at;
      }
    }
    return std::min(at, end);
  }

  // EXECUTE of the string expression in [first, end); `statement` is the token that the whole begins with.
  void dynamic(std::size_t statement, std::size_t first, std::size_t end) {
    const std::size_t before = out_.statements.size();
    const Span whole = place_.in_file(span(statement, std::max(find(end, {"loop"}), statement + 1)));
    const auto string = constant_string(text_, std::span(tokens_).subspan(first, std::max(end, first) - first));
    if (string) {
      TextPlace place;
      place.file = place_.file;
      place.verbatim = place_.verbatim && string->verbatim;
      place.shift = place_.shift + string->begin;
      place.fallback = whole;
      const auto size = static_cast<std::uint32_t>(string->value.size());
      TextParser(string->value, Dialect::plain, place, out_).parse({0, size});
    } else {
      Statement opaque;
      opaque.span = whole;
      opaque.node = Opaque{"EXECUTE of a string built at run time"};
      out_.statements.push_back(std::move(opaque));
    }
    mark_from(before);
  }

  void mark_from(std::size_t first) {
    for (std::size_t i = first; i < out_.statements.size(); ++i) {
      out_.statements[i].conditional = conditional();
      out_.statements[i].in_loop = in_loop();
    }
  }

  void mark_caught() {
    std::vector<std::ptrdiff_t> change(out_.statements.size() + 1, 0);
    for (const auto& [first, end] : caught_) {
      ++change[first];
      --change[end];
    }
    std::ptrdiff_t depth = 0;
    for (std::size_t i = 0; i < out_.statements.size(); ++i) {
      depth += change[i];
      out_.statements[i].errors_caught = depth > 0;
    }
  }

  std::string_view text_;
  TextPlace place_;
  ParsedText& out_;
  std::vector<Lexeme> tokens_;
  std::size_t at_ = 0;
  std::vector<Open> open_;
  std::vector<std::pair<std::size_t, std::size_t>> caught_;  // statements whose errors a handler catches
  bool finished_ = false;
  bool broken_ = false;
};

}  // namespace

void parse_procedural(std::string_view body, const TextPlace& place, ParsedText& out) { ProceduralParser(body, place, out).parse(); }

}  // namespace cupel::sql
