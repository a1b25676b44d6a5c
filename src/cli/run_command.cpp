#include "cli/run_command.h"

#include "base/counted.h"
#include "cli/cxx_live.h"
#include "cli/input.h"
#include "cli/output.h"
#include "cli/run_progress.h"
#include "cli/run_report.h"
#include "cli/signals.h"
#include "execute/backup.h"
#include "execute/offline_script.h"
#include "execute/runner_lock.h"
#include "migrations/revision_map.h"

#include <algorithm>

#include <fmt/format.h>

namespace cupel::cli {
namespace {

using execute::Direction;

// What the target asks for, with the downgrades of revisions whose files are not here taken from the journal.
Result<std::vector<execute::Step>> steps_to(Deployment& deployment, Direction direction, const std::string& target) {
  const migrations::RevisionMap map(deployment.set.migrations);
  std::vector<execute::Step> steps;
  if (direction == Direction::upgrade) {
    TRY_ASSIGN(const std::vector<std::size_t> path, map.upgrade_path(target, deployment.applied));
    for (const std::size_t migration : path) steps.push_back({migration, direction});
  } else {
    TRY_ASSIGN(const std::vector<std::size_t> path, map.downgrade_path(target, deployment.applied));
    for (const std::size_t migration : path) steps.push_back({migration, direction});
  }
  for (const execute::Step& step : steps) {
    if (step.migration < deployment.in_folder) continue;
    migrations::Migration& migration = deployment.set.migrations[step.migration];
    TRY_ASSIGN(const execute::Journal::KeptDowngrade kept, deployment.journal.downgrade_of(deployment.session, migration.revision));
    migrations::Part& part = migration.downgrade.emplace();
    part.source = deployment.set.sources.size();
    part.mode = kept.outside_transaction ? migrations::TransactionMode::none : migrations::TransactionMode::per_file;
    deployment.set.sources.push_back(
        std::make_shared<const SourceText>(fmt::format("<downgrade of {} kept in the journal>", migration.revision), kept.text));
  }
  return steps;
}

// What must be in order before anything changes.
Status check(const Deployment& deployment, Direction direction, const std::vector<execute::Step>& steps) {
  const auto& migrations = deployment.set.migrations;
  if (direction == Direction::upgrade && !steps.empty()) {
    if (!deployment.comparison.unknown.empty()) {
      return Error{ErrorCode::edited, fmt::format("revision {} is applied, and not in {}: the database is ahead of "
                                                  "this checkout. Use the checkout that has it, or take it back with "
                                                  "`cupel downgrade` (its downgrade is kept in the journal)",
                                                  deployment.comparison.unknown.front(), deployment.set.path)};
    }
    for (const execute::Comparison::Edited& edited : deployment.comparison.edited) {
      const migrations::Migration& migration = migrations[edited.migration];
      const std::string file = migration.upgrade ? deployment.set.sources[migration.upgrade->source]->name() : migration.revision;
      return Error{ErrorCode::edited, fmt::format("{} was edited after it was applied: what ran is not what the file says now. Put it "
                                                  "back and make the change in a new revision; or, if the "
                                                  "database is right as it is, `cupel stamp --accept {}`",
                                                  file, migration.revision)};
    }
  }
  const auto among_steps = [&](std::size_t migration) {
    return std::ranges::any_of(steps, [migration](const execute::Step& step) { return step.migration == migration; });
  };
  if (steps.empty()) return success();
  for (const std::size_t migration :
       direction == Direction::upgrade ? deployment.comparison.downgrading : deployment.comparison.upgrading) {
    return Error{ErrorCode::partial, fmt::format("revision {} is partly {}; finish that first: cupel {} {}", migrations[migration].revision,
                                                 direction == Direction::upgrade ? "taken back" : "applied",
                                                 direction == Direction::upgrade ? "downgrade" : "upgrade",
                                                 direction == Direction::upgrade ? "-1" : migrations[migration].revision)};
  }
  for (const std::size_t migration :
       direction == Direction::upgrade ? deployment.comparison.upgrading : deployment.comparison.downgrading) {
    if (among_steps(migration)) continue;
    return Error{ErrorCode::partial,
                 fmt::format("revision {} is partly {}, and not on the way to this target; finish it first", migrations[migration].revision,
                             direction == Direction::upgrade ? "applied" : "taken back")};
  }
  return success();
}

Result<execute::RunOptions> run_options(const RunCommandOptions& options, const Configuration& configuration) {
  const DatabaseConfiguration& configured = configuration.database;
  const auto chosen = [](const std::string& option, const std::string& otherwise) { return option.empty() ? otherwise : option; };
  execute::RunOptions run;
  TRY_ASSIGN(run.lock_timeout, parse_duration("--lock-timeout", chosen(options.waits.lock_timeout, configured.lock_timeout)));
  TRY_ASSIGN(run.lock_budget, parse_duration("--lock-budget", chosen(options.waits.lock_budget, configured.lock_budget)));
  TRY_ASSIGN(run.statement_timeout,
             parse_duration("--statement-timeout", chosen(options.waits.statement_timeout, configured.statement_timeout)));
  run.interruption = &watch_signals();
  run.description = describe_run(std::string(execute::name(options.direction)), options.target);
  return run;
}

int exit_code(const execute::RunResult& result) {
  switch (result.outcome) {
    case execute::RunOutcome::done: return exit_clean;
    case execute::RunOutcome::failed: return result.failure->partial ? exit_partial : exit_failed;
    case execute::RunOutcome::lock_budget: return exit_lock_budget;
    case execute::RunOutcome::interrupted: return exit_interrupted;
    case execute::RunOutcome::lost: break;
  }
  return exit_connection;
}

// The newest first, as they were taken back: nothing more to say than how many.
std::string summary(const execute::RunResult& result, Direction direction) {
  std::chrono::microseconds total{0};
  for (const execute::RevisionTimes& revision : result.revisions) total += revision.elapsed;
  const double seconds = static_cast<double>(total.count()) / 1e6;
  return fmt::format("{} {} in {:.{}f} s\n", direction == Direction::upgrade ? "applied" : "took back",
                     counted(result.revisions.size(), "revision"), seconds, seconds < 1 ? 3 : 1);
}

// --sql: without a database, from what the range says is applied (default: nothing for an upgrade).
Result<int> print_script(const RunCommandOptions& options) {
  TRY_ASSIGN(const Configuration configuration, load_configuration(options.database.common));
  TRY_ASSIGN(const OwnMigrations own, load_own_migrations(options.database, configuration));
  const migrations::MigrationSet& set = own.set;
  TRY_ASSIGN(execute::RunOptions run_with, run_options(options, configuration));
  const migrations::RevisionMap map(set.migrations);
  const bool up = options.direction == Direction::upgrade;
  const std::size_t colon = options.target.find(':');
  if (!up && colon == std::string::npos)
    return Error{ErrorCode::usage, "downgrade --sql needs to know where the database is: a range FROM:TO"};
  const std::string from = colon == std::string::npos ? "base" : options.target.substr(0, colon);
  const std::string to = colon == std::string::npos ? options.target : options.target.substr(colon + 1);
  TRY_ASSIGN(const migrations::Applied applied, map.reached(from.empty() ? "base" : from));
  const std::string wanted = !to.empty() ? to : up ? "head" : "base";
  TRY_ASSIGN(const std::vector<std::size_t> path, up ? map.upgrade_path(wanted, applied) : map.downgrade_path(wanted, applied));
  std::vector<execute::Step> steps;
  for (const std::size_t migration : path) steps.push_back({migration, options.direction});
  std::vector<std::size_t> before;
  for (const std::size_t migration : map.graph().order()) {
    if (applied.contains(set.migrations[migration].revision)) before.push_back(migration);
  }
  TRY_ASSIGN(const execute::Plan plan, execute::make_plan(set, before, steps, configuration.lint.postgres_version));
  run_with.description.plan_hash = plan.hash();
  TRY_VOID(write_output(execute::offline_script(plan, execute::Journal(configuration.database.journal_schema), run_with), ""));
  return static_cast<int>(exit_clean);
}

Result<int> run(const RunCommandOptions& options) {
  if (options.offline) return print_script(options);
  TRY_ASSIGN(Deployment deployment, open_deployment(options.database));
  const std::string nothing = fmt::format("nothing to {}\n", execute::name(options.direction));
  const bool begun = !deployment.comparison.upgrading.empty() || !deployment.comparison.downgrading.empty();
  if (deployment.state.open_runs.empty() && !begun) {
    // Most starts of an application find nothing to do: no lock is needed to see that.
    TRY_ASSIGN(const std::vector<execute::Step> steps, steps_to(deployment, options.direction, options.target));
    if (steps.empty()) {
      TRY_VOID(write_output(nothing, ""));
      return static_cast<int>(exit_clean);
    }
  }
  TRY_ASSIGN(execute::RunOptions run_with, run_options(options, deployment.configuration));
  run_with.target = deployment.target;
  TRY_ASSIGN(const std::chrono::milliseconds wait, parse_duration("--wait", options.waits.wait.empty() ? "0" : options.waits.wait));
  const std::unique_ptr<execute::RunListener> progress =
      make_run_progress(options.log_format == "json" ? LogFormat::json : LogFormat::text, stderr_is_terminal());
  for (const execute::OpenRun& open : deployment.state.open_runs) {
    if (open.alive) progress->on_orphan(open);
  }
  TRY_VOID(execute::take_runner_lock(deployment.session, deployment.journal, deployment.target, wait, run_with.interruption,
                                     [&](const execute::LockHolder& holder) { progress->on_lock_held(holder); }));
  // Not earlier: in a session that a pooler shares they would stay for the application.
  TRY_VOID(deployment.session.query(execute::session_settings(deployment.session.server_major(), run_with), "cannot prepare the session"));
  TRY_VOID(refresh(deployment));
  if (!deployment.state.exists) {
    TRY_VOID(deployment.journal.create(deployment.session));
    TRY_VOID(refresh(deployment));
  }
  for (const execute::OpenRun& open : deployment.state.open_runs) progress->on_orphan(open);
  if (const std::string close = deployment.journal.close_runs_sql(deployment.state.open_runs); !close.empty())
    TRY_VOID(deployment.session.query(close, "cannot write the journal"));

  TRY_ASSIGN(const std::vector<execute::Step> steps, steps_to(deployment, options.direction, options.target));
  TRY_VOID(check(deployment, options.direction, steps));
  if (steps.empty()) {
    TRY_VOID(write_output(nothing, ""));
    return static_cast<int>(exit_clean);
  }
  TRY_ASSIGN(execute::Plan plan,
             execute::make_plan(deployment.set, deployment.comparison.applied, steps, deployment.session.server_major()));
  TRY_ASSIGN(const LiveMigrations live, make_live(plan, deployment.live));
  run_with.description.plan_hash = plan.hash();
  if (options.lint) {
    run_with.live_gate = live_gate(deployment, options.lint->fail_on);
    // Under the lock and on the very plan that runs next: nothing comes between what was judged and what is done.
    TRY_ASSIGN(const bool passed, pass_lint_gate(*options.lint, deployment, steps));
    if (!passed) {
      print_problem(fmt::format("nothing was applied: the findings forbid it (plan {}); mend them, or suppress them with a reason",
                                run_with.description.plan_hash));
      return static_cast<int>(exit_findings);
    }
  }
  if (!options.backup.command.empty()) {
    TRY_VOID(execute::run_backup_command(deployment.session, options.backup.command));
    run_with.description.backup = "command: " + options.backup.command;
  } else if (!options.backup.folder.empty()) {
    TRY_ASSIGN(run_with.description.backup, execute::dump_database(deployment.session, options.backup.folder));
  }
  TRY_ASSIGN(const execute::RunResult result,
             execute::run_plan(deployment.session, deployment.journal, deployment.state, plan, run_with, *progress));
  if (result.failure) print_log(options.log_format == "json" ? failure_json(result) : "cupel: " + describe_failure(result));
  if (!result.revisions.empty()) TRY_VOID(write_output(summary(result, options.direction), ""));
  if (!options.report.empty()) {
    const Status written = write_output(run_report(result, plan, run_with.description.backup, deployment.session), options.report);
    // What the run did stands; its exit code says so, unless all is well but for the report.
    if (!written) print_problem(fmt::format("{}; the journal has what ran (run {})", written.error().message, result.run));
    if (!written && result.outcome == execute::RunOutcome::done) return static_cast<int>(exit_unreadable);
  }
  return exit_code(result);
}

}  // namespace

int run_command(const RunCommandOptions& options) { return finish(run(options)); }

}  // namespace cupel::cli
