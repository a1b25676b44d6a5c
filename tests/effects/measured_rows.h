// The rows of fixtures/effects: what real servers did.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::effects {

using Row = std::map<std::string, std::string>;

// Reads fixtures/effects/effects-VERSION.csv (RFC 4180).
std::vector<Row> measured_rows(int postgres_version);

// A strongest_lock_on_… cell: "ShareLock partition[p1],partition[p2]" is {"Share", {"p1", "p2"}}.
struct Strongest {
  std::string mode;
  std::set<std::string> relations;
  friend bool operator==(const Strongest&, const Strongest&) = default;
};
Strongest strongest_of(std::string_view cell);
// "index@toast@target[toast]" becomes "toast of the target", of other tables "toast of another".
Strongest strongest_index_of(std::string_view cell);
// A …_blocked cell: "target[t];partition[p1]" is {"p1", "t"}.
std::set<std::string> blocked_of(std::string_view cell);

std::string to_text(const Strongest& strongest);
std::string to_text(const std::set<std::string>& names);

}  // namespace cupel::effects
