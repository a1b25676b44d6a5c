// What a migration asked a recorder for.
#pragma once

#include "op/recorder.h"

#include <string>
#include <utility>
#include <vector>

#include <cupel/op.hpp>

namespace cupel::op {

struct Recorded {
  std::vector<RecordedOperation> operations;
  std::vector<std::string> sql;  // of all of them
  std::string error;
  bool live = false;
};

template <class Function>
Recorded record(Function&& function) {
  Recorder recorder;
  operations op(recorder);
  try {
    function(op);
  } catch (const stopped&) {}  // the recorder knows why
  Recorded recorded{recorder.operations(), {}, recorder.error(), recorder.is_live()};
  for (const RecordedOperation& operation : recorded.operations)
    recorded.sql.insert(recorded.sql.end(), operation.statements.begin(), operation.statements.end());
  return recorded;
}

}  // namespace cupel::op
