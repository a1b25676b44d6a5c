// The command line of everything that needs a database.
#include "cli/check_command.h"
#include "cli/commands.h"
#include "cli/freeze_command.h"
#include "cli/plan_command.h"
#include "cli/run_command.h"
#include "cli/stamp_command.h"
#include "cli/status_command.h"

#include <memory>

#include <CLI/CLI.hpp>

namespace cupel::cli {
namespace {

constexpr const char* database_group = "With a database";

void add_fail_on_option(CLI::App& command, std::string& fail_on, const std::string& consequence) {
  command.add_option("--fail-on", fail_on, consequence + " from this severity on: error (default), warning, info, never")
      ->check(CLI::IsMember({"error", "warning", "info", "never"}))
      ->type_name("SEVERITY");
}

void add_run(CLI::App& app, Action& action, const std::string& name, const std::string& description) {
  const bool up = name != "downgrade";
  const bool lints = name == "lint-and-upgrade";
  auto options = std::make_shared<RunCommandOptions>();
  options->direction = up ? execute::Direction::upgrade : execute::Direction::downgrade;
  if (up) options->target = "head";
  CLI::App* command = app.add_subcommand(name, description)->group(database_group);
  CLI::Option* target =
      command
          ->add_option("target", options->target,
                       up ? "A revision, head, heads, +n, label@head … (default: head)" : "A revision, base, -n, label@base …")
          ->type_name("TARGET");
  if (!up) target->required();
  add_database_options(*command, options->database);
  add_wait_options(*command, options->waits);
  if (lints) {
    LintGateOptions& lint = options->lint.emplace();
    command->add_option("--format", lint.format, "Of the findings: text, json or sarif")
        ->check(CLI::IsMember({"text", "json", "sarif"}))
        ->type_name("FORMAT")
        ->capture_default_str();
    command->add_option("--output", lint.output, "Write the findings there instead of standard output")->type_name("FILE");
    add_fail_on_option(*command, lint.fail_on, "Apply nothing");
  }
  if (!lints)
    command->add_flag("--sql", options->offline, "Print the SQL that does it, for psql, instead of doing it; TARGET may be a range A:B");
  command->add_option("--log-format", options->log_format, "text or json: what is told on standard error meanwhile")
      ->check(CLI::IsMember({"text", "json"}))
      ->type_name("FORMAT")
      ->capture_default_str();
  command->add_option("--report", options->report, "Write what ran there, as JSON: times, waits, who was blocked, what was left behind")
      ->type_name("FILE");
  if (up) {
    command->add_option("--backup", options->backup.folder, "Before the first change, pg_dump -Fc into this folder")->type_name("DIR");
    command->add_option("--backup-command", options->backup.command, "Run this command instead of pg_dump; a failure stops everything")
        ->type_name("COMMAND");
  }
  command->callback([options, &action] { action = [options] { return run_command(*options); }; });
}

}  // namespace

void add_database_commands(CLI::App& app, Action& action) {
  add_run(app, action, "upgrade", "Apply revisions, each wholly or not at all");
  add_run(app, action, "downgrade", "Take revisions back");
  add_run(app, action, "lint-and-upgrade", "Judge what is pending, and apply exactly that if nothing forbids it");

  auto current = std::make_shared<CurrentOptions>();
  CLI::App* command = app.add_subcommand("current", "Show at which revisions a database is")->group(database_group);
  add_database_options(*command, current->database);
  command->add_flag("-v,--verbose", current->verbose, "With title, file and when it was applied");
  command->add_flag("--check-heads", current->check_heads, "Exit with 11 unless every head is applied");
  command->add_flag("--json", current->json, "As JSON");
  command->callback([current, &action] { action = [current] { return current_command(*current); }; });

  auto status = std::make_shared<StatusOptions>();
  command =
      app.add_subcommand("status", "Compare a folder with a database: pending, edited, unknown, partly applied")->group(database_group);
  add_database_options(*command, status->database);
  command->add_flag("--exit-code", status->exit_code, "Exit with 11 if something is pending, 9 if something does not fit");
  command->add_flag("--json", status->json, "As JSON");
  command->callback([status, &action] { action = [status] { return status_command(*status); }; });

  auto plan = std::make_shared<PlanOptions>();
  command = app.add_subcommand("plan", "Show what an upgrade would do: transactions, statements, locks")->group(database_group);
  command->add_option("target", plan->target, "As of upgrade (default: heads)")->type_name("TARGET");
  add_database_options(*command, plan->database);
  command->add_option("--pg-version", plan->database.common.postgres_version, "Without a database: the server's major version (default 18)")
      ->type_name("N");
  command->add_flag("--json", plan->json, "As JSON");
  add_fail_on_option(*command, plan->fail_on, "Say that lint-and-upgrade would refuse");
  command->callback([plan, &action] { action = [plan] { return plan_command(*plan); }; });

  auto check = std::make_shared<CheckOptions>();
  command = app.add_subcommand("check", "Compare a database with what its applied revisions make")->group(database_group);
  add_database_options(*command, check->database);
  command->add_flag("--strict", check->strict, "Differences that are not sure count, too");
  command->add_flag("--json", check->json, "As JSON");
  command->callback([check, &action] { action = [check] { return check_command(*check); }; });

  auto freeze = std::make_shared<FreezeOptions>();
  command =
      app.add_subcommand("freeze", "Write a folder with its C++ revisions as SQL, for hosts without a compiler")->group(database_group);
  command->add_option("--path", freeze->migrations.path, "The folder with the migrations (default: paths of cupel.toml, else .)")
      ->type_name("DIR");
  command->add_option("--module", freeze->migrations.modules, "As of upgrade")->type_name("FILE");
  command->add_option("--config", freeze->migrations.common.config, "Configuration file (default: cupel.toml here or in a folder above)")
      ->type_name("FILE");
  command->add_flag("--no-config", freeze->migrations.common.no_config, "Ignore any cupel.toml");
  command->add_option("--output", freeze->output, "The folder to write; new, or empty")->required()->type_name("DIR");
  command->callback([freeze, &action] { action = [freeze] { return freeze_command(*freeze); }; });

  auto stamp = std::make_shared<StampOptions>();
  command = app.add_subcommand("stamp", "Note what is applied without running anything")->group(database_group);
  command
      ->add_option("target", stamp->targets, "Revisions, head, heads, base: these and all before them count as applied, all others as not")
      ->type_name("TARGET");
  add_database_options(*command, stamp->database);
  command->add_flag("--purge", stamp->purge, "Also forget applied revisions that the folder does not have, and half-done work");
  command->add_flag("--from-alembic", stamp->from_alembic, "Take over what the table alembic_version says");
  command->add_option("--accept", stamp->accept, "Take this revision's file, edited since, for what was applied")->type_name("REVISION");
  command->callback([stamp, &action] { action = [stamp] { return stamp_command(*stamp); }; });
}

}  // namespace cupel::cli
