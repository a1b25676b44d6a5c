#include "cli/stamp_command.h"

#include "base/counted.h"
#include "cli/input.h"
#include "cli/output.h"
#include "execute/alembic.h"
#include "execute/runner_lock.h"
#include "migrations/revision_map.h"

#include <algorithm>

#include <fmt/format.h>

namespace cupel::cli {
namespace {

// The revisions that are applied when `targets` are: these, and all that they come after.
Result<migrations::Applied> with_ancestors(const Deployment& deployment, const std::vector<std::string>& targets) {
  const migrations::RevisionMap map(deployment.set.migrations);
  migrations::Applied wanted;
  for (const std::string& target : targets) {
    TRY_ASSIGN(const migrations::Applied reached, map.reached(target));
    wanted.revisions.insert(reached.revisions.begin(), reached.revisions.end());
  }
  return wanted;
}

// A plan of the revision without its statements: what the journal keeps of it.
Result<execute::PlannedRevision> described(const Deployment& deployment, std::size_t migration) {
  const execute::Step steps[] = {{migration, execute::Direction::upgrade}};
  TRY_ASSIGN(execute::Plan plan, execute::make_plan(deployment.set, {}, steps, deployment.session.server_major()));
  return std::move(plan.revisions.front());
}

Result<int> run(const StampOptions& options) {
  TRY_ASSIGN(Deployment deployment, open_deployment(options.database));
  if (options.targets.empty() && !options.from_alembic && options.accept.empty()) {
    return Error{ErrorCode::usage, "stamp what? Name revisions, head, heads or base; or --from-alembic; or --accept REVISION"};
  }
  TRY_VOID(execute::take_runner_lock(deployment.session, deployment.journal, deployment.target, {}, nullptr, {}));
  if (!deployment.state.exists) TRY_VOID(deployment.journal.create(deployment.session));
  TRY_VOID(refresh(deployment));
  for (const auto* partial : {&deployment.comparison.upgrading, &deployment.comparison.downgrading}) {
    for (const std::size_t index : *partial) {
      if (!options.purge)
        return Error{ErrorCode::partial,
                     fmt::format("revision {} is partly applied; finish it, or, if you have put the database right by hand, add --purge",
                                 deployment.set.migrations[index].revision)};
    }
  }

  std::vector<std::string> targets = options.targets;
  if (options.from_alembic) {
    TRY_ASSIGN(const std::optional<std::vector<std::string>> alembic, execute::read_alembic_version(deployment.session));
    if (!alembic) return Error{ErrorCode::usage, fmt::format("{} has no table alembic_version", deployment.session.description())};
    targets = *alembic;
  }
  std::string words;
  for (const std::string& target : targets) words += (words.empty() ? "" : " ") + target;
  std::string sql = "BEGIN; ";
  std::vector<std::string> added, removed;
  if (options.accept.empty()) {
    TRY_ASSIGN(const migrations::Applied wanted, with_ancestors(deployment, targets));
    if (!deployment.comparison.unknown.empty() && !options.purge) {
      return Error{ErrorCode::edited, fmt::format("revision {} is applied, and not in {}; --purge forgets it, and with "
                                                  "it the downgrade that the journal keeps",
                                                  deployment.comparison.unknown.front(), deployment.set.path)};
    }
    TRY_ASSIGN(const std::int64_t number, deployment.journal.begin_run(deployment.session, describe_run("stamp", words)));
    for (const execute::JournalRevision& known : deployment.state.revisions) {
      const bool stays = wanted.contains(known.revision);
      if (stays && known.state == execute::RevisionState::applied) continue;
      sql += deployment.journal.unstamp_sql(known.revision);
      if (!stays) removed.push_back(known.revision);
    }
    for (std::size_t index = 0; index < deployment.in_folder; ++index) {
      const std::string& revision = deployment.set.migrations[index].revision;
      const execute::JournalRevision* known = deployment.state.find(revision);
      if (!wanted.contains(revision) || (known != nullptr && known->state == execute::RevisionState::applied)) continue;
      TRY_ASSIGN(const execute::PlannedRevision planned, described(deployment, index));
      sql += deployment.journal.stamp_sql(std::to_string(number), planned);
      added.push_back(planned.revision);
    }
    sql += deployment.journal.end_run_sql(std::to_string(number), "done", "");
  } else {
    const migrations::RevisionMap map(deployment.set.migrations);
    TRY_ASSIGN(const std::vector<std::size_t> named, map.resolve(options.accept, deployment.applied));
    for (const std::size_t index : named) {
      const bool edited = std::ranges::any_of(deployment.comparison.edited,
                                              [index](const execute::Comparison::Edited& one) { return one.migration == index; });
      if (!edited)
        return Error{ErrorCode::usage,
                     fmt::format("{} is what was applied; there is nothing to accept", deployment.set.migrations[index].revision)};
      TRY_ASSIGN(const execute::PlannedRevision planned, described(deployment, index));
      sql += deployment.journal.accept_sql(planned);
      added.push_back(planned.revision);
    }
    TRY_ASSIGN(const std::int64_t number, deployment.journal.begin_run(deployment.session, describe_run("stamp --accept", options.accept)));
    sql += deployment.journal.end_run_sql(std::to_string(number), "done", "");
  }
  TRY_VOID(deployment.session.query(sql + "; COMMIT", "cannot write the journal"));
  TRY_VOID(write_output(
      fmt::format("noted {} as applied, {} as not applied; nothing was run\n", counted(added.size(), "revision"), removed.size()), ""));
  return static_cast<int>(exit_clean);
}

}  // namespace

int stamp_command(const StampOptions& options) { return finish(run(options)); }

}  // namespace cupel::cli
