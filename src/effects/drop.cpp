// DROP of everything. What goes with an object is found first, and locked while it is found (findDependentObjects); only
// then RESTRICT refuses; what the dropped objects are tied to is locked last.
#include "effects/dropped_objects.h"
#include "effects/predict.h"
#include "effects/volatility.h"

#include <algorithm>
#include <string>

namespace cupel::effects {

namespace {

using schema::RelationKind;
using sql::DropBehavior;
using sql::ObjectKind;

bool is_of_kind(const schema::Relation& relation, ObjectKind kind) {
  switch (kind) {
    case ObjectKind::table: return relation.kind == RelationKind::table || relation.kind == RelationKind::partitioned_table;
    case ObjectKind::view: return relation.kind == RelationKind::view;
    case ObjectKind::materialized_view: return relation.kind == RelationKind::materialized_view;
    case ObjectKind::sequence: return relation.kind == RelationKind::sequence;
    case ObjectKind::index: return relation.kind == RelationKind::index;
    case ObjectKind::foreign_table: return relation.kind == RelationKind::foreign_table;
    default: return true;
  }
}

// ---- DROP INDEX -----------------------------------------------------------------------------------------------------

// RangeVarCallbackForDropRelation: the table first, then the index. Returns true if nothing more happens.
bool lock_dropped_index(Prediction& prediction, const schema::Relation& index, const sql::DropObjects& statement) {
  const schema::Relation& table = prediction.relation(index.index->table);
  const bool concurrently = statement.concurrently && table.persistence != sql::Persistence::temporary;
  const LockMode mode = concurrently ? LockMode::share_update_exclusive : LockMode::access_exclusive;
  prediction.lock(table, mode, Role::target, Cause::drop_index);
  prediction.lock_index(index, mode, Cause::drop_index);
  if (table.kind == RelationKind::partitioned_table) {
    if (concurrently) {
      prediction.fail("0A000", "cannot drop partitioned index \"" + prediction.database().display_name(index) + "\" concurrently");
      return true;
    }
    prediction.lock_descendants(table, LockMode::access_exclusive, Cause::drop_index);
  }
  const std::string name = prediction.database().display_name(index);
  if (index.index->parent != RelationId::none) {
    const schema::Relation& parent = prediction.relation(index.index->parent);
    prediction.lock_index(parent, mode, Cause::drop_index);
    prediction.fail("2BP01", "cannot drop index " + name + " because index " + prediction.database().display_name(parent) + " requires it");
    return true;
  }
  if (!index.index->constraint.empty()) {
    prediction.fail("2BP01", "cannot drop index " + name + " because constraint " + index.index->constraint + " on table " +
                                 prediction.database().display_name(table) + " requires it");
    return true;
  }
  // The last step of CONCURRENTLY: nobody uses the index any more, it is taken away under ACCESS EXCLUSIVE (index_drop).
  if (concurrently) {
    prediction.lock_index(index, LockMode::access_exclusive, Cause::drop_index);
    prediction.release_early();
  }
  return false;
}

// Returns true if nothing more happens.
bool refuses_concurrently(Prediction& prediction, const sql::DropObjects& statement) {
  if (!statement.concurrently) return false;
  prediction.refuse_in_transaction();
  if (statement.names.size() > 1) {
    prediction.fail("0A000", "DROP INDEX CONCURRENTLY does not support dropping multiple objects");
    return true;
  }
  if (statement.behavior == DropBehavior::cascade) {
    prediction.fail("0A000", "DROP INDEX CONCURRENTLY does not support CASCADE");
    return true;
  }
  return false;
}

// ---- relations ------------------------------------------------------------------------------------------------------

void lock_unknown_dropped(Prediction& prediction, const sql::QualifiedName& name, const sql::DropObjects& statement, Cause cause) {
  const LockMode mode = statement.concurrently ? LockMode::share_update_exclusive : LockMode::access_exclusive;
  const Role role = statement.kind == ObjectKind::index ? Role::index : Role::target;
  prediction.lock_unknown(name, mode, role, cause);
}

// DropErrorMsgNonExistent. Returns true if it failed.
bool fails_missing(Prediction& prediction, ObjectKind kind, const sql::QualifiedName& name) {
  if (!prediction.replay_is_complete()) return false;
  if (prediction.fail_unknown_schema(name)) return true;
  prediction.fail(kind == ObjectKind::index ? "42704" : "42P01",
                  std::string(kind_word(kind)) + " \"" + std::string(name.name) + "\" does not exist");
  return true;
}

void drop_relations(Prediction& prediction, const sql::DropObjects& statement) {
  const Cause cause = statement.kind == ObjectKind::index ? Cause::drop_index : Cause::drop;
  if (refuses_concurrently(prediction, statement)) return;
  DroppedObjects dropped(prediction, cause);
  bool any = false;
  for (const sql::QualifiedName& name : statement.names) {
    const schema::Relation* relation = prediction.find(name);
    if (relation == nullptr) {
      if (statement.if_exists && prediction.replay_is_complete()) continue;
      if (fails_missing(prediction, statement.kind, name)) return;
      lock_unknown_dropped(prediction, name, statement, cause);
      any = true;
      continue;
    }
    if (!is_of_kind(*relation, statement.kind)) {
      return prediction.fail(
          "42809", "\"" + prediction.database().display_name(*relation) + "\" is not a " + std::string(kind_word(statement.kind)));
    }
    any = true;
    if (relation->index) {
      if (lock_dropped_index(prediction, *relation, statement)) return;
      dropped.add_index(*relation);
      continue;
    }
    // RemoveRelations locks a partition's parent before the partition.
    for (RelationId parent : relation->parents) {
      if (!relation->is_partition) break;
      prediction.lock(prediction.relation(parent), LockMode::access_exclusive, Role::partitioned_parent, cause);
    }
    prediction.lock(*relation, LockMode::access_exclusive, Role::target, cause);
    dropped.add(*relation);
  }
  if (!any) return prediction.set_no_op();
  dropped.finish(statement);
  // What depends on them is looked at first.
  for (const sql::QualifiedName& name : statement.names) {
    if (statement.kind == ObjectKind::table && prediction.fail_pending_events(prediction.find(name), "DROP TABLE")) return;
  }
}

// ---- what belongs to a table ----------------------------------------------------------------------------------------

bool has_object(const schema::Relation& table, ObjectKind kind, std::string_view name) {
  switch (kind) {
    case ObjectKind::trigger:
      return std::any_of(table.triggers.begin(), table.triggers.end(), [&](const schema::Trigger& each) { return each.name == name; });
    case ObjectKind::policy:
      return std::any_of(table.policies.begin(), table.policies.end(), [&](const schema::Policy& each) { return each.name == name; });
    default: return std::any_of(table.rules.begin(), table.rules.end(), [&](const std::string& each) { return each == name; });
  }
}

bool is_inherited_trigger(const schema::Relation& table, std::string_view name) {
  return std::any_of(table.triggers.begin(), table.triggers.end(),
                     [&](const schema::Trigger& each) { return each.name == name && each.inherited; });
}

Cause cause_of(ObjectKind kind) {
  if (kind == ObjectKind::trigger) return Cause::trigger;
  return kind == ObjectKind::policy ? Cause::policy : Cause::rule;
}

// get_object_address looks under ACCESS SHARE; dropping takes ACCESS EXCLUSIVE (RemoveTriggerById and the like), for a
// trigger of a partitioned table on all partitions.
void drop_from_table(Prediction& prediction, const sql::DropObjects& statement) {
  const Cause cause = cause_of(statement.kind);
  for (std::size_t i = 0; i < statement.names.size(); ++i) {
    const sql::QualifiedName& name = statement.names[i];
    const std::string_view object = i < statement.sub_names.size() ? statement.sub_names[i] : std::string_view();
    const schema::Relation* table = prediction.find(name);
    if (table == nullptr) {
      if (statement.if_exists && prediction.replay_is_complete()) {
        prediction.set_no_op();
        continue;
      }
      if (prediction.fail_unknown(name)) return;
      prediction.lock_unknown(name, LockMode::access_exclusive, Role::target, cause);
      continue;
    }
    const bool known = has_object(*table, statement.kind, object);
    // All of a table's own history is known when its CREATE TABLE is, and nothing ran that cannot be seen.
    const bool is_followed = !table->incomplete && !table->created_if_not_exists && !prediction.database().has_unseen_changes();
    const bool missing = !known && (prediction.replay_is_complete() || (statement.if_exists && is_followed));
    const bool belongs_to_parent = statement.kind == ObjectKind::trigger && is_inherited_trigger(*table, object);
    const bool only_looks = missing || belongs_to_parent;
    prediction.lock(*table, only_looks ? LockMode::access_share : LockMode::access_exclusive, Role::target, cause);
    if (missing) {
      if (statement.if_exists) {
        prediction.release_early();  // get_object_address_relobject closes the table again
        prediction.set_no_op();
        continue;
      }
      return prediction.fail("42704", std::string(kind_word(statement.kind)) + " \"" + std::string(object) + "\" for table \"" +
                                          prediction.database().display_name(*table) + "\" does not exist");
    }
    if (belongs_to_parent) {
      // Only looked up: RESTRICT or CASCADE, the parent's trigger requires it.
      return prediction.fail("2BP01", "cannot drop trigger " + std::string(object) + " on table " +
                                          prediction.database().display_name(*table) + " because trigger of its parent requires it");
    }
    if (statement.kind == ObjectKind::trigger && table->kind == RelationKind::partitioned_table) {
      prediction.lock_descendants(*table, LockMode::access_exclusive, cause);
    }
  }
}

// ---- what tables depend on ------------------------------------------------------------------------------------------

void drop_schema(Prediction& prediction, const sql::DropObjects& statement) {
  DroppedObjects dropped(prediction, Cause::drop);
  for (const sql::QualifiedName& name : statement.names) {
    if (!prediction.database().schema_exists(name.name) && prediction.replay_is_complete()) {
      if (statement.if_exists) continue;
      return prediction.fail("3F000", "schema \"" + std::string(name.name) + "\" does not exist");
    }
    dropped.add_schema(name.name);
  }
  dropped.finish(statement);
}

void drop_types(Prediction& prediction, const sql::DropObjects& statement) {
  DroppedObjects dropped(prediction, Cause::drop);
  for (const sql::QualifiedName& name : statement.names) {
    const schema::Type* type = prediction.database().find_type(name);
    if (type == nullptr) {
      if (!prediction.replay_is_complete() || statement.if_exists) continue;
      return prediction.fail("42704", "type \"" + std::string(name.name) + "\" does not exist");
    }
    dropped.add_type(*type);
  }
  dropped.finish(statement);
}

// Of any number of arguments; those of PostgreSQL and its extensions are not in the replay, nor are aggregates.
bool exists(Prediction& prediction, const sql::QualifiedName& name) {
  return !prediction.replay_is_complete() || prediction.database().overloads(name.schema, name.name) > 0 ||
         is_builtin_function(name.name, prediction.version()) || is_extension_function(name.name);
}

void drop_functions(Prediction& prediction, const sql::DropObjects& statement) {
  DroppedObjects dropped(prediction, Cause::drop);
  for (const sql::QualifiedName& name : statement.names) {
    if (!exists(prediction, name)) {
      if (statement.if_exists) continue;
      return prediction.fail("42883", "function " + std::string(name.name) + " does not exist");
    }
    dropped.add_function(name);
  }
  dropped.finish(statement);
}

void drop_extensions(Prediction& prediction, const sql::DropObjects& statement) {
  DroppedObjects dropped(prediction, Cause::drop);
  for (const sql::QualifiedName& name : statement.names) dropped.add_extension(name.name);
  dropped.finish(statement);
}

// RemoveStatisticsById: SHARE UPDATE EXCLUSIVE on the table.
void drop_statistics(Prediction& prediction, const sql::DropObjects& statement) {
  for (RelationId id : prediction.database().relations()) {
    const schema::Relation& table = prediction.relation(id);
    if (table.statistics.empty()) continue;
    for (const sql::QualifiedName& name : statement.names) {
      if (std::find(table.statistics.begin(), table.statistics.end(), name.name) != table.statistics.end()) {
        prediction.lock(table, LockMode::share_update_exclusive, Role::target, Cause::statistics);
      }
    }
  }
}

}  // namespace

void predict(Prediction& prediction, const sql::DropObjects& statement) {
  switch (statement.kind) {
    case ObjectKind::table:
    case ObjectKind::view:
    case ObjectKind::materialized_view:
    case ObjectKind::sequence:
    case ObjectKind::index:
    case ObjectKind::foreign_table: return drop_relations(prediction, statement);
    case ObjectKind::trigger:
    case ObjectKind::rule:
    case ObjectKind::policy: return drop_from_table(prediction, statement);
    case ObjectKind::schema: return drop_schema(prediction, statement);
    case ObjectKind::type:
    case ObjectKind::domain: return drop_types(prediction, statement);
    case ObjectKind::function:
    case ObjectKind::procedure:
    case ObjectKind::routine: return drop_functions(prediction, statement);
    case ObjectKind::extension: return drop_extensions(prediction, statement);
    case ObjectKind::statistics: return drop_statistics(prediction, statement);
    case ObjectKind::database:
    case ObjectKind::tablespace: return prediction.refuse_in_transaction();
    case ObjectKind::subscription:
      // With a replication slot, which is the rule; subscriptions are not replayed (manual, DROP SUBSCRIPTION: Notes).
      prediction.refuse_in_transaction();
      return prediction.may_fail(prediction.since(14) ? "08006" : "XX000", "could not connect to the publisher");
    default: return;
  }
}

}  // namespace cupel::effects
