// Findings as text for people, JSON for programs and SARIF for code scanners.
//
// Pure functions: nothing here reads a file, the environment or the clock, so the same result gives the same bytes.
// Any bytes in a source or a name are fine: what is not UTF-8 is shown escaped (text) or replaced (JSON, SARIF).
#pragma once

#include "lint/finding.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace cupel::report {

// What a report tells about a rule. The rule table owns the words.
struct RuleDescription {
  std::string_view id;
  std::string_view title;                             // one line, no trailing period
  lint::Severity severity = lint::Severity::warning;  // as configured
  std::string_view group;                             // may be empty
  std::string_view documentation;                     // Markdown: the rule's page
  std::string url = {};                               // of that page on the web; may be empty
};

struct ReportContext {
  std::span<const RuleDescription> rules;
  std::string_view tool_version;   // 0.1.0
  std::string_view tool_url = {};  // may be empty
};

enum class Color { never, always };

struct TextStyle {
  Color color = Color::never;
  // Cells in a line of the terminal: prose is wrapped and source lines are cut there. 0: not a terminal, prose is not
  // wrapped and only very long source lines are cut.
  std::size_t width = 0;
};

// For people. Suppressed findings are counted, not shown. Ends with a summary line.
std::string text(const lint::LintResult& result, const TextStyle& style);
// For programs: docs/json-format.md and docs/cupel-report.schema.json say what is in it.
std::string json(const lint::LintResult& result, const ReportContext& context);
// SARIF 2.1.0: docs/sarif.md says what is in it.
std::string sarif(const lint::LintResult& result, const ReportContext& context);

// The others have their page in docs/formats.md. Suppressed and known findings are left out of them, except where said.
//
// One line a finding: "file:line:column: severity: message [rule]".
std::string compact(const lint::LintResult& result, const ReportContext& context);
// Workflow commands of GitHub Actions: "::error file=…,line=…::message".
std::string github(const lint::LintResult& result, const ReportContext& context);
// GitLab's code quality report.
std::string gitlab(const lint::LintResult& result, const ReportContext& context);
// JUnit XML as Jenkins and GitLab read it: a suite per file, a test case per finding; suppressed ones are skipped.
std::string junit(const lint::LintResult& result, const ReportContext& context);
// Reviewdog's diagnostic format, as one JSON document.
std::string rdjson(const lint::LintResult& result, const ReportContext& context);
// A comment for a pull request, no longer than GitHub takes.
std::string markdown(const lint::LintResult& result, const ReportContext& context);
// One page with everything in it: graph of revisions, locks over time, findings with source. Needs Settings::outline.
std::string html(const lint::LintResult& result, const ReportContext& context);

}  // namespace cupel::report
