// Replays migration sets and lets the rules judge every statement.
#pragma once

#include "base/source_text.h"
#include "lint/baseline.h"
#include "lint/finding.h"
#include "lint/rule.h"
#include "lint/selection.h"
#include "lint/settings.h"
#include "migrations/migration.h"
#include "schema/database.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace cupel::lint {

// What of a run is told.
struct Scope {
  const Selection* selection = nullptr;  // nullptr: everything is judged
  BaselineMatcher* baseline = nullptr;   // marks what is known; needs Settings::fingerprints
  bool every_repeat = false;             // also what a rule says once and counts from then on: for writing a baseline
  // For lint_next: what its set is a piece of, for rules about how a folder is written; nullptr: nothing larger.
  const migrations::MigrationSet* whole = nullptr;
  // What the repository says the migrations make, as SQL (pg_dump's): told where it certainly says something else. With more than
  // one set, it is the first one's. nullptr: it says nothing.
  std::shared_ptr<const SourceText> schema_dump = nullptr;
  // Told after each migration: how many of all are replayed. nullptr: nobody asks.
  std::function<void(std::size_t done, std::size_t all)> progress = nullptr;
};

// `rules`: usually rule_table(). Deterministic: the same input gives the same result with any number of threads.
// `seconds` of the result is left 0: the caller knows when it began.
LintResult lint(std::span<const migrations::MigrationSet> sets, std::span<const RuleEntry> rules, const Settings& settings,
                const Scope& scope = {});

// The same for migrations that are about to run on a database whose definitions `present` has: nothing else of the
// history is needed. `present` is left as it was. set.problems are about the whole history, and not repeated. All of `set` is
// judged: scope.selection is not looked at.
LintResult lint_next(const migrations::MigrationSet& set, std::span<const RuleEntry> rules, const Settings& settings,
                     schema::Database& present, const Scope& scope = {});

}  // namespace cupel::lint
