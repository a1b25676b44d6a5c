// Signs that SQL in a source is for another database.
#pragma once

#include <string_view>

namespace cupel::embedded {

// The source talks to SQLite or MySQL, and nothing in it says PostgreSQL.
bool is_for_other_database(std::string_view source);
// The statement is written in another dialect.
bool is_other_dialect(std::string_view sql);
// Something in the source may send SQL or hold it: worth asking the front end. Quick, and never false for what it would find by name.
bool may_hold_sql(std::string_view source);
// A name that a C or C++ source, or header, has.
bool is_cxx_file(std::string_view name);

}  // namespace cupel::embedded
