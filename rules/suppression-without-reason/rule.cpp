#include "lint/rule.h"

// The suppressions report it.
CUPEL_RULE(suppression_without_reason) = {
    .title = "Suppression without a reason",
    .severity = cupel::lint::Severity::warning,
    .group = cupel::lint::Group::meta,
};
