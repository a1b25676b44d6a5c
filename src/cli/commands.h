// The commands of `cupel`: each takes its options as a value, prints its result to stdout and problems to stderr, and
// returns the exit code.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace cupel::cli {

// Documented in README.md and `cupel --help`.
enum ExitCode : int {
  exit_clean = 0,         // done, nothing to do, or nothing at or above --fail-on
  exit_findings = 1,      // findings at or above --fail-on
  exit_usage = 2,         // wrong command line or configuration
  exit_unreadable = 3,    // what was asked for could not be read, parsed or written
  exit_connection = 4,    // the database could not be reached, or the connection broke
  exit_lock_held = 5,     // another run is working on the database
  exit_lock_budget = 6,   // the locks could not be had within the time allowed; rolled back
  exit_failed = 7,        // a migration failed and was rolled back
  exit_partial = 8,       // a migration failed and is partly applied
  exit_edited = 9,        // what is applied is not what the files say, or not in the folder
  exit_graph = 10,        // an unknown or ambiguous revision, a broken graph
  exit_pending = 11,      // status --exit-code, current --check-heads: there are revisions to apply
  exit_interrupted = 12,  // asked to stop
};

// What the command line asked for; set while it is parsed, and run then.
using Action = std::function<int()>;
// upgrade, downgrade, current, status, plan, stamp
void add_database_commands(CLI::App& app, Action& action);

struct CommonOptions {
  std::string config;  // --config; empty: looked for
  bool no_config = false;
  std::optional<int> postgres_version;  // --pg-version
  std::string layout;                   // --layout
};

struct LintOptions {
  CommonOptions common;
  std::vector<std::string> paths;
  std::string format;                // of what --output names no format for; empty: text
  std::vector<std::string> outputs;  // FORMAT, FILE or FORMAT:FILE; none: stdout
  std::string fail_on;               // empty: as configured
  std::string since;                 // --since REF
  bool staged = false;
  std::string applied_until;
  std::string database;  // --database URL: what it has not run
  std::string baseline;  // --baseline FILE; empty: looked for
  bool no_baseline = false;
  bool write_baseline = false;
  std::string snapshot;  // --snapshot FILE; empty: looked for
  bool no_snapshot = false;
  std::vector<std::string> rules, skip;
  std::string color = "auto";
  std::string stdin_file_path;  // --stdin-filepath
  std::optional<unsigned> threads;
  bool exact = false;                // --exact: revisions in C++ are run against a recorder
  std::vector<std::string> modules;  // --module
};
int lint_command(const LintOptions& options);

struct BaselineOptions {
  CommonOptions common;
  std::vector<std::string> paths;
  std::string baseline;  // --baseline FILE
  bool prune = false;
  bool check = false;
};
int baseline_command(const BaselineOptions& options);

struct SuppressionsOptions {
  CommonOptions common;
  std::vector<std::string> paths;
  std::string format = "text";  // text, json
};
int suppressions_command(const SuppressionsOptions& options);

// lint, baseline, suppressions and snapshot.
void add_lint_commands(CLI::App& app, Action& action);
// An unset variable in a script ("$FOLDER") names nothing; it does not mean the default.
void refuse_empty(CLI::Option& option);
// --config, --no-config, --pg-version, --layout.
void add_common_options(CLI::App& command, CommonOptions& options);

struct EffectsOptions {
  CommonOptions common;
  std::vector<std::string> paths;
  std::string format = "text";  // text, json
  std::string live;             // a connection string; empty: nothing is run
};
int effects_command(const EffectsOptions& options);

struct RulesOptions {
  std::string format = "text";
  std::string pages;  // --pages FOLDER: write the documentation there instead
};
int rules_command(const RulesOptions& options);
int explain_command(const std::string& rule);

struct LayoutsOptions {
  std::string format = "text";  // text, json
};
int layouts_command(const LayoutsOptions& options);

struct LockOptions {
  CommonOptions common;
  std::vector<std::string> paths;
  bool check = false;
};
int lock_command(const LockOptions& options);

// Adds init, revision, merge, heads, branches, history and show to `app`. Parsing one of them sets `action`, which must
// outlive the parsing.
void add_graph_commands(CLI::App& app, Action& action);

}  // namespace cupel::cli
