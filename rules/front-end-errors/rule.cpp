#include "lint/rule.h"

// Whoever reads the C++ source reports it.
CUPEL_RULE(front_end_errors) = {
    .title = "C++ source with errors",
    .severity = cupel::lint::Severity::info,
    .group = cupel::lint::Group::meta,
    .repeat = cupel::lint::Repeat::once_per_part,
};
