// REINDEX.
#include "effects/predict.h"

#include <string>

namespace cupel::effects {

namespace {

using schema::RelationKind;

class Reindexing {
 public:
  Reindexing(Prediction& prediction, bool concurrently)
      : prediction_(prediction), concurrently_(concurrently), mode_(concurrently ? LockMode::share_update_exclusive : LockMode::share) {}

  void table(const schema::Relation& table, Role role) {
    prediction_.lock(table, mode_, role, Cause::reindex);
    for (RelationId id : table.indexes) {
      const schema::Relation& index = prediction_.relation(id);
      if (!prediction_.database().exists(id) || !index.index) continue;
      // REINDEX TABLE CONCURRENTLY warns of exclusion constraints and leaves them out.
      if (concurrently_ && index.index->exclusion) continue;
      rebuild(index);
    }
    prediction_.lock_toast(table, LockMode::access_exclusive, Cause::reindex);
  }

  // CONCURRENTLY too ends with ACCESS EXCLUSIVE on the old index, when everybody who used it is gone.
  void rebuild(const schema::Relation& index) {
    prediction_.lock_index(index, LockMode::access_exclusive, Cause::reindex);
    if (concurrently_) prediction_.release_early();
    prediction_.rebuild_index(index, Cause::reindex);
  }

  // ReindexPartitions (14 and later) finds the leaves of a table under SHARE, CONCURRENTLY or not; each is then a transaction
  // of its own.
  void leaves_of_table(const schema::Relation& table) {
    prediction_.lock_descendants(table, LockMode::share, Cause::reindex);
    for (RelationId id : prediction_.database().descendants(table.id)) {
      const schema::Relation& leaf = prediction_.relation(id);
      if (leaf.kind != RelationKind::table) continue;
      for (RelationId index : leaf.indexes) {
        if (prediction_.database().exists(index)) rebuild(prediction_.relation(index));
      }
      prediction_.lock_toast(leaf, LockMode::access_exclusive, Cause::reindex);
    }
  }

  void leaves_of_index(const schema::Relation& index) {
    for (RelationId id : index.index->children) {
      const schema::Relation& child = prediction_.relation(id);
      if (!prediction_.database().exists(id) || !child.index) continue;
      const schema::Relation& table = prediction_.relation(child.index->table);
      prediction_.lock(table, mode_, Prediction::role_of_descendant(table), Cause::reindex);
      if (table.kind == RelationKind::partitioned_table) {
        leaves_of_index(child);
      } else {
        rebuild(child);
      }
    }
  }

  [[nodiscard]] LockMode mode() const { return mode_; }

 private:
  Prediction& prediction_;
  bool concurrently_;
  LockMode mode_;
};

void reindex_index(Prediction& prediction, const sql::Reindex& statement, Reindexing& reindexing) {
  const schema::Relation* index = prediction.find(statement.name);
  if (index == nullptr) {
    if (prediction.fail_unknown(statement.name)) return;
    prediction.lock_unknown(statement.name, LockMode::access_exclusive, Role::index, Cause::reindex);
    Work& work = prediction.work(WorkKind::index_rebuild, nullptr, {}, Cause::reindex, whole_statement, reindexing.mode());
    work.index_name = std::string(statement.name.name);
    return;
  }
  if (!index->index) return prediction.fail("42809", prediction.quoted(*index) + " is not an index");
  const schema::Relation& table = prediction.relation(index->index->table);
  const bool partitioned = table.kind == RelationKind::partitioned_table;
  if (partitioned && prediction.since(14)) prediction.refuse_in_transaction();
  prediction.lock(table, reindexing.mode(), Role::target, Cause::reindex);
  if (statement.concurrently && (index->index->exclusion || partitioned)) {
    prediction.lock_index(*index, LockMode::share_update_exclusive, Cause::reindex);
    if (index->index->exclusion) {
      return prediction.fail("0A000", "concurrent index creation for exclusion constraints is not supported");
    }
  }
  if (partitioned) {
    if (!statement.concurrently) prediction.lock_index(*index, LockMode::access_exclusive, Cause::reindex);
    if (!prediction.since(14)) return prediction.fail("0A000", "REINDEX is not yet implemented for partitioned indexes");
    return reindexing.leaves_of_index(*index);
  }
  reindexing.rebuild(*index);
}

void reindex_table(Prediction& prediction, const sql::Reindex& statement, Reindexing& reindexing) {
  const schema::Relation* table = prediction.find(statement.name);
  if (table == nullptr) {
    if (prediction.fail_unknown(statement.name)) return;
    prediction.lock_unknown(statement.name, reindexing.mode(), Role::target, Cause::reindex);
    prediction.work(WorkKind::index_rebuild, nullptr, statement.name.name, Cause::reindex, whole_statement, reindexing.mode());
    return;
  }
  if (table->kind == RelationKind::partitioned_table) {
    if (prediction.since(14)) prediction.refuse_in_transaction();
    prediction.lock(*table, reindexing.mode(), Role::target, Cause::reindex);
    // 13 warns that partitioned tables are skipped.
    if (prediction.since(14)) reindexing.leaves_of_table(*table);
    return;
  }
  if (!table->has_storage()) return prediction.fail("42809", prediction.quoted(*table) + " is not a table or materialized view");
  reindexing.table(*table, Role::target);
}

}  // namespace

// ReindexIndex, ReindexTable, ReindexMultipleTables (manual, REINDEX).
void predict(Prediction& prediction, const sql::Reindex& statement) {
  using Target = sql::Reindex::Target;
  Reindexing reindexing(prediction, statement.concurrently);
  if (statement.concurrently) prediction.refuse_in_transaction();
  switch (statement.target) {
    case Target::index: return reindex_index(prediction, statement, reindexing);
    case Target::table: return reindex_table(prediction, statement, reindexing);
    case Target::system: return prediction.refuse_in_transaction();  // the catalogs only
    case Target::schema:
    case Target::database: break;
  }
  prediction.refuse_in_transaction();
  for (RelationId id : prediction.database().relations()) {
    const schema::Relation& table = prediction.relation(id);
    if (!table.has_storage() || (statement.target == Target::schema && table.name.schema != statement.name.name)) continue;
    reindexing.table(table, Role::target);
  }
}

}  // namespace cupel::effects
