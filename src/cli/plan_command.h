// `cupel plan`: what an upgrade would do.
#pragma once

#include "cli/database.h"

#include <string>

namespace cupel::cli {

struct PlanOptions {
  DatabaseOptions database;
  std::string target = "heads";
  bool json = false;
  std::string fail_on;  // empty: as configured
};
int plan_command(const PlanOptions& options);

}  // namespace cupel::cli
