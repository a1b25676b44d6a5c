#include "cxx/compilation_database.h"

#include "cxx/project_folders.h"

#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>

#include <clang/Tooling/JSONCompilationDatabase.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Path.h>

namespace cupel::cxx {
namespace {

using clang::tooling::CompilationDatabase;
using clang::tooling::CompileCommand;
using clang::tooling::JSONCompilationDatabase;

constexpr const char* usual_name = "compile_commands.json";

struct Flag {
  std::string_view name;
  enum class Shape {
    alone,
    joined,          // -std=c++20
    separate,        // -target arm
    joined_or_next,  // -DX, -D X
  } shape;
  bool is_path = false;
};

using enum Flag::Shape;
constexpr std::array<Flag, 33> taken = {{
    // Longer names first where one begins another.
    {"-isystem", joined_or_next, true},
    {"-isysroot", joined_or_next, true},
    {"-iquote", joined_or_next, true},
    {"-idirafter", joined_or_next, true},
    {"-iframework", joined_or_next, true},
    {"-cxx-isystem", joined_or_next, true},
    {"-include", separate, true},
    {"-imacros", separate, true},
    {"-I", joined_or_next, true},
    {"-F", joined_or_next, true},
    {"-D", joined_or_next},
    {"-U", joined_or_next},
    {"-target", separate},
    {"--target=", joined},
    {"--sysroot=", joined, true},
    {"--gcc-toolchain=", joined, true},
    {"--gcc-install-dir=", joined, true},
    {"-std=", joined},
    {"-stdlib=", joined},
    {"-ansi", alone},
    {"-nostdinc", alone},
    {"-nostdinc++", alone},
    {"-m32", alone},
    {"-m64", alone},
    {"-pthread", alone},
    {"-fshort-enums", alone},
    {"-fsigned-char", alone},
    {"-funsigned-char", alone},
    {"-fchar8_t", alone},
    {"-fno-char8_t", alone},
    {"-fms-extensions", alone},
    {"-fno-rtti", alone},
    {"-fno-exceptions", alone},
}};

std::string absolute(llvm::StringRef path, const std::string& folder) {
  llvm::SmallString<256> whole(path);
  llvm::sys::fs::make_absolute(folder, whole);
  return whole.str().str();
}

std::vector<std::string> without_others(const CompileCommand& command) {
  std::vector<std::string> flags;
  const std::vector<std::string>& words = command.CommandLine;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string_view word = words[i];
    for (const Flag& flag : taken) {
      if (!word.starts_with(flag.name)) continue;
      const bool whole = word.size() == flag.name.size();
      const bool next = whole && (flag.shape == separate || flag.shape == joined_or_next);
      if (flag.shape == alone ? !whole : flag.shape == joined ? whole : next ? i + 1 == words.size() : flag.shape == separate) continue;
      const std::string value = next ? words[++i] : std::string(word.substr(flag.name.size()));
      if (flag.shape == joined || flag.shape == alone) {
        flags.push_back(std::string(flag.name) + (flag.is_path ? absolute(value, command.Directory) : value));
      } else {
        flags.emplace_back(flag.name);
        flags.push_back(flag.is_path ? absolute(value, command.Directory) : value);
      }
      break;
    }
  }
  return flags;
}

struct Loaded {
  std::unique_ptr<CompilationDatabase> database;
  std::string problem;
};

Loaded load(const std::string& path) {
  Loaded loaded;
  std::string problem;
  auto json = JSONCompilationDatabase::loadFromFile(path, problem, clang::tooling::JSONCommandLineSyntax::AutoDetect);
  if (json == nullptr) {
    const llvm::StringRef first_line = llvm::StringRef(problem).split('\n').first;
    loaded.problem = path + " could not be read: " + first_line.str();
    return loaded;
  }
  loaded.database = clang::tooling::inferMissingCompileCommands(std::move(json));
  return loaded;
}

// Empty: there is none.
std::string find(const std::string& file, const std::string& database) {
  if (!database.empty()) {
    if (!llvm::sys::fs::is_directory(database)) return database;
    llvm::SmallString<256> path(database);
    llvm::sys::path::append(path, usual_name);
    return path.str().str();
  }
  for (const std::string& folder : folders_above(file)) {
    for (const char* below : {"", "build"}) {
      llvm::SmallString<256> path(folder);
      llvm::sys::path::append(path, below, usual_name);
      if (llvm::sys::fs::exists(path)) return path.str().str();
    }
  }
  return {};
}

}  // namespace

Result<std::vector<std::string>> compile_flags(const std::string& file, const std::string& database) {
  const std::string path = find(file, database);
  if (path.empty()) return std::vector<std::string>();
  static std::mutex mutex;
  static std::map<std::string, Loaded> known;
  const std::lock_guard lock(mutex);
  const auto [entry, is_new] = known.try_emplace(path);
  if (is_new) entry->second = load(path);
  const Loaded& loaded = entry->second;
  if (loaded.database == nullptr) return Error{ErrorCode::usage, loaded.problem};
  llvm::SmallString<256> whole(file);
  llvm::sys::fs::make_absolute(whole);
  llvm::sys::path::remove_dots(whole, true);
  const std::vector<CompileCommand> commands = loaded.database->getCompileCommands(whole);
  if (commands.empty()) return std::vector<std::string>();
  return without_others(commands.front());
}

}  // namespace cupel::cxx
