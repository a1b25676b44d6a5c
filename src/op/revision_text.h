// A recorded revision as a file of cupel's own layout (docs/layouts.md): from there on it is a revision like any other. It is also
// what a plan is frozen to.
#pragma once

#include "op/recorder.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <cupel/revision.hpp>

namespace cupel::op {

struct RecordedRevision {
  std::string file;  // that it is written in, as it is to be shown
  std::string id, down, message, label, depends_on;
  bool transactional = true;
  std::vector<RecordedOperation> upgrade;
  bool has_downgrade = false;
  std::vector<RecordedOperation> downgrade;
};

// The suppressions that hold for an operation, as they are written behind "cupel:" ("ignore RULE: REASON"); asked by line, and with
// line 0 for those of the whole file.
using Suppressions = std::function<std::vector<std::string>(const std::string& file, unsigned line)>;

// Empty with `error` where an operation's SQL would be read as something else there.
std::string revision_text(const RecordedRevision& revision, const Suppressions& suppressions, std::string& error);

}  // namespace cupel::op
