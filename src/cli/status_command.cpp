#include "cli/status_command.h"

#include "cli/input.h"
#include "cli/output.h"
#include "execute/alembic.h"

#include <algorithm>
#include <set>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cupel::cli {
namespace {

using nlohmann::ordered_json;

std::string dump(const ordered_json& document) { return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n"; }

// Applied revisions that no other applied one comes after, in the journal's order.
std::vector<const execute::JournalRevision*> tips(const execute::JournalState& state) {
  std::set<std::string_view> behind;
  for (const execute::JournalRevision& revision : state.revisions) {
    if (revision.state == execute::RevisionState::upgrading) continue;
    behind.insert(revision.parents.begin(), revision.parents.end());
    behind.insert(revision.depends_on.begin(), revision.depends_on.end());
  }
  std::vector<const execute::JournalRevision*> result;
  for (const execute::JournalRevision& revision : state.revisions) {
    if (revision.state != execute::RevisionState::upgrading && !behind.contains(revision.revision)) result.push_back(&revision);
  }
  return result;
}

bool is_head(const Deployment& deployment, const std::string& revision) {
  return std::ranges::find(deployment.set.heads, revision) != deployment.set.heads.end();
}

const migrations::Migration& migration(const Deployment& deployment, std::size_t index) { return deployment.set.migrations[index]; }

std::string file_of(const Deployment& deployment, const migrations::Migration& migration) {
  if (!migration.upgrade) return {};
  return deployment.set.sources[migration.upgrade->source]->name();
}

std::vector<std::string> partial_revisions(const Deployment& deployment) {
  std::vector<std::string> result;
  for (const execute::JournalRevision& revision : deployment.state.revisions) {
    if (revision.state != execute::RevisionState::applied) result.push_back(revision.revision);
  }
  return result;
}

Result<int> current(const CurrentOptions& options) {
  TRY_ASSIGN(Deployment deployment, open_deployment(options.database));
  const std::vector<const execute::JournalRevision*> at = tips(deployment.state);
  std::string out;
  if (!deployment.state.exists) {
    TRY_ASSIGN(const std::optional<std::vector<std::string>> alembic, execute::read_alembic_version(deployment.session));
    if (alembic) {
      for (const std::string& revision : *alembic)
        out += fmt::format("{} (alembic_version; `cupel stamp --from-alembic` takes it over)\n", revision);
    }
  }
  ordered_json list = ordered_json::array();
  for (const execute::JournalRevision* revision : at) {
    const bool head = is_head(deployment, revision->revision);
    list.push_back({{"revision", revision->revision},
                    {"title", revision->title},
                    {"head", head},
                    {"state", execute::name(revision->state)},
                    {"applied_at", revision->applied_at},
                    {"run", revision->run},
                    {"stamped", revision->stamped}});
    if (!options.verbose) {
      out += fmt::format("{}{}{}\n", revision->revision, head ? " (head)" : "",
                         revision->state == execute::RevisionState::applied ? "" : fmt::format(" ({})", execute::name(revision->state)));
      continue;
    }
    out += fmt::format("{}{}\n  title:   {}\n  file:    {}\n  applied: {}{} (run {})\n", revision->revision, head ? " (head)" : "",
                       revision->title, revision->file, revision->applied_at, revision->stamped ? ", noted without running" : "",
                       revision->run);
  }
  if (options.json) {
    out = dump(
        {{"version", 1}, {"database", deployment.session.description()}, {"current", list}, {"partial", partial_revisions(deployment)}});
  } else if (options.verbose) {
    out = fmt::format("database {}\n{}", deployment.session.description(), out);
  }
  TRY_VOID(write_output(out, ""));
  if (!options.check_heads) return static_cast<int>(exit_clean);
  const bool all = std::ranges::all_of(deployment.set.heads, [&](const std::string& head) {
    const execute::JournalRevision* known = deployment.state.find(head);
    return known != nullptr && known->state == execute::RevisionState::applied;
  });
  if (all) return static_cast<int>(exit_clean);
  print_problem(fmt::format("{} is not on all heads of {}", deployment.session.description(), deployment.set.path));
  return static_cast<int>(exit_pending);
}

Result<int> status(const StatusOptions& options) {
  TRY_ASSIGN(Deployment deployment, open_deployment(options.database));
  const execute::Comparison& comparison = deployment.comparison;
  if (options.json) {
    ordered_json pending = ordered_json::array();
    for (const std::size_t index : comparison.pending) {
      const migrations::Migration& one = migration(deployment, index);
      const execute::JournalRevision* known = deployment.state.find(one.revision);
      pending.push_back(
          {{"revision", one.revision}, {"title", one.title}, {"file", file_of(deployment, one)}, {"partial", known != nullptr}});
    }
    ordered_json edited = ordered_json::array();
    for (const execute::Comparison::Edited& one : comparison.edited) {
      edited.push_back({{"revision", migration(deployment, one.migration).revision},
                        {"file", file_of(deployment, migration(deployment, one.migration))},
                        {"stamped", one.stamped}});
    }
    ordered_json runs = ordered_json::array();
    for (const execute::OpenRun& run : deployment.state.open_runs) {
      runs.push_back({{"run", run.id},
                      {"command", run.command},
                      {"user", run.user},
                      {"host", run.host},
                      {"started", run.started},
                      {"backend_pid", run.backend_pid},
                      {"alive", run.alive}});
    }
    TRY_VOID(write_output(dump({{"version", 1},
                                {"database", deployment.session.description()},
                                {"journal", deployment.state.exists},
                                {"applied", comparison.applied.size() + comparison.unknown.size()},
                                {"pending", pending},
                                {"unknown", comparison.unknown},
                                {"edited", edited},
                                {"partial", partial_revisions(deployment)},
                                {"unfinished_runs", runs}}),
                          ""));
  } else {
    std::string out = fmt::format("{}: {} applied, {} pending\n", deployment.session.description(),
                                  comparison.applied.size() + comparison.unknown.size(), comparison.pending.size());
    if (!deployment.state.exists) out += "no journal yet: cupel has not run here\n";
    for (const std::size_t index : comparison.pending) {
      const migrations::Migration& one = migration(deployment, index);
      const bool begun = deployment.state.find(one.revision) != nullptr;
      out += fmt::format("  pending  {} {}{}\n", one.revision, one.title,
                         begun ? " (partly applied: upgrade goes on behind what is done)" : "");
    }
    for (const std::size_t index : comparison.downgrading)
      out += fmt::format("  partly taken back  {}\n", migration(deployment, index).revision);
    for (const std::string& revision : comparison.unknown)
      out += fmt::format("  unknown  {} is applied, and not in {}\n", revision, deployment.set.path);
    for (const execute::Comparison::Edited& one : comparison.edited) {
      out += fmt::format("  edited   {}: {} is not what was applied\n", migration(deployment, one.migration).revision,
                         file_of(deployment, migration(deployment, one.migration)));
    }
    for (const execute::OpenRun& run : deployment.state.open_runs) {
      out += run.alive
                 ? fmt::format("  running  run {}: {} by {} on {}, begun {}, server process {}\n", run.id, run.command, run.user, run.host,
                               run.started, run.backend_pid)
                 : fmt::format("  broken off  run {}: {} by {} on {}, begun {}\n", run.id, run.command, run.user, run.host, run.started);
    }
    TRY_VOID(write_output(out, ""));
  }
  if (!options.exit_code) return static_cast<int>(exit_clean);
  if (!comparison.edited.empty() || !comparison.unknown.empty()) return static_cast<int>(exit_edited);
  return static_cast<int>(comparison.pending.empty() && comparison.downgrading.empty() ? exit_clean : exit_pending);
}

}  // namespace

int current_command(const CurrentOptions& options) { return finish(current(options)); }
int status_command(const StatusOptions& options) { return finish(status(options)); }

}  // namespace cupel::cli
