// sqlx v0.8.6 and main at 2026-03: sqlx-core/src/migrate/source.rs (names, order, marker), migration_type.rs (.up.sql,
// .down.sql), sqlx-postgres/src/migrate.rs apply and revert (a transaction per file unless marked; the file is one
// query string either way).
#include "migrations/file_name.h"
#include "migrations/set_builder.h"
#include "migrations/text_lines.h"

#include <algorithm>

#include <fmt/format.h>

namespace cupel::migrations::runners {
namespace {

constexpr std::string_view no_transaction = "-- no-transaction";

// The first line that sqlx-cli writes into a new file.
bool has_template_line(std::string_view text) {
  return text.starts_with("-- Add migration script here") || text.starts_with("-- Add up migration script here") ||
         text.starts_with("-- Add down migration script here");
}

// What runners with the same names write into their files: sql-migrate, node-pg-migrate, liquibase, tern, drizzle,
// graphile-migrate.
bool has_foreign_mark(std::string_view text) {
  for (const std::string_view mark :
       {"-- +migrate ", "-- Up Migration", "--liquibase formatted", "---- create above / drop below", "--> statement-breakpoint", "--! "}) {
    if (text.find(mark) != std::string_view::npos) return true;
  }
  return false;
}

// 0 if it is beside the migrations; what lies nearer tells more.
int distance(const Folder& folder, std::string_view file) { return folder.levels_up(file).value_or(1'000); }

Recognition recognise(const Folder& folder) {
  auto files = direct_sql_files(folder);
  const std::size_t all = files.size();
  // sqlx skips a name without _ and stops at one that has no number before it.
  std::erase_if(files, [](std::string_view file) { return file.find('_') == std::string_view::npos; });
  if (files.empty() || files.size() < all / 2) return Recognition::no;
  bool timestamps = true;
  bool directed = false;
  for (const std::string_view file : files) {
    const auto name = versioned_name(stem(file));
    if (!name) return Recognition::no;
    timestamps = timestamps && name->version.size() == 14;
    directed = directed || directed_name(file).has_value();
  }
  for (const std::string_view text : sample(folder, files)) {
    if (text.starts_with(no_transaction) || has_template_line(text)) return Recognition::certain;
    if (has_foreign_mark(text)) return Recognition::no;
  }
  // From here on only names speak, and other runners use the same ones.
  for (const std::string_view other : {"atlas.sum", "meta/_journal.json", "sqitch.plan"}) {
    if (std::binary_search(folder.files().begin(), folder.files().end(), other)) return Recognition::no;
  }
  const std::string_view above = folder_name(folder.path());
  if (above == "supabase" || above.ends_with("/supabase")) return Recognition::no;
  const int rust = distance(folder, "Cargo.toml");
  const bool rust_is_nearest = rust < 1'000 && rust <= distance(folder, "go.mod") && rust <= distance(folder, "package.json");
  if (directed) return rust_is_nearest ? Recognition::certain : Recognition::no;  // else golang-migrate's
  return rust_is_nearest || timestamps ? Recognition::likely : Recognition::no;
}

Result<MigrationSet> read(const Folder& folder) {
  SetBuilder builder(folder, "sqlx");
  VersionLine line(builder, VersionLine::Order::number,
                   {.duplicate = "sqlx applies one and then refuses the other", .orphan = "it can only be undone, never applied"});
  bool reversible = false;
  for (const std::string_view file : direct_sql_files(folder)) {
    const std::string file_name(file);
    const auto directed = directed_name(file);
    const auto name = versioned_name(stem(file));
    if (!name) {
      if (file.find('_') != std::string_view::npos && !leading_digits(file).empty()) {
        builder.add_ignored(file_name, fmt::format("sqlx refuses the folder: the name {} does not begin with a number and _", file));
      }
      continue;
    }
    const auto source = builder.add_source(file_name);
    if (!source) continue;
    Part part;
    part.source = *source;
    const std::string_view text = builder.text(*source);
    if (text.starts_with(no_transaction)) {
      part.mode = TransactionMode::implicit;
      part.mode_marker = span_in(text, text.substr(0, no_transaction.size()));
    }
    const Direction direction = directed ? directed->direction : Direction::upgrade;
    reversible = reversible || directed.has_value();
    line.add(name->version, directed ? directed->title : name->title, direction, std::move(part));
  }
  line.finish();
  // A folder is reversible or not, by how its first migration was made.
  for (Migration& migration : builder.set().migrations) migration.downgrade_expected = reversible;
  return builder.take();
}

}  // namespace

// sqlx-postgres/src/migrate.rs of sqlx 0.8: success is false while a file without a transaction runs.
constexpr Record records[] = {{.table = "_sqlx_migrations",
                               .applied = "SELECT version::text FROM _sqlx_migrations WHERE success",
                               .unfinished = "SELECT version::text FROM _sqlx_migrations WHERE NOT success"}};

extern const Layout layout_sqlx;
const Layout layout_sqlx = {
    .name = "sqlx",
    .title = "sqlx (<version>_<description>.sql, or .up.sql and .down.sql)",
    .files = "<n>_title.sql, or .up.sql and .down.sql",
    .order = "number",
    .downgrade = "own file",
    .transactions =
        "A transaction per file, the file sent as one query string; a first line '-- no-transaction' leaves the "
        "string, "
        "which is an implicit transaction as soon as it holds two statements.",
    .opt_out = "a first line '-- no-transaction'",
    .late_migration = "sqlx runs this one after it, out of order",
    .new_migration = "sqlx migrate add NAME",
    .recognise = recognise,
    .read = read,
    .records = records,
};

}  // namespace cupel::migrations::runners
