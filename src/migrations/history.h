// What a set of migrations changes in one that was there before: what is new, and what a database that ran the old one
// will not get. Pure: compares two sets, wherever they were read from.
#pragma once

#include "migrations/migration.h"

#include <string_view>
#include <vector>

namespace cupel::migrations {

// Which directions of a migration differ, in their text or how they are sent, from what was there before. A new migration
// differs in all it has.
struct ChangedParts {
  bool upgrade = false;
  bool downgrade = false;
  bool is_new = false;  // its revision was not there before
};
// One per migration of `now`. A migration whose revision or file alone is another one is not changed.
std::vector<ChangedParts> changed_parts(const MigrationSet& before, const MigrationSet& now);

// What `now` does to migrations of `applied`, which ran somewhere: those edited, deleted or renamed
// ("edited-applied-migration"). `ran` says in messages where: "origin/main". Texts of `applied` that problems point at are
// added to now.sources.
std::vector<Problem> edited_applied(const MigrationSet& applied, MigrationSet& now, std::string_view ran);

// New migrations of `now` that come before one of `applied` ("late-migration"). `merged`: both together, as a merge makes
// them; its texts are those of `now` or are added to it.
std::vector<Problem> late_migrations(const MigrationSet& applied, const MigrationSet& merged, MigrationSet& now, std::string_view ran);

// What happens to a migration that comes before one a database has: "goose refuses to run (unless -allow-missing)".
std::string_view fate_of_late_migration(std::string_view layout);

// What is wrong with `merged` as a whole (several heads, one version twice …) and with neither `now` nor `base` alone, whose
// merge it is.
std::vector<Problem> problems_of_merge(const MigrationSet& base, const MigrationSet& merged, MigrationSet& now, std::string_view ran);

}  // namespace cupel::migrations
