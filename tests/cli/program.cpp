#include "tests/cli/program.h"

#include <cstdlib>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace cupel::test {

namespace fs = std::filesystem;

std::string program() { return CUPEL_BINARY_DIR "/bin/cupel"; }

Project::Project() { fs::create_directory(path() / ".git"); }

Outcome Project::run(const std::vector<std::string>& arguments, const Surroundings& surroundings) const {
  std::vector<std::string> words = {program()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return execute(std::move(words), surroundings);
}

Outcome Project::shell(const std::string& command) const {
  return execute({"/bin/sh", "-c", command}, {.environment = {{"CUPEL", program()}}});
}

Outcome Project::execute(std::vector<std::string> words, const Surroundings& surroundings) const {
  write(".git/in", surroundings.input);
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);

  const std::string folder = (path() / surroundings.below).string();
  const std::string in = (path() / ".git/in").string(), out = (path() / ".git/out").string(), err = (path() / ".git/err").string();
  const pid_t child = fork();
  if (child == 0) {
    unsetenv("NO_COLOR");
    for (const auto& [name, value] : surroundings.environment) setenv(name.c_str(), value.c_str(), 1);
    const bool ready = chdir(folder.c_str()) == 0 && dup2(open(in.c_str(), O_RDONLY), 0) == 0 &&
                       dup2(open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), 1) == 1 &&
                       dup2(open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), 2) == 2;
    if (ready) execv(pointers[0], pointers.data());
    _exit(126);
  }
  int status = 0;
  waitpid(child, &status, 0);
  Outcome run;
  run.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  run.out = read(".git/out");
  run.err = read(".git/err");
  return run;
}

}  // namespace cupel::test
