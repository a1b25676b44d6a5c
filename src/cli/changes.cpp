#include "cli/changes.h"

#include "cli/commit_reader.h"
#include "cli/git.h"
#include "cli/input.h"
#include "migrations/history.h"
#include "migrations/revision_map.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace cupel::cli {
namespace {

namespace fs = std::filesystem;
using migrations::MigrationSet;
using migrations::Overlay;

// For each of `now` the set that it was: of the same path, else the one left over that has most of its revisions.
std::vector<const MigrationSet*> counterparts(const std::vector<MigrationSet>& now, const std::vector<MigrationSet>& before) {
  std::vector<const MigrationSet*> pairs(now.size());
  std::set<const MigrationSet*> taken;
  for (std::size_t i = 0; i < now.size(); ++i) {
    for (const MigrationSet& set : before) {
      if (set.path == now[i].path && taken.insert(&set).second) {
        pairs[i] = &set;
        break;
      }
    }
  }
  for (std::size_t i = 0; i < now.size(); ++i) {
    if (pairs[i] != nullptr) continue;
    std::set<std::string_view> revisions;
    for (const migrations::Migration& migration : now[i].migrations) revisions.insert(migration.revision);
    std::size_t most = 0;
    for (const MigrationSet& set : before) {
      if (taken.contains(&set)) continue;
      const auto shared = static_cast<std::size_t>(
          std::ranges::count_if(set.migrations, [&](const auto& migration) { return revisions.contains(migration.revision); }));
      if (shared <= most) continue;
      most = shared;
      pairs[i] = &set;
    }
    if (pairs[i] != nullptr) taken.insert(pairs[i]);
  }
  return pairs;
}

const MigrationSet& or_nothing(const MigrationSet* set) {
  static const MigrationSet nothing;
  return set != nullptr ? *set : nothing;
}

// Sets of `before` that have no counterpart any more, as empty ones: what was in them is deleted.
void add_vanished(std::vector<MigrationSet>& now, const std::vector<MigrationSet>& before) {
  const std::vector<const MigrationSet*> pairs = counterparts(now, before);
  for (const MigrationSet& set : before) {
    if (std::ranges::find(pairs, &set) != pairs.end()) continue;
    MigrationSet& empty = now.emplace_back();
    empty.path = set.path;
    empty.layout = set.layout;
  }
}

void add_problems(std::vector<migrations::Problem> problems, MigrationSet& set) {
  for (migrations::Problem& problem : problems) {
    // cupel.lock may have told it already.
    const bool told = std::ranges::any_of(
        set.problems, [&](const migrations::Problem& other) { return other.rule == problem.rule && other.source == problem.source; });
    if (!told) set.problems.push_back(std::move(problem));
  }
}

lint::Selection::Set selection_of(const MigrationSet& set, const std::vector<migrations::ChangedParts>& changes, std::size_t told_from) {
  lint::Selection::Set selected;
  selected.sources.resize(set.sources.size());
  for (std::size_t i = 0; i < set.migrations.size(); ++i) {
    const migrations::Migration& migration = set.migrations[i];
    selected.migrations.push_back({changes[i].upgrade, changes[i].downgrade});
    if (migration.upgrade && changes[i].upgrade) selected.sources[migration.upgrade->source] = true;
    if (migration.downgrade && changes[i].downgrade) selected.sources[migration.downgrade->source] = true;
  }
  for (std::size_t i = told_from; i < set.problems.size(); ++i) selected.sources[set.problems[i].source] = true;
  return selected;
}

// What was before, per set, and what a database may have run.
struct Past {
  std::vector<MigrationSet> compared;                // what changes are measured against
  std::optional<std::vector<MigrationSet>> applied;  // if that is something else
  struct Base {
    std::vector<MigrationSet> tip;     // the base branch as it is now
    std::vector<MigrationSet> merged;  // and with this one merged into it
  };
  std::optional<Base> base;  // if it went on
  std::string ran;           // what users call where it ran: "origin/main"
};

ChangedMigrations narrow(std::vector<MigrationSet> now, const Past& past) {
  ChangedMigrations result;
  add_vanished(now, past.compared);
  const auto compared = counterparts(now, past.compared);
  const std::vector<MigrationSet>& applied_sets = past.applied ? *past.applied : past.compared;
  const auto applied = counterparts(now, applied_sets);
  std::vector<const MigrationSet*> tip(now.size()), merged(now.size());
  if (past.base) {
    tip = counterparts(now, past.base->tip);
    merged = counterparts(now, past.base->merged);
  }
  for (std::size_t i = 0; i < now.size(); ++i) {
    MigrationSet& set = now[i];
    const std::size_t told_before = set.problems.size();
    const auto changes = migrations::changed_parts(or_nothing(compared[i]), set);
    auto edited = migrations::edited_applied(or_nothing(applied[i]), set, past.ran);
    if (past.base) {
      // What the base branch has done to it as well is its own affair.
      const auto there = migrations::edited_applied(or_nothing(tip[i]), set, past.ran);
      std::erase_if(edited, [&](const auto& problem) {
        return std::ranges::find(there, problem.message, &migrations::Problem::message) == there.end();
      });
    }
    add_problems(std::move(edited), set);
    const MigrationSet& last = past.base ? or_nothing(tip[i]) : or_nothing(applied[i]);
    const MigrationSet& whole = past.base ? or_nothing(merged[i]) : set;
    add_problems(migrations::late_migrations(last, whole, set, past.ran), set);
    if (past.base) add_problems(migrations::problems_of_merge(last, whole, set, past.ran), set);
    result.selection.sets.push_back(selection_of(set, changes, told_before));
  }
  result.sets = std::move(now);
  return result;
}

bool is_suspicious(const ChangedMigrations& found, const std::vector<MigrationSet>& before) {
  std::size_t problems = 0;
  for (const MigrationSet& set : found.sets) {
    problems += static_cast<std::size_t>(std::ranges::count_if(set.problems, [](const migrations::Problem& problem) {
      return problem.rule == "edited-applied-migration" || problem.rule == "late-migration";
    }));
  }
  return problems > 0 && !before.empty();
}

Result<ChangedMigrations> since(const Git& git, CommitReader& reader, const TreeNames& names, const std::string& base_name) {
  TRY_ASSIGN(const std::string tip, git.commit(base_name, "--since"));
  TRY_ASSIGN(const std::string head, git.commit("HEAD", "--since"));
  TRY_ASSIGN(const std::string base, git.merge_base(tip, base_name));
  TRY_ASSIGN(const auto changes, git.changes_to_work_tree(base, names.asked()));
  TRY_ASSIGN(const auto untracked, git.untracked(names.asked()));
  Overlay before;
  TRY_VOID(reader.undo(changes, before));
  reader.remove(untracked, before);

  TRY_ASSIGN(std::vector<MigrationSet> now, reader.read({}));
  Past past;
  past.ran = base_name;
  TRY_ASSIGN(past.compared, reader.read(before));
  if (tip != base) {
    TRY_ASSIGN(const auto advance, git.changes(base, tip, names.asked()));
    Overlay there = before;
    TRY_VOID(reader.redo(advance, there));
    // A merge takes from the base branch what this one left alone.
    Overlay merged;
    TRY_VOID(reader.redo(advance, merged));
    std::erase_if(merged, [&](const auto& entry) { return before.contains(entry.first); });
    Past::Base& branch = past.base.emplace();
    TRY_ASSIGN(branch.tip, reader.read(there));
    TRY_ASSIGN(branch.merged, reader.read(merged));
  }
  return narrow(std::move(now), past);
}

// The commit whose migrations are taken to have run somewhere: where this branch left the base branch.
struct AppliedCommit {
  std::string id, name;
};
Result<AppliedCommit> applied_commit(const Git& git, const std::string& base_branch, const std::string& since) {
  std::string name = since;
  if (name.empty()) name = base_branch;
  if (!name.empty()) {
    TRY_ASSIGN(const std::string tip, git.commit(name, since.empty() ? "base_branch" : "--since"));
    TRY_ASSIGN(const std::string id, git.merge_base(tip, name));
    return AppliedCommit{id, name};
  }
  TRY_ASSIGN(const auto origin, git.find_commit("refs/remotes/origin/HEAD"));
  if (origin) {
    if (const auto id = git.merge_base(*origin, "origin/HEAD")) return AppliedCommit{*id, "origin/HEAD"};
  }
  return AppliedCommit{{}, "HEAD"};
}

Result<ChangedMigrations> staged(const Git& git, CommitReader& reader, const TreeNames& names, const std::string& base_branch,
                                 const std::string& base_name) {
  TRY_ASSIGN(const Git::Status status, git.status(names.asked()));
  Overlay index;
  TRY_VOID(reader.undo(status.unstaged, index));
  reader.remove(status.untracked, index);
  Overlay head = index;
  TRY_VOID(reader.undo(status.staged, head));

  TRY_ASSIGN(std::vector<MigrationSet> now, reader.read(index));
  Past past;
  past.ran = "HEAD";
  TRY_ASSIGN(past.compared, reader.read(head));
  // Most commits only add; where one does not, it matters what is on the base branch, which takes longer to find out.
  ChangedMigrations found = narrow(std::move(now), past);
  if (!is_suspicious(found, past.compared)) return found;
  TRY_ASSIGN(const AppliedCommit applied, applied_commit(git, base_branch, base_name));
  if (applied.id.empty()) return found;
  past.ran = applied.name;
  TRY_ASSIGN(const auto changes, git.changes_to_index(applied.id, names.asked()));
  Overlay base = index;
  TRY_VOID(reader.undo(changes, base));
  TRY_ASSIGN(past.applied, reader.read(base));
  TRY_ASSIGN(now, reader.read(index));
  return narrow(std::move(now), past);
}

Result<ChangedMigrations> everything(const std::vector<std::string>& paths, const Configuration& configuration) {
  ChangedMigrations all;
  TRY_ASSIGN(all.sets, load_migrations(paths, configuration, {}));
  for (const MigrationSet& set : all.sets) {
    lint::Selection::Set& selected = all.selection.sets.emplace_back();
    selected.migrations.resize(set.migrations.size());
    selected.sources.resize(set.sources.size(), true);
  }
  return all;
}

template <class T>
Status as_status(const Result<T>& result) {
  if (!result) return result.error();
  return success();
}

// `until` and all before it have run. A set that has no such revision is left as it is, but one of them must.
Status leave_out_applied(const std::string& until, ChangedMigrations& found) {
  std::optional<Error> error;
  bool resolved = false;
  for (std::size_t i = 0; i < found.sets.size(); ++i) {
    const MigrationSet& set = found.sets[i];
    const auto applied = migrations::RevisionMap(set.migrations).reached(until);
    if (!applied) {
      if (!error) error = applied.error();
      continue;
    }
    resolved = true;
    lint::Selection::Set& selected = found.selection.sets[i];
    std::vector<bool> still(set.sources.size());
    for (std::size_t m = 0; m < set.migrations.size(); ++m) {
      const migrations::Migration& migration = set.migrations[m];
      if (!migration.repeatable && applied->contains(migration.revision)) {
        selected.migrations[m] = {false, false};
        continue;
      }
      if (migration.upgrade) still[migration.upgrade->source] = true;
      if (migration.downgrade) still[migration.downgrade->source] = true;
    }
    // Problems of the folder as a whole stay: they are about no migration.
    std::vector<bool> of_migration(set.sources.size());
    for (const migrations::Migration& migration : set.migrations) {
      if (migration.upgrade) of_migration[migration.upgrade->source] = true;
      if (migration.downgrade) of_migration[migration.downgrade->source] = true;
    }
    for (std::size_t s = 0; s < set.sources.size(); ++s) {
      if (of_migration[s] && !still[s]) selected.sources[s] = false;
    }
  }
  if (resolved || !error) return success();
  error->message = "--applied-until: " + error->message;
  return *error;
}

}  // namespace

Result<ChangedMigrations> load_changed_migrations(const std::vector<std::string>& paths, const Configuration& configuration,
                                                  const ChangeOptions& options) {
  ChangedMigrations found;
  if (options.staged || !options.since.empty()) {
    const std::vector<std::string> wanted = wanted_paths(paths, configuration);
    if (std::ranges::find(wanted, "-") != wanted.end()) {
      return Error{ErrorCode::usage, "--since and --staged look at files that git knows, which standard input is not"};
    }
    std::error_code error;
    const bool is_folder = fs::is_directory(wanted.front(), error);
    TRY_ASSIGN(const Git git, Git::find(is_folder ? wanted.front() : fs::path(wanted.front()).parent_path().string()));
    TreeNames names;
    for (const std::string& path : wanted) TRY_VOID(names.add(git, path));
    CommitReader reader(git, names, configuration, wanted);
    TRY_ASSIGN(found, options.staged ? staged(git, reader, names, configuration.base_branch, options.since)
                                     : since(git, reader, names, options.since));
    // Nothing now and nothing before: the plain reading says what is wrong with the path, unless its files are only not staged yet.
    if (found.sets.empty()) TRY_VOID(as_status(load_migrations(paths, configuration, {})));
  } else {
    TRY_ASSIGN(found, everything(paths, configuration));
  }
  if (!options.applied_until.empty()) TRY_VOID(leave_out_applied(options.applied_until, found));
  // A downgrade that is not judged changes nothing: it is tried and undone.
  for (std::size_t i = 0; i < found.sets.size(); ++i) {
    for (std::size_t m = 0; m < found.sets[i].migrations.size(); ++m) {
      const lint::Selection::Parts& parts = found.selection.sets[i].migrations[m];
      if (!parts.upgrade && !parts.downgrade) found.sets[i].migrations[m].downgrade.reset();
    }
  }
  return found;
}

}  // namespace cupel::cli
