// node-pg-migrate 8: src/migration.ts (names, order: milliseconds since 1970 or UTC time in 17 digits; what is in one migration is
// sent statement by statement, and a file of SQL is one of these), src/sqlMigration.ts (the comments that begin the sections),
// src/runner.ts (all pending migrations in one transaction unless --no-single-transaction; what comes before one that ran is
// refused unless --no-check-order). Migrations in JavaScript and TypeScript are known to be there, not what they do.
#include "migrations/file_name.h"
#include "migrations/set_builder.h"
#include "migrations/text_lines.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace cupel::migrations::runners {
namespace {

// "-- Up Migration", with any dashes and white space before it and in any case. Such a comment may also begin more words.
bool begins_section(std::string_view line, std::string_view direction) {
  std::string_view rest = trim(line);
  if (!rest.starts_with("--")) return false;
  while (!rest.empty() && (rest.front() == '-' || rest.front() == ' ' || rest.front() == '\t')) rest.remove_prefix(1);
  if (!equals_ignoring_case(rest.substr(0, direction.size()), direction)) return false;
  rest.remove_prefix(direction.size());
  if (rest.empty() || (rest.front() != ' ' && rest.front() != '\t')) return false;
  return equals_ignoring_case(trim(rest).substr(0, 9), "migration");
}

struct Sections {
  std::optional<Span> up, down;  // from the comment on
};
Sections sections_of(std::string_view text) {
  Sections sections;
  const auto size = static_cast<std::uint32_t>(text.size());
  std::optional<std::uint32_t> up, down;
  TextLines lines(text);
  while (const auto line = lines.next()) {
    if (!up && begins_section(line->of(text), "up")) up = line->begin;
    if (!down && begins_section(line->of(text), "down")) down = line->begin;
  }
  if (up) sections.up = Span{*up, down && *down > *up ? *down : size};
  if (down) sections.down = Span{*down, up && *up > *down ? *up : size};
  // Without its comment the upgrade is the whole file, downgrade and all.
  return sections;
}

// 1391877300255_title or 20200513070724505_title.
bool has_own_time(std::string_view file) {
  const auto name = versioned_name(stem(file));
  return name && (name->version.size() == 13 || name->version.size() == 17);
}

bool has_section(std::string_view text) {
  const Sections sections = sections_of(text);
  return sections.up || sections.down;
}

Recognition recognise(const Folder& folder) {
  const auto files = direct_sql_files(folder);
  if (files.empty()) return Recognition::no;
  const bool named = std::all_of(files.begin(), files.end(), has_own_time);
  const auto texts = sample(folder, files);
  const bool marked = std::any_of(texts.begin(), texts.end(), has_section);
  if (marked) return Recognition::certain;
  return named && folder.levels_up("package.json") ? Recognition::likely : Recognition::no;
}

// Milliseconds since 1970 of a 17-digit UTC time, so that both kinds of names have one order.
std::string milliseconds_of(std::string_view version) {
  if (version.size() != 17) return std::string(version);
  const auto number = [version](std::size_t at, std::size_t size) { return std::stoll(std::string(version.substr(at, size))); };
  // Days of the proleptic Gregorian calendar, years beginning in March.
  const long long month = number(4, 2);
  const long long year = number(0, 4) - (month <= 2 ? 1 : 0);
  const long long day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + number(6, 2) - 1;
  const long long days = 365 * year + year / 4 - year / 100 + year / 400 + day_of_year - 719'468;
  return std::to_string(((days * 24 + number(8, 2)) * 60 + number(10, 2)) * 60'000 + number(12, 2) * 1'000 + number(14, 3));
}

// A migration that is a program, by its ending; empty for other files.
std::string_view language_of(std::string_view file) {
  for (const std::string_view ending : {".js", ".cjs", ".mjs"}) {
    if (file.ends_with(ending)) return "JavaScript";
  }
  for (const std::string_view ending : {".ts", ".cts", ".mts"}) {
    if (file.ends_with(ending) && !file.ends_with(".d.ts")) return "TypeScript";
  }
  return {};
}

struct File {
  std::string name, order;
};

Result<MigrationSet> read(const Folder& folder) {
  SetBuilder builder(folder, "node-pg-migrate");
  std::vector<File> files;
  for (const std::string_view file : direct_sql_files(folder)) {
    if (!file.ends_with(".sql")) continue;
    const std::string_view prefix = stem(file).substr(0, stem(file).find('_'));
    files.push_back({std::string(file), all_digits(prefix) ? milliseconds_of(prefix) : "0"});
  }
  for (const std::string& file : folder.files()) {
    if (!folder_name(file).empty() || language_of(file).empty()) continue;
    const std::string_view time = leading_digits(file);
    if (time.size() == 13 || time.size() == 17) files.push_back({file, milliseconds_of(time)});
  }
  std::stable_sort(files.begin(), files.end(), [](const File& a, const File& b) { return compare_numbers(a.order, b.order) < 0; });
  for (const File& file : files) {
    if (const std::string_view language = language_of(file.name); !language.empty()) {
      const std::string_view revision = std::string_view(file.name).substr(0, file.name.rfind('.'));
      const auto name = versioned_name(revision);
      auto migration = unread_migration(builder, file.name, revision, name ? name->title : revision, language);
      if (migration) builder.set().migrations.push_back(*std::move(migration));
      continue;
    }
    const auto source = builder.add_source(file.name);
    if (!source) continue;
    const Sections sections = sections_of(builder.text(*source));
    Migration migration;
    migration.revision = stem(file.name);
    const auto name = versioned_name(stem(file.name));
    migration.title = name ? name->title : stem(file.name);
    Part part;
    part.source = *source;
    part.mode = TransactionMode::batch;
    if (sections.down) {
      migration.downgrade = part;
      migration.downgrade->chunks = {*sections.down};
    }
    if (sections.up) part.chunks = {*sections.up};
    if (!sections.up && sections.down) {
      builder.add_problem("layout-error", *source, *sections.down,
                          "without '-- Up Migration' node-pg-migrate runs the whole file as the upgrade, what is below this line too");
    }
    migration.upgrade = std::move(part);
    builder.set().migrations.push_back(std::move(migration));
  }
  link_in_order(builder.set());
  return builder.take();
}

}  // namespace

constexpr Record records[] = {{.table = "pgmigrations", .applied = "SELECT name FROM pgmigrations"}};

extern const Layout layout_node_pg_migrate;
const Layout layout_node_pg_migrate = {
    .name = "node-pg-migrate",
    .title = "node-pg-migrate (<time>_<title>.sql, -- Up Migration / -- Down Migration)",
    .files = "<time>_title.sql, the time in 13 or 17 digits",
    .order = "time",
    .downgrade = "section -- Down Migration",
    .transactions =
        "All pending migrations in one transaction, each file of SQL as one query string; one for each with --no-single-transaction.",
    .late_migration = "node-pg-migrate refuses to run (unless --no-check-order)",
    .new_migration = "node-pg-migrate create NAME --migration-file-language sql",
    .recognise = recognise,
    .read = read,
    .records = records,
};

}  // namespace cupel::migrations::runners
