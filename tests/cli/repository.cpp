#include "tests/cli/repository.h"

#include <cstdlib>
#include <iostream>

namespace cupel::test {
namespace {

// Nothing of the machine's configuration, and the same author and dates everywhere.
constexpr const char* surroundings =
    "GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org "
    "GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org GIT_AUTHOR_DATE='2026-01-01T00:00:00Z' "
    "GIT_COMMITTER_DATE='2026-01-01T00:00:00Z' ";

}  // namespace

Repository::Repository() {
  usable_ = shell("git --version").exit_code == 0;
  if (!usable_) {
    std::cerr << "SKIPPED: git is not installed, so nothing of --since and --staged is tested\n";
    return;
  }
  git("init -q -b main .");
}

void Repository::git(const std::string& arguments) const {
  const Outcome run = shell(surroundings + ("git " + arguments));
  if (run.exit_code == 0) return;
  std::cerr << "git " << arguments << " failed: " << run.out << run.err;
  std::abort();
}

void Repository::commit(const std::string& message) const {
  git("add -A");
  git("commit -q -m '" + message + "'");
}

}  // namespace cupel::test
