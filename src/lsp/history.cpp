#include "lsp/history.h"

#include "lint/engine.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace cupel::lsp {
namespace {

using migrations::Migration;
using migrations::MigrationSet;
using migrations::Part;

bool is_of(const std::optional<Part>& part, std::size_t source) { return part && part->source == source; }
bool is_of(const Migration& migration, std::size_t source) {
  return is_of(migration.upgrade, source) || is_of(migration.downgrade, source);
}

bool same_backfill(const migrations::Backfill& a, const migrations::Backfill& b) { return a.comment == b.comment; }

// Whether two parts do the same, sent in the same way: then they lead to the same schema.
bool same_part(const MigrationSet& a, const std::optional<Part>& one, const MigrationSet& b, const std::optional<Part>& other) {
  if (!one || !other) return !one && !other;
  const auto& text_a = a.sources[one->source];
  const auto& text_b = b.sources[other->source];
  return one->mode == other->mode && one->cut_where_refused == other->cut_where_refused && one->chunks == other->chunks &&
         one->placeholders == other->placeholders &&
         std::equal(one->backfills.begin(), one->backfills.end(), other->backfills.begin(), other->backfills.end(), same_backfill) &&
         (text_a == text_b || text_a->text() == text_b->text());
}

// A piece of a set: these of its migrations, and none of its problems.
MigrationSet piece(const MigrationSet& set, std::size_t first, std::size_t end) {
  MigrationSet taken;
  taken.path = set.path;
  taken.layout = set.layout;
  taken.sources = set.sources;
  taken.migrations.assign(set.migrations.begin() + static_cast<std::ptrdiff_t>(first),
                          set.migrations.begin() + static_cast<std::ptrdiff_t>(end));
  taken.runner_sets_lock_timeout = set.runner_sets_lock_timeout;
  taken.order_is_known = set.order_is_known;
  return taken;
}

// What comes before a migration, to be replayed and not judged: a downgrade leaves nothing behind there.
MigrationSet history_before(const MigrationSet& set, std::size_t first) {
  MigrationSet before = piece(set, 0, first);
  for (Migration& migration : before.migrations) migration.downgrade.reset();
  return before;
}

bool is_history_before(const MigrationSet& before, const MigrationSet& set, std::size_t first) {
  if (before.layout != set.layout || before.migrations.size() != first) return false;
  for (std::size_t i = 0; i < first; ++i) {
    if (!same_part(before, before.migrations[i].upgrade, set, set.migrations[i].upgrade)) return false;
  }
  return true;
}

// The migrations from the first to the last that `source` is part of; a file holds several where they are written one after the
// other (alembic upgrade --sql).
struct Range {
  std::size_t first = 0, end = 0;
};
Range migrations_of(const MigrationSet& set, std::size_t source) {
  Range range;
  for (std::size_t i = 0; i < set.migrations.size(); ++i) {
    if (!is_of(set.migrations[i], source)) continue;
    if (range.end == 0) range.first = i;
    range.end = i + 1;
  }
  return range;
}

class Silence : public lint::ReplayListener {
 public:
  void on_statement(const lint::Step& /*step*/) override {}
};

}  // namespace

Status History::read(const migrations::Overlay& open) {
  TRY_ASSIGN(sets_, migrations::read_path(root_, settings_->layout, open, disk_));
  return success();
}

History::Place History::find(const std::string& path) const {
  for (const MigrationSet& set : sets_) {
    for (std::size_t source = 0; source < set.sources.size(); ++source) {
      if (set.sources[source]->name() == path) return {&set, source};
    }
  }
  return {};
}

schema::Database& History::before(const std::string& path, const MigrationSet& set, std::size_t first) {
  std::unique_ptr<Checkpoint>& kept = checkpoints_[path];
  if (kept == nullptr || !is_history_before(kept->before, set, first)) {
    kept = std::make_unique<Checkpoint>(Checkpoint{history_before(set, first), schema::Database()});
    lint::ParsedMigrations parsed(std::span(&kept->before, 1), settings_->lint.threads);
    Silence silence;
    lint::replay(kept->before, parsed, settings_->lint.postgres_version, kept->database, silence);
  }
  return kept->database;
}

lint::LintResult History::judge(const std::string& path) {
  const Place place = find(path);
  if (place.set == nullptr) return {};
  const Range range = migrations_of(*place.set, place.source);
  MigrationSet judged = piece(*place.set, range.first, range.end);
  std::ranges::copy_if(place.set->problems, std::back_inserter(judged.problems),
                       [&](const migrations::Problem& problem) { return problem.source == place.source; });

  lint::Settings settings = settings_->lint;
  settings.fingerprints = !settings_->baseline.empty();
  settings.outline = true;  // where its statements are
  std::optional<lint::BaselineMatcher> baseline;
  if (!settings_->baseline.empty()) baseline.emplace(settings_->baseline, settings_->baseline_name, settings_->is_gone);
  lint::LintResult result = lint::lint_next(judged, lint::rule_table(), settings, before(path, *place.set, range.first),
                                            {.baseline = baseline ? &*baseline : nullptr, .whole = place.set});
  std::erase_if(result.findings, [&](const lint::Finding& finding) { return finding.source != place.source || !finding.counts(); });
  return result;
}

void History::walk(const std::string& path, lint::ReplayListener& listener) {
  const Place place = find(path);
  if (place.set == nullptr) return;
  const Range range = migrations_of(*place.set, place.source);
  const MigrationSet walked = piece(*place.set, range.first, range.end);
  if (walked.migrations.empty()) return;
  schema::Database& database = before(path, *place.set, range.first);
  const schema::Database::Mark mark = database.mark();
  lint::ParsedMigrations parsed(std::span(&walked, 1), settings_->lint.threads);
  lint::replay(walked, parsed, settings_->lint.postgres_version, database, listener);
  database.rewind(mark);
}

}  // namespace cupel::lsp
