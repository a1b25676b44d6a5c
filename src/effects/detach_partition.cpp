// Partitions go: DETACH PARTITION; and plain inheritance: INHERIT, NO INHERIT.
#include "effects/partition.h"
#include "effects/query.h"

#include <algorithm>
#include <string>

namespace cupel::effects {

using schema::ConstraintKind;
using schema::RelationKind;

namespace {

// ATDetachCheckNoForeignKeyRefs reads under SHARE whether rows are still referenced; then the partition's share of the key
// is dropped (ACCESS EXCLUSIVE on the referencing table).
void detach_referenced(Prediction& prediction, const schema::Relation& parent, const schema::Relation& partition, CommandIndex command) {
  for (const schema::Database::ForeignKeyReference& reference : prediction.database().referencing(parent.id)) {
    if (reference.constraint->inherited) continue;
    const schema::Relation& referencing = prediction.relation(reference.table);
    prediction.lock(referencing, LockMode::share, Role::referencing, Cause::detach_partition, command);
    lock_parents_of_written(prediction, partition);
    lock_query_relation(prediction, referencing, LockMode::access_share, Role::referencing, Cause::detach_partition, QueryUse::planned);
    lock_query_relation(prediction, partition, LockMode::access_share, Prediction::role_of_descendant(partition), Cause::detach_partition,
                        QueryUse::planned);
    prediction.work(WorkKind::scan, referencing, Cause::detach_partition, command);
    prediction.work(WorkKind::scan, partition, Cause::detach_partition, command);
    if (prediction.has_rows(&referencing) && prediction.has_rows(&partition)) {
      prediction.may_fail(
          "23503",
          "removing partition " + prediction.quoted(partition) + " violates foreign key constraint \"" + reference.constraint->name + "\"",
          command);
    }
    // Its triggers on both tables go (RemoveTriggerById), on the partition too, which 13 had locked less.
    prediction.lock(referencing, LockMode::access_exclusive, Role::referencing, Cause::detach_partition, command);
    prediction.lock(partition, LockMode::access_exclusive, Prediction::role_of_descendant(partition), Cause::detach_partition, command);
  }
}

}  // namespace

// ATExecDetachPartition, DetachPartitionFinalize (manual, ALTER TABLE: DETACH PARTITION; CONCURRENTLY since 14).
void predict_detach_partition(Prediction& prediction, const schema::Relation* parent, const sql::AlterTable& statement,
                              CommandIndex command) {
  const sql::AlterTableCommand& alter = statement.commands[static_cast<std::size_t>(command)];
  const bool finalize = alter.action == sql::AlterTableAction::detach_partition_finalize;
  const LockMode on_parent = alter.concurrently || finalize ? LockMode::share_update_exclusive : LockMode::access_exclusive;
  prediction.lock_named(parent, statement.name, on_parent, Role::target, Cause::detach_partition, command);
  if (!alter.relation) return;
  const schema::Relation* default_partition = parent == nullptr ? nullptr : prediction.database().default_partition(*parent);
  if (default_partition != nullptr && !finalize) {
    if (alter.concurrently) {
      return prediction.fail("55000", "cannot detach partitions concurrently when a default partition exists", command);
    }
    prediction.lock(*default_partition, LockMode::access_exclusive, Role::default_partition, Cause::detach_partition, command);
  }
  const schema::Relation* partition = find_partition(prediction, alter);
  if (partition == nullptr && prediction.fail_unknown(*alter.relation, command)) return;
  // 13 takes SHARE UPDATE EXCLUSIVE on the partition; since 14 ACCESS EXCLUSIVE, CONCURRENTLY only at its end.
  const LockMode on_partition = prediction.since(14) ? LockMode::access_exclusive : LockMode::share_update_exclusive;
  const bool is_default = default_partition != nullptr && default_partition == partition;
  prediction.lock_named(partition, *alter.relation, on_partition, is_default ? Role::default_partition : Role::partition,
                        Cause::detach_partition, command);
  if (parent == nullptr || partition == nullptr) return;
  const bool is_child = std::find(parent->children.begin(), parent->children.end(), partition->id) != parent->children.end();
  if (!is_child && !parent->incomplete && !partition->incomplete) {
    return prediction.fail(
        "42P01", "relation " + prediction.quoted(*partition) + " is not a partition of relation " + prediction.quoted(*parent), command);
  }
  if (finalize && prediction.replay_is_complete()) {
    return prediction.fail("55000", "cannot complete detaching partition " + prediction.quoted(*partition), command);
  }
  // What all of its own partitions know of their bounds becomes void.
  prediction.lock_descendants(*partition, LockMode::access_exclusive, Cause::detach_partition, command);
  const bool has_cloned_triggers =
      std::any_of(partition->triggers.begin(), partition->triggers.end(), [](const schema::Trigger& trigger) { return trigger.inherited; });
  if (has_cloned_triggers) {
    prediction.lock(*partition, LockMode::access_exclusive, Prediction::role_of_descendant(*partition), Cause::detach_partition, command);
  }
  detach_referenced(prediction, *parent, *partition, command);
  for (const schema::Constraint& key : parent->constraints) {
    // The key becomes the partition's own: it gets triggers on the referenced table.
    if (key.kind == ConstraintKind::foreign_key) lock_referenced(prediction, key, LockMode::share_row_exclusive, command);
  }
  for (RelationId id : partition->indexes) {
    const schema::Relation& index = prediction.relation(id);
    if (prediction.database().exists(id) && index.index && index.index->parent != RelationId::none) {
      prediction.lock_index(index, LockMode::access_exclusive, Cause::detach_partition, command);
    }
  }
}

// ATExecAddInherit, ATExecDropInherit.
void predict_inherit(Prediction& prediction, const schema::Relation* child, const sql::AlterTable& statement, CommandIndex command) {
  const sql::AlterTableCommand& alter = statement.commands[static_cast<std::size_t>(command)];
  const bool adds = alter.action == sql::AlterTableAction::inherit;
  prediction.lock_named(child, statement.name, LockMode::access_exclusive, Role::target, Cause::inherit, command);
  if (!alter.relation) return;
  const schema::Relation* parent = prediction.find(*alter.relation);
  if (parent == nullptr && prediction.fail_unknown(*alter.relation, command)) return;
  prediction.lock_named(parent, *alter.relation, adds ? LockMode::share_update_exclusive : LockMode::access_share, Role::inheritance_parent,
                        Cause::inherit, command);
  if (parent == nullptr || child == nullptr) return;
  const bool is_parent = std::find(child->parents.begin(), child->parents.end(), parent->id) != child->parents.end();
  if (!adds) {
    if (!is_parent && !child->incomplete) {
      prediction.fail("42P01", "relation " + prediction.quoted(*parent) + " is not a parent of relation " + prediction.quoted(*child),
                      command);
    }
    return;
  }
  prediction.lock_descendants(*child, LockMode::access_share, Cause::inherit, command);
  if (parent->kind == RelationKind::partitioned_table) {
    return prediction.fail("42809", "cannot inherit from partitioned table " + prediction.quoted(*parent), command);
  }
  if (is_parent) {
    return prediction.fail("42P07", "relation " + prediction.quoted(*parent) + " would be inherited from more than once", command);
  }
  fails_merge(prediction, *parent, *child, command);
}

}  // namespace cupel::effects
