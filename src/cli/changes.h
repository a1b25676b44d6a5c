// Only what matters now: which migrations a branch or a commit brings, and which have run already.
#pragma once

#include "base/result.h"
#include "cli/configuration.h"
#include "lint/selection.h"
#include "migrations/migration.h"

#include <optional>
#include <string>
#include <vector>

namespace cupel::cli {

struct ChangeOptions {
  std::string since;          // --since: what the branch adds to this one
  bool staged = false;        // --staged: what the next commit adds
  std::string applied_until;  // --applied-until: this revision and all before it have run
  [[nodiscard]] bool any() const { return !since.empty() || staged || !applied_until.empty(); }
};

// Migrations, what of them is judged, and what the change does to those that have run: as problems of the sets.
struct ChangedMigrations {
  std::vector<migrations::MigrationSet> sets;
  lint::Selection selection;
};

// The migrations of `paths` (as load_migrations), narrowed to what `options` ask for. Errors: no git, no work tree, an unknown
// commit or revision, a clone too shallow to tell.
Result<ChangedMigrations> load_changed_migrations(const std::vector<std::string>& paths, const Configuration& configuration,
                                                  const ChangeOptions& options);

}  // namespace cupel::cli
