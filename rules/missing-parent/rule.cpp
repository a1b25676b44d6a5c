#include "lint/rule.h"

namespace {

constexpr std::string_view sources[] = {"alembic: Can't locate revision identified by"};

}  // namespace

// The graph of revisions reports it.
CUPEL_RULE(missing_parent) = {
    .title = "Revision whose parent does not exist",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::migrations,
    .sources = sources,
};
