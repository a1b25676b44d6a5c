// Indexes, and how those of partitions belong to their parents'.
#include "schema/naming.h"
#include "schema/replay.h"

#include <algorithm>

namespace cupel::schema {
namespace {

bool same_expression(const sql::Expression& a, const sql::Expression& b) {
  if (!a || !b) return !a && !b;
  return a.equals(b);
}

}  // namespace

void Replay::apply(const sql::CreateIndex& create_index) {
  const RelationId table = target(create_index.table);
  if (table == RelationId::none) return;
  const Relation& owner = relation(table);
  if (owner.kind == RelationKind::view || owner.kind == RelationKind::sequence || owner.kind == RelationKind::index) {
    contradict(Kind::wrong_kind, written(create_index.table),
               "cannot create index on relation \"" + std::string(create_index.table.name) + "\"", "42809");
    return;
  }
  if (create_index.concurrently && owner.kind == RelationKind::partitioned_table) {
    contradict(Kind::not_allowed, written(create_index.table),
               "cannot create index on partitioned table \"" + owner.name.name + "\" concurrently", "0A000");
    return;
  }
  if (!create_index.name.empty()) {
    if (!name_is_free({owner.name.schema, std::string(create_index.name)}, create_index.if_not_exists, false)) return;
  }
  Index index;
  index.table = table;
  index.unique = create_index.unique;
  index.nulls_not_distinct = create_index.nulls_not_distinct;
  if (!create_index.access_method.empty()) index.access_method = create_index.access_method;
  index.keys.reserve(create_index.elements.size());
  for (const sql::IndexElement& element : create_index.elements) {
    if (!element.column.empty() && owner.find_column(element.column) == nullptr && !owner.incomplete) {
      contradict(Kind::unknown_column, element.column, "column \"" + std::string(element.column) + "\" does not exist", "42703");
      return;
    }
    index.keys.push_back(
        {std::string(element.column), keep(element.expression), std::string(element.collation), std::string(element.operator_class)});
  }
  for (const std::string_view column : create_index.include) index.include.emplace_back(column);
  index.predicate = keep(create_index.where);
  std::string name(create_index.name);
  if (name.empty()) name = choose_index_name(state_, owner.name, index, false);
  // ON ONLY a partitioned table: invalid until every partition's index is attached (manual: CREATE INDEX, ONLY).
  const bool partitioned = owner.kind == RelationKind::partitioned_table;
  index.valid = !(partitioned && create_index.only && !owner.children.empty());
  build_index(table, std::move(index), std::move(name), {}, create_index.only ? Recurse::no : Recurse::yes);
}

RelationId Replay::build_index(RelationId table, Index index, std::string name, IndexOrigin origin, Recurse recurse) {
  const Relation& owner = relation(table);
  if (name == owner.name.name) {
    contradict(Kind::duplicate_relation, name, "relation \"" + name + "\" already exists", "42P07");
    return RelationId::none;
  }
  Relation created = blank(RelationKind::index, {owner.name.schema, name}, owner.persistence);
  if (origin.constraint) index.constraint = name;
  index.parent = origin.parent;
  created.index = std::move(index);
  const RelationId id = create(std::move(created));
  change(table).indexes.push_back(id);
  if (origin.parent != RelationId::none) change(origin.parent).index->children.push_back(id);
  if (origin.constraint) {
    Constraint constraint = std::move(*origin.constraint);
    constraint.name = std::move(name);
    constraint.index = id;
    constraint.inherited = origin.parent != RelationId::none;
    constraint.local = !constraint.inherited;
    constraint.created_epoch = state_.session.epoch;
    constraint.created_transaction = state_.session.transaction;
    // A partition's key columns become not null with it.
    if (constraint.kind == ConstraintKind::primary_key && constraint.inherited) {
      const std::vector<std::string> columns = constraint.columns;
      for (const std::string& column : columns) set_not_null(table, column, {{}, true, false, true}, Recurse::no);
    }
    state_.add_constraint(table, std::move(constraint));
  }
  if (recurse == Recurse::yes && owner.kind == RelationKind::partitioned_table) {
    const std::vector<RelationId> partitions = owner.children;
    for (const RelationId partition : partitions) attach_or_clone_index(partition, id);
  }
  return id;
}

bool Replay::same_index(RelationId candidate, RelationId model) const {
  const Index& a = *relation(candidate).index;
  const Index& b = *relation(model).index;
  if (a.parent != RelationId::none || !a.valid) return false;
  if (a.unique != b.unique || a.exclusion != b.exclusion || a.access_method != b.access_method ||
      a.nulls_not_distinct != b.nulls_not_distinct || a.include != b.include || a.keys.size() != b.keys.size()) {
    return false;
  }
  for (std::size_t i = 0; i < a.keys.size(); ++i) {
    if (a.keys[i].column != b.keys[i].column || a.keys[i].collation != b.keys[i].collation ||
        a.keys[i].operator_class != b.keys[i].operator_class || !same_expression(a.keys[i].expression, b.keys[i].expression)) {
      return false;
    }
  }
  if (!same_expression(a.predicate, b.predicate)) return false;
  // A parent's constraint needs a constraint of the same sort in the partition; a bare unique index is not enough.
  if (b.constraint.empty()) return true;
  return !a.constraint.empty() && a.primary == b.primary;
}

void Replay::attach_or_clone_index(RelationId partition, RelationId parent_index) {
  if (relation(partition).kind == RelationKind::foreign_table) return;
  for (const RelationId candidate : relation(partition).indexes) {
    if (!same_index(candidate, parent_index)) continue;
    attach_index(candidate, parent_index);
    return;
  }
  Index index = *relation(parent_index).index;
  const RelationId parent_table = index.table;
  IndexOrigin origin;
  origin.parent = parent_index;
  if (!index.constraint.empty()) {
    if (const Constraint* constraint = relation(parent_table).find_constraint(index.constraint)) origin.constraint = *constraint;
  }
  index.table = partition;
  index.children.clear();
  index.constraint.clear();
  index.valid = true;
  index.clustered = index.replica_identity = false;
  std::string name = choose_index_name(state_, relation(partition).name, index, origin.constraint.has_value());
  if (origin.constraint) origin.constraint->named_by_user = false;
  build_index(partition, std::move(index), std::move(name), std::move(origin), Recurse::yes);
}

void Replay::attach_index(RelationId index, RelationId parent_index) {
  change(index).index->parent = parent_index;
  change(parent_index).index->children.push_back(index);
  const Index& attached = *relation(index).index;
  if (!attached.constraint.empty()) {
    for (Constraint& constraint : change(attached.table).constraints) {
      if (constraint.name == attached.constraint) constraint.inherited = true;
    }
  }
  update_validity(parent_index);
}

void Replay::update_validity(RelationId parent_index) {
  const Index& index = *relation(parent_index).index;
  if (index.valid) return;
  const Relation& table = relation(index.table);
  const bool complete = std::all_of(table.children.begin(), table.children.end(), [&](RelationId partition) {
    return std::any_of(index.children.begin(), index.children.end(),
                       [&](RelationId child) { return relation(child).index->table == partition && relation(child).index->valid; });
  });
  if (!complete) return;
  change(parent_index).index->valid = true;
  if (index.parent != RelationId::none) update_validity(index.parent);
}

}  // namespace cupel::schema
