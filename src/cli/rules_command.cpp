#include "base/suggest.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/rule_pages.h"
#include "effects/effects.h"
#include "lint/rule.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cupel::cli {
namespace {

std::string as_text() {
  std::size_t widest = 0;
  for (const lint::RuleEntry& entry : lint::rule_table()) widest = std::max(widest, entry.id.size());
  std::string text;
  for (const lint::Group group : lint::all_groups) {
    std::string lines;
    for (const lint::RuleEntry& entry : lint::rule_table()) {
      if (entry.rule->group != group) continue;
      lines += fmt::format("  {:<{}}  {:<7}  {}{}\n", entry.id, widest, lint::name(entry.rule->severity), entry.rule->title,
                           entry.rule->enabled ? "" : " (off by default)");
    }
    if (!lines.empty()) text += fmt::format("{}{}\n{}", text.empty() ? "" : "\n", lint::name(group), lines);
  }
  return text + "\nMore about one of them: cupel explain RULE\n";
}

std::string as_json() {
  nlohmann::ordered_json rules = nlohmann::ordered_json::array();
  for (const lint::RuleEntry& entry : lint::rule_table()) {
    const lint::Rule& rule = *entry.rule;
    nlohmann::ordered_json last;  // null: no last version
    if (rule.postgres.last <= effects::last_version) last = rule.postgres.last;
    rules.push_back({{"id", entry.id},
                     {"title", rule.title},
                     {"severity", lint::name(rule.severity)},
                     {"group", lint::name(rule.group)},
                     {"enabled", rule.enabled},
                     {"since", rule.since},
                     {"postgres", {{"first", rule.postgres.first}, {"last", last}}},
                     {"former_ids", std::vector<std::string_view>(rule.former_ids.begin(), rule.former_ids.end())},
                     {"sources", std::vector<std::string_view>(rule.sources.begin(), rule.sources.end())},
                     {"documentation", entry.documentation}});
  }
  const nlohmann::ordered_json document = {{"version", 1}, {"rules", std::move(rules)}};
  return document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

int print(const std::string& text) {
  const Status written = write_output(text, "");
  if (written) return exit_clean;
  print_problem(written.error().message);
  return exit_unreadable;
}

}  // namespace

int rules_command(const RulesOptions& options) {
  if (!options.pages.empty()) {
    const Status written = write_rule_pages(options.pages);
    if (written) return exit_clean;
    print_problem(written.error().message);
    return exit_unreadable;
  }
  return print(options.format == "json" ? as_json() : as_text());
}

int explain_command(const std::string& rule) {
  const lint::RuleEntry* entry = lint::find_rule(rule);
  if (entry == nullptr) {
    std::vector<std::string_view> known;
    for (const lint::RuleEntry& other : lint::rule_table()) known.push_back(other.id);
    const auto meant = closest_match(rule, known);
    print_problem(
        fmt::format("unknown rule \"{}\"{}; `cupel rules` lists them", rule, meant ? fmt::format(", did you mean \"{}\"?", *meant) : ""));
    return exit_usage;
  }
  const lint::Rule& metadata = *entry->rule;
  std::string text = fmt::format("{} ({}, {}{})\n\n{}", entry->id, lint::name(metadata.severity), lint::name(metadata.group),
                                 metadata.enabled ? "" : ", off by default", entry->documentation);
  if (const std::string url = rule_url(*entry); !url.empty()) text += fmt::format("\n{}\n", url);
  if (!metadata.sources.empty()) text += fmt::format("\nSources and the same hazard elsewhere: {}\n", fmt::join(metadata.sources, "; "));
  return print(text);
}

}  // namespace cupel::cli
