// Every operation, with the SQL that it becomes. In order they run on one empty database: what one makes, a later one may need.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <cupel/op.hpp>

namespace cupel::op {

struct Sample {
  const char* name;
  void (*run)(operations& op);
  std::vector<std::string> sql;  // the statements
  const char* before = "";       // SQL that the server needs to have run before it
};

// Long, and only data: samples.inc.
inline std::vector<Sample> samples() {
  return {
#include "tests/op/samples.inc"
  };
}

}  // namespace cupel::op
