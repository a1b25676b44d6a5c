#include "cli/input.h"

#include "base/suggest.h"
#include "cli/clock.h"
#include "cli/cxx_sources.h"
#include "cli/output.h"
#include "embedded/dialect.h"
#include "migrations/file_store.h"
#include "migrations/layout.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <string_view>

#include <fmt/format.h>

namespace cupel::cli {

namespace {

// Whether "." or ".." or nothing stands between two slashes, so that another spelling names the same file.
bool needs_normalising(std::string_view path) {
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/', slash + 1)) {
    const std::string_view rest = path.substr(slash);
    if (rest.starts_with("//") || rest.starts_with("/./") || rest.starts_with("/../")) return true;
  }
  return false;
}

// The files of a set with the direction they are read for, in order: "/db/1_a.down.sql down". `here`: the folder that
// relative names begin in, with a slash at its end.
std::vector<std::string> parts_of(const migrations::MigrationSet& set, const std::string& here) {
  std::vector<std::string> parts;
  const auto add = [&](const std::optional<migrations::Part>& part, std::string_view direction) {
    if (!part) return;
    const std::string& name = set.sources[part->source]->name();
    std::string file = name.starts_with('/') ? name : here + name;
    // A set may have thousands of files, and hardly one is named in a roundabout way.
    if (needs_normalising(file)) file = std::filesystem::path(file).lexically_normal().string();
    parts.push_back(file.append(" ").append(direction));
  };
  for (const migrations::Migration& migration : set.migrations) {
    add(migration.upgrade, "up");
    add(migration.downgrade, "down");
  }
  std::ranges::sort(parts);
  parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
  return parts;
}

}  // namespace

void drop_repeated(std::vector<migrations::MigrationSet>& sets) {
  if (sets.size() < 2) return;
  std::error_code error;
  const std::string here = std::filesystem::current_path(error).string() + "/";
  std::vector<std::vector<std::string>> parts;
  parts.reserve(sets.size());
  for (const migrations::MigrationSet& set : sets) parts.push_back(parts_of(set, here));
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

std::vector<std::string> wanted_paths(const std::vector<std::string>& paths, const Configuration& configuration) {
  if (!paths.empty()) return paths;
  if (!configuration.paths.empty()) return configuration.paths;
  return {"."};
}

Result<Configuration> load_configuration(const CommonOptions& options) {
  Configuration configuration;
  if (!options.no_config) {
    const std::string file = options.config.empty() ? find_configuration(".") : options.config;
    if (!file.empty()) { TRY_ASSIGN(configuration, read_configuration(file)); }
  }
  configuration.lint.today = today();
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

namespace {

// One C++ source that the user named.
Status load_source(const std::string& path, const Configuration& configuration, embedded::Sources& sources,
                   std::vector<migrations::MigrationSet>& sets) {
  for (const migrations::GeneratedText& generated : sources.add("", {path}, true)) {
    TRY_ASSIGN(migrations::MigrationSet set, migrations::read_text(generated.alias, std::string(generated.text->text()),
                                                                   configuration.layout.empty() ? "cupel" : configuration.layout));
    set.path = path;
    for (auto& source : set.sources) source = generated.text;
    sets.push_back(std::move(set));
  }
  return success();
}

migrations::TextGenerator generator(const Configuration& configuration, embedded::Sources* sources) {
  if (sources == nullptr || !configuration.cxx.enabled) return nullptr;
  return [&configuration, sources](const std::string& folder, const std::vector<std::string>& files) {
    std::vector<std::string> read;
    for (const std::string& file : files) {
      if (embedded::is_cxx_file(file) && !is_skipped(configuration, migrations::join_path(folder, file))) read.push_back(file);
    }
    std::vector<migrations::GeneratedText> generated =
        read.empty() ? std::vector<migrations::GeneratedText>() : sources->add(folder, read, false);
    // Revisions are read by cupel's own layout only.
    if (!configuration.layout.empty() && configuration.layout != "cupel") generated.clear();
    return generated;
  };
}

migrations::TextGenerator generator(std::string path, const GivenTexts& given) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  const auto found = given.find(path);
  if (found == given.end()) return nullptr;
  return [&texts = found->second](const std::string&, const std::vector<std::string>&) { return texts; };
}

}  // namespace

namespace {

// `given` counts where there are no `sources`.
Result<std::vector<migrations::MigrationSet>> load(const std::vector<std::string>& paths, const Configuration& configuration,
                                                   const std::string& stdin_file_path, embedded::Sources* sources,
                                                   const GivenTexts& given) {
  std::vector<migrations::MigrationSet> sets;
  const std::vector<std::string> wanted = wanted_paths(paths, configuration);
  for (const std::string& path : wanted) {
    if (path == "-") {
      TRY_ASSIGN(std::string text, read_standard_input());
      TRY_ASSIGN(migrations::MigrationSet set,
                 migrations::read_text(stdin_file_path.empty() ? "<stdin>" : stdin_file_path, std::move(text), configuration.layout));
      sets.push_back(std::move(set));
      continue;
    }
    if (sources != nullptr && configuration.cxx.enabled && embedded::is_cxx_file(path) &&
        migrations::path_kind(path) == migrations::PathKind::file) {
      TRY_VOID(load_source(path, configuration, *sources, sets));
      continue;
    }
    Result<std::vector<migrations::MigrationSet>> found =
        migrations::read_path(path, configuration.layout, sources != nullptr ? generator(configuration, sources) : generator(path, given));
    if (!found) {
      Error error = found.error();
      if (paths.empty() && !configuration.paths.empty())
        error.message += fmt::format(" (it is one of the paths in {})", configuration.file);
      return error;
    }
    std::ranges::move(*found, std::back_inserter(sets));
  }
  if (sources != nullptr) {
    sources->finish(sets);
    if (sets.empty() && sources->account().files == 0) {
      return Error{ErrorCode::unreadable, fmt::format("no SQL files in {} or below it, nor C++ sources with SQL", wanted.front())};
    }
  }
  drop_repeated(sets);
  return sets;
}

}  // namespace

Result<std::vector<migrations::MigrationSet>> load_migrations(const std::vector<std::string>& paths, const Configuration& configuration,
                                                              const std::string& stdin_file_path, const GivenTexts& given) {
  return load(paths, configuration, stdin_file_path, nullptr, given);
}

Result<std::vector<migrations::MigrationSet>> load_migrations(const std::vector<std::string>& paths, const Configuration& configuration,
                                                              const std::string& stdin_file_path, embedded::Sources* sources) {
  return load(paths, configuration, stdin_file_path, sources, {});
}

Result<std::string> present_text(const std::string& file) {
  if (migrations::path_kind(file) == migrations::PathKind::missing) return std::string();
  migrations::FileStore store;
  TRY_ASSIGN(const auto text, store.read(file));
  return std::string(text->text());
}

namespace {

int exit_code(const Error& error) {
  switch (error.code) {
    case ErrorCode::usage: return exit_usage;
    case ErrorCode::unreadable:
    case ErrorCode::unsupported: return exit_unreadable;
    case ErrorCode::graph: return exit_graph;
    case ErrorCode::connection: return exit_connection;
    case ErrorCode::lock_held: return exit_lock_held;
    case ErrorCode::lock_budget: return exit_lock_budget;
    case ErrorCode::failed: return exit_failed;
    case ErrorCode::partial: return exit_partial;
    case ErrorCode::edited: return exit_edited;
    case ErrorCode::interrupted: break;
  }
  return exit_interrupted;
}

}  // namespace

int finish(const Result<int>& code) {
  if (code) return *code;
  print_problem(code.error().message);
  return exit_code(code.error());
}

}  // namespace cupel::cli
