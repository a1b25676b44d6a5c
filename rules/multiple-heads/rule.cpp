#include "lint/rule.h"

namespace {

constexpr std::string_view sources[] = {"alembic: Multiple head revisions are present"};

}  // namespace

// The graph of revisions reports it.
CUPEL_RULE(multiple_heads) = {
    .title = "Several revisions with none after them",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::migrations,
    .sources = sources,
};
