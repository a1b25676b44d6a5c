// `cupel freeze`: the folder with its C++ revisions as SQL, for hosts that have neither modules nor a compiler.
#pragma once

#include "cli/database.h"

#include <string>

namespace cupel::cli {

struct FreezeOptions {
  DatabaseOptions migrations;  // its path and modules
  std::string output;          // the folder to write
};
int freeze_command(const FreezeOptions& options);

}  // namespace cupel::cli
