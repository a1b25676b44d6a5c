#include "lint/rule.h"

namespace {

constexpr std::string_view sources[] = {"flyway: Migration checksum mismatch", "atlas: atlas.sum",
                                        "prisma: The migration was modified after it was applied"};

}  // namespace

// cupel.lock tells it: src/migrations/lock_file.cpp.
CUPEL_RULE(edited_applied_migration) = {
    .title = "Locked migration that was edited or deleted",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::migrations,
    .sources = sources,
};
