// Alembic's own record, for a team that switches over.
#pragma once

#include "base/result.h"
#include "execute/pg_session.h"

#include <optional>
#include <string>
#include <vector>

namespace cupel::execute {

// The rows of alembic_version, on the search path: the revisions the database is at, their ancestors implied. Nothing if
// there is no such table.
Result<std::optional<std::vector<std::string>>> read_alembic_version(PgSession& session);

}  // namespace cupel::execute
