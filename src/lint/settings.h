// What the configuration and the command line decide about a run. A plain value.
#pragma once

#include "lint/finding.h"
#include "lint/rule.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace cupel::lint {

// What the user, or a live database, told about a table.
struct TableNote {
  bool hot = false;                // every lock on it is felt at once
  std::optional<long long> rows;   // about how many rows it has
  std::optional<long long> bytes;  // their size on disk, without indexes
};

struct Settings {
  int postgres_version = 18;  // major
  // Per rule id: another severity, or nothing for "off".
  std::map<std::string, std::optional<Severity>, std::less<>> severities;
  std::map<Group, bool> groups;             // switched on or off as a whole
  std::set<std::string, std::less<>> only;  // if not empty: just these rules
  std::set<std::string, std::less<>> skip;
  std::map<std::string, TableNote, std::less<>> tables;  // by "schema.name" or "name"
  // The runner, role or database sets a lock_timeout outside the migrations.
  bool assume_lock_timeout = false;
  // A table noted to have at most so many rows is small: what grows with its rows is only info there.
  long long small_table_rows = 10'000;
  bool require_suppression_reason = true;
  bool require_suppression_expiry = false;
  std::optional<Severity> suppression_owner_from;  // findings from this severity on are silenced only by somebody
  std::string today;                               // 2026-01-31: what "until" is compared with; empty: nothing expires
  bool fingerprints = true;                        // for reports that name findings across runs; costs reading each statement again
  bool outline = false;                            // fill LintResult::revisions
  unsigned threads = 0;                            // 0: as many as the machine has

  [[nodiscard]] bool enabled(const RuleEntry& entry) const;
  [[nodiscard]] Severity severity(const RuleEntry& entry) const;
  // The configuration names a severity for the rule.
  [[nodiscard]] bool chooses_severity(std::string_view rule) const;
  [[nodiscard]] const TableNote* note(std::string_view schema, std::string_view table) const;
};

}  // namespace cupel::lint
