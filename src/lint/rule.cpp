#include "lint/rule.h"

#include <algorithm>

namespace cupel::lint {

std::string_view name(Group group) {
  switch (group) {
    case Group::locks: return "locks";
    case Group::failure: return "failure";
    case Group::data_loss: return "data-loss";
    case Group::compatibility: return "compatibility";
    case Group::transactions: return "transactions";
    case Group::data_changes: return "data-changes";
    case Group::naming: return "naming";
    case Group::security: return "security";
    case Group::migrations: return "migrations";
    case Group::meta: return "meta";
  }
  return "";
}

std::string_view name(Severity severity) {
  switch (severity) {
    case Severity::info: return "info";
    case Severity::warning: return "warning";
    case Severity::error: return "error";
  }
  return "";
}

const RuleEntry* find_rule(std::string_view id) {
  const std::span<const RuleEntry> table = rule_table();
  for (const RuleEntry& entry : table) {
    if (entry.id == id) return &entry;
  }
  for (const RuleEntry& entry : table) {
    if (std::ranges::find(entry.rule->former_ids, id) != entry.rule->former_ids.end()) return &entry;
  }
  return nullptr;
}

}  // namespace cupel::lint
