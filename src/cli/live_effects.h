// `cupel effects --live`: the predictions beside what a scratch database on a real server shows.
#pragma once

#include "base/result.h"
#include "cli/configuration.h"
#include "migrations/migration.h"

#include <string>
#include <vector>

namespace cupel::cli {

// Runs the upgrades of `sets`, each set in a database that is made for it on the server of `target` (a connection string; not
// shown) and dropped again. `format`: "text" or "json". Writes to stdout. The exit code: exit_findings where a statement did
// something else than predicted. Errors: no connection, no right to create databases.
Result<int> measure_effects(std::vector<migrations::MigrationSet> sets, const Configuration& configuration, const std::string& target,
                            const std::string& format);

}  // namespace cupel::cli
