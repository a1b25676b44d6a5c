#include "lint/rule.h"

namespace {

constexpr std::string_view sources[] = {"alembic: Cycle is detected in revisions"};

}  // namespace

// The graph of revisions reports it.
CUPEL_RULE(revision_cycle) = {
    .title = "Revisions that come after each other",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::migrations,
    .sources = sources,
};
