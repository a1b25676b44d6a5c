#include "effects/alter_table.h"

#include <algorithm>
#include <array>

namespace cupel::effects {
namespace {

using enum LockMode;
using sql::AlterTableAction;

// reloptions.c gives each storage parameter its own level. All of a table's are SHARE UPDATE EXCLUSIVE except this one;
// an unknown name adds nothing, it fails later.
LockMode options_lock_level(const std::vector<sql::RelationOption>& options) {
  if (options.empty()) return access_exclusive;
  bool exclusive =
      std::any_of(options.begin(), options.end(), [](const sql::RelationOption& option) { return option.name == "user_catalog_table"; });
  return exclusive ? access_exclusive : share_update_exclusive;
}

}  // namespace

LockMode alter_table_lock_level(const sql::AlterTableCommand& command, int postgres_version) {
  switch (command.action) {
    case AlterTableAction::set_statistics:
    case AlterTableAction::set_column_options:
    case AlterTableAction::reset_column_options:
    case AlterTableAction::cluster_on:
    case AlterTableAction::set_without_cluster:
    case AlterTableAction::validate_constraint:
    case AlterTableAction::attach_partition:
    case AlterTableAction::detach_partition_finalize: return share_update_exclusive;
    case AlterTableAction::detach_partition:
      return command.concurrently && postgres_version >= 14 ? share_update_exclusive : access_exclusive;
    case AlterTableAction::set_options:
    case AlterTableAction::reset_options: return options_lock_level(command.options);
    case AlterTableAction::enable_trigger:
    case AlterTableAction::disable_trigger:
    case AlterTableAction::enable_always_trigger:
    case AlterTableAction::enable_replica_trigger: return share_row_exclusive;
    case AlterTableAction::add_constraint:
      return command.constraint && command.constraint->kind == sql::ConstraintKind::foreign_key ? share_row_exclusive : access_exclusive;
    default: return access_exclusive;
  }
}

Cause alter_table_cause(const sql::AlterTableCommand& command) {
  switch (command.action) {
    case AlterTableAction::add_column: return Cause::add_column;
    case AlterTableAction::drop_column: return Cause::drop_column;
    case AlterTableAction::alter_type: return Cause::type_change;
    case AlterTableAction::set_default:
    case AlterTableAction::drop_default: return Cause::default_change;
    case AlterTableAction::set_not_null: return Cause::set_not_null;
    case AlterTableAction::drop_not_null: return Cause::drop_constraint;
    case AlterTableAction::set_expression:
    case AlterTableAction::drop_expression: return Cause::set_expression;
    case AlterTableAction::set_statistics:
    case AlterTableAction::set_storage:
    case AlterTableAction::set_compression:
    case AlterTableAction::set_column_options:
    case AlterTableAction::reset_column_options: return Cause::column_option;
    case AlterTableAction::add_identity:
    case AlterTableAction::set_identity:
    case AlterTableAction::drop_identity: return Cause::identity;
    case AlterTableAction::add_constraint:
      if (!command.constraint) return Cause::statement;
      switch (command.constraint->kind) {
        case sql::ConstraintKind::check: return Cause::add_check;
        case sql::ConstraintKind::not_null: return Cause::add_not_null;
        case sql::ConstraintKind::foreign_key: return Cause::add_foreign_key;
        case sql::ConstraintKind::unique: return command.constraint->using_index.empty() ? Cause::add_unique : Cause::using_index;
        case sql::ConstraintKind::primary_key: return command.constraint->using_index.empty() ? Cause::add_primary_key : Cause::using_index;
        case sql::ConstraintKind::exclude: return Cause::add_exclude;
        default: return Cause::statement;
      }
    case AlterTableAction::alter_constraint: return Cause::alter_constraint;
    case AlterTableAction::validate_constraint: return Cause::validate;
    case AlterTableAction::drop_constraint: return Cause::drop_constraint;
    case AlterTableAction::set_logged:
    case AlterTableAction::set_unlogged: return Cause::persistence_change;
    case AlterTableAction::set_tablespace: return Cause::tablespace_change;
    case AlterTableAction::set_access_method: return Cause::access_method_change;
    case AlterTableAction::set_options:
    case AlterTableAction::reset_options: return Cause::storage_option;
    case AlterTableAction::cluster_on:
    case AlterTableAction::set_without_cluster: return Cause::cluster;
    case AlterTableAction::enable_trigger:
    case AlterTableAction::disable_trigger:
    case AlterTableAction::enable_always_trigger:
    case AlterTableAction::enable_replica_trigger: return Cause::trigger;
    case AlterTableAction::enable_rule:
    case AlterTableAction::disable_rule:
    case AlterTableAction::enable_always_rule:
    case AlterTableAction::enable_replica_rule: return Cause::rule;
    case AlterTableAction::enable_row_security:
    case AlterTableAction::disable_row_security:
    case AlterTableAction::force_row_security:
    case AlterTableAction::no_force_row_security: return Cause::row_security;
    case AlterTableAction::attach_partition: return Cause::attach_partition;
    case AlterTableAction::detach_partition:
    case AlterTableAction::detach_partition_finalize: return Cause::detach_partition;
    case AlterTableAction::inherit:
    case AlterTableAction::no_inherit: return Cause::inherit;
    case AlterTableAction::replica_identity: return Cause::replication;
    case AlterTableAction::owner_to: return Cause::owner;
    default: return Cause::statement;
  }
}

}  // namespace cupel::effects
