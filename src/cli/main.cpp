#include <CLI/CLI.hpp>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include "base/suggest.h"
#include "cli/commands.h"
#include "cli/description.h"
#include "cli/lsp_command.h"
#include "cli/output.h"
#include "cli/version.h"
#include "sql/script.h"

#include <csignal>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace {

using namespace cupel::cli;

std::string meant(const std::string& word, const std::vector<std::string>& known) {
  const auto closest = cupel::closest_match(word, std::vector<std::string_view>(known.begin(), known.end()));
  return closest ? fmt::format(", did you mean \"{}\"?", *closest) : "";
}

// " (it is an option of lint and upgrade)", where `option` is one of other commands.
std::string elsewhere(const CLI::App& app, const std::string& option) {
  std::vector<std::string> owners;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (command->get_option_no_throw(option) != nullptr) owners.push_back(command->get_name());
  }
  return owners.empty() ? "" : fmt::format(" (it is an option of {})", fmt::join(owners, ", "));
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
    std::string hint = meant(word, names);
    if (hint.empty()) hint = elsewhere(app, word);
    return fmt::format("unknown option \"{}\"{}; see `{}`", word, hint, help);
  }
  return fmt::format("{}; see `{}`", error.what(), help);
}

// What people come for, for those who typed only the name.
constexpr std::string_view first_steps =
    "cupel tests PostgreSQL migrations before they run, then runs them.\n\n"
    "  cupel lint migrations/           what is dangerous in a folder of migrations, and the safe way\n"
    "  cupel lint --since origin/main   only what this branch changes (--staged: only what the next commit does)\n"
    "  cupel effects FILE               what each statement locks, rewrites and scans\n"
    "  cupel revision -m \"Add orders\"   begin a new migration\n"
    "  cupel lint-and-upgrade           judge what is pending, and apply it if nothing forbids it (CUPEL_DATABASE_URL)\n\n"
    "`cupel --help` lists all commands, `cupel COMMAND --help` the options of one, `cupel explain RULE` tells about a finding.\n";

int print_text(const std::string& text) {
  const cupel::Status written = write_output(text, "");
  if (written) return exit_clean;
  print_problem(written.error().message);
  return exit_unreadable;
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

  Action action;
  add_lint_commands(app, action);

  EffectsOptions effects;
  CLI::App* effects_app = app.add_subcommand("effects", "Show what each statement locks, rewrites, scans and blocks");
  CLI::Option* path = effects_app->add_option("path", effects.paths, "Files or folders; - is standard input")->type_name("PATH");
  refuse_empty(*path);
  add_common_options(*effects_app, effects.common);
  effects_app->add_option("--format", effects.format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->type_name("FORMAT")
      ->capture_default_str();
  CLI::Option* live = effects_app->add_option("--live", effects.live,
                                              "Run the upgrades in a scratch database, made on this server and dropped again, and compare: "
                                              "anything its user may do there, the migrations can");
  live->type_name("URL");
  refuse_empty(*live);

  RulesOptions rules;
  CLI::App* rules_app = app.add_subcommand("rules", "List the rules");
  rules_app->add_option("--format", rules.format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->type_name("FORMAT")
      ->capture_default_str();
  CLI::Option* pages =
      rules_app->add_option("--pages", rules.pages, "Write a Markdown page per rule and an index into this folder instead");
  pages->type_name("FOLDER");
  refuse_empty(*pages);

  std::string explained;
  CLI::App* explain_app = app.add_subcommand("explain", "Explain a rule: what it flags, why, and the safer way");
  explain_app->add_option("rule", explained, "The rule's id")->required()->type_name("RULE");

  LayoutsOptions layouts;
  CLI::App* layouts_app = app.add_subcommand("layouts", "List the runners whose folders are understood, with their transaction rules");
  layouts_app->add_option("--format", layouts.format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->type_name("FORMAT")
      ->capture_default_str();

  LockOptions lock;
  CLI::App* lock_app = app.add_subcommand("lock", "Write cupel.lock, which tells later whether an applied migration was edited");
  path = lock_app->add_option("path", lock.paths, "Folders (default: paths of cupel.toml, else .)")->type_name("PATH");
  refuse_empty(*path);
  add_common_options(*lock_app, lock.common);
  lock_app->add_flag("--check", lock.check, "Write nothing; exit with 1 if cupel.lock is not up to date");

  add_graph_commands(app, action);
  add_database_commands(app, action);
  add_lsp_command(app, action);

  std::string shell;
  CLI::App* completion = app.add_subcommand("completion", "Print a script that completes commands and options in a shell");
  completion->add_option("shell", shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}))
      ->type_name("SHELL");
  completion->callback([&] { action = [&] { return print_text(completion_script(app, shell)); }; });
  app.add_subcommand("man", "Print the manual page (cupel man | man -l -)")->callback([&] {
    action = [&] { return print_text(manual_page(app)); };
  });

  if (argc == 1) {
    print_log(first_steps);
    return exit_usage;
  }

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) { return answer(app, error); }
  if (action) return action();
  if (effects_app->parsed()) return effects_command(effects);
  if (rules_app->parsed()) return rules_command(rules);
  if (explain_app->parsed()) return explain_command(explained);
  if (layouts_app->parsed()) return layouts_command(layouts);
  return lock_command(lock);
}
