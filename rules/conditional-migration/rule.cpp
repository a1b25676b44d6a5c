#include "lint/rule.h"

// Whoever reads the C++ source reports it.
CUPEL_RULE(conditional_migration) = {
    .title = "Operation that runs only sometimes",
    .severity = cupel::lint::Severity::warning,
    .group = cupel::lint::Group::migrations,
};
