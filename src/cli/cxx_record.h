// What the revisions of modules ask for, written down. A process of its own does it: code that crashes or never ends costs an error.
#pragma once

#include "base/result.h"

#include <chrono>
#include <string>
#include <vector>

namespace cupel::cli {

// One revision of a module.
struct ModuleRevision {
  std::string module;  // the file that it was loaded from
  std::string id, message;
  std::string file;   // that it is written in, as the compiler was given it
  std::string text;   // in cupel's own layout
  bool live = false;  // it asks for data (op.bind()): the upgrade's text is only its beginning
  bool live_downgrade = false;
};

// Of all `modules`, in their order. Loads and runs their code.
Result<std::vector<ModuleRevision>> record_modules(const std::vector<std::string>& modules, std::chrono::milliseconds timeout);

}  // namespace cupel::cli
