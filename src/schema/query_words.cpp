#include "schema/query_words.h"

#include "sql/key_words.h"
#include "sql/script.h"

#include <algorithm>

namespace cupel::schema {
namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

}  // namespace

QueryWords::QueryWords(std::string_view text) {
  const std::vector<sql::Token> tokens = sql::tokens(text);
  words_.reserve(tokens.size());
  std::string_view previous;
  bool after_name = false;
  bool in_from = false;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    std::string_view word = tokens[i].span.of(text);
    const bool quoted = tokens[i].kind == sql::TokenKind::quoted_identifier && word.size() >= 2;
    // `a b`, `CASE … END b`: b is what a is called, without AS.
    const bool is_alias = after_name || previous == "end";
    after_name = false;
    sql::WordClass meaning = sql::WordClass::none;
    if (tokens[i].kind == sql::TokenKind::word) {
      if (std::any_of(word.begin(), word.end(), is_upper)) {
        std::string& folded = folded_.emplace_back(word);
        for (char& c : folded) c = is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
        word = folded;
      }
      meaning = sql::word_class(word);
      // All words of clauses are key words.
      if (meaning != sql::WordClass::none) {
        const bool is_table_query = word == "table" && (previous == "as" || previous == "all" || previous == "union" || previous == "(");
        if (word == "select" || word == "values" || is_table_query) ++selects_;
        if (word == "join" || word == "lateral" || word == "with") joins_ = true;
        if (word == "from") in_from = selects_ > 0;
        if (word == "where" || word == "group" || word == "order" || word == "limit" || word == "having") in_from = false;
      }
    } else if (quoted) {
      word = word.substr(1, word.size() - 2);
    } else {
      joins_ = joins_ || (in_from && (word == "," || word == "("));
      previous = word;
      continue;
    }
    const bool is_called = i + 1 < tokens.size() && text[tokens[i + 1].span.begin] == '(';
    const bool is_other = previous == "as" || previous == "::" || previous == ":";
    const bool is_qualified = previous == ".";
    if (is_qualified) meaning = sql::WordClass::none;
    if (meaning != sql::WordClass::reserved && !is_called && !is_other && !is_alias) words_.push_back(word);
    after_name = meaning == sql::WordClass::none;
    previous = quoted ? std::string_view{} : word;
  }
  std::sort(words_.begin(), words_.end());
}

bool QueryWords::mentions(std::string_view column) const { return std::binary_search(words_.begin(), words_.end(), column); }

}  // namespace cupel::schema
