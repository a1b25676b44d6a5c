// How deep trees are, asked before recursing into them.
#include "sql/nodes.h"

#include <initializer_list>

namespace cupel::sql {
namespace {

struct DepthWalk {
  int left;
};

bool exceeds_depth(::Node* node, void* argument) {
  if (node == nullptr) return false;
  auto* walk = static_cast<DepthWalk*>(argument);
  if (walk->left == 0) return true;
  --walk->left;
  const bool exceeds = raw_expression_tree_walker_impl(node, exceeds_depth, argument);
  ++walk->left;
  return exceeds;
}

struct DepthQuestion {
  const ::Node* node;
  int limit;
  bool exceeds;
};

template <class T>
const ::Node* as_tree(const T* node) {
  return reinterpret_cast<const ::Node*>(node);
}

bool any_deeper(std::initializer_list<const ::Node*> parts, int limit) {
  for (const ::Node* part : parts) {
    if (part != nullptr && statement_deeper_than(part, limit)) return true;
  }
  return false;
}

// CREATE and ALTER of tables and indexes, and what they are made of.
bool definition_deeper_than(const ::Node* node, int limit) {
  switch (tag_of(node)) {
    case T_CreateStmt: {
      const auto& table = as_node<::CreateStmt>(node);
      return any_deeper({as_tree(table.tableElts), as_tree(table.partbound), as_tree(table.partspec), as_tree(table.options)}, limit);
    }
    case T_CreateForeignTableStmt: return definition_deeper_than(as_tree(&as_node<::CreateForeignTableStmt>(node).base), limit);
    case T_ColumnDef: {
      const auto& column = as_node<::ColumnDef>(node);
      return any_deeper({as_tree(column.typeName), column.raw_default, as_tree(column.constraints)}, limit);
    }
    case T_Constraint: {
      const auto& constraint = as_node<::Constraint>(node);
      return any_deeper({constraint.raw_expr, constraint.where_clause, as_tree(constraint.exclusions), as_tree(constraint.options)}, limit);
    }
    case T_IndexElem: return any_deeper({as_node<::IndexElem>(node).expr}, limit);
    case T_StatsElem: return any_deeper({as_node<::StatsElem>(node).expr}, limit);
    case T_PartitionElem: return any_deeper({as_node<::PartitionElem>(node).expr}, limit);
    case T_PartitionSpec: return any_deeper({as_tree(as_node<::PartitionSpec>(node).partParams)}, limit);
    case T_PartitionBoundSpec: {
      const auto& bound = as_node<::PartitionBoundSpec>(node);
      return any_deeper({as_tree(bound.listdatums), as_tree(bound.lowerdatums), as_tree(bound.upperdatums)}, limit);
    }
    case T_AlterTableStmt: return any_deeper({as_tree(as_node<::AlterTableStmt>(node).cmds)}, limit);
    case T_AlterTableCmd: return any_deeper({as_node<::AlterTableCmd>(node).def}, limit);
    case T_PartitionCmd: return any_deeper({as_tree(as_node<::PartitionCmd>(node).bound)}, limit);
    case T_IndexStmt: {
      const auto& index = as_node<::IndexStmt>(node);
      return any_deeper({as_tree(index.indexParams), index.whereClause, as_tree(index.options)}, limit);
    }
    case T_CompositeTypeStmt: return any_deeper({as_tree(as_node<::CompositeTypeStmt>(node).coldeflist)}, limit);
    case T_CreateDomainStmt: {
      const auto& domain = as_node<::CreateDomainStmt>(node);
      return any_deeper({as_tree(domain.typeName), as_tree(domain.constraints)}, limit);
    }
    case T_AlterDomainStmt: return any_deeper({as_node<::AlterDomainStmt>(node).def}, limit);
    case T_CreateStatsStmt: return any_deeper({as_tree(as_node<::CreateStatsStmt>(node).exprs)}, limit);
    default: return false;
  }
}

}  // namespace

bool deeper_than(const ::Node* node, int limit) {
  // A node the walker does not know leaves the answer at "too deep": it can be neither printed nor compared either.
  DepthQuestion question{node, limit, true};
  guarded(
      [](void* argument) {
        auto* asked = static_cast<DepthQuestion*>(argument);
        DepthWalk walk{asked->limit};
        asked->exceeds = exceeds_depth(const_cast<::Node*>(asked->node), &walk);
      },
      &question);
  return question.exceeds;
}

// The library's walker knows queries and expressions only. The nesting of statements above them is bounded by the
// grammar, so this recursion is, too.
bool statement_deeper_than(const ::Node* node, int limit) {
  if (is_expression(node)) return deeper_than(node, limit);
  switch (tag_of(node)) {
    case T_SelectStmt:
    case T_InsertStmt:
    case T_UpdateStmt:
    case T_DeleteStmt:
    case T_MergeStmt: return deeper_than(node, limit);
    case T_List:
      for (const ::Node* part : Each<::Node>(reinterpret_cast<const ::List*>(node))) {
        if (statement_deeper_than(part, limit)) return true;
      }
      return false;
    case T_TypeName: return any_deeper({as_tree(as_node<::TypeName>(node).typmods)}, limit);
    case T_DefElem: return any_deeper({as_node<::DefElem>(node).arg}, limit);
    case T_ObjectWithArgs: return any_deeper({as_tree(as_node<::ObjectWithArgs>(node).objargs)}, limit);
    case T_ViewStmt: return any_deeper({as_node<::ViewStmt>(node).query}, limit);
    case T_CreateTableAsStmt: return any_deeper({as_node<::CreateTableAsStmt>(node).query}, limit);
    case T_ExplainStmt: return any_deeper({as_node<::ExplainStmt>(node).query}, limit);
    case T_DeclareCursorStmt: return any_deeper({as_node<::DeclareCursorStmt>(node).query}, limit);
    case T_PrepareStmt: {
      const auto& prepare = as_node<::PrepareStmt>(node);
      return any_deeper({as_tree(prepare.argtypes), prepare.query}, limit);
    }
    case T_ExecuteStmt: return any_deeper({as_tree(as_node<::ExecuteStmt>(node).params)}, limit);
    case T_CallStmt: return any_deeper({as_tree(as_node<::CallStmt>(node).funccall)}, limit);
    case T_CopyStmt: {
      const auto& copy = as_node<::CopyStmt>(node);
      return any_deeper({copy.query, copy.whereClause}, limit);
    }
    case T_RuleStmt: {
      const auto& rule = as_node<::RuleStmt>(node);
      return any_deeper({rule.whereClause, as_tree(rule.actions)}, limit);
    }
    case T_CreatePolicyStmt: {
      const auto& policy = as_node<::CreatePolicyStmt>(node);
      return any_deeper({policy.qual, policy.with_check}, limit);
    }
    case T_AlterPolicyStmt: {
      const auto& policy = as_node<::AlterPolicyStmt>(node);
      return any_deeper({policy.qual, policy.with_check}, limit);
    }
    case T_CreateTrigStmt: return any_deeper({as_node<::CreateTrigStmt>(node).whenClause}, limit);
    case T_CreateFunctionStmt: {
      const auto& function = as_node<::CreateFunctionStmt>(node);
      return any_deeper({as_tree(function.parameters), as_tree(function.returnType), function.sql_body}, limit);
    }
    case T_FunctionParameter: {
      const auto& parameter = as_node<::FunctionParameter>(node);
      return any_deeper({as_tree(parameter.argType), parameter.defexpr}, limit);
    }
    case T_ReturnStmt: return any_deeper({as_node<::ReturnStmt>(node).returnval}, limit);
    case T_DropStmt: return any_deeper({as_tree(as_node<::DropStmt>(node).objects)}, limit);
    case T_DefineStmt: return any_deeper({as_tree(as_node<::DefineStmt>(node).definition)}, limit);
    case T_CreateSchemaStmt: return any_deeper({as_tree(as_node<::CreateSchemaStmt>(node).schemaElts)}, limit);
    case T_CreatePublicationStmt: return any_deeper({as_tree(as_node<::CreatePublicationStmt>(node).pubobjects)}, limit);
    case T_AlterPublicationStmt: return any_deeper({as_tree(as_node<::AlterPublicationStmt>(node).pubobjects)}, limit);
    case T_PublicationObjSpec: return any_deeper({as_tree(as_node<::PublicationObjSpec>(node).pubtable)}, limit);
    case T_PublicationTable: return any_deeper({as_node<::PublicationTable>(node).whereClause}, limit);
    default: return definition_deeper_than(node, limit);
  }
}

}  // namespace cupel::sql
