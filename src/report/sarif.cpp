// SARIF 2.1.0. Facts about its readers that shaped this file:
// - Columns are UTF-16 code units unless a run says otherwise; we say so anyway. endColumn is one past the end (§3.30).
// - GitHub takes at most 25,000 results in a run, needs help.text for a rule's page, shows message.text as plain text
// and
//   computes line fingerprints of its own when its upload action has the sources.
// - A reader may refuse an empty region, so every result covers at least one character or a whole line.
#include "report/character.h"
#include "report/json_parts.h"
#include "report/json_writer.h"
#include "report/place.h"
#include "report/report.h"
#include "report/sarif_words.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

namespace cupel::report {
namespace {

constexpr std::size_t results_github_accepts = 25'000;
constexpr std::size_t locations_github_shows = 100;  // of one result; more than 1,000 are refused

std::string_view level(lint::Severity severity) {
  switch (severity) {
    case lint::Severity::error: return "error";
    case lint::Severity::warning: return "warning";
    case lint::Severity::info: break;
  }
  return "note";
}

class SarifReport {
 public:
  SarifReport(const lint::LintResult& result, const ReportContext& context)
      : result_(result), context_(context), places_(result), fingerprints_(numbered_fingerprints(result)) {
    for (std::size_t index = 0; index < context.rules.size(); ++index) rule_indexes_[context.rules[index].id] = index;
    index_artifacts();
  }

  std::string run() {
    json_.open_object();
    json_.new_line(2);
    json_.string("$schema", "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json");
    json_.new_line(2);
    json_.string("version", "2.1.0");
    json_.new_line(2);
    json_.key("runs");
    json_.open_array();
    json_.open_object();
    json_.new_line(4);
    write_tool();
    json_.new_line(4);
    write_invocations();
    json_.new_line(4);
    json_.string("columnKind", "utf16CodeUnits");
    json_.new_line(4);
    write_artifacts();
    json_.new_line(4);
    json_.key("results");
    json_.open_array();
    const std::vector<bool> included = accepted_by_github();
    for (std::size_t index = 0; index < result_.findings.size(); ++index) {
      if (!included[index]) continue;
      json_.new_line(6);
      write(result_.findings[index], fingerprints_[index]);
    }
    if (!result_.findings.empty()) json_.new_line(4);
    json_.close_array();
    json_.new_line(4);
    write_run_properties();
    json_.new_line(2);
    json_.close_object();
    json_.close_array();
    json_.new_line(0);
    json_.close_object();
    return std::move(out_) + '\n';
  }

 private:
  // GitHub refuses a run with more results: the most serious ones it takes are better than none.
  [[nodiscard]] std::vector<bool> accepted_by_github() const {
    std::vector<bool> included(result_.findings.size(), true);
    if (result_.findings.size() <= results_github_accepts) return included;
    std::vector<std::size_t> order(result_.findings.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto weight = [this](std::size_t index) {
      const lint::Finding& finding = result_.findings[index];
      return finding.counts() ? 1 + static_cast<int>(finding.severity) : 0;
    };
    std::ranges::stable_sort(order, std::greater<>(), weight);
    for (std::size_t i = results_github_accepts; i < order.size(); ++i) included[order[i]] = false;
    return included;
  }

  // Only files that a result mentions: a history can have thousands.
  void index_artifacts() {
    artifact_of_source_.resize(result_.sources.size(), none);
    const auto use = [this](std::size_t source) {
      if (places_.in(source) == nullptr || artifact_of_source_[source] != none) return;
      artifact_of_source_[source] = artifacts_.size();
      artifacts_.push_back(uri_of(places_.in(source)->source().name()));
    };
    for (const lint::Finding& finding : result_.findings) {
      use(finding.source);
      for (const lint::RelatedPlace& place : finding.related) use(place.source);
    }
  }

  void write_tool() {
    json_.key("tool");
    json_.open_object();
    json_.key("driver");
    json_.open_object();
    json_.string("name", "cupel");
    json_.string("semanticVersion", context_.tool_version);
    if (!context_.tool_url.empty()) json_.string("informationUri", context_.tool_url);
    json_.key("rules");
    json_.open_array();
    for (const RuleDescription& rule : context_.rules) {
      json_.new_line(6);
      write(rule);
    }
    if (!context_.rules.empty()) json_.new_line(4);
    json_.close_array();
    json_.close_object();
    json_.close_object();
  }

  void write(const RuleDescription& rule) {
    json_.open_object();
    json_.string("id", rule.id);
    write_text("shortDescription", rule.title);
    const std::string description = first_paragraph(rule.documentation);
    write_text("fullDescription", description.empty() ? rule.title : description);
    json_.key("help");
    json_.open_object();
    json_.string("text", rule.documentation.empty() ? rule.title : rule.documentation);
    if (!rule.documentation.empty()) json_.string("markdown", rule.documentation);
    json_.close_object();
    if (!rule.url.empty()) json_.string("helpUri", rule.url);
    json_.key("defaultConfiguration");
    json_.open_object();
    json_.string("level", level(rule.severity));
    json_.close_object();
    if (!rule.group.empty()) {
      json_.key("properties");
      json_.open_object();
      json_.key("tags");
      json_.open_array();
      json_.string(rule.group);
      json_.close_array();
      json_.close_object();
    }
    json_.close_object();
  }

  void write_invocations() {
    json_.key("invocations");
    json_.open_array();
    json_.open_object();
    json_.key("executionSuccessful");
    json_.boolean(true);
    if (result_.findings.size() > results_github_accepts) {
      json_.key("toolExecutionNotifications");
      json_.open_array();
      json_.open_object();
      json_.string("level", "warning");
      write_text("message", fmt::format("{} results; GitHub code scanning accepts at most {} in a run, so only the most severe are here",
                                        result_.findings.size(), results_github_accepts));
      json_.close_object();
      json_.close_array();
    }
    json_.close_object();
    json_.close_array();
  }

  void write_artifacts() {
    json_.key("artifacts");
    json_.open_array();
    for (const std::string& uri : artifacts_) {
      json_.open_object();
      json_.key("location");
      json_.open_object();
      json_.string("uri", uri);
      json_.close_object();
      json_.close_object();
    }
    json_.close_array();
  }

  void write_run_properties() {
    json_.key("properties");
    json_.open_object();
    json_.number("postgresVersion", static_cast<std::uint64_t>(result_.postgres_version));
    json_.number("statements", result_.statements);
    write_layouts(json_, result_);
    json_.close_object();
  }

  void write(const lint::Finding& finding, std::string_view fingerprint) {
    json_.open_object();
    json_.string("ruleId", finding.rule);
    if (const auto rule = rule_indexes_.find(finding.rule); rule != rule_indexes_.end()) { json_.number("ruleIndex", rule->second); }
    json_.string("level", level(finding.severity));
    write_text("message", sarif_escaped(sarif_message(finding)));
    if (places_.in(finding.source) != nullptr) {
      json_.key("locations");
      json_.open_array();
      json_.open_object();
      write_physical_location(finding.source, finding.span);
      json_.close_object();
      json_.close_array();
    }
    write_related(finding);
    json_.key("partialFingerprints");
    json_.open_object();
    json_.string("cupelFinding/v1", fingerprint);
    json_.close_object();
    if (any_known_) json_.string("baselineState", finding.known ? "unchanged" : "new");
    if (finding.suppressed) write_suppression(*finding.suppressed);
    write_fixes(finding);
    write_properties(finding);
    json_.close_object();
  }

  void write_related(const lint::Finding& finding) {
    bool open = false;
    for (std::size_t i = 0; i < std::min(finding.related.size(), locations_github_shows); ++i) {
      const lint::RelatedPlace& place = finding.related[i];
      if (places_.in(place.source) == nullptr) continue;
      if (!open) {
        json_.key("relatedLocations");
        json_.open_array();
        open = true;
      }
      json_.open_object();
      write_physical_location(place.source, place.span);
      write_text("message", sarif_escaped(place.message));
      json_.close_object();
    }
    if (open) json_.close_array();
  }

  void write_suppression(std::string_view reason) {
    json_.key("suppressions");
    json_.open_array();
    json_.open_object();
    json_.string("kind", "inSource");
    if (!reason.empty()) json_.string("justification", reason);
    json_.close_object();
    json_.close_array();
  }

  void write_fixes(const lint::Finding& finding) {
    Locator* const locator = places_.in(finding.source);
    bool open = false;
    for (const lint::Fix& fix : finding.fixes) {
      if (locator == nullptr || fix.edits.empty()) continue;
      if (!open) {
        json_.key("fixes");
        json_.open_array();
        open = true;
      }
      json_.open_object();
      const std::string_view review = fix.safety == lint::FixSafety::safe ? "" : " (needs review)";
      write_text("description", sarif_escaped(fmt::format("{}{}", fix.title, review)));
      json_.key("artifactChanges");
      json_.open_array();
      json_.open_object();
      write_artifact_location(finding.source);
      json_.key("replacements");
      json_.open_array();
      for (const lint::Fix::Edit& edit : fix.edits) {
        json_.open_object();
        json_.key("deletedRegion");
        // Empty here is right: an insertion deletes nothing (§3.57.3).
        write_region(locator->at(edit.span.begin), locator->at(std::max(edit.span.begin, edit.span.end)));
        write_text("insertedContent", edit.replacement);
        json_.close_object();
      }
      json_.close_array();
      json_.close_object();
      json_.close_array();
      json_.close_object();
    }
    if (open) json_.close_array();
  }

  void write_properties(const lint::Finding& finding) {
    json_.key("properties");
    json_.open_object();
    json_.string("certainty", name(finding.certainty));
    json_.key("downgrade");
    json_.boolean(finding.downgrade);
    if (!finding.revision.empty()) json_.string("revision", finding.revision);
    if (!finding.statement.empty()) json_.string("statement", finding.statement);
    write_effects(json_, finding);
    json_.close_object();
  }

  void write_physical_location(std::size_t source, Span span) {
    json_.key("physicalLocation");
    json_.open_object();
    write_artifact_location(source);
    json_.key("region");
    write_visible_region(*places_.in(source), span);
    json_.close_object();
  }

  void write_artifact_location(std::size_t source) {
    json_.key("artifactLocation");
    json_.open_object();
    json_.string("uri", artifacts_[artifact_of_source_[source]]);
    json_.number("index", artifact_of_source_[source]);
    json_.close_object();
  }

  // An empty span grows to the character after it, or before it at a line's end; without one, to the line.
  void write_visible_region(Locator& locator, Span span) {
    const auto begin = locator.at(span.begin);
    if (about_whole_file(span)) return write_line_region(begin.line);
    if (!span.empty()) {
      const auto end = locator.at(span.end);
      if (begin != end) return write_region(begin, end);
    }
    const std::string_view line = locator.source().line(begin.line);
    const std::uint32_t line_begin = locator.source().line_begin(begin.line);
    const std::size_t at = std::min<std::size_t>(span.begin - std::min(span.begin, line_begin), line.size());
    if (line.empty()) return write_line_region(begin.line);
    const std::size_t shown = at < line.size() ? at : previous_character(line, line.size());
    const auto first = static_cast<std::uint32_t>(line_begin + shown);
    write_region(locator.at(first), locator.at(first + static_cast<std::uint32_t>(decode(line, shown).size)));
  }

  void write_line_region(std::uint32_t line) {
    json_.open_object();
    json_.number("startLine", line);
    json_.close_object();
  }

  void write_region(const Position& begin, const Position& end) {
    json_.open_object();
    json_.number("startLine", begin.line);
    json_.number("startColumn", begin.utf16_column);
    json_.number("endLine", end.line);
    json_.number("endColumn", end.utf16_column);
    json_.close_object();
  }

  void write_text(std::string_view key, std::string_view words) {
    json_.key(key);
    json_.open_object();
    json_.string("text", words);
    json_.close_object();
  }

  static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

  const lint::LintResult& result_;
  const ReportContext& context_;
  Places places_;
  std::vector<std::string> fingerprints_;
  std::unordered_map<std::string_view, std::size_t> rule_indexes_;
  std::vector<std::size_t> artifact_of_source_;
  std::vector<std::string> artifacts_;  // URIs
  bool any_known_ = std::ranges::any_of(result_.findings, &lint::Finding::known);
  std::string out_;
  JsonWriter json_{out_};
};

}  // namespace

std::string sarif(const lint::LintResult& result, const ReportContext& context) { return SarifReport(result, context).run(); }

}  // namespace cupel::report
