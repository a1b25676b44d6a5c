#include "effects/predict.h"
#include "effects/query.h"

#include <algorithm>
#include <string>

namespace cupel::effects {

namespace {

using schema::RelationKind;

class Truncation {
 public:
  explicit Truncation(Prediction& prediction) : prediction_(prediction) {}

  void add(const schema::Relation& table, Role role, Cause cause) {
    if (std::find(tables_.begin(), tables_.end(), table.id) != tables_.end()) return;
    tables_.push_back(table.id);
    prediction_.lock(table, LockMode::access_exclusive, role, cause);
  }

  // A table that references a truncated one must be truncated too. Returns true if it failed.
  bool follow_references(bool cascade) {
    for (std::size_t i = 0; i < tables_.size(); ++i) {
      for (const schema::Database::ForeignKeyReference& reference :
           references_to(prediction_.relation(tables_[i]), prediction_.database())) {
        if (std::find(tables_.begin(), tables_.end(), reference.table) != tables_.end()) continue;
        if (!cascade) {
          prediction_.fail("0A000", "cannot truncate a table referenced in a foreign key constraint");
          return true;
        }
        add(prediction_.relation(reference.table), Role::referencing, Cause::cascade);
      }
    }
    return false;
  }

  // New empty files: of the table, its toast table and its indexes. A partitioned table has none.
  void replace_files(bool restart_identity) {
    for (RelationId id : tables_) {
      const schema::Relation& table = prediction_.relation(id);
      if (restart_identity) {
        for (RelationId sequence : table.owned_sequences) {
          if (!prediction_.database().exists(sequence)) continue;
          prediction_.lock(prediction_.relation(sequence), LockMode::access_exclusive, Role::sequence, Cause::truncate);
        }
      }
      lock_parents_of_written(prediction_, table);
      if (table.kind != RelationKind::table) continue;
      prediction_.lock_toast(table, LockMode::access_exclusive, Cause::truncate);
      prediction_.lock_indexes(table, LockMode::access_exclusive, Cause::truncate);
    }
  }

 private:
  Prediction& prediction_;
  std::vector<RelationId> tables_;
};

}  // namespace

// ExecuteTruncate (manual, TRUNCATE: "acquires an ACCESS EXCLUSIVE lock on each table it operates on").
void predict(Prediction& prediction, const sql::Truncate& statement) {
  Truncation truncation(prediction);
  for (std::size_t i = 0; i < statement.names.size(); ++i) {
    const sql::QualifiedName& name = statement.names[i];
    const schema::Relation* table = prediction.find(name);
    if (table == nullptr) {
      if (prediction.fail_unknown(name)) return;
      prediction.lock_unknown(name, LockMode::access_exclusive, Role::target, Cause::truncate);
      continue;
    }
    const bool only = i < statement.only.size() && statement.only[i];
    if (table->kind != RelationKind::table && table->kind != RelationKind::partitioned_table &&
        table->kind != RelationKind::foreign_table) {
      return prediction.fail("42809", "\"" + prediction.database().display_name(*table) + "\" is not a table");
    }
    truncation.add(*table, Role::target, Cause::truncate);
    if (prediction.fail_pending_events(table, "TRUNCATE")) return;
    if (only && table->kind == RelationKind::partitioned_table) {
      return prediction.fail("42809", "cannot truncate only a partitioned table");
    }
    if (only) continue;
    for (RelationId id : prediction.database().descendants(table->id)) {
      const schema::Relation& descendant = prediction.relation(id);
      truncation.add(descendant, Prediction::role_of_descendant(descendant), Cause::truncate);
    }
  }
  if (truncation.follow_references(statement.behavior == sql::DropBehavior::cascade)) return;
  truncation.replace_files(statement.restart_identity);
}

}  // namespace cupel::effects
