// `-- cupel:ignore rule[, rule]: reason [(owner: NAME, until: DATE)]` on or above a statement, `-- cupel:ignore-file rule[, rule]: reason`
// anywhere.
#pragma once

#include "base/source_text.h"
#include "lint/finding.h"
#include "lint/rule.h"
#include "lint/settings.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::lint {

struct Suppression {
  Span span;    // of the comment
  Span covers;  // findings that begin here are meant; of a whole file: everything
  bool whole_file = false;
  std::vector<std::string> rules;  // as written; empty: the directive names none
  std::string reason;              // empty: none given
  std::string owner;               // "(owner: alice, until: 2026-06-30)" at the end of the reason
  std::string until;
  std::size_t findings = 0;  // that it silences, or would if it had not expired
  bool expired = false;
};

// The suppressions of a text. `statements`: the spans of its statements in ascending order; the ones inside a DO block
// follow it and lie inside it.
std::vector<Suppression> find_suppressions(std::string_view text, std::span<const Span> statements);

// Marks the findings of source number `source` that are suppressed, and appends what is wrong with the suppressions
// themselves (no reason, unknown rule, expired, nobody's, not needed) to `findings`.
void apply_suppressions(std::vector<Suppression>& suppressions, std::size_t source, std::span<const RuleEntry> rules,
                        const Settings& settings, std::vector<Finding>& findings);

}  // namespace cupel::lint
