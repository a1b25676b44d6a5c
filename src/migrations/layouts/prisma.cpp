// Prisma Migrate 6: prisma-engines schema-engine/connectors/schema-connector/src/migrations_directory.rs (folders,
// migration_lock.toml) and sql-schema-connector/src/apply_migration.rs apply_script with flavour/postgres.rs (the
// script is one simple query). There are no downgrades; a down.sql beside a migration is what its documentation tells
// to write and run by hand.
#include "migrations/file_name.h"
#include "migrations/set_builder.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace cupel::migrations::runners {
namespace {

bool has_file(const Folder& folder, std::string_view file) {
  return std::binary_search(folder.files().begin(), folder.files().end(), file);
}

// Folders directly below that hold migration.sql.
std::vector<std::string> migration_folders(const Folder& folder) {
  std::vector<std::string> found;
  for (const std::string& file : folder.files()) {
    const std::string_view above = folder_name(file);
    if (base_name(file) == "migration.sql" && !above.empty() && above.find('/') == std::string_view::npos) found.emplace_back(above);
  }
  return found;
}

Recognition recognise(const Folder& folder) {
  const auto folders = migration_folders(folder);
  if (folders.empty()) return Recognition::no;
  if (has_file(folder, "migration_lock.toml")) return Recognition::certain;
  // drizzle-kit 1 writes the same folders, with a snapshot in each.
  return has_file(folder, folders.front() + "/snapshot.json") ? Recognition::no : Recognition::likely;
}

Result<MigrationSet> read(const Folder& folder) {
  SetBuilder builder(folder, "prisma");
  for (const std::string& name : migration_folders(folder)) {
    const auto source = builder.add_source(name + "/migration.sql");
    if (!source) continue;
    Migration migration;
    migration.revision = name;
    const std::size_t title = leading_digits(name).size();
    migration.title = title > 0 && title < name.size() && name[title] == '_' ? name.substr(title + 1) : name;
    migration.downgrade_expected = false;
    Part part;
    part.source = *source;
    part.mode = TransactionMode::implicit;
    migration.upgrade = part;
    if (has_file(folder, name + "/down.sql")) {
      if (const auto downgrade = builder.add_source(name + "/down.sql")) {
        part.source = *downgrade;
        migration.downgrade = part;
      }
    }
    builder.set().migrations.push_back(std::move(migration));
  }
  link_in_order(builder.set());
  return builder.take();
}

}  // namespace

// prisma-engines, schema-engine: a row per attempt.
constexpr Record records[] = {
    {.table = "_prisma_migrations",
     .applied = "SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL",
     .unfinished = "SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NULL AND rolled_back_at IS NULL"}};

extern const Layout layout_prisma;
const Layout layout_prisma = {
    .name = "prisma",
    .title = "Prisma Migrate (<timestamp>_<title>/migration.sql)",
    .files = "<timestamp>_title/migration.sql",
    .order = "folder name",
    .transactions = "Each migration is one query string: as soon as it holds two statements, one implicit transaction.",
    .opt_out = "one statement per migration",
    .late_migration = "prisma runs this one after it, out of order",
    .new_migration = "prisma migrate dev --name NAME",
    .recognise = recognise,
    .read = read,
    .records = records,
};

}  // namespace cupel::migrations::runners
