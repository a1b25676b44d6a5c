#include "execute/runner_record.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

namespace cupel::execute {
namespace {

Result<std::vector<std::string>> revisions_of(PgSession& session, std::string_view query, std::string_view table) {
  std::vector<std::string> revisions;
  if (query.empty()) return revisions;
  TRY_ASSIGN(const Rows rows, session.query(query, fmt::format("cannot read {}", table)));
  for (std::size_t row = 0; row < rows.size(); ++row) revisions.push_back(rows.text(row, 0));
  return revisions;
}

// "0012" and "1.02" as numbers, without the zeros before them; nothing if it is no version of numbers.
std::optional<std::vector<std::string_view>> numbers_of(std::string_view revision) {
  std::vector<std::string_view> numbers;
  while (true) {
    const std::size_t end = std::min(revision.find_first_not_of("0123456789"), revision.size());
    if (end == 0 || (end < revision.size() && revision[end] != '.' && revision[end] != '_')) return std::nullopt;
    std::string_view number = revision.substr(0, end);
    number.remove_prefix(std::min(number.find_first_not_of('0'), number.size() - 1));
    numbers.push_back(number);
    if (end == revision.size()) return numbers;
    revision.remove_prefix(end + 1);
  }
}

bool comes_before(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b) {
  return std::ranges::lexicographical_compare(a, b, [](std::string_view one, std::string_view other) {
    return one.size() != other.size() ? one.size() < other.size() : one < other;
  });
}

// A file may say 0012 where the table has the number 12.
bool same_revision(std::string_view a, std::string_view b) {
  if (a == b) return true;
  const auto numbers = numbers_of(a);
  return numbers && numbers == numbers_of(b);
}

}  // namespace

Result<std::optional<RunnerRecord>> read_runner_record(PgSession& session, const migrations::Layout& layout) {
  for (const migrations::Record& known : layout.records) {
    TRY_ASSIGN(const Rows found, session.query(fmt::format("SELECT to_regclass({}) IS NOT NULL", PgSession::literal(known.table)),
                                               fmt::format("cannot look for {}", known.table)));
    if (!found.truth(0, 0)) continue;
    RunnerRecord record;
    record.table = known.table;
    record.in_order = known.applied.empty();
    TRY_ASSIGN(record.applied, revisions_of(session, known.applied, known.table));
    TRY_ASSIGN(record.applied_up_to, revisions_of(session, known.applied_up_to, known.table));
    TRY_ASSIGN(record.unfinished, revisions_of(session, known.unfinished, known.table));
    return std::optional(std::move(record));
  }
  return std::optional<RunnerRecord>();
}

std::vector<bool> applied_by(const RunnerRecord& record, const migrations::MigrationSet& set, std::vector<std::string>* unknown) {
  std::vector<bool> applied(set.migrations.size());
  const auto find = [&set](const std::string& revision) {
    return std::ranges::find_if(set.migrations, [&](const auto& migration) { return same_revision(migration.revision, revision); });
  };
  const auto miss = [unknown](const std::string& revision) {
    if (unknown != nullptr) unknown->push_back(revision);
  };
  for (const std::string& revision : record.applied) {
    const auto found = find(revision);
    if (found == set.migrations.end()) miss(revision);
    else applied[static_cast<std::size_t>(found - set.migrations.begin())] = true;
  }
  // Everything before `revision`, whether or not there is a file for that one.
  const auto mark_before = [&](const std::string& revision) {
    const auto numbers = numbers_of(revision);
    for (std::size_t i = 0; i < applied.size(); ++i) {
      if (same_revision(set.migrations[i].revision, revision)) return i;
      const auto own = numbers_of(set.migrations[i].revision);
      applied[i] = applied[i] || (numbers && own && comes_before(*own, *numbers));
    }
    return applied.size();
  };
  for (const std::string& revision : record.applied_up_to) {
    const std::size_t found = mark_before(revision);
    if (found == applied.size()) miss(revision);
    else applied[found] = true;
  }
  if (record.in_order) {
    for (const std::string& revision : record.unfinished) mark_before(revision);
  }
  return applied;
}

}  // namespace cupel::execute
