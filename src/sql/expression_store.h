// Keeps expressions beyond the script they were written in.
#pragma once

#include "sql/statement.h"

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

 private:
  std::string_view keep(std::string_view text);

  void* context_ = nullptr;  // MemoryContext; made for the first expression
};

}  // namespace cupel::sql
