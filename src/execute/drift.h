// Drift: what a database has become besides what its migrations made of it.
#pragma once

#include "base/result.h"
#include "execute/comparison.h"
#include "execute/journal.h"
#include "execute/pg_session.h"
#include "migrations/migration.h"
#include "schema/comparison.h"
#include "schema/database.h"
#include "sql/script.h"

#include <memory>
#include <vector>

namespace cupel::execute {

// What the journal says was done, replayed from files. Owns what its Database points into, but for the set's sources.
struct History {
  std::vector<std::unique_ptr<sql::Script>> scripts;
  schema::Database database;
  // Not all of it could be replayed: a revision without its file, an edited one, a text with a syntax error. A sentence each.
  std::vector<std::string> gaps;
};

// Replays what is applied according to `state`, in the order of the journal; of revisions that are partly applied or taken
// back, the statements that were done. `set` must outlive the result.
History replay_applied(const migrations::MigrationSet& set, const Comparison& comparison, const JournalState& state);

struct Drift {
  std::vector<schema::Difference> differences;
  std::vector<std::string> gaps;  // see History; with any, no difference is certain

  [[nodiscard]] bool any() const;  // some difference is certain
  [[nodiscard]] bool any_unsure() const;
};

// Compares the applied revisions with the database, which is only read. `session` must not be in a transaction.
// `set` and `comparison` are what compare() was given and what it made of it.
Result<Drift> drift(PgSession& session, const Journal& journal, const migrations::MigrationSet& set, const Comparison& comparison,
                    const JournalState& state);

}  // namespace cupel::execute
