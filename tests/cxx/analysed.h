// Analyses a text as the program does.
#pragma once

#include "cxx/analysis.h"

#include <string>
#include <string_view>

namespace cupel::cxx {

// In a thread with the stack that the program gives its threads.
Analysis analyse_in_thread(const std::string& file, std::string_view text, const Settings& settings = {});

}  // namespace cupel::cxx
