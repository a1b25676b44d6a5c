// drizzle-orm before 1.0: src/migrator.ts readMigrationFiles (meta/_journal.json names the files; a file is cut wherever the
// breakpoint's words stand, so what comes before one needs no semicolon) and src/pg-core/dialect.ts migrate (all pending
// files in one transaction). There are no downgrades.
#include "migrations/file_name.h"
#include "migrations/set_builder.h"

#include <algorithm>

namespace cupel::migrations::runners {
namespace {

constexpr std::string_view breakpoint = "--> statement-breakpoint";
constexpr std::string_view journal_name = "meta/_journal.json";

// <digits>_<title>.sql directly in the folder.
bool is_migration(const std::string& file) {
  return folder_name(file).empty() && is_sql_file(file) && versioned_name(stem(file)).has_value();
}

Recognition recognise(const Folder& folder) {
  const auto& files = folder.files();
  if (std::none_of(files.begin(), files.end(), is_migration)) return Recognition::no;
  if (std::binary_search(files.begin(), files.end(), journal_name)) return Recognition::certain;
  int looked_at = 0;
  for (const std::string& file : files) {
    if (!is_migration(file)) continue;
    const auto source = folder.read(file);
    if (source && (*source)->text().find(breakpoint) != std::string_view::npos) return Recognition::likely;
    if (++looked_at == 3) break;
  }
  return Recognition::no;
}

// What is sent at once.
std::vector<Span> pieces_of(std::string_view text) {
  std::vector<Span> pieces;
  std::size_t begin = 0;
  while (true) {
    const std::size_t at = std::min(text.find(breakpoint, begin), text.size());
    pieces.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at)});
    if (at == text.size()) return pieces;
    begin = at + breakpoint.size();
  }
}

Result<MigrationSet> read(const Folder& folder) {
  SetBuilder builder(folder, "drizzle");
  std::shared_ptr<const SourceText> journal;
  if (std::binary_search(folder.files().begin(), folder.files().end(), journal_name)) {
    if (const auto text = folder.read(std::string(journal_name))) journal = *text;
  }
  for (const std::string& file : folder.files()) {
    if (!is_migration(file)) continue;
    // Two branches may both have added a number: the names are what counts, and those that the journal does not know do
    // not run.
    const std::string name(stem(file));
    if (journal && journal->text().find('"' + name + '"') == std::string_view::npos) {
      builder.set().left_out.push_back(file);
      continue;
    }
    const auto source = builder.add_source(file);
    if (!source) continue;
    Migration migration;
    migration.revision = name;
    migration.title = versioned_name(name)->title;
    migration.downgrade_expected = false;
    Part part;
    part.source = *source;
    part.mode = TransactionMode::batch;
    part.chunks = pieces_of(builder.text(*source));
    migration.upgrade = std::move(part);
    builder.set().migrations.push_back(std::move(migration));
  }
  link_in_order(builder.set());
  return builder.take();
}

}  // namespace

extern const Layout layout_drizzle;
const Layout layout_drizzle = {
    .name = "drizzle",
    .title = "Drizzle (<n>_<title>.sql with --> statement-breakpoint)",
    .files = "<n>_title.sql with --> statement-breakpoint, meta/_journal.json",
    .order = "file name, those the journal names",
    .transactions = "All pending migrations in one transaction, the text between two breakpoints as one query string.",
    .late_migration = "drizzle never runs this one",
    .new_migration = "drizzle-kit generate --name NAME",
    .recognise = recognise,
    .read = read,
};

}  // namespace cupel::migrations::runners
