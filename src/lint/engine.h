// Replays migration sets and lets the rules judge every statement.
#pragma once

#include "lint/finding.h"
#include "lint/rule.h"
#include "lint/settings.h"
#include "migrations/migration.h"
#include "schema/database.h"

#include <span>
#include <vector>

namespace cupel::lint {

// `rules`: usually rule_table(). Deterministic: the same input gives the same result with any number of threads.
// `seconds` of the result is left 0: the caller knows when it began.
LintResult lint(std::span<const migrations::MigrationSet> sets, std::span<const RuleEntry> rules, const Settings& settings);

// The same for migrations that are about to run on a database whose definitions `present` has: nothing else of the
// history is needed. `present` is left as it was. set.problems are about the whole history, and not repeated.
LintResult lint_next(const migrations::MigrationSet& set, std::span<const RuleEntry> rules, const Settings& settings,
                     schema::Database& present);

}  // namespace cupel::lint
