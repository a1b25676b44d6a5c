// `cupel upgrade` and `cupel downgrade`.
#pragma once

#include <string>

#include "cli/database.h"

namespace cupel::cli {

struct RunCommandOptions {
  DatabaseOptions database;
  WaitOptions waits;
  execute::Direction direction = execute::Direction::upgrade;
  std::string target;
  std::string log_format = "text";
  bool offline = false;        // --sql
  std::string report;          // --report FILE
  struct Backup {
    std::string folder, command;
  } backup;
};
int run_command(const RunCommandOptions& options);

}  // namespace cupel::cli
