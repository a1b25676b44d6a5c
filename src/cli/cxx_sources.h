// C++ sources among what a command reads.
#pragma once

#include "cli/configuration.h"
#include "embedded/sources.h"

#include <cstddef>
#include <functional>

namespace cupel::cli {

// Asks cupel-cxx, found by CUPEL_CXX, beside this program, or in PATH, as the configuration has it. `progress`: see
// embedded::FrontEnd.
embedded::Sources make_sources(const Configuration& configuration,
                               std::function<void(std::size_t done, std::size_t all)> progress = nullptr);

// `file`, below `folder`, is one that the configuration passes over.
bool is_skipped(const Configuration& configuration, const std::string& path);

}  // namespace cupel::cli
