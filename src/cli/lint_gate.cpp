#include "cli/lint_gate.h"

#include "cli/lint_output.h"
#include "cli/output.h"
#include "lint/engine.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <string_view>

namespace cupel::cli {

Result<bool> pass_lint_gate(const LintGateOptions& options, const Configuration& configuration, const migrations::MigrationSet& set,
                            const execute::Plan& plan, int postgres_version) {
  const auto begin = std::chrono::steady_clock::now();
  lint::Settings settings = configuration.lint;
  settings.postgres_version = postgres_version;
  lint::LintResult result = lint::lint(std::span(&set, 1), lint::rule_table(), settings);
  // The rest of the history has run; downgrades do not run now.
  std::set<std::string_view> runs;
  for (const execute::PlannedRevision& revision : plan.revisions) runs.insert(revision.revision);
  std::erase_if(result.findings, [&](const lint::Finding& finding) { return finding.downgrade || !runs.contains(finding.revision); });
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  TRY_VOID(write_output(render({options.format, options.output, "auto"}, result, settings), options.output));
  return !fails(result, options.fail_on.empty() ? configuration.fail_on : *parse_fail_on(options.fail_on));
}

}  // namespace cupel::cli
