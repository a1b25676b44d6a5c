// What the commands that need a database work on: the folder, the session, the journal, and how they compare.
#pragma once

#include "base/result.h"
#include "cli/commands.h"
#include "cli/configuration.h"
#include "cli/cxx_revisions.h"
#include "execute/comparison.h"
#include "execute/journal.h"
#include "execute/runner.h"
#include "migrations/migration.h"
#include "migrations/revision_map.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace cupel::cli {

// Options that every command with a database has.
struct DatabaseOptions {
  CommonOptions common;
  std::string path;                    // the folder; empty: as configured, else the current one
  std::string database;                // --database; empty: CUPEL_DATABASE_URL, else the configuration
  std::vector<std::string> modules{};  // --module; empty: as configured
};
void add_database_options(CLI::App& command, DatabaseOptions& options);

// Options of commands that change the database; each empty: as configured.
struct WaitOptions {
  std::string lock_timeout, lock_budget, statement_timeout, wait;
};
void add_wait_options(CLI::App& command, WaitOptions& options);

// "2s", "500ms", "5min", "0" of option `name`.
Result<std::chrono::milliseconds> parse_duration(const std::string& name, const std::string& text);

// The connection string, from wherever it is given; an error of code usage if nowhere.
Result<std::string> database_target(const DatabaseOptions& options, const Configuration& configuration);

// The one folder of cupel's own layout, its revisions in C++ recorded.
struct OwnMigrations {
  migrations::MigrationSet set;
  LiveRevisions live;
};
// The folder that is meant. An error if there are several, if the folder belongs to another runner, or if its revisions
// do not make a graph.
Result<OwnMigrations> load_own_migrations(const DatabaseOptions& options, const Configuration& configuration);

// Who runs `command`, for the journal.
execute::RunDescription describe_run(std::string command, std::string target);

// The folder and the database as they are now.
struct Deployment {
  Configuration configuration;
  migrations::MigrationSet set;  // revisions that only the journal knows are appended to its migrations
  LiveRevisions live;
  std::size_t in_folder = 0;  // so many of them are the folder's
  std::string target;         // connection string: not to be shown
  execute::PgSession session;
  execute::Journal journal;
  execute::JournalState state;
  execute::Comparison comparison;
  // Wholly applied or being taken back; for RevisionMap.
  migrations::Applied applied;
};
Result<Deployment> open_deployment(const DatabaseOptions& options);
// Reads the journal again, after the lock was taken.
Status refresh(Deployment& deployment);

}  // namespace cupel::cli
