// A layout: one runner's folder format. Adding one is one file in src/migrations/layouts; the table is generated.
#pragma once

#include "base/result.h"
#include "migrations/migration.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::migrations {

// What a layout sees of a folder: relative paths and, on demand, contents. No layout touches the file system itself.
class Folder {
 public:
  virtual ~Folder() = default;
  [[nodiscard]] virtual const std::string& path() const = 0;
  // Regular files below the folder, relative, with '/', sorted by byte order; hidden ones and node_modules left out.
  [[nodiscard]] virtual const std::vector<std::string>& files() const = 0;
  // The bytes of one of files(); the same object at each call.
  [[nodiscard]] virtual Result<std::shared_ptr<const SourceText>> read(const std::string& file) const = 0;
  // How many folders up the nearest file of this name lies: 0 in the folder itself, 1 in the one above …; nothing when
  // there is none up to the repository's root. Tells what a project is written in (Cargo.toml, go.mod).
  [[nodiscard]] virtual std::optional<int> levels_up(std::string_view name) const = 0;
};

// How sure a layout is that a folder is its own; the highest wins, equal ones in order of the table.
enum class Recognition { no, possible, likely, certain };

// Where a runner notes in the database what it has applied: queries of one column of text, each perhaps empty.
struct Record {
  std::string_view table;               // "goose_db_version", found by the search path unless it is qualified
  std::string_view applied = {};        // revisions, as Migration::revision has them
  std::string_view applied_up_to = {};  // revisions that are applied with all before them
  std::string_view unfinished = {};     // revisions that a failed run left half done
};

struct Layout {
  std::string_view name;            // "goose"
  std::string_view title;           // "goose (-- +goose Up / Down)"
  std::string_view files = {};      // what names and markers they have: "<n>_title.up.sql, .down.sql"
  std::string_view order = {};      // what they run in the order of: "number"
  std::string_view downgrade = {};  // where it stands: "own file"; empty: the runner has none
  std::string_view transactions;    // one sentence: how the runner wraps, and the marker that turns it off
  // What turns its transaction off for a migration, as "by …" or "with …" could precede it: "-- +goose NO TRANSACTION";
  // empty: nothing does, or there is none.
  std::string_view opt_out = {};
  // What happens to a migration that comes before one a database has: "goose refuses to run"; empty: not known.
  std::string_view late_migration = {};
  std::string_view new_migration = {};  // the runner's command that makes one: "goose create NAME sql"; empty: none known
  Recognition (*recognise)(const Folder& folder);
  Result<MigrationSet> (*read)(const Folder& folder);
  std::span<const Record> records = {};  // of a runner that has several tables, the one that exists counts
};

// The table generated from src/migrations/layouts/*.cpp.
std::span<const Layout* const> layouts();
// nullptr if there is none of that name.
const Layout* find_layout(std::string_view name);
// Whether some runner keeps its record in a table of that name, which its migrations do not make.
bool is_record_table(std::string_view table);

// Reads what the user named: a folder (searched for recognised folders below it; what no layout recognises is read as
// plain SQL files), or one file. `forced` is a layout's name, or empty to detect it.
// Errors: a path that does not exist or cannot be read, a forced layout that cannot read the folder.
Result<std::vector<MigrationSet>> read_path(const std::string& path, std::string_view forced);

// A text that stands for a file which is no SQL: what a layout sees in its place. The set's source is this very object.
struct GeneratedText {
  std::string alias;  // below the folder, a name that layouts take for SQL
  std::shared_ptr<const SourceText> text;
};
// Asked once for a folder: its path, and the files below it.
using TextGenerator = std::function<std::vector<GeneratedText>(const std::string& folder, const std::vector<std::string>& files)>;
// The same, with generated texts among a folder's files. A folder without anything gives no set, and no error.
Result<std::vector<MigrationSet>> read_path(const std::string& path, std::string_view forced, const TextGenerator& generate);
// Files that are not what the disk has, by path (as join_path makes it from what the user named): their texts, or nothing
// where there is no such file.
using Overlay = std::map<std::string, std::optional<std::string>, std::less<>>;
class FileStore;
// The same for the disk with `overlay` over it, as it was or will be at another commit. A path that does not exist there,
// or has no migrations, is no error: it has no sets. `disk`: keeps what is read of the disk, for the next such reading.
Result<std::vector<MigrationSet>> read_path(const std::string& path, std::string_view forced, const Overlay& overlay, FileStore& disk);

// The same for a text that is not on disk (standard input); `name` is shown for it, and its file name may help detection.
Result<MigrationSet> read_text(std::string name, std::string bytes, std::string_view forced);

}  // namespace cupel::migrations
