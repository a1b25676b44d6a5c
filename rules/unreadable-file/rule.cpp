#include "lint/rule.h"

// The layouts report it.
CUPEL_RULE(unreadable_file) = {
    .title = "File that cannot be read",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::migrations,
};
