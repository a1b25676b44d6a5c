// Places as LSP counts them: lines from 0, and in a line UTF-16 units or bytes, whichever client and server agreed on.
#pragma once

#include "base/span.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::lsp {

enum class PositionEncoding { utf16, utf8 };

struct TextPosition {
  std::uint32_t line = 0;
  std::uint32_t character = 0;
  friend bool operator==(const TextPosition&, const TextPosition&) = default;
};

struct TextRange {
  TextPosition begin, end;
  friend bool operator==(const TextRange&, const TextRange&) = default;
};

// The lines of a text, which must outlive this and stay as it is. A line ends with \n, \r\n or a lone \r (LSP 3.17, "Text
// Documents"), where cupel's reports know \n only.
class Lines {
 public:
  Lines(std::string_view text, PositionEncoding encoding);

  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] TextPosition position(std::uint32_t offset) const;
  // What lies behind the end of a line or of the text is that end (LSP 3.17, "Position"); inside a character, its begin.
  [[nodiscard]] std::uint32_t offset(TextPosition position) const;
  [[nodiscard]] TextRange range(Span span) const { return {position(span.begin), position(span.end)}; }
  // Ends that come in the wrong order are taken the other way round.
  [[nodiscard]] Span span(TextRange range) const;

  // The line around `offset`, without its end.
  [[nodiscard]] Span line_around(std::uint32_t offset) const;

 private:
  [[nodiscard]] std::size_t line_of(std::uint32_t offset) const;
  [[nodiscard]] std::uint32_t end_of_line(std::size_t line) const;

  std::string_view text_;
  PositionEncoding encoding_;
  std::vector<std::uint32_t> begins_;
};

// An open document, as its client has it.
struct Document {
  std::string uri;
  std::string path;
  std::int64_t version = 0;
  std::string text;
};

// One element of didChange's contentChanges.
void replace(Document& document, TextRange range, std::string_view text, PositionEncoding encoding);

}  // namespace cupel::lsp
