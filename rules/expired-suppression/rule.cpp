#include "lint/rule.h"

// The suppressions report it.
CUPEL_RULE(expired_suppression) = {
    .title = "Suppression whose time is over",
    .severity = cupel::lint::Severity::warning,
    .group = cupel::lint::Group::meta,
};
