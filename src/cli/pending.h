// What a database has not run yet, whichever runner keeps the record.
#pragma once

#include "base/result.h"
#include "cli/configuration.h"
#include "lint/engine.h"
#include "lint/finding.h"
#include "migrations/migration.h"

#include <string>
#include <vector>

namespace cupel::cli {

// Judges the migrations of `sets` that the database at `target` has not run, on the definitions and sizes that it has, and
// for its version: configuration.lint gets them. Where a failed run left something half done, that is not what the files say:
// then the folder's history is replayed instead. Only reads; `target` is not shown. Errors: several folders, a runner whose
// record is not known, a database that cannot be read. scope.selection is made here.
Result<lint::LintResult> lint_pending(const std::string& target, const std::vector<migrations::MigrationSet>& sets,
                                      Configuration& configuration, lint::Scope scope);

}  // namespace cupel::cli
