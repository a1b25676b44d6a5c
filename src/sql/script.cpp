#include "sql/script.h"

#include "sql/deparse.h"
#include "sql/procedural.h"
#include "sql/split.h"
#include "sql/text_encoding.h"
#include "sql/text_parser.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace cupel::sql {

struct Script::State {
  struct ParsedBody {
    Body body;
    std::vector<ParseTree> trees;
  };

  const SourceText* source = nullptr;
  ReadableText readable;
  std::vector<ParseTree> trees;
  std::vector<Statement> statements;
  std::vector<SyntaxError> errors;
  std::vector<MetaCommand> meta_commands;
  std::vector<std::size_t> chunk_begins;
  std::vector<Span> copy_data;
  std::unordered_map<const void*, std::unique_ptr<ParsedBody>> bodies;  // by the statement's tree

  // What the parser reads: the source, or a copy of the same length without bytes that it cannot read or should not.
  [[nodiscard]] std::string_view text() const { return readable.changed ? std::string_view(readable.bytes) : source->text(); }
};

Script::Script(std::unique_ptr<State> state) : state_(std::move(state)) {}
Script::Script(Script&&) noexcept = default;
Script& Script::operator=(Script&&) noexcept = default;
Script::~Script() = default;

namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view white = " \t\r\n\f\v";
  const std::size_t begin = text.find_first_not_of(white);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(white) + 1 - begin);
}

// ${schema} as __schema_.
void write_as_names(std::span<const Span> placeholders, std::string& text) {
  for (const Span placeholder : placeholders) {
    const std::size_t end = std::min<std::size_t>(placeholder.end, text.size());
    for (std::size_t at = placeholder.begin; at < end; ++at) {
      const char byte = text[at];
      const bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9');
      if (!letter) text[at] = '_';
    }
  }
}

// An error at a placeholder says nothing: the server gets another text.
void make_opaque(std::span<const Span> placeholders, std::vector<SyntaxError>& errors, std::vector<Statement>& statements,
                 std::vector<std::size_t>& chunk_begins) {
  std::erase_if(errors, [&](const SyntaxError& error) {
    const bool at_placeholder = std::any_of(placeholders.begin(), placeholders.end(), [&error](Span placeholder) {
      return placeholder.begin < error.span.end && error.span.begin < placeholder.end;
    });
    if (!at_placeholder) return false;
    Statement opaque;
    opaque.span = error.span;
    opaque.node = Opaque{"the runner puts text in place of ${…}"};
    const auto at =
        std::find_if(statements.begin(), statements.end(), [&](const Statement& other) { return other.span.begin > error.span.begin; });
    const auto index = static_cast<std::size_t>(at - statements.begin());
    for (std::size_t& begin : chunk_begins) begin += begin > index ? 1 : 0;
    statements.insert(at, std::move(opaque));
    return true;
  });
}

MetaCommand meta_command(std::string_view text, Span span) {
  const std::string_view name = meta_command_name(text, span);
  return {span, name, trimmed(span.of(text).substr(1 + name.size()))};
}

}  // namespace

Script Script::parse(const SourceText& source, const ParseOptions& options) {
  auto state = std::make_unique<State>();
  state->source = &source;
  state->readable = make_readable(source.text());
  if (!options.placeholders.empty()) {
    if (!state->readable.changed) state->readable.bytes = source.text();
    state->readable.changed = true;
    write_as_names(options.placeholders, state->readable.bytes);
  }
  const std::string_view text = state->text();
  const auto size = static_cast<std::uint32_t>(text.size());

  std::vector<Span> chunks = options.chunks;
  if (chunks.empty()) chunks.push_back({0, size});

  ParsedText parsed;
  for (const SyntaxError& error : state->readable.errors) parsed.errors.add(error.span, error.message);
  TextPlace place;
  place.file = text;
  TextParser parser(text, Dialect::psql, place, parsed);
  const std::uint32_t first = byte_order_mark_size(text);
  for (const Span chunk : chunks) {
    state->chunk_begins.push_back(parsed.statements.size());
    const Span readable{std::max(chunk.begin, first), std::min(chunk.end, size)};
    if (state->readable.is_text && !readable.empty()) parser.parse(readable);
  }
  state->trees = std::move(parsed.trees);
  state->statements = std::move(parsed.statements);
  state->errors = parsed.errors.take();
  if (!options.placeholders.empty()) make_opaque(options.placeholders, state->errors, state->statements, state->chunk_begins);
  state->copy_data = std::move(parsed.copy_data);
  for (const Span span : parsed.meta_commands) state->meta_commands.push_back(meta_command(source.text(), span));
  return Script(std::move(state));
}

const SourceText& Script::source() const { return *state_->source; }
std::span<const Statement> Script::statements() const { return state_->statements; }
std::span<const SyntaxError> Script::errors() const { return state_->errors; }
std::span<const MetaCommand> Script::meta_commands() const { return state_->meta_commands; }
std::span<const std::size_t> Script::chunk_begins() const { return state_->chunk_begins; }
std::span<const Span> Script::copy_data() const { return state_->copy_data; }

const Body& Script::body(const Statement& statement) const {
  static const Body none;
  const BodyText* text = nullptr;
  if (const auto* block = statement.as<DoBlock>()) text = &block->body;
  if (const auto* function = statement.as<CreateFunction>(); function != nullptr && function->body) text = &*function->body;
  if (text == nullptr) return none;
  const bool procedural = text->language == "plpgsql";
  if (!procedural && text->language != "sql") return none;

  std::unique_ptr<State::ParsedBody>& kept = state_->bodies[statement.tree];
  if (kept != nullptr) return kept->body;
  kept = std::make_unique<State::ParsedBody>();

  // Its own copy ends with a NUL byte, which the parser needs.
  const std::string bytes(text->text);
  TextPlace place;
  place.file = state_->text();
  place.verbatim = text->verbatim;
  place.shift = text->span.begin;
  place.fallback = text->verbatim || !text->span.empty() ? text->span : statement.span;
  ParsedText parsed;
  if (procedural) {
    parse_procedural(bytes, place, parsed);
  } else {
    TextParser(bytes, Dialect::plain, place, parsed).parse({0, static_cast<std::uint32_t>(bytes.size())});
  }
  kept->trees = std::move(parsed.trees);
  kept->body.statements = std::move(parsed.statements);
  kept->body.errors = parsed.errors.take();
  kept->body.span = place.fallback;
  return kept->body;
}

std::string Script::deparse(const Statement& statement) const {
  std::string spelling = statement.tree != nullptr ? deparse_statement(statement.tree) : std::string();
  return spelling.empty() ? std::string(text(statement)) : spelling;
}

}  // namespace cupel::sql
