#include "cli/cxx_sources.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <system_error>

#include <unistd.h>

namespace cupel::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* program_name = "cupel-cxx";

bool is_program(const fs::path& path) { return ::access(path.c_str(), X_OK) == 0 && !fs::is_directory(path); }

std::string find_program() {
  if (const char* variable = std::getenv("CUPEL_CXX"); variable != nullptr && *variable != '\0') return variable;
  std::error_code error;
  const fs::path own = fs::read_symlink("/proc/self/exe", error);
  if (!error && is_program(own.parent_path() / program_name)) return (own.parent_path() / program_name).string();
  const char* const path = std::getenv("PATH");
  for (std::string_view left = path == nullptr ? "" : path; !left.empty();) {
    const std::size_t end = std::min(left.find(':'), left.size());
    if (const fs::path candidate = fs::path(left.substr(0, end)) / program_name; end > 0 && is_program(candidate))
      return candidate.string();
    left.remove_prefix(std::min(end + 1, left.size()));
  }
  return {};
}

}  // namespace

embedded::Sources make_sources(const Configuration& configuration, std::function<void(std::size_t done, std::size_t all)> progress) {
  embedded::FrontEnd front_end;
  front_end.progress = std::move(progress);
  front_end.program = find_program();
  front_end.threads = configuration.lint.threads;
  for (const CxxConfiguration::Sink& sink : configuration.cxx.sinks)
    front_end.settings.sinks.push_back({sink.call, static_cast<int>(sink.sql)});
  front_end.settings.include_folders = configuration.cxx.include;
  front_end.settings.defines = configuration.cxx.define;
  front_end.settings.compilation_database = configuration.cxx.compilation_database;
  return embedded::Sources(std::move(front_end));
}

bool is_skipped(const Configuration& configuration, const std::string& path) {
  const std::string normal = fs::path(path).lexically_normal().string();
  return std::ranges::any_of(configuration.cxx.skip, [&](std::string skipped) {
    while (skipped.ends_with('/')) skipped.pop_back();
    return normal == skipped || normal.starts_with(skipped + "/");
  });
}

}  // namespace cupel::cli
