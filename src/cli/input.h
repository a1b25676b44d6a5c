// What the commands work on: the configuration and the migrations that the user named.
#pragma once

#include "base/result.h"
#include "cli/commands.h"
#include "cli/configuration.h"
#include "migrations/migration.h"

#include <string>
#include <vector>

namespace cupel::cli {

// The configuration (--config, or cupel.toml in the current folder or above) with the command line's options over it.
Result<Configuration> load_configuration(const CommonOptions& options);

// The migrations of every path; "-" is standard input, shown as `stdin_file_path`. Without paths: those of the
// configuration, else the current folder.
Result<std::vector<migrations::MigrationSet>> load_migrations(const std::vector<std::string>& paths, const Configuration& configuration,
                                                              const std::string& stdin_file_path);

// The paths to look at: `paths`, else those of the configuration, else the current folder.
std::vector<std::string> wanted_paths(const std::vector<std::string>& paths, const Configuration& configuration);
// What several paths name (a folder and a file in it, both directions of a migration) is judged once, where most of its
// surroundings are known.
void drop_repeated(std::vector<migrations::MigrationSet>& sets);

// The bytes of `file`; empty if there is no such file yet.
Result<std::string> present_text(const std::string& file);

// A command's end: its exit code, or that of the error, which is said first.
int finish(const Result<int>& code);

}  // namespace cupel::cli
