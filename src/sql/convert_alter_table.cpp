// ALTER TABLE and its siblings (INDEX, VIEW, SEQUENCE, TYPE …), which share one grammar.
#include "sql/convert.h"
#include "sql/lexer.h"

#include <utility>

namespace cupel::sql {
namespace {

// The subcommands have no recorded place: they are what top-level commas separate after the table's name.
std::vector<Span> command_spans(const Origin& origin, const ::AlterTableStmt& node) {
  const auto count = static_cast<std::size_t>(size(node.cmds));
  std::vector<Span> spans(count, origin.statement);
  if (!origin.knows(node.relation->location)) return spans;
  std::uint32_t begin = origin.name_at(node.relation->location).end;
  // ALTER TABLE ONLY (name), ALTER TABLE name *
  const auto skippable = [](std::string_view text) { return text == ")" || text == "*"; };
  for (std::size_t i = 0; i < count; ++i) {
    Lexer lexer(origin.file, {begin, origin.statement.end});
    Lexeme first = lexer.next();
    while (first.kind == LexemeKind::space || first.kind == LexemeKind::line_comment || first.kind == LexemeKind::block_comment ||
           (i == 0 && skippable(first.span.of(origin.file)))) {
      first = lexer.next();
    }
    if (first.kind == LexemeKind::end) return spans;
    spans[i] = element_span(origin.file, first.span.begin, origin.statement.end);
    // Past the comma; only blanks can stand before it.
    const std::size_t comma = origin.file.find(',', spans[i].end);
    if (comma == std::string_view::npos || comma >= origin.statement.end) break;
    begin = static_cast<std::uint32_t>(comma) + 1;
  }
  return spans;
}

AlterTableAction action_of(const ::AlterTableCmd& command) {
  using enum AlterTableAction;
  switch (command.subtype) {
    case AT_AddColumn: return add_column;
    case AT_DropColumn: return drop_column;
    case AT_AlterColumnType: return alter_type;
    case AT_ColumnDefault: return command.def == nullptr ? drop_default : set_default;
    case AT_SetNotNull: return set_not_null;
    case AT_DropNotNull: return drop_not_null;
    case AT_SetExpression: return set_expression;
    case AT_DropExpression: return drop_expression;
    case AT_SetStatistics: return set_statistics;
    case AT_SetStorage: return set_storage;
    case AT_SetCompression: return set_compression;
    case AT_SetOptions: return set_column_options;
    case AT_ResetOptions: return reset_column_options;
    case AT_AddIdentity: return add_identity;
    case AT_SetIdentity: return set_identity;
    case AT_DropIdentity: return drop_identity;
    case AT_AddConstraint: return add_constraint;
    case AT_AlterConstraint: return alter_constraint;
    case AT_ValidateConstraint: return validate_constraint;
    case AT_DropConstraint: return drop_constraint;
    case AT_SetLogged: return set_logged;
    case AT_SetUnLogged: return set_unlogged;
    case AT_SetTableSpace: return set_tablespace;
    case AT_SetAccessMethod: return set_access_method;
    case AT_SetRelOptions:
    case AT_ReplaceRelOptions: return set_options;
    case AT_ResetRelOptions: return reset_options;
    case AT_ClusterOn: return cluster_on;
    case AT_DropCluster: return set_without_cluster;
    case AT_DropOids: return set_without_oids;
    case AT_EnableTrig:
    case AT_EnableTrigAll:
    case AT_EnableTrigUser: return enable_trigger;
    case AT_DisableTrig:
    case AT_DisableTrigAll:
    case AT_DisableTrigUser: return disable_trigger;
    case AT_EnableAlwaysTrig: return enable_always_trigger;
    case AT_EnableReplicaTrig: return enable_replica_trigger;
    case AT_EnableRule: return enable_rule;
    case AT_DisableRule: return disable_rule;
    case AT_EnableAlwaysRule: return enable_always_rule;
    case AT_EnableReplicaRule: return enable_replica_rule;
    case AT_EnableRowSecurity: return enable_row_security;
    case AT_DisableRowSecurity: return disable_row_security;
    case AT_ForceRowSecurity: return force_row_security;
    case AT_NoForceRowSecurity: return no_force_row_security;
    case AT_AttachPartition: return attach_partition;
    case AT_DetachPartition: return detach_partition;
    case AT_DetachPartitionFinalize: return detach_partition_finalize;
    case AT_AddInherit: return inherit;
    case AT_DropInherit: return no_inherit;
    case AT_AddOf: return of_type;
    case AT_DropOf: return not_of;
    case AT_ReplicaIdentity: return replica_identity;
    case AT_ChangeOwner: return owner_to;
    case AT_GenericOptions:
    case AT_AlterColumnGenericOptions: return options_foreign;
    // The rest is made by the server while it works, never by the grammar.
    default: return other;
  }
}

// SET GENERATED ALWAYS keeps the letter of the kind as a number.
std::optional<Identity> identity_option(const ::List* options) {
  const ::DefElem* option = find_option(options, "generated");
  if (option == nullptr || tag_of(option->arg) != T_Integer) return std::nullopt;
  return as_node<::Integer>(option->arg).ival == 'a' ? Identity::always : Identity::by_default;
}

void alter_constraint(const ::AlterTableCmd& node, AlterTableCommand& command) {
  Constraint& constraint = command.constraint.emplace();
  constraint.kind = ConstraintKind::foreign_key;
  constraint.span = command.span;
#if PG_VERSION_NUM >= 180000
  const auto& change = as_node<::ATAlterConstraint>(node.def);
  command.alters_enforceability = change.alterEnforceability;
  command.alters_deferrability = change.alterDeferrability;
  command.alters_inheritability = change.alterInheritability;
  constraint.name = view(change.conname);
  constraint.not_enforced = change.alterEnforceability && !change.is_enforced;
  constraint.no_inherit = change.noinherit;
  // Since 18 NOT NULL constraints can be altered as well, and only their inheritability (manual, ALTER TABLE).
  if (change.alterInheritability) constraint.kind = ConstraintKind::not_null;
#else
  const auto& change = as_node<::Constraint>(node.def);
  command.alters_deferrability = true;
  constraint.name = view(change.conname);
#endif
  constraint.deferrable = change.deferrable;
  constraint.initially_deferred = change.initdeferred;
  command.name = constraint.name;
}

AlterTableCommand convert_command(const Origin& origin, const ::AlterTableCmd& node, Span span) {
  AlterTableCommand command;
  command.action = action_of(node);
  command.span = span;
  command.name = view(node.name);
  command.column_number = node.num;
  command.missing_ok = node.missing_ok;
  command.behavior = drop_behavior(node.behavior);
  switch (node.subtype) {
    case AT_AddColumn:
    case AT_AlterColumnType: {
      const auto& column = as_node<::ColumnDef>(node.def);
      const bool is_new = node.subtype == AT_AddColumn;
      Span column_span = span;
      if (is_new && origin.knows(column.location)) column_span.begin = origin.offset(column.location);
      command.column = column_definition(origin, column, column_span);
      if (is_new) {
        command.name = command.column->name;
      } else {
        // The grammar keeps USING where CREATE TABLE has the default.
        command.expression = std::exchange(command.column->default_value, Expression());
        command.column->name = command.name;
      }
      break;
    }
    case AT_ColumnDefault:
    case AT_SetExpression: command.expression = Expression(node.def); break;
    case AT_AddConstraint: {
      const auto& added = as_node<::Constraint>(node.def);
      Span constraint_span = span;
      if (origin.knows(added.location)) constraint_span.begin = origin.offset(added.location);
      command.constraint = constraint(origin, added, constraint_span);
      command.name = command.constraint->name;
      break;
    }
    case AT_AlterConstraint: alter_constraint(node, command); break;
    case AT_AddIdentity:
      command.identity = as_node<::Constraint>(node.def).generated_when == 'a' ? Identity::always : Identity::by_default;
      break;
    case AT_SetIdentity: command.identity = identity_option(reinterpret_cast<const ::List*>(node.def)); break;
    case AT_SetOptions:
    case AT_ResetOptions:
    case AT_SetRelOptions:
    case AT_ResetRelOptions:
    case AT_ReplaceRelOptions:
    case AT_GenericOptions:
    case AT_AlterColumnGenericOptions: command.options = relation_options(origin, reinterpret_cast<const ::List*>(node.def)); break;
    case AT_AttachPartition:
    case AT_DetachPartition:
    case AT_DetachPartitionFinalize: {
      const auto& partition = as_node<::PartitionCmd>(node.def);
      command.relation = relation_name(origin, partition.name);
      if (partition.bound != nullptr) command.bound = partition_bound(*partition.bound);
      command.concurrently = partition.concurrent;
      break;
    }
    case AT_AddInherit:
    case AT_DropInherit: command.relation = relation_name(origin, &as_node<::RangeVar>(node.def)); break;
    case AT_AddOf: command.of_type = type_name(origin, &as_node<::TypeName>(node.def)); break;
    case AT_ReplicaIdentity: {
      const auto& identity = as_node<::ReplicaIdentityStmt>(node.def);
      command.replica_identity = identity.identity_type;
      command.name = view(identity.name);
      break;
    }
    case AT_ChangeOwner: command.name = role_name(node.newowner); break;
    case AT_EnableTrigAll:
    case AT_DisableTrigAll: command.all_triggers = true; break;
    case AT_EnableTrigUser:
    case AT_DisableTrigUser: command.user_triggers = true; break;
    default: break;
  }
  return command;
}

}  // namespace

StatementNode convert_alter_table(const Origin& origin, const ::AlterTableStmt& node) {
  AlterTable table;
  table.kind = object_kind(node.objtype);
  table.name = relation_name(origin, node.relation);
  table.if_exists = node.missing_ok;
  table.only = !node.relation->inh;
  const std::vector<Span> spans = command_spans(origin, node);
  table.commands.reserve(spans.size());
  for (std::size_t i = 0; i < spans.size(); ++i) {
    const auto& command = element<::AlterTableCmd>(node.cmds, static_cast<int>(i));
    table.commands.push_back(convert_command(origin, command, spans[i]));
  }
  return table;
}

}  // namespace cupel::sql
