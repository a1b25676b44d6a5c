// Atlas at 2026-08: sql/migrate/dir.go (names: version up to the first underscore, order by name; file directives stand in comments
// at the top, with an empty line behind them), sql/migrate/stmt.go (statements one by one, atlas:delimiter), cmd/atlas
// (--tx-mode file by default, atlas:txmode in a file; --exec-order linear by default; files with atlas:checkpoint only make new
// databases). What atlas.sum says is checked for every layout (atlas_sum.h).
#include "migrations/atlas_sum.h"
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

bool has_sum_file(const Folder& folder) {
  return std::binary_search(folder.files().begin(), folder.files().end(), std::string(atlas_sum_name));
}

// Atlas also keeps folders for other runners; their names and markers say so.
bool is_of_another_runner(std::string_view text) {
  return text.find("-- +goose ") != std::string_view::npos || text.find("-- migrate:up") != std::string_view::npos ||
         text.find("--liquibase formatted") != std::string_view::npos;
}

Recognition recognise(const Folder& folder) {
  if (!has_sum_file(folder)) return Recognition::no;
  const auto files = direct_sql_files(folder);
  const bool named = std::any_of(files.begin(), files.end(), [](std::string_view file) { return !leading_digits(file).empty(); });
  const bool directed = std::any_of(files.begin(), files.end(), [](std::string_view file) { return directed_name(file).has_value(); });
  if (!named || directed) return Recognition::no;
  const auto texts = sample(folder, files);
  return std::any_of(texts.begin(), texts.end(), is_of_another_runner) ? Recognition::no : Recognition::certain;
}

// "-- atlas:NAME VALUE" among the comments at the top, which end with an empty line. The value, within `text`.
std::optional<std::string_view> directive(std::string_view text, std::string_view name) {
  std::optional<std::string_view> found;
  TextLines lines(text);
  while (const auto span = lines.next()) {
    const std::string_view line = trim(span->of(text));
    if (line.empty()) return found;
    if (!line.starts_with("--") && !line.starts_with("#")) return std::nullopt;
    const std::size_t at = line.find("atlas:");
    if (at == std::string_view::npos || !line.substr(at + 6).starts_with(name)) continue;
    const std::string_view rest = line.substr(at + 6 + name.size());
    if (rest.empty() || rest.front() == ' ') found = trim(rest);
  }
  return std::nullopt;
}

// The sections of "-- atlas:txtar", each behind a line "-- NAME --": migration.sql and down.sql run.
struct Sections {
  std::optional<Span> upgrade, downgrade;
};
Sections sections_of(std::string_view text) {
  Sections sections;
  std::optional<Span>* open = nullptr;
  TextLines lines(text);
  while (const auto span = lines.next()) {
    const std::string_view line = trim(span->of(text));
    if (!line.starts_with("-- ") || !line.ends_with(" --") || line.size() < 7) continue;
    const std::string_view name = line.substr(3, line.size() - 6);
    if (open != nullptr) (*open)->end = span->begin;
    open = name == "migration.sql" ? &sections.upgrade : name == "down.sql" ? &sections.downgrade : nullptr;
    if (open != nullptr) *open = Span{lines.end(), static_cast<std::uint32_t>(text.size())};
  }
  return sections;
}

std::string unescaped(std::string_view word) {
  std::string delimiter;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const char next = word[i] == '\\' && i + 1 < word.size() ? word[i + 1] : '\0';
    if (next == 'n' || next == 'r' || next == 't') {
      delimiter += next == 'n' ? '\n' : next == 'r' ? '\r' : '\t';
      ++i;
    } else {
      delimiter += word[i];
    }
  }
  return delimiter;
}

// What lies between delimiters that are no SQL.
std::vector<Span> between(std::string_view text, Span part, const std::string& delimiter) {
  std::vector<Span> chunks;
  while (part.begin < part.end) {
    const std::size_t at = part.of(text).find(delimiter);
    if (at == std::string_view::npos) break;
    chunks.push_back({part.begin, part.begin + static_cast<std::uint32_t>(at)});
    part.begin += static_cast<std::uint32_t>(at + delimiter.size());
  }
  if (part.begin < part.end) chunks.push_back(part);
  return chunks;
}

Part part_of(std::size_t source, std::string_view text, std::optional<Span> section) {
  Part part;
  part.source = source;
  if (section) part.chunks = {*section};
  if (const auto mode = directive(text, "txmode")) {
    part.mode = *mode == "none" ? TransactionMode::none : *mode == "all" ? TransactionMode::batch : TransactionMode::per_file;
    part.mode_marker = span_in(text, *mode);
  }
  if (const auto word = directive(text, "delimiter"); word && !word->empty()) {
    const std::string delimiter = unescaped(*word);
    const bool is_sql = trim(delimiter).empty() || trim(delimiter) == ";" || trim(delimiter).starts_with("--");
    // Its own line is not cut.
    const auto behind = static_cast<std::uint32_t>(span_in(text, *word).end);
    if (!is_sql) part.chunks = between(text, section ? *section : Span{behind, static_cast<std::uint32_t>(text.size())}, delimiter);
  }
  return part;
}

Result<MigrationSet> read(const Folder& folder) {
  SetBuilder builder(folder, "atlas");
  VersionLine line(builder, VersionLine::Order::bytes, {.duplicate = "Atlas records one version for both", .orphan = {}});
  bool any_down = false;
  for (const std::string_view file : direct_sql_files(folder)) {
    const auto source = builder.add_source(std::string(file));
    if (!source) continue;
    const std::string_view text = builder.text(*source);
    const std::string_view name = stem(file);
    const std::string_view version = name.substr(0, name.find('_'));
    const std::string_view title = version.size() < name.size() ? name.substr(version.size() + 1) : std::string_view();
    // It stands for all that comes before it, on databases that have nothing yet.
    if (directive(text, "checkpoint")) {
      builder.set().sources.pop_back();
      builder.set().left_out.emplace_back(file);
      continue;
    }
    Sections sections;
    if (directive(text, "txtar")) sections = sections_of(text);
    line.add(version, title, Direction::upgrade, part_of(*source, text, sections.upgrade));
    if (!sections.downgrade) continue;
    any_down = true;
    line.add(version, title, Direction::downgrade, part_of(*source, text, sections.downgrade));
  }
  line.finish();
  for (Migration& migration : builder.set().migrations) migration.downgrade_expected = any_down;
  return builder.take();
}

}  // namespace

// Atlas at 2026-08, cmd/atlas/internal/migrate/ent/schema/revision.go: a row for each file, with how many of its statements ran.
constexpr Record records[] = {
    {.table = "atlas_schema_revisions.atlas_schema_revisions",
     .applied = "SELECT version FROM atlas_schema_revisions.atlas_schema_revisions WHERE applied = total AND version NOT LIKE '.%'",
     .unfinished = "SELECT version FROM atlas_schema_revisions.atlas_schema_revisions WHERE applied < total"},
};

extern const Layout layout_atlas;
const Layout layout_atlas = {
    .name = "atlas",
    .title = "Atlas (<version>_<title>.sql with atlas.sum)",
    .files = "<version>_title.sql, atlas.sum",
    .order = "file name",
    .downgrade = "planned by Atlas; section down.sql of a txtar file",
    .transactions =
        "Statements one by one in a transaction per file; '-- atlas:txmode none' at the top, with an empty line behind it, turns "
        "it off for the file.",
    .opt_out = "-- atlas:txmode none",
    .late_migration = "atlas migrate apply refuses to run (unless --exec-order says otherwise)",
    .new_migration = "atlas migrate new NAME",
    .recognise = recognise,
    .read = read,
    .records = records,
};

}  // namespace cupel::migrations::runners
