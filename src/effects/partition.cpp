// Partitions come and go: CREATE TABLE … PARTITION OF, ATTACH, DETACH; and plain inheritance.
#include <algorithm>
#include <string>

#include "effects/partition_bound.h"
#include "effects/predict.h"
#include "effects/query.h"

namespace cupel::effects {

namespace {

using schema::ConstraintKind;
using schema::RelationKind;

std::string quoted(const Prediction& prediction, const schema::Relation& relation) {
  return "\"" + prediction.database().display_name(relation) + "\"";
}

// ---- the default partition ------------------------------------------------------------------------------------------

// `table` or its leaves are scanned for rows that `is_proved` does not rule out.
template <class Proof>
void scan_leaves(Prediction& prediction, const schema::Relation& table, Cause cause, CommandIndex command, const Proof& is_proved) {
  if (is_proved(table)) return;
  if (table.kind == RelationKind::partitioned_table) {
    for (RelationId child : table.children) scan_leaves(prediction, prediction.relation(child), cause, command, is_proved);
  } else if (table.kind == RelationKind::table) {
    prediction.work(WorkKind::scan, table, cause, command, LockMode::access_exclusive);
  }
}

// A partition with `bound` comes: the default partition must not have its rows (check_default_partition_contents).
void check_default_partition(Prediction& prediction, const schema::Relation& parent, const sql::PartitionBound& bound,
                             const schema::Relation& default_partition, CommandIndex command) {
  const PartitionProof proof(parent, bound);
  if (proof.excluded_by(default_partition)) return;
  prediction.lock_descendants(default_partition, LockMode::access_exclusive, Cause::default_partition_check, command);
  scan_leaves(prediction, default_partition, Cause::default_partition_check, command,
              [&](const schema::Relation& table) { return proof.excluded_by(table); });
  if (prediction.has_rows(&default_partition)) {
    prediction.may_fail("23514", "updated partition constraint for default partition " + quoted(prediction, default_partition) +
                                     " would be violated by some row", command);
  }
}

// check_new_partition_bound. Returns true if it failed.
bool fails_overlap(Prediction& prediction, const schema::Relation& parent, const sql::PartitionBound& bound, std::string_view name,
                   CommandIndex command) {
  for (RelationId child : parent.children) {
    const schema::Relation& sibling = prediction.relation(child);
    if (!sibling.bound || !overlap(*sibling.bound, bound)) continue;
    const std::string partition(name);
    prediction.fail("42P17", bound.is_default ? "partition \"" + partition + "\" conflicts with existing default partition " +
                                                    quoted(prediction, sibling)
                                              : "partition \"" + partition + "\" would overlap partition " + quoted(prediction, sibling),
                    command);
    return true;
  }
  return false;
}

// ---- foreign keys that a partition gets from its parent -------------------------------------------------------------

bool same_key(const schema::Constraint& a, const schema::Constraint& b) {
  return a.kind == ConstraintKind::foreign_key && b.kind == ConstraintKind::foreign_key && a.columns == b.columns &&
         a.referenced == b.referenced && a.referenced_columns == b.referenced_columns && a.on_delete == b.on_delete &&
         a.on_update == b.on_update && a.deferrable == b.deferrable && a.initially_deferred == b.initially_deferred &&
         a.enforced == b.enforced;
}

// tryAttachPartitionForeignKey: the partition's own key is merged into the parent's.
const schema::Constraint* own_key(const schema::Relation* partition, const schema::Constraint& parents) {
  if (partition == nullptr) return nullptr;
  for (const schema::Constraint& each : partition->constraints) {
    if (!each.inherited && same_key(each, parents)) return &each;
  }
  return nullptr;
}

void lock_referenced(Prediction& prediction, const schema::Constraint& key, LockMode mode, CommandIndex command) {
  if (key.referenced == RelationId::none) {
    prediction.lock_unknown({key.referenced_name.schema, key.referenced_name.name, {}}, mode, Role::referenced, Cause::foreign_key,
                            command);
    return;
  }
  const schema::Relation& referenced = prediction.relation(key.referenced);
  prediction.lock(referenced, mode, Role::referenced, Cause::foreign_key, command);
  if (referenced.kind == RelationKind::partitioned_table) {
    prediction.lock_descendants(referenced, mode, Cause::foreign_key, command);
  }
}

void clone_referencing(Prediction& prediction, const schema::Relation& parent, const schema::Relation* attached,
                       CommandIndex command) {
  for (const schema::Constraint& key : parent.constraints) {
    if (key.kind != ConstraintKind::foreign_key) continue;
    if (own_key(attached, key) != nullptr) {
      // Its triggers on the referenced table are dropped, the parent's are enough: ACCESS EXCLUSIVE (RemoveTriggerById).
      lock_referenced(prediction, key, LockMode::access_exclusive, command);
      continue;
    }
    lock_referenced(prediction, key, LockMode::share_row_exclusive, command);
    if (key.referenced == RelationId::none) continue;
    const schema::Relation& referenced = prediction.relation(key.referenced);
    const std::vector<std::string_view> columns(key.referenced_columns.begin(), key.referenced_columns.end());
    const schema::Relation* index = referenced_key_index(referenced, columns, prediction.database());
    if (index != nullptr && prediction.locks_new_dependencies()) {
      prediction.lock_index(*index, LockMode::access_share, Cause::foreign_key, command);
    }
    if (attached == nullptr || !key.validated || !key.enforced) continue;
    // RI_Initial_Check joins the two tables.
    prediction.work(WorkKind::scan, *attached, Cause::foreign_key, command);
    prediction.work(WorkKind::scan, referenced, Cause::foreign_key, command);
    lock_query_relation(prediction, *attached, LockMode::access_share, Role::attached_partition, Cause::foreign_key, QueryUse::planned);
    lock_query_relation(prediction, referenced, LockMode::access_share, Role::referenced, Cause::foreign_key, QueryUse::planned);
    if (prediction.has_rows(attached)) {
      prediction.may_fail("23503", "insert or update on table " + quoted(prediction, *attached) + " violates foreign key constraint \"" +
                                       key.name + "\"", command);
    }
  }
}

// CloneFkReferenced: 13 and 14 open the referencing table for reading only; since 15 it gets SHARE ROW EXCLUSIVE.
void clone_referenced(Prediction& prediction, const schema::Relation& parent, CommandIndex command) {
  const LockMode mode = prediction.since(15) ? LockMode::share_row_exclusive : LockMode::access_share;
  for (const schema::Database::ForeignKeyReference& reference : prediction.database().referencing(parent.id)) {
    if (reference.constraint->inherited || reference.table == parent.id) continue;
    prediction.lock(prediction.relation(reference.table), mode, Role::referencing, Cause::foreign_key, command);
  }
}

// ---- indexes that a partition gets from its parent ------------------------------------------------------------------

bool same_index(const schema::Index& a, const schema::Index& b) {
  if (a.unique != b.unique || a.access_method != b.access_method || a.keys.size() != b.keys.size() || a.include != b.include ||
      a.nulls_not_distinct != b.nulls_not_distinct || bool(a.predicate) != bool(b.predicate)) {
    return false;
  }
  if (a.predicate && !a.predicate.equals(b.predicate)) return false;
  for (std::size_t i = 0; i < a.keys.size(); ++i) {
    const schema::IndexKey& x = a.keys[i];
    const schema::IndexKey& y = b.keys[i];
    if (x.column != y.column || x.collation != y.collation || x.operator_class != y.operator_class ||
        bool(x.expression) != bool(y.expression) || (x.expression && !x.expression.equals(y.expression))) {
      return false;
    }
  }
  // A parent's constraint needs a constraint: a unique index alone does not do (AttachPartitionEnsureIndexes).
  return a.constraint.empty() || (!b.constraint.empty() && a.primary == b.primary);
}

void ensure_indexes(Prediction& prediction, const schema::Relation& parent, const schema::Relation& attached, CommandIndex command) {
  for (RelationId id : parent.indexes) {
    const schema::Relation& index = prediction.relation(id);
    if (!prediction.database().exists(id) || !index.index) continue;
    prediction.lock_index(index, LockMode::share_update_exclusive, Cause::attach_partition, command);
    const bool present = std::any_of(attached.indexes.begin(), attached.indexes.end(), [&](RelationId own) {
      const schema::Relation& candidate = prediction.relation(own);
      return prediction.database().exists(own) && candidate.index && candidate.index->valid &&
             candidate.index->parent == RelationId::none && same_index(*index.index, *candidate.index);
    });
    if (present) continue;
    // A partition that is partitioned itself gets the index on its leaves.
    if (attached.kind == RelationKind::table) {
      prediction.work(WorkKind::index_build, attached, Cause::attach_partition, command, LockMode::access_exclusive);
    }
    for (RelationId leaf : prediction.database().descendants(attached.id)) {
      const schema::Relation& partition = prediction.relation(leaf);
      if (partition.kind == RelationKind::table) {
        prediction.work(WorkKind::index_build, partition, Cause::attach_partition, command, LockMode::access_exclusive);
      }
    }
  }
}

// ---- columns and constraints that a child must have -----------------------------------------------------------------

// MergeAttributesIntoExisting, MergeConstraintsIntoExisting. Returns true if it failed.
bool fails_merge(Prediction& prediction, const schema::Relation& parent, const schema::Relation& child, CommandIndex command) {
  if (parent.incomplete || child.incomplete) return false;
  for (const schema::Column& column : parent.columns) {
    const schema::Column* own = child.find_column(column.name);
    if (own == nullptr) {
      prediction.fail("42804", "child table is missing column \"" + column.name + "\"", command);
      return true;
    }
    const bool known = !own->type.schema.empty() && !column.type.schema.empty();
    if (known && !(own->type == column.type)) {
      prediction.fail("42804", "child table " + quoted(prediction, child) + " has different type for column \"" + column.name + "\"",
                      command);
      return true;
    }
    if (column.not_null && !own->not_null) {
      prediction.fail("42804", "column \"" + column.name + "\" in child table " + quoted(prediction, child) + " must be marked NOT NULL",
                      command);
      return true;
    }
  }
  for (const schema::Constraint& check : parent.constraints) {
    if (check.kind != ConstraintKind::check || check.no_inherit) continue;
    const schema::Constraint* own = child.find_constraint(check.name);
    if (own != nullptr && own->kind == ConstraintKind::check) continue;
    prediction.fail("42804", "child table is missing constraint \"" + check.name + "\"", command);
    return true;
  }
  return false;
}

// Returns true if it failed.
bool fails_attach(Prediction& prediction, const schema::Relation& parent, const schema::Relation& attached, CommandIndex command) {
  if (attached.is_partition) {
    prediction.fail("42809", quoted(prediction, attached) + " is already a partition", command);
    return true;
  }
  if (!attached.parents.empty()) {
    prediction.fail("42809", "cannot attach inheritance child as partition", command);
    return true;
  }
  if (attached.kind == RelationKind::table && !attached.children.empty()) {
    prediction.fail("42809", "cannot attach inheritance parent as partition", command);
    return true;
  }
  if (!parent.incomplete && !attached.incomplete) {
    for (const schema::Column& column : attached.columns) {
      if (parent.find_column(column.name) != nullptr) continue;
      prediction.fail("42804", "table " + quoted(prediction, attached) + " contains column \"" + column.name +
                                   "\" not found in parent " + quoted(prediction, parent), command);
      return true;
    }
  }
  return fails_merge(prediction, parent, attached, command);
}

const schema::Relation* find_partition(Prediction& prediction, const sql::AlterTableCommand& alter) {
  return alter.relation ? prediction.find(*alter.relation) : nullptr;
}

}  // namespace

// DefineRelation: ACCESS EXCLUSIVE on the parent and on its default partition, whose rows are checked (13 to 18; manual,
// CREATE TABLE: PARTITION OF, and ATTACH PARTITION for the weaker way).
void predict_created_partition(Prediction& prediction, const schema::Relation& parent, const sql::CreateTable& statement) {
  prediction.lock(parent, LockMode::access_exclusive, Role::partitioned_parent, Cause::create_partition);
  if (parent.kind != RelationKind::partitioned_table) {
    if (!parent.incomplete) prediction.fail("42809", quoted(prediction, parent) + " is not partitioned");
    return;
  }
  const sql::PartitionBound* bound = statement.bound ? &*statement.bound : nullptr;
  const schema::Relation* default_partition = prediction.database().default_partition(parent);
  if (bound != nullptr && default_partition != nullptr && !bound->is_default) {
    prediction.lock(*default_partition, LockMode::access_exclusive, Role::default_partition, Cause::default_partition_check);
  }
  if (bound != nullptr && fails_overlap(prediction, parent, *bound, statement.name.name, whole_statement)) return;
  if (bound != nullptr && default_partition != nullptr && !bound->is_default) {
    check_default_partition(prediction, parent, *bound, *default_partition, whole_statement);
  }
  for (RelationId index : parent.indexes) {
    if (prediction.database().exists(index)) {
      prediction.lock_index(prediction.relation(index), LockMode::share_update_exclusive, Cause::create_partition);
    }
  }
  clone_referenced(prediction, parent, whole_statement);
  clone_referencing(prediction, parent, nullptr, whole_statement);
}

// ATExecAttachPartition (manual, ALTER TABLE: ATTACH PARTITION; SHARE UPDATE EXCLUSIVE on the parent since 12).
void predict_attach_partition(Prediction& prediction, const schema::Relation* parent, const sql::AlterTable& statement,
                              CommandIndex command) {
  const sql::AlterTableCommand& alter = statement.commands[static_cast<std::size_t>(command)];
  prediction.lock_named(parent, statement.name, LockMode::share_update_exclusive, Role::target, Cause::attach_partition, command);
  if (!alter.relation) return;
  if (parent != nullptr && !parent->incomplete && parent->kind != RelationKind::partitioned_table) {
    return prediction.fail("42809", "ALTER action ATTACH PARTITION cannot be performed on relation " + quoted(prediction, *parent),
                           command);
  }
  const schema::Relation* default_partition = parent == nullptr ? nullptr : prediction.database().default_partition(*parent);
  if (default_partition != nullptr) {
    prediction.lock(*default_partition, LockMode::access_exclusive, Role::default_partition, Cause::default_partition_check, command);
  }
  const schema::Relation* attached = find_partition(prediction, alter);
  if (attached == nullptr && prediction.fail_unknown(*alter.relation, command)) return;
  prediction.lock_named(attached, *alter.relation, LockMode::access_exclusive, Role::attached_partition, Cause::attach_partition, command);
  if (parent == nullptr || attached == nullptr) {
    // No bound can be proved of a table that is not known.
    prediction.work(WorkKind::scan, attached, alter.relation->name, Cause::partition_check, command, LockMode::access_exclusive);
    prediction.may_fail("23514", "partition constraint of relation \"" + std::string(alter.relation->name) +
                                     "\" is violated by some row", command);
    return;
  }
  prediction.lock_descendants(*attached, LockMode::access_exclusive, Cause::attach_partition, command);
  if (fails_attach(prediction, *parent, *attached, command)) return;
  if (!alter.bound) return;
  if (fails_overlap(prediction, *parent, *alter.bound, attached->name.name, command)) return;
  ensure_indexes(prediction, *parent, *attached, command);
  clone_referenced(prediction, *parent, command);
  clone_referencing(prediction, *parent, attached, command);
  const PartitionProof proof(*parent, *alter.bound);
  const bool only_partition = alter.bound->is_default && parent->children.empty();
  if (!only_partition && !proof.satisfied_by(*attached)) {
    scan_leaves(prediction, *attached, Cause::partition_check, command,
                [&](const schema::Relation& table) { return proof.satisfied_by(table); });
    if (prediction.has_rows(attached)) {
      prediction.may_fail("23514", "partition constraint of relation " + quoted(prediction, *attached) + " is violated by some row",
                          command);
    }
  }
  if (default_partition != nullptr) check_default_partition(prediction, *parent, *alter.bound, *default_partition, command);
}

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
    lock_query_relation(prediction, partition, LockMode::access_share, Prediction::role_of_descendant(partition),
                        Cause::detach_partition, QueryUse::planned);
    prediction.work(WorkKind::scan, referencing, Cause::detach_partition, command);
    prediction.work(WorkKind::scan, partition, Cause::detach_partition, command);
    if (prediction.has_rows(&referencing) && prediction.has_rows(&partition)) {
      prediction.may_fail("23503", "removing partition " + quoted(prediction, partition) + " violates foreign key constraint \"" +
                                       reference.constraint->name + "\"", command);
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
  if (alter.concurrently) prediction.refuse_in_transaction();
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
    return prediction.fail("42P01", "relation " + quoted(prediction, *partition) + " is not a partition of relation " +
                                        quoted(prediction, *parent), command);
  }
  if (finalize && prediction.replay_is_complete()) {
    return prediction.fail("55000", "cannot complete detaching partition " + quoted(prediction, *partition), command);
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
  prediction.lock_named(parent, *alter.relation, adds ? LockMode::share_update_exclusive : LockMode::access_share,
                        Role::inheritance_parent, Cause::inherit, command);
  if (parent == nullptr || child == nullptr) return;
  const bool is_parent = std::find(child->parents.begin(), child->parents.end(), parent->id) != child->parents.end();
  if (!adds) {
    if (!is_parent && !child->incomplete) {
      prediction.fail("42P01", "relation " + quoted(prediction, *parent) + " is not a parent of relation " + quoted(prediction, *child),
                      command);
    }
    return;
  }
  prediction.lock_descendants(*child, LockMode::access_share, Cause::inherit, command);
  if (parent->kind == RelationKind::partitioned_table) {
    return prediction.fail("42809", "cannot inherit from partitioned table " + quoted(prediction, *parent), command);
  }
  if (is_parent) {
    return prediction.fail("42P07", "relation " + quoted(prediction, *parent) + " would be inherited from more than once", command);
  }
  fails_merge(prediction, *parent, *child, command);
}

}  // namespace cupel::effects
