// `cupel current` and `cupel status`: what is applied, and how that compares with the folder.
#pragma once

#include "cli/database.h"

namespace cupel::cli {

struct CurrentOptions {
  DatabaseOptions database;
  bool verbose = false;
  bool check_heads = false;
  bool json = false;
};
int current_command(const CurrentOptions& options);

struct StatusOptions {
  DatabaseOptions database;
  bool exit_code = false;
  bool json = false;
};
int status_command(const StatusOptions& options);

}  // namespace cupel::cli
