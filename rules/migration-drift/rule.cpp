#include "lint/rule.h"

namespace {

constexpr std::string_view sources[] = {"rails: db/structure.sql", "dbmate: schema.sql", "manual: pg_dump"};

}  // namespace

// The engine reports it: it knows the schema after the last migration.
CUPEL_RULE(migration_drift) = {
    .title = "Schema file that is not what the migrations make",
    .severity = cupel::lint::Severity::warning,
    .group = cupel::lint::Group::migrations,
    .sources = sources,
};
