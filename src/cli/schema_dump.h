// The schema that a repository keeps beside its migrations (schema_dump in cupel.toml).
#pragma once

#include "base/result.h"
#include "base/source_text.h"
#include "cli/changes.h"

#include <memory>
#include <string>

namespace cupel::cli {

// Reads `file`, the one that the configuration names (empty: there is none, and null comes back), and takes it out of
// `migrations`, where it stands as a folder of its own if the user named a folder around it. Errors: it cannot be read; there are
// several folders of migrations, so that nobody knows which of them makes it.
Result<std::shared_ptr<const SourceText>> take_schema_dump(const std::string& file, ChangedMigrations& migrations);

}  // namespace cupel::cli
