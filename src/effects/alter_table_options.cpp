#include "effects/alter_table.h"

#include <algorithm>
#include <array>

namespace cupel::effects {
namespace {

using schema::Relation;
using schema::RelationKind;

// relation options of heap tables (manual: CREATE TABLE, Storage Parameters), with the version that has them first.
struct StorageOption {
  std::string_view name;
  int first_version;
};
constexpr std::array storage_options = {
    StorageOption{"fillfactor", 13},
    StorageOption{"toast_tuple_target", 13},
    StorageOption{"parallel_workers", 13},
    StorageOption{"user_catalog_table", 13},
    StorageOption{"autovacuum_enabled", 13},
    StorageOption{"vacuum_index_cleanup", 13},
    StorageOption{"vacuum_truncate", 13},
    StorageOption{"autovacuum_vacuum_threshold", 13},
    StorageOption{"autovacuum_vacuum_max_threshold", 18},
    StorageOption{"autovacuum_vacuum_scale_factor", 13},
    StorageOption{"autovacuum_vacuum_insert_threshold", 13},
    StorageOption{"autovacuum_vacuum_insert_scale_factor", 13},
    StorageOption{"autovacuum_analyze_threshold", 13},
    StorageOption{"autovacuum_analyze_scale_factor", 13},
    StorageOption{"autovacuum_vacuum_cost_delay", 13},
    StorageOption{"autovacuum_vacuum_cost_limit", 13},
    StorageOption{"autovacuum_freeze_min_age", 13},
    StorageOption{"autovacuum_freeze_max_age", 13},
    StorageOption{"autovacuum_freeze_table_age", 13},
    StorageOption{"autovacuum_multixact_freeze_min_age", 13},
    StorageOption{"autovacuum_multixact_freeze_max_age", 13},
    StorageOption{"autovacuum_multixact_freeze_table_age", 13},
    StorageOption{"log_autovacuum_min_duration", 13},
    StorageOption{"vacuum_max_eager_freeze_failure_rate", 18},
};

}  // namespace

void AlterTablePrediction::set_options(const sql::AlterTableCommand& command) {
  if (command.options.empty()) return;
  if (is_partitioned()) {
    // 16 says what is wrong; before it no option was known for partitioned tables.
    if (command.action == sql::AlterTableAction::reset_options && !prediction_.since(16)) return;
    if (prediction_.since(16)) return fail("42809", "cannot specify storage parameters for a partitioned table");
    return fail("22023", "unrecognized parameter \"" + std::string(command.options.front().name) + "\"");
  }
  bool heap = table_ != nullptr && (table_->kind == RelationKind::table || table_->kind == RelationKind::materialized_view);
  if (!heap || !table_->access_method.empty() || command.action == sql::AlterTableAction::reset_options) return;
  for (const sql::RelationOption& option : command.options) {
    bool known = std::any_of(storage_options.begin(), storage_options.end(),
                             [&](const StorageOption& each) { return each.name == option.name && prediction_.since(each.first_version); });
    if (!known) return fail("22023", "unrecognized parameter \"" + std::string(option.name) + "\"");
  }
}

// ATPrepChangePersistence (manual: ALTER TABLE, SET LOGGED; sequences of the columns follow from 15 on).
void AlterTablePrediction::set_persistence(sql::Persistence persistence) {
  if (table_ == nullptr) return rewrite(Cause::persistence_change, {});
  bool to_logged = persistence == sql::Persistence::permanent;
  if (is_partitioned()) {
    if (prediction_.since(18))
      fail("42809", std::string("ALTER action ") + (to_logged ? "SET LOGGED" : "SET UNLOGGED") + " cannot be performed on relation \"" +
                        table_name() + "\"");
    return;
  }
  if (table_->persistence == sql::Persistence::temporary) {
    return fail("42P16", "cannot change logged status of table \"" + table_name() + "\" because it is temporary");
  }
  if (table_->persistence == persistence && !table_->incomplete) return;
  if (to_logged) {
    for (const schema::Constraint& constraint : table_->constraints) {
      if (constraint.kind != schema::ConstraintKind::foreign_key || constraint.referenced == RelationId::none ||
          constraint.referenced == table_->id)
        continue;
      const Relation& referenced = prediction_.relation(constraint.referenced);
      prediction_.lock(referenced, LockMode::access_share, Role::referenced, cause_, command_);
      prediction_.release_early();
      if (referenced.persistence != sql::Persistence::permanent) {
        return fail("42P16", "could not change table \"" + table_name() + "\" to logged because it references unlogged table \"" +
                                 referenced.name.name + "\"");
      }
    }
  } else {
    for (const schema::Database::ForeignKeyReference& reference : prediction_.database().referencing(table_->id)) {
      if (reference.table == table_->id) continue;
      const Relation& referencing = prediction_.relation(reference.table);
      prediction_.lock(referencing, LockMode::access_share, Role::referencing, cause_, command_);
      prediction_.release_early();
      if (referencing.persistence == sql::Persistence::permanent) {
        return fail("42P16", "could not change table \"" + table_name() + "\" to unlogged because it references logged table \"" +
                                 referencing.name.name + "\"");
      }
    }
  }
  if (prediction_.since(15)) {
    for (RelationId id : table_->owned_sequences) {
      if (prediction_.database().exists(id))
        prediction_.lock(prediction_.relation(id), LockMode::access_exclusive, Role::sequence, cause_, command_);
    }
  }
  add_row_work(WorkKind::rewrite, table_, Cause::persistence_change, {}, {}, {}, false);
}

// ATExecSetTableSpace copies the file block by block, and the toast table's (manual: ALTER TABLE, SET TABLESPACE). A
// partitioned table has none: it only remembers where new partitions go.
void AlterTablePrediction::set_tablespace(const sql::AlterTableCommand& command) {
  if (table_ != nullptr && !table_->has_storage()) return;
  auto name_of = [](std::string_view tablespace) { return tablespace.empty() ? std::string_view("pg_default") : tablespace; };
  if (table_ != nullptr && !table_->incomplete && name_of(table_->tablespace) == name_of(command.name)) return;
  add_row_work(WorkKind::copy, table_, Cause::tablespace_change, {}, {}, {}, false);
}

// ATPrepSetAccessMethod (15); partitioned tables only remember it (17).
void AlterTablePrediction::set_access_method(const sql::AlterTableCommand& command) {
  if (is_partitioned()) {
    if (!prediction_.since(17)) fail("42809", "cannot change access method of a partitioned table");
    return;
  }
  auto name_of = [](std::string_view method) { return method.empty() ? std::string_view("heap") : method; };
  if (table_ != nullptr && !table_->incomplete && name_of(table_->access_method) == name_of(command.name)) return;
  add_row_work(WorkKind::rewrite, table_, Cause::access_method_change, {}, {}, {}, false);
}

void AlterTablePrediction::cluster_on(const sql::AlterTableCommand& command) {
  if (table_ == nullptr) return;
  for (RelationId id : table_->indexes) {
    const Relation& index = prediction_.relation(id);
    if (!prediction_.database().exists(id) || index.name.name != command.name) continue;
    prediction_.lock_index(index, mode_, cause_, command_);
    if (is_partitioned()) return fail("0A000", "cannot mark index clustered in partitioned table");
    if (index.index && index.index->predicate) fail("0A000", "cannot cluster on partial index \"" + index.name.name + "\"");
    return;
  }
  if (prediction_.replay_is_complete() && !table_->incomplete) {
    fail("42704", "index \"" + std::string(command.name) + "\" for table \"" + table_name() + "\" does not exist");
  }
}

// ATExecReplicaIdentity.
void AlterTablePrediction::set_replica_identity(const sql::AlterTableCommand& command) {
  if (command.replica_identity != 'i' || table_ == nullptr) return;
  const Relation* found = prediction_.database().find(table_->name.schema, command.name);
  std::string name = "index \"" + std::string(command.name) + "\"";
  if (found == nullptr || !found->index || found->index->table != table_->id) {
    if (!prediction_.replay_is_complete() || table_->incomplete) return;
    if (found == nullptr) return fail("42704", name + " for table \"" + table_name() + "\" does not exist");
    return fail("42809", "\"" + std::string(command.name) + "\" is not an index for table \"" + table_name() + "\"");
  }
  const schema::Index& index = *found->index;
  prediction_.lock_index(*found, LockMode::share, cause_, command_);
  if (!index.unique) return fail("42809", "cannot use non-unique " + name + " as replica identity");
  for (const schema::IndexKey& key : index.keys) {
    if (key.expression) return fail("0A000", "cannot use expression " + name + " as replica identity");
  }
  if (index.predicate) return fail("0A000", "cannot use partial " + name + " as replica identity");
  for (const schema::IndexKey& key : index.keys) {
    const schema::Column* column = table_->find_column(key.column);
    if (column == nullptr || column->not_null) continue;
    return fail("42809", name + " cannot be used as replica identity because column \"" + key.column + "\" is nullable");
  }
}

// ATExecChangeOwner goes through the indexes, the toast table and the sequences of the columns.
void AlterTablePrediction::set_owner() {
  if (table_ == nullptr) return;
  prediction_.lock_indexes(*table_, mode_, cause_, command_);
  prediction_.lock_toast(*table_, mode_, cause_, command_);
  for (RelationId id : table_->owned_sequences) {
    if (prediction_.database().exists(id)) prediction_.lock(prediction_.relation(id), mode_, Role::sequence, cause_, command_);
  }
}

void AlterTablePrediction::change_rule(const sql::AlterTableCommand& command) {
  if (table_ == nullptr || table_->incomplete || !prediction_.replay_is_complete()) return;
  if (std::find(table_->rules.begin(), table_->rules.end(), command.name) != table_->rules.end()) return;
  fail("42704", "rule \"" + std::string(command.name) + "\" for relation \"" + table_name() + "\" does not exist");
}

void AlterTablePrediction::change_trigger(const sql::AlterTableCommand& command) {
  if (table_ == nullptr) return;
  if (!command.all_triggers && !command.user_triggers && !table_->incomplete) {
    bool known = std::any_of(table_->triggers.begin(), table_->triggers.end(),
                             [&](const schema::Trigger& trigger) { return trigger.name == command.name; });
    if (!known) return fail("42704", "trigger \"" + std::string(command.name) + "\" for table \"" + table_name() + "\" does not exist");
  }
  if (!is_partitioned() || !recurses()) return;
  // Partitions that have a clone of a trigger that is meant.
  bool cloned = std::any_of(table_->triggers.begin(), table_->triggers.end(), [&](const schema::Trigger& trigger) {
    return trigger.row && (command.all_triggers || command.user_triggers || trigger.name == command.name);
  });
  if (cloned) lock_descendants();
}

}  // namespace cupel::effects
