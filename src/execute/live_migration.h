// Revisions whose statements are known only while they run: code reads data and decides. Each is one transaction.
#pragma once

#include "base/result.h"
#include "execute/pg_session.h"
#include "migrations/migration.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::execute {

struct PlannedRevision;

// Where the code asks for a statement.
struct LivePlace {
  std::string file;
  unsigned line = 0;
};

// What such code is given. After a failure everything fails; the run knows what the first one was.
class LiveConnection {
 public:
  virtual ~LiveConnection() = default;
  // One statement or several.
  virtual bool execute(std::string_view sql, const LivePlace& place) = 0;
  // One statement with $1, $2, …; its answer, or null where it failed. The pointer holds until the next call.
  virtual const Outcome* query(std::string_view sql, const std::vector<std::optional<std::string>>& parameters, const LivePlace& place) = 0;
  // The code itself is wrong (a request without meaning): nothing of it may stay.
  virtual void refuse(const std::string& why, const LivePlace& place) = 0;
};

class LiveMigration {
 public:
  virtual ~LiveMigration() = default;
  // Called again after a rollback, where locks could not be had. An error is what the code threw.
  virtual Status run(migrations::Direction direction, LiveConnection& connection) = 0;
};

// The revision's pieces become one that `migration` runs; it must outlive the run. Null: only to show what would run.
void make_live(PlannedRevision& revision, LiveMigration* migration);

}  // namespace cupel::execute
