// Foreign keys, the side that is not named: what creating, dropping or needing one does to the other table.
#include "effects/key_types.h"
#include "effects/predict.h"

#include <algorithm>
#include <optional>
#include <string>

namespace cupel::effects {

namespace {

using schema::RelationKind;

bool same_columns(const std::vector<schema::IndexKey>& keys, const std::vector<std::string_view>& columns) {
  if (keys.size() != columns.size()) return false;
  return std::all_of(columns.begin(), columns.end(), [&](std::string_view column) {
    return std::any_of(keys.begin(), keys.end(), [&](const schema::IndexKey& key) { return key.column == column; });
  });
}

// The index of the same key on a partition: attached to `index` of its parent.
const schema::Relation* index_on(const schema::Relation& partition, const schema::Relation& index, const schema::Database& database) {
  for (RelationId id : partition.indexes) {
    const schema::Relation& candidate = database.relation(id);
    if (candidate.index && candidate.index->parent == index.id) return &candidate;
  }
  return nullptr;
}

void lock_key_index(Prediction& prediction, const schema::Relation& referenced, const schema::Relation& index, Cause cause,
                    CommandIndex command) {
  if (!prediction.locks_new_dependencies()) return;
  prediction.lock_index(index, LockMode::access_share, cause, command);
  for (RelationId child : referenced.children) {
    const schema::Relation& partition = prediction.relation(child);
    const schema::Relation* partition_index = index_on(partition, index, prediction.database());
    if (partition_index != nullptr) lock_key_index(prediction, partition, *partition_index, cause, command);
  }
}

// The side that the key belongs to: a table, or the statement that makes it. Neither: not known.
struct Referencing {
  const schema::Relation* table;
  const sql::CreateTable* creating;

  [[nodiscard]] std::optional<sql::Persistence> persistence() const {
    if (table != nullptr) return table->persistence;
    return creating != nullptr ? std::optional(creating->persistence) : std::nullopt;
  }
  [[nodiscard]] std::optional<schema::DataType> type_of(std::string_view name, const schema::Database& database) const {
    const schema::Column* column = table == nullptr ? nullptr : table->find_column(name);
    if (column != nullptr) return column->type;
    if (creating == nullptr) return std::nullopt;
    const auto defined = std::find_if(creating->columns.begin(), creating->columns.end(),
                                      [&](const sql::ColumnDefinition& each) { return each.name == name; });
    return defined == creating->columns.end() ? std::nullopt : std::optional(database.resolve(defined->type));
  }
};

// Returns true if it failed.
bool check_types(Prediction& prediction, const Referencing& referencing, const schema::Relation& referenced,
                 const std::vector<std::string_view>& columns, const sql::Constraint& foreign_key, CommandIndex command) {
  for (std::size_t i = 0; i < columns.size() && i < foreign_key.columns.size(); ++i) {
    const std::optional<schema::DataType> from = referencing.type_of(foreign_key.columns[i], prediction.database());
    const schema::Column* to = referenced.find_column(columns[i]);
    if (!from || to == nullptr || can_reference(*from, to->type, prediction.database(), prediction.version())) continue;
    prediction.fail("42804",
                    "foreign key constraint cannot be implemented: key columns \"" + std::string(foreign_key.columns[i]) + "\" and \"" +
                        to->name + "\" are of incompatible types",
                    command);
    return true;
  }
  return false;
}

// Returns true if it failed.
bool check_persistence(Prediction& prediction, const Referencing& referencing, const schema::Relation& referenced, CommandIndex command) {
  using sql::Persistence;
  const std::optional<Persistence> own = referencing.persistence();
  if (!own || referenced.incomplete) return false;
  const Persistence other = referenced.persistence;
  const bool allowed = *own == Persistence::unlogged ? other != Persistence::temporary : own == other;
  if (allowed) return false;
  prediction.fail("42P16",
                  *own == Persistence::permanent  ? "constraints on permanent tables may reference only permanent tables"
                  : *own == Persistence::unlogged ? "constraints on unlogged tables may reference only permanent or unlogged tables"
                                                  : "constraints on temporary tables may reference only temporary tables",
                  command);
  return true;
}

// Returns true if it failed.
bool check_referenced(Prediction& prediction, const Referencing& referencing, const schema::Relation& referenced,
                      const sql::Constraint& foreign_key, const schema::Relation* index, bool new_columns, CommandIndex command) {
  const std::string name = prediction.database().display_name(referenced);
  if (referenced.kind != RelationKind::table && referenced.kind != RelationKind::partitioned_table) {
    prediction.fail("42809", "referenced relation \"" + name + "\" is not a table", command);
    return true;
  }
  if (check_persistence(prediction, referencing, referenced, command)) return true;
  if (referenced.incomplete) return false;
  const schema::Relation* table = referencing.table;
  if (table != nullptr && !table->incomplete && !new_columns) {
    for (std::string_view column : foreign_key.columns) {
      if (table->find_column(column) != nullptr) continue;
      prediction.fail("42703", "column \"" + std::string(column) + "\" referenced in foreign key constraint does not exist", command);
      return true;
    }
  }
  for (std::string_view column : foreign_key.referenced_columns) {
    if (referenced.find_column(column) != nullptr) continue;
    prediction.fail("42703", "column \"" + std::string(column) + "\" referenced in foreign key constraint does not exist", command);
    return true;
  }
  if (foreign_key.referenced_columns.empty() && referenced.primary_key() == nullptr) {
    prediction.fail("42704", "there is no primary key for referenced table \"" + name + "\"", command);
    return true;
  }
  std::vector<std::string_view> columns = foreign_key.referenced_columns;
  if (columns.empty()) columns.assign(referenced.primary_key()->columns.begin(), referenced.primary_key()->columns.end());
  if (columns.size() != foreign_key.columns.size()) {
    prediction.fail("42830", "number of referencing and referenced columns for foreign key disagree", command);
    return true;
  }
  if (index == nullptr) {
    prediction.fail("42830", "there is no unique constraint matching given keys for referenced table \"" + name + "\"", command);
    return true;
  }
  return check_types(prediction, referencing, referenced, columns, foreign_key, command);
}

}  // namespace

const schema::Relation* referenced_key_index(const schema::Relation& referenced, const std::vector<std::string_view>& columns,
                                             const schema::Database& database) {
  if (columns.empty()) {
    const schema::Constraint* key = referenced.primary_key();
    return key == nullptr || key->index == RelationId::none ? nullptr : &database.relation(key->index);
  }
  // transformFkeyCheckAttrs: unique, valid, immediate, without a predicate and expressions; columns in any order.
  for (RelationId id : referenced.indexes) {
    const schema::Relation& candidate = database.relation(id);
    if (!database.exists(id) || !candidate.index) continue;
    const schema::Index& index = *candidate.index;
    if (!index.unique || !index.valid || index.predicate) continue;
    if (same_columns(index.keys, columns)) return &candidate;
  }
  return nullptr;
}

std::vector<schema::Database::ForeignKeyReference> references_to(const schema::Relation& table, const schema::Database& database) {
  std::vector<schema::Database::ForeignKeyReference> references = database.referencing(table.id);
  if (!table.is_partition) return references;
  for (RelationId parent : table.parents) {
    for (const schema::Database::ForeignKeyReference& each : references_to(database.relation(parent), database)) references.push_back(each);
  }
  return references;
}

// ATAddForeignKeyConstraint, addFkRecurseReferenced (manual, ALTER TABLE: ADD FOREIGN KEY "requires a SHARE ROW EXCLUSIVE
// lock on the referenced table, in addition to the lock on the table being altered"; 13 to 18).
void predict_new_foreign_key(Prediction& prediction, const schema::Relation* table, const sql::Constraint& foreign_key, Cause cause,
                             CommandIndex command, bool new_columns, const sql::CreateTable* creating) {
  const schema::Relation* referenced = prediction.find(foreign_key.referenced);
  if (referenced == nullptr) {
    if (prediction.fail_unknown(foreign_key.referenced, command)) return;
    prediction.lock_unknown(foreign_key.referenced, LockMode::share_row_exclusive, Role::referenced, cause, command);
    return;
  }
  if (referenced != table) prediction.lock(*referenced, LockMode::share_row_exclusive, Role::referenced, cause, command);
  const schema::Relation* index = referenced_key_index(*referenced, foreign_key.referenced_columns, prediction.database());
  if (check_referenced(prediction, {table, creating}, *referenced, foreign_key, index, new_columns, command)) return;
  if (index != nullptr) lock_key_index(prediction, *referenced, *index, cause, command);
  if (referenced->kind == RelationKind::partitioned_table) {
    prediction.lock_descendants(*referenced, LockMode::share_row_exclusive, cause, command);
  }
}

// RemoveConstraintById and RemoveTriggerById: the triggers on the referenced side go too, and their tables are locked with
// ACCESS EXCLUSIVE. A key that came from a partitioned parent has none of its own there; one that is NOT ENFORCED (18)
// has none at all, but ALTER TABLE … DROP CONSTRAINT locks the other table nevertheless (ATExecDropConstraint).
void predict_dropped_foreign_key(Prediction& prediction, const schema::Relation& table, const schema::Constraint& foreign_key, Cause cause,
                                 CommandIndex command) {
  if (foreign_key.inherited || foreign_key.referenced == table.id) return;
  if (!foreign_key.enforced && cause != Cause::drop_constraint) return;
  if (foreign_key.referenced == RelationId::none) {
    const sql::QualifiedName name{foreign_key.referenced_name.schema, foreign_key.referenced_name.name, {}};
    if (!prediction.replay_is_complete()) { prediction.lock_unknown(name, LockMode::access_exclusive, Role::referenced, cause, command); }
    return;
  }
  const schema::Relation& referenced = prediction.relation(foreign_key.referenced);
  if (!prediction.database().exists(referenced.id)) return;
  const bool partitioned = referenced.kind == RelationKind::partitioned_table;
  // Before 15 a partitioned table had no triggers of the key itself, only its partitions did.
  if (!partitioned || prediction.since(15) || cause == Cause::drop_constraint) {
    prediction.lock(referenced, LockMode::access_exclusive, Role::referenced, cause, command);
  }
  if (partitioned) prediction.lock_descendants(referenced, LockMode::access_exclusive, cause, command);
}

void predict_dropped_key(Prediction& prediction, const schema::Relation& table, const schema::Constraint& constraint,
                         sql::DropBehavior behavior, Cause cause, CommandIndex command) {
  for (const schema::Database::ForeignKeyReference& reference : prediction.database().referencing(table.id)) {
    const std::vector<std::string>& columns = reference.constraint->referenced_columns;
    const bool needs_it = columns.empty()
                              ? constraint.kind == schema::ConstraintKind::primary_key
                              : std::is_permutation(columns.begin(), columns.end(), constraint.columns.begin(), constraint.columns.end());
    if (!needs_it) continue;
    if (behavior == sql::DropBehavior::restrict_) {
      prediction.fail("2BP01",
                      "cannot drop constraint " + constraint.name + " on table " + prediction.database().display_name(table) +
                          " because other objects depend on it",
                      command);
      return;
    }
    if (reference.table != table.id) {
      prediction.lock(prediction.relation(reference.table), LockMode::access_exclusive, Role::referencing, cause, command);
    }
  }
}

}  // namespace cupel::effects
