// One line at the end of standard error that tells how far a command is, written over itself; nothing where nobody watches.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace cupel::cli {

class ProgressLine {
 public:
  // `watched`: standard error is a terminal.
  explicit ProgressLine(bool watched) : watched_(watched) {}
  ~ProgressLine() { clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(std::string_view words);
  // "lint: 120 of 342 migrations", but not in the first moments, and not more often than anybody can read.
  void count(std::string_view what, std::size_t done, std::size_t all, std::string_view noun);
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  bool watched_;
  bool shown_ = false;
  Clock::time_point next_ = Clock::now() + std::chrono::milliseconds(400);
};

}  // namespace cupel::cli
