#include "sql/parse_tree.h"

#include "sql/convert.h"
#include "sql/operator_runs.h"

#include <algorithm>
#include <utility>

namespace cupel::sql {
namespace {

// The byte at which character `position` (1-based) of `text` begins, counting as PostgreSQL's scanner does: by the lead
// byte alone, valid or not (pg_utf_mblen).
std::uint32_t byte_offset(std::string_view text, int position) {
  std::size_t at = 0;
  for (int character = 1; character < position && at < text.size(); ++character) {
    const auto lead = static_cast<unsigned char>(text[at]);
    if ((lead & 0xe0) == 0xc0) at += 2;
    else if ((lead & 0xf0) == 0xe0) at += 3;
    else if ((lead & 0xf8) == 0xf0) at += 4;
    else at += 1;
  }
  return static_cast<std::uint32_t>(std::min(at, text.size()));
}

}  // namespace

void* new_memory_context(const char* name) {
  // Block sizes other than PostgreSQL's two standard ones, so that the context stays off aset.c's free lists: those
  // belong to a thread, and it may be freed by another one, which might not even have them.
  constexpr ::Size first_block = 4096;
  constexpr ::Size largest_block = 1048576;
  pg_query_init();
  const ::MemoryContext context = AllocSetContextCreateInternal(TopMemoryContext, name, 0, first_block, largest_block);
  // The library frees a thread's contexts with the thread; this one outlives it.
  MemoryContextSetParent(context, nullptr);
  return context;
}

ParseTree ParseTree::parse(const char* text) {
  ParseTree tree;
  const std::optional<TamedText> tamed = tame_operator_runs(text);
  if (tamed && tamed->too_long) {
    tree.error_ = Error{*tamed->too_long, "operator too long"};
    return tree;
  }
  if (tamed) text = tamed->text.c_str();
  ScratchContext scratch;  // starts the library on this thread, and tells it how deep the stack may grow
  auto* const context = static_cast<::MemoryContext>(new_memory_context("parse tree"));
  const ::MemoryContext previous = MemoryContextSwitchTo(context);
  const ::PgQueryInternalParsetreeAndError parsed =
      pg_query_raw_parse(text, PG_QUERY_PARSE_DEFAULT | PG_QUERY_DISABLE_ESCAPE_STRING_WARNING);
  MemoryContextSwitchTo(previous);
  tree.context_ = context;
  tree.size_ = static_cast<std::uint32_t>(std::strlen(text));
  if (parsed.error != nullptr) {
    const std::string_view whole(text, tree.size_);
    tree.error_ = Error{parsed.error->cursorpos > 0 ? byte_offset(whole, parsed.error->cursorpos) : tree.size_,
                        parsed.error->message == nullptr ? "" : parsed.error->message};
    pg_query_free_error(parsed.error);
  } else {
    tree.statements_ = parsed.tree;
  }
  std::free(parsed.stderr_buffer);
  return tree;
}

ParseTree::ParseTree(ParseTree&& other) noexcept
    : context_(std::exchange(other.context_, nullptr)),
      statements_(std::exchange(other.statements_, nullptr)),
      size_(other.size_),
      error_(std::move(other.error_)) {}

ParseTree& ParseTree::operator=(ParseTree&& other) noexcept {
  std::swap(context_, other.context_);
  std::swap(statements_, other.statements_);
  std::swap(size_, other.size_);
  std::swap(error_, other.error_);
  return *this;
}

ParseTree::~ParseTree() {
  if (context_ != nullptr) MemoryContextDelete(static_cast<::MemoryContext>(context_));
}

void ParseTree::convert(std::string_view file, std::int64_t shift, bool verbatim, Span fallback, std::vector<Statement>& out) const {
  const auto* statements = static_cast<const ::List*>(statements_);
  if (statements == nullptr) return;
  // Asking for the exact size each time would copy all statements for each of many small trees.
  const std::size_t needed = out.size() + static_cast<std::size_t>(statements->length);
  if (needed > out.capacity()) out.reserve(std::max(needed, 2 * out.capacity()));
  Origin origin{file, shift, verbatim, fallback, static_cast<::MemoryContext>(context_), fallback};
  for (const ::RawStmt* raw : Each<::RawStmt>(statements)) {
    if (verbatim) {
      // The last statement of a text may have no length: it reaches to the end.
      const int begin = std::max(raw->stmt_location, 0);
      const int end = raw->stmt_len > 0 ? begin + raw->stmt_len : static_cast<int>(size_);
      origin.statement = trimmed(file, {origin.offset(begin), origin.offset(end)});
    }
    append_statement(origin, raw->stmt, out);
  }
}

}  // namespace cupel::sql
