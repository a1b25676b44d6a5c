// A project in a real git repository, made with the git that is installed.
#pragma once

#include "tests/cli/program.h"

#include <string>
#include <string_view>

namespace cupel::test {

class Repository : public Project {
 public:
  // An empty one on branch main. Where git is not installed, `usable` is false.
  Repository();

  [[nodiscard]] bool usable() const { return usable_; }
  // Runs `git ARGUMENTS` through the shell; ends the test program's patience (an abort with its output) if it fails.
  void git(const std::string& arguments) const;
  // Adds everything and commits it.
  void commit(const std::string& message) const;

 private:
  bool usable_ = false;
};

}  // namespace cupel::test
