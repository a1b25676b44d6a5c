// dbmate v2.35.0: pkg/dbmate/migration.go (markers, options, what is refused), pkg/dbmate/db.go FindMigrations (names,
// order) and Migrate (a transaction around each section unless transaction:false; the section is sent as one query
// string either way).
#include "migrations/file_name.h"
#include "migrations/set_builder.h"
#include "migrations/text_lines.h"

#include <algorithm>

#include <fmt/format.h>

namespace cupel::migrations::runners {
namespace {

struct Marker {
  Direction direction = Direction::upgrade;
  std::string_view options;
};

// "-- migrate:up [option:value …]", not indented.
std::optional<Marker> marker_of(std::string_view line) {
  if (!line.starts_with("--")) return std::nullopt;
  std::string_view rest = trim(line.substr(2));
  Marker marker;
  if (rest.starts_with("migrate:up")) {
    rest.remove_prefix(10);
  } else if (rest.starts_with("migrate:down")) {
    marker.direction = Direction::downgrade;
    rest.remove_prefix(12);
  } else {
    return std::nullopt;
  }
  if (!rest.empty() && rest.front() != ' ' && rest.front() != '\t') return std::nullopt;
  marker.options = rest;
  return marker;
}

std::optional<std::string_view> transaction_off(std::string_view options) {
  std::optional<std::string_view> found;
  while (const auto option = next_word(options)) {
    if (*option == "transaction:false") found = *option;
    if (option->starts_with("transaction:") && *option != "transaction:false") found = std::nullopt;  // the last one counts
  }
  return found;
}

struct Sections {
  std::optional<Part> upgrade;
  std::optional<Part> downgrade;
  std::optional<Problem> problem;  // only span and message
};

Sections cut(std::string_view text, std::size_t source) {
  Sections sections;
  const auto refuse = [&sections](Span span, std::string message) {
    if (sections.problem) return;
    sections.problem.emplace();
    sections.problem->span = span;
    sections.problem->message = std::move(message);
  };
  Part* open = nullptr;
  bool down_since_up = true;
  TextLines lines(text);
  while (const auto line = lines.next()) {
    const std::string_view words = line->of(text);
    const auto marker = marker_of(words);
    if (!marker) {
      if (open == nullptr && !is_blank(words) && !trim(words).starts_with("--")) { refuse(*line, "there is SQL before '-- migrate:up'"); }
      continue;
    }
    if (open != nullptr) open->chunks.back().end = line->begin;
    const bool up = marker->direction == Direction::upgrade;
    if (up && sections.upgrade && !down_since_up) refuse(*line, "the '-- migrate:up' before this one has no '-- migrate:down'");
    if (!up && down_since_up) refuse(*line, "this '-- migrate:down' has no '-- migrate:up' before it");
    down_since_up = !up;
    std::optional<Part>& part = up ? sections.upgrade : sections.downgrade;
    if (!part) part.emplace();
    part->source = source;
    part->chunks.push_back({lines.end(), static_cast<std::uint32_t>(text.size())});
    // Several sections of one direction: one without a transaction decides, since sections are then strings of their
    // own.
    if (const auto off = transaction_off(marker->options)) {
      part->mode = TransactionMode::implicit;
      part->mode_marker = span_in(text, *off);
    }
    open = &*part;
  }
  if (!sections.upgrade) {
    refuse({}, "there is no '-- migrate:up'");
  } else if (!down_since_up) {
    refuse({}, "there is no '-- migrate:down', which may be empty but must be there");
  }
  return sections;
}

bool has_markers(std::string_view text) {
  if (text.find("migrate:") == std::string_view::npos) return false;
  TextLines lines(text);
  while (const auto line = lines.next()) {
    if (marker_of(line->of(text))) return true;
  }
  return false;
}

Recognition recognise(const Folder& folder) {
  const auto texts = sample(folder, direct_sql_files(folder));
  return std::any_of(texts.begin(), texts.end(), has_markers) ? Recognition::certain : Recognition::no;
}

Result<MigrationSet> read(const Folder& folder) {
  SetBuilder builder(folder, "dbmate");
  VersionLine line(builder, VersionLine::Order::bytes, {.duplicate = "dbmate runs both and fails to record the second", .orphan = {}});
  const auto files = direct_sql_files(folder);
  for (const std::string_view file : files) {
    const std::string_view version = leading_digits(file);
    if (version.empty() && files.size() > 1) {
      const auto text = folder.read(std::string(file));
      if (!text || !has_markers((*text)->text())) continue;  // a helper beside the migrations
      builder.add_ignored(std::string(file), fmt::format("dbmate ignores {}: its name does not begin with a version", file));
      continue;
    }
    const auto source = builder.add_source(std::string(file));
    if (!source) continue;
    Sections sections = cut(builder.text(*source), *source);
    if (sections.problem) {
      builder.add_problem("layout-error", *source, sections.problem->span,
                          fmt::format("dbmate refuses this file: {}", sections.problem->message));
    }
    std::string_view title = stem(file).substr(version.size());
    title.remove_prefix(std::min(title.find_first_not_of("_-."), title.size()));
    const std::string_view revision = version.empty() ? stem(file) : version;
    if (!sections.upgrade) {
      // Not a migration for dbmate, but still SQL that someone wrote: all of it is looked at as an upgrade.
      sections.upgrade.emplace();
      sections.upgrade->source = *source;
    }
    line.add(revision, title, Direction::upgrade, std::move(*sections.upgrade));
    if (sections.downgrade) line.add(revision, title, Direction::downgrade, std::move(*sections.downgrade));
  }
  line.finish();
  return builder.take();
}

}  // namespace

// pkg/driver/postgres/postgres.go of dbmate 2.
constexpr Record records[] = {{.table = "schema_migrations", .applied = "SELECT version FROM schema_migrations"}};

extern const Layout layout_dbmate;
const Layout layout_dbmate = {
    .name = "dbmate",
    .title = "dbmate (-- migrate:up / migrate:down)",
    .files = "<n>…sql with -- migrate:up",
    .order = "file name",
    .downgrade = "section -- migrate:down",
    .transactions =
        "A transaction per file, its section sent as one query string; 'transaction:false' after the marker leaves "
        "the string, which is an implicit transaction as soon as it holds two statements.",
    .opt_out = "'transaction:false' after the marker",
    .late_migration = "dbmate runs this one after it, out of order",
    .new_migration = "dbmate new NAME",
    .recognise = recognise,
    .read = read,
    .records = records,
};

}  // namespace cupel::migrations::runners
