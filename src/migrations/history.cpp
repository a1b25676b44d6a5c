#include "migrations/history.h"

#include "migrations/layout.h"
#include "migrations/meaning_hash.h"
#include "migrations/set_builder.h"

#include <algorithm>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

namespace cupel::migrations {
namespace {

std::string_view text_of(const MigrationSet& set, const Part& part) { return set.sources[part.source]->text(); }

bool same_text(const MigrationSet& a, const Part& part_a, const MigrationSet& b, const Part& part_b) {
  if (part_a.mode != part_b.mode || part_a.chunks.size() != part_b.chunks.size()) return false;
  if (a.sources[part_a.source] == b.sources[part_b.source] && part_a.chunks == part_b.chunks) return true;
  if (part_a.chunks.empty()) return text_of(a, part_a) == text_of(b, part_b);
  return std::equal(part_a.chunks.begin(), part_a.chunks.end(), part_b.chunks.begin(),
                    [&](Span one, Span other) { return one.of(text_of(a, part_a)) == other.of(text_of(b, part_b)); });
}

bool same_text(const MigrationSet& a, const std::optional<Part>& part_a, const MigrationSet& b, const std::optional<Part>& part_b) {
  if (!part_a || !part_b) return !part_a && !part_b;
  return same_text(a, *part_a, b, *part_b);
}

std::string meaning_of(const MigrationSet& set, const std::optional<Part>& part) {
  return part ? meaning_hash(text_of(set, *part), part->chunks) : std::string();
}

using ByRevision = std::unordered_multimap<std::string_view, const Migration*>;
ByRevision by_revision(const MigrationSet& set) {
  ByRevision migrations;
  migrations.reserve(set.migrations.size());
  for (const Migration& migration : set.migrations) migrations.emplace(migration.revision, &migration);
  return migrations;
}

// The upgrades of `set` whose revision is not in `others`, by what they mean.
std::unordered_map<std::string, const Migration*> moved_from(const MigrationSet& set, const ByRevision& others) {
  std::unordered_map<std::string, const Migration*> meanings;
  for (const Migration& migration : set.migrations) {
    if (migration.upgrade && !others.contains(migration.revision)) meanings.emplace(meaning_of(set, migration.upgrade), &migration);
  }
  return meanings;
}

// The index of `source` in set.sources, where it is added if no text of that name is there.
std::size_t source_in(MigrationSet& set, const std::shared_ptr<const SourceText>& source) {
  const auto same = std::ranges::find_if(set.sources, [&](const auto& own) { return own == source || own->name() == source->name(); });
  if (same != set.sources.end()) return static_cast<std::size_t>(same - set.sources.begin());
  set.sources.push_back(source);
  return set.sources.size() - 1;
}

const std::shared_ptr<const SourceText>& file_of(const MigrationSet& set, const Migration& migration) {
  return set.sources[source_of(migration)];
}

// Of several migrations with one revision, the unchanged one vouches for it.
bool unchanged_upgrade(const MigrationSet& before, const Migration& old, const MigrationSet& now, const Migration& present) {
  return same_text(before, old.upgrade, now, present.upgrade) || meaning_of(before, old.upgrade) == meaning_of(now, present.upgrade);
}

}  // namespace

std::string_view fate_of_late_migration(std::string_view layout) {
  const Layout* runner = find_layout(layout);
  if (runner != nullptr && !runner->late_migration.empty()) return runner->late_migration;
  return "this one runs after it, out of order, or never";
}

std::vector<ChangedParts> changed_parts(const MigrationSet& before, const MigrationSet& now) {
  const ByRevision old = by_revision(before);
  std::optional<std::unordered_map<std::string, const Migration*>> moved;
  std::vector<ChangedParts> changes;
  changes.reserve(now.migrations.size());
  for (const Migration& migration : now.migrations) {
    ChangedParts& change = changes.emplace_back();
    const auto same_revision = old.equal_range(migration.revision);
    if (same_revision.first == same_revision.second) {
      if (!moved) moved = moved_from(before, by_revision(now));
      change.is_new = true;
      // The same SQL under another name: what it does was judged when it came.
      const bool renamed = !moved->empty() && moved->contains(meaning_of(now, migration.upgrade));
      change.upgrade = migration.upgrade && !renamed;
      change.downgrade = migration.downgrade && !renamed;
      continue;
    }
    const auto differs = [&](const std::optional<Part> Migration::*part) {
      return (migration.*part) && std::none_of(same_revision.first, same_revision.second, [&](const auto& entry) {
               return same_text(before, entry.second->*part, now, migration.*part);
             });
    };
    change.upgrade = differs(&Migration::upgrade);
    change.downgrade = differs(&Migration::downgrade);
  }
  return changes;
}

std::vector<Problem> edited_applied(const MigrationSet& applied, MigrationSet& now, std::string_view ran) {
  const ByRevision present = by_revision(now);
  std::optional<std::unordered_map<std::string, const Migration*>> moved;
  std::vector<Problem> problems;
  for (const Migration& old : applied.migrations) {
    if (!old.upgrade || old.repeatable) continue;
    const auto [begin, end] = present.equal_range(old.revision);
    Problem problem;
    problem.rule = "edited-applied-migration";
    if (begin != end) {
      if (std::any_of(begin, end, [&](const auto& entry) { return unchanged_upgrade(applied, old, now, *entry.second); })) continue;
      problem.source = source_of(*begin->second);
      problem.message = fmt::format(
          "the upgrade of revision {} was edited, but is on {} already: where it already ran, the edit never runs", old.revision, ran);
      problems.push_back(std::move(problem));
      continue;
    }
    if (!moved) moved = moved_from(now, by_revision(applied));
    const auto renamed = moved->find(meaning_of(applied, old.upgrade));
    if (renamed != moved->end()) {
      problem.source = source_of(*renamed->second);
      problem.message = fmt::format("revision {} was renamed to {}, but is on {} already: where it already ran, it is run once more",
                                    old.revision, renamed->second->revision, ran);
    } else {
      problem.source = source_in(now, file_of(applied, old));
      problem.message = fmt::format("{} was deleted, but revision {} is on {} already: what it did stays where it already ran",
                                    file_of(applied, old)->name(), old.revision, ran);
    }
    problems.push_back(std::move(problem));
  }
  return problems;
}

std::vector<Problem> late_migrations(const MigrationSet& applied, const MigrationSet& merged, MigrationSet& now, std::string_view ran) {
  const ByRevision old = by_revision(applied);
  std::unordered_map<std::string_view, std::size_t> index;
  for (std::size_t i = 0; i < merged.migrations.size(); ++i) index.try_emplace(merged.migrations[i].revision, i);
  const ByRevision own = by_revision(now);
  std::optional<std::unordered_map<std::string, const Migration*>> moved;

  std::vector<Problem> problems;
  std::vector<bool> seen(merged.migrations.size());
  for (std::size_t first = 0; first < merged.migrations.size(); ++first) {
    const Migration& later = merged.migrations[first];
    if (later.repeatable || !old.contains(later.revision)) continue;
    std::vector<std::size_t> open = {first};
    while (!open.empty()) {
      const Migration& at = merged.migrations[open.back()];
      open.pop_back();
      for (const auto* before : {&at.parents, &at.depends_on}) {
        for (const std::string& parent : *before) {
          const auto found = index.find(parent);
          if (found == index.end() || seen[found->second]) continue;
          seen[found->second] = true;
          open.push_back(found->second);
          const Migration& late = merged.migrations[found->second];
          if (old.contains(late.revision) || !late.upgrade || !own.contains(late.revision)) continue;
          // A renamed one is told of as such.
          if (!moved) moved = moved_from(applied, own);
          if (moved->contains(meaning_of(merged, late.upgrade))) continue;
          Problem problem;
          problem.rule = "late-migration";
          problem.source = source_in(now, file_of(merged, late));
          problem.message = fmt::format("{} comes before {}, which is on {} already: where that ran, {}", late.revision, later.revision,
                                        ran, fate_of_late_migration(now.layout));
          problem.related.push_back({source_in(now, file_of(merged, later)), {}, "already there"});
          problems.push_back(std::move(problem));
        }
      }
    }
  }
  return problems;
}

std::vector<Problem> problems_of_merge(const MigrationSet& base, const MigrationSet& merged, MigrationSet& now, std::string_view ran) {
  std::multiset<std::pair<std::string_view, std::string_view>> known;
  for (const MigrationSet* set : {&base, static_cast<const MigrationSet*>(&now)}) {
    for (const Problem& problem : set->problems) known.emplace(problem.rule, problem.message);
  }
  std::vector<Problem> problems;
  for (const Problem& found : merged.problems) {
    if (found.rule != "multiple-heads" && found.rule != "duplicate-version" && found.rule != "missing-parent" &&
        found.rule != "revision-cycle")
      continue;
    if (known.contains({found.rule, found.message})) continue;
    Problem problem = found;
    problem.source = source_in(now, merged.sources[found.source]);
    for (Problem::Place& place : problem.related) place.source = source_in(now, merged.sources[place.source]);
    problem.message = fmt::format("merged with {}, {}", ran, found.message);
    problems.push_back(std::move(problem));
  }
  return problems;
}

}  // namespace cupel::migrations
