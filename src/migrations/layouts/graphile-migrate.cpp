// graphile-migrate at 2026-08: src/migration.ts (names, order, headers and what they must say, placeholders; a transaction per
// migration unless its body begins with --! no-transaction, the body as one query string), src/current.ts (what is not committed
// yet: current.sql or the files of current/). The hash of a header is not computed here, and files that current.sql includes are not
// followed.
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

constexpr std::string_view previous_mark = "--! Previous: ";
constexpr std::string_view hash_mark = "--! Hash: ";

// 000001.sql, 000001-title.sql
bool has_committed_name(std::string_view file) { return leading_digits(base_name(file)).size() >= 6 && file.ends_with(".sql"); }
bool is_committed(std::string_view file) {
  return (folder_name(file).empty() || folder_name(file) == "committed") && has_committed_name(file);
}
bool is_current(std::string_view file) {
  return file == "current.sql" || (folder_name(file) == "current" && !leading_digits(base_name(file)).empty() && file.ends_with(".sql"));
}

Recognition recognise(const Folder& folder) {
  const auto first = std::find_if(folder.files().begin(), folder.files().end(), is_committed);
  if (first == folder.files().end()) return Recognition::no;
  const auto text = folder.read(*first);
  return text && (*text)->text().starts_with(previous_mark) ? Recognition::certain : Recognition::no;
}

struct Header {
  std::optional<Span> previous, hash;  // their values
  std::uint32_t body = 0;
};

// Lines "--! Name: value" up to an empty one.
Header header_of(std::string_view text) {
  Header header;
  TextLines lines(text);
  while (const auto span = lines.next()) {
    const std::string_view line = span->of(text);
    header.body = lines.end();
    if (trim(line).empty()) return header;
    if (!line.starts_with("--!")) break;
    if (line.starts_with(previous_mark)) header.previous = Span{span->begin + static_cast<std::uint32_t>(previous_mark.size()), span->end};
    if (line.starts_with(hash_mark)) header.hash = Span{span->begin + static_cast<std::uint32_t>(hash_mark.size()), span->end};
  }
  header.body = 0;
  return header;
}

bool is_name_character(char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

// :DATABASE_OWNER, and what .gmrc names alike; no casts.
std::vector<Span> placeholders_of(std::string_view text, std::uint32_t from) {
  std::vector<Span> found;
  for (std::size_t at = text.find(':', from); at != std::string_view::npos; at = text.find(':', at + 1)) {
    std::size_t end = at + 1;
    while (end < text.size() && is_name_character(text[end])) ++end;
    const bool starts = end > at + 2 && text[at + 1] >= 'A' && text[at + 1] <= 'Z';
    const bool cast = at > 0 && text[at - 1] == ':';
    const bool word_goes_on = end < text.size() && text[end] >= 'a' && text[end] <= 'z';
    if (starts && !cast && !word_goes_on) found.push_back({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end)});
  }
  return found;
}

Part part_of(std::size_t source, std::string_view text, std::uint32_t body) {
  Part part;
  part.source = source;
  if (body > 0) part.chunks = {{body, static_cast<std::uint32_t>(text.size())}};
  part.placeholders = placeholders_of(text, body);
  const std::string_view first = text.substr(body, text.find('\n', body) - body);
  if (first.starts_with("--!") && trim(first.substr(3)).starts_with("no-transaction")) {
    // Still one string: an implicit transaction as soon as it holds two statements (manual 55.2.2.1).
    part.mode = TransactionMode::implicit;
    part.mode_marker = {body, body + static_cast<std::uint32_t>(first.size())};
  }
  return part;
}

void check_header(SetBuilder& builder, std::size_t source, const Header& header, std::string_view last_hash) {
  const std::string_view text = builder.text(source);
  if (!header.previous || !header.hash || header.body == 0) {
    return builder.add_problem(
        "layout-error", source, {},
        "graphile-migrate refuses the folder: this file does not begin with --! Previous and --! Hash and an empty line");
  }
  const std::string_view previous = trim(header.previous->of(text));
  if (previous == (last_hash.empty() ? std::string_view("-") : last_hash)) return;
  builder.add_problem(
      "layout-error", source, *header.previous,
      last_hash.empty()
          ? std::string("graphile-migrate refuses the folder: the migration before this one is not there")
          : fmt::format("graphile-migrate refuses the folder: the file before this one has the hash {}, not this one", last_hash));
}

Result<MigrationSet> read(const Folder& folder) {
  SetBuilder builder(folder, "graphile-migrate");
  std::vector<std::string> committed, current;
  for (const std::string& file : folder.files()) {
    if (is_committed(file)) committed.push_back(file);
    if (is_current(file)) current.push_back(file);
  }
  std::string last_hash;
  for (const std::string& file : committed) {
    const auto source = builder.add_source(file);
    if (!source) continue;
    const std::string_view text = builder.text(*source);
    const Header header = header_of(text);
    check_header(builder, *source, header, last_hash);
    if (header.hash) last_hash = trim(header.hash->of(text));
    Migration& migration = builder.set().migrations.emplace_back();
    migration.revision = base_name(file);
    const std::string_view name = stem(file);
    const std::string_view number = leading_digits(name);
    migration.title = number.size() < name.size() ? name.substr(number.size() + 1) : name;
    migration.upgrade = part_of(*source, text, header.body);
  }
  for (const std::string& file : current) {
    const auto source = builder.add_source(file);
    if (!source) continue;
    Migration& migration = builder.set().migrations.emplace_back();
    migration.revision = file;
    migration.title = stem(file);
    migration.upgrade = part_of(*source, builder.text(*source), 0);
  }
  for (Migration& migration : builder.set().migrations) migration.downgrade_expected = false;
  link_in_order(builder.set());
  return builder.take();
}

}  // namespace

constexpr Record records[] = {
    {.table = "graphile_migrate.migrations", .applied = "SELECT filename FROM graphile_migrate.migrations"},
};

extern const Layout layout_graphile_migrate;
const Layout layout_graphile_migrate = {
    .name = "graphile-migrate",
    .title = "graphile-migrate (committed/<n>[-<title>].sql with --! Previous, current.sql)",
    .files = "committed/<n>[-title].sql, current.sql or current/<n>-title.sql",
    .order = "file name, current.sql last",
    .transactions =
        "A transaction per file, the file sent as one query string; '--! no-transaction' as the first line of its body leaves the string.",
    .opt_out = "--! no-transaction",
    .late_migration = "graphile-migrate refuses to run",
    .recognise = recognise,
    .read = read,
    .records = records,
};

}  // namespace cupel::migrations::runners
