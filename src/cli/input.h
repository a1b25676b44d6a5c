// What the commands work on: the configuration and the migrations that the user named.
#pragma once

#include "base/result.h"
#include "cli/commands.h"
#include "cli/configuration.h"
#include "embedded/sources.h"
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
// The same with the SQL of C++ sources among them, read without running anything: for commands that only look. What is told
// about the result has to pass through `sources`.
Result<std::vector<migrations::MigrationSet>> load_migrations(const std::vector<std::string>& paths, const Configuration& configuration,
                                                              const std::string& stdin_file_path, embedded::Sources* sources);

// The bytes of `file`; empty if there is no such file yet.
Result<std::string> present_text(const std::string& file);

// A command's end: its exit code, or that of the error, which is said first.
int finish(const Result<int>& code);

}  // namespace cupel::cli
