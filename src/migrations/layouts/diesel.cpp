// diesel v2.3.12: diesel_migrations/migrations_internals/src/lib.rs (folders, version, metadata.toml),
// diesel_migrations/src/ file_based_migrations.rs run_sql_from_file (the file is one query string; an empty one is
// refused), migration_harness.rs (order by version as text, a transaction per migration).
#include "migrations/file_name.h"
#include "migrations/set_builder.h"
#include "migrations/text_lines.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace cupel::migrations::runners {
namespace {

struct MigrationFolder {
  std::string upgrade, downgrade, metadata;
};

// Folders directly below that hold up.sql or down.sql, in byte order.
std::map<std::string, MigrationFolder> migration_folders(const Folder& folder) {
  std::map<std::string, MigrationFolder> found;
  for (const std::string& file : folder.files()) {
    const std::string_view name = base_name(file);
    const std::string above(folder_name(file));
    if (above.empty() || above.find('/') != std::string::npos) continue;
    if (name == "up.sql") found[above].upgrade = file;
    if (name == "down.sql") found[above].downgrade = file;
    if (name == "metadata.toml") found[above].metadata = file;
  }
  std::erase_if(found, [](const auto& entry) { return entry.second.upgrade.empty() && entry.second.downgrade.empty(); });
  return found;
}

// 2024-01-31-120000_title, as diesel names a new migration; 00000000000000_diesel_initial_setup is its first.
bool has_diesel_name(std::string_view folder) {
  constexpr std::string_view pattern = "0000-00-00-000000_";
  if (folder.find("diesel") != std::string_view::npos) return true;
  if (folder.size() < pattern.size()) return false;
  return std::equal(pattern.begin(), pattern.end(), folder.begin(),
                    [](char expected, char c) { return expected == '0' ? c >= '0' && c <= '9' : c == expected; });
}

Recognition recognise(const Folder& folder) {
  bool versioned = false;
  for (const auto& [name, files] : migration_folders(folder)) {
    if (files.upgrade.empty()) continue;
    if (has_diesel_name(name)) return Recognition::certain;
    versioned = versioned || !leading_digits(name).empty();
  }
  return versioned ? Recognition::likely : Recognition::no;
}

// A metadata.toml that does not set run_in_transaction sets it to false: the key's own default is Rust's.
bool runs_in_transaction(const Folder& folder, const std::string& metadata) {
  if (metadata.empty()) return true;
  const auto source = folder.read(metadata);
  if (!source) return true;
  TextLines lines((*source)->text());
  while (const auto line = lines.next()) {
    std::string_view words = line->of((*source)->text());
    words = words.substr(0, words.find('#'));
    if (next_word(words, "=") == "run_in_transaction") return next_word(words, "=") == "true";
  }
  return false;
}

Result<MigrationSet> read(const Folder& folder) {
  SetBuilder builder(folder, "diesel");
  VersionLine line(builder, VersionLine::Order::bytes,
                   {.duplicate = "diesel runs only one of them", .orphan = "diesel refuses the whole folder without up.sql"});
  for (const auto& [name, files] : migration_folders(folder)) {
    std::string version = name.substr(0, name.find('_'));
    std::erase(version, '-');
    const std::string title = name.find('_') == std::string::npos ? name : name.substr(name.find('_') + 1);
    const bool in_transaction = runs_in_transaction(folder, files.metadata);
    for (const std::string* file : {&files.upgrade, &files.downgrade}) {
      if (file->empty()) continue;
      const auto source = builder.add_source(*file);
      if (!source) continue;
      if (builder.text(*source).empty()) {
        builder.add_problem("layout-error", *source, {}, "diesel refuses an empty file; a comment is enough");
      }
      Part part;
      part.source = *source;
      part.mode = in_transaction ? TransactionMode::per_file : TransactionMode::implicit;
      line.add(version, title, file == &files.upgrade ? Direction::upgrade : Direction::downgrade, std::move(part));
    }
  }
  line.finish();
  return builder.take();
}

}  // namespace

// diesel 2, diesel_migrations: the version without its hyphens.
constexpr Record records[] = {{.table = "__diesel_schema_migrations", .applied = "SELECT version FROM __diesel_schema_migrations"}};

extern const Layout layout_diesel;
const Layout layout_diesel = {
    .name = "diesel",
    .title = "diesel (<version>_<title>/up.sql and down.sql)",
    .files = "<version>_title/up.sql, down.sql",
    .order = "version as text",
    .downgrade = "own file",
    .transactions =
        "A transaction per migration, the file sent as one query string; run_in_transaction = false in metadata.toml "
        "leaves "
        "the string, which is an implicit transaction as soon as it holds two statements.",
    .opt_out = "run_in_transaction = false in metadata.toml",
    .late_migration = "diesel runs this one after it, out of order",
    .new_migration = "diesel migration generate NAME",
    .recognise = recognise,
    .read = read,
    .records = records,
};

}  // namespace cupel::migrations::runners
