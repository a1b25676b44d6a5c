#include "lint/rule.h"

// Whoever reads the C++ source reports it.
CUPEL_RULE(partial_sql) = {
    .title = "SQL of which a part is not known",
    .severity = cupel::lint::Severity::info,
    .group = cupel::lint::Group::meta,
    .repeat = cupel::lint::Repeat::once_per_part,
};
