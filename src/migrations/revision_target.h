// The parts of what a user writes for a revision: branch@symbol±steps.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace cupel::migrations {

// Views of the user's text.
struct RevisionTarget {
  std::string_view text;    // all of it
  std::string_view branch;  // before the @; empty: none
  std::string_view symbol;  // an id, a label or a symbolic name; empty: steps only, from where the database is
  enum class Steps { none, forward, back };
  Steps direction = Steps::none;
  std::size_t steps = 0;
};

// head, heads, base, current: what no revision may be called.
bool is_symbolic_name(std::string_view word);

// Cuts "symbol±steps" in two. Nothing when `text` does not end in a sign and digits. More steps than any history has
// are as many as it takes.
std::optional<RevisionTarget> cut_steps(std::string_view text);

// "a:b" as a and b, either may be empty.
struct RevisionRange {
  std::string_view lower, upper;
};
std::optional<RevisionRange> cut_range(std::string_view text);

}  // namespace cupel::migrations
