#include "lint/rule.h"

// Whoever reads the C++ source reports it.
CUPEL_RULE(dynamic_sql) = {
    .title = "SQL that only the running program knows",
    .severity = cupel::lint::Severity::info,
    .group = cupel::lint::Group::meta,
    .repeat = cupel::lint::Repeat::once_per_part,
};
