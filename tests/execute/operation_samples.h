// The samples of tests/op as text, for files that also use cupel::sql, whose name is a function's there.
#pragma once

#include <string>
#include <vector>

namespace cupel::execute {

struct OperationSample {
  std::string name;
  std::vector<std::string> sql;
  std::string before;
};
std::vector<OperationSample> operation_samples();

}  // namespace cupel::execute
