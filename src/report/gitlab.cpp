// GitLab's code quality report (docs.gitlab.com, "Code Quality", report format): an array of objects with description,
// check_name, fingerprint, severity (info, minor, major, critical, blocker) and location, whose path is relative to the
// repository. Two entries of one fingerprint are shown as one.
#include "report/finding_words.h"
#include "report/json_writer.h"
#include "report/report.h"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

namespace cupel::report {
namespace {

std::string_view severity_of(lint::Severity severity) {
  switch (severity) {
    case lint::Severity::error: return "critical";
    case lint::Severity::warning: return "major";
    case lint::Severity::info: break;
  }
  return "info";
}

// 16 hexadecimal digits of where and what, whatever the line.
std::string identity(std::string_view path, std::string_view fingerprint) {
  std::uint64_t hash = 0xCBF29CE484222325U;
  for (const std::string_view part : {path, std::string_view("\n"), fingerprint}) {
    for (const char byte : part) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001B3U;
  }
  return fmt::format("{:016x}", hash);
}

}  // namespace

std::string gitlab(const lint::LintResult& result, const ReportContext& /*context*/) {
  std::string out;
  JsonWriter json(out);
  Places places(result);
  const std::vector<std::string> fingerprints = numbered_fingerprints(result);
  json.open_array();
  for (std::size_t i = 0; i < result.findings.size(); ++i) {
    const lint::Finding& finding = result.findings[i];
    Locator* const locator = places.in(finding.source);
    // GitLab drops an entry without a place.
    if (!finding.counts() || locator == nullptr) continue;
    const std::string path = path_of(places, finding.source);
    json.new_line(2);
    json.open_object();
    json.string("description", one_line(finding));
    json.string("check_name", finding.rule);
    json.string("fingerprint", identity(path, fingerprints[i]));
    json.string("severity", severity_of(finding.severity));
    json.key("location");
    json.open_object();
    json.string("path", path);
    json.key("lines");
    json.open_object();
    const Position begin = locator->at(finding.span.begin);
    json.number("begin", begin.line);
    json.number("end", locator->at(std::max(finding.span.begin, finding.span.end)).line);
    json.close_object();
    json.close_object();
    if (const std::string more = details(finding); !more.empty()) {
      json.key("content");
      json.open_object();
      json.string("body", more);
      json.close_object();
    }
    json.close_object();
  }
  json.new_line(0);
  json.close_array();
  return out + '\n';
}

}  // namespace cupel::report
