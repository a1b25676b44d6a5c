#include "lsp/workspace.h"

#include "migrations/file_name.h"

#include <algorithm>
#include <utility>

namespace cupel::lsp {
namespace {

bool is_in(const std::string& path, const std::string& folder) {
  if (path == folder || folder == "/") return true;
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

std::string folder_of(const std::string& path) {
  std::string folder(migrations::folder_name(path));
  return folder.empty() ? "/" : folder;
}

// The innermost of `folders` that `path` is in; empty: none.
std::string innermost(const std::string& path, const std::vector<std::string>& folders) {
  std::string best;
  for (const std::string& folder : folders) {
    if (is_in(path, folder) && folder.size() > best.size()) best = folder;
  }
  return best;
}

// Of a file that nobody said belongs to a folder: diesel's and prisma's migrations are folders themselves.
std::string folder_around(const std::string& path) {
  const std::string folder = folder_of(path);
  const std::string_view name = migrations::base_name(path);
  return name == "up.sql" || name == "down.sql" || name == "migration.sql" ? folder_of(folder) : folder;
}

bool same_migrations(const migrations::MigrationSet& a, const migrations::MigrationSet& b) {
  return a.layout == b.layout &&
         std::ranges::equal(a.migrations, b.migrations, {}, &migrations::Migration::revision, &migrations::Migration::revision);
}

}  // namespace

void Workspace::set_folders(std::vector<std::string> folders) {
  folders_ = std::move(folders);
  forget_projects();
}

void Workspace::add_folder(std::string folder) {
  folders_.push_back(std::move(folder));
  forget_projects();
}

void Workspace::remove_folder(const std::string& folder) {
  std::erase(folders_, folder);
  forget_projects();
}

Document& Workspace::open(Document document) {
  note_change();
  histories_.erase(document.path);
  Document& opened = documents_[document.path];
  opened = std::move(document);
  return opened;
}

void Workspace::close(const std::string& path) {
  documents_.erase(path);
  histories_.erase(path);
  for (const auto& [folder, project] : projects_) {
    for (const std::unique_ptr<History>& history : project->histories) history->close(path);
  }
  // From now on the disk's text counts, which is not always what was saved from here.
  note_change_on_disk(path, false);
}

Document* Workspace::find(const std::string& path) {
  const auto found = documents_.find(path);
  return found == documents_.end() ? nullptr : &found->second;
}

void Workspace::note_change_on_disk(const std::string& path, bool listing) {
  note_change();
  for (const auto& [folder, project] : projects_) {
    for (const std::unique_ptr<History>& history : project->histories) history->forget_file(path);
  }
  // A new file may make the folder another runner's, or an open document part of it.
  if (listing) histories_.clear();
  // And what was saved may make a migration of a file that was none.
  if (const auto known = histories_.find(path); known != histories_.end() && known->second == nullptr) histories_.erase(known);
}

void Workspace::forget_disk() {
  note_change();
  for (const auto& [folder, project] : projects_) {
    for (const std::unique_ptr<History>& history : project->histories) history->forget_disk();
  }
}

bool Workspace::is_concerned(const std::string& document, const std::string& changed) const {
  const auto known = histories_.find(document);
  return known == histories_.end() || (known->second != nullptr && is_in(changed, known->second->root()));
}

void Workspace::forget_projects() {
  note_change();
  histories_.clear();
  editions_.clear();
  by_folder_.clear();
  projects_.clear();
}

migrations::Overlay Workspace::overlay() const {
  migrations::Overlay overlay;
  for (const auto& [path, document] : documents_) overlay.emplace(path, document.text);
  return overlay;
}

Result<Workspace::Project*> Workspace::project_of(const std::string& path) {
  const std::string folder = folder_of(path);
  if (const auto known = by_folder_.find(folder); known != by_folder_.end()) return known->second;
  TRY_ASSIGN(ProjectSettings settings, read_project_(folder));
  std::unique_ptr<Project>& project = projects_[settings.file];
  if (project == nullptr) project = std::make_unique<Project>(Project{std::move(settings), {}});
  by_folder_.emplace(folder, project.get());
  return project.get();
}

// As `cupel lint` would be started: with the paths of cupel.toml, else in its folder or the one that is open in the editor,
// whichever is nearer to the file. Empty: the project does not name this file.
std::string Workspace::root_of(const std::string& path, const ProjectSettings& settings) const {
  if (!settings.paths.empty()) return innermost(path, settings.paths);
  std::vector<std::string> folders = folders_;
  if (!settings.file.empty()) folders.push_back(folder_of(settings.file));
  const std::string root = innermost(path, folders);
  return root.empty() ? folder_around(path) : root;
}

Status Workspace::refresh(History& history) {
  std::uint64_t& read = editions_[&history];
  if (read == edition_) return success();
  TRY_VOID(history.read(overlay()));
  read = edition_;
  return success();
}

Result<History*> Workspace::look_for_history(const std::string& path, Project& project) {
  for (const std::unique_ptr<History>& history : project.histories) {
    if (!is_in(path, history->root())) continue;
    TRY_VOID(refresh(*history));
    if (history->set_of(path) != nullptr) return history.get();
  }
  const std::string root = root_of(path, project.settings);
  if (root.empty()) return static_cast<History*>(nullptr);
  auto whole = std::make_unique<History>(root, project.settings);
  TRY_VOID(refresh(*whole));
  const migrations::MigrationSet* set = whole->set_of(path);
  if (set == nullptr) {
    editions_.erase(whole.get());
    return static_cast<History*>(nullptr);
  }
  // Below the root may be much that has nothing to do with these migrations. It need not be walked at each keystroke, if
  // the migrations' own folder looks the same by itself.
  if (set->path != root && is_in(path, set->path)) {
    auto narrow = std::make_unique<History>(set->path, project.settings);
    const Status read = refresh(*narrow);
    const migrations::MigrationSet* again = read ? narrow->set_of(path) : nullptr;
    if (again != nullptr && same_migrations(*set, *again)) {
      editions_.erase(whole.get());
      whole = std::move(narrow);
    } else {
      editions_.erase(narrow.get());
    }
  }
  return project.histories.emplace_back(std::move(whole)).get();
}

Result<History*> Workspace::history_of(const std::string& path) {
  if (const auto known = histories_.find(path); known != histories_.end()) {
    if (known->second == nullptr) return static_cast<History*>(nullptr);
    TRY_VOID(refresh(*known->second));
    if (known->second->set_of(path) != nullptr) return known->second;
    histories_.erase(known);
  }
  TRY_ASSIGN(Project* const project, project_of(path));
  TRY_ASSIGN(History* const history, look_for_history(path, *project));
  histories_.emplace(path, history);
  return history;
}

}  // namespace cupel::lsp
