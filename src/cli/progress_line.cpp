#include "cli/progress_line.h"

#include "cli/output.h"

#include <algorithm>

#include <fmt/format.h>

namespace cupel::cli {

void ProgressLine::show(std::string_view words) {
  if (!watched_) return;
  print_log(fmt::format("\r\x1b[K{}", words.substr(0, std::max<std::size_t>(40, stderr_width()) - 1)));
  shown_ = true;
}

void ProgressLine::count(std::string_view what, std::size_t done, std::size_t all, std::string_view noun) {
  if (!watched_) return;
  const Clock::time_point now = Clock::now();
  if (now < next_) return;
  next_ = now + std::chrono::milliseconds(100);
  show(fmt::format("{}: {} of {} {}", what, done, all, noun));
}

void ProgressLine::clear() {
  if (shown_) print_log("\r\x1b[K");
  shown_ = false;
}

}  // namespace cupel::cli
