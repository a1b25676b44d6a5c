// A half-open range of bytes in a text. All offsets in cupel are bytes; columns are made from them only for display.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace cupel {

struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  [[nodiscard]] constexpr bool empty() const { return begin >= end; }
  [[nodiscard]] constexpr std::uint32_t size() const { return end > begin ? end - begin : 0; }
  [[nodiscard]] constexpr bool contains(std::uint32_t offset) const { return begin <= offset && offset < end; }
  // The bytes of `text` under the span; a span that reaches past the end is cut there.
  [[nodiscard]] constexpr std::string_view of(std::string_view text) const {
    return begin >= text.size() ? std::string_view{} : text.substr(begin, size());
  }
  friend constexpr bool operator==(Span, Span) = default;
};

}  // namespace cupel
