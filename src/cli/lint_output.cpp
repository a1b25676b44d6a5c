#include "cli/lint_output.h"

#include "cli/output.h"
#include "cli/version.h"
#include "lint/engine.h"
#include "report/report.h"

#include <algorithm>
#include <vector>

namespace cupel::cli {
namespace {

std::vector<report::RuleDescription> describe_rules(const lint::Settings& settings) {
  std::vector<report::RuleDescription> rules;
  for (const lint::RuleEntry& entry : lint::rule_table()) {
    rules.push_back({entry.id, entry.rule->title, settings.severity(entry), lint::name(entry.rule->group), entry.documentation, {}});
  }
  return rules;
}

}  // namespace

std::string render(const LintOutput& options, const lint::LintResult& result, const lint::Settings& settings) {
  if (options.format == "text") {
    report::TextStyle style;
    const bool to_stdout = options.output.empty() || options.output == "-";
    style.color = (to_stdout ? wants_color(options.color) : options.color == "always") ? report::Color::always : report::Color::never;
    style.width = to_stdout ? terminal_width() : 0;
    return report::text(result, style);
  }
  const std::vector<report::RuleDescription> rules = describe_rules(settings);
  const report::ReportContext context{rules, tool_version, {}};
  return options.format == "json" ? report::json(result, context) : report::sarif(result, context);
}

bool fails(const lint::LintResult& result, FailOn fail_on) {
  if (fail_on == FailOn::never) return false;
  const lint::Severity least = fail_on == FailOn::error     ? lint::Severity::error
                               : fail_on == FailOn::warning ? lint::Severity::warning
                                                            : lint::Severity::info;
  return std::ranges::any_of(result.findings, [least](const lint::Finding& f) { return !f.suppressed && f.severity >= least; });
}

}  // namespace cupel::cli
