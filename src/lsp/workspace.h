// Open documents, the folders they are in, and which migrations each of them belongs to.
#pragma once

#include "base/result.h"
#include "lsp/history.h"
#include "lsp/positions.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace cupel::lsp {

// The settings for files in `folder`: of the nearest cupel.toml. An error names the file and the line that is wrong.
using ReadProject = std::function<Result<ProjectSettings>(const std::string& folder)>;

class Workspace {
 public:
  explicit Workspace(ReadProject read_project) : read_project_(std::move(read_project)) {}

  // ---- what the client tells --------------------------------------------------------------------------------------
  void set_folders(std::vector<std::string> folders);
  void add_folder(std::string folder);
  void remove_folder(const std::string& folder);
  Document& open(Document document);  // by its path; an open one is replaced
  void close(const std::string& path);
  [[nodiscard]] Document* find(const std::string& path);
  [[nodiscard]] const std::map<std::string, Document, std::less<>>& documents() const { return documents_; }
  // A document's text is another one now.
  void note_change() { ++edition_; }
  // A file was changed on the disk; with `listing`, made or deleted.
  void note_change_on_disk(const std::string& path, bool listing);
  // Any file may have changed on the disk: nobody watches.
  void forget_disk();
  // What cupel.toml, the baseline or the snapshot says may have changed.
  void forget_projects();

  // ---- what follows from it ---------------------------------------------------------------------------------------
  // The migrations that the file is one of, with all open texts in place; nullptr: it is no migration, and nothing is to be
  // said about it. Valid until the next change.
  Result<History*> history_of(const std::string& path);

  // Whether what is found in the open document may be another thing when the file at `changed` changes.
  [[nodiscard]] bool is_concerned(const std::string& document, const std::string& changed) const;

 private:
  struct Project {
    ProjectSettings settings;
    std::vector<std::unique_ptr<History>> histories;
  };

  [[nodiscard]] migrations::Overlay overlay() const;
  Result<Project*> project_of(const std::string& path);
  [[nodiscard]] std::string root_of(const std::string& path, const ProjectSettings& settings) const;
  Status refresh(History& history);
  Result<History*> look_for_history(const std::string& path, Project& project);

  ReadProject read_project_;
  std::vector<std::string> folders_;
  std::map<std::string, Document, std::less<>> documents_;                 // by path
  std::map<std::string, std::unique_ptr<Project>, std::less<>> projects_;  // by their cupel.toml; "": those without
  std::map<std::string, Project*, std::less<>> by_folder_;                 // of the files that were asked for
  std::map<std::string, History*, std::less<>> histories_;                 // by path of a document; nullptr: none has it
  std::map<const History*, std::uint64_t> editions_;                       // in which each was read
  std::uint64_t edition_ = 1;
};

}  // namespace cupel::lsp
