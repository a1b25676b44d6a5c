// The options of lint and baseline.
#include "cli/commands.h"
#include "cli/lint_output.h"
#include "cli/snapshot.h"
#include "effects/effects.h"

#include <memory>

#include <CLI/CLI.hpp>

namespace cupel::cli {
namespace {

void add_baseline_option(CLI::App& command, std::string& file) {
  CLI::Option* option =
      command.add_option("--baseline", file, "Known findings (default: cupel-baseline.json beside cupel.toml, if it is there)");
  option->type_name("FILE");
  refuse_empty(*option);
}

void add_path_argument(CLI::App& command, std::vector<std::string>& paths, const char* words) {
  CLI::Option* option = command.add_option("path", paths, words);
  option->type_name("PATH");
  refuse_empty(*option);
}

void add_scope_options(CLI::App& command, LintOptions& options) {
  constexpr const char* group = "Only what matters now";
  CLI::Option* since = command.add_option("--since", options.since, "Only what changed since the common commit with this branch (git)");
  since->type_name("REF")->group(group);
  refuse_empty(*since);
  command.add_flag("--staged", options.staged, "Only what the next commit changes (git)")->group(group);
  CLI::Option* until =
      command.add_option("--applied-until", options.applied_until, "This revision and all before it ran already: only what comes after");
  until->type_name("REV")->group(group);
  refuse_empty(*until);
  CLI::Option* database = command.add_option("--database", options.database,
                                             "Only what this database has not run, judged on what is in it: a URI or a connection string");
  database->type_name("URL")->group(group);
  refuse_empty(*database);
  for (const char* other : {"--since", "--staged", "--applied-until", "--pg-version"}) database->excludes(other);
  add_baseline_option(command, options.baseline);
  command.get_option("--baseline")->group(group);
  command.add_flag("--no-baseline", options.no_baseline, "Known findings count, too")->group(group)->excludes("--baseline");
  command.add_flag("--write-baseline", options.write_baseline, "Note all findings as known, and exit with 0")
      ->group(group)
      ->excludes("--since")
      ->excludes("--staged")
      ->excludes("--applied-until")
      ->excludes("--database")
      ->excludes("--no-baseline");
}

void add_snapshot_options(CLI::App& command, LintOptions& options) {
  CLI::Option* snapshot = command.add_option("--snapshot", options.snapshot,
                                             "Sizes of tables (default: cupel.snapshot.json beside cupel.toml, if it is there)");
  snapshot->type_name("FILE");
  refuse_empty(*snapshot);
  command.add_flag("--no-snapshot", options.no_snapshot, "Ignore any snapshot")->excludes(snapshot);
}

void add_report_options(CLI::App& command, LintOptions& options) {
  command.add_option("--format", options.format, "text, compact, json, sarif, github, gitlab, junit, rdjson, markdown or html")
      ->check(CLI::IsMember(format_names()))
      ->type_name("FORMAT")
      ->capture_default_str();
  CLI::Option* output = command.add_option("--output", options.outputs,
                                           "Where to write: FILE, FORMAT:FILE, or FORMAT for standard output; may be given again");
  output->type_name("OUTPUT")->allow_extra_args(false);
  refuse_empty(*output);
  command.add_option("--fail-on", options.fail_on, "Exit with 1 from this severity on: error (default), warning, info, never")
      ->check(CLI::IsMember({"error", "warning", "info", "never"}))
      ->type_name("SEVERITY");
  command.add_option("--color", options.color, "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->type_name("WHEN")
      ->capture_default_str();
}

}  // namespace

void refuse_empty(CLI::Option& option) {
  option.check(CLI::Validator([](const std::string& word) { return word.empty() ? std::string("is empty") : std::string(); }, ""));
}

void add_common_options(CLI::App& command, CommonOptions& options) {
  CLI::Option* config =
      command.add_option("--config", options.config, "Configuration file (default: cupel.toml here or in a folder above)");
  config->type_name("FILE");
  refuse_empty(*config);
  command.add_flag("--no-config", options.no_config, "Ignore any cupel.toml")->excludes(config);
  command.add_option("--pg-version", options.postgres_version, "Major version of the PostgreSQL that will run the migrations (default 18)")
      ->check(CLI::Range(effects::first_version, effects::last_version))
      ->type_name("N");
  CLI::Option* layout = command.add_option("--layout", options.layout, "The runner the folder is made for (default: detected)");
  layout->type_name("NAME");
  refuse_empty(*layout);
}

void add_lint_commands(CLI::App& app, Action& action) {
  auto lint = std::make_shared<LintOptions>();
  CLI::App* command = app.add_subcommand("lint", "Replay migrations and report what is dangerous in them");
  add_path_argument(*command, lint->paths, "Folders or files; - is standard input (default: paths of cupel.toml, else .)");
  add_common_options(*command, lint->common);
  add_report_options(*command, *lint);
  command->add_option("--rule", lint->rules, "Only this rule (may be given again)")
      ->type_name("RULE")
      ->delimiter(',')
      ->allow_extra_args(false);
  command->add_option("--skip", lint->skip, "Not this rule (may be given again)")
      ->type_name("RULE")
      ->delimiter(',')
      ->allow_extra_args(false);
  CLI::Option* name = command->add_option("--stdin-filepath", lint->stdin_file_path,
                                          "The name standard input is shown under; its form helps to detect the layout");
  name->type_name("FILE");
  refuse_empty(*name);
  CLI::Option* exact = command->add_flag(
      "--exact", lint->exact, "Run revisions in C++ against a recorder and judge exactly what they ask for: only for code that you trust");
  command->add_option("--module", lint->modules, "With --exact: a module of revisions in C++, built by the project")
      ->needs(exact)
      ->type_name("FILE");
  command->add_option("--threads", lint->threads, "Threads to parse with (default: one per core)")
      ->check(CLI::Range(1, 1024))
      ->type_name("N");
  add_snapshot_options(*command, *lint);
  add_scope_options(*command, *lint);
  for (const char* other : {"--since", "--staged", "--applied-until", "--database", "--baseline", "--write-baseline"})
    exact->excludes(other);
  command->callback([lint, &action] { action = [lint] { return lint_command(*lint); }; });

  auto baseline = std::make_shared<BaselineOptions>();
  command = app.add_subcommand("baseline", "Tell which known findings are not found any more");
  add_path_argument(*command, baseline->paths, "Folders or files (default: paths of cupel.toml, else .)");
  add_common_options(*command, baseline->common);
  add_baseline_option(*command, baseline->baseline);
  CLI::Option* prune = command->add_flag("--prune", baseline->prune, "Take them out of the baseline");
  command->add_flag("--check", baseline->check, "Exit with 1 if there are any")->excludes(prune);
  command->callback([baseline, &action] { action = [baseline] { return baseline_command(*baseline); }; });

  auto suppressions = std::make_shared<SuppressionsOptions>();
  command = app.add_subcommand("suppressions", "List what is suppressed, why, by whom and until when");
  add_path_argument(*command, suppressions->paths, "Folders or files (default: paths of cupel.toml, else .)");
  add_common_options(*command, suppressions->common);
  command->add_option("--format", suppressions->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->type_name("FORMAT")
      ->capture_default_str();
  command->callback([suppressions, &action] { action = [suppressions] { return suppressions_command(*suppressions); }; });

  auto snapshot = std::make_shared<DatabaseOptions>();
  command = app.add_subcommand("snapshot", "Print how big a database's tables are, for cupel.snapshot.json")->group("With a database");
  CLI::Option* url =
      command->add_option("--database", snapshot->database, "Connection string (default: CUPEL_DATABASE_URL, else cupel.toml)");
  url->type_name("URL");
  CLI::Option* config =
      command->add_option("--config", snapshot->common.config, "Configuration file (default: cupel.toml here or in a folder above)");
  config->type_name("FILE");
  refuse_empty(*config);
  command->add_flag("--no-config", snapshot->common.no_config, "Ignore any cupel.toml")->excludes(config);
  command->callback([snapshot, &action] { action = [snapshot] { return snapshot_command(*snapshot); }; });
}

}  // namespace cupel::cli
