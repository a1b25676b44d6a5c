// ALTER TABLE and its likes.
#include "schema/replay.h"

#include <algorithm>

namespace cupel::schema {

using sql::AlterTableAction;

namespace {

// PostgreSQL carries out the actions of one ALTER TABLE in passes, whatever their order in the statement
// (AlterTablePass in tablecmds.c; the same order from 13 to 18 as far as it matters here).
int pass_of(const sql::AlterTableCommand& command) {
  switch (command.action) {
    case AlterTableAction::drop_column:
    case AlterTableAction::drop_constraint:
    case AlterTableAction::drop_not_null:
    case AlterTableAction::drop_default:
    case AlterTableAction::drop_identity:
    case AlterTableAction::drop_expression: return 0;
    case AlterTableAction::alter_type: return 1;
    case AlterTableAction::add_column: return 2;
    case AlterTableAction::set_expression: return 3;
    case AlterTableAction::set_not_null: return 4;
    case AlterTableAction::add_constraint: {
      const bool indexed = command.constraint && (command.constraint->kind == sql::ConstraintKind::primary_key ||
                                                  command.constraint->kind == sql::ConstraintKind::unique ||
                                                  command.constraint->kind == sql::ConstraintKind::exclude);
      return indexed ? 5 : 6;
    }
    case AlterTableAction::set_default:
    case AlterTableAction::add_identity:
    case AlterTableAction::set_identity: return 6;
    default: return 7;
  }
}

}  // namespace

void Replay::apply(const sql::AlterTable& alter_table) {
  if (alter_table.kind == sql::ObjectKind::type) {
    alter_composite(alter_table);
    return;
  }
  if (alter_table.if_exists && state_.find(alter_table.name) == RelationId::none) return;
  const RelationKind guess = alter_table.kind == sql::ObjectKind::index               ? RelationKind::index
                             : alter_table.kind == sql::ObjectKind::view              ? RelationKind::view
                             : alter_table.kind == sql::ObjectKind::materialized_view ? RelationKind::materialized_view
                             : alter_table.kind == sql::ObjectKind::sequence          ? RelationKind::sequence
                             : alter_table.kind == sql::ObjectKind::foreign_table     ? RelationKind::foreign_table
                                                                                      : RelationKind::table;
  const RelationId table = target(alter_table.name, guess);
  if (table == RelationId::none) return;
  if (alter_table.commands.size() == 1) {
    alter(table, alter_table.commands.front(), alter_table.only);
    return;
  }
  std::vector<const sql::AlterTableCommand*> commands;
  commands.reserve(alter_table.commands.size());
  for (const sql::AlterTableCommand& command : alter_table.commands) commands.push_back(&command);
  std::stable_sort(commands.begin(), commands.end(),
                   [](const sql::AlterTableCommand* a, const sql::AlterTableCommand* b) { return pass_of(*a) < pass_of(*b); });
  for (const sql::AlterTableCommand* command : commands) alter(table, *command, alter_table.only);
}

void Replay::alter(RelationId table, const sql::AlterTableCommand& command, bool only) {
  const Recurse recurse = only ? Recurse::no : Recurse::yes;
  switch (command.action) {
    case AlterTableAction::add_column:
      if (command.column) add_column(table, command, recurse);
      return;
    case AlterTableAction::drop_column: drop_column(table, command.name, command.missing_ok, command.behavior, recurse); return;
    case AlterTableAction::alter_type:
      if (command.column) alter_type(table, command, recurse);
      return;
    case AlterTableAction::set_default:
    case AlterTableAction::drop_default:
    case AlterTableAction::set_expression:
    case AlterTableAction::drop_expression:
    case AlterTableAction::add_identity:
    case AlterTableAction::set_identity:
    case AlterTableAction::drop_identity: alter_column(table, command, recurse); return;
    case AlterTableAction::set_not_null:
      if (need_column(table, command.name) != nullptr) set_not_null(table, command.name, {}, recurse);
      return;
    case AlterTableAction::drop_not_null: drop_not_null(table, command.name, recurse); return;
    case AlterTableAction::set_statistics:
    case AlterTableAction::set_storage:
    case AlterTableAction::set_compression:
    case AlterTableAction::set_column_options:
    case AlterTableAction::reset_column_options:
      if (!command.name.empty() && relation(table).kind != RelationKind::index) need_column(table, command.name);
      return;
    case AlterTableAction::add_constraint:
      if (command.constraint) add_constraint(table, *command.constraint, recurse);
      return;
    case AlterTableAction::alter_constraint: alter_constraint(table, command); return;
    case AlterTableAction::validate_constraint: validate_constraint(table, command.name, recurse); return;
    case AlterTableAction::drop_constraint: drop_constraint(table, command.name, command.missing_ok, command.behavior, recurse); return;
    case AlterTableAction::set_logged: change(table).persistence = sql::Persistence::permanent; return;
    case AlterTableAction::set_unlogged: change(table).persistence = sql::Persistence::unlogged; return;
    case AlterTableAction::set_tablespace: change(table).tablespace = command.name; return;
    case AlterTableAction::set_access_method: change(table).access_method = command.name; return;
    case AlterTableAction::cluster_on: cluster_on(table, command.name); return;
    case AlterTableAction::set_without_cluster: cluster_on(table, {}); return;
    case AlterTableAction::enable_trigger:
    case AlterTableAction::disable_trigger:
    case AlterTableAction::enable_always_trigger:
    case AlterTableAction::enable_replica_trigger: alter_trigger(table, command, recurse); return;
    case AlterTableAction::enable_row_security: change(table).row_security = true; return;
    case AlterTableAction::disable_row_security: change(table).row_security = false; return;
    case AlterTableAction::attach_partition: attach_partition(table, command); return;
    case AlterTableAction::detach_partition: detach_partition(table, command); return;
    case AlterTableAction::inherit:
    case AlterTableAction::no_inherit:
      if (command.relation) {
        const RelationId parent = target(*command.relation);
        if (parent == RelationId::none) return;
        if (command.action == AlterTableAction::no_inherit) {
          detach(parent, table);
        } else if (would_circle(parent, table)) {
          contradict(Kind::not_allowed, written(*command.relation), "circular inheritance not allowed", "42P07");
        } else {
          become_child(parent, table);
          change(parent).children.push_back(table);
        }
      }
      return;
    case AlterTableAction::of_type:
      if (command.of_type) change(table).of_type = command.of_type->name;
      return;
    case AlterTableAction::not_of: change(table).of_type.clear(); return;
    case AlterTableAction::replica_identity: replica_identity(table, command); return;
    case AlterTableAction::set_options:
    case AlterTableAction::reset_options:
      if (const std::optional<bool> invoker = security_invoker(command.options); invoker && relation(table).kind == RelationKind::view)
        change(table).security_invoker = command.action == AlterTableAction::set_options && *invoker;
      return;
    case AlterTableAction::detach_partition_finalize:
    case AlterTableAction::set_without_oids:
    case AlterTableAction::enable_rule:
    case AlterTableAction::disable_rule:
    case AlterTableAction::enable_always_rule:
    case AlterTableAction::enable_replica_rule:
    case AlterTableAction::force_row_security:
    case AlterTableAction::no_force_row_security:
    case AlterTableAction::owner_to:
    case AlterTableAction::options_foreign:
    case AlterTableAction::drop_oids:
    case AlterTableAction::other: return;
  }
}

// ---- columns ------------------------------------------------------------------------------------------------------------

void Replay::alter_column(RelationId table, const sql::AlterTableCommand& command, Recurse recurse) {
  Column* column = need_column(table, command.name);
  if (column == nullptr) return;
  switch (command.action) {
    case AlterTableAction::set_default:
      column->default_value = keep(command.expression);
      // DEFAULT NULL is no default at all.
      column->has_default = command.expression && command.expression.kind() != sql::ExpressionKind::null;
      column->is_serial = false;
      column->renames.clear();
      break;
    case AlterTableAction::drop_default:
      column->default_value = {};
      column->has_default = column->is_serial = false;
      break;
    case AlterTableAction::set_expression:
      column->default_value = keep(command.expression);
      column->renames.clear();
      break;
    case AlterTableAction::drop_expression:
      if (column->generated == sql::Generated::virtual_) {
        contradict(Kind::not_allowed, command.name, "ALTER TABLE / DROP EXPRESSION is not supported for virtual generated columns",
                   "0A000");
        return;
      }
      column->default_value = {};
      column->has_default = false;
      column->generated = sql::Generated::none;
      break;
    case AlterTableAction::add_identity: add_identity(table, command); return;
    case AlterTableAction::set_identity:
      if (command.identity) column->identity = *command.identity;
      return;
    case AlterTableAction::drop_identity: {
      if (column->identity == sql::Identity::none) {
        if (!command.missing_ok && !relation(table).incomplete) {
          contradict(
              Kind::wrong_kind, command.name,
              "column \"" + std::string(command.name) + "\" of relation \"" + relation(table).name.name + "\" is not an identity column",
              "55000");
        }
        return;
      }
      column->identity = sql::Identity::none;
      column->has_default = false;
      const std::vector<RelationId> sequences = relation(table).owned_sequences;
      for (const RelationId sequence : sequences) {
        if (relation(sequence).owner_column == command.name) drop_relation(sequence);
      }
      return;
    }
    default: return;
  }
  if (recurse == Recurse::no) return;
  const std::vector<RelationId> children = relation(table).children;
  for (const RelationId child : children) {
    const Column* own = relation(child).find_column(command.name);
    if (own == nullptr || (command.action == AlterTableAction::drop_identity && own->identity == sql::Identity::none)) continue;
    alter_column(child, command, Recurse::yes);
  }
}

void Replay::add_identity(RelationId table, const sql::AlterTableCommand& command) {
  const Relation& owner = relation(table);
  if (!owner.find_column(command.name)->not_null && !owner.incomplete) {
    contradict(Kind::not_allowed, command.name,
               "column \"" + std::string(command.name) + "\" of relation \"" + owner.name.name +
                   "\" must be declared NOT NULL before identity can be added",
               "55000");
    return;
  }
  std::vector<RelationId> tables{table};
  // Partitions draw from the parent's sequence (17).
  if (owner.kind == RelationKind::partitioned_table) {
    const std::vector<RelationId> partitions = database_.descendants(table);
    tables.insert(tables.end(), partitions.begin(), partitions.end());
  }
  for (const RelationId id : tables) {
    Column* column = change(id).find_column(command.name);
    if (column == nullptr) continue;
    column->identity = command.identity.value_or(sql::Identity::by_default);
    column->has_default = true;
  }
  make_sequence(table, command.name);
}

bool Replay::may_alter_type(RelationId table, std::string_view column, Recurse recurse) {
  const Relation& owner = relation(table);
  if (owner.incomplete || statement_.conditional) return true;
  auto refuse = [&](Kind kind, std::string message, std::string_view sqlstate) {
    contradict(kind, column, std::move(message), sqlstate);
    return false;
  };
  const std::string quoted = "\"" + std::string(column) + "\"";
  if (is_partition_key(owner, column)) {
    return refuse(Kind::not_allowed,
                  "cannot alter column " + quoted + " because it is part of the partition key of relation \"" + owner.name.name + "\"",
                  "42P16");
  }
  if (recurse == Recurse::no && !owner.children.empty()) {
    return refuse(Kind::not_allowed, "type of inherited column " + quoted + " must be changed in child tables too", "42P16");
  }
  // Only what is sure to depend.
  const ColumnDependents dependents = dependents_of(table, column);
  const char* user = !dependents.views.empty()       ? "cannot alter type of a column used by a view or rule"
                     : !dependents.triggers.empty()  ? "cannot alter type of a column used in a trigger definition"
                     : !dependents.policies.empty()  ? "cannot alter type of a column used in a policy definition"
                     : !dependents.functions.empty() ? "cannot alter type of a column used by a function or procedure"
                     : dependents.published          ? "cannot alter type of a column used by a publication WHERE clause"
                     : !dependents.generated.empty() ? "cannot alter type of a column used by a generated column"
                                                     : nullptr;
  return user == nullptr || refuse(Kind::dependent_objects, user, "0A000");
}

void Replay::alter_type(RelationId table, const sql::AlterTableCommand& command, Recurse recurse) {
  Column* column = need_column(table, command.name);
  if (column == nullptr || !may_alter_type(table, command.name, recurse)) return;
  const Relation& owner = relation(table);
  column->type = state_.resolve(command.column->type);
  column->collation = command.column->collation;
  if (recurse == Recurse::no) return;
  const std::vector<RelationId> children = owner.children;
  for (const RelationId child : children) {
    if (relation(child).find_column(command.name) != nullptr) alter_type(child, command, Recurse::yes);
  }
}

void Replay::alter_composite(const sql::AlterTable& alter_type) {
  const std::optional<std::uint32_t> index = need_type(alter_type.name, TypeKind::composite);
  if (!index) return;
  // Tables OF the type have its attributes as columns; with CASCADE they follow (manual: ALTER TYPE).
  for (const sql::AlterTableCommand& command : alter_type.commands) {
    if (command.behavior != sql::DropBehavior::cascade) continue;
    for (const RelationId id : database_.relations()) {
      if (relation(id).of_type == alter_type.name.name) alter(id, command, false);
    }
  }
  for (const sql::AlterTableCommand& command : alter_type.commands) {
    Type& type = state_.change_type(*index);
    auto same = std::find_if(type.columns.begin(), type.columns.end(), [&command](const Column& column) {
      return column.name == (command.column && command.name.empty() ? command.column->name : command.name);
    });
    if (command.action == AlterTableAction::add_column && command.column) {
      if (same == type.columns.end()) {
        type.columns.push_back(make_column(*command.column));
      } else {
        contradict(Kind::duplicate_column, same->name,
                   "column \"" + same->name + "\" of relation \"" + type.name.name + "\" already exists", "42701");
      }
    } else if (same == type.columns.end()) {
      if (type.incomplete || command.missing_ok) continue;
      contradict(Kind::unknown_column, command.name,
                 "column \"" + std::string(command.name) + "\" of relation \"" + type.name.name + "\" does not exist", "42703");
    } else if (command.action == AlterTableAction::drop_column) {
      type.columns.erase(same);
    } else if (command.action == AlterTableAction::alter_type && command.column) {
      same->type = state_.resolve(command.column->type);
    }
  }
}

// ---- the rest -----------------------------------------------------------------------------------------------------------

void Replay::alter_trigger(RelationId table, const sql::AlterTableCommand& command, Recurse recurse) {
  const bool enable = command.action != AlterTableAction::disable_trigger;
  bool found = command.all_triggers || command.user_triggers || relation(table).incomplete;
  if (command.all_triggers) change(table).system_triggers_enabled = enable;
  for (Trigger& trigger : change(table).triggers) {
    if (!command.all_triggers && !command.user_triggers && trigger.name != command.name) continue;
    trigger.enabled = enable;
    found = true;
  }
  if (!found) {
    contradict(Kind::unknown_object, command.name,
               "trigger \"" + std::string(command.name) + "\" for table \"" + relation(table).name.name + "\" does not exist", "42704");
    return;
  }
  if (recurse == Recurse::no) return;
  for (const RelationId child : database_.descendants(table)) {
    if (command.all_triggers) change(child).system_triggers_enabled = enable;
    for (Trigger& trigger : change(child).triggers) {
      if (trigger.inherited && (command.all_triggers || command.user_triggers || trigger.name == command.name)) trigger.enabled = enable;
    }
  }
}

void Replay::replica_identity(RelationId table, const sql::AlterTableCommand& command) {
  Relation& changed = change(table);
  changed.replica_identity = command.replica_identity;
  changed.replica_identity_index = command.replica_identity == 'i' ? std::string(command.name) : std::string();
  for (const RelationId id : changed.indexes) {
    const bool chosen = command.replica_identity == 'i' && relation(id).name.name == command.name;
    if (relation(id).index->replica_identity != chosen) change(id).index->replica_identity = chosen;
  }
}

void Replay::cluster_on(RelationId table, std::string_view index) {
  for (const RelationId id : relation(table).indexes) {
    const bool chosen = !index.empty() && relation(id).name.name == index;
    if (relation(id).index->clustered != chosen) change(id).index->clustered = chosen;
  }
}

void Replay::apply(const sql::Cluster& cluster) {
  if (!cluster.name) return;
  const RelationId table = target(*cluster.name);
  if (table != RelationId::none && !cluster.index.empty()) cluster_on(table, cluster.index);
}

}  // namespace cupel::schema
