// Lines of a text as the runners' own line-based parsers see them, and the few string questions they ask.
#pragma once

#include "base/span.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::migrations {

class TextLines {
 public:
  explicit TextLines(std::string_view text) : text_(text) {}
  // The next line without its line end (\n or \r\n); nothing at the end of the text.
  std::optional<Span> next();
  // The offset right after the line end of the line given last.
  [[nodiscard]] std::uint32_t end() const { return at_; }

 private:
  std::string_view text_;
  std::uint32_t at_ = 0;
};

// White space here is that of ASCII.
std::string_view trim(std::string_view text);
bool is_blank(std::string_view text);
bool equals_ignoring_case(std::string_view a, std::string_view b);
bool contains_ignoring_case(std::string_view text, std::string_view lower_case_word);
// The words of `text` between white space and `separators`.
std::optional<std::string_view> next_word(std::string_view& text, std::string_view separators = {});

// The bytes of `part` as a span of `text`, which holds it.
Span span_in(std::string_view text, std::string_view part);

// Each ${…} of `text` that lies on one line.
std::vector<Span> placeholders_in(std::string_view text);
// Adds those in one piece of it.
void add_placeholders(std::string_view text, Span piece, std::vector<Span>& placeholders);

}  // namespace cupel::migrations
