// ALTER INDEX.
#include "effects/partition.h"

#include <algorithm>
#include <array>
#include <string>

namespace cupel::effects {

namespace {

using schema::RelationKind;

// reloptions.c: the lock each storage parameter of an index asks for, the same in 13 to 18.
LockMode option_lock(const std::vector<sql::RelationOption>& options) {
  constexpr std::array<std::string_view, 5> exclusive = {"fastupdate", "gin_pending_list_limit", "buffering", "pages_per_range",
                                                         "autosummarize"};
  for (const sql::RelationOption& option : options) {
    if (std::find(exclusive.begin(), exclusive.end(), option.name) != exclusive.end()) return LockMode::access_exclusive;
  }
  return LockMode::share_update_exclusive;
}

LockMode command_lock(const sql::AlterTableCommand& command) {
  switch (command.action) {
    case sql::AlterTableAction::set_options:
    case sql::AlterTableAction::reset_options: return option_lock(command.options);
    case sql::AlterTableAction::set_statistics:
    case sql::AlterTableAction::set_column_options:
    case sql::AlterTableAction::reset_column_options:
    case sql::AlterTableAction::attach_partition: return LockMode::share_update_exclusive;
    default: return LockMode::access_exclusive;
  }
}

// ATExecAttachPartitionIdx: the index that is attached gets ACCESS EXCLUSIVE, both tables are only looked at.
void attach_index(Prediction& prediction, const schema::Relation* parent, const sql::AlterTableCommand& command, CommandIndex index) {
  if (!command.relation) return;
  const schema::Relation* attached = prediction.find(*command.relation);
  if (attached == nullptr && prediction.fail_unknown(*command.relation, index)) return;
  if (attached != nullptr && attached->index) {
    const schema::Relation& table = prediction.relation(attached->index->table);
    prediction.lock(table, LockMode::access_share, Prediction::role_of_descendant(table), Cause::attach_partition, index);
  }
  prediction.lock_named(attached, *command.relation, LockMode::access_exclusive, Role::index, Cause::attach_partition, index);
  if (attached != nullptr && !attached->index) return prediction.fail("42809", prediction.quoted(*attached) + " is not an index", index);
  if (parent != nullptr && parent->index) {
    prediction.lock(prediction.relation(parent->index->table), LockMode::access_share, Role::partitioned_parent, Cause::attach_partition,
                    index);
  }
  if (parent != nullptr && parent->index && attached != nullptr && !same_definition(*parent->index, *attached->index)) {
    prediction.fail(
        "42P17", "cannot attach index " + prediction.quoted(*attached) + " as a partition of index " + prediction.quoted(*parent), index);
  }
}

// Only what an expression yields has statistics of its own. Returns true if it failed.
bool fails_statistics(Prediction& prediction, const schema::Relation* index, const sql::AlterTableCommand& command, CommandIndex number) {
  if (index == nullptr || command.action != sql::AlterTableAction::set_statistics || command.column_number < 1) return false;
  const auto position = static_cast<std::size_t>(command.column_number - 1);
  const std::vector<schema::IndexKey>& keys = index->index->keys;
  if (position >= keys.size() || keys[position].expression) return false;
  prediction.fail(
      "0A000", "cannot alter statistics on non-expression column \"" + keys[position].column + "\" of index " + prediction.quoted(*index),
      number);
  return true;
}

}  // namespace

// AlterTable with an index: the table itself is not locked, but its readers wait for ACCESS EXCLUSIVE on the index.
void predict_alter_index(Prediction& prediction, const schema::Relation* index, const sql::AlterTable& statement) {
  if (index != nullptr && !index->index) { return prediction.fail("42809", prediction.quoted(*index) + " is not an index"); }
  LockMode mode = LockMode::access_share;
  for (const sql::AlterTableCommand& command : statement.commands) mode = std::max(mode, command_lock(command));
  prediction.lock_named(index, statement.name, mode, Role::index, Cause::statement);
  for (std::size_t i = 0; i < statement.commands.size(); ++i) {
    const sql::AlterTableCommand& command = statement.commands[i];
    const auto number = static_cast<CommandIndex>(i);
    if (fails_statistics(prediction, index, command, number)) return;
    if (command.action == sql::AlterTableAction::attach_partition) attach_index(prediction, index, command, number);
    if (command.action != sql::AlterTableAction::set_tablespace || (index != nullptr && index->tablespace == command.name)) continue;
    const schema::Relation* table = index == nullptr ? nullptr : &prediction.relation(index->index->table);
    if (table != nullptr && table->kind == RelationKind::partitioned_table) continue;
    Work& work = prediction.work(WorkKind::copy, table, {}, Cause::tablespace_change, number, LockMode::access_exclusive);
    work.index = index == nullptr ? RelationId::none : index->id;
    work.index_name = std::string(statement.name.name);
  }
}

}  // namespace cupel::effects
