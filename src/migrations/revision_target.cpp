#include "migrations/revision_target.h"

#include "migrations/file_name.h"

#include <algorithm>
#include <array>

namespace cupel::migrations {

bool is_symbolic_name(std::string_view word) {
  constexpr std::array<std::string_view, 4> names = {"head", "heads", "base", "current"};
  return std::find(names.begin(), names.end(), word) != names.end();
}

std::optional<RevisionTarget> cut_steps(std::string_view text) {
  const std::size_t sign = text.find_last_of("+-");
  if (sign == std::string_view::npos || !all_digits(text.substr(sign + 1))) return std::nullopt;
  RevisionTarget target;
  target.text = text;
  target.symbol = text.substr(0, sign);
  target.direction = text[sign] == '+' ? RevisionTarget::Steps::forward : RevisionTarget::Steps::back;
  constexpr std::size_t most = 1'000'000'000;
  for (const char digit : text.substr(sign + 1)) {
    target.steps = std::min(most, target.steps * 10 + static_cast<std::size_t>(digit - '0'));
  }
  return target;
}

std::optional<RevisionRange> cut_range(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  return RevisionRange{text.substr(0, colon), text.substr(colon + 1)};
}

}  // namespace cupel::migrations
