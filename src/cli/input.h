// What the commands work on: the configuration and the migrations that the user named.
#pragma once

#include "base/result.h"
#include "cli/commands.h"
#include "cli/configuration.h"
#include "embedded/sources.h"
#include "migrations/layout.h"
#include "migrations/migration.h"

#include <map>
#include <string>
#include <vector>

namespace cupel::cli {

// The configuration (--config, or cupel.toml in the current folder or above) with the command line's options over it.
Result<Configuration> load_configuration(const CommonOptions& options);

// `paths`, or those of the configuration, or the current folder.
std::vector<std::string> wanted_paths(const std::vector<std::string>& paths, const Configuration& configuration);

// By folder, as wanted_paths has it, without a slash at its end.
using GivenTexts = std::map<std::string, std::vector<migrations::GeneratedText>>;

// The migrations of every path; "-" is standard input, shown as `stdin_file_path`. Without paths: those of the
// configuration, else the current folder. `given`: revisions of C++ files, as they were recorded.
Result<std::vector<migrations::MigrationSet>> load_migrations(const std::vector<std::string>& paths, const Configuration& configuration,
                                                              const std::string& stdin_file_path, const GivenTexts& given = {});
// The same with the SQL of C++ sources among them, read without running anything: for commands that only look. What is told
// about the result has to pass through `sources` (none: nullptr).
Result<std::vector<migrations::MigrationSet>> load_migrations(const std::vector<std::string>& paths, const Configuration& configuration,
                                                              const std::string& stdin_file_path, embedded::Sources* sources);

// What several paths name (a folder and a file in it, both directions of a migration) is judged once, where most of its
// surroundings are known.
void drop_repeated(std::vector<migrations::MigrationSet>& sets);

// The bytes of `file`; empty if there is no such file yet.
Result<std::string> present_text(const std::string& file);

// A command's end: its exit code, or that of the error, which is said first.
int finish(const Result<int>& code);

}  // namespace cupel::cli
