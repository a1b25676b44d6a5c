#include "cli/pending.h"

#include "base/counted.h"
#include "cli/lint_gate.h"
#include "cli/output.h"
#include "cli/signals.h"
#include "execute/comparison.h"
#include "execute/journal.h"
#include "execute/pg_session.h"
#include "execute/runner_record.h"
#include "migrations/layout.h"

#include <algorithm>
#include <optional>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace cupel::cli {
namespace {

// What the record says of a set's migrations.
struct Progress {
  std::vector<bool> applied;            // one per migration
  std::vector<std::string> unknown;     // applied, and not in the folder
  std::vector<std::string> unfinished;  // half done
};

Result<Progress> progress_of_own(execute::PgSession& session, const migrations::MigrationSet& set, const std::string& journal_schema) {
  TRY_ASSIGN(const execute::JournalState state, execute::Journal(journal_schema).read(session));
  const execute::Comparison comparison = execute::compare(set, state);
  Progress progress;
  progress.applied.resize(set.migrations.size());
  for (const std::size_t index : comparison.applied) progress.applied[index] = true;
  progress.unknown = comparison.unknown;
  for (const auto* begun : {&comparison.upgrading, &comparison.downgrading}) {
    for (const std::size_t index : *begun) progress.unfinished.push_back(set.migrations[index].revision);
  }
  return progress;
}

Result<Progress> progress_of(execute::PgSession& session, const migrations::MigrationSet& set) {
  const migrations::Layout* layout = migrations::find_layout(set.layout);
  if (layout == nullptr || layout->records.empty()) {
    return Error{ErrorCode::unsupported,
                 fmt::format("{} is read as {}, and where that notes what it has applied is not known; --applied-until REV tells it",
                             set.path, set.layout)};
  }
  TRY_ASSIGN(const std::optional<execute::RunnerRecord> record, execute::read_runner_record(session, *layout));
  Progress progress;
  if (!record) {
    print_log(fmt::format("cupel: {} has no table {}: nothing of {} was applied there\n", session.description(),
                          layout->records.front().table, set.path));
    progress.applied.resize(set.migrations.size());
    return progress;
  }
  progress.applied = execute::applied_by(*record, set, &progress.unknown);
  progress.unfinished = record->unfinished;
  return progress;
}

migrations::MigrationSet only_pending(const migrations::MigrationSet& set, const std::vector<bool>& applied) {
  migrations::MigrationSet pending = set;
  pending.migrations.clear();
  for (std::size_t i = 0; i < set.migrations.size(); ++i) {
    if (!applied[i]) pending.migrations.push_back(set.migrations[i]);
  }
  return pending;
}

lint::Selection selection_of(const migrations::MigrationSet& set, const std::vector<bool>& applied) {
  lint::Selection selection;
  lint::Selection::Set& selected = selection.sets.emplace_back();
  selected.sources.resize(set.sources.size());
  for (std::size_t i = 0; i < set.migrations.size(); ++i) {
    const migrations::Migration& migration = set.migrations[i];
    selected.migrations.push_back({!applied[i], !applied[i]});
    for (const auto* part : {&migration.upgrade, &migration.downgrade}) {
      if (*part && !applied[i]) selected.sources[(*part)->source] = true;
    }
  }
  return selection;
}

}  // namespace

Result<lint::LintResult> lint_pending(const std::string& target, const std::vector<migrations::MigrationSet>& sets,
                                      Configuration& configuration, lint::Scope scope) {
  if (sets.size() != 1) {
    std::vector<std::string_view> names;
    for (const migrations::MigrationSet& set : sets) names.push_back(set.path);
    return Error{ErrorCode::usage,
                 sets.empty() ? "there are no migrations"
                              : fmt::format("which folder was applied to the database? There are {}; name one", fmt::join(names, ", "))};
  }
  const migrations::MigrationSet& set = sets.front();
  TRY_ASSIGN(execute::PgSession session, execute::PgSession::connect({target, "cupel", &watch_signals()}));
  const std::string& journal_schema = configuration.database.journal_schema;
  TRY_ASSIGN(const Progress progress, set.layout == "cupel" ? progress_of_own(session, set, journal_schema) : progress_of(session, set));
  if (!progress.unknown.empty()) {
    print_log(fmt::format("cupel: {} applied there and not in {}: {}\n", counted(progress.unknown.size(), "revision"), set.path,
                          fmt::join(progress.unknown, ", ")));
  }
  if (progress.unfinished.empty()) {
    return judge_next(session, journal_schema, only_pending(set, progress.applied), configuration.lint, scope);
  }
  print_log(fmt::format("cupel: {} half done in {}: what comes next is judged on the folder's history, not on the database\n",
                        fmt::join(progress.unfinished, ", "), session.description()));
  configuration.lint.postgres_version = session.server_major();
  const lint::Selection selection = selection_of(set, progress.applied);
  scope.selection = &selection;
  return lint::lint(std::span(&set, 1), lint::rule_table(), configuration.lint, scope);
}

}  // namespace cupel::cli
