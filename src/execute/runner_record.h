// What another runner's own table says it has applied to a database.
#pragma once

#include "base/result.h"
#include "execute/pg_session.h"
#include "migrations/layout.h"
#include "migrations/migration.h"

#include <optional>
#include <string>
#include <vector>

namespace cupel::execute {

struct RunnerRecord {
  std::string table;                       // where it was read
  std::vector<std::string> applied;        // revisions
  std::vector<std::string> applied_up_to;  // revisions that are applied with all that come before them
  std::vector<std::string> unfinished;     // revisions that a failed run left half done
  bool in_order = false;                   // the runner knows one place in the order: what is before it is applied
};

// Reads the table of `layout`'s runner, if there is one. Nothing if the runner has not run on this database.
Result<std::optional<RunnerRecord>> read_runner_record(PgSession& session, const migrations::Layout& layout);

// Which migrations of `set` it has: one per migration. `unknown`, if given: revisions that it names and the set has not.
std::vector<bool> applied_by(const RunnerRecord& record, const migrations::MigrationSet& set, std::vector<std::string>* unknown = nullptr);

}  // namespace cupel::execute
