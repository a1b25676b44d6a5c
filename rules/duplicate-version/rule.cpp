#include "lint/rule.h"

namespace {

constexpr std::string_view sources[] = {"flyway: Found more than one migration with version", "golang-migrate: duplicate migration file"};

}  // namespace

// The layouts report it.
CUPEL_RULE(duplicate_version) = {
    .title = "Two migrations with one version",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::migrations,
    .sources = sources,
};
