#include "cli/lint_gate.h"

#include "cli/lint_output.h"
#include "cli/output.h"
#include "cli/snapshot.h"
#include "execute/live_schema.h"
#include "lint/engine.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <string_view>

#include <fmt/format.h>

namespace cupel::cli {
namespace {

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

bool passes(const lint::LintResult& result, const Configuration& configuration, const std::string& fail_on) {
  return !fails(result, fail_on.empty() ? configuration.fail_on : *parse_fail_on(fail_on));
}

// The upgrades of `steps` alone, in their order.
migrations::MigrationSet only(const migrations::MigrationSet& set, std::span<const execute::Step> steps) {
  migrations::MigrationSet pending = set;
  pending.migrations.clear();
  pending.problems.clear();
  for (const execute::Step& step : steps) pending.migrations.push_back(set.migrations[step.migration]);
  return pending;
}

// Of a whole history, what is about the upgrades of `revisions`.
void keep_upgrades(lint::LintResult& result, const std::set<std::string_view>& revisions) {
  std::erase_if(result.findings, [&](const lint::Finding& finding) { return finding.downgrade || !revisions.contains(finding.revision); });
}

lint::LintResult judge_folder(const Deployment& deployment, std::span<const execute::Step> steps, const lint::Settings& settings) {
  migrations::MigrationSet own = deployment.set;
  own.migrations.resize(deployment.in_folder);
  lint::LintResult result = lint::lint(std::span(&own, 1), lint::rule_table(), settings);
  std::set<std::string_view> runs;
  for (const execute::Step& step : steps) runs.insert(deployment.set.migrations[step.migration].revision);
  keep_upgrades(result, runs);
  return result;
}

}  // namespace

void note_sizes(const execute::TableSizes& sizes, lint::Settings& settings) {
  for (const auto& [table, size] : sizes) note_size(settings, table.first, table.second, size.rows, size.bytes);
}

Result<lint::LintResult> judge_next(execute::PgSession& session, const std::string& journal_schema, const migrations::MigrationSet& pending,
                                    lint::Settings& settings, const lint::Scope& scope) {
  settings.postgres_version = session.server_major();
  TRY_ASSIGN(execute::LiveSchema live, execute::read_live_schema(session, {{journal_schema}, true}));
  for (const std::string& problem : live.problems()) print_log("cupel: the database has what cupel does not understand: " + problem + "\n");
  note_sizes(live.sizes(), settings);
  return lint::lint_next(pending, lint::rule_table(), settings, live.database(), scope);
}

Result<GateVerdict> judge_upgrades(Deployment& deployment, std::span<const execute::Step> steps, const std::string& fail_on) {
  const auto begin = std::chrono::steady_clock::now();
  GateVerdict verdict;
  verdict.settings = deployment.configuration.lint;
  verdict.settings.postgres_version = deployment.session.server_major();
  // The database has what ran of it already, so that it cannot be replayed from its beginning there.
  const bool begun = std::ranges::any_of(deployment.comparison.upgrading, [&](std::size_t migration) {
    return std::ranges::find(steps, migration, &execute::Step::migration) != steps.end();
  });
  if (begun) {
    verdict.result = judge_folder(deployment, steps, verdict.settings);
  } else {
    TRY_ASSIGN(verdict.result,
               judge_next(deployment.session, deployment.journal.schema(), only(deployment.set, steps), verdict.settings, {}));
    std::erase_if(verdict.result.findings, [](const lint::Finding& finding) { return finding.downgrade; });
  }
  verdict.result.seconds = seconds_since(begin);
  verdict.passed = passes(verdict.result, deployment.configuration, fail_on);
  return verdict;
}

GateVerdict judge_history(std::span<const migrations::MigrationSet> sets, const std::set<std::string_view>& revisions,
                          const Configuration& configuration, const std::string& fail_on) {
  const auto begin = std::chrono::steady_clock::now();
  GateVerdict verdict;
  verdict.settings = configuration.lint;
  verdict.result = lint::lint(sets, lint::rule_table(), verdict.settings);
  keep_upgrades(verdict.result, revisions);
  verdict.result.seconds = seconds_since(begin);
  verdict.passed = passes(verdict.result, configuration, fail_on);
  return verdict;
}

Result<bool> pass_lint_gate(const LintGateOptions& options, Deployment& deployment, std::span<const execute::Step> steps) {
  TRY_ASSIGN(const GateVerdict verdict, judge_upgrades(deployment, steps, options.fail_on));
  TRY_VOID(write_output(render({options.format, options.output, "auto"}, verdict.result, verdict.settings), options.output));
  return verdict.passed;
}

}  // namespace cupel::cli
