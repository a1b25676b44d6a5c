#pragma once

#include <string_view>

namespace cupel::cli {

#ifdef CUPEL_VERSION
inline constexpr std::string_view tool_version = CUPEL_VERSION;
#else
inline constexpr std::string_view tool_version = "0.0.0";
#endif

}  // namespace cupel::cli
