// How volatile an expression is, by PostgreSQL's own catalogs (pg_proc.provolatile), per server version.
#pragma once

#include "schema/database.h"
#include "sql/expression.h"

#include <optional>
#include <string_view>

namespace cupel::effects {

enum class VolatilityAnswer {
  immutable,
  stable,
  volatile_,
  unknown,  // calls a function that neither the server's catalogs nor the replay know
};

struct ExpressionVolatility {
  VolatilityAnswer answer = VolatilityAnswer::immutable;
  // The function that decided it, as written; empty for immutable.
  std::string_view function;
};

// Volatility of a built-in function by name and number of arguments; nullopt if the version has no such function.
// When overloads of the same arity differ, the most volatile one is meant.
std::optional<sql::Volatility> builtin_volatility(std::string_view name, std::size_t arguments, int postgres_version);
// Functions of the extensions that PostgreSQL itself ships (uuid-ossp, pgcrypto, …).
std::optional<sql::Volatility> extension_volatility(std::string_view name, std::size_t arguments);

// Whether there is such a function, of any number of arguments.
bool is_builtin_function(std::string_view name, int postgres_version);
bool is_extension_function(std::string_view name);

// Of the planned expression, as ADD COLUMN … DEFAULT sees it: SQL functions that inline count as what they inline to
// (ALTER TABLE, ADD COLUMN; 12 and later).
ExpressionVolatility volatility(const sql::Expression& expression, const schema::Database& database, int postgres_version);

}  // namespace cupel::effects
