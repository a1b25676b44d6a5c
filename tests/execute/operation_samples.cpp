#include "tests/execute/operation_samples.h"

#include "tests/op/samples.h"

namespace cupel::execute {

std::vector<OperationSample> operation_samples() {
  std::vector<OperationSample> samples;
  for (const op::Sample& sample : op::samples()) samples.push_back({sample.name, sample.sql, sample.before});
  return samples;
}

}  // namespace cupel::execute
