// Where findings are, as people and formats count it: lines and columns from byte offsets, quickly on huge lines too.
#pragma once

#include "base/source_text.h"
#include "lint/finding.h"

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace cupel::report {

// Positions in one text. SourceText::position walks a line from its start; many findings on one line of megabytes would
// make that quadratic, so this keeps marks along long lines. A byte order mark at the start of a text takes no column.
class Locator {
 public:
  explicit Locator(const SourceText& source) : source_(&source) {}

  [[nodiscard]] Position at(std::uint32_t offset);
  [[nodiscard]] const SourceText& source() const { return *source_; }

 private:
  struct Mark {
    std::uint32_t offset;
    std::uint32_t column;
    std::uint32_t utf16_column;
  };

  [[nodiscard]] std::uint32_t line_of(std::uint32_t offset) const;

  const SourceText* source_;
  std::unordered_map<std::uint32_t, std::vector<Mark>> marks_;  // by line; ascending, filled as far as was asked
};

// The texts of a result; made once per report.
class Places {
 public:
  explicit Places(const lint::LintResult& result);

  // Null for a finding that has no text (its `source` names none).
  [[nodiscard]] Locator* in(std::size_t source) { return source < locators_.size() && locators_[source] ? &*locators_[source] : nullptr; }

 private:
  std::vector<std::optional<Locator>> locators_;
};

// True for a finding about a whole file: it points at nothing in it.
[[nodiscard]] inline bool about_whole_file(Span span) { return span.empty() && span.begin == 0; }

// Per finding, what stays the same when lines move: its fingerprint and, as the same statement may be written twice in
// a file, which of them it is: "8c1f…:1".
std::vector<std::string> numbered_fingerprints(const lint::LintResult& result);

}  // namespace cupel::report
