// Names, types, options and kinds: the parts that all families of statements share.
#include "sql/convert.h"
#include "sql/words.h"

#include <charconv>

namespace cupel::sql {

QualifiedName relation_name(const Origin& origin, const ::RangeVar* relation) {
  if (relation == nullptr) return {};
  return {view(relation->schemaname), view(relation->relname), origin.name_at(relation->location)};
}

std::vector<QualifiedName> relation_names(const Origin& origin, const ::List* relations) {
  std::vector<QualifiedName> names;
  names.reserve(static_cast<std::size_t>(size(relations)));
  for (const ::RangeVar* relation : Each<::RangeVar>(relations)) names.push_back(relation_name(origin, relation));
  return names;
}

TypeName type_of(const ::TypeName* type) {
  TypeName result;
  if (type == nullptr) return result;
  const QualifiedName name = name_of(type->names);
  result.schema = name.schema;
  result.name = name.name;
  result.set_of = type->setof;
  result.percent_type = type->pct_type;
  result.array_dimensions = size(type->arrayBounds);
  for (const ::Node* modifier : Each<::Node>(type->typmods)) {
    if (tag_of(modifier) != T_A_Const) continue;
    const auto& constant = as_node<::A_Const>(modifier);
    if (!constant.isnull && constant.val.node.type == T_Integer) result.modifiers.push_back(constant.val.ival.ival);
  }
  return result;
}

TypeName type_name(const Origin& origin, const ::TypeName* type) {
  TypeName result = type_of(type);
  if (type == nullptr) return result;
  if (origin.knows(type->location)) {
    const std::uint32_t begin = origin.offset(type->location);
    result.span = {begin, begin};
  } else {
    result.span = origin.statement;
  }
  return result;
}

QualifiedName object_name(const Origin& origin, const ::Node* object) {
  QualifiedName result;
  switch (tag_of(object)) {
    case T_String: result.name = string_of(object); break;
    case T_List: {
      const auto* list = reinterpret_cast<const ::List*>(object);
      // CAST and TRANSFORM are named by a type.
      if (size(list) > 0 && tag_of(&element<::Node>(list, 0)) == T_TypeName) { return object_name(origin, &element<::Node>(list, 0)); }
      result = name_of(list);
      break;
    }
    case T_TypeName: result = name_of(as_node<::TypeName>(object).names); break;
    case T_ObjectWithArgs: result = name_of(as_node<::ObjectWithArgs>(object).objname); break;
    case T_RangeVar: return relation_name(origin, &as_node<::RangeVar>(object));
    default: break;
  }
  result.span = origin.statement;
  return result;
}

ObjectKind object_kind(::ObjectType type) {
  switch (type) {
    case OBJECT_ACCESS_METHOD: return ObjectKind::access_method;
    case OBJECT_AGGREGATE: return ObjectKind::aggregate;
    case OBJECT_ATTRIBUTE: return ObjectKind::attribute;
    case OBJECT_CAST: return ObjectKind::cast;
    case OBJECT_COLUMN: return ObjectKind::column;
    case OBJECT_COLLATION: return ObjectKind::collation;
    case OBJECT_CONVERSION: return ObjectKind::conversion;
    case OBJECT_DATABASE: return ObjectKind::database;
    case OBJECT_DOMAIN: return ObjectKind::domain;
    case OBJECT_DOMCONSTRAINT: return ObjectKind::domain_constraint;
    case OBJECT_EVENT_TRIGGER: return ObjectKind::event_trigger;
    case OBJECT_EXTENSION: return ObjectKind::extension;
    case OBJECT_FDW: return ObjectKind::foreign_data_wrapper;
    case OBJECT_FOREIGN_SERVER: return ObjectKind::foreign_server;
    case OBJECT_FOREIGN_TABLE: return ObjectKind::foreign_table;
    case OBJECT_FUNCTION: return ObjectKind::function;
    case OBJECT_INDEX: return ObjectKind::index;
    case OBJECT_LANGUAGE: return ObjectKind::language;
    case OBJECT_LARGEOBJECT: return ObjectKind::large_object;
    case OBJECT_MATVIEW: return ObjectKind::materialized_view;
    case OBJECT_OPCLASS: return ObjectKind::operator_class;
    case OBJECT_OPERATOR: return ObjectKind::operator_;
    case OBJECT_OPFAMILY: return ObjectKind::operator_family;
    case OBJECT_POLICY: return ObjectKind::policy;
    case OBJECT_PROCEDURE: return ObjectKind::procedure;
    case OBJECT_PUBLICATION: return ObjectKind::publication;
    case OBJECT_ROLE: return ObjectKind::role;
    case OBJECT_ROUTINE: return ObjectKind::routine;
    case OBJECT_RULE: return ObjectKind::rule;
    case OBJECT_SCHEMA: return ObjectKind::schema;
    case OBJECT_SEQUENCE: return ObjectKind::sequence;
    case OBJECT_SUBSCRIPTION: return ObjectKind::subscription;
    case OBJECT_STATISTIC_EXT: return ObjectKind::statistics;
    case OBJECT_TABCONSTRAINT: return ObjectKind::constraint;
    case OBJECT_TABLE: return ObjectKind::table;
    case OBJECT_TABLESPACE: return ObjectKind::tablespace;
    case OBJECT_TRANSFORM: return ObjectKind::transform;
    case OBJECT_TRIGGER: return ObjectKind::trigger;
    case OBJECT_TSCONFIGURATION:
    case OBJECT_TSDICTIONARY:
    case OBJECT_TSPARSER:
    case OBJECT_TSTEMPLATE: return ObjectKind::text_search;
    case OBJECT_TYPE: return ObjectKind::type;
    case OBJECT_VIEW: return ObjectKind::view;
    default: return ObjectKind::other;
  }
}

Persistence persistence(char relpersistence) {
  switch (relpersistence) {
    case 't': return Persistence::temporary;
    case 'u': return Persistence::unlogged;
    default: return Persistence::permanent;
  }
}

DropBehavior drop_behavior(::DropBehavior behavior) { return behavior == DROP_CASCADE ? DropBehavior::cascade : DropBehavior::restrict_; }

std::string_view role_name(const ::RoleSpec* role) {
  if (role == nullptr) return {};
  switch (role->roletype) {
    case ROLESPEC_CSTRING: return view(role->rolename);
    case ROLESPEC_CURRENT_ROLE: return "current_role";
    case ROLESPEC_CURRENT_USER: return "current_user";
    case ROLESPEC_SESSION_USER: return "session_user";
    case ROLESPEC_PUBLIC: return "public";
  }
  return {};
}

std::string_view value_text(const Origin& origin, const ::Node* value) {
  switch (tag_of(value)) {
    case T_String: return string_of(value);
    case T_Float: return view(as_node<::Float>(value).fval);
    case T_BitString: return view(as_node<::BitString>(value).bsval);
    case T_Boolean: return as_node<::Boolean>(value).boolval ? "true" : "false";
    case T_Integer: {
      char digits[16];
      const auto [end, error] = std::to_chars(std::begin(digits), std::end(digits), as_node<::Integer>(value).ival);
      return origin.keep({digits, static_cast<std::size_t>(end - digits)});
    }
    case T_A_Const: {
      const auto& constant = as_node<::A_Const>(value);
      return constant.isnull ? std::string_view("null") : value_text(origin, &constant.val.node);
    }
    case T_TypeCast: return value_text(origin, as_node<::TypeCast>(value).arg);
    case T_TypeName: return name_of(as_node<::TypeName>(value).names).name;
    case T_List: {
      std::string joined;
      for (const ::Node* part : Each<::Node>(reinterpret_cast<const ::List*>(value))) {
        if (!joined.empty()) joined += '.';
        joined += value_text(origin, part);
      }
      return origin.keep(joined);
    }
    case T_A_Star: return "*";
    default: return {};
  }
}

std::vector<RelationOption> relation_options(const Origin& origin, const ::List* options) {
  std::vector<RelationOption> result;
  result.reserve(static_cast<std::size_t>(size(options)));
  for (const ::DefElem* option : Each<::DefElem>(options)) {
    result.push_back({view(option->defnamespace), view(option->defname), value_text(origin, option->arg)});
  }
  return result;
}

const ::DefElem* find_option(const ::List* options, std::string_view name) {
  for (const ::DefElem* option : Each<::DefElem>(options)) {
    if (view(option->defname) == name) return option;
  }
  return nullptr;
}

bool is_on(const ::DefElem* option) {
  if (option == nullptr) return false;
  switch (tag_of(option->arg)) {
    case T_Invalid: return true;
    case T_Boolean: return as_node<::Boolean>(option->arg).boolval;
    case T_Integer: return as_node<::Integer>(option->arg).ival != 0;
    case T_String: return is_word(string_of(option->arg), "true") || is_word(string_of(option->arg), "on");
    default: return false;
  }
}

}  // namespace cupel::sql
