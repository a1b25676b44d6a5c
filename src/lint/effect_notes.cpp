#include "lint/effect_notes.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace cupel::lint {
namespace {

using effects::RelationLock;
using effects::Role;
using effects::Work;
using effects::WorkKind;

std::string duration(const RelationLock& lock, const effects::Effects& effects, effects::CommandIndex command,
                     const schema::Database& database, const effects::TransactionState& transaction, const Settings& settings) {
  const Work* longest = nullptr;
  for (const Work& work : effects.work) {
    if (command != effects::whole_statement && work.command != effects::whole_statement && work.command != command) continue;
    if (work.kind == WorkKind::data_change) continue;
    if (longest == nullptr || work.kind < longest->kind) longest = &work;  // a rewrite says more than a scan
  }
  if (longest == nullptr || !lock.held_to_end) {
    const bool later = lock.held_to_end && transaction.in_transaction();
    return later ? "until the transaction ends" : "briefly, once it gets it";
  }
  std::string rows_of = longest->relation_name;
  if (longest->relation != schema::RelationId::none) {
    const schema::ObjectName& table = database.relation(longest->relation).name;
    const TableNote* note = settings.note(table.schema, table.name);
    if (note != nullptr && (note->rows || note->bytes)) rows_of += " (" + size_in_words(*note) + ")";
  }
  switch (longest->kind) {
    case WorkKind::rewrite: return "while every row of " + rows_of + " is rewritten";
    case WorkKind::scan: return "while every row of " + rows_of + " is read";
    case WorkKind::index_build: return "while an index on " + rows_of + " is built";
    case WorkKind::index_rebuild: return "while indexes on " + rows_of + " are rebuilt";
    case WorkKind::copy: return "while the file of " + rows_of + " is copied";
    case WorkKind::data_change: break;
  }
  return {};
}

bool is_felt(const RelationLock& lock, const schema::Database& database) {
  if (lock.role == Role::created || lock.role == Role::toast) return false;
  if (effects::blocked_by(lock.mode).empty()) return false;
  if (lock.mode == effects::LockMode::access_share || lock.mode == effects::LockMode::row_share ||
      lock.mode == effects::LockMode::row_exclusive) {
    return false;
  }
  if (lock.relation == schema::RelationId::none) return true;
  return !database.is_new(database.relation(lock.relation));
}

// 41,234,567 as "41 million": what is estimated has no more digits than that.
std::string about(long long number) {
  constexpr std::pair<long long, std::string_view> steps[] = {{1'000'000'000, " billion"}, {1'000'000, " million"}, {1'000, ",000"}};
  for (const auto& [step, word] : steps) {
    if (number + step / 2000 >= step) return fmt::format("{}{}", (number + step / 2) / step, word);
  }
  return fmt::format("{}", number);
}

}  // namespace

std::string_view name(WorkKind kind) {
  switch (kind) {
    case WorkKind::rewrite: return "rewrite";
    case WorkKind::scan: return "scan";
    case WorkKind::index_build: return "index build";
    case WorkKind::index_rebuild: return "index rebuild";
    case WorkKind::copy: return "copy";
    case WorkKind::data_change: return "data change";
  }
  return "";
}

std::vector<const RelationLock*> strongest_locks(const effects::Effects& effects) {
  std::vector<const RelationLock*> shown;
  for (const RelationLock& lock : effects.locks) {
    if (lock.role == Role::created || lock.role == Role::toast) continue;
    const auto same = std::ranges::find_if(shown, [&lock](const auto* other) { return other->name == lock.name; });
    if (same == shown.end()) shown.push_back(&lock);
    else if (lock.mode > (*same)->mode) *same = &lock;
  }
  std::ranges::stable_sort(shown, [](const auto* a, const auto* b) { return a->mode > b->mode; });
  return shown;
}

std::string size_in_words(const TableNote& note) {
  std::string words;
  if (note.rows && *note.rows == 0) return "no rows";
  if (note.rows) words = fmt::format("about {} row{}", about(*note.rows), *note.rows == 1 ? "" : "s");
  if (!note.bytes) return words;
  constexpr std::pair<long long, std::string_view> units[] = {{1LL << 40, "TB"}, {1LL << 30, "GB"}, {1LL << 20, "MB"}, {1LL << 10, "kB"}};
  std::string size = fmt::format("{} bytes", *note.bytes);
  for (const auto& [unit, word] : units) {
    if (*note.bytes < unit) continue;
    const double number = static_cast<double>(*note.bytes) / static_cast<double>(unit);
    size = fmt::format("{:.{}f} {}", number, number < 10 ? 1 : 0, word);
    break;
  }
  return words.empty() ? size : words + ", " + size;
}

std::vector<EffectNote> effect_notes(const effects::Effects& effects, effects::CommandIndex command, const schema::Database& database,
                                     const effects::TransactionState& transaction, const Settings& settings) {
  std::vector<const RelationLock*> felt;
  for (const RelationLock& lock : effects.locks) {
    if (command != effects::whole_statement && lock.command != effects::whole_statement && lock.command != command) continue;
    if (!is_felt(lock, database)) continue;
    const auto same = std::ranges::find_if(felt, [&lock](const RelationLock* other) { return other->name == lock.name; });
    if (same == felt.end()) {
      felt.push_back(&lock);
    } else if (lock.mode > (*same)->mode) {
      *same = &lock;
    }
  }
  // While the work of one command goes on, the statement holds what its other commands asked for too.
  for (const RelationLock*& lock : felt) {
    for (const RelationLock& other : effects.locks) {
      if (other.name == lock->name && other.mode > lock->mode) lock = &other;
    }
  }
  // Locks on indexes matter to readers only through their table; they are shown when no table is.
  const bool has_table = std::ranges::any_of(felt, [](const RelationLock* lock) { return lock->role != Role::index; });
  if (has_table) std::erase_if(felt, [](const RelationLock* lock) { return lock->role == Role::index; });
  std::ranges::stable_sort(felt, [](const RelationLock* a, const RelationLock* b) { return a->mode > b->mode; });

  std::vector<EffectNote> notes;
  notes.reserve(felt.size());
  for (const RelationLock* lock : felt) {
    EffectNote note;
    note.relation = lock->name;
    note.lock = effects::sql_name(lock->mode);
    note.blocks = lock->role == Role::index && lock->mode == effects::LockMode::access_exclusive ? "reads and writes of its table"
                                                                                                 : effects::blocked_by(lock->mode);
    note.duration = duration(*lock, effects, command, database, transaction, settings);
    note.held = lock->held_to_end && transaction.in_transaction();
    notes.push_back(std::move(note));
  }
  return notes;
}

}  // namespace cupel::lint
