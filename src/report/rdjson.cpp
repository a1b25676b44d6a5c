// Reviewdog's diagnostic format (reviewdog: proto/rdf/reviewdog.proto, DiagnosticResult) as one document: `reviewdog
// -f=rdjson`. Columns are bytes of UTF-8 from 1, ends are exclusive, an insertion is a range without length; a suggestion
// replaces one range.
#include "report/finding_words.h"
#include "report/json_writer.h"
#include "report/report.h"

#include <algorithm>
#include <utility>

namespace cupel::report {
namespace {

std::string_view severity_of(lint::Severity severity) {
  switch (severity) {
    case lint::Severity::error: return "ERROR";
    case lint::Severity::warning: return "WARNING";
    case lint::Severity::info: break;
  }
  return "INFO";
}

class RdjsonReport {
 public:
  RdjsonReport(const lint::LintResult& result, const ReportContext& context) : result_(result), context_(context), places_(result) {}

  std::string run() {
    json_.open_object();
    json_.key("source");
    json_.open_object();
    json_.string("name", "cupel");
    if (!context_.tool_url.empty()) json_.string("url", context_.tool_url);
    json_.close_object();
    json_.key("diagnostics");
    json_.open_array();
    for (const lint::Finding& finding : result_.findings) {
      if (!finding.counts()) continue;
      json_.new_line(2);
      write(finding);
    }
    json_.new_line(0);
    json_.close_array();
    json_.close_object();
    return std::move(out_) + '\n';
  }

 private:
  void write(const lint::Finding& finding) {
    const std::string more = details(finding);
    json_.open_object();
    json_.string("message", more.empty() ? one_line(finding) : one_line(finding) + "\n" + more);
    json_.key("location");
    write_location(finding.source, finding.span);
    json_.string("severity", severity_of(finding.severity));
    json_.key("code");
    json_.open_object();
    json_.string("value", finding.rule);
    const auto rule = std::ranges::find(context_.rules, finding.rule, &RuleDescription::id);
    if (rule != context_.rules.end() && !rule->url.empty()) json_.string("url", rule->url);
    json_.close_object();
    write_suggestions(finding);
    write_related(finding);
    json_.close_object();
  }

  void write_related(const lint::Finding& finding) {
    if (finding.related.empty()) return;
    json_.key("related_locations");
    json_.open_array();
    for (const lint::RelatedPlace& place : finding.related) {
      json_.open_object();
      json_.string("message", place.message);
      json_.key("location");
      write_location(place.source, place.span);
      json_.close_object();
    }
    json_.close_array();
  }

  void write_suggestions(const lint::Finding& finding) {
    Locator* const locator = places_.in(finding.source);
    const auto usable = [](const lint::Fix& fix) { return fix.edits.size() == 1; };
    if (locator == nullptr || std::ranges::none_of(finding.fixes, usable)) return;
    json_.key("suggestions");
    json_.open_array();
    for (const lint::Fix& fix : finding.fixes) {
      if (!usable(fix)) continue;
      json_.open_object();
      json_.key("range");
      write_range(*locator, fix.edits.front().span);
      json_.string("text", fix.edits.front().replacement);
      json_.close_object();
    }
    json_.close_array();
  }

  void write_location(std::size_t source, Span span) {
    json_.open_object();
    if (Locator* const locator = places_.in(source); locator != nullptr) {
      json_.string("path", path_of(places_, source));
      json_.key("range");
      write_range(*locator, span);
    } else {
      json_.string("path", "");
    }
    json_.close_object();
  }

  void write_range(Locator& locator, Span span) {
    json_.open_object();
    write_position("start", locator, span.begin);
    write_position("end", locator, std::max(span.begin, span.end));
    json_.close_object();
  }

  void write_position(std::string_view key, Locator& locator, std::uint32_t offset) {
    const SourceText& source = locator.source();
    offset = std::min<std::uint32_t>(offset, static_cast<std::uint32_t>(source.text().size()));
    const std::uint32_t line = locator.at(offset).line;
    json_.key(key);
    json_.open_object();
    json_.number("line", line);
    json_.number("column", offset - source.line_begin(line) + 1);
    json_.close_object();
  }

  const lint::LintResult& result_;
  const ReportContext& context_;
  Places places_;
  std::string out_;
  JsonWriter json_{out_};
};

}  // namespace

std::string rdjson(const lint::LintResult& result, const ReportContext& context) { return RdjsonReport(result, context).run(); }

}  // namespace cupel::report
