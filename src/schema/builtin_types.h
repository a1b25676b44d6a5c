// Internal to src/schema: the names of PostgreSQL's own types.
#pragma once

#include <string_view>

namespace cupel::schema {

// True for the types of pg_catalog that PostgreSQL 13 to 18 have, arrays left out, by their internal names.
bool is_builtin_type(std::string_view name);

}  // namespace cupel::schema
