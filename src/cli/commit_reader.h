// Migrations as they are or were at a commit: the disk, and what git says differs from it.
#pragma once

#include "base/result.h"
#include "cli/configuration.h"
#include "cli/git.h"
#include "migrations/file_store.h"
#include "migrations/layout.h"
#include "migrations/migration.h"

#include <string>
#include <vector>

namespace cupel::cli {

// Where the user's paths lie in the work tree, so that git's names can be told as the user would.
class TreeNames {
 public:
  // An error if `path` is not in the work tree of `git`.
  Status add(const Git& git, const std::string& path);

  // What to ask git about: below the root, "" for all.
  [[nodiscard]] const std::vector<std::string>& asked() const { return asked_; }
  // How the user's paths call a file of git's; several where they overlap.
  [[nodiscard]] std::vector<std::string> of(const std::string& file) const;

 private:
  struct Root {
    std::string name;   // as the user wrote it
    std::string below;  // the work tree's root: "" or "db/"
  };
  std::vector<Root> roots_;
  std::vector<std::string> asked_;
};

// Reads the same paths at several commits; what is the same on disk is read once.
class CommitReader {
 public:
  // Borrows all but `paths` for its life time.
  CommitReader(const Git& git, const TreeNames& names, const Configuration& configuration, std::vector<std::string> paths)
      : git_(git), names_(names), configuration_(configuration), paths_(std::move(paths)) {}

  // As the disk is with `overlay` over it. A path that has nothing there has no sets.
  Result<std::vector<migrations::MigrationSet>> read(const migrations::Overlay& overlay);

  // Puts what was before `changes`, or is after them, into `overlay`.
  Status undo(const std::vector<Git::Change>& changes, migrations::Overlay& overlay) const;
  Status redo(const std::vector<Git::Change>& changes, migrations::Overlay& overlay) const;
  // Takes `files`, as git calls them, away.
  void remove(const std::vector<std::string>& files, migrations::Overlay& overlay) const;

 private:
  Status lay(const std::vector<Git::Change>& changes, std::string Git::Change::*blob, migrations::Overlay& overlay) const;

  const Git& git_;
  const TreeNames& names_;
  const Configuration& configuration_;
  std::vector<std::string> paths_;
  migrations::FileStore disk_;
};

}  // namespace cupel::cli
