// The safe way to a UNIQUE constraint or primary key, as SQL for the report.
#pragma once

#include <string>
#include <string_view>

#include "lint/pass.h"

namespace cupel::lint {

// An index that is built concurrently and then made the constraint `name` (as an identifier) of the table, ending as
// `constraint` says: its columns, INCLUDE, NULLS NOT DISTINCT, DEFERRABLE. Where the migration drops a constraint of that
// name first, the index is built beside it. Empty where no index can be taken (WITHOUT OVERLAPS).
std::string unique_steps(const Pass& pass, const sql::QualifiedName& table, std::string_view name, const sql::Constraint& constraint);

// This statement or an earlier one of the migration drops a constraint of that name (an identifier) from the table.
bool replaces_constraint(const Pass& pass, const sql::QualifiedName& table, std::string_view name);

// What is left to do after a column was added bare and filled, so that it ends as `column` says: NOT NULL (`not_null`),
// PRIMARY KEY, UNIQUE. Empty if that is nothing.
std::string column_constraint_steps(const Pass& pass, const sql::QualifiedName& table, const sql::ColumnDefinition& column, bool not_null);

}  // namespace cupel::lint
