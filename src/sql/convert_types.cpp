// CREATE and ALTER TYPE and DOMAIN.
#include "sql/convert.h"

namespace cupel::sql {
namespace {

QualifiedName located(const Origin& origin, const ::List* names) {
  QualifiedName name = name_of(names);
  NameFinder(origin).locate(name);
  return name;
}

StatementNode alter_enum(const Origin& origin, const ::AlterEnumStmt& node) {
  AlterEnum change;
  change.name = located(origin, node.typeName);
  change.new_label = view(node.newVal);
  change.old_label = view(node.oldVal);
  change.neighbor = view(node.newValNeighbor);
  change.after = node.newValIsAfter;
  change.if_not_exists = node.skipIfNewValExists;
  return change;
}

StatementNode create_domain(const Origin& origin, const ::CreateDomainStmt& node) {
  CreateDomain domain;
  domain.name = located(origin, node.domainname);
  domain.base = type_name(origin, node.typeName);
  if (node.collClause != nullptr) domain.collation = last_string(node.collClause->collname);
  // A domain takes the constraints that a column takes, in the same shape.
  ::ColumnDef as_column{};
  as_column.constraints = node.constraints;
  ColumnDefinition column = column_definition(origin, as_column, origin.statement);
  domain.default_value = column.default_value;
  domain.not_null = column.not_null;
  domain.constraints = std::move(column.constraints);
  for (Constraint& part : domain.constraints) part.columns.clear();
  return domain;
}

StatementNode alter_domain(const Origin& origin, const ::AlterDomainStmt& node) {
  using Action = AlterDomain::Action;
  AlterDomain change{};
  change.name = located(origin, node.typeName);
  change.missing_ok = node.missing_ok;
  switch (node.subtype) {
    case 'T':
      change.action = node.def == nullptr ? Action::drop_default : Action::set_default;
      change.default_value = Expression(node.def);
      break;
    case 'N': change.action = Action::drop_not_null; break;
    case 'O': change.action = Action::set_not_null; break;
    case 'C': {
      change.action = Action::add_constraint;
      const auto& added = as_node<::Constraint>(node.def);
      change.constraint = constraint(origin, added, origin.element_at(added.location));
      change.constraint_name = change.constraint->name;
      break;
    }
    case 'X':
      change.action = Action::drop_constraint;
      change.constraint_name = view(node.name);
      break;
    default:  // 'V'
      change.action = Action::validate_constraint;
      change.constraint_name = view(node.name);
      break;
  }
  return change;
}

StatementNode create_composite(const Origin& origin, const ::CompositeTypeStmt& node) {
  CreateComposite composite;
  composite.name = relation_name(origin, node.typevar);
  for (const ::ColumnDef* column : Each<::ColumnDef>(node.coldeflist)) {
    composite.columns.push_back(column_definition(origin, *column, origin.element_at(column->location)));
  }
  return composite;
}

}  // namespace

std::optional<StatementNode> convert_type(const Origin& origin, const ::Node* node) {
  switch (tag_of(node)) {
    case T_CreateEnumStmt: {
      const auto& created = as_node<::CreateEnumStmt>(node);
      return CreateEnum{located(origin, created.typeName), strings(created.vals)};
    }
    case T_AlterEnumStmt: return alter_enum(origin, as_node<::AlterEnumStmt>(node));
    case T_CreateDomainStmt: return create_domain(origin, as_node<::CreateDomainStmt>(node));
    case T_AlterDomainStmt: return alter_domain(origin, as_node<::AlterDomainStmt>(node));
    case T_CompositeTypeStmt: return create_composite(origin, as_node<::CompositeTypeStmt>(node));
    case T_CreateRangeStmt: return CreateRange{located(origin, as_node<::CreateRangeStmt>(node).typeName)};
    default: return std::nullopt;
  }
}

}  // namespace cupel::sql
