// PostgreSQL's key words, as this parser's version has them. Of words in lower case.
#pragma once

#include <string_view>

namespace cupel::sql {

enum class WordClass {
  none,
  key_word,  // may still be a column's name
  reserved,  // cannot stand for a column without quotes
};
WordClass word_class(std::string_view word);

}  // namespace cupel::sql
