// LOCK, VACUUM, ANALYZE, CLUSTER.
#include "effects/predict.h"
#include "effects/query.h"

#include <algorithm>
#include <string>

namespace cupel::effects {

namespace {

using schema::RelationKind;

// ---- LOCK -----------------------------------------------------------------------------------------------------------

// LockViewRecurse: the relations below a view, with the same mode.
void lock_below_view(Prediction& prediction, const schema::Relation& view, LockMode mode, int depth) {
  if (depth > 50) return;
  for (const schema::Dependency& dependency : view.dependencies) {
    if (dependency.relation == RelationId::none || !prediction.database().exists(dependency.relation)) continue;
    const schema::Relation& below = prediction.relation(dependency.relation);
    if (below.kind == RelationKind::view) {
      prediction.lock(below, mode, Role::view, Cause::explicit_lock);
      lock_below_view(prediction, below, mode, depth + 1);
    } else if (below.kind == RelationKind::table || below.kind == RelationKind::partitioned_table) {
      prediction.lock(below, mode, Role::table, Cause::explicit_lock);
      prediction.lock_descendants(below, mode, Cause::explicit_lock);
    }
  }
}

// ---- VACUUM, ANALYZE, CLUSTER ---------------------------------------------------------------------------------------

// A new file is written and swapped in, the indexes are built anew (cluster_rel, used by VACUUM FULL as well).
void rewrite_table(Prediction& prediction, const schema::Relation& table, Role role, Cause cause) {
  prediction.lock(table, LockMode::access_exclusive, role, cause);
  prediction.lock_indexes(table, LockMode::access_exclusive, cause);
  prediction.lock_toast(table, LockMode::access_exclusive, cause);
  prediction.work(WorkKind::rewrite, table, cause, whole_statement, LockMode::access_exclusive);
}

void vacuum_table(Prediction& prediction, const schema::Relation& table, Role role, bool full) {
  if (table.kind == RelationKind::partitioned_table) {
    prediction.lock(table, full ? LockMode::access_exclusive : LockMode::share_update_exclusive, role, Cause::statement);
    for (RelationId id : prediction.database().descendants(table.id)) {
      const schema::Relation& partition = prediction.relation(id);
      if (partition.has_storage()) vacuum_table(prediction, partition, Prediction::role_of_descendant(partition), full);
    }
    return;
  }
  if (!table.has_storage()) return;
  if (full) return rewrite_table(prediction, table, role, Cause::vacuum_full);
  prediction.lock(table, LockMode::share_update_exclusive, role, Cause::statement);
  prediction.lock_indexes(table, LockMode::row_exclusive, Cause::statement);
  prediction.lock_toast(table, LockMode::row_exclusive, Cause::statement);
  prediction.work(WorkKind::scan, table, Cause::statement, whole_statement, LockMode::share_update_exclusive);
}

// do_analyze_rel: a sample of the rows is read, of every block of a small table.
void analyze_table(Prediction& prediction, const schema::Relation& table, Role role) {
  if (table.kind != RelationKind::partitioned_table && !table.has_storage()) return;
  prediction.lock(table, LockMode::share_update_exclusive, role, Cause::statistics);
  if (table.has_storage()) {
    prediction.lock_indexes(table, LockMode::access_share, Cause::statistics);
    prediction.work(WorkKind::scan, table, Cause::statistics, whole_statement, LockMode::share_update_exclusive);
  }
  for (RelationId id : prediction.database().descendants(table.id)) {
    const schema::Relation& child = prediction.relation(id);
    const Role child_role = Prediction::role_of_descendant(child);
    if (!child.is_partition) {
      // Children of plain inheritance are only read with their parent, under ACCESS SHARE; 18 analyzes them too.
      const LockMode mode = prediction.since(18) ? LockMode::share_update_exclusive : LockMode::access_share;
      prediction.lock(child, mode, child_role, Cause::statistics);
    } else {
      prediction.lock(child, LockMode::share_update_exclusive, child_role, Cause::statistics);
    }
    if (!child.has_storage()) continue;
    prediction.lock_indexes(child, LockMode::access_share, Cause::statistics);
    prediction.work(WorkKind::scan, child, Cause::statistics, whole_statement, LockMode::share_update_exclusive);
  }
}

bool is_clustered(const Prediction& prediction, const schema::Relation& table) {
  return std::any_of(table.indexes.begin(), table.indexes.end(), [&](RelationId id) {
    const schema::Relation& index = prediction.relation(id);
    return prediction.database().exists(id) && index.index && index.index->clustered;
  });
}

// cluster(): partitioned tables since 15, leaf by leaf in transactions of their own.
void cluster_partitioned(Prediction& prediction, const schema::Relation& table) {
  if (!prediction.since(15)) {
    prediction.lock(table, LockMode::access_exclusive, Role::target, Cause::cluster);
    return prediction.fail("0A000", "cannot cluster a partitioned table");
  }
  prediction.refuse_in_transaction();
  prediction.lock(table, LockMode::access_exclusive, Role::target, Cause::cluster);
  for (RelationId id : prediction.database().descendants(table.id)) {
    const schema::Relation& partition = prediction.relation(id);
    if (partition.has_storage()) rewrite_table(prediction, partition, Prediction::role_of_descendant(partition), Cause::cluster);
  }
}

}  // namespace

// LockTableCommand (manual, LOCK).
void predict(Prediction& prediction, const sql::LockTable& statement) {
  if (!prediction.in_transaction()) { return prediction.fail("25P01", "LOCK TABLE can only be used in transaction blocks"); }
  for (std::size_t i = 0; i < statement.names.size(); ++i) {
    const sql::QualifiedName& name = statement.names[i];
    const schema::Relation* relation = prediction.find(name);
    if (relation == nullptr && (is_catalog(name) || prediction.fail_unknown(name))) return;
    if (relation != nullptr && !relation->incomplete && relation->kind != RelationKind::table &&
        relation->kind != RelationKind::partitioned_table && relation->kind != RelationKind::view) {
      return prediction.fail("42809", "\"" + prediction.database().display_name(*relation) + "\" is not a table or view");
    }
    prediction.lock_named(relation, name, statement.mode, Role::target, Cause::explicit_lock);
    if (relation == nullptr) continue;
    if (relation->kind == RelationKind::view) lock_below_view(prediction, *relation, statement.mode, 0);
    const bool only = i < statement.only.size() && statement.only[i];
    if (!only) prediction.lock_descendants(*relation, statement.mode, Cause::explicit_lock);
  }
}

// ExecVacuum (manual, VACUUM, ANALYZE). Without names: the whole database.
void predict(Prediction& prediction, const sql::Vacuum& statement) {
  if (statement.vacuum) prediction.refuse_in_transaction();
  const auto process = [&](const schema::Relation& table) {
    if (statement.vacuum) {
      vacuum_table(prediction, table, Role::target, statement.full);
    } else {
      analyze_table(prediction, table, Role::target);
    }
  };
  for (const sql::QualifiedName& name : statement.names) {
    const schema::Relation* table = prediction.find(name);
    if (table != nullptr) {
      if (table->kind == RelationKind::view) {
        // Locked, then skipped with a warning.
        prediction.lock(*table, LockMode::share_update_exclusive, Role::target, Cause::statement);
      }
      process(*table);
      continue;
    }
    if (is_catalog(name) || prediction.fail_unknown(name)) return;
    const LockMode mode = statement.full ? LockMode::access_exclusive : LockMode::share_update_exclusive;
    prediction.lock_unknown(name, mode, Role::target, statement.full ? Cause::vacuum_full : Cause::statement);
    prediction.work(statement.full ? WorkKind::rewrite : WorkKind::scan, nullptr, name.name,
                    statement.full ? Cause::vacuum_full : Cause::statement, whole_statement, mode);
  }
  if (!statement.names.empty()) return;
  for (RelationId id : prediction.database().relations()) {
    const schema::Relation& table = prediction.relation(id);
    // Partitions and children come by themselves.
    if (table.has_storage()) process(table);
  }
}

// cluster() (manual, CLUSTER). Without a name: every table that was clustered before.
void predict(Prediction& prediction, const sql::Cluster& statement) {
  if (!statement.name) {
    prediction.refuse_in_transaction();
    for (RelationId id : prediction.database().relations()) {
      const schema::Relation& table = prediction.relation(id);
      if (table.has_storage() && is_clustered(prediction, table)) rewrite_table(prediction, table, Role::target, Cause::cluster);
    }
    return;
  }
  const schema::Relation* table = prediction.find(*statement.name);
  if (table == nullptr) {
    if (prediction.fail_unknown(*statement.name)) return;
    prediction.lock_unknown(*statement.name, LockMode::access_exclusive, Role::target, Cause::cluster);
    prediction.work(WorkKind::rewrite, nullptr, statement.name->name, Cause::cluster, whole_statement, LockMode::access_exclusive);
    return;
  }
  if (table->kind == RelationKind::partitioned_table) return cluster_partitioned(prediction, *table);
  if (statement.index.empty() && !is_clustered(prediction, *table) && !table->incomplete && prediction.replay_is_complete()) {
    prediction.lock(*table, LockMode::access_exclusive, Role::target, Cause::cluster);
    return prediction.fail("42704",
                           "there is no previously clustered index for table \"" + prediction.database().display_name(*table) + "\"");
  }
  if (!statement.index.empty() && prediction.replay_is_complete()) {
    const schema::Relation* index = prediction.database().find(table->name.schema, statement.index);
    if (index == nullptr || !index->index) {
      prediction.lock(*table, LockMode::access_exclusive, Role::target, Cause::cluster);
      return prediction.fail("42704", "index \"" + std::string(statement.index) + "\" for table \"" +
                                          prediction.database().display_name(*table) + "\" does not exist");
    }
  }
  rewrite_table(prediction, *table, Role::target, Cause::cluster);
}

}  // namespace cupel::effects
