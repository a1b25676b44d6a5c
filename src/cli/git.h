// What cupel asks git, run as a program: nothing is written, no hook runs, no name of a file or commit is taken for an
// option or a pattern.
#pragma once

#include "base/result.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::cli {

class Git {
 public:
  // The work tree around `folder`. Errors: there is no git, or none that would work there.
  static Result<Git> find(const std::string& folder);

  // The work tree's root, with links followed.
  [[nodiscard]] const std::string& root() const { return root_; }

  // The id of the commit `name`. An error where there is none; `option` says who asks.
  [[nodiscard]] Result<std::string> commit(const std::string& name, std::string_view option) const;
  // The same where it is no mistake that there is none.
  [[nodiscard]] Result<std::optional<std::string>> find_commit(const std::string& name) const;
  // The last commit that `commit` and HEAD have in common. `name`: what the user calls `commit`.
  [[nodiscard]] Result<std::string> merge_base(const std::string& commit, const std::string& name) const;

  // A file that differs between two states. Links and submodules are left out.
  struct Change {
    std::string path;    // below the root
    std::string before;  // blob; empty: there was none
    std::string after;   // blob; empty: there is none, or it is the work tree's
    bool deleted = false;
  };
  // `paths`: files and folders below the root, "" for all. From one commit to another, to the index, to the work tree
  // (files git does not know are in `untracked`).
  [[nodiscard]] Result<std::vector<Change>> changes(const std::string& from, const std::string& to,
                                                    const std::vector<std::string>& paths) const;
  [[nodiscard]] Result<std::vector<Change>> changes_to_index(const std::string& from, const std::vector<std::string>& paths) const;
  [[nodiscard]] Result<std::vector<Change>> changes_to_work_tree(const std::string& from, const std::vector<std::string>& paths) const;
  [[nodiscard]] Result<std::vector<std::string>> untracked(const std::vector<std::string>& paths) const;

  // From HEAD to the index, and from the index to the work tree, as one question.
  struct Status {
    std::vector<Change> staged;
    std::vector<Change> unstaged;  // `before` is the index's blob
    std::vector<std::string> untracked;
  };
  [[nodiscard]] Result<Status> status(const std::vector<std::string>& paths) const;

  // The contents of blobs by id.
  [[nodiscard]] Result<std::map<std::string, std::string>> blobs(const std::vector<std::string>& ids) const;

 private:
  [[nodiscard]] Result<std::string> run(const std::vector<std::string>& arguments, const std::vector<std::string>& paths,
                                        std::string_view input = {}) const;
  [[nodiscard]] Result<std::vector<Change>> raw_changes(const std::vector<std::string>& arguments,
                                                        const std::vector<std::string>& paths) const;

  std::string root_;
  bool shallow_ = false;
};

}  // namespace cupel::cli
