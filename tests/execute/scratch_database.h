// Real servers and databases for tests. The servers are those that ctest's fixture started, or else one that is started at
// the first question and stopped at the end of the program.
#pragma once

#include "execute/pg_session.h"
#include "migrations/migration.h"

#include <string>
#include <string_view>
#include <vector>

namespace cupel::execute {

// The major versions there are servers for, in ascending order. Never empty: without any server tests must fail.
const std::vector<int>& server_versions();
// The first and the last of them: what differs between versions differs between these.
std::vector<int> outer_server_versions();
// What must be skipped loudly if version `major` is not there.
bool has_server(int major);

// A new, empty database; dropped when the object ends. `major`: 0 takes the last version.
class ScratchDatabase {
 public:
  explicit ScratchDatabase(int major = 0);
  ~ScratchDatabase();
  ScratchDatabase(const ScratchDatabase&) = delete;
  ScratchDatabase& operator=(const ScratchDatabase&) = delete;

  [[nodiscard]] const std::string& target() const { return target_; }
  // A session of its own; a failure to connect ends the test program.
  [[nodiscard]] PgSession connect() const;
  // Runs `sql` in a session of its own; the last rows as text, columns joined with '|', rows with '\n'. An error is "ERROR: …".
  std::string ask(std::string_view sql) const;

 private:
  std::string server_, name_, target_;
};

// A folder of cupel's own layout with these files, read.
struct File {
  std::string name, text;
};
migrations::MigrationSet read_files(const std::vector<File>& files);

}  // namespace cupel::execute
