// Runs the built program in a folder of its own, as a user would.
#pragma once

#include "tests/temporary_folder.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cupel::test {

struct Outcome {
  int exit_code = -1;  // 128 + n: ended by signal n
  std::string out, err;
};

// An empty folder that is removed again, with its own .git, so that no cupel.toml above it is found.
class Project {
 public:
  Project();
  void write(const std::string& file, std::string_view text) const { folder_.write(file, text); }
  [[nodiscard]] std::string read(const std::string& file) const { return folder_.read(file); }
  [[nodiscard]] const std::filesystem::path& path() const { return folder_.path(); }

  struct Surroundings {
    std::string input = {};  // on standard input
    std::string below = {};  // folder to start in
    std::vector<std::pair<std::string, std::string>> environment = {};
  };
  [[nodiscard]] Outcome run(const std::vector<std::string>& arguments) const { return run(arguments, Surroundings{}); }
  [[nodiscard]] Outcome run(const std::vector<std::string>& arguments, const Surroundings& surroundings) const;
  // Runs a command of the shell in the folder, with the program as "$CUPEL": for what only a shell does, such as closing a stream.
  [[nodiscard]] Outcome shell(const std::string& command) const;

 private:
  [[nodiscard]] Outcome execute(std::vector<std::string> words, const Surroundings& surroundings) const;

  TemporaryFolder folder_;
};

// The path of the program under test.
std::string program();

}  // namespace cupel::test
