// golang-migrate, and two runners that took over its file names.
//
// golang-migrate v4.19.1: source/parse.go (names), database/postgres/postgres.go Run (the whole file is one query
// string unless the connection URL says x-multi-statement, which a folder does not show), migrate.go newMigration (a
// version without an up file is recorded although nothing ran). Ory's pop, ory/x popx at 2026-08: match.go (names with
// database and .autocommit), migration_box.go (the postgres file of a version wins over the one for all; each file in a
// transaction unless it is .autocommit). hashicorp/boundary at 2026-08: internal/db/schema/internal/edition/edition.go
// (<major>/<minor>_x.up.sql, only upgrades, begin; and commit; around a file removed), manager.go runMigrations (all
// pending files in one transaction).
#include "migrations/file_name.h"
#include "migrations/set_builder.h"
#include "migrations/text_lines.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace cupel::migrations::runners {
namespace {

// 12/03_name.up.sql
std::optional<DirectedName> nested_name(std::string_view file) {
  if (!all_digits(folder_name(file))) return std::nullopt;
  const auto name = directed_name(file);
  return name && name->direction == Direction::upgrade ? name : std::nullopt;
}

bool has_nested_names(const Folder& folder) {
  bool any = false;
  for (const std::string& file : folder.files()) {
    if (!is_sql_file(file)) continue;
    if (!nested_name(file)) return false;
    any = true;
  }
  return any;
}

Recognition recognise(const Folder& folder) {
  std::size_t directed = 0;
  bool upgrades = false;
  const auto files = direct_sql_files(folder);
  for (const std::string_view file : files) {
    const auto name = directed_name(file);
    if (!name) continue;
    ++directed;
    upgrades = upgrades || name->direction == Direction::upgrade;
  }
  if (upgrades && directed * 2 >= files.size()) return Recognition::likely;
  if (directed > 0 && directed == files.size()) return Recognition::possible;
  return has_nested_names(folder) ? Recognition::likely : Recognition::no;
}

// What boundary sends: nothing up to the first begin; and no commit; at the end.
Span without_transaction(std::string_view text) {
  constexpr std::string_view begin = "begin;";
  constexpr std::string_view commit = "commit;";
  std::string_view rest = trim(text);
  if (const std::size_t at = rest.find(begin); at != std::string_view::npos) rest.remove_prefix(at + begin.size());
  if (rest.size() >= commit.size() && equals_ignoring_case(rest.substr(rest.size() - commit.size()), commit)) {
    rest.remove_suffix(commit.size());
  }
  return span_in(text, rest);
}

MigrationSet read_nested(const Folder& folder) {
  SetBuilder builder(folder, "golang-migrate");
  VersionLine line(builder, VersionLine::Order::number, {.duplicate = "the runner refuses the folder", .orphan = {}});
  for (const std::string& file : folder.files()) {
    const auto name = nested_name(file);
    if (!name) continue;
    const auto source = builder.add_source(file);
    if (!source) continue;
    Part part;
    part.source = *source;
    part.mode = TransactionMode::batch;
    part.chunks = {without_transaction(builder.text(*source))};
    // The runner's own number: 1000 times the folder's, plus the file's.
    const std::string minor(name->version.substr(std::min(name->version.find_first_not_of('0'), name->version.size())));
    line.add(fmt::format("{}{:0>3}", folder_name(file), minor), name->title, Direction::upgrade, std::move(part));
  }
  line.finish();
  for (Migration& migration : builder.set().migrations) migration.downgrade_expected = false;
  return builder.take();
}

// One file per version and direction: the one for PostgreSQL, else the one for every database.
std::vector<std::string> chosen_files(const Folder& folder, std::vector<std::string>& left_out) {
  std::map<std::pair<std::string, Direction>, bool> for_postgres;
  for (const std::string_view file : direct_sql_files(folder)) {
    const auto name = directed_name(file);
    if (name && names_postgres(name->database)) for_postgres[{std::string(name->version), name->direction}] = true;
  }
  std::vector<std::string> chosen;
  for (const std::string_view file : direct_sql_files(folder)) {
    const auto name = directed_name(file);
    const bool replaced = name && name->database.empty() && for_postgres.contains({std::string(name->version), name->direction});
    (replaced || (name && names_other_database(name->database)) ? left_out : chosen).emplace_back(file);
  }
  return chosen;
}

MigrationSet read_flat(const Folder& folder) {
  SetBuilder builder(folder, "golang-migrate");
  const auto files = chosen_files(folder, builder.set().left_out);
  // Names with a database or .autocommit mean pop: golang-migrate would take them for titles.
  const bool pop = std::any_of(files.begin(), files.end(), [](const std::string& file) {
    const auto name = directed_name(file);
    return name && (name->autocommit || !name->database.empty());
  });
  VersionLine line(
      builder, VersionLine::Order::number,
      {.duplicate = pop ? "both run under one version" : "golang-migrate refuses the folder",
       .orphan = pop ? "it can only be undone, never applied" : "golang-migrate records the version as applied without running anything"});
  for (const std::string& file : files) {
    const auto name = directed_name(file);
    if (!name) {
      if (leading_digits(file).empty()) continue;  // a helper, not a migration with a slip in its name
      builder.add_ignored(file, fmt::format("golang-migrate ignores {}: its name is not <version>_<title>.up.sql or .down.sql", file));
      continue;
    }
    const auto source = builder.add_source(file);
    if (!source) continue;
    Part part;
    part.source = *source;
    part.mode = pop && !name->autocommit ? TransactionMode::per_file : TransactionMode::implicit;
    line.add(name->version, name->title, name->direction, std::move(part));
  }
  line.finish();
  return builder.take();
}

Result<MigrationSet> read(const Folder& folder) { return has_nested_names(folder) ? read_nested(folder) : read_flat(folder); }

}  // namespace

// database/postgres/postgres.go of golang-migrate 4.18: one row, and dirty while a file runs. pop 6.1, migrator.go: a row for
// each.
constexpr Record records[] = {
    {.table = "schema_migrations",
     .applied_up_to = "SELECT version::text FROM schema_migrations WHERE version >= 0 AND NOT dirty",
     .unfinished = "SELECT version::text FROM schema_migrations WHERE dirty"},
    {.table = "schema_migration", .applied = "SELECT version FROM schema_migration"},
};

extern const Layout layout_golang_migrate;
const Layout layout_golang_migrate = {
    .name = "golang-migrate",
    .title = "golang-migrate (<version>_<title>.up.sql and .down.sql)",
    .files = "<n>_title.up.sql, .down.sql",
    .order = "number",
    .downgrade = "own file",
    .transactions =
        "Each file is one query string: as soon as it holds two statements, one implicit transaction. "
        "pop: a transaction per file, .autocommit in the name turns it off. "
        "<major>/<minor>_<title>.up.sql: all pending files in one transaction.",
    .opt_out = "one statement per file",
    .late_migration = "golang-migrate never runs this one",
    .new_migration = "migrate create -ext sql NAME",
    .recognise = recognise,
    .read = read,
    .records = records,
};

}  // namespace cupel::migrations::runners
