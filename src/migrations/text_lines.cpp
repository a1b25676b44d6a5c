#include "migrations/text_lines.h"

#include "base/ascii.h"

#include <algorithm>
#include <cassert>

namespace cupel::migrations {
namespace {

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

}  // namespace

std::optional<Span> TextLines::next() {
  if (at_ >= text_.size()) return std::nullopt;
  const std::size_t newline = text_.find('\n', at_);
  Span line{at_, static_cast<std::uint32_t>(newline == std::string_view::npos ? text_.size() : newline)};
  at_ = newline == std::string_view::npos ? line.end : line.end + 1;
  if (!line.empty() && text_[line.end - 1] == '\r') --line.end;
  return line;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

bool is_blank(std::string_view text) { return trim(text).empty(); }

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return to_lower(x) == to_lower(y); });
}

bool contains_ignoring_case(std::string_view text, std::string_view lower_case_word) {
  return std::search(text.begin(), text.end(), lower_case_word.begin(), lower_case_word.end(),
                     [](char x, char y) { return to_lower(x) == y; }) != text.end();
}

std::optional<std::string_view> next_word(std::string_view& text, std::string_view separators) {
  const auto separates = [separators](char c) { return is_space(c) || separators.find(c) != std::string_view::npos; };
  std::size_t begin = 0;
  while (begin < text.size() && separates(text[begin])) ++begin;
  std::size_t end = begin;
  while (end < text.size() && !separates(text[end])) ++end;
  const std::string_view word = text.substr(begin, end - begin);
  text.remove_prefix(end);
  if (word.empty()) return std::nullopt;
  return word;
}

Span span_in(std::string_view text, std::string_view part) {
  assert(part.data() >= text.data() && part.data() + part.size() <= text.data() + text.size());
  const auto begin = static_cast<std::uint32_t>(part.data() - text.data());
  return {begin, begin + static_cast<std::uint32_t>(part.size())};
}

std::vector<Span> placeholders_in(std::string_view text) {
  std::vector<Span> found;
  for (std::size_t at = text.find("${"); at != std::string_view::npos; at = text.find("${", at)) {
    const std::size_t end = text.find_first_of("}\n", at);
    if (end == std::string_view::npos) break;
    if (text[end] == '}') found.push_back({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end + 1)});
    at = end;
  }
  return found;
}

void add_placeholders(std::string_view text, Span piece, std::vector<Span>& placeholders) {
  for (const Span found : placeholders_in(piece.of(text))) placeholders.push_back({piece.begin + found.begin, piece.begin + found.end});
}

}  // namespace cupel::migrations
