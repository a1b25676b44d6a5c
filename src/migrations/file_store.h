// The only code of this folder that touches the file system: a walk over folders, and files read once.
#pragma once

#include "base/result.h"
#include "base/source_text.h"
#include "migrations/layout.h"

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace cupel::migrations {

enum class PathKind { missing, folder, file };
// What a path is, links followed; everything that is not a folder (a pipe too) is a file. So is what may not be looked
// at: reading it tells why.
PathKind path_kind(const std::string& path);

// `file` below `folder` as a user would write it; a folder "." or "" is not mentioned.
std::string join_path(const std::string& folder, std::string_view file);

struct FolderListing {
  std::vector<std::string> files;  // regular files and broken links, relative, with '/', in byte order
  struct Unreadable {
    std::string path;
    std::string reason;
  };
  std::vector<Unreadable> unreadable;  // folders below, and links to what is outside the project
};
enum class Depth { folder_only, everything_below };
// Hidden entries and node_modules are left out; links are followed as far as they stay in the project (the repository
// around the folder, or it alone), each folder is entered once.
Result<FolderListing> list_folder(const std::string& path, Depth depth);

// Files by path, each read at most once and kept. Not for several threads.
class FileStore {
 public:
  FileStore() = default;
  // What this one does not have is read through `below`, which must outlive it.
  explicit FileStore(FileStore& below) : below_(&below) {}

  Result<std::shared_ptr<const SourceText>> read(const std::string& path);
  // The file was changed: it is read once more when it is next asked for.
  void forget(const std::string& path) { texts_.erase(path); }
  void forget_all() { texts_.clear(); }
  // A text that is not on disk, found under `path` from now on.
  void put(const std::string& path, std::shared_ptr<const SourceText> text) { texts_.insert_or_assign(path, std::move(text)); }

 private:
  FileStore* below_ = nullptr;
  std::unordered_map<std::string, std::shared_ptr<const SourceText>> texts_;
};

// Some files below one folder, read through a store that must outlive it.
class FolderView final : public Folder {
 public:
  enum class Surroundings { visible, hidden };
  // `hidden`: the folder stands for itself, nothing above it is looked at.
  FolderView(std::string path, std::vector<std::string> sorted_files, FileStore& store, Surroundings surroundings)
      : path_(std::move(path)), files_(std::move(sorted_files)), store_(&store), surroundings_(surroundings) {}

  [[nodiscard]] const std::string& path() const override { return path_; }
  [[nodiscard]] const std::vector<std::string>& files() const override { return files_; }
  [[nodiscard]] Result<std::shared_ptr<const SourceText>> read(const std::string& file) const override;
  [[nodiscard]] std::optional<int> levels_up(std::string_view name) const override;

 private:
  std::string path_;
  std::vector<std::string> files_;
  FileStore* store_;
  Surroundings surroundings_;
};

}  // namespace cupel::migrations
