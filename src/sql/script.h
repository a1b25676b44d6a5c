// A text parsed into statements: the only door to the parser.
#pragma once

#include "base/source_text.h"
#include "base/span.h"
#include "sql/statement.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace cupel::sql {

// Something in the text that PostgreSQL would refuse to parse, or bytes it would refuse to read.
struct SyntaxError {
  Span span;            // of the offending token; at least one byte unless at the end of the text
  std::string message;  // PostgreSQL's own words: syntax error at or near "FORM"
};

struct CommentText {
  Span span;              // with its delimiters
  std::string_view text;  // without them, trimmed
  bool own_line = false;  // nothing but white space before it on its line
};

// A line for psql: \set, \connect, \restrict … It is not sent to the server.
struct MetaCommand {
  Span span;
  std::string_view name;       // without the backslash: "set"
  std::string_view arguments;  // the rest of the line, trimmed
};

// Part of a text that is sent to the parser as one: a whole file, one section of it, or a piece its runner cuts out.
struct ParseOptions {
  // Where statements are; empty: everything. In ascending order, not overlapping. A chunk's end ends a statement.
  std::vector<Span> chunks;
  // What is replaced before the text is sent (flyway's ${schema}): read as a name made of the same letters. Where no name
  // can stand, the statement is Opaque.
  std::vector<Span> placeholders;
};

// What a DO block or function body holds, parsed on demand.
struct Body {
  std::vector<Statement> statements;  // in the order written; dynamic ones are Opaque
  std::vector<SyntaxError> errors;
  Span span;  // of the body in the file
};

// Owns the parse tree that its statements, expressions and names point into. Movable; the source must outlive it.
class Script {
 public:
  // Parses any bytes; what cannot be parsed is in `errors()`, everything else in `statements()`.
  // `source` is borrowed for the Script's life time. Safe to call from several threads at once.
  static Script parse(const SourceText& source, const ParseOptions& options = {});

  Script(Script&&) noexcept;
  Script& operator=(Script&&) noexcept;
  ~Script();

  [[nodiscard]] const SourceText& source() const;
  // In file order.
  [[nodiscard]] std::span<const Statement> statements() const;
  [[nodiscard]] std::span<const SyntaxError> errors() const;
  [[nodiscard]] std::span<const MetaCommand> meta_commands() const;
  // The first index in statements() that belongs to each chunk asked for (one element per chunk, at least one).
  [[nodiscard]] std::span<const std::size_t> chunk_begins() const;
  // Which spans of the file are data of COPY … FROM stdin.
  [[nodiscard]] std::span<const Span> copy_data() const;

  // The statements inside a DO block or a function written in SQL or PL/pgSQL; empty for other languages. Parsed at the
  // first question and kept. Not safe to ask for the same Script from two threads.
  [[nodiscard]] const Body& body(const Statement& statement) const;

  // PostgreSQL's own spelling of a statement (deparsed); falls back to its source text.
  [[nodiscard]] std::string deparse(const Statement& statement) const;
  // The source text of a statement.
  [[nodiscard]] std::string_view text(const Statement& statement) const { return statement.span.of(source().text()); }

 private:
  struct State;
  explicit Script(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// The comments of a text, by PostgreSQL's lexical rules (nested /* */, none inside literals), in order.
std::vector<CommentText> comments(std::string_view text);

enum class TokenKind { word, quoted_identifier, string, number, symbol, parameter };
struct Token {
  TokenKind kind;
  Span span;
};
// The tokens of a text without white space and comments. Any bytes; what cannot be a token is a one-byte symbol.
std::vector<Token> tokens(std::string_view text);

// "18.6": the version of PostgreSQL whose grammar is compiled in; and its number, 180006.
std::string_view parser_version();
int parser_version_number();

// `name` as it must be written in SQL: quoted if needed.
std::string quote_identifier(std::string_view name);
std::string quote_literal(std::string_view value);
// schema.name, quoted as needed, without the schema when there is none.
std::string to_sql(const QualifiedName& name);
// A type as PostgreSQL's format_type would show it: varchar(20)[] → "character varying(20)[]".
std::string to_sql(const TypeName& type);

}  // namespace cupel::sql
