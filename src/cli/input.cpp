#include "cli/input.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <set>

#include "base/suggest.h"
#include "cli/output.h"
#include "migrations/layout.h"

namespace cupel::cli {

namespace {

// The files of a set with the direction they are read for: "/db/1_a.down.sql down".
std::set<std::string> parts_of(const migrations::MigrationSet& set) {
  std::set<std::string> parts;
  const auto add = [&](const std::optional<migrations::Part>& part, std::string_view direction) {
    if (!part) return;
    std::error_code error;
    const std::filesystem::path file = std::filesystem::absolute(set.sources[part->source]->name(), error);
    parts.insert(fmt::format("{} {}", file.lexically_normal().string(), direction));
  };
  for (const migrations::Migration& migration : set.migrations) {
    add(migration.upgrade, "up");
    add(migration.downgrade, "down");
  }
  return parts;
}

// What several paths name (a folder and a file in it, both directions of a migration) is judged once, where most of its
// surroundings are known.
void drop_repeated(std::vector<migrations::MigrationSet>& sets) {
  if (sets.size() < 2) return;
  std::vector<std::set<std::string>> parts;
  parts.reserve(sets.size());
  for (const migrations::MigrationSet& set : sets) parts.push_back(parts_of(set));
  const auto repeated = [&](std::size_t i) {
    for (std::size_t other = 0; other < sets.size(); ++other) {
      if (other == i || parts[i].empty() || !std::ranges::includes(parts[other], parts[i])) continue;
      if (parts[other].size() > parts[i].size() || other < i) return true;
    }
    return false;
  };
  std::vector<migrations::MigrationSet> kept;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    if (!repeated(i)) kept.push_back(std::move(sets[i]));
  }
  sets = std::move(kept);
}

}  // namespace

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
      TRY_ASSIGN(std::string text, read_standard_input());
      TRY_ASSIGN(migrations::MigrationSet set,
                 migrations::read_text(stdin_file_path.empty() ? "<stdin>" : stdin_file_path, std::move(text), configuration.layout));
      sets.push_back(std::move(set));
      continue;
    }
    Result<std::vector<migrations::MigrationSet>> found = migrations::read_path(path, configuration.layout);
    if (!found) {
      Error error = found.error();
      if (paths.empty() && !configuration.paths.empty()) error.message += fmt::format(" (it is one of the paths in {})", configuration.file);
      return error;
    }
    std::ranges::move(*found, std::back_inserter(sets));
  }
  drop_repeated(sets);
  return sets;
}

int exit_code(const Error& error) { return error.code == ErrorCode::usage ? exit_usage : exit_unreadable; }

}  // namespace cupel::cli
