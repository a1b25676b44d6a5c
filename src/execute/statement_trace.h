// Internal to src/execute: what a statement that ran outside a transaction block leaves to tell that it did.
#pragma once

#include "execute/plan.h"
#include "sql/statement.h"

#include <string_view>

namespace cupel::execute {

// `text` is the file's, under which the statement's span lies.
Trace trace_of(const sql::Statement& statement, std::string_view text);

}  // namespace cupel::execute
