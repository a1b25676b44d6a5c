// Workflow commands of GitHub Actions (docs.github.com, "Workflow commands for GitHub Actions"):
//   ::error file={name},line={line},col={col},endLine={line},endColumn={col},title={title}::{message}
// In a message %, CR and LF are written %25, %0D and %0A; in a property also : and , as %3A and %2C. Columns count only
// where a finding stays in one line. A step shows ten errors, ten warnings and ten notices; the log has them all.
#include "report/finding_words.h"
#include "report/report.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include <fmt/format.h>

namespace cupel::report {
namespace {

std::string escaped(std::string_view words, std::string_view special) {
  std::string out;
  out.reserve(words.size());
  for (const char byte : words) {
    const bool control = static_cast<unsigned char>(byte) < 0x20 && byte != '\t' && byte != '\n' && byte != '\r';
    if (control) continue;
    if (special.find(byte) != std::string_view::npos) fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(byte));
    else out += byte;
  }
  return out;
}

std::string as_message(std::string_view words) { return escaped(words, "%\r\n"); }
std::string as_property(std::string_view words) { return escaped(words, "%\r\n:,"); }

std::string_view command(lint::Severity severity) {
  switch (severity) {
    case lint::Severity::error: return "error";
    case lint::Severity::warning: return "warning";
    case lint::Severity::info: break;
  }
  return "notice";
}

}  // namespace

std::string github(const lint::LintResult& result, const ReportContext& /*context*/) {
  std::string out;
  Places places(result);
  for (const lint::Finding& finding : result.findings) {
    if (!finding.counts()) continue;
    out.append("::").append(command(finding.severity)) += ' ';
    if (Locator* const locator = places.in(finding.source); locator != nullptr) {
      const Position begin = locator->at(finding.span.begin);
      const Position end = locator->at(std::max(finding.span.begin, finding.span.end));
      out += fmt::format("file={},line={},endLine={},", as_property(path_of(places, finding.source)), begin.line, end.line);
      if (begin.line == end.line && end.column > begin.column) out += fmt::format("col={},endColumn={},", begin.column, end.column);
    }
    const std::string more = details(finding);
    out += fmt::format("title={}::{}{}{}\n", as_property(finding.rule), as_message(one_line(finding)), more.empty() ? "" : "%0A",
                       as_message(more));
  }
  return out;
}

}  // namespace cupel::report
