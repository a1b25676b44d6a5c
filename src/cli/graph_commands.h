// What the commands about revisions share: their options and the folders they work on.
#pragma once

#include "base/result.h"
#include "cli/commands.h"
#include "cli/configuration.h"
#include "migrations/migration.h"

#include <string>
#include <vector>

namespace cupel::cli {

struct GraphOptions {
  CommonOptions common;
  std::vector<std::string> paths;  // --path
  bool verbose = false;
  bool json = false;
  std::string range;      // of history
  bool indicate = false;  // of history: mark what a database has
  std::string database;   // --database
  std::string revision;   // of show
};

struct NewRevisionOptions {
  CommonOptions common;
  std::string path;  // --path
  std::string message, id;
  std::vector<std::string> parents, labels, depends_on;
  bool splice = false;
  bool merge = false;
};

int init_command(const std::string& folder);
// `revision` and `merge`.
int new_revision_command(const NewRevisionOptions& options);

// Options that all commands about revisions have: --config, --no-config, --layout.
void add_folder_options(CLI::App& command, CommonOptions& options);
// init, revision and merge.
void add_new_revision_commands(CLI::App& app, Action& action);

// As load_migrations, but a folder without migrations is an empty set instead of an error.
Result<std::vector<migrations::MigrationSet>> load_folders(const std::vector<std::string>& paths, const Configuration& configuration);

}  // namespace cupel::cli
