// Subcommands of one ALTER TABLE that another one of it needs: left out, the safe way of that one would not run.
#pragma once

#include "lint/pass.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::lint {

// A new NOT NULL column without a value: with rows the statement fails, and whatever else it would do takes no time without.
bool fails_with_rows(const Pass& pass);
// "DROP CONSTRAINT a, ": what a new constraint takes the place of, in the same instant. Or empty. What an earlier statement of
// the migration dropped counts if it had the name of the new one (`quoted_name`).
std::string dropped_constraints(const Pass& pass, effects::CommandIndex command, std::string_view quoted_name = {});
// "ALTER TABLE t ADD COLUMN a int;\n" with the columns that the statement adds and that are among `columns`. Or empty.
std::string added_columns(const Pass& pass, effects::CommandIndex command, std::span<const std::string_view> columns);
// The same for a new column whose name the statement frees: "ALTER TABLE t DROP COLUMN a;\n". Or empty.
std::string dropped_column(const Pass& pass, effects::CommandIndex command, std::string_view column);

// The index of a new key built concurrently, then made the constraint's. `name`: the constraint's, without quotes. Where the
// migration drops a constraint of that name, the index is built beside it.
std::string key_by_index(const Pass& pass, effects::CommandIndex command, const sql::Constraint& key, const std::string& name);
// The steps after a new column was added and filled: it is proved and set NOT NULL (`not_null`, or a primary key), and its own
// PRIMARY KEY and UNIQUE get their indexes concurrently. Each line ends with a line end; empty if the column has none of that.
std::string rest_of_new_column(const Pass& pass, const sql::ColumnDefinition& column, bool not_null);
// Without line ends at its end.
std::string trimmed(std::string steps);
// `name` where `table` is, for what must be in its schema (a sequence that it owns).
std::string beside(const sql::QualifiedName& table, std::string_view quoted_name);
// DEFERRABLE and INITIALLY DEFERRED, each after a space, as far as written.
std::string_view deferring(const sql::Constraint& constraint);

}  // namespace cupel::lint
