#include "execute/comparison.h"

#include "migrations/meaning_hash.h"

#include <string_view>
#include <unordered_map>

namespace cupel::execute {

Comparison compare(const migrations::MigrationSet& set, const JournalState& journal) {
  Comparison result;
  std::unordered_map<std::string_view, std::size_t> by_revision;
  for (std::size_t index = 0; index < set.migrations.size(); ++index) by_revision.emplace(set.migrations[index].revision, index);
  std::vector<bool> is_applied(set.migrations.size(), false);
  for (const JournalRevision& known : journal.revisions) {
    const auto found = by_revision.find(known.revision);
    if (found == by_revision.end()) {
      result.unknown.push_back(known.revision);
      continue;
    }
    const std::size_t index = found->second;
    switch (known.state) {
      case RevisionState::upgrading: result.upgrading.push_back(index); continue;
      case RevisionState::downgrading: result.downgrading.push_back(index); break;
      case RevisionState::applied: break;
    }
    is_applied[index] = true;
    result.applied.push_back(index);
    const std::optional<migrations::Part>& upgrade = set.migrations[index].upgrade;
    const std::string hash = upgrade ? migrations::meaning_hash(set.sources[upgrade->source]->text(), upgrade->chunks) : std::string();
    if (hash != known.upgrade_hash) result.edited.push_back({index, known.stamped});
  }
  for (std::size_t index = 0; index < set.migrations.size(); ++index) {
    if (!is_applied[index] && !set.migrations[index].repeatable) result.pending.push_back(index);
  }
  return result;
}

}  // namespace cupel::execute
