#include "cli/signals.h"

#include <array>
#include <csignal>

#include <fcntl.h>
#include <unistd.h>

namespace cupel::cli {
namespace {

// A signal handler can reach nothing else.
std::array<int, 2> ends{-1, -1};

extern "C" void on_signal(int number) {
  const char byte = 0;
  [[maybe_unused]] const ssize_t written = ::write(ends[1], &byte, 1);
  std::signal(number, SIG_DFL);
}

}  // namespace

const execute::Interruption& watch_signals() {
  static execute::Interruption interruption;
  if (interruption.descriptor >= 0 || ::pipe(ends.data()) != 0) return interruption;
  for (const int end : ends) {
    ::fcntl(end, F_SETFD, FD_CLOEXEC);
    ::fcntl(end, F_SETFL, O_NONBLOCK);
  }
  interruption.descriptor = ends[0];
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) std::signal(number, on_signal);
  return interruption;
}

}  // namespace cupel::cli
