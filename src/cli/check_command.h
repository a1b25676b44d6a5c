// `cupel check`: whether a database is what its applied migrations make.
#pragma once

#include "cli/database.h"

namespace cupel::cli {

struct CheckOptions {
  DatabaseOptions database;
  bool json = false;
  bool strict = false;  // what is unsure counts as drift too
};
// 0: no drift; 1: drift.
int check_command(const CheckOptions& options);

}  // namespace cupel::cli
