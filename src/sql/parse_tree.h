// Internal to src/sql: one call of PostgreSQL's raw parser, and the owner of the tree it returns.
#pragma once

#include "sql/statement.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::sql {

// A PostgreSQL MemoryContext of nobody's: any thread may use it, one at a time, and must delete it. `name`: a constant.
void* new_memory_context(const char* name);

// The raw parse tree of one text. Owns PostgreSQL's memory context; may be freed by another thread than the one that made it.
class ParseTree {
 public:
  struct Error {
    std::uint32_t offset = 0;  // byte offset in the text given; the text's size for "at end of input"
    std::string message;
  };

  // `text` is NUL-terminated and may be freed afterwards unless it is the file itself: nothing in the tree points into it.
  static ParseTree parse(const char* text);

  ParseTree(ParseTree&&) noexcept;
  ParseTree& operator=(ParseTree&&) noexcept;
  ~ParseTree();

  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

  // Appends the typed statements of this tree to `out`.
  // `file`: the whole file's text. `shift`: offset in the file of the text that was parsed, so that a location recorded
  // by the parser plus `shift` is an offset in the file. When the text was not copied verbatim from the file (an
  // escaped string literal), `verbatim` is false and every span becomes `fallback`.
  void convert(std::string_view file, std::int64_t shift, bool verbatim, Span fallback, std::vector<Statement>& out) const;

 private:
  ParseTree() = default;
  void* context_ = nullptr;     // MemoryContext
  void* statements_ = nullptr;  // List of RawStmt
  std::uint32_t size_ = 0;      // of the text
  std::optional<Error> error_;
};

}  // namespace cupel::sql
