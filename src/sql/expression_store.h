// Keeps expressions beyond the script they were written in.
#pragma once

#include "sql/statement.h"

#include <string_view>
#include <unordered_set>
#include <vector>

namespace cupel::sql {

// What it gives lives as long as the store does; nothing is given back before. Belongs to one thread at a time.
class ExpressionStore {
 public:
  ExpressionStore() = default;
  ~ExpressionStore();
  ExpressionStore(const ExpressionStore&) = delete;
  ExpressionStore& operator=(const ExpressionStore&) = delete;

  // A copy of the expression. Empty for an empty one, and for one that is deeper than Expression::max_depth: nobody
  // looks into those.
  Expression keep(const Expression& expression);
  // The same for everything in it that belongs to a script.
  PartitionKey keep(PartitionKey key);
  PartitionBound keep(PartitionBound bound);

  // Whether anything ever kept here calls a function of that name, in whatever schema.
  [[nodiscard]] bool calls(std::string_view function);

 private:
  std::string_view keep(std::string_view text);

  void* context_ = nullptr;                         // MemoryContext; made for the first expression
  std::vector<Expression> unread_;                  // kept since the calls were last asked for
  std::unordered_set<std::string_view> functions_;  // called by all others; last parts of names
};

}  // namespace cupel::sql
