// What a statement is waiting for, or how far it is, as a second connection sees it.
#pragma once

#include "execute/pg_session.h"

#include <optional>
#include <string>
#include <vector>

namespace cupel::execute {

// A session that holds, or queues ahead for, a lock that is waited for.
struct Blocker {
  int pid = 0;
  std::string user, application, state;  // "active", "idle in transaction"
  std::string since;                     // how long its transaction is open: "00:03:12"
  std::string query;                     // the latest one, in one line, cut
};

// From pg_stat_progress_* (manual 28.4).
struct Progress {
  std::string phase;           // "building index: scanning table"
  std::optional<int> percent;  // of this phase
};

struct Observation {
  std::vector<Blocker> blockers;
  std::optional<Progress> progress;
  std::vector<int> blocked;  // sessions that wait for us
};

// Watches one server process of ours. The connection is made at the first question; without one nothing is observed.
class Observer {
 public:
  // `target`: the connection string of the session that is watched; `pid`: its server process.
  Observer(std::string target, int pid) : target_(std::move(target)), pid_(pid) {}
  Observation observe();

 private:
  std::string target_;
  int pid_;
  std::optional<PgSession> session_;
  bool failed_ = false;
};

}  // namespace cupel::execute
