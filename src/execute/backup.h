// A backup before the first change: pg_dump, or a command of the user's.
#pragma once

#include "base/result.h"
#include "execute/pg_session.h"

#include <string>

namespace cupel::execute {

// Writes pg_dump's custom format into a new file in `folder` (made if need be) and returns its path. The file has its
// name only once it is whole. Errors: pg_dump is missing or fails, the disk is full; nothing stays then.
Result<std::string> dump_database(const PgSession& session, const std::string& folder);

// Runs `command` with the shell, with the connection in libpq's environment variables. Any exit code but 0 is an error.
Status run_backup_command(const PgSession& session, const std::string& command);

}  // namespace cupel::execute
