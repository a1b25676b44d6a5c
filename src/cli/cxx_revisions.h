// Revisions written in C++, for the commands that execute: found in the folder, taken from modules or compiled, and recorded, so that
// they become migrations like those in SQL. Never for untrusted code: all of this runs it.
#pragma once

#include "base/result.h"
#include "cli/configuration.h"
#include "migrations/layout.h"
#include "migrations/migration.h"

#include <map>
#include <string>
#include <vector>

namespace cupel::cli {

// How to run a revision that asks for data.
struct LiveRevision {
  std::string module, id;
  bool upgrade = false, downgrade = false;  // which of them does
};
using LiveRevisions = std::map<std::string, LiveRevision, std::less<>>;  // by id

struct RecordedMigrations {
  std::vector<migrations::MigrationSet> sets;
  LiveRevisions live;
};

// As load_migrations, with the revisions written in C++. `modules`: of the command line; else those of the configuration.
Result<RecordedMigrations> load_recorded_migrations(const std::vector<std::string>& paths, const Configuration& configuration,
                                                    const std::vector<std::string>& modules);

}  // namespace cupel::cli
