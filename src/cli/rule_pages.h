// The rules' documentation as Markdown pages, one per rule, with an index: for a web site or a wiki.
#pragma once

#include "base/result.h"
#include "lint/rule.h"

#include <string>

namespace cupel::cli {

// Where the page of a rule is on the web, if this build was told (CMake: CUPEL_RULES_URL); empty otherwise.
std::string rule_url(const lint::RuleEntry& entry);

// What a rule is (severity, group, versions), its rule.md, and where the same hazard is known.
std::string rule_page(const lint::RuleEntry& entry);

// Writes <id>.md for each rule and README.md, the index by group, into `folder`, which is made if it is not there.
Status write_rule_pages(const std::string& folder);

}  // namespace cupel::cli
