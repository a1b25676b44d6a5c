// Lint as a gate before an upgrade: what is about to run, judged on what is there.
#pragma once

#include "base/result.h"
#include "cli/configuration.h"
#include "execute/plan.h"
#include "migrations/migration.h"

#include <string>
#include <vector>

namespace cupel::cli {

struct LintGateOptions {
  std::string format = "text";  // text, json, sarif
  std::string output;           // empty: standard output
  std::string fail_on;          // empty: as configured
};

// Writes the findings on the upgrades of `plan`; true if none is at the level that forbids them. `set`: the folder's
// own migrations.
Result<bool> pass_lint_gate(const LintGateOptions& options, const Configuration& configuration, const migrations::MigrationSet& set,
                            const execute::Plan& plan, int postgres_version);

}  // namespace cupel::cli
