#include "cli/lint_output.h"

#include "cli/output.h"
#include "cli/rule_pages.h"
#include "cli/version.h"
#include "lint/engine.h"
#include "report/report.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace cupel::cli {
namespace {

using Render = std::string (*)(const lint::LintResult& result, const report::ReportContext& context);
struct Format {
  std::string_view name;
  Render render;  // nullptr: text, which is for a terminal as well
  bool fingerprints;
};
constexpr std::array<Format, 10> formats = {{{"text", nullptr, false},
                                             {"compact", report::compact, false},
                                             {"json", report::json, true},
                                             {"sarif", report::sarif, true},
                                             {"github", report::github, false},
                                             {"gitlab", report::gitlab, true},
                                             {"junit", report::junit, false},
                                             {"rdjson", report::rdjson, false},
                                             {"markdown", report::markdown, false},
                                             {"html", report::html, false}}};

const Format& format_of(std::string_view name) {
  const auto* const found = std::ranges::find(formats, name, &Format::name);
  return found == formats.end() ? formats.front() : *found;
}

std::vector<report::RuleDescription> describe_rules(const lint::Settings& settings) {
  std::vector<report::RuleDescription> rules;
  for (const lint::RuleEntry& entry : lint::rule_table()) {
    rules.push_back(
        {entry.id, entry.rule->title, settings.severity(entry), lint::name(entry.rule->group), entry.documentation, rule_url(entry)});
  }
  return rules;
}

}  // namespace

const std::vector<std::string>& format_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const Format& format : formats) all.emplace_back(format.name);
    return all;
  }();
  return names;
}

bool LintOutput::needs_fingerprints() const { return format_of(format).fingerprints; }

Result<std::vector<LintOutput>> parse_outputs(const std::vector<std::string>& outputs, const std::string& format,
                                              const std::string& color) {
  std::vector<LintOutput> parsed;
  const auto is_format = [](std::string_view word) { return std::ranges::find(formats, word, &Format::name) != formats.end(); };
  std::set<std::string> places;
  bool unused = !format.empty() || outputs.empty();
  for (const std::string& word : outputs) {
    LintOutput output{format.empty() ? "text" : format, word, color};
    const std::size_t colon = word.find(':');
    if (is_format(word)) {
      output = {word, "", color};
    } else if (colon != std::string::npos && is_format(word.substr(0, colon))) {
      output = {word.substr(0, colon), word.substr(colon + 1), color};
    } else {
      unused = false;
    }
    if (output.output == "-") output.output.clear();
    if (!places.insert(output.output).second) {
      return Error{ErrorCode::usage,
                   fmt::format("--output: two reports for {}", output.output.empty() ? "standard output" : output.output)};
    }
    parsed.push_back(std::move(output));
  }
  if (unused) {
    if (places.contains("")) return Error{ErrorCode::usage, "--format and --output: two reports for standard output"};
    parsed.push_back({format.empty() ? "text" : format, "", color});
  }
  return parsed;
}

std::string render(const LintOutput& options, const lint::LintResult& result, const lint::Settings& settings) {
  const Format& format = format_of(options.format);
  if (format.render == nullptr) {
    report::TextStyle style;
    const bool to_stdout = options.output.empty() || options.output == "-";
    style.color = (to_stdout ? wants_color(options.color) : options.color == "always") ? report::Color::always : report::Color::never;
    style.width = to_stdout ? terminal_width() : 0;
    return report::text(result, style);
  }
  const std::vector<report::RuleDescription> rules = describe_rules(settings);
  return format.render(result, {rules, tool_version, {}});
}

bool fails(const lint::LintResult& result, FailOn fail_on) {
  if (fail_on == FailOn::never) return false;
  const lint::Severity least = fail_on == FailOn::error     ? lint::Severity::error
                               : fail_on == FailOn::warning ? lint::Severity::warning
                                                            : lint::Severity::info;
  return std::ranges::any_of(result.findings, [least](const lint::Finding& f) { return f.counts() && f.severity >= least; });
}

}  // namespace cupel::cli
