// The same statements given to a server and to the replay, and how what came of them differs.
#pragma once

#include "execute/live_schema.h"
#include "execute/pg_session.h"
#include "schema/comparison.h"
#include "schema/database.h"
#include "tests/execute/scratch_database.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::execute {

class ReplayAndServer {
 public:
  explicit ReplayAndServer(int major = 0) : scratch_(major), session_(scratch_.connect()) {}

  // Empties both.
  void reset();
  // Runs each statement; one that the server refuses is not replayed. How many it took.
  std::size_t run(std::string_view sql);
  // What the last statement that was refused got as an answer; empty if none was.
  [[nodiscard]] const std::string& refusal() const { return refusal_; }

  LiveSchema read();
  // What differs, one message a line; information left out. What the database could not be read for is a failure.
  struct Differences {
    std::string certain, unsure;
  };
  Differences differences();

  schema::Database& replayed() { return replay_->database; }
  PgSession& session() { return session_; }

 private:
  struct Replay {
    std::vector<std::unique_ptr<SourceText>> sources;
    std::vector<std::unique_ptr<sql::Script>> scripts;
    schema::Database database;
  };
  ScratchDatabase scratch_;
  PgSession session_;
  std::unique_ptr<Replay> replay_ = std::make_unique<Replay>();
  std::string refusal_;
};

std::string read_file(const std::string& path);
// Files below `folder` (of the project) whose names begin and end so, sorted.
std::vector<std::string> files_below(const std::string& folder, std::string_view begin, std::string_view end);
// The rows of a CSV file (RFC 4180), without its header.
std::vector<std::vector<std::string>> read_csv(const std::string& path);

}  // namespace cupel::execute
