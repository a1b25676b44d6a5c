// "did you mean": the closest of some known words.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cupel {

// The candidate with the smallest edit distance to `word`, if it is at most a third of the word's length (at least 2).
std::optional<std::string> closest_match(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace cupel
