#include "cli/cxx_compile.h"

#include "op/public_headers.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <sstream>
#include <thread>

#include <cupel/host.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace cupel::cli {
namespace {

namespace fs = std::filesystem;

// Two FNV-1a hashes side by side. They notice changes, they do not resist forgery: the folder is the user's own.
class Digest {
 public:
  void add(std::string_view bytes) {
    for (const char c : bytes) step(static_cast<unsigned char>(c));
    step(0);  // between two texts
  }
  [[nodiscard]] std::string text() const { return fmt::format("{:016x}{:016x}", first_, second_); }

 private:
  void step(unsigned char byte) {
    constexpr std::uint64_t prime = 1099511628211ULL;
    first_ = (first_ ^ byte) * prime;
    second_ = (second_ ^ (byte + 0x55U)) * prime;
  }
  std::uint64_t first_ = 14695981039346656037ULL, second_ = 9650029242287828579ULL;
};

std::optional<std::string> read_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

// Wholly or not at all: another cupel may be doing the same.
Status write_file(const std::string& path, std::string_view text) {
  const std::string beside = fmt::format("{}.{}", path, ::getpid());
  std::ofstream stream(beside, std::ios::binary | std::ios::trunc);
  stream << text;
  stream.close();
  std::error_code error;
  if (stream) fs::rename(beside, path, error);
  if (stream && !error) return success();
  return Error{ErrorCode::unreadable, fmt::format("cannot write {}: {}", path, error ? error.message() : std::strerror(errno))};
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

// The folder for what is compiled, which must be nobody else's: what lies in it is run.
Result<std::string> cache_folder() {
  std::string base = variable("XDG_CACHE_HOME");
  if (base.empty() && !variable("HOME").empty()) base = variable("HOME") + "/.cache";
  if (base.empty())
    return Error{
        ErrorCode::usage,
        "there is no folder to keep compiled revisions in: set XDG_CACHE_HOME or HOME, or build a module and name it in cupel.toml"};
  const std::string folder = base + "/cupel";
  std::error_code error;
  fs::create_directories(base, error);
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
    return Error{ErrorCode::unreadable, fmt::format("cannot make {}, where compiled revisions are kept: {}", folder, std::strerror(errno))};
  struct stat status {};
  if (::stat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode) || status.st_uid != ::geteuid() || (status.st_mode & 022) != 0)
    return Error{ErrorCode::unreadable,
                 fmt::format("{} is not a folder that only you can write to, so what is compiled there is not run", folder)};
  return folder;
}

// The headers as files, in a folder that is named by what they say.
Result<std::string> write_headers(const std::string& cache) {
  Digest digest;
  for (const op::PublicHeader& header : op::public_headers()) {
    digest.add(header.name);
    digest.add(header.text);
  }
  const std::string folder = cache + "/include-" + digest.text();
  std::error_code error;
  fs::create_directories(folder + "/cupel", error);
  for (const op::PublicHeader& header : op::public_headers()) {
    const std::string path = fmt::format("{}/{}", folder, header.name);
    if (read_file(path) != header.text) TRY_VOID(write_file(path, header.text));
  }
  return folder;
}

// Where the shell would find it; empty if nowhere.
std::string find_program(const std::string& name) {
  if (name.find('/') != std::string::npos) return ::access(name.c_str(), X_OK) == 0 ? name : "";
  std::istringstream folders(variable("PATH"));
  for (std::string folder; std::getline(folders, folder, ':');) {
    std::string path = (folder.empty() ? "." : folder) + "/" + name;
    if (::access(path.c_str(), X_OK) == 0) return path;
  }
  return {};
}

// The files in a makefile's rule, as compilers write it with -MD.
std::vector<std::string> dependencies(std::string_view rule) {
  std::vector<std::string> files;
  static const std::set<std::string_view> escaped = {"\\ ", "\\#", "\\\\", "$$"};
  std::string word;
  const auto end_word = [&] {
    if (!word.empty() && !word.ends_with(':')) files.push_back(word);
    word.clear();
  };
  for (std::size_t i = 0; i < rule.size(); ++i) {
    const char c = rule[i];
    if (c == '\\' && i + 1 < rule.size() && rule[i + 1] == '\n') {
      ++i;
      end_word();
    } else if (i + 1 < rule.size() && escaped.find(rule.substr(i, 2)) != escaped.end()) {
      word += rule[++i];
    } else if (c == ' ' || c == '\n' || c == '\t') {
      end_word();
    } else {
      word += c;
    }
  }
  end_word();
  return files;
}

class Compiler {
 public:
  static Result<Compiler> find(const CxxConfiguration& configuration) {
    Compiler compiler;
    const std::string wanted = !configuration.compiler.empty() ? configuration.compiler
                               : !variable("CXX").empty()      ? variable("CXX")
                                                               : "c++";
    compiler.program_ = find_program(wanted);
    if (compiler.program_.empty()) {
      return Error{
          ErrorCode::unsupported,
          fmt::format("there are revisions written in C++, and no compiler \"{}\" to compile them with. Build them as a module and "
                      "name it (--module, or module under [cxx] in cupel.toml), install a compiler, or run what `cupel freeze` made",
                      wanted)};
    }
    compiler.flags_ = configuration.flags;
    TRY_ASSIGN(compiler.cache_, cache_folder());
    TRY_ASSIGN(compiler.include_, write_headers(compiler.cache_));
    return compiler;
  }

  // The module that was compiled of `source` earlier, if it still fits; otherwise the name that a new one begins with.
  struct Kept {
    std::string stem;
    std::string module;  // empty: it has to be compiled
  };
  [[nodiscard]] Result<Kept> look_up(const std::string& source) const {
    const std::optional<std::string> text = read_file(source);
    if (!text) return Error{ErrorCode::unreadable, fmt::format("cannot read {}: {}", source, std::strerror(errno))};
    Digest digest;
    digest.add(fmt::format("{}", CUPEL_MODULE_ABI));
    digest.add(source);
    digest.add(*text);
    digest.add(include_);
    for (const std::string& flag : flags_) digest.add(flag);
    std::error_code error;
    const std::string program = fs::canonical(program_, error).string();
    digest.add(program);
    digest.add(fmt::format("{}", fs::file_size(program, error)));
    digest.add(fmt::format("{}", fs::last_write_time(program, error).time_since_epoch().count()));
    Kept kept{cache_ + "/" + digest.text(), {}};
    const std::optional<std::string> rule = read_file(kept.stem + ".d");
    if (!rule) return kept;
    std::string module = module_name(kept.stem, *rule);
    if (::access(module.c_str(), R_OK) == 0) kept.module = std::move(module);
    return kept;
  }

  // Starts the compiler; its process.
  [[nodiscard]] pid_t start(const std::string& source, const std::string& stem) const {
    std::vector<std::string> words = {program_,   "-std=c++20",       "-O0",          "-fPIC", "-shared", "-fvisibility=hidden",
                                      "-include", "cupel/module.hpp", "-I" + include_};
    words.insert(words.end(), flags_.begin(), flags_.end());
    words.insert(words.end(), {"-MD", "-MF", own(stem) + ".d", "-o", own(stem) + ".so", source});
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const pid_t child = ::fork();
    if (child != 0) return child;
    ::dup2(STDERR_FILENO, STDOUT_FILENO);
    ::execv(program_.c_str(), arguments.data());
    ::_exit(127);
  }

  // After it ended well: what it wrote gets its names.
  [[nodiscard]] Result<std::string> keep(const std::string& stem) const {
    const std::optional<std::string> rule = read_file(own(stem) + ".d");
    if (!rule) return Error{ErrorCode::unreadable, fmt::format("{} wrote no list of the files that were included", program_)};
    const std::string module = module_name(stem, *rule);
    std::error_code error;
    fs::rename(own(stem) + ".so", module, error);
    if (!error) fs::rename(own(stem) + ".d", stem + ".d", error);
    if (error) return Error{ErrorCode::unreadable, fmt::format("cannot keep {}: {}", module, error.message())};
    return module;
  }

  [[nodiscard]] const std::string& program() const { return program_; }

 private:
  static std::string own(const std::string& stem) { return fmt::format("{}.{}", stem, ::getpid()); }

  // With a hash over everything that was included, so that a changed header is noticed.
  static std::string module_name(const std::string& stem, const std::string& rule) {
    std::vector<std::string> files = dependencies(rule);
    std::ranges::sort(files);
    Digest digest;
    for (const std::string& file : files) {
      if (file.ends_with(".so")) continue;
      digest.add(file);
      digest.add(read_file(file).value_or("gone"));
    }
    return fmt::format("{}-{}.so", stem, digest.text());
  }

  std::string program_, cache_, include_;
  std::vector<std::string> flags_;
};

}  // namespace

Result<std::vector<std::string>> compile_revisions(const std::vector<std::string>& sources, const CxxConfiguration& configuration) {
  std::vector<std::string> modules(sources.size());
  if (sources.empty()) return modules;
  TRY_ASSIGN(const Compiler compiler, Compiler::find(configuration));
  struct Running {
    pid_t process;
    std::size_t source;
    std::string stem;
  };
  std::vector<Running> running;
  std::optional<Error> failure;
  const auto await_one = [&] {
    const Running one = running.front();
    running.erase(running.begin());
    int status = 0;
    while (::waitpid(one.process, &status, 0) < 0 && errno == EINTR) {}
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
      if (!failure)
        failure =
            Error{ErrorCode::unreadable, fmt::format("{} cannot be compiled: {} says why above", sources[one.source], compiler.program())};
      return;
    }
    Result<std::string> module = compiler.keep(one.stem);
    if (module) {
      modules[one.source] = *std::move(module);
    } else if (!failure) {
      failure = module.error();
    }
  };
  const std::size_t most = std::max(1U, std::thread::hardware_concurrency());
  for (std::size_t i = 0; i < sources.size() && !failure; ++i) {
    TRY_ASSIGN(const Compiler::Kept kept, compiler.look_up(sources[i]));
    if (!kept.module.empty()) {
      modules[i] = kept.module;
      continue;
    }
    if (running.size() == most) await_one();
    const pid_t process = compiler.start(sources[i], kept.stem);
    if (process < 0) {
      failure = Error{ErrorCode::unreadable, fmt::format("cannot start {}: {}", compiler.program(), std::strerror(errno))};
      break;
    }
    running.push_back({process, i, kept.stem});
  }
  while (!running.empty()) await_one();
  if (failure) return *failure;
  return modules;
}

}  // namespace cupel::cli
