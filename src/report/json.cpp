// cupel's own JSON format, version 1. What each member means stands in docs/json-format.md; a change that a reader
// could notice needs a line there, and a new version if it takes something away.
#include "report/counts.h"
#include "report/json_parts.h"
#include "report/json_writer.h"
#include "report/place.h"
#include "report/report.h"

#include <algorithm>
#include <utility>

namespace cupel::report {
namespace {

constexpr std::uint64_t format_version = 1;

class JsonReport {
 public:
  JsonReport(const lint::LintResult& result, const ReportContext& context)
      : result_(result), context_(context), places_(result), fingerprints_(numbered_fingerprints(result)) {}

  std::string run() {
    json_.open_object();
    json_.new_line(2);
    json_.number("version", format_version);
    json_.new_line(2);
    write_tool();
    json_.new_line(2);
    json_.number("postgres_version", static_cast<std::uint64_t>(result_.postgres_version));
    json_.new_line(2);
    write_layouts(json_, result_);
    json_.new_line(2);
    write_counts();
    json_.new_line(2);
    json_.key("seconds");
    json_.seconds(result_.seconds);
    json_.new_line(2);
    json_.key("findings");
    json_.open_array();
    for (std::size_t index = 0; index < result_.findings.size(); ++index) {
      json_.new_line(4);
      write(result_.findings[index], fingerprints_[index]);
    }
    if (!result_.findings.empty()) json_.new_line(2);
    json_.close_array();
    json_.new_line(0);
    json_.close_object();
    return std::move(out_) + '\n';
  }

 private:
  void write_tool() {
    json_.key("tool");
    json_.open_object();
    json_.string("name", "cupel");
    json_.string("version", context_.tool_version);
    json_.close_object();
  }

  void write_counts() {
    const Counts counts = count(result_);
    json_.key("counts");
    json_.open_object();
    for (const auto severity : {lint::Severity::error, lint::Severity::warning, lint::Severity::info}) {
      json_.number(name(severity), counts.of(severity));
    }
    json_.number("suppressed", counts.suppressed);
    json_.number("known", counts.known);
    json_.number("migrations", counts.migrations);
    json_.number("judged", result_.judged.value_or(counts.migrations));
    json_.number("files", result_.sources.size());
    json_.number("statements", result_.statements);
    json_.number("bytes", result_.bytes);
    json_.close_object();
  }

  void write(const lint::Finding& finding, std::string_view fingerprint) {
    json_.open_object();
    json_.string("rule", finding.rule);
    json_.string("severity", name(finding.severity));
    json_.string("certainty", name(finding.certainty));
    json_.string("message", finding.message);
    write_place(finding.source, finding.span);
    json_.string("revision", finding.revision);
    json_.key("downgrade");
    json_.boolean(finding.downgrade);
    json_.string("statement", finding.statement);
    write_effects(json_, finding);
    json_.string("why", finding.why);
    json_.string("advice", finding.advice);
    json_.string("safe_sql", finding.safe_sql);
    write_related(finding);
    write_fixes(finding);
    json_.key("suppressed");
    if (finding.suppressed) json_.string(*finding.suppressed);
    else json_.null();
    json_.key("known");
    json_.boolean(finding.known);
    json_.string("fingerprint", fingerprint);
    json_.close_object();
  }

  void write_related(const lint::Finding& finding) {
    json_.key("related");
    json_.open_array();
    for (const lint::RelatedPlace& place : finding.related) {
      json_.open_object();
      write_place(place.source, place.span);
      json_.string("message", place.message);
      json_.close_object();
    }
    json_.close_array();
  }

  void write_fixes(const lint::Finding& finding) {
    json_.key("fixes");
    json_.open_array();
    for (const lint::Fix& fix : finding.fixes) {
      json_.open_object();
      json_.string("safety", fix.safety == lint::FixSafety::safe ? "safe" : "needs_review");
      json_.string("title", fix.title);
      json_.key("edits");
      json_.open_array();
      for (const lint::Fix::Edit& edit : fix.edits) {
        json_.open_object();
        write_range(places_.in(finding.source), edit.span);
        json_.string("replacement", edit.replacement);
        json_.close_object();
      }
      json_.close_array();
      json_.close_object();
    }
    json_.close_array();
  }

  void write_place(std::size_t source, Span span) {
    Locator* const locator = places_.in(source);
    json_.key("file");
    if (locator == nullptr) json_.null();
    else json_.string(locator->source().name());
    write_range(about_whole_file(span) ? nullptr : locator, span);
  }

  void write_range(Locator* locator, Span span) {
    write_position("start", locator, span.begin);
    write_position("end", locator, std::max(span.begin, span.end));
  }

  void write_position(std::string_view key, Locator* locator, std::uint32_t offset) {
    json_.key(key);
    if (locator == nullptr) return json_.null();
    const Position position = locator->at(offset);
    json_.open_object();
    json_.number("line", position.line);
    json_.number("column", position.column);
    json_.number("offset", std::min<std::uint64_t>(offset, locator->source().text().size()));
    json_.close_object();
  }

  const lint::LintResult& result_;
  const ReportContext& context_;
  Places places_;
  std::vector<std::string> fingerprints_;
  std::string out_;
  JsonWriter json_{out_};
};

}  // namespace

std::string json(const lint::LintResult& result, const ReportContext& context) { return JsonReport(result, context).run(); }

}  // namespace cupel::report
