// Internal to src/schema: what the words of a query's text tell about the columns it reads. Nothing resolves names in a
// query here; the words are an over-approximation, cheap to get and never too few.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::schema {

// Views into `text`, which must outlive it.
class QueryWords {
 public:
  explicit QueryWords(std::string_view text);

  // The word occurs where a column may stand: not naming an output column, a relation or a type, not called as a function.
  [[nodiscard]] bool mentions(std::string_view column) const;
  // SELECT … FROM name [alias] and clauses that bring no other relation: every name in it is a column of that one, and a
  // star stands for all its columns.
  [[nodiscard]] bool reads_one_relation() const { return selects_ == 1 && !joins_; }
  // No subquery, whose output columns have names of their own.
  [[nodiscard]] bool has_one_select() const { return selects_ == 1; }

 private:
  std::deque<std::string> folded_;       // words that are not written in lower case
  std::vector<std::string_view> words_;  // sorted
  int selects_ = 0;
  bool joins_ = false;
};

}  // namespace cupel::schema
