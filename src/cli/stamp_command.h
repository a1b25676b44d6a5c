// `cupel stamp`: says what is applied, without running anything.
#pragma once

#include "cli/database.h"

#include <string>
#include <vector>

namespace cupel::cli {

struct StampOptions {
  DatabaseOptions database;
  std::vector<std::string> targets;
  bool purge = false;         // forget applied revisions that the folder does not have
  bool from_alembic = false;  // what alembic_version says
  std::string accept;         // take an edited file for what was applied
};
int stamp_command(const StampOptions& options);

}  // namespace cupel::cli
