// `cupel upgrade`, `cupel downgrade` and `cupel lint-and-upgrade`.
#pragma once

#include "cli/database.h"
#include "cli/lint_gate.h"

#include <optional>
#include <string>

namespace cupel::cli {

struct RunCommandOptions {
  DatabaseOptions database;
  WaitOptions waits;
  execute::Direction direction = execute::Direction::upgrade;
  std::string target;
  std::string log_format = "text";
  bool offline = false;  // --sql
  std::string report;    // --report FILE
  struct Backup {
    std::string folder, command;
  } backup;
  std::optional<LintGateOptions> lint;  // lint-and-upgrade
};
int run_command(const RunCommandOptions& options);

}  // namespace cupel::cli
