#include "cli/database.h"

#include "cli/input.h"
#include "cli/signals.h"
#include "cli/version.h"
#include "schema/settings.h"

#include <array>
#include <cstdlib>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

namespace cupel::cli {

void add_database_options(CLI::App& command, DatabaseOptions& options) {
  command.add_option("--path", options.path, "The folder with the migrations (default: paths of cupel.toml, else .)")->type_name("DIR");
  command
      .add_option("--database", options.database,
                  "The database: a URI or a connection string (default: CUPEL_DATABASE_URL, else cupel.toml)")
      ->type_name("URL");
  command
      .add_option("--module", options.modules,
                  "A module of revisions in C++, built by the project (default: as in cupel.toml, else compiled)")
      ->type_name("FILE");
  command.add_option("--config", options.common.config, "Configuration file (default: cupel.toml here or in a folder above)")
      ->type_name("FILE");
  command.add_flag("--no-config", options.common.no_config, "Ignore any cupel.toml");
}

void add_wait_options(CLI::App& command, WaitOptions& options) {
  command
      .add_option("--lock-timeout", options.lock_timeout, "How long a statement that others queue behind waits for its locks (default 2s)")
      ->type_name("DURATION");
  command.add_option("--lock-budget", options.lock_budget, "How long the attempts of one transaction go on (default 5min)")
      ->type_name("DURATION");
  command.add_option("--statement-timeout", options.statement_timeout, "statement_timeout of the migrations (default 0: none)")
      ->type_name("DURATION");
  command.add_option("--wait", options.wait, "How long to wait for another run to end (default 0: not at all)")->type_name("DURATION");
}

Result<std::chrono::milliseconds> parse_duration(const std::string& name, const std::string& text) {
  const std::optional<long long> milliseconds = schema::parse_milliseconds(text);
  if (milliseconds && *milliseconds >= 0 && *milliseconds <= 1'000'000'000) return std::chrono::milliseconds(*milliseconds);
  return Error{ErrorCode::usage, fmt::format("{} is a time such as 500ms, 2s, 5min or 0, not \"{}\"", name, text)};
}

Result<std::string> database_target(const DatabaseOptions& options, const Configuration& configuration) {
  if (!options.database.empty()) return options.database;
  if (const char* variable = std::getenv("CUPEL_DATABASE_URL"); variable != nullptr && *variable != '\0') return std::string(variable);
  if (!configuration.database.url.empty()) return configuration.database.url;
  return Error{ErrorCode::usage,
               "which database? Give --database URL, set CUPEL_DATABASE_URL, or write url under [database] in cupel.toml"};
}

Result<OwnMigrations> load_own_migrations(const DatabaseOptions& options, const Configuration& configuration) {
  std::vector<std::string> paths;
  if (!options.path.empty()) paths.push_back(options.path);
  TRY_ASSIGN(RecordedMigrations recorded, load_recorded_migrations(paths, configuration, options.modules));
  std::vector<migrations::MigrationSet>& sets = recorded.sets;
  if (sets.empty()) return Error{ErrorCode::unreadable, "there are no migrations"};
  if (sets.size() > 1) {
    std::string names;
    for (const migrations::MigrationSet& set : sets) names += (names.empty() ? "" : ", ") + set.path;
    return Error{ErrorCode::usage, fmt::format("which folder? There are {}; name one with --path", names)};
  }
  migrations::MigrationSet& set = sets.front();
  if (set.layout != "cupel") {
    return Error{
        ErrorCode::unsupported,
        fmt::format(
            "{} belongs to {}: its own runner keeps the record of what is applied, so cupel does not execute it (lint and plan work); "
            "docs/execution.md tells how to switch over",
            set.path, set.layout)};
  }
  for (const migrations::Problem& problem : set.problems) {
    if (problem.rule == "multiple-heads" || problem.rule == "edited-applied-migration")
      continue;  // fine until someone asks for one head; the journal knows better
    const SourceText& source = *set.sources[problem.source];
    const Position place = source.position(problem.span.begin);
    return Error{problem.rule == "unreadable-file" ? ErrorCode::unreadable : ErrorCode::graph,
                 fmt::format("{}:{}:{}: {}", source.name(), place.line, place.column, problem.message)};
  }
  return OwnMigrations{std::move(set), std::move(recorded.live)};
}

execute::RunDescription describe_run(std::string command, std::string target) {
  execute::RunDescription run;
  run.command = std::move(command);
  run.target = std::move(target);
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) == 0) run.client_host = host.data();
  if (const passwd* user = ::getpwuid(::getuid()); user != nullptr) run.client_user = user->pw_name;
  run.client_pid = ::getpid();
  run.tool_version = tool_version;
  return run;
}

namespace {

// What only the journal knows takes part in the graph: it can be what others come after, and it can be taken back.
void append_unknown(Deployment& deployment) {
  deployment.set.migrations.resize(deployment.in_folder);
  for (const std::string& revision : deployment.comparison.unknown) {
    const execute::JournalRevision& known = *deployment.state.find(revision);
    migrations::Migration& migration = deployment.set.migrations.emplace_back();
    migration.revision = known.revision;
    migration.title = known.title;
    migration.parents = known.parents;
    migration.depends_on = known.depends_on;
  }
}

}  // namespace

Status refresh(Deployment& deployment) {
  deployment.set.migrations.resize(deployment.in_folder);
  TRY_ASSIGN(deployment.state, deployment.journal.read(deployment.session));
  deployment.comparison = execute::compare(deployment.set, deployment.state);
  append_unknown(deployment);
  deployment.applied = {};
  for (const execute::JournalRevision& known : deployment.state.revisions) {
    if (known.state != execute::RevisionState::upgrading) deployment.applied.revisions.insert(known.revision);
  }
  return success();
}

Result<Deployment> open_deployment(const DatabaseOptions& options) {
  TRY_ASSIGN(Configuration configuration, load_configuration(options.common));
  TRY_ASSIGN(OwnMigrations own, load_own_migrations(options, configuration));
  TRY_ASSIGN(std::string target, database_target(options, configuration));
  TRY_ASSIGN(execute::PgSession session, execute::PgSession::connect({target, "cupel", &watch_signals()}));
  const std::size_t in_folder = own.set.migrations.size();
  execute::Journal journal(configuration.database.journal_schema);
  Deployment deployment{std::move(configuration),
                        std::move(own.set),
                        std::move(own.live),
                        in_folder,
                        std::move(target),
                        std::move(session),
                        std::move(journal),
                        {},
                        {},
                        {}};
  TRY_VOID(refresh(deployment));
  return deployment;
}

}  // namespace cupel::cli
