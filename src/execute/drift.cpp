#include "execute/drift.h"

#include "execute/live_schema.h"
#include "migrations/layout.h"

#include <algorithm>
#include <set>
#include <string_view>

#include <fmt/format.h>

namespace cupel::execute {
namespace {

using migrations::Part;
using migrations::TransactionMode;

// Where the runner that was used before keeps what it has applied: no drift.
bool is_record_of_another_runner(const schema::Difference& difference) {
  return difference.kind == schema::Difference::Kind::extra && difference.object_kind == "table" &&
         migrations::is_record_table(difference.object);
}

// BEGIN and COMMIT are the runner's and have no number in the journal; savepoints have (see Planner, plan.cpp).
bool has_number(const sql::Statement& statement) {
  using Kind = sql::Transaction::Kind;
  const auto* transaction = statement.as<sql::Transaction>();
  return transaction == nullptr || transaction->kind == Kind::savepoint || transaction->kind == Kind::release ||
         transaction->kind == Kind::rollback_to;
}

class HistoryReplay {
 public:
  HistoryReplay(const migrations::MigrationSet& set, const JournalState& state) : set_(set), state_(state) {}

  void whole(const Part& part) { replay(part, nullptr); }

  // The statements that the journal has as done.
  void partly(const Part& part, const std::string& revision, Direction direction) {
    std::set<std::size_t> numbers;
    for (const JournalStatement& statement : state_.statements) {
      if (statement.revision == revision && statement.direction == direction && statement.done) numbers.insert(statement.number);
    }
    replay(part, &numbers);
  }

  void gap(std::string why) { history_.gaps.push_back(std::move(why)); }
  History take() { return std::move(history_); }

 private:
  void replay(const Part& part, const std::set<std::size_t>* only) {
    const SourceText& source = *set_.sources[part.source];
    history_.scripts.push_back(std::make_unique<sql::Script>(sql::Script::parse(source, {part.chunks, part.placeholders})));
    const sql::Script& script = *history_.scripts.back();
    if (!script.errors().empty()) gap(fmt::format("{} cannot be parsed: {}", source.name(), script.errors().front().message));
    schema::Database& database = history_.database;
    database.begin_epoch();
    database.settings().reset_all();
    database.begin_transaction();
    // SET LOCAL search_path holds until the runner commits.
    const bool in_transaction = part.mode != TransactionMode::none;
    if (in_transaction) database.settings().begin();
    std::size_t number = 0;
    for (const sql::Statement& statement : script.statements()) {
      if (has_number(statement) && ++number > 0 && only != nullptr && !only->contains(number)) continue;
      database.apply(statement, script);
      if (statement.as<sql::DoBlock>() == nullptr) continue;
      for (const sql::Statement& inner : script.body(statement).statements) database.apply(inner, script);
    }
    if (in_transaction && database.settings().in_transaction()) database.settings().commit();
  }

  const migrations::MigrationSet& set_;
  const JournalState& state_;
  History history_;
};

}  // namespace

History replay_applied(const migrations::MigrationSet& set, const Comparison& comparison, const JournalState& state) {
  HistoryReplay replay(set, state);
  for (const std::string& revision : comparison.unknown)
    replay.gap(fmt::format("revision {} is applied, and its file is not here", revision));
  for (const Comparison::Edited& edited : comparison.edited) {
    if (!edited.stamped)
      replay.gap(fmt::format("revision {} is not what was applied: its file was edited", set.migrations[edited.migration].revision));
  }
  for (const JournalRevision& known : state.revisions) {
    const auto at = std::ranges::find(set.migrations, known.revision, &migrations::Migration::revision);
    if (at == set.migrations.end() || std::ranges::find(comparison.unknown, known.revision) != comparison.unknown.end()) continue;
    if (!at->unread.empty()) replay.gap(fmt::format("what revision {} does in {} is not known", at->revision, at->unread));
    if (at->upgrade) {
      if (known.state == RevisionState::upgrading) replay.partly(*at->upgrade, known.revision, Direction::upgrade);
      else replay.whole(*at->upgrade);
    }
    if (known.state == RevisionState::downgrading && at->downgrade) replay.partly(*at->downgrade, known.revision, Direction::downgrade);
  }
  return replay.take();
}

bool Drift::any() const {
  return std::ranges::any_of(differences,
                             [](const schema::Difference& one) { return one.certainty == schema::Difference::Certainty::certain; });
}

bool Drift::any_unsure() const {
  return std::ranges::any_of(differences,
                             [](const schema::Difference& one) { return one.certainty == schema::Difference::Certainty::unsure; });
}

Result<Drift> drift(PgSession& session, const Journal& journal, const migrations::MigrationSet& set, const Comparison& comparison,
                    const JournalState& state) {
  TRY_ASSIGN(const LiveSchema live, read_live_schema(session, {{journal.schema()}, false}));
  History history = replay_applied(set, comparison, state);
  Drift result;
  result.gaps = std::move(history.gaps);
  for (const std::string& problem : live.problems())
    result.gaps.push_back(fmt::format("the database has what is not understood here: {}", problem));
  result.differences = schema::compare(history.database, live.database());
  std::erase_if(result.differences, is_record_of_another_runner);
  if (!result.gaps.empty()) {
    for (schema::Difference& difference : result.differences) {
      if (difference.certainty == schema::Difference::Certainty::certain) difference.certainty = schema::Difference::Certainty::unsure;
    }
  }
  return result;
}

}  // namespace cupel::execute
