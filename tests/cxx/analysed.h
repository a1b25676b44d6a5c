// Analyses a text as the program does.
#pragma once

#include "cxx/analysis.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::cxx {

// In a thread with the stack that the program gives its threads. `flags`: with the real headers, and these.
Analysis analyse_in_thread(const std::string& file, std::string_view text, const Settings& settings = {},
                           const std::optional<std::vector<std::string>>& flags = std::nullopt);

}  // namespace cupel::cxx
