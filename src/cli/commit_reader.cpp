#include "cli/commit_reader.h"

#include "cli/input.h"
#include "migrations/file_name.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <optional>
#include <system_error>

#include <fmt/format.h>

namespace cupel::cli {
namespace {

namespace fs = std::filesystem;

// What a layout may want to read of a folder.
bool matters(const std::string& file) {
  if (migrations::is_sql_file(file) || migrations::is_shell_script(file)) return true;
  const std::string extension = fs::path(file).extension().string();
  return extension == ".lock" || extension == ".json" || extension == ".toml" || extension == ".conf" || extension == ".plan";
}

}  // namespace

Status TreeNames::add(const Git& git, const std::string& path) {
  std::error_code error;
  std::string name = path;
  while (name.size() > 1 && name.back() == '/') name.pop_back();
  // A file is seen among those beside it, and one folder up where each migration has its own.
  fs::path folder = name;
  if (!fs::is_directory(name, error)) folder = folder.parent_path();
  const fs::path real = fs::weakly_canonical(folder.empty() ? fs::path(".") : folder, error);
  const fs::path below = real.lexically_relative(git.root());
  if (error || below.empty() || *below.begin() == "..") {
    return Error{ErrorCode::usage,
                 fmt::format("{} is not in the git work tree {}: --since and --staged look at one at a time", path, git.root())};
  }
  roots_.push_back({folder.string(), below == "." ? std::string() : below.string() + "/"});
  asked_.push_back(below == "." ? std::string() : below.string());
  return success();
}

std::vector<std::string> TreeNames::of(const std::string& file) const {
  std::vector<std::string> names;
  for (const Root& root : roots_) {
    if (file.starts_with(root.below)) names.push_back(migrations::join_path(root.name, file.substr(root.below.size())));
  }
  return names;
}

Result<std::vector<migrations::MigrationSet>> CommitReader::read(const migrations::Overlay& overlay) {
  std::vector<migrations::MigrationSet> sets;
  for (const std::string& path : paths_) {
    TRY_ASSIGN(std::vector<migrations::MigrationSet> found, migrations::read_path(path, configuration_.layout, overlay, disk_));
    std::ranges::move(found, std::back_inserter(sets));
  }
  drop_repeated(sets);
  return sets;
}

Status CommitReader::undo(const std::vector<Git::Change>& changes, migrations::Overlay& overlay) const {
  return lay(changes, &Git::Change::before, overlay);
}

Status CommitReader::redo(const std::vector<Git::Change>& changes, migrations::Overlay& overlay) const {
  return lay(changes, &Git::Change::after, overlay);
}

void CommitReader::remove(const std::vector<std::string>& files, migrations::Overlay& overlay) const {
  for (const std::string& file : files) {
    for (const std::string& name : names_.of(file)) overlay[name] = std::nullopt;
  }
}

Status CommitReader::lay(const std::vector<Git::Change>& changes, std::string Git::Change::*blob, migrations::Overlay& overlay) const {
  std::vector<std::string> wanted;
  for (const Git::Change& change : changes) {
    if (matters(change.path) && !(change.*blob).empty()) wanted.push_back(change.*blob);
  }
  std::ranges::sort(wanted);
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  TRY_ASSIGN(const auto contents, git_.blobs(wanted));
  for (const Git::Change& change : changes) {
    if (!matters(change.path)) continue;
    const std::string& id = change.*blob;
    for (const std::string& name : names_.of(change.path)) {
      overlay[name] = id.empty() ? std::nullopt : std::optional<std::string>(contents.at(id));
    }
  }
  return success();
}

}  // namespace cupel::cli
