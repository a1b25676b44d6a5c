// The schema that a repository keeps beside its migrations (schema.sql, structure.sql: what pg_dump writes), against the one
// that they make.
#pragma once

#include "base/source_text.h"
#include "base/span.h"
#include "schema/database.h"

#include <string>
#include <vector>

namespace cupel::lint {

struct SchemaDrift {
  Span span;  // of the dump: the statement that makes what differs, or its table; empty: none there does
  std::string message;
};

// What certainly differs, in the order of the dump. `migrated`: after the last migration. `dump`: SQL, whole; a statement of it
// that cannot be parsed is passed over, and what depends on it is not told.
std::vector<SchemaDrift> schema_drift(const schema::Database& migrated, const SourceText& dump);

}  // namespace cupel::lint
