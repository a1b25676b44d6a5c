// refinery 0.8 and main at 2026-08: refinery_core/src/util.rs (names, folders below are read too), traits/mod.rs verify_migrations
// (order, what is refused), traits/sync.rs migrate and drivers/postgres.rs (each file in a transaction, as one query string; all
// of them in one when grouped, which a folder does not show).
#include "migrations/file_name.h"
#include "migrations/set_builder.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace cupel::migrations::runners {
namespace {

struct Name {
  std::string_view version;
  std::string_view title;
};

// refinery takes no file with another character in its title (util.rs at 14354f5: \w+).
bool is_word(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
  });
}

// V<n>__title.sql, U<n>__title.sql
std::optional<Name> name_of(std::string_view file) {
  const std::string_view base = stem(file);
  if (!base_name(file).ends_with(".sql") || base.empty() || (base.front() != 'V' && base.front() != 'U')) return std::nullopt;
  const std::string_view version = leading_digits(base.substr(1));
  const std::string_view rest = base.substr(1 + version.size());
  if (version.empty() || !rest.starts_with("__") || rest.size() == 2 || !is_word(rest)) return std::nullopt;
  return Name{version, rest.substr(2)};
}

Recognition recognise(const Folder& folder) {
  const auto files = direct_sql_files(folder);
  if (std::none_of(files.begin(), files.end(), [](std::string_view file) { return name_of(file).has_value(); })) return Recognition::no;
  return is_nearest(folder, "Cargo.toml", {"pom.xml", "build.gradle", "build.gradle.kts", "go.mod", "package.json"}) ? Recognition::certain
                                                                                                                     : Recognition::no;
}

Result<MigrationSet> read(const Folder& folder) {
  SetBuilder builder(folder, "refinery");
  VersionLine line(builder, VersionLine::Order::number, {.duplicate = "refinery refuses the folder", .orphan = {}});
  for (const std::string& file : folder.files()) {
    if (!is_sql_file(file)) continue;
    const auto name = name_of(file);
    if (!name) {
      builder.add_ignored(
          file, fmt::format("refinery passes over {}: its name is not V<n>__<title>.sql with a title of letters, digits and _", file));
      continue;
    }
    const auto source = builder.add_source(file);
    if (!source) continue;
    Part part;
    part.source = *source;
    line.add(name->version, name->title, Direction::upgrade, std::move(part));
  }
  for (const std::string& file : folder.files()) {
    if (!file.ends_with(".rs")) continue;
    const std::string as_sql = file.substr(0, file.size() - 3) + ".sql";
    if (const auto name = name_of(as_sql)) line.add_unread(file, name->version, name->title, "Rust");
  }
  line.finish();
  for (Migration& migration : builder.set().migrations) migration.downgrade_expected = false;
  return builder.take();
}

}  // namespace

constexpr Record records[] = {
    {.table = "refinery_schema_history", .applied = "SELECT version::text FROM refinery_schema_history"},
};

extern const Layout layout_refinery;
const Layout layout_refinery = {
    .name = "refinery",
    .title = "refinery (V<n>__<title>.sql, beside a Cargo.toml)",
    .files = "V<n>__title.sql, U<n>__title.sql",
    .order = "number",
    .transactions = "A transaction per file, the file sent as one query string; all of them in one when the program asks for grouped runs.",
    .late_migration = "refinery refuses to run (unless abort_missing is off)",
    .recognise = recognise,
    .read = read,
    .records = records,
};

}  // namespace cupel::migrations::runners
