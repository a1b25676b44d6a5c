#include "lint/rule.h"

// Whoever reads the C++ source reports it.
CUPEL_RULE(other_dialect) = {
    .title = "SQL for another database",
    .severity = cupel::lint::Severity::info,
    .group = cupel::lint::Group::meta,
    .repeat = cupel::lint::Repeat::once_per_part,
};
