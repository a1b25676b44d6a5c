// DROP of relations, and what goes with them.
#include "schema/replay.h"

#include <algorithm>

namespace cupel::schema {
namespace {

std::string_view word_for(sql::ObjectKind kind) {
  switch (kind) {
    case sql::ObjectKind::view: return "view";
    case sql::ObjectKind::materialized_view: return "materialized view";
    case sql::ObjectKind::foreign_table: return "foreign table";
    case sql::ObjectKind::index: return "index";
    case sql::ObjectKind::sequence: return "sequence";
    default: return "table";
  }
}

bool kind_fits(sql::ObjectKind wanted, RelationKind kind) {
  switch (wanted) {
    case sql::ObjectKind::table: return kind == RelationKind::table || kind == RelationKind::partitioned_table;
    case sql::ObjectKind::view: return kind == RelationKind::view;
    case sql::ObjectKind::materialized_view: return kind == RelationKind::materialized_view;
    case sql::ObjectKind::foreign_table: return kind == RelationKind::foreign_table;
    case sql::ObjectKind::index: return kind == RelationKind::index;
    case sql::ObjectKind::sequence: return kind == RelationKind::sequence;
    default: return true;
  }
}

}  // namespace

void Replay::apply(const sql::DropObjects& drop) {
  switch (drop.kind) {
    case sql::ObjectKind::table:
    case sql::ObjectKind::view:
    case sql::ObjectKind::materialized_view:
    case sql::ObjectKind::foreign_table:
    case sql::ObjectKind::index:
    case sql::ObjectKind::sequence: drop_named_relations(drop); return;
    case sql::ObjectKind::type:
    case sql::ObjectKind::domain:
      for (const sql::QualifiedName& name : drop.names) drop_type(drop, name);
      return;
    case sql::ObjectKind::function:
    case sql::ObjectKind::procedure:
    case sql::ObjectKind::routine:
      for (const sql::QualifiedName& name : drop.names) drop_function(drop, name);
      return;
    case sql::ObjectKind::schema:
      for (const sql::QualifiedName& name : drop.names) drop_schema(drop, name.name);
      return;
    case sql::ObjectKind::extension:
      // Which columns are of its types, and what else was made with it, is not known.
      if (drop.behavior == sql::DropBehavior::cascade) state_.session.unseen_changes = true;
      for (const sql::QualifiedName& name : drop.names) {
        if (database_.has_extension(name.name)) std::erase(state_.change_extensions(), name.name);
      }
      return;
    case sql::ObjectKind::trigger:
    case sql::ObjectKind::rule:
    case sql::ObjectKind::policy:
      for (std::size_t i = 0; i < drop.names.size() && i < drop.sub_names.size(); ++i) drop_part(drop, drop.names[i], drop.sub_names[i]);
      return;
    case sql::ObjectKind::publication: drop_publications(drop); return;
    case sql::ObjectKind::statistics:
      for (const sql::QualifiedName& name : drop.names) {
        for (const RelationId id : database_.relations()) {
          const std::vector<std::string>& known = relation(id).statistics;
          if (std::find(known.begin(), known.end(), name.name) != known.end()) std::erase(change(id).statistics, name.name);
        }
      }
      return;
    default: return;
  }
}

void Replay::drop_named_relations(const sql::DropObjects& drop) {
  const std::string_view word = word_for(drop.kind);
  if (drop.concurrently && drop.names.size() > 1) {
    contradict(Kind::not_allowed, written(drop.names.front()), "DROP INDEX CONCURRENTLY does not support dropping multiple objects",
               "0A000");
    return;
  }
  if (drop.concurrently && drop.behavior == sql::DropBehavior::cascade) {
    contradict(Kind::not_allowed, written(drop.names.front()), "DROP INDEX CONCURRENTLY does not support CASCADE", "0A000");
    return;
  }
  std::vector<RelationId> roots;
  for (const sql::QualifiedName& name : drop.names) {
    const RelationId id = state_.find(name);
    if (id == RelationId::none) {
      if (!drop.if_exists) {
        contradict(drop.kind == sql::ObjectKind::index ? Kind::unknown_index : Kind::unknown_relation, written(name),
                   std::string(word) + " \"" + written(name) + "\" does not exist",
                   drop.kind == sql::ObjectKind::index ? "42704" : "42P01");
      }
      continue;
    }
    const Relation& known = relation(id);
    if (!kind_fits(drop.kind, known.kind) && !known.incomplete) {
      const bool vowel = word.starts_with('i');
      contradict(Kind::wrong_kind, written(name), "\"" + known.name.name + "\" is not " + (vowel ? "an " : "a ") + std::string(word),
                 "42809");
      continue;
    }
    if (drop.concurrently && known.index && relation(known.index->table).kind == RelationKind::partitioned_table) {
      contradict(Kind::not_allowed, written(name), "cannot drop partitioned index \"" + known.name.name + "\" concurrently", "0A000");
      continue;
    }
    if (known.index && (!known.index->constraint.empty() || known.index->parent != RelationId::none)) {
      // Not even CASCADE drops it alone.
      const std::string of = known.index->parent != RelationId::none
                                 ? "index " + relation(known.index->parent).name.name
                                 : "constraint " + known.index->constraint + " on table " + relation(known.index->table).name.name;
      contradict(Kind::dependent_objects, written(name), "cannot drop index " + known.name.name + " because " + of + " requires it",
                 "2BP01");
      continue;
    }
    roots.push_back(id);
  }
  if (roots.empty()) return;
  drop_relations(roots, drop.behavior, word, written(drop.names.front()));
}

void Replay::take_away(RelationId id) { drop_all(doomed_by({&id, 1})); }

bool Replay::drop_relations(std::span<const RelationId> roots, sql::DropBehavior behavior, std::string_view what, std::string_view object) {
  const Doomed doomed = doomed_by(roots);
  if (doomed.needs_cascade && behavior != sql::DropBehavior::cascade && !statement_.conditional && !statement_.errors_caught) {
    const std::string& name = relation(roots.front()).name.name;
    contradict(Kind::dependent_objects, object,
               roots.size() == 1 ? "cannot drop " + std::string(what) + " " + name + " because other objects depend on it"
                                 : "cannot drop desired object(s) because other objects depend on them",
               "2BP01");
    return false;
  }
  drop_all(doomed);
  return true;
}

// ---- what depends on what -------------------------------------------------------------------------------------------------

bool Replay::Doomed::contains(RelationId id) const { return std::find(relations.begin(), relations.end(), id) != relations.end(); }
void Replay::Doomed::add(RelationId id) {
  if (!contains(id)) relations.push_back(id);
}

Replay::Doomed Replay::doomed_by(std::span<const RelationId> roots) const {
  Doomed doomed;
  for (const RelationId root : roots) doomed.add(root);
  // First what goes in any case: partitions, and sequences and indexes that belong to the rest.
  for (std::size_t i = 0; i < doomed.relations.size(); ++i) {
    const Relation& known = relation(doomed.relations[i]);
    for (const RelationId child : known.children) {
      if (relation(child).is_partition) doomed.add(child);
    }
    for (const RelationId sequence : known.owned_sequences) doomed.add(sequence);
    for (const RelationId index : known.indexes) doomed.add(index);
    if (!known.index) continue;
    for (const RelationId child : known.index->children) doomed.add(child);
  }
  // Then, with CASCADE only, what depends on it.
  for (std::size_t i = 0; i < doomed.relations.size(); ++i) {
    const RelationId id = doomed.relations[i];
    const Relation& known = relation(id);
    auto depends = [&](RelationId other) {
      if (doomed.contains(other)) return;
      doomed.needs_cascade = true;
      doomed.add(other);
      for (const RelationId index : relation(other).indexes) doomed.add(index);
      for (const RelationId sequence : relation(other).owned_sequences) doomed.add(sequence);
    };
    for (const RelationId child : known.children) depends(child);
    for (const RelationId view : known.dependents) depends(view);
    if (!functions_that_use(id).empty()) doomed.needs_cascade = true;
    for (const Database::ForeignKeyReference& reference : database_.referencing(id)) {
      if (doomed.contains(reference.table)) continue;
      doomed.needs_cascade = true;
      doomed.foreign_keys.emplace_back(reference.table, reference.constraint->name);
    }
    if (known.index && !doomed.contains(known.index->table) && index_is_referenced(id, doomed.foreign_keys)) doomed.needs_cascade = true;
    if (known.kind == RelationKind::sequence && known.owner_table != RelationId::none && !doomed.contains(known.owner_table)) {
      const Column* column = relation(known.owner_table).find_column(known.owner_column);
      if (column != nullptr && (column->is_serial || column->identity != sql::Identity::none)) doomed.needs_cascade = true;
    }
  }
  return doomed;
}

// A foreign key needs the unique index on the columns it references, unless another one would serve as well.
bool Replay::index_is_referenced(RelationId index, std::vector<std::pair<RelationId, std::string>>& foreign_keys) const {
  const Index& dropped = *relation(index).index;
  if (!dropped.unique) return false;
  auto columns_of = [](const Index& unique) {
    std::vector<std::string> columns;
    for (const IndexKey& key : unique.keys) columns.push_back(key.column);
    std::sort(columns.begin(), columns.end());
    return columns;
  };
  const std::vector<std::string> columns = columns_of(dropped);
  for (const RelationId other : relation(dropped.table).indexes) {
    if (other != index && relation(other).index->unique && columns_of(*relation(other).index) == columns) return false;
  }
  bool found = false;
  for (const Database::ForeignKeyReference& reference : database_.referencing(dropped.table)) {
    std::vector<std::string> referenced = reference.constraint->referenced_columns;
    std::sort(referenced.begin(), referenced.end());
    if (referenced != columns) continue;
    foreign_keys.emplace_back(reference.table, reference.constraint->name);
    found = true;
  }
  return found;
}

void Replay::drop_all(const Doomed& doomed) {
  for (const auto& [table, name] : doomed.foreign_keys) {
    if (exists(table)) state_.erase_constraint(table, name);
  }
  for (const RelationId id : doomed.relations) {
    if (exists(id)) drop_relation(id);
  }
}

std::vector<std::uint32_t> Replay::functions_that_use(RelationId id) const {
  std::vector<std::uint32_t> result;
  for (std::uint32_t i = 0; i < state_.functions.size(); ++i) {
    if (!state_.functions.exists(i)) continue;
    const std::vector<Function>& overloads = state_.functions[i].overloads;
    if (std::any_of(overloads.begin(), overloads.end(), [id](const Function& function) { return function.uses(id); })) result.push_back(i);
  }
  return result;
}

void Replay::drop_relation(RelationId id) {
  const Relation& known = relation(id);
  if (known.index) {
    drop_index(id);
    return;
  }
  for (const std::uint32_t set : functions_that_use(id)) {
    std::erase_if(state_.change_functions(set).overloads, [id](const Function& function) { return function.uses(id); });
  }
  for (const RelationId parent : known.parents) {
    if (exists(parent)) std::erase(change(parent).children, id);
  }
  for (const Dependency& dependency : known.dependencies) {
    if (dependency.relation != RelationId::none && exists(dependency.relation)) std::erase(change(dependency.relation).dependents, id);
  }
  if (known.owner_table != RelationId::none && exists(known.owner_table)) {
    Relation& owner = change(known.owner_table);
    std::erase(owner.owned_sequences, id);
    if (Column* column = owner.find_column(known.owner_column); column != nullptr && column->is_serial) {
      column->is_serial = column->has_default = false;
    }
  }
  for (const RelationId index : known.indexes) {
    if (exists(index)) state_.drop(index);
  }
  state_.drop(id);
}

// The index with the constraint that it carries and the parts that partitions have of it.
void Replay::drop_index(RelationId id) {
  if (!exists(id)) return;
  const Index& known = *relation(id).index;
  const std::vector<RelationId> children = known.children;
  for (const RelationId child : children) drop_index(child);
  if (known.parent != RelationId::none && exists(known.parent)) std::erase(change(known.parent).index->children, id);
  if (exists(known.table)) {
    std::erase(change(known.table).indexes, id);
    if (!known.constraint.empty()) state_.erase_constraint(known.table, known.constraint);
  }
  state_.drop(id);
}

}  // namespace cupel::schema
