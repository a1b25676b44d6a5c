// `cupel plan`: what an upgrade would do.
#pragma once

#include <string>

#include "cli/database.h"

namespace cupel::cli {

struct PlanOptions {
  DatabaseOptions database;
  std::string target = "heads";
  bool json = false;
};
int plan_command(const PlanOptions& options);

}  // namespace cupel::cli
