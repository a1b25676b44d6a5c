// Foreign keys.
#include "schema/naming.h"
#include "schema/replay.h"

#include <algorithm>

namespace cupel::schema {

void Replay::add_foreign_key(RelationId table, const sql::Constraint& constraint, Recurse recurse) {
  const Relation& owner = relation(table);
  if (!constraint.name.empty() && !constraint_name_is_free(table, constraint.name)) return;
  if (!columns_exist(table, constraint.columns)) return;
  Constraint key = blank_constraint(constraint, ConstraintKind::foreign_key);
  for (const std::string_view column : constraint.columns) key.columns.emplace_back(column);
  key.on_delete = constraint.on_delete;
  key.on_update = constraint.on_update;
  if (!find_referenced_key(constraint, key)) return;
  if (key.name.empty()) {
    key.name = choose_constraint_name(state_, owner.name.schema, owner.name.name, join_column_names(key.columns), "fkey");
  }
  const std::string name = key.name;
  state_.add_constraint(table, std::move(key));
  // Inheritance children have no part in their parent's foreign keys, partitions do (manual: 5.11.1, Caveats).
  if (recurse == Recurse::no || owner.kind != RelationKind::partitioned_table) return;
  for (const RelationId child : database_.descendants(table)) pass_on_foreign_key(child, *relation(table).find_constraint(name));
}

bool Replay::find_referenced_key(const sql::Constraint& constraint, Constraint& result) {
  result.referenced = target(constraint.referenced);
  result.referenced_name = {std::string(constraint.referenced.schema), std::string(constraint.referenced.name)};
  for (const std::string_view column : constraint.referenced_columns) result.referenced_columns.emplace_back(column);
  if (result.referenced == RelationId::none) return true;
  const Relation& referenced = relation(result.referenced);
  result.referenced_name = referenced.name;
  if (constraint.referenced_columns.empty()) {
    if (const Constraint* key = referenced.primary_key()) {
      result.referenced_columns = key->columns;
      return true;
    }
    if (referenced.incomplete) return true;
    contradict(Kind::unknown_constraint, referenced.name.name,
               "there is no primary key for referenced table \"" + referenced.name.name + "\"", "42704");
    return false;
  }
  if (referenced.incomplete) return true;
  for (const std::string& column : result.referenced_columns) {
    if (referenced.find_column(column) != nullptr) continue;
    contradict(Kind::unknown_column, column, "column \"" + column + "\" referenced in foreign key constraint does not exist", "42703");
    return false;
  }
  // A unique index without predicate and expressions on exactly these columns, in any order.
  std::vector<std::string> wanted = result.referenced_columns;
  std::sort(wanted.begin(), wanted.end());
  const bool is_key = std::any_of(referenced.indexes.begin(), referenced.indexes.end(), [&](RelationId id) {
    const Index& index = *relation(id).index;
    if ((!index.unique && !index.exclusion) || index.predicate || index.keys.size() != wanted.size()) return false;
    std::vector<std::string> keys;
    for (const IndexKey& indexed : index.keys) keys.push_back(indexed.column);
    std::sort(keys.begin(), keys.end());
    return keys == wanted;
  });
  if (is_key || referenced.kind == RelationKind::foreign_table) return true;
  contradict(Kind::unknown_constraint, referenced.name.name,
             "there is no unique constraint matching given keys for referenced table \"" + referenced.name.name + "\"", "42830");
  return false;
}

void Replay::pass_on_foreign_key(RelationId child, const Constraint& constraint) {
  const Relation& partition = relation(child);
  for (Constraint& same : change(child).constraints) {
    // The partition's own equal foreign key becomes a part of the parent's.
    if (same.kind == ConstraintKind::foreign_key && same.referenced == constraint.referenced && same.columns == constraint.columns &&
        same.referenced_columns == constraint.referenced_columns && same.on_delete == constraint.on_delete &&
        same.on_update == constraint.on_update) {
      same.inherited = true;
      return;
    }
  }
  Constraint copy = constraint;
  copy.inherited = true;
  copy.local = false;
  copy.created_epoch = state_.session.epoch;
  copy.created_transaction = state_.session.transaction;
  if (partition.find_constraint(copy.name) != nullptr) {
    copy.name = choose_constraint_name(state_, partition.name.schema, partition.name.name, join_column_names(copy.columns), "fkey");
  }
  state_.add_constraint(child, std::move(copy));
}

}  // namespace cupel::schema
