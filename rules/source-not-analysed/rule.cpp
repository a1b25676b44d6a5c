#include "lint/rule.h"

// Whoever reads the C++ source reports it.
CUPEL_RULE(source_not_analysed) = {
    .title = "C++ source that was not analysed",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::meta,
};
