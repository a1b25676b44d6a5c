#include "lint/rule.h"

// Whoever reads the C++ source reports it.
CUPEL_RULE(unreached_sql) = {
    .title = "SQL in a C++ literal that no call sends",
    .severity = cupel::lint::Severity::info,
    .group = cupel::lint::Group::meta,
    .repeat = cupel::lint::Repeat::once_per_part,
};
