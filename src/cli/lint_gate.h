// Lint as a gate before an upgrade: what is about to run, judged on what is there.
#pragma once

#include "base/result.h"
#include "cli/configuration.h"
#include "cli/database.h"
#include "execute/live_schema.h"
#include "lint/engine.h"
#include "lint/finding.h"

#include <set>
#include <span>
#include <string>
#include <string_view>

namespace cupel::cli {

struct LintGateOptions {
  std::string format = "text";  // text, json, sarif
  std::string output;           // empty: standard output
  std::string fail_on;          // empty: as configured
};

// What was found, and with which settings: those of the configuration, with the database's version and tables' sizes.
struct GateVerdict {
  lint::LintResult result;
  lint::Settings settings;
  bool passed = false;  // nothing is at the level that forbids
};

// Makes `sizes`, those of the database, known to rules. What the user noted about a table goes before what it says.
void note_sizes(const execute::TableSizes& sizes, lint::Settings& settings);

// The findings on `pending`, which come next on a database, judged on the definitions and sizes that it has; `settings` get
// its version and sizes. Leaves out what is in `journal_schema`. Errors: the database cannot be read.
Result<lint::LintResult> judge_next(execute::PgSession& session, const std::string& journal_schema, const migrations::MigrationSet& pending,
                                    lint::Settings& settings, const lint::Scope& scope);

// The findings on the upgrades of `steps`, in that order, judged on the definitions and sizes read from the database;
// where one of them is partly applied, on the folder's history. `fail_on` as in LintGateOptions. Errors: the database
// cannot be read.
Result<GateVerdict> judge_upgrades(Deployment& deployment, std::span<const execute::Step> steps, const std::string& fail_on);

// The same without a database: the upgrades of `revisions`, on the replayed history of `sets`.
GateVerdict judge_history(std::span<const migrations::MigrationSet> sets, const std::set<std::string_view>& revisions,
                          const Configuration& configuration, const std::string& fail_on);

// Judges, writes the findings, and tells whether they let the upgrade run.
Result<bool> pass_lint_gate(const LintGateOptions& options, Deployment& deployment, std::span<const execute::Step> steps);

}  // namespace cupel::cli
