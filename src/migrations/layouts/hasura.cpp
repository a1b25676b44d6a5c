// Hasura's CLI v2: cli/migrate/source (names: <milliseconds>_<title>/up.sql and down.sql, order by number), cli/migrate/migrate.go
// (whatever is not noted is applied). Each file is one run_sql, which the server runs in a transaction of its own as one query
// string (Schema API, run_sql). migrate.go detectNoTransactionComment at ae63c77: the marker of a first line, which counts where the
// CLI is told to have a transaction per migration.
#include "migrations/file_name.h"
#include "migrations/set_builder.h"
#include "migrations/text_lines.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include <fmt/format.h>

namespace cupel::migrations::runners {
namespace {

constexpr std::string_view no_transaction = "-- hasura:no-transaction";

struct Name {
  VersionedName name;
  Direction direction = Direction::upgrade;
};

// 1635848397234_add_users/up.sql: directly below the folder of one database.
std::optional<Name> name_of(std::string_view file) {
  const std::string_view base = base_name(file);
  if (base != "up.sql" && base != "down.sql") return std::nullopt;
  const std::string_view folder = folder_name(file);
  const auto name = versioned_name(folder);
  if (!name || folder.find('/') != std::string_view::npos) return std::nullopt;
  return Name{*name, base == "up.sql" ? Direction::upgrade : Direction::downgrade};
}

Recognition recognise(const Folder& folder) {
  std::size_t milliseconds = 0;
  std::size_t others = 0;
  for (const std::string& file : folder.files()) {
    const auto name = name_of(file);
    if (!name) continue;
    // From 2001 to 2286 the milliseconds since 1970 have 13 digits; nobody else counts them.
    ++(name->name.version.size() == 13 ? milliseconds : others);
  }
  if (milliseconds == 0) return Recognition::no;
  return milliseconds > others ? Recognition::certain : Recognition::no;
}

Result<MigrationSet> read(const Folder& folder) {
  SetBuilder builder(folder, "hasura");
  VersionLine line(builder, VersionLine::Order::number,
                   {.duplicate = "hasura refuses the folder", .orphan = "it can only be undone, never applied"});
  for (const std::string& file : folder.files()) {
    const auto name = name_of(file);
    if (!name) continue;
    const auto source = builder.add_source(file);
    if (!source) continue;
    Part part;
    part.source = *source;
    const std::string_view text = builder.text(*source);
    if (const std::string_view first = trim(text.substr(0, text.find('\n'))); first == no_transaction) {
      part.mode = TransactionMode::implicit;
      part.mode_marker = span_in(text, first);
    }
    line.add(name->name.version, name->name.title, name->direction, std::move(part));
  }
  line.finish();
  return builder.take();
}

}  // namespace

extern const Layout layout_hasura;
const Layout layout_hasura = {
    .name = "hasura",
    .title = "Hasura (<milliseconds>_<title>/up.sql and down.sql)",
    .files = "<milliseconds>_title/up.sql, down.sql",
    .order = "number",
    .downgrade = "own file",
    .transactions =
        "A transaction per file, the file sent as one query string (run_sql); a first line '-- hasura:no-transaction' leaves the string, "
        "which is an implicit transaction as soon as it holds two statements.",
    .opt_out = "a first line '-- hasura:no-transaction'",
    .late_migration = "hasura runs this one after it, out of order",
    .new_migration = "hasura migrate create NAME",
    .recognise = recognise,
    .read = read,
};

}  // namespace cupel::migrations::runners
