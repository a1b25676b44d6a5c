#include "lint/rule.h"

// The parser reports it.
CUPEL_RULE(parse_error) = {
    .title = "Statement that PostgreSQL cannot parse",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::meta,
};
