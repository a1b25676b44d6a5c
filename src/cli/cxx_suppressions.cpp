#include "cli/cxx_suppressions.h"

#include <fstream>
#include <string_view>

namespace cupel::cli {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

// "ignore RULE: REASON" of a line's comment; empty if it has none.
std::string suppression_in(std::string_view line, std::string_view word) {
  for (const std::string_view opening : {"//", "/*"}) {
    for (std::size_t at = line.find(opening); at != std::string_view::npos; at = line.find(opening, at + 2)) {
      std::string_view comment = trimmed(line.substr(at + 2));
      if (!comment.starts_with("cupel:")) continue;
      comment.remove_prefix(6);
      if (comment.ends_with("*/")) comment = trimmed(comment.substr(0, comment.size() - 2));
      if (comment.starts_with(word) && comment.size() > word.size() && (comment[word.size()] == ' ' || comment[word.size()] == '\t'))
        return std::string(comment);
    }
  }
  return {};
}

bool is_comment(std::string_view line) {
  const std::string_view text = trimmed(line);
  return text.starts_with("//") || (text.starts_with("/*") && text.ends_with("*/"));
}

}  // namespace

std::vector<std::string> CxxSuppressions::at(const std::string& file, unsigned line) {
  const std::vector<std::string>& text = lines(file);
  std::vector<std::string> found;
  const auto add = [&](std::string_view from, std::string_view word) {
    if (std::string suppression = suppression_in(from, word); !suppression.empty()) found.push_back(std::move(suppression));
  };
  if (line == 0) {
    for (const std::string& one : text) add(one, "ignore-file");
    return found;
  }
  if (line > text.size()) return found;
  std::size_t first = line - 1;
  while (first > 0 && is_comment(text[first - 1])) --first;
  for (std::size_t i = first; i < line; ++i) add(text[i], "ignore");
  return found;
}

const std::vector<std::string>& CxxSuppressions::lines(const std::string& file) {
  const auto [entry, is_new] = files_.try_emplace(file);
  if (is_new) {
    std::ifstream stream(file);
    for (std::string line; std::getline(stream, line);) entry->second.push_back(line);
  }
  return entry->second;
}

}  // namespace cupel::cli
