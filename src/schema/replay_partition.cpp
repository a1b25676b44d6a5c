// Partitions and inheritance.
#include "schema/naming.h"
#include "schema/replay.h"

#include <algorithm>

namespace cupel::schema {

bool Replay::would_circle(RelationId parent, RelationId child) const {
  if (parent == child) return true;
  const std::vector<RelationId> below = database_.descendants(child);
  return std::find(below.begin(), below.end(), parent) != below.end();
}

void Replay::become_child(RelationId parent, RelationId child) {
  Relation& changed = change(child);
  if (std::find(changed.parents.begin(), changed.parents.end(), parent) == changed.parents.end()) changed.parents.push_back(parent);
  for (const Column& column : relation(parent).columns) {
    if (Column* own = changed.find_column(column.name)) own->inherited = true;
  }
}

// Everything that a partition gets from its parent besides columns: CREATE TABLE … PARTITION OF, ATTACH PARTITION.
void Replay::make_partition(RelationId parent, RelationId partition, const sql::PartitionBound* bound) {
  Relation& changed = change(partition);
  changed.is_partition = true;
  if (bound != nullptr) changed.bound = state_.expressions.keep(*bound);
  Relation& from = change(parent);
  if (std::find(from.children.begin(), from.children.end(), partition) == from.children.end()) from.children.push_back(partition);
  const std::vector<RelationId> indexes = from.indexes;
  for (const RelationId index : indexes) attach_or_clone_index(partition, index);
  const std::vector<Constraint> constraints = from.constraints;
  std::vector<RelationId> parts = database_.descendants(partition);
  parts.insert(parts.begin(), partition);
  for (const Constraint& constraint : constraints) {
    if (constraint.kind != ConstraintKind::foreign_key) continue;
    for (const RelationId part : parts) pass_on_foreign_key(part, constraint);
  }
  for (const RelationId part : parts) copy_triggers_to_partition(parent, part);
}

void Replay::copy_triggers_to_partition(RelationId parent, RelationId partition) {
  for (const Trigger& trigger : relation(parent).triggers) {
    // Row triggers only (manual: CREATE TRIGGER, Notes).
    if (!trigger.row) continue;
    const std::vector<Trigger>& own = relation(partition).triggers;
    if (std::any_of(own.begin(), own.end(), [&trigger](const Trigger& other) { return other.name == trigger.name; })) continue;
    Trigger copy = trigger;
    copy.inherited = true;
    change(partition).triggers.push_back(std::move(copy));
  }
}

void Replay::attach_partition(RelationId parent, const sql::AlterTableCommand& command) {
  if (!command.relation) return;
  const Relation& from = relation(parent);
  if (from.kind == RelationKind::index) {
    // ALTER INDEX … ATTACH PARTITION
    const RelationId index = target(*command.relation, RelationKind::index);
    if (index == RelationId::none || !relation(index).index || !from.index || relation(index).index->parent == parent) return;
    for (RelationId above = parent; above != RelationId::none; above = relation(above).index->parent) {
      if (above == index) return;
    }
    attach_index(index, parent);
    return;
  }
  if (from.kind != RelationKind::partitioned_table) {
    if (!from.incomplete) {
      contradict(Kind::wrong_kind, from.name.name, "table \"" + from.name.name + "\" is not partitioned", "42809");
      return;
    }
    change(parent).kind = RelationKind::partitioned_table;
  }
  const RelationId partition = target(*command.relation);
  if (partition == RelationId::none) return;
  const Relation& attached = relation(partition);
  if (would_circle(parent, partition)) {
    contradict(Kind::not_allowed, attached.name.name, "circular inheritance not allowed", "42P07");
    return;
  }
  if (attached.is_partition) {
    contradict(Kind::wrong_kind, attached.name.name, "\"" + attached.name.name + "\" is already a partition", "42809");
    return;
  }
  if (!attached.incomplete) {
    for (const Column& column : from.columns) {
      if (attached.find_column(column.name) != nullptr) continue;
      contradict(Kind::unknown_column, column.name, "child table is missing column \"" + column.name + "\"", "42804");
      return;
    }
  }
  for (const Column& column : from.columns) {
    const Column* own = attached.find_column(column.name);
    if (own == nullptr || own->not_null || !column.not_null || attached.incomplete) continue;
    contradict(Kind::not_allowed, column.name,
               "column \"" + column.name + "\" in child table \"" + attached.name.name + "\" must be marked NOT NULL", "42804");
    return;
  }
  become_child(parent, partition);
  for (const Constraint& constraint : from.constraints) {
    if (constraint.kind != ConstraintKind::check && constraint.kind != ConstraintKind::not_null) continue;
    if (constraint.kind == ConstraintKind::not_null) {
      if (!constraint.columns.empty()) set_not_null(partition, constraint.columns.front(), {{}, true, false, true}, Recurse::no);
      continue;
    }
    for (Constraint& own : change(partition).constraints) {
      if (own.name == constraint.name) own.inherited = true;
    }
  }
  make_partition(parent, partition, command.bound ? &*command.bound : nullptr);
  // An index that was ON ONLY the parent may now have all its parts.
  const std::vector<RelationId> indexes = from.indexes;
  for (const RelationId index : indexes) update_validity(index);
}

void Replay::detach_partition(RelationId parent, const sql::AlterTableCommand& command) {
  if (!command.relation) return;
  const RelationId child = target(*command.relation);
  if (child == RelationId::none) return;
  if (command.concurrently && database_.default_partition(relation(parent)) != nullptr) {
    contradict(Kind::not_allowed, written(*command.relation), "cannot detach partitions concurrently when a default partition exists",
               "55000");
    return;
  }
  if (command.concurrently && relation(parent).partition_key) {
    // What was implied by being a partition becomes a CHECK, so that attaching it again needs no scan (manual: ALTER TABLE,
    // DETACH PARTITION). Nobody wrote its expression.
    Constraint bounds;
    for (const sql::PartitionKey::Element& element : relation(parent).partition_key->elements) {
      if (!element.column.empty()) bounds.columns.emplace_back(element.column);
    }
    const ObjectName& name = relation(child).name;
    bounds.name = choose_constraint_name(state_, name.schema, name.name,
                                         bounds.columns.size() == 1 ? bounds.columns.front() : std::string(), "check");
    bounds.created_epoch = state_.session.epoch;
    bounds.created_transaction = state_.session.transaction;
    state_.add_constraint(child, std::move(bounds));
  }
  detach(parent, child);
}

void Replay::detach(RelationId parent, RelationId child) {
  std::erase(change(parent).children, child);
  Relation& changed = change(child);
  std::erase(changed.parents, parent);
  changed.is_partition = false;
  changed.bound.reset();
  auto still_inherits = [&](std::string_view column) {
    return std::any_of(changed.parents.begin(), changed.parents.end(),
                       [&](RelationId other) { return relation(other).find_column(column) != nullptr; });
  };
  for (Column& column : changed.columns) {
    if (still_inherits(column.name)) continue;
    column.inherited = false;
    column.local = true;
  }
  for (Constraint& constraint : changed.constraints) {
    constraint.inherited = false;
    constraint.local = true;
  }
  // Triggers that came from the parent go, indexes and foreign keys stay as the table's own (manual: ALTER TABLE, DETACH PARTITION).
  std::erase_if(changed.triggers, [](const Trigger& trigger) { return trigger.inherited; });
  const std::vector<RelationId> indexes = changed.indexes;
  for (const RelationId id : indexes) {
    const RelationId parent_index = relation(id).index->parent;
    if (parent_index == RelationId::none) continue;
    std::erase(change(parent_index).index->children, id);
    change(id).index->parent = RelationId::none;
  }
}

}  // namespace cupel::schema
