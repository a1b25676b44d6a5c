// Supabase's CLI at 2026-08: pkg/migration/list.go (names: <digits>_<title>.sql, order by name), file.go ExecBatch (the statements of
// a file and the note of its version in one pipeline, which the server ends as one implicit transaction: manual 55.2.4), apply.go
// and internal/db/push (files before the last one of the database are refused without --include-all).
#include "migrations/file_name.h"
#include "migrations/set_builder.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

namespace cupel::migrations::runners {
namespace {

bool is_in_project(const Folder& folder) {
  const std::string_view above = folder_name(folder.path());
  if (base_name(above) == "supabase") return true;
  const auto near = [&folder](std::string_view file) { return folder.levels_up(file).value_or(1'000) <= 1; };
  return near("config.toml") && !near("Cargo.toml") && !near("go.mod") && !near("package.json");
}

Recognition recognise(const Folder& folder) {
  if (base_name(folder.path()) != "migrations" || !is_in_project(folder)) return Recognition::no;
  const auto files = direct_sql_files(folder);
  const bool dated = std::any_of(files.begin(), files.end(), [](std::string_view file) {
    const auto name = versioned_name(stem(file));
    return name && name->version.size() == 14;
  });
  return dated ? Recognition::certain : Recognition::no;
}

Result<MigrationSet> read(const Folder& folder) {
  SetBuilder builder(folder, "supabase");
  VersionLine line(builder, VersionLine::Order::bytes, {.duplicate = "the second fails when its version is noted", .orphan = {}});
  const auto files = direct_sql_files(folder);
  for (const std::string_view file : files) {
    const auto name = versioned_name(stem(file));
    if (!name || !file.ends_with(".sql")) {
      builder.add_ignored(std::string(file), fmt::format("supabase passes over {}: its name is not <timestamp>_<title>.sql", file));
      continue;
    }
    // list.go shouldSkip: the first file, where an early CLI wrote it.
    if (file == files.front() && name->title == "init" && name->version.size() == 14 && name->version < "20211209000000") {
      builder.add_ignored(std::string(file), fmt::format("supabase passes over {}, for what early versions of its CLI wrote", file));
      continue;
    }
    const auto source = builder.add_source(std::string(file));
    if (!source) continue;
    Part part;
    part.source = *source;
    part.mode = TransactionMode::implicit;
    line.add(name->version, name->title, Direction::upgrade, std::move(part));
  }
  line.finish();
  for (Migration& migration : builder.set().migrations) migration.downgrade_expected = false;
  return builder.take();
}

}  // namespace

constexpr Record records[] = {
    {.table = "supabase_migrations.schema_migrations", .applied = "SELECT version FROM supabase_migrations.schema_migrations"},
};

extern const Layout layout_supabase;
const Layout layout_supabase = {
    .name = "supabase",
    .title = "Supabase (supabase/migrations/<timestamp>_<title>.sql)",
    .files = "supabase/migrations/<timestamp>_title.sql",
    .order = "file name",
    .transactions = "The statements of a file in one pipeline: one implicit transaction.",
    .opt_out = "one statement per file",
    .late_migration = "supabase db push refuses to run (unless --include-all)",
    .new_migration = "supabase migration new NAME",
    .recognise = recognise,
    .read = read,
    .records = records,
};

}  // namespace cupel::migrations::runners
