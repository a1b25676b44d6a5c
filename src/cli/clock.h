// The only question about the date.
#pragma once

#include <string>

namespace cupel::cli {

// "2026-01-31", in UTC; that of SOURCE_DATE_EPOCH if it is set, so that a run can be repeated.
std::string today();

}  // namespace cupel::cli
