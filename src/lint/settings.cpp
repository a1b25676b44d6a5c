#include "lint/settings.h"

namespace cupel::lint {

bool Settings::enabled(const RuleEntry& entry) const {
  if (skip.contains(entry.id)) return false;
  if (!only.empty()) return only.contains(entry.id);
  if (const auto chosen = severities.find(entry.id); chosen != severities.end()) return chosen->second.has_value();
  if (const auto group = groups.find(entry.rule->group); group != groups.end()) return group->second;
  return entry.rule->enabled;
}

bool Settings::chooses_severity(std::string_view rule) const {
  const auto chosen = severities.find(rule);
  return chosen != severities.end() && chosen->second.has_value();
}

Severity Settings::severity(const RuleEntry& entry) const {
  if (const auto chosen = severities.find(entry.id); chosen != severities.end() && chosen->second) return *chosen->second;
  return entry.rule->severity;
}

const TableNote* Settings::note(std::string_view schema, std::string_view table) const {
  if (tables.empty()) return nullptr;
  std::string qualified(schema);
  qualified.append(".").append(table);
  if (const auto found = tables.find(qualified); found != tables.end()) return &found->second;
  const auto found = tables.find(table);
  return found == tables.end() ? nullptr : &found->second;
}

}  // namespace cupel::lint
