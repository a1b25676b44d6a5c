// What `alembic upgrade --sql` and `downgrade --sql` print, Alembic 1.8 to 1.19: alembic/runtime/migration.py
// run_migrations writes
// "-- Running upgrade a, b -> c" before each revision. BEGIN and COMMIT stand in the text, around all of it or around
// each revision, so the text runs as psql would run it.
#include "migrations/file_name.h"
#include "migrations/set_builder.h"
#include "migrations/text_lines.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace cupel::migrations::runners {
namespace {

struct Step {
  Direction direction = Direction::upgrade;
  std::vector<std::string> from;
  std::string to;  // empty in a downgrade to the base
};

std::optional<Step> step_of(std::string_view line) {
  Step step;
  constexpr std::string_view upgrade = "-- Running upgrade ";
  constexpr std::string_view downgrade = "-- Running downgrade ";
  if (line.starts_with(downgrade)) {
    step.direction = Direction::downgrade;
    line.remove_prefix(downgrade.size());
  } else if (line.starts_with(upgrade)) {
    line.remove_prefix(upgrade.size());
  } else {
    return std::nullopt;
  }
  const std::size_t arrow = line.find("->");
  if (arrow == std::string_view::npos) return std::nullopt;
  std::string_view from = line.substr(0, arrow);
  while (const auto revision = next_word(from, ",()")) step.from.emplace_back(*revision);
  std::string_view to = line.substr(arrow + 2);
  step.to = next_word(to, ",()").value_or("");
  return step;
}

bool has_steps(std::string_view text) {
  if (text.find("-- Running ") == std::string_view::npos) return false;
  TextLines lines(text);
  while (const auto line = lines.next()) {
    if (step_of(line->of(text))) return true;
  }
  return false;
}

Recognition recognise(const Folder& folder) {
  const auto texts = sample(folder, direct_sql_files(folder));
  return std::any_of(texts.begin(), texts.end(), has_steps) ? Recognition::certain : Recognition::no;
}

void read_text(std::string_view text, std::size_t source, std::vector<Migration>& migrations) {
  const std::size_t first = migrations.size();
  TextLines lines(text);
  while (const auto line = lines.next()) {
    auto step = step_of(line->of(text));
    if (!step) continue;
    Migration migration;
    Part part;
    part.source = source;
    part.mode = TransactionMode::none;
    // The BEGIN, and the making of alembic_version, before the first revision belong to it.
    part.chunks = {{migrations.size() == first ? 0 : line->begin, static_cast<std::uint32_t>(text.size())}};
    if (migrations.size() > first) {
      Migration& before = migrations.back();
      (before.upgrade ? before.upgrade : before.downgrade)->chunks.back().end = line->begin;
    }
    // The printed half of a migration says nothing of the other one.
    migration.downgrade_expected = false;
    if (step->direction == Direction::upgrade) {
      migration.revision = std::move(step->to);
      migration.parents = std::move(step->from);
      migration.upgrade = std::move(part);
    } else {
      migration.revision = step->from.empty() ? "" : step->from.front();
      if (!step->to.empty()) migration.parents = {std::move(step->to)};
      migration.downgrade = std::move(part);
    }
    migrations.push_back(std::move(migration));
  }
}

Result<MigrationSet> read(const Folder& folder) {
  SetBuilder builder(folder, "alembic-sql");
  std::vector<Migration>& migrations = builder.set().migrations;
  for (const std::string_view file : direct_sql_files(folder)) {
    const auto text = folder.read(std::string(file));
    if (text && !has_steps((*text)->text())) continue;
    if (const auto source = builder.add_source(std::string(file))) read_text(builder.text(*source), *source, migrations);
  }
  for (const Migration& migration : migrations) {
    const bool followed = std::any_of(migrations.begin(), migrations.end(), [&migration](const Migration& other) {
      return std::find(other.parents.begin(), other.parents.end(), migration.revision) != other.parents.end();
    });
    if (!followed) builder.set().heads.push_back(migration.revision);
  }
  return builder.take();
}

}  // namespace

extern const Layout layout_alembic_sql;
const Layout layout_alembic_sql = {
    .name = "alembic-sql",
    .title = "Alembic's upgrade --sql (-- Running upgrade a -> b)",
    .files = "output of alembic upgrade --sql",
    .order = "as printed",
    .downgrade = "output of downgrade --sql",
    .transactions = "As the text says: Alembic prints BEGIN and COMMIT around all revisions or around each.",
    .new_migration = "alembic revision -m MESSAGE",
    .recognise = recognise,
    .read = read,
};

}  // namespace cupel::migrations::runners
