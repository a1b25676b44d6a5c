#include <CLI/CLI.hpp>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include "base/suggest.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/version.h"
#include "effects/effects.h"
#include "sql/script.h"

#include <csignal>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace {

using namespace cupel::cli;

// An unset variable in a script ("$FOLDER") names nothing; it does not mean the default.
CLI::Validator not_empty() {
  return {[](const std::string& word) { return word.empty() ? std::string("is empty") : std::string(); }, ""};
}

void add_common(CLI::App& command, CommonOptions& options) {
  CLI::Option* config =
      command.add_option("--config", options.config, "Configuration file (default: cupel.toml here or in a folder above)");
  config->check(not_empty())->type_name("FILE");
  command.add_flag("--no-config", options.no_config, "Ignore any cupel.toml")->excludes(config);
  command.add_option("--pg-version", options.postgres_version, "Major version of the PostgreSQL that will run the migrations (default 18)")
      ->check(CLI::Range(cupel::effects::first_version, cupel::effects::last_version))
      ->type_name("N");
  command.add_option("--layout", options.layout, "The runner the folder is made for (default: detected)")
      ->check(not_empty())
      ->type_name("NAME");
}

std::string meant(const std::string& word, const std::vector<std::string>& known) {
  const auto closest = cupel::closest_match(word, std::vector<std::string_view>(known.begin(), known.end()));
  return closest ? fmt::format(", did you mean \"{}\"?", *closest) : "";
}

// What is wrong with the command line, in one sentence. CLI11 knows less about it: it says of a misspelt command that there is none.
std::string usage_problem(const CLI::App& app, const CLI::ParseError& error) {
  const std::vector<CLI::App*> commands = app.get_subcommands();
  const CLI::App& command = commands.empty() ? app : *commands.front();
  const std::string help = commands.empty() ? "cupel --help" : fmt::format("cupel {} --help", command.get_name());
  const std::vector<std::string> unknown = command.remaining();
  const bool no_command = commands.empty() && dynamic_cast<const CLI::RequiredError*>(&error) != nullptr;
  if (no_command || dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    std::vector<std::string> names;
    for (const CLI::App* known : app.get_subcommands(nullptr)) names.push_back(known->get_name());
    if (unknown.empty()) return fmt::format("a command is missing: {}; see `{}`", fmt::join(names, ", "), help);
    const std::string word = unknown.front().substr(0, unknown.front().find('='));
    if (!word.starts_with('-')) {
      if (commands.empty()) return fmt::format("unknown command \"{}\"{}; see `{}`", word, meant(word, names), help);
      return fmt::format("\"{}\" is one argument too many; see `{}`", unknown.front(), help);
    }
    names.clear();
    for (const CLI::Option* known : command.get_options()) {
      for (const std::string& name : known->get_lnames()) names.push_back("--" + name);
    }
    return fmt::format("unknown option \"{}\"{}; see `{}`", word, meant(word, names), help);
  }
  return fmt::format("{}; see `{}`", error.what(), help);
}

int answer(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() != 0) {
    print_problem(usage_problem(app, error));
    return exit_usage;
  }
  std::ostringstream help;  // or the version
  app.exit(error, help, help);
  const cupel::Status written = write_output(help.str(), "");
  if (written) return exit_clean;
  print_problem(written.error().message);
  return exit_unreadable;
}

// A run is over in a moment and needs again at once what it gives back: each page that the system takes away and brings
// anew costs more than it saves.
void keep_freed_memory() {
#ifdef __GLIBC__
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_MMAP_THRESHOLD, 16 << 20);
  mallopt(M_TOP_PAD, 1 << 20);
#endif
}

}  // namespace

int main(int argc, char** argv) {
  keep_freed_memory();
  // A reader that goes away (cupel … | head) ends the output, not the program.
  std::signal(SIGPIPE, SIG_IGN);

  CLI::App app{"cupel judges PostgreSQL migrations before they run, then runs them.\n", "cupel"};
  app.set_version_flag("--version",
                       "cupel " + std::string(tool_version) + " (parser: PostgreSQL " + std::string(cupel::sql::parser_version()) + ")");
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);
  app.footer(
      "Exit codes: 0 done or clean, 1 findings at or above --fail-on, 2 wrong usage or configuration, 3 something could not be read or "
      "parsed,\n"
      "4 no connection, 5 another run holds the lock, 6 lock budget spent, 7 failed and rolled back, 8 failed and partly applied,\n"
      "9 applied revisions edited or unknown, 10 unknown or ambiguous revision or a broken graph, 11 pending (status --exit-code), 12 "
      "interrupted.");

  LintOptions lint;
  CLI::App* lint_app = app.add_subcommand("lint", "Replay migrations and report what is dangerous in them");
  lint_app->add_option("path", lint.paths, "Folders or files; - is standard input (default: paths of cupel.toml, else .)")
      ->check(not_empty())
      ->type_name("PATH");
  add_common(*lint_app, lint.common);
  lint_app->add_option("--format", lint.format, "text, json or sarif")
      ->check(CLI::IsMember({"text", "json", "sarif"}))
      ->type_name("FORMAT")
      ->capture_default_str();
  lint_app->add_option("--output", lint.output, "Write the report there instead of standard output")->check(not_empty())->type_name("FILE");
  lint_app->add_option("--fail-on", lint.fail_on, "Exit with 1 from this severity on: error (default), warning, info, never")
      ->check(CLI::IsMember({"error", "warning", "info", "never"}))
      ->type_name("SEVERITY");
  lint_app->add_option("--rule", lint.rules, "Only this rule (may be given again)")
      ->type_name("RULE")
      ->delimiter(',')
      ->allow_extra_args(false);
  lint_app->add_option("--skip", lint.skip, "Not this rule (may be given again)")
      ->type_name("RULE")
      ->delimiter(',')
      ->allow_extra_args(false);
  lint_app->add_option("--color", lint.color, "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->type_name("WHEN")
      ->capture_default_str();
  lint_app
      ->add_option("--stdin-filepath", lint.stdin_file_path, "The name standard input is shown under; its form helps to detect the layout")
      ->check(not_empty())
      ->type_name("FILE");
  CLI::Option* exact = lint_app->add_flag(
      "--exact", lint.exact, "Run revisions in C++ against a recorder and judge exactly what they ask for: only for code that you trust");
  lint_app->add_option("--module", lint.modules, "With --exact: a module of revisions in C++, built by the project")
      ->needs(exact)
      ->type_name("FILE");
  lint_app->add_option("--threads", lint.threads, "Threads to parse with (default: one per core)")
      ->check(CLI::Range(1, 1024))
      ->type_name("N");

  EffectsOptions effects;
  CLI::App* effects_app = app.add_subcommand("effects", "Show what each statement locks, rewrites, scans and blocks");
  effects_app->add_option("path", effects.paths, "Files or folders; - is standard input")->check(not_empty())->type_name("PATH");
  add_common(*effects_app, effects.common);
  effects_app->add_option("--format", effects.format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->type_name("FORMAT")
      ->capture_default_str();

  RulesOptions rules;
  CLI::App* rules_app = app.add_subcommand("rules", "List the rules");
  rules_app->add_option("--format", rules.format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->type_name("FORMAT")
      ->capture_default_str();

  std::string explained;
  CLI::App* explain_app = app.add_subcommand("explain", "Explain a rule: what it flags, why, and the safer way");
  explain_app->add_option("rule", explained, "The rule's id")->required()->type_name("RULE");

  LockOptions lock;
  CLI::App* lock_app = app.add_subcommand("lock", "Write cupel.lock, which tells later whether an applied migration was edited");
  lock_app->add_option("path", lock.paths, "Folders (default: paths of cupel.toml, else .)")->check(not_empty())->type_name("PATH");
  add_common(*lock_app, lock.common);
  lock_app->add_flag("--check", lock.check, "Write nothing; exit with 1 if cupel.lock is not up to date");

  Action action;
  add_graph_commands(app, action);
  add_database_commands(app, action);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) { return answer(app, error); }
  if (action) return action();
  if (lint_app->parsed()) return lint_command(lint);
  if (effects_app->parsed()) return effects_command(effects);
  if (rules_app->parsed()) return rules_command(rules);
  if (explain_app->parsed()) return explain_command(explained);
  return lock_command(lock);
}
