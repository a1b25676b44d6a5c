// PostgreSQL's key words, as this parser's version has them. Of words in lower case.
#pragma once

#include <string_view>

namespace cupel::sql {

bool is_key_word(std::string_view word);
bool is_reserved_word(std::string_view word);  // cannot stand for a column without quotes

}  // namespace cupel::sql
