#include "lint/rule.h"

// The suppressions report it.
CUPEL_RULE(unused_suppression) = {
    .title = "Suppression that silences nothing",
    .severity = cupel::lint::Severity::warning,
    .group = cupel::lint::Group::meta,
};
