// Partitions come: CREATE TABLE … PARTITION OF, ATTACH PARTITION.
#include "effects/partition.h"

#include "effects/partition_bound.h"
#include "effects/query.h"

#include <algorithm>
#include <string>

namespace cupel::effects {

using schema::ConstraintKind;
using schema::RelationKind;

// ---- shared with DETACH ---------------------------------------------------------------------------------------------

bool same_definition(const schema::Index& a, const schema::Index& b) {
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
  return true;
}

void lock_referenced(Prediction& prediction, const schema::Constraint& key, LockMode mode, CommandIndex command) {
  if (key.referenced == RelationId::none) {
    prediction.lock_unknown({key.referenced_name.schema, key.referenced_name.name, {}}, mode, Role::referenced, Cause::foreign_key,
                            command);
    return;
  }
  const schema::Relation& referenced = prediction.relation(key.referenced);
  prediction.lock(referenced, mode, Role::referenced, Cause::foreign_key, command);
  if (referenced.kind == RelationKind::partitioned_table) { prediction.lock_descendants(referenced, mode, Cause::foreign_key, command); }
}

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
      prediction.fail("42804", "child table " + prediction.quoted(child) + " has different type for column \"" + column.name + "\"",
                      command);
      return true;
    }
    if (column.not_null && !own->not_null) {
      prediction.fail("42804", "column \"" + column.name + "\" in child table " + prediction.quoted(child) + " must be marked NOT NULL",
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

const schema::Relation* find_partition(Prediction& prediction, const sql::AlterTableCommand& alter) {
  return alter.relation ? prediction.find(*alter.relation) : nullptr;
}

namespace {

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
    prediction.may_fail(
        "23514",
        "updated partition constraint for default partition " + prediction.quoted(default_partition) + " would be violated by some row",
        command);
  }
}

// check_new_partition_bound. Returns true if it failed.
bool fails_overlap(Prediction& prediction, const schema::Relation& parent, const sql::PartitionBound& bound, std::string_view name,
                   CommandIndex command) {
  for (RelationId child : parent.children) {
    const schema::Relation& sibling = prediction.relation(child);
    if (!sibling.bound || !overlap(*sibling.bound, bound)) continue;
    const std::string partition(name);
    prediction.fail("42P17",
                    bound.is_default
                        ? "partition \"" + partition + "\" conflicts with existing default partition " + prediction.quoted(sibling)
                        : "partition \"" + partition + "\" would overlap partition " + prediction.quoted(sibling),
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

void clone_referencing(Prediction& prediction, const schema::Relation& parent, const schema::Relation* attached, CommandIndex command) {
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
      prediction.may_fail(
          "23503", "insert or update on table " + prediction.quoted(*attached) + " violates foreign key constraint \"" + key.name + "\"",
          command);
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

// A parent's constraint needs a constraint: a unique index alone does not do (AttachPartitionEnsureIndexes).
bool serves_as(const schema::Index& parents, const schema::Index& own) {
  if (!same_definition(parents, own)) return false;
  return parents.constraint.empty() || (!own.constraint.empty() && parents.primary == own.primary);
}

void ensure_indexes(Prediction& prediction, const schema::Relation& parent, const schema::Relation& attached, CommandIndex command) {
  for (RelationId id : parent.indexes) {
    const schema::Relation& index = prediction.relation(id);
    if (!prediction.database().exists(id) || !index.index) continue;
    prediction.lock_index(index, LockMode::share_update_exclusive, Cause::attach_partition, command);
    const bool present = std::any_of(attached.indexes.begin(), attached.indexes.end(), [&](RelationId own) {
      const schema::Relation& candidate = prediction.relation(own);
      return prediction.database().exists(own) && candidate.index && candidate.index->valid &&
             candidate.index->parent == RelationId::none && serves_as(*index.index, *candidate.index);
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

// Returns true if it failed.
bool fails_attach(Prediction& prediction, const schema::Relation& parent, const schema::Relation& attached, CommandIndex command) {
  if (attached.is_partition) {
    prediction.fail("42809", prediction.quoted(attached) + " is already a partition", command);
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
      prediction.fail("42804",
                      "table " + prediction.quoted(attached) + " contains column \"" + column.name + "\" not found in parent " +
                          prediction.quoted(parent),
                      command);
      return true;
    }
  }
  return fails_merge(prediction, parent, attached, command);
}

}  // namespace

// DefineRelation: ACCESS EXCLUSIVE on the parent and on its default partition, whose rows are checked (13 to 18; manual,
// CREATE TABLE: PARTITION OF, and ATTACH PARTITION for the weaker way).
void predict_created_partition(Prediction& prediction, const schema::Relation& parent, const sql::CreateTable& statement) {
  prediction.lock(parent, LockMode::access_exclusive, Role::partitioned_parent, Cause::create_partition);
  if (parent.kind != RelationKind::partitioned_table) {
    if (!parent.incomplete) prediction.fail("42P17", prediction.quoted(parent) + " is not partitioned");
    return;
  }
  const sql::PartitionBound* bound = statement.bound ? &*statement.bound : nullptr;
  const schema::Relation* default_partition = prediction.database().default_partition(parent);
  if (bound != nullptr && default_partition != nullptr) {
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
    // 18 refuses it by the kind of relation, earlier versions when they look at the bound.
    return prediction.fail(prediction.since(18) ? "42809" : "42P17",
                           "ALTER action ATTACH PARTITION cannot be performed on relation " + prediction.quoted(*parent), command);
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
    prediction.may_fail("23514", "partition constraint of relation \"" + std::string(alter.relation->name) + "\" is violated by some row",
                        command);
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
      prediction.may_fail("23514", "partition constraint of relation " + prediction.quoted(*attached) + " is violated by some row",
                          command);
    }
  }
  if (default_partition != nullptr) check_default_partition(prediction, *parent, *alter.bound, *default_partition, command);
}

}  // namespace cupel::effects
