#include "lint/rule.h"

// The suppressions report it.
CUPEL_RULE(ungoverned_suppression) = {
    .title = "Suppression without the owner or end that the project asks for",
    .severity = cupel::lint::Severity::warning,
    .group = cupel::lint::Group::meta,
};
