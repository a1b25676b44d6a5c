// Internal to src/execute: an UPDATE or DELETE that a backfill cuts into ranges of a key.
#pragma once

#include "execute/plan.h"
#include "sql/statement.h"

#include <optional>
#include <string>
#include <string_view>

namespace cupel::execute {

// `text`: the file's, under which the statement's span lies. An error (code `usage`) if it is not one UPDATE or DELETE
// of the table that the directive names.
Result<BatchedStatement> batched_statement(const sql::Statement& statement, std::string_view text, const migrations::Backfill& backfill);

// The key column as SQL: folded and quoted as needed.
std::string key_name(std::string_view written);
// The statement on the keys after `after` (none: from the first) up to `until`, both literals of text.
std::string batch_sql(const PlannedStatement& statement, std::string_view text, const std::optional<std::string>& after,
                      const std::string& until);
// One row: the greatest key of the next `batch` rows, NULL if there are none.
std::string next_key_sql(const BatchedStatement& statement, const std::optional<std::string>& after, const std::string& until);

}  // namespace cupel::execute
