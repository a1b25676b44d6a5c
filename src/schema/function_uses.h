// Where rows, or what was found out about them, hold what a function gave: replacing it computes none of that anew.
#pragma once

#include "schema/database.h"

#include <string>
#include <vector>

namespace cupel::schema {

struct FunctionUse {
  enum class Kind { index, generated_column, check, partition_key } kind = Kind::index;
  RelationId table = RelationId::none;
  std::string name;  // of the index, the column or the constraint; empty for a partition key
};

// Of validated constraints and of what a table has by itself: what partitions and children have from their parents is told of the parents.
// Only calls that can mean no other overload. Functions that this one is called by are not followed.
std::vector<FunctionUse> stored_uses(const Database& database, const Function& function);

}  // namespace cupel::schema
