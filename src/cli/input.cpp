#include "cli/input.h"

#include <fmt/format.h>

#include <iterator>

#include "base/suggest.h"
#include "cli/output.h"
#include "migrations/layout.h"

namespace cupel::cli {

Result<Configuration> load_configuration(const CommonOptions& options) {
  Configuration configuration;
  if (!options.no_config) {
    const std::string file = options.config.empty() ? find_configuration(".") : options.config;
    if (!file.empty()) {
      TRY_ASSIGN(configuration, read_configuration(file));
    }
  }
  if (options.postgres_version) configuration.lint.postgres_version = *options.postgres_version;
  if (!options.layout.empty()) {
    if (migrations::find_layout(options.layout) == nullptr) {
      std::vector<std::string_view> names;
      std::string all;
      for (const migrations::Layout* layout : migrations::layouts()) {
        names.push_back(layout->name);
        all += fmt::format("{}{}", all.empty() ? "" : ", ", layout->name);
      }
      const auto meant = closest_match(options.layout, names);
      return Error{ErrorCode::usage, fmt::format("unknown layout \"{}\"{}; known are {}", options.layout,
                                                 meant ? fmt::format(", did you mean \"{}\"?", *meant) : "", all)};
    }
    configuration.layout = options.layout;
  }
  return configuration;
}

Result<std::vector<migrations::MigrationSet>> load_migrations(const std::vector<std::string>& paths, const Configuration& configuration,
                                                              const std::string& stdin_file_path) {
  std::vector<std::string> wanted = paths;
  if (wanted.empty()) wanted = configuration.paths;
  if (wanted.empty()) wanted.emplace_back(".");
  std::vector<migrations::MigrationSet> sets;
  for (const std::string& path : wanted) {
    if (path == "-") {
      TRY_ASSIGN(migrations::MigrationSet set,
                 migrations::read_text(stdin_file_path.empty() ? "<stdin>" : stdin_file_path, read_standard_input(), configuration.layout));
      sets.push_back(std::move(set));
      continue;
    }
    TRY_ASSIGN(std::vector<migrations::MigrationSet> found, migrations::read_path(path, configuration.layout));
    std::move(found.begin(), found.end(), std::back_inserter(sets));
  }
  return sets;
}

int exit_code(const Error& error) { return error.code == ErrorCode::usage ? exit_usage : exit_unreadable; }

}  // namespace cupel::cli
