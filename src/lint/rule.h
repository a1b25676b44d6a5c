// A rule: one hazard, as a value. Its folder in rules/ holds everything else; the table of all rules is generated.
#pragma once

#include "lint/finding.h"
#include "sql/statement.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace cupel::lint {

class Pass;
class MigrationPass;

// What a rule is about; the configuration switches whole groups.
enum class Group {
  locks,          // blocks reads or writes of a live table
  failure,        // the statement fails, or fails on data
  data_loss,      // data is gone afterwards
  compatibility,  // running application code breaks
  transactions,   // what is in one transaction, timeouts
  data_changes,   // backfills
  naming,         // names and explicitness
  security,       // rights and secrets
  migrations,     // the folder: graph, versions, downgrades
  meta,           // cupel about itself: parse errors, suppressions
};
inline constexpr Group all_groups[] = {Group::locks,        Group::failure, Group::data_loss, Group::compatibility, Group::transactions,
                                       Group::data_changes, Group::naming,  Group::security,  Group::migrations,    Group::meta};
// "data-loss": how users write it.
std::string_view name(Group group);
std::string_view name(Severity severity);

// The kinds of statement a rule looks at.
class StatementKinds {
 public:
  constexpr StatementKinds() = default;
  template <class... T>
  static constexpr StatementKinds of() {
    StatementKinds kinds;
    kinds.mask_ = ((std::uint64_t{1} << sql::kind_of<T>) | ...);
    return kinds;
  }
  static constexpr StatementKinds all() {
    StatementKinds kinds;
    kinds.mask_ = ~std::uint64_t{0};
    return kinds;
  }
  [[nodiscard]] constexpr bool contains(sql::StatementKind kind) const { return ((mask_ >> kind) & 1U) != 0; }

 private:
  static_assert(std::variant_size_v<sql::StatementNode> <= 64);
  std::uint64_t mask_ = 0;
};

struct VersionRange {
  int first = 13, last = 99;  // major versions of PostgreSQL the rule is judged for, both included
};

enum class Repeat { every_statement, once_per_part /* of a migration */, once_per_run };

struct Rule {
  std::string_view title;                 // a few words, no period: "Index built while writes are blocked"
  Severity severity = Severity::warning;  // default; the configuration may change it
  Group group = Group::locks;
  bool enabled = true;             // by default; the configuration may change it
  std::string_view since = "0.1";  // version of cupel that brought it
  VersionRange postgres = {};
  std::span<const std::string_view> former_ids = {};
  // Rules of other linters about the same hazard, "squawk/require-concurrent-index-creation", and the manual's sections.
  std::span<const std::string_view> sources = {};
  // Ids of more specific rules: when one of them speaks on the same command, this one is silent.
  std::span<const std::string_view> yields_to = {};
  // How often it is worth saying: the first place counts the others.
  Repeat repeat = Repeat::every_statement;

  StatementKinds on = {};                                  // statements `check` is called for
  void (*check)(Pass& pass) = nullptr;                     // before the statement is replayed; called in order of execution
  void (*check_migration)(MigrationPass& pass) = nullptr;  // after a migration's statements
  bool asks_for_reversal = false;                          // MigrationPass::reversal() is wanted
  // Both null: findings of this rule come from elsewhere (the layouts, the parser, the suppressions).
};

struct RuleEntry {
  std::string_view id;  // the folder's name
  const Rule* rule = nullptr;
  std::string_view documentation;  // rule.md
};

// Generated from rules/*/rule.cpp, in order of id.
std::span<const RuleEntry> rule_table();
// By id or former id; nullptr if there is none.
const RuleEntry* find_rule(std::string_view id);

}  // namespace cupel::lint

// In rules/<id>/rule.cpp: `CUPEL_RULE(add_index_non_concurrent) = {.title = …};` The name is the folder's, dashes as underscores.
#define CUPEL_RULE(name)                 \
  namespace cupel::rules {               \
  extern const ::cupel::lint::Rule name; \
  }                                      \
  constinit const ::cupel::lint::Rule cupel::rules::name
