// JUnit XML as the schema of Jenkins' xUnit plugin has it (junit-10), which GitLab and others read as well: a suite for
// each file, in it a case for each finding. It knows no severities: errors and warnings are failures, what is only advice
// passes with words, what is suppressed or known is skipped. A file without findings is one case that passes.
#include "report/finding_words.h"
#include "report/json_parts.h"
#include "report/report.h"

#include <map>
#include <vector>

#include <fmt/format.h>

namespace cupel::report {
namespace {

struct Suite {
  std::string cases;
  std::size_t tests = 0, failures = 0, skipped = 0;
};

class JunitReport {
 public:
  explicit JunitReport(const lint::LintResult& result) : result_(result), places_(result) {}

  std::string run() {
    std::map<std::size_t, Suite> suites;
    for (std::size_t source = 0; source < result_.sources.size(); ++source) {
      if (places_.in(source) != nullptr && !result_.judged) suites[source];
    }
    for (const lint::Finding& finding : result_.findings) add(finding, suites[finding.source]);
    Suite sum;
    std::string body;
    for (auto& [source, suite] : suites) {
      const std::string file = path_of(places_, source);
      const std::string escaped = markup_escaped(file.empty() ? "migrations" : file);
      if (suite.tests == 0) {
        suite.tests = 1;
        suite.cases = fmt::format("    <testcase name=\"no findings\" classname=\"{}\"/>\n", escaped);
      }
      body += fmt::format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\">\n{}  </testsuite>\n", escaped,
                          suite.tests, suite.failures, suite.skipped, suite.cases);
      sum.tests += suite.tests;
      sum.failures += suite.failures;
    }
    return fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"cupel\" tests=\"{}\" failures=\"{}\" "
        "errors=\"0\">\n{}</testsuites>\n",
        sum.tests, sum.failures, body);
  }

 private:
  void add(const lint::Finding& finding, Suite& suite) {
    ++suite.tests;
    Locator* const locator = places_.in(finding.source);
    const std::string file = path_of(places_, finding.source);
    const std::uint32_t line = locator == nullptr ? 0 : locator->at(finding.span.begin).line;
    const std::string message = markup_escaped(one_line(finding));
    suite.cases +=
        fmt::format("    <testcase name=\"{}: {}{}\" classname=\"{}\"", finding.rule, line == 0 ? "" : fmt::format("line {}: ", line),
                    message, markup_escaped(file.empty() ? "migrations" : file));
    if (!finding.counts()) {
      ++suite.skipped;
      const std::string why = finding.suppressed ? "suppressed: " + *finding.suppressed : std::string("known: in the baseline");
      suite.cases += fmt::format("><skipped message=\"{}\"/></testcase>\n", markup_escaped(why));
      return;
    }
    const std::string place = locator == nullptr ? "" : fmt::format("{}:{}\n", file, line);
    const std::string body = markup_escaped(place + details(finding));
    if (finding.severity == lint::Severity::info) {
      suite.cases += fmt::format("><system-out>{}</system-out></testcase>\n", body);
      return;
    }
    ++suite.failures;
    suite.cases += fmt::format("><failure type=\"{}\" message=\"{}\">{}</failure></testcase>\n", name(finding.severity), message, body);
  }

  const lint::LintResult& result_;
  Places places_;
};

}  // namespace

std::string junit(const lint::LintResult& result, const ReportContext& /*context*/) { return JunitReport(result).run(); }

}  // namespace cupel::report
