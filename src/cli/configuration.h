// cupel.toml: what a project decides once. docs/configuration.md lists the keys.
#pragma once

#include "base/result.h"
#include "lint/settings.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::cli {

// When `cupel lint` exits with 1.
enum class FailOn { error, warning, info, never };
std::optional<FailOn> parse_fail_on(std::string_view word);
std::optional<lint::Severity> parse_severity(std::string_view word);

// [database]: where migrations run, and how patiently. The times are as written ("2s").
struct DatabaseConfiguration {
  std::string url;
  std::string journal_schema = "cupel";
  std::string lock_timeout = "2s", lock_budget = "5min", statement_timeout = "0";
};

// [cxx]: SQL in C++ sources, and how revisions written in C++ become something that runs.
struct CxxConfiguration {
  struct Sink {
    std::string call;      // "Db::run"
    std::int64_t sql = 0;  // which of its arguments is SQL, from 0
  };
  // ---- reading ----------------------------------------------------------------------------------------------------
  bool enabled = true;
  std::vector<Sink> sinks;
  std::vector<std::string> include;  // where headers are, already joined with the configuration's folder
  std::vector<std::string> define;   // NAME or NAME=VALUE
  std::string compilation_database;  // compile_commands.json or its folder, joined likewise; empty: searched for
  std::vector<std::string> skip;     // files and folders that are not read, joined likewise
  // ---- running ----------------------------------------------------------------------------------------------------
  std::vector<std::string> modules;  // shared libraries that the project built, joined likewise
  std::string compiler;              // of revisions that no module has; empty: CXX of the environment, else c++
  std::vector<std::string> flags;    // of that compiler
  std::string record_timeout = "30s";
};

struct Configuration {
  lint::Settings lint;
  std::string layout;              // empty: detected
  std::vector<std::string> paths;  // relative to the configuration's folder, already joined with it
  std::string revision_file_name;  // of new revisions; empty: the default
  FailOn fail_on = FailOn::error;
  std::string base_branch;  // what changes are merged into: "origin/main"; empty: what origin/HEAD is
  std::string schema_dump;  // the schema that the repository keeps, already joined with the configuration's folder; empty: none
  DatabaseConfiguration database;
  CxxConfiguration cxx;
  std::string file;  // where it came from; empty: defaults
};

// Reads `file`. Errors name the file, the line and the nearest known key.
Result<Configuration> read_configuration(const std::string& file);
// The same for text; `name` is shown in errors, `folder` is what relative paths are joined with.
Result<Configuration> parse_configuration(std::string_view text, const std::string& name, const std::string& folder);
// cupel.toml in `folder` or the nearest folder above it, not above the root of a git work tree; empty if there is none. The name is
// relative when `folder` is.
std::string find_configuration(const std::string& folder);

}  // namespace cupel::cli
