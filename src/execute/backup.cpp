#include "execute/backup.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

namespace cupel::execute {
namespace {

namespace fs = std::filesystem;

// Runs a program to its end, its standard output on our standard error: ours is for results. The exit code; 127 when it
// cannot be started.
int run_program(const PgSession& session, const std::vector<std::string>& words) {
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));  // exec does not write to them
  arguments.push_back(nullptr);
  const auto environment = session.environment();
  const pid_t child = ::fork();
  if (child < 0) return 127;
  if (child == 0) {
    for (const auto& [name, value] : environment) ::setenv(name.c_str(), value.c_str(), 1);
    ::dup2(STDERR_FILENO, STDOUT_FILENO);
    ::execvp(arguments.front(), arguments.data());
    ::_exit(127);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string now_in_file_name() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &parts);
  return text.data();
}

std::string database_name(const PgSession& session) {
  for (const auto& [name, value] : session.environment()) {
    if (name != "PGDATABASE") continue;
    std::string safe = value;
    for (char& c : safe) {
      if (c == '/' || static_cast<unsigned char>(c) < 0x20) c = '_';
    }
    return safe;
  }
  return "database";
}

Error failed(const std::string& what) { return {ErrorCode::failed, what + "; nothing was changed"}; }

}  // namespace

Result<std::string> dump_database(const PgSession& session, const std::string& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return failed(fmt::format("no backup: {} cannot be made: {}", folder, error.message()));
  const fs::path file = fs::path(folder) / fmt::format("{}-{}-{}.dump", database_name(session), now_in_file_name(), ::getpid());
  const fs::path unfinished = file.string() + ".unfinished";
  // It may hold everything the database holds.
  const int descriptor = ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) return failed(fmt::format("no backup: {} cannot be written: {}", unfinished.string(), std::strerror(errno)));
  const int code = run_program(session, {"pg_dump", "--format=custom", "--no-password", "--file=" + unfinished.string()});
  const bool stored = ::fsync(descriptor) == 0;
  ::close(descriptor);
  if (code != 0 || !stored) {
    fs::remove(unfinished, error);
    if (code == 127) return failed("no backup: pg_dump is not installed (apt install postgresql-client)");
    return failed(code != 0 ? fmt::format("no backup: pg_dump failed with exit code {}", code)
                            : fmt::format("no backup: {} could not be stored", unfinished.string()));
  }
  fs::rename(unfinished, file, error);
  if (error) return failed(fmt::format("no backup: {} cannot be renamed: {}", unfinished.string(), error.message()));
  return file.string();
}

Status run_backup_command(const PgSession& session, const std::string& command) {
  const int code = run_program(session, {"/bin/sh", "-c", command});
  if (code == 0) return success();
  return failed(fmt::format("no backup: the backup command failed with exit code {}", code));
}

}  // namespace cupel::execute
