#include "cli/rule_pages.h"

#include "cli/output.h"
#include "effects/effects.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

namespace cupel::cli {
namespace {

#ifdef CUPEL_RULES_URL
constexpr std::string_view rules_url = CUPEL_RULES_URL;
#else
constexpr std::string_view rules_url;
#endif

std::string versions_of(const lint::Rule& rule) {
  const int first = std::max(rule.postgres.first, effects::first_version);
  const int last = std::min(rule.postgres.last, effects::last_version);
  if (first == effects::first_version && last == effects::last_version) return "all";
  if (last == effects::last_version) return fmt::format("{} and newer", first);
  return fmt::format("{} to {}", first, last);
}

std::string_view by_default(const lint::Rule& rule) { return rule.enabled ? lint::name(rule.severity) : "off"; }

std::string rule_index() {
  std::string text = "# Rules\n\nWritten by `cupel rules --pages`.\n";
  for (const lint::Group group : lint::all_groups) {
    text += fmt::format("\n## {}\n\n| rule | | by default | PostgreSQL |\n| --- | --- | --- | --- |\n", lint::name(group));
    for (const lint::RuleEntry& entry : lint::rule_table()) {
      if (entry.rule->group != group) continue;
      text += fmt::format("| [`{0}`]({0}.md) | {1} | {2} | {3} |\n", entry.id, entry.rule->title, by_default(*entry.rule),
                          versions_of(*entry.rule));
    }
  }
  return text;
}

}  // namespace

std::string rule_url(const lint::RuleEntry& entry) {
  return rules_url.empty() ? std::string() : fmt::format("{}/{}.md", rules_url, entry.id);
}

std::string rule_page(const lint::RuleEntry& entry) {
  const lint::Rule& rule = *entry.rule;
  const std::size_t end_of_title = entry.documentation.find('\n');
  const std::string_view title = entry.documentation.substr(0, end_of_title);
  std::string text = fmt::format("{}\n\n| rule | by default | group | PostgreSQL | since |\n| --- | --- | --- | --- | --- |\n", title);
  text += fmt::format("| `{}` | {} | {} | {} | cupel {} |\n", entry.id, by_default(rule), lint::name(rule.group), versions_of(rule),
                      rule.since);
  if (end_of_title != std::string_view::npos) text += entry.documentation.substr(end_of_title);
  if (!text.ends_with('\n')) text += '\n';
  if (!rule.former_ids.empty()) text += fmt::format("\nFormerly: `{}`\n", fmt::join(rule.former_ids, "`, `"));
  if (!rule.sources.empty()) {
    text += "\n## Sources and the same hazard elsewhere\n";
    for (const std::string_view source : rule.sources) text += fmt::format("- {}\n", source);
  }
  return text;
}

Status write_rule_pages(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return Error{ErrorCode::unreadable, fmt::format("{}: {}", folder, error.message())};
  for (const lint::RuleEntry& entry : lint::rule_table()) {
    TRY_VOID(write_output(rule_page(entry), fmt::format("{}/{}.md", folder, entry.id)));
  }
  return write_output(rule_index(), folder + "/README.md");
}

}  // namespace cupel::cli
