#include "cli/process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX leaves it to programs

namespace cupel::cli {
namespace {

// Both ends of a pipe; each is closed at most once.
class Pipe {
 public:
  Pipe() {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0) ends_ = {-1, -1};
  }
  ~Pipe() {
    close_read();
    close_write();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  [[nodiscard]] bool usable() const { return ends_[0] >= 0; }
  [[nodiscard]] int read_end() const { return ends_[0]; }
  [[nodiscard]] int write_end() const { return ends_[1]; }
  void close_read() { close(ends_[0]); }
  void close_write() { close(ends_[1]); }

 private:
  static void close(int& descriptor) {
    if (descriptor >= 0) ::close(descriptor);
    descriptor = -1;
  }
  std::array<int, 2> ends_{};
};

std::vector<std::string> environment_with(const std::vector<std::pair<std::string, std::string>>& added) {
  std::vector<std::string> all;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view entry(*variable);
    const auto replaced = [&entry](const auto& pair) { return entry.starts_with(pair.first + "="); };
    if (std::ranges::none_of(added, replaced)) all.emplace_back(entry);
  }
  for (const auto& [name, value] : added) all.push_back(fmt::format("{}={}", name, value));
  return all;
}

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

Result<pid_t> spawn(std::vector<std::string> words, std::vector<std::string> environment, const Pipe& in, const Pipe& out,
                    const Pipe& err) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_adddup2(&actions, in.read_end(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out.write_end(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err.write_end(), STDERR_FILENO);
  // This program ignores SIGPIPE; others are not prepared for that.
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  pid_t child = -1;
  const int failure =
      posix_spawnp(&child, words.front().c_str(), &actions, &attributes, pointers_to(words).data(), pointers_to(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (failure != 0) return Error{ErrorCode::unreadable, fmt::format("cannot run {}: {}", words.front(), std::strerror(failure))};
  return child;
}

}  // namespace

Result<ProcessOutput> run_process(const std::vector<std::string>& words,
                                  const std::vector<std::pair<std::string, std::string>>& environment, std::string_view input,
                                  std::size_t limit) {
  Pipe in, out, err;
  if (!in.usable() || !out.usable() || !err.usable()) {
    return Error{ErrorCode::unreadable, fmt::format("cannot run {}: {}", words.front(), std::strerror(errno))};
  }
  TRY_ASSIGN(const pid_t child, spawn(words, environment_with(environment), in, out, err));
  in.close_read();
  out.close_write();
  err.close_write();
  ::fcntl(in.write_end(), F_SETFL, O_NONBLOCK);

  ProcessOutput output;
  bool too_much = false;
  std::array<char, 65536> buffer{};
  // Takes what there is; false at the end.
  const auto take = [&](int descriptor, std::string& into) {
    const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
    if (count < 0) return errno == EINTR || errno == EAGAIN;
    into.append(buffer.data(), static_cast<std::size_t>(count));
    return count > 0;
  };
  while (out.read_end() >= 0 || err.read_end() >= 0) {
    if (input.empty()) in.close_write();
    std::array<pollfd, 3> wanted = {{{out.read_end(), POLLIN, 0}, {err.read_end(), POLLIN, 0}, {in.write_end(), POLLOUT, 0}}};
    if (::poll(wanted.data(), wanted.size(), -1) < 0 && errno != EINTR) break;
    if (wanted[0].revents != 0 && !take(out.read_end(), output.out)) out.close_read();
    if (wanted[1].revents != 0 && !take(err.read_end(), output.err)) err.close_read();
    if (wanted[2].revents != 0) {
      const ssize_t count = ::write(in.write_end(), input.data(), input.size());
      if (count > 0) input.remove_prefix(static_cast<std::size_t>(count));
      else if (errno != EAGAIN && errno != EINTR) input = {};
    }
    if (output.out.size() > limit || output.err.size() > limit) {
      too_much = true;
      ::kill(child, SIGKILL);
      break;
    }
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  if (too_much) return Error{ErrorCode::unreadable, fmt::format("{} says more than {} MB", words.front(), limit >> 20)};
  output.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return output;
}

}  // namespace cupel::cli
