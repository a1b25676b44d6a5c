#include "effects/effects.h"

#include "effects/predict.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace cupel::effects {

namespace {

using schema::RelationKind;
using sql::ObjectKind;

constexpr std::size_t mode_count = 8;

// Manual table 13.2 (Conflicting Lock Modes), the same in 13 to 18: bit i is set if the mode conflicts with mode i.
constexpr std::array<unsigned, mode_count> conflict_table = {
    0b10000000,  // ACCESS SHARE
    0b11000000,  // ROW SHARE
    0b11110000,  // ROW EXCLUSIVE
    0b11111000,  // SHARE UPDATE EXCLUSIVE
    0b11101100,  // SHARE
    0b11111100,  // SHARE ROW EXCLUSIVE
    0b11111110,  // EXCLUSIVE
    0b11111111,  // ACCESS EXCLUSIVE
};

// What an ALTER TABLE really alters: its kind as written says "table" for indexes, views and sequences too.
ObjectKind altered_kind(ObjectKind written, const schema::Relation* relation) {
  if (written != ObjectKind::table || relation == nullptr) return written;
  switch (relation->kind) {
    case RelationKind::index: return ObjectKind::index;
    case RelationKind::view: return ObjectKind::view;
    case RelationKind::sequence: return ObjectKind::sequence;
    default: return written;
  }
}

void predict_altered(Prediction& prediction, const sql::AlterTable& statement) {
  if (statement.kind == ObjectKind::type) return predict_alter_composite(prediction, statement);
  // Looked at before the table is (ProcessUtilitySlow in tcop/utility.c, since 14).
  const auto is_concurrent = [](const sql::AlterTableCommand& command) {
    return command.action == sql::AlterTableAction::detach_partition && command.concurrently;
  };
  if (std::any_of(statement.commands.begin(), statement.commands.end(), is_concurrent)) prediction.refuse_in_transaction();
  const schema::Relation* relation = prediction.find(statement.name);
  if (relation == nullptr && prediction.replay_is_complete()) {
    if (statement.if_exists) return prediction.set_no_op();
    prediction.fail_unknown(statement.name);
    return;
  }
  switch (altered_kind(statement.kind, relation)) {
    case ObjectKind::index: return predict_alter_index(prediction, relation, statement);
    case ObjectKind::view: return predict_alter_view(prediction, relation, statement);
    case ObjectKind::sequence: return predict_alter_sequence(prediction, relation, statement);
    default: return predict_alter_table(prediction, relation, statement);
  }
}

class Dispatch {
 public:
  Dispatch(Prediction& prediction, const sql::Statement& statement) : prediction_(prediction), statement_(statement) {}

  void operator()(const sql::AlterTable& node) const { predict_altered(prediction_, node); }
  void operator()(const sql::OtherStatement& node) const { predict_other(prediction_, statement_, node); }
  void operator()(const sql::Discard&) const { predict_discard(prediction_, statement_); }
  void operator()(const sql::CreateFunction& node) const { predict_create_function(prediction_, statement_, node); }
  void operator()(const sql::CreateStatistics& node) const { predict_create_statistics(prediction_, statement_, node); }
  void operator()(const sql::Rename& node) const { predict_rename(prediction_, statement_, node); }
  void operator()(const sql::CreateRule& node) const { predict_create_rule(prediction_, statement_, node); }
  void operator()(const sql::CreatePolicy& node) const { predict_create_policy(prediction_, statement_, node); }
  void operator()(const sql::AlterPolicy& node) const { predict_alter_policy(prediction_, statement_, node); }
  void operator()(const sql::Select& node) const { predict_select(prediction_, statement_, node); }
  void operator()(const sql::Opaque&) const { prediction_.set_opaque(); }
  void operator()(const sql::Call&) const { prediction_.set_opaque(); }
  // What the block runs is told statement by statement, by whoever reads its body.
  void operator()(const sql::DoBlock&) const {}
  // Their entries in the catalogs are nobody's business but theirs: no lock on a relation that existed.
  void operator()(const sql::CreateEnum&) const {}
  void operator()(const sql::CreateDomain&) const {}
  void operator()(const sql::CreateComposite&) const {}
  void operator()(const sql::CreateRange&) const {}
  void operator()(const sql::AlterFunction&) const {}
  void operator()(const sql::AlterExtension&) const {}
  void operator()(const sql::Transaction&) const {}
  void operator()(const sql::SetVariable&) const {}
  void operator()(const sql::SetConstraints&) const {}
  template <class Node>
  void operator()(const Node& node) const {
    predict(prediction_, node);
  }

 private:
  Prediction& prediction_;
  const sql::Statement& statement_;
};

// ---- who is blocked -------------------------------------------------------------------------------------------------

void add_once(std::vector<RelationId>& ids, RelationId id) {
  if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
}

// A query of a parent locks the descendants it may have to read: `through_partitions` tells whether that includes
// partitions (a reader of a partitioned table) or only inheritance children.
void add_ancestors(std::vector<RelationId>& ids, RelationId id, const schema::Database& database, bool through_partitions) {
  const schema::Relation& relation = database.relation(id);
  if (relation.is_partition && !through_partitions) return;
  for (RelationId parent : relation.parents) {
    add_once(ids, parent);
    add_ancestors(ids, parent, database, through_partitions);
  }
}

// The relation whose users wait for `lock`; none if nobody does.
RelationId waited_for(const RelationLock& lock) {
  if (lock.role == Role::toast || lock.role == Role::created) return RelationId::none;
  return lock.role == Role::index ? lock.owner : lock.relation;
}

}  // namespace

// ---- lock modes -----------------------------------------------------------------------------------------------------

bool conflicts(LockMode a, LockMode b) { return ((conflict_table[static_cast<std::size_t>(a)] >> static_cast<unsigned>(b)) & 1U) != 0; }

std::string_view sql_name(LockMode mode) {
  switch (mode) {
    case LockMode::access_share: return "ACCESS SHARE";
    case LockMode::row_share: return "ROW SHARE";
    case LockMode::row_exclusive: return "ROW EXCLUSIVE";
    case LockMode::share_update_exclusive: return "SHARE UPDATE EXCLUSIVE";
    case LockMode::share: return "SHARE";
    case LockMode::share_row_exclusive: return "SHARE ROW EXCLUSIVE";
    case LockMode::exclusive: return "EXCLUSIVE";
    case LockMode::access_exclusive: return "ACCESS EXCLUSIVE";
  }
  return "";
}

std::string_view internal_name(LockMode mode) {
  switch (mode) {
    case LockMode::access_share: return "AccessShare";
    case LockMode::row_share: return "RowShare";
    case LockMode::row_exclusive: return "RowExclusive";
    case LockMode::share_update_exclusive: return "ShareUpdateExclusive";
    case LockMode::share: return "Share";
    case LockMode::share_row_exclusive: return "ShareRowExclusive";
    case LockMode::exclusive: return "Exclusive";
    case LockMode::access_exclusive: return "AccessExclusive";
  }
  return "";
}

std::string_view blocked_by(LockMode mode) {
  if (blocks_reads(mode)) return "reads and writes";
  if (blocks_writes(mode)) return "writes";
  if (mode == LockMode::share_update_exclusive) return "schema changes, VACUUM and ANALYZE";
  return "";
}

// ---- Effects --------------------------------------------------------------------------------------------------------

std::optional<LockMode> Effects::strongest(RelationId relation) const {
  std::optional<LockMode> mode;
  for (const RelationLock& lock : locks) {
    if (lock.relation == relation && lock.role != Role::toast) mode = mode ? std::max(*mode, lock.mode) : lock.mode;
  }
  return mode;
}

const RelationLock* Effects::strongest_on_target() const {
  const RelationLock* strongest = nullptr;
  for (const RelationLock& lock : locks) {
    if (lock.role == Role::target && (strongest == nullptr || lock.mode > strongest->mode)) strongest = &lock;
  }
  return strongest;
}

bool Effects::has(WorkKind kind) const {
  return std::any_of(work.begin(), work.end(), [kind](const Work& each) { return each.kind == kind; });
}

const Work* Effects::find(Cause cause, CommandIndex command) const {
  for (const Work& each : work) {
    if (each.cause == cause && (command == whole_statement || each.command == command)) return &each;
  }
  return nullptr;
}

// ---- prediction -----------------------------------------------------------------------------------------------------

Effects predict(const sql::Statement& statement, const Context& context) {
  Prediction prediction(context);
  std::visit(Dispatch(prediction, statement), statement.node);
  predict_unsafe_labels(prediction, statement);
  return prediction.finish();
}

std::vector<RelationId> reads_blocked(const Effects& effects, const schema::Database& database) {
  std::vector<RelationId> blocked;
  for (const RelationLock& lock : effects.locks) {
    const RelationId id = waited_for(lock);
    if (id == RelationId::none || !blocks_reads(lock.mode)) continue;
    // Nobody reads a sequence's row but its own functions, and those are writers.
    if (database.relation(id).kind == RelationKind::sequence) continue;
    add_once(blocked, id);
    add_ancestors(blocked, id, database, true);
  }
  return blocked;
}

std::vector<RelationId> writes_blocked(const Effects& effects, const schema::Database& database, int postgres_version) {
  std::vector<RelationId> blocked;
  for (const RelationLock& lock : effects.locks) {
    const RelationId id = waited_for(lock);
    if (id == RelationId::none || !blocks_writes(lock.mode)) continue;
    if (database.relation(id).kind == RelationKind::materialized_view) continue;  // cannot be written
    add_once(blocked, id);
    // A writer of an inheritance parent locks all children; one of a partitioned table only those it writes to.
    add_ancestors(blocked, id, database, false);
    // 13 reads the parents' bounds before it writes to a partition (InitResultRelInfo).
    if (postgres_version < 14 && blocks_reads(lock.mode) && lock.role != Role::index) {
      for (RelationId descendant : database.descendants(id)) add_once(blocked, descendant);
    }
  }
  return blocked;
}

}  // namespace cupel::effects
