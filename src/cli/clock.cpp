#include "cli/clock.h"

#include <charconv>
#include <cstdlib>
#include <ctime>
#include <string_view>

#include <fmt/format.h>

namespace cupel::cli {

std::string today() {
  std::time_t now = std::time(nullptr);
  if (const char* epoch = std::getenv("SOURCE_DATE_EPOCH"); epoch != nullptr) {
    const std::string_view words(epoch);
    long long seconds = 0;
    if (std::from_chars(words.data(), words.data() + words.size(), seconds).ec == std::errc{}) now = static_cast<std::time_t>(seconds);
  }
  std::tm date{};
  ::gmtime_r(&now, &date);
  return fmt::format("{:04}-{:02}-{:02}", date.tm_year + 1900, date.tm_mon + 1, date.tm_mday);
}

}  // namespace cupel::cli
