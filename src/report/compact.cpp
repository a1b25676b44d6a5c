// One line a finding, as compilers write it: for editors, grep and problem matchers.
#include "report/character.h"
#include "report/finding_words.h"
#include "report/json_parts.h"
#include "report/report.h"

#include <fmt/format.h>

namespace cupel::report {

std::string compact(const lint::LintResult& result, const ReportContext& /*context*/) {
  std::string out;
  Places places(result);
  for (const lint::Finding& finding : result.findings) {
    if (!finding.counts()) continue;
    Locator* const locator = places.in(finding.source);
    const Position position = locator == nullptr ? Position{} : locator->at(finding.span.begin);
    const std::string file = locator == nullptr ? "-" : visible(locator->source().name());
    out += fmt::format("{}:{}:{}: {}: {} [{}]\n", file, position.line, position.column, name(finding.severity), visible(one_line(finding)),
                       finding.rule);
  }
  return out;
}

}  // namespace cupel::report
