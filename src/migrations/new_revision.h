// A new migration of cupel's own layout: its name and text, and writing it so that nothing is ever overwritten.
#pragma once

#include "base/result.h"
#include "migrations/migration.h"

#include <ctime>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::migrations {

inline constexpr std::string_view default_revision_file_name = "{date}_{time}_{slug}.sql";

// What was asked for. Revisions are named as RevisionMap::resolve understands them.
struct NewRevision {
  std::string message;               // what it is for; its first line becomes the slug
  std::vector<std::string> parents;  // empty: the only head; "base": it begins a history; "heads": all of them
  bool splice = false;               // parents need not be heads
  bool merge = false;                // at least two parents; without any: all heads
  std::vector<std::string> labels;
  std::vector<std::string> depends_on;
  std::string id;                                     // empty: the time
  std::string file_name{default_revision_file_name};  // as [revision] file_name of cupel.toml
  std::time_t time = 0;                               // now, for the id and the name; both are in UTC
};

// A migration that is not on disk yet.
struct RevisionFile {
  std::string revision;
  std::vector<std::string> parents;  // by their full ids
  std::string name;                  // without folder
  std::string text;
};

// The file for `asked` beside the migrations of `set`. `files`: all names in the folder, none of which it will have, not
// even in another case. A time that is taken already, by an id or a name, becomes the next free second.
// Errors: `usage` for what cannot be an id, a label or a file name; `graph` for what does not fit the revisions there.
Result<RevisionFile> make_revision(const MigrationSet& set, std::span<const std::string> files, const NewRevision& asked);

// Whether the migrations in `folder`, whose files are `files`, keep their parents when `file` is added. One that states
// no parent comes after the file before it by name, and that could now be the new one.
Status check_neighbours(const std::string& folder, std::span<const std::string> files, const RevisionFile& file);

// Whether `word` can name a revision or a label: what targets, ranges, lists and file names could not tell from
// something else is refused. `what`: "the revision id", for the error.
Status check_name(std::string_view word, std::string_view what);
// Whether names can be made from `file_name`, the template. The error says what is wrong and lists the placeholders.
Status check_file_name_template(std::string_view file_name);

// "Add an index on orders (note)" → "add_an_index_on_orders_note": lower-case ASCII, cut between words.
std::string slug(std::string_view message);

// Holds a folder against other cupels that would add a migration at the same moment, for its life time. Where the file
// system has no such locks it does nothing.
class FolderLock {
 public:
  explicit FolderLock(const std::string& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int descriptor_;
};

// Writes a file `name` into `folder`, wholly or not at all. An error if something of that name is there. The answer is
// its path.
Result<std::string> write_new_file(const std::string& folder, const std::string& name, std::string_view text);

}  // namespace cupel::migrations
