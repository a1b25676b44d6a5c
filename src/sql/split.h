// Internal to src/sql: cuts a text into statements as psql does (psqlscan.l), without a grammar.
//
// Used where the parser cannot take the whole text at once: a statement in it is wrong, or it has lines for psql or
// data of COPY. Never fails; every pass is linear in the text.
#pragma once

#include "base/span.h"
#include "sql/lexer.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace cupel::sql {

// Follows the lexemes of one statement and tells which semicolon ends it.
class StatementTracker {
 public:
  // Call for every lexeme except white space and comments. True: `lexeme` is a semicolon that ends the statement.
  bool ends_at(std::string_view text, Lexeme lexeme);
  // The statement so far is COPY … FROM stdin.
  [[nodiscard]] bool copies_from_stdin() const { return from_stdin_; }
  [[nodiscard]] bool empty() const { return word_count_ == 0 && !other_; }
  void restart() { *this = {}; }

 private:
  enum class Kind : std::uint8_t { unknown, create, create_or, create_or_replace, rule, routine, copy, other };
  void see_word(std::string_view word);

  Kind kind_ = Kind::unknown;
  std::uint32_t word_count_ = 0;
  std::uint32_t paren_depth_ = 0;
  std::uint32_t begin_depth_ = 0;
  bool other_ = false;        // something that is not a word was seen
  bool after_begin_ = false;  // the lexeme before was BEGIN
  bool after_from_ = false;
  bool from_stdin_ = false;
};

struct ScriptItem {
  enum class Kind : std::uint8_t {
    end,
    lexeme,         // of SQL, comments and white space included
    statement_end,  // `lexeme` tells a semicolon from psql's other ways to send a statement: \; \gexec …
    meta_command,   // a line for psql, from the backslash to the end of its text
    copy_data,      // of COPY … FROM stdin, up to but without the line \.
  };
  Kind kind = Kind::end;
  LexemeKind lexeme = LexemeKind::end;  // of kind `lexeme`
  Span span;
};

// psql's lines, variables and COPY data occur in files only: a function's body or an executed string is plain SQL.
enum class Dialect : std::uint8_t { psql, plain };

// The lexemes of `text` under `range`, with what belongs to psql told apart from SQL.
class ScriptLexer {
 public:
  ScriptLexer(std::string_view text, Span range, Dialect dialect = Dialect::psql)
      : text_(text), end_(range.end), dialect_(dialect), lexer_(text, range) {}
  ScriptItem next();

 private:
  ScriptItem meta_command(std::uint32_t begin);
  ScriptItem copy_data(std::uint32_t begin);
  [[nodiscard]] std::uint32_t line_end(std::uint32_t from) const;
  [[nodiscard]] std::uint32_t after_line(std::uint32_t from) const;
  void go_to(std::uint32_t offset);
  void expect_data(std::uint32_t from);

  std::string_view text_;
  std::uint32_t end_;
  Dialect dialect_;
  Lexer lexer_;
  StatementTracker tracker_;
  std::uint32_t data_from_ = 0;  // where COPY data will begin; 0: none is due
};

// The backslash command under `span`: its name without the backslash.
std::string_view meta_command_name(std::string_view text, Span span);

// False for a block comment that only the end of the text ends.
bool is_terminated_comment(std::string_view comment);

// One statement as the splitter sees it.
struct Piece {
  Span span;                 // from its first token to its semicolon, or to its last token if nothing ends it
  Span last_token;           // before the semicolon
  bool groupable = false;    // nothing but white space and comments lies between the piece before and this one
  bool interrupted = false;  // lines for psql lie inside
};

struct SplitText {
  std::vector<Piece> pieces;
  std::vector<Span> meta_commands;
  std::vector<Span> copy_data;
  Span unterminated_comment;  // empty if there is none
};

SplitText split(std::string_view text, Span range, Dialect dialect = Dialect::psql);

}  // namespace cupel::sql
