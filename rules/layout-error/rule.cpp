#include "lint/rule.h"

// The layouts report it.
CUPEL_RULE(layout_error) = {
    .title = "File that the runner refuses or passes over",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::migrations,
};
