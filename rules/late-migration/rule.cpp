#include "lint/rule.h"

namespace {

constexpr std::string_view sources[] = {"goose: found missing (out-of-order) migrations", "flyway: Detected resolved migration not applied",
                                        "atlas/non-linear"};

}  // namespace

// cupel.lock and git tell it: src/migrations/history.cpp.
CUPEL_RULE(late_migration) = {
    .title = "Migration that comes before one that already ran",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::migrations,
    .sources = sources,
};
