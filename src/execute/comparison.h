// A folder and a database, compared: what is applied, what is not, and what does not fit.
#pragma once

#include "execute/journal.h"
#include "migrations/migration.h"

#include <cstddef>
#include <string>
#include <vector>

namespace cupel::execute {

struct Comparison {
  std::vector<std::size_t> applied;  // migrations of the set, in the order the journal has them; partly applied ones are not here
  std::vector<std::size_t> pending;  // wholly or partly to be applied, in the set's order
  std::vector<std::string> unknown;  // in the journal, and not in the folder
  struct Edited {
    std::size_t migration;
    bool stamped;  // it never ran from this journal's view
  };
  std::vector<Edited> edited;                       // the upgrade that was applied is not what the file says now
  std::vector<std::size_t> upgrading, downgrading;  // begun, and not finished
};

// `set` is the folder; of repeatable migrations nothing is said.
Comparison compare(const migrations::MigrationSet& set, const JournalState& journal);

}  // namespace cupel::execute
