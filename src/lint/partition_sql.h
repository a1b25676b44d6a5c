// Bounds of partitions as SQL for the report.
#pragma once

#include "schema/objects.h"
#include "sql/statement.h"

#include <optional>
#include <string>

namespace cupel::lint {

// "FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')", "DEFAULT".
std::string to_sql(const sql::PartitionBound& bound);
// "PARTITION BY RANGE (at)".
std::string to_sql(const sql::PartitionKey& key);
// A condition that a row satisfies exactly if it belongs into the bound, such that PostgreSQL takes a valid CHECK of it as
// proof (manual, ALTER TABLE: ATTACH PARTITION). nullopt for keys of several columns or expressions, hash and default.
std::optional<std::string> condition_of(const sql::PartitionKey& key, const sql::PartitionBound& bound);
// The same for a row that does not belong into it, for a CHECK of the default partition.
std::optional<std::string> condition_outside(const sql::PartitionKey& key, const sql::PartitionBound& bound);

}  // namespace cupel::lint
