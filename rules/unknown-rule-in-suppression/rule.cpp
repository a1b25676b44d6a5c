#include "lint/rule.h"

// The suppressions report it.
CUPEL_RULE(unknown_rule_in_suppression) = {
    .title = "Suppression of a rule that does not exist",
    .severity = cupel::lint::Severity::warning,
    .group = cupel::lint::Group::meta,
};
