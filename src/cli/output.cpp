#include "cli/output.h"

#include "report/character.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace cupel::cli {

Status write_output(std::string_view text, const std::string& file) {
  const bool to_stdout = file.empty() || file == "-";
  std::FILE* stream = to_stdout ? stdout : std::fopen(file.c_str(), "wb");
  if (stream == nullptr) return Error{ErrorCode::unreadable, fmt::format("cannot write {}: {}", file, std::strerror(errno))};
  bool written = std::fwrite(text.data(), 1, text.size(), stream) == text.size();
  int reason = errno;
  if (std::fflush(stream) != 0) {
    written = false;
    reason = errno;
  }
  if (!to_stdout && std::fclose(stream) != 0) {
    written = false;
    reason = errno;
  }
  if (written || (to_stdout && reason == EPIPE)) return success();
  return Error{ErrorCode::unreadable, fmt::format("cannot write {}: {}", to_stdout ? "to standard output" : file, std::strerror(reason))};
}

void print_problem(std::string_view message) {
  const std::string line = fmt::format("cupel: {}\n", report::visible(message));
  // Not fmt::print: it throws when stderr is closed or full, and there is nobody left to tell.
  std::fwrite(line.data(), 1, line.size(), stderr);
}

void print_log(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }

bool stderr_is_terminal() { return isatty(STDERR_FILENO) != 0; }

std::size_t stderr_width() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

bool stdout_is_terminal() { return isatty(STDOUT_FILENO) != 0; }

std::size_t terminal_width() {
  winsize size{};
  if (!stdout_is_terminal() || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

bool wants_color(std::string_view choice) {
  if (choice == "always") return true;
  if (choice == "never" || !stdout_is_terminal()) return false;
  const char* no_color = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  return (no_color == nullptr || *no_color == '\0') && (terminal == nullptr || std::string_view(terminal) != "dumb");
}

Result<std::string> read_standard_input() {
  std::string bytes;
  std::array<char, 65536> buffer{};
  while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), stdin)) bytes.append(buffer.data(), count);
  // A closed standard input is not an empty one: an empty one is clean.
  if (std::ferror(stdin) != 0) return Error{ErrorCode::unreadable, fmt::format("cannot read standard input: {}", std::strerror(errno))};
  return bytes;
}

}  // namespace cupel::cli
