// Which migrations are judged. The others are history: replayed to know what exists, and silent.
#pragma once

#include <cstddef>
#include <vector>

namespace cupel::lint {

struct Selection {
  struct Parts {
    bool upgrade = true;
    bool downgrade = true;
  };
  struct Set {
    std::vector<Parts> migrations;  // one per migration of the set
    std::vector<bool> sources;      // one per source: whether problems of the file as a whole are told
  };
  std::vector<Set> sets;  // one per set
};

}  // namespace cupel::lint
