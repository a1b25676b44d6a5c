// The migrations that open files belong to, and what is found in those files: the history before a file is replayed once and
// kept, so that a keystroke costs the reading of the folder and the judging of one file.
#pragma once

#include "lint/baseline.h"
#include "lint/finding.h"
#include "lint/replay.h"
#include "lint/settings.h"
#include "migrations/file_store.h"
#include "migrations/layout.h"
#include "schema/database.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::lsp {

// What a project decided, as whoever reads its cupel.toml tells it.
struct ProjectSettings {
  std::string file;                // cupel.toml; empty: there is none
  std::vector<std::string> paths;  // absolute; empty: none are named
  std::string layout;              // empty: detected
  lint::Settings lint;
  std::vector<lint::BaselineEntry> baseline;                          // known findings, which are not shown
  std::function<std::string(std::string_view source)> baseline_name;  // how it calls a file
  std::function<bool(const std::string& name)> is_gone;               // a file it names is not there any more
};

// All migrations below one path. Not for several threads.
class History {
 public:
  // `settings` must outlive this.
  History(std::string root, const ProjectSettings& settings) : root_(std::move(root)), settings_(&settings) {}

  [[nodiscard]] const std::string& root() const { return root_; }
  [[nodiscard]] const ProjectSettings& settings() const { return *settings_; }
  // The file was changed on the disk: it is read once more.
  void forget_file(const std::string& path) { disk_.forget(path); }
  void forget_disk() { disk_.forget_all(); }
  // Nothing of this open file is needed any more.
  void close(const std::string& path) { checkpoints_.erase(path); }

  // Reads the folder, with the texts of open files in place of what the disk has. An error says what is wrong with it.
  Status read(const migrations::Overlay& open);
  // The set that `path` is a file of, as it was read; nullptr: none.
  [[nodiscard]] const migrations::MigrationSet* set_of(const std::string& path) const { return find(path).set; }

  // What is found in this file. Of other files only what findings in it point at is in the result's sources.
  lint::LintResult judge(const std::string& path);
  // Replays the migrations of this file for a listener, on the schema that comes before them.
  void walk(const std::string& path, lint::ReplayListener& listener);

 private:
  struct Place {
    const migrations::MigrationSet* set = nullptr;
    std::size_t source = 0;
  };
  // The schema before the first migration of a file.
  struct Checkpoint {
    migrations::MigrationSet before;  // what was replayed for it
    schema::Database database;
  };
  [[nodiscard]] Place find(const std::string& path) const;
  // The schema before `first` of `set`, kept for the file at `path`.
  schema::Database& before(const std::string& path, const migrations::MigrationSet& set, std::size_t first);

  const std::string root_;
  const ProjectSettings* settings_;
  migrations::FileStore disk_;
  std::vector<migrations::MigrationSet> sets_;
  std::map<std::string, std::unique_ptr<Checkpoint>, std::less<>> checkpoints_;  // by open file
};

}  // namespace cupel::lsp
