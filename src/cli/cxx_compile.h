// Compiling revisions written in C++, for those that no module of the project has. What was compiled is kept, and used again as long
// as the source, everything it includes, the compiler and its flags are the same.
#pragma once

#include "base/result.h"
#include "cli/configuration.h"

#include <string>
#include <vector>

namespace cupel::cli {

// A module for each of `sources`, in their order. What the compiler says goes to standard error.
Result<std::vector<std::string>> compile_revisions(const std::vector<std::string>& sources, const CxxConfiguration& configuration);

}  // namespace cupel::cli
