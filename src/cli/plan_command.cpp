#include "cli/plan_command.h"

#include "base/counted.h"
#include "cli/cxx_live.h"
#include "cli/input.h"
#include "cli/lint_gate.h"
#include "cli/output.h"
#include "migrations/revision_map.h"

#include <set>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cupel::cli {
namespace {

using nlohmann::ordered_json;

// What would run, and what lint-and-upgrade would say to it.
struct JudgedPlan {
  execute::Plan plan;
  GateVerdict verdict;
};

// Findings that count.
std::vector<const lint::Finding*> active(const lint::LintResult& result) {
  std::vector<const lint::Finding*> findings;
  for (const lint::Finding& finding : result.findings) {
    if (finding.counts()) findings.push_back(&finding);
  }
  return findings;
}

std::string verdict_in_text(const GateVerdict& verdict) {
  std::string out;
  const std::vector<const lint::Finding*> findings = active(verdict.result);
  for (const lint::Finding* finding : findings) {
    const SourceText& source = *verdict.result.sources[finding->source];
    const Position place = source.position(finding->span.begin);
    out += fmt::format("{}:{}:{}: {}: {} [{}]\n", source.name(), place.line, place.column, lint::name(finding->severity), finding->message,
                       finding->rule);
  }
  return out + fmt::format("lint-and-upgrade {}: {}\n", verdict.passed ? "would apply it" : "would refuse it",
                           counted(findings.size(), "finding"));
}

ordered_json verdict_in_json(const GateVerdict& verdict) {
  ordered_json findings = ordered_json::array();
  for (const lint::Finding* finding : active(verdict.result)) {
    const SourceText& source = *verdict.result.sources[finding->source];
    const Position place = source.position(finding->span.begin);
    findings.push_back({{"rule", finding->rule},
                        {"severity", lint::name(finding->severity)},
                        {"revision", finding->revision},
                        {"file", source.name()},
                        {"line", place.line},
                        {"column", place.column},
                        {"message", finding->message}});
  }
  return {{"passed", verdict.passed}, {"findings", std::move(findings)}};
}

std::string in_text(const JudgedPlan& judged) {
  const execute::Plan& plan = judged.plan;
  if (plan.revisions.empty()) return "nothing to do\n";
  std::string out;
  for (const execute::PlannedRevision& revision : plan.revisions) {
    out += fmt::format("{} {} {}\n", execute::name(revision.direction), revision.revision, revision.title);
    for (const execute::Piece& piece : revision.pieces) {
      out += piece.kind == execute::PieceKind::transaction ? "  transaction\n"
             : piece.kind == execute::PieceKind::outside   ? "  outside a transaction\n"
             : piece.kind == execute::PieceKind::live      ? "  live: reads data; its statements are known when it runs\n"
                                                           : "  in batches\n";
      for (const execute::PlannedStatement& statement : piece.statements) {
        out += fmt::format(
            "    {}:{} {}{}\n", revision.source->name(), revision.source->position(statement.span.begin).line, statement.tag,
            statement.lock_wait == execute::LockWait::brief || statement.locks.empty() ? "" : ", waits for its locks as long as it takes");
        for (const execute::PlannedLock& lock : statement.locks) {
          const std::string_view blocked = effects::blocked_by(lock.mode);
          out += fmt::format("      {} on {}{}\n", effects::sql_name(lock.mode), lock.relation,
                             blocked.empty() ? "" : fmt::format(" blocks {}", blocked));
        }
        for (const std::string& work : statement.work) out += fmt::format("      {}\n", work);
      }
    }
    if (revision.pieces.empty()) out += "  no statements\n";
  }
  return out + verdict_in_text(judged.verdict) + fmt::format("plan {}\n", plan.hash());
}

std::string in_json(const JudgedPlan& judged) {
  const execute::Plan& plan = judged.plan;
  ordered_json revisions = ordered_json::array();
  for (const execute::PlannedRevision& revision : plan.revisions) {
    ordered_json pieces = ordered_json::array();
    for (const execute::Piece& piece : revision.pieces) {
      ordered_json statements = ordered_json::array();
      for (const execute::PlannedStatement& statement : piece.statements) {
        ordered_json locks = ordered_json::array();
        for (const execute::PlannedLock& lock : statement.locks) {
          locks.push_back(
              {{"relation", lock.relation}, {"lock", effects::sql_name(lock.mode)}, {"blocks", effects::blocked_by(lock.mode)}});
        }
        statements.push_back({{"number", statement.number},
                              {"line", revision.source->position(statement.span.begin).line},
                              {"tag", statement.tag},
                              {"statement", statement.span.of(revision.source->text())},
                              {"hash", statement.hash},
                              {"lock_wait", statement.lock_wait == execute::LockWait::brief ? "brief" : "unlimited"},
                              {"locks", std::move(locks)},
                              {"work", statement.work}});
      }
      pieces.push_back({{"kind", execute::name(piece.kind)}, {"statements", std::move(statements)}});
    }
    revisions.push_back({{"revision", revision.revision},
                         {"title", revision.title},
                         {"direction", execute::name(revision.direction)},
                         {"file", revision.source ? revision.source->name() : revision.file},
                         {"hash", revision.hash},
                         {"pieces", std::move(pieces)}});
  }
  const ordered_json document = {
      {"version", 1}, {"hash", plan.hash()}, {"lint", verdict_in_json(judged.verdict)}, {"revisions", std::move(revisions)}};
  return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

// Of every layout; without a database everything is pending.
Result<JudgedPlan> offline_plan(const PlanOptions& options, const Configuration& configuration) {
  std::vector<std::string> paths;
  if (!options.database.path.empty()) paths.push_back(options.database.path);
  TRY_ASSIGN(const RecordedMigrations recorded, load_recorded_migrations(paths, configuration, options.database.modules));
  const std::vector<migrations::MigrationSet>& sets = recorded.sets;
  JudgedPlan judged;
  for (const migrations::MigrationSet& set : sets) {
    const migrations::RevisionMap map(set.migrations);
    TRY_ASSIGN(const std::vector<std::size_t> path, map.upgrade_path(options.target, {}));
    std::vector<execute::Step> steps;
    for (const std::size_t migration : path) steps.push_back({migration, execute::Direction::upgrade});
    TRY_ASSIGN(execute::Plan one, execute::make_plan(set, {}, steps, configuration.lint.postgres_version));
    show_live(one, recorded.live);
    for (execute::PlannedRevision& revision : one.revisions) judged.plan.revisions.push_back(std::move(revision));
  }
  std::set<std::string_view> planned;
  for (const execute::PlannedRevision& revision : judged.plan.revisions) planned.insert(revision.revision);
  judged.verdict = judge_history(sets, planned, configuration, options.fail_on);
  return judged;
}

Result<JudgedPlan> pending_plan(const PlanOptions& options) {
  TRY_ASSIGN(Deployment deployment, open_deployment(options.database));
  const migrations::RevisionMap map(deployment.set.migrations);
  TRY_ASSIGN(const std::vector<std::size_t> path, map.upgrade_path(options.target, deployment.applied));
  std::vector<execute::Step> steps;
  for (const std::size_t migration : path) steps.push_back({migration, execute::Direction::upgrade});
  JudgedPlan judged;
  TRY_ASSIGN(judged.plan, execute::make_plan(deployment.set, deployment.comparison.applied, steps, deployment.session.server_major()));
  show_live(judged.plan, deployment.live);
  TRY_ASSIGN(judged.verdict, judge_upgrades(deployment, steps, options.fail_on));
  return judged;
}

Result<int> run(const PlanOptions& options) {
  TRY_ASSIGN(const Configuration configuration, load_configuration(options.database.common));
  const bool with_database = database_target(options.database, configuration).has_value();
  TRY_ASSIGN(const JudgedPlan judged, with_database ? pending_plan(options) : offline_plan(options, configuration));
  TRY_VOID(write_output(options.json ? in_json(judged) : in_text(judged), ""));
  return static_cast<int>(exit_clean);
}

}  // namespace

int plan_command(const PlanOptions& options) { return finish(run(options)); }

}  // namespace cupel::cli
