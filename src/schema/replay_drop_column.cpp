// DROP COLUMN and DROP CONSTRAINT.
#include "schema/replay.h"

#include <algorithm>

namespace cupel::schema {
namespace {

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Mentioned for sure: an expression with a subquery may mean another table's column of that name.
bool mentions(const sql::Expression& expression, std::string_view column_now, const std::vector<ColumnRename>& renames = {}) {
  const std::string_view column = name_as_written(renames, column_now);
  if (!expression || column.empty()) return false;
  bool found = false;
  bool sure = true;
  expression.walk([&](const sql::Expression& part) {
    if (part.kind() == sql::ExpressionKind::subquery) sure = false;
    if (part.kind() == sql::ExpressionKind::column && part.last_name() == column) found = true;
    return sure;
  });
  return found && sure;
}

}  // namespace

bool Replay::is_partition_key(const Relation& table, std::string_view column) const {
  if (!table.partition_key) return false;
  return std::any_of(table.partition_key->elements.begin(), table.partition_key->elements.end(),
                     [column](const auto& element) { return element.column == column || mentions(element.expression, column); });
}

Replay::ColumnDependents Replay::dependents_of(RelationId table, std::string_view column) const {
  ColumnDependents result;
  const Relation& owner = relation(table);
  const auto depends = [&](const std::vector<Dependency>& dependencies) {
    return std::any_of(dependencies.begin(), dependencies.end(), [&](const Dependency& dependency) {
      return dependency.relation == table && dependency.certain && contains(dependency.columns, column);
    });
  };
  for (const RelationId id : owner.dependents) {
    if (depends(relation(id).dependencies)) result.views.push_back(id);
  }
  for (const std::uint32_t set : functions_that_use(table)) {
    const std::vector<Function>& overloads = state_.functions[set].overloads;
    if (std::any_of(overloads.begin(), overloads.end(), [&](const Function& function) { return depends(function.dependencies); }))
      result.functions.push_back(set);
  }
  for (const Database::ForeignKeyReference& reference : database_.referencing(table)) {
    if (contains(reference.constraint->referenced_columns, column))
      result.foreign_keys.emplace_back(reference.table, reference.constraint->name);
  }
  for (const Column& other : owner.columns) {
    if (other.generated == sql::Generated::none || other.name == column) continue;
    if (mentions(other.default_value, column, other.renames)) result.generated.push_back(other.name);
  }
  for (const Trigger& trigger : owner.triggers) {
    if (trigger.inherited) continue;
    if (contains(trigger.update_columns, column) || mentions(trigger.when, column, trigger.renames))
      result.triggers.push_back(trigger.name);
  }
  for (const Policy& policy : owner.policies) {
    const bool found = mentions(policy.using_expression, column, policy.renames) || mentions(policy.with_check, column, policy.renames);
    if (found) result.policies.push_back(policy.name);
  }
  result.published = is_published_column(table, column);
  return result;
}

void Replay::drop_column(RelationId table, std::string_view column, bool missing_ok, sql::DropBehavior behavior, Recurse recurse) {
  const Relation& owner = relation(table);
  const Column* known = owner.find_column(column);
  if (known == nullptr) {
    if (!missing_ok && !owner.incomplete) unknown_column(column, owner);
    return;
  }
  if (known->inherited && !owner.incomplete) {
    contradict(Kind::dependent_objects, column, "cannot drop inherited column \"" + std::string(column) + "\"", "42P16");
    return;
  }
  if (is_partition_key(owner, column)) {
    contradict(Kind::dependent_objects, column,
               "cannot drop column \"" + std::string(column) + "\" because it is part of the partition key of relation \"" +
                   owner.name.name + "\"",
               "42P16");
    return;
  }
  const ColumnDependents dependents = dependents_of(table, column);
  const bool may_refuse = behavior != sql::DropBehavior::cascade && !statement_.conditional && !statement_.errors_caught;
  if (dependents.any() && may_refuse) {
    contradict(Kind::dependent_objects, column,
               "cannot drop column " + std::string(column) + " of table " + owner.name.name + " because other objects depend on it",
               "2BP01");
    return;
  }
  for (const auto& [other, name] : dependents.foreign_keys) state_.erase_constraint(other, name);
  drop_all(doomed_by(dependents.views));
  for (const std::string& name : dependents.generated) erase_column(table, name);
  if (!dependents.triggers.empty()) {
    std::erase_if(change(table).triggers, [&dependents](const Trigger& trigger) { return contains(dependents.triggers, trigger.name); });
  }
  if (!dependents.policies.empty()) {
    std::erase_if(change(table).policies, [&dependents](const Policy& policy) { return contains(dependents.policies, policy.name); });
  }
  const std::string name(column);
  if (dependents.published) unpublish(table, name);
  for (const std::uint32_t set : dependents.functions) {
    std::erase_if(state_.change_functions(set).overloads, [&](const Function& function) {
      return std::any_of(function.dependencies.begin(), function.dependencies.end(), [&](const Dependency& dependency) {
        return dependency.relation == table && dependency.certain && contains(dependency.columns, name);
      });
    });
  }
  erase_column(table, name);
  const std::vector<RelationId> children = owner.children;
  for (const RelationId child : children) {
    const Column* own = relation(child).find_column(name);
    if (own == nullptr || !own->inherited) continue;
    const std::vector<RelationId>& parents = relation(child).parents;
    if (std::any_of(parents.begin(), parents.end(), [&](RelationId parent) { return relation(parent).find_column(name) != nullptr; }))
      continue;
    Column* changed = change(child).find_column(name);
    changed->inherited = false;
    if (recurse == Recurse::no || (own->local && !relation(child).is_partition)) {
      changed->local = true;
      continue;
    }
    drop_column(child, name, true, sql::DropBehavior::cascade, Recurse::yes);
  }
}

// The column, and what of its own table is about it: indexes and constraints go with any of their columns (manual:
// ALTER TABLE, DROP COLUMN), and the sequence that it owns.
void Replay::erase_column(RelationId table, std::string_view column_view) {
  const std::string column(column_view);
  const std::vector<RelationId> indexes = relation(table).indexes;
  for (const RelationId index : indexes) {
    if (contains(relation(index).index->mentioned_columns(), column)) drop_index(index);
  }
  std::vector<std::string> constraints;
  for (const Constraint& constraint : relation(table).constraints) {
    if (contains(constraint.columns, column)) constraints.push_back(constraint.name);
  }
  for (const std::string& constraint : constraints) state_.erase_constraint(table, constraint);
  const std::vector<RelationId> sequences = relation(table).owned_sequences;
  for (const RelationId sequence : sequences) {
    if (relation(sequence).owner_column == column) drop_relation(sequence);
  }
  std::erase_if(change(table).columns, [&column](const Column& candidate) { return candidate.name == column; });
}

// ---- DROP CONSTRAINT ------------------------------------------------------------------------------------------------------

void Replay::drop_constraint(RelationId table, std::string_view name, bool missing_ok, sql::DropBehavior behavior, Recurse recurse) {
  const Relation& owner = relation(table);
  const Constraint* known = owner.find_constraint(name);
  if (known == nullptr) {
    if (missing_ok || owner.incomplete) return;
    contradict(Kind::unknown_constraint, name,
               "constraint \"" + std::string(name) + "\" of relation \"" + owner.name.name + "\" does not exist", "42704");
    return;
  }
  if (known->inherited && !known->local && !owner.incomplete) {
    contradict(Kind::dependent_objects, name,
               "cannot drop inherited constraint \"" + std::string(name) + "\" of relation \"" + owner.name.name + "\"", "42P16");
    return;
  }
  std::vector<std::pair<RelationId, std::string>> foreign_keys;
  const bool referenced = known->index != RelationId::none && index_is_referenced(known->index, foreign_keys);
  const bool may_refuse = behavior != sql::DropBehavior::cascade && !statement_.conditional && !statement_.errors_caught;
  if (referenced && may_refuse) {
    contradict(Kind::dependent_objects, name,
               "cannot drop constraint " + std::string(name) + " on table " + owner.name.name + " because other objects depend on it",
               "2BP01");
    return;
  }
  for (const auto& [other, key] : foreign_keys) state_.erase_constraint(other, key);
  erase_constraint(table, std::string(name), recurse);
}

void Replay::erase_constraint(RelationId table, std::string_view name, Recurse recurse) {
  const Relation& owner = relation(table);
  const Constraint* known = owner.find_constraint(name);
  if (known == nullptr) return;
  const Constraint erased = *known;
  if (erased.index != RelationId::none) {
    drop_index(erased.index);
    return;
  }
  state_.erase_constraint(table, erased.name);
  if (erased.kind == ConstraintKind::not_null && !erased.columns.empty()) {
    if (Column* column = change(table).find_column(erased.columns.front())) {
      column->not_null = false;
      column->not_null_validated = true;
    }
  }
  const std::vector<RelationId> children = owner.children;
  for (const RelationId child : children) {
    std::string inherited;
    for (const Constraint& constraint : relation(child).constraints) {
      // A partition's copy of a foreign key may have had to take another name.
      const bool same =
          constraint.name == erased.name || (erased.kind == ConstraintKind::foreign_key && constraint.referenced == erased.referenced &&
                                             constraint.columns == erased.columns);
      const bool same_not_null = erased.kind == ConstraintKind::not_null && constraint.columns == erased.columns;
      if (constraint.inherited && constraint.kind == erased.kind && (same || same_not_null)) inherited = constraint.name;
    }
    if (inherited.empty()) continue;
    if (recurse == Recurse::yes && !relation(child).find_constraint(inherited)->local) {
      erase_constraint(child, inherited, recurse);
      continue;
    }
    for (Constraint& constraint : change(child).constraints) {
      if (constraint.name != inherited) continue;
      constraint.inherited = false;
      constraint.local = true;
    }
  }
}

}  // namespace cupel::schema
