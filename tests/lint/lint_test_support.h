// Sets made of texts, linted as the program would.
#pragma once

#include "lint/engine.h"
#include "migrations/migration.h"

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cupel::lint {

struct TestFile {
  std::string name;
  std::string upgrade;
  std::string downgrade = {};  // in a file of its own
};

inline migrations::MigrationSet make_set(const std::vector<TestFile>& files,
                                         migrations::TransactionMode mode = migrations::TransactionMode::none) {
  migrations::MigrationSet set;
  set.path = "db";
  set.layout = "plain";
  for (const TestFile& file : files) {
    migrations::Migration migration;
    migration.revision = file.name;
    migration.downgrade_expected = false;
    const auto add = [&](const std::string& name, const std::string& text) {
      migrations::Part part;
      part.source = set.sources.size();
      part.mode = mode;
      set.sources.push_back(std::make_shared<const SourceText>(name, text));
      return part;
    };
    migration.upgrade = add("db/" + file.name + ".sql", file.upgrade);
    if (!file.downgrade.empty()) migration.downgrade = add("db/" + file.name + ".down.sql", file.downgrade);
    set.migrations.push_back(std::move(migration));
  }
  return set;
}

inline LintResult lint_with(const Settings& settings, const migrations::MigrationSet& set,
                            std::span<const RuleEntry> rules = rule_table()) {
  return lint({&set, 1}, rules, settings);
}

inline LintResult lint_text(std::string text, std::initializer_list<std::string> only = {}) {
  Settings settings;
  settings.only.insert(only.begin(), only.end());
  return lint_with(settings, make_set({{"001", std::move(text)}}));
}

// "drop-table 3": the rule and the line, with " (suppressed: why)" where it is.
inline std::vector<std::string> summary(const LintResult& result) {
  std::vector<std::string> lines;
  for (const Finding& finding : result.findings) {
    std::string line = std::string(finding.rule) + " " + std::to_string(result.sources[finding.source]->position(finding.span.begin).line);
    if (finding.suppressed) line += " (suppressed: " + *finding.suppressed + ")";
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace cupel::lint
