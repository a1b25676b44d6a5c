#include "lsp/diagnostics.h"

#include "report/finding_words.h"
#include "report/place.h"

#include <nlohmann/json.hpp>

namespace cupel::lsp {
namespace {

using nlohmann::json;

// LSP 3.17, DiagnosticSeverity; 4 is a hint, which editors hide.
int severity(lint::Severity severity) {
  switch (severity) {
    case lint::Severity::error: return 1;
    case lint::Severity::warning: return 2;
    case lint::Severity::info: break;
  }
  return 3;
}

json related(const lint::RelatedPlace& place, const lint::LintResult& result, const DiagnosticContext& context) {
  const SourceText& source = *result.sources[place.source];
  const Lines lines(source.text(), context.encoding);
  return {{"location", {{"uri", context.uri(source.name())}, {"range", as_json(lines.range(place.span))}}}, {"message", place.message}};
}

}  // namespace

json as_json(TextRange range) {
  const auto place = [](TextPosition position) { return json{{"line", position.line}, {"character", position.character}}; };
  return {{"start", place(range.begin)}, {"end", place(range.end)}};
}

Span marked_span(const lint::Finding& finding, const Lines& lines) {
  return report::about_whole_file(finding.span) ? lines.line_around(0) : finding.span;
}

json diagnostic(const lint::Finding& finding, const lint::LintResult& result, const Lines& lines, const DiagnosticContext& context) {
  std::string message = report::one_line(finding);
  if (const std::string details = report::details(finding); !details.empty()) message += "\n" + details;
  json told = {{"range", as_json(lines.range(marked_span(finding, lines)))},
               {"severity", severity(finding.severity)},
               {"code", finding.rule},
               {"source", "cupel"},
               {"message", std::move(message)},
               {"data", {{"rule", finding.rule}, {"revision", finding.revision}, {"downgrade", finding.downgrade}}}};
  if (std::string url = context.rule_url(finding.rule); !url.empty()) told["codeDescription"] = {{"href", std::move(url)}};
  if (!context.related_information) return told;
  json places = json::array();
  for (const lint::RelatedPlace& place : finding.related) {
    if (place.source < result.sources.size()) places.push_back(related(place, result, context));
  }
  if (!places.empty()) told["relatedInformation"] = std::move(places);
  return told;
}

}  // namespace cupel::lsp
