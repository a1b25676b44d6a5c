// cupel.lock: what the migrations of a folder were when they were last locked. docs/layouts.md describes the format.
#pragma once

#include "base/source_text.h"
#include "migrations/migration.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cupel::migrations {

inline constexpr std::string_view lock_file_name = "cupel.lock";

struct LockFile {
  struct Entry {
    std::string revision;
    std::vector<std::string> parents;
    std::string file;          // of the upgrade, below the folder
    std::string upgrade_hash;  // meaning_hash; empty: there is no such part
    std::string downgrade_hash;
    Span span;  // its line
  };
  std::shared_ptr<const SourceText> source;
  std::vector<Entry> entries;
  std::vector<std::string> heads;
};

struct LockFileError {
  Span span;            // the line
  std::string message;  // "cupel.lock:7: …"
};

struct LockFileReading {
  LockFile file;
  std::optional<LockFileError> error;  // the file is broken there; nothing of it should be believed
};
LockFileReading parse_lock_file(std::shared_ptr<const SourceText> source);

// The text of cupel.lock for a set. Migrations that may change (repeatable ones) are not in it.
std::string write_lock_file(const MigrationSet& set);

enum class Extent { whole_folder, some_files };
// What was locked and is not that any more: edited upgrades and, of a whole folder, deleted ones. Migrations that are
// not locked yet are no problem, unless a locked one comes after them, nor are edited downgrades: they have not run yet. lock.source must
// be one of set.sources.
std::vector<Problem> compare(const LockFile& lock, const MigrationSet& set, Extent extent);

}  // namespace cupel::migrations
