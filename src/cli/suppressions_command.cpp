// All suppressions of a project: who took which risk, why and for how long.
#include "base/counted.h"
#include "cli/commands.h"
#include "cli/input.h"
#include "cli/output.h"
#include "lint/engine.h"
#include "report/character.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace cupel::cli {
namespace {

using nlohmann::ordered_json;

std::string_view state_of(const lint::SuppressionNote& note) { return note.expired ? "expired" : note.findings == 0 ? "unused" : "active"; }

std::string as_text(const lint::LintResult& result) {
  std::string out;
  std::size_t expired = 0, unused = 0;
  for (const lint::SuppressionNote& note : result.suppressions) {
    const SourceText& source = *result.sources[note.source];
    out += fmt::format("{}:{}: {}{}: {}", report::visible(source.name()), source.position(note.span.begin).line,
                       note.whole_file ? "the whole file, " : "", fmt::join(note.rules, ", "),
                       note.reason.empty() ? "no reason given" : report::visible(note.reason));
    if (!note.owner.empty()) out += fmt::format("; owner {}", report::visible(note.owner));
    if (!note.until.empty()) out += fmt::format("; until {}", report::visible(note.until));
    if (state_of(note) != "active") out += fmt::format(" ({})", state_of(note));
    out += '\n';
    expired += note.expired ? 1 : 0;
    unused += !note.expired && note.findings == 0 ? 1 : 0;
  }
  return out + fmt::format("{}, {} expired, {} unused\n", counted(result.suppressions.size(), "suppression"), expired, unused);
}

std::string as_json(const lint::LintResult& result) {
  ordered_json list = ordered_json::array();
  for (const lint::SuppressionNote& note : result.suppressions) {
    const SourceText& source = *result.sources[note.source];
    list.push_back({{"file", source.name()},
                    {"line", source.position(note.span.begin).line},
                    {"whole_file", note.whole_file},
                    {"rules", note.rules},
                    {"reason", note.reason},
                    {"owner", note.owner},
                    {"until", note.until},
                    {"state", state_of(note)},
                    {"findings", note.findings}});
  }
  const ordered_json document = {{"version", 1}, {"suppressions", list}};
  return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

Result<int> run(const SuppressionsOptions& options) {
  TRY_ASSIGN(const Configuration configuration, load_configuration(options.common));
  TRY_ASSIGN(const auto sets, load_migrations(options.paths, configuration, {}));
  lint::LintResult result = lint::lint(sets, lint::rule_table(), configuration.lint);
  std::ranges::stable_sort(result.suppressions, {},
                           [](const lint::SuppressionNote& note) { return std::pair(note.source, note.span.begin); });
  TRY_VOID(write_output(options.format == "json" ? as_json(result) : as_text(result), ""));
  return static_cast<int>(exit_clean);
}

}  // namespace

int suppressions_command(const SuppressionsOptions& options) { return finish(run(options)); }

}  // namespace cupel::cli
