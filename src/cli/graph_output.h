// Revisions as text and as JSON (docs/revisions.md): strings out, nothing is printed here.
#pragma once

#include "migrations/migration.h"
#include "migrations/revision_map.h"

#include <span>
#include <string>
#include <vector>

namespace cupel::cli {

// Some revisions of one folder.
struct RevisionSelection {
  const migrations::MigrationSet* set = nullptr;
  const migrations::RevisionMap* map = nullptr;  // over migrations that begin with the set's, in their order
  std::vector<std::size_t> revisions;            // in the order they run
  const migrations::Applied* applied = nullptr;  // marks what is applied; null: nobody asked a database
};

enum class Detail { lines, everything };

// "ID (label) (head), title", a line each. With everything, a block each, as `show` has it.
std::string heads_text(const RevisionSelection& selection, Detail detail);
// Each branch point with the revisions after it.
std::string branches_text(const RevisionSelection& selection, Detail detail);
// "PARENTS (DEPENDENCIES) -> ID (label) (head), title", newest first.
std::string history_text(const RevisionSelection& selection, Detail detail);
// Everything that is known of each.
std::string show_text(const RevisionSelection& selection);

// The selections as one document; docs/json-format.md describes it.
std::string revisions_json(std::span<const RevisionSelection> selections);

}  // namespace cupel::cli
