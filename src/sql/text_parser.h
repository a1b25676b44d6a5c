// Internal to src/sql: parses a text of many statements and survives those that are wrong. Used for files, for bodies
// of functions written in SQL and for strings that PL/pgSQL executes.
#pragma once

#include "sql/parse_tree.h"
#include "sql/script.h"
#include "sql/split.h"
#include "sql/statement.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::sql {

// Where a text stands in its file.
struct TextPlace {
  std::string_view file;
  std::int64_t shift = 0;  // adds to an offset in the text to make one in the file
  bool verbatim = true;    // false: the text is not the file's own bytes, and everything in it is at `fallback`
  Span fallback;

  [[nodiscard]] Span in_file(Span span) const;
};

// The errors of one text: a wrong encoding or a foreign dialect can give one per line, so their number is bounded.
class ErrorList {
 public:
  static constexpr std::size_t limit = 1000;
  void add(Span span, std::string message);
  // In the order of the text; if there were more than `limit`, a last one says how many.
  std::vector<SyntaxError> take();

 private:
  std::vector<SyntaxError> errors_;
  std::size_t left_out_ = 0;
  Span first_left_out_;
};

struct ParsedText {
  std::vector<ParseTree> trees;  // what the statements point into
  std::vector<Statement> statements;
  ErrorList errors;
  std::vector<Span> meta_commands;  // in the text, as copy_data
  std::vector<Span> copy_data;
};

// What an error at `offset` is about: the token there, or `last_token` at the end of `range`. Never more than one line.
Span offending_token(std::string_view text, Span range, Span last_token, std::uint32_t offset);

class TextParser {
 public:
  // `text` is followed by a NUL byte, has none inside and is valid UTF-8. It and `out` must outlive the parser.
  TextParser(std::string_view text, Dialect dialect, const TextPlace& place, ParsedText& out);

  // Adds the statements of `chunk`, whose end ends a statement.
  void parse(Span chunk);

 private:
  bool parse_at_once(Span chunk, std::optional<ParseTree::Error>& error);
  void parse_pieces(const std::vector<Piece>& pieces, std::optional<ParseTree::Error> known);
  // Parses the bytes under `span`, keeps the statements; or returns the error, whose offset is one of the text.
  std::optional<ParseTree::Error> parse_span(Span span);
  bool parse_patched(Span span, const std::string& patched, std::optional<ParseTree::Error>& error);
  void recover(Piece piece, ParseTree::Error error);
  bool parse_without_psql(const Piece& piece, ParseTree::Error& error);
  [[nodiscard]] bool begins_statement(const Piece& piece, std::uint32_t offset) const;
  void report(const Piece& piece, const ParseTree::Error& error);
  void keep(ParseTree tree, std::int64_t begin);

  std::string_view text_;
  Dialect dialect_;
  TextPlace place_;
  ParsedText& out_;
  std::string buffer_;
  std::uint64_t retry_bytes_;  // what may still be parsed again after a forgotten semicolon
};

}  // namespace cupel::sql
