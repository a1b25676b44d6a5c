#include "sql/expression.h"

#include "sql/deparse.h"
#include "sql/nodes.h"
#include "sql/script.h"

#include <algorithm>

namespace cupel::sql {
namespace {

const ::Node* tree(const void* node) { return static_cast<const ::Node*>(node); }

ExpressionKind operator_kind(const ::A_Expr& expression) {
  using enum ExpressionKind;
  switch (expression.kind) {
    case AEXPR_OP: return operator_call;
    case AEXPR_OP_ANY: return any_of;
    case AEXPR_OP_ALL: return all_of;
    case AEXPR_DISTINCT: return is_distinct;
    case AEXPR_NOT_DISTINCT: return is_not_distinct;
    case AEXPR_NULLIF: return nullif;
    case AEXPR_IN: return last_string(expression.name) == "<>" ? not_in_list : in_list;
    case AEXPR_LIKE:
    case AEXPR_ILIKE:
    case AEXPR_SIMILAR: return like;
    case AEXPR_BETWEEN:
    case AEXPR_BETWEEN_SYM: return between;
    case AEXPR_NOT_BETWEEN:
    case AEXPR_NOT_BETWEEN_SYM: return not_between;
  }
  return other;
}

ExpressionKind boolean_test_kind(::BoolTestType test) {
  using enum ExpressionKind;
  switch (test) {
    case IS_TRUE: return is_true;
    case IS_NOT_TRUE: return is_not_true;
    case IS_FALSE: return is_false;
    case IS_NOT_FALSE: return is_not_false;
    case IS_UNKNOWN: return is_unknown;
    case IS_NOT_UNKNOWN: return is_not_unknown;
  }
  return other;
}

std::string_view value_function_name(::SQLValueFunctionOp function) {
  switch (function) {
    case SVFOP_CURRENT_DATE: return "current_date";
    case SVFOP_CURRENT_TIME:
    case SVFOP_CURRENT_TIME_N: return "current_time";
    case SVFOP_CURRENT_TIMESTAMP:
    case SVFOP_CURRENT_TIMESTAMP_N: return "current_timestamp";
    case SVFOP_LOCALTIME:
    case SVFOP_LOCALTIME_N: return "localtime";
    case SVFOP_LOCALTIMESTAMP:
    case SVFOP_LOCALTIMESTAMP_N: return "localtimestamp";
    case SVFOP_CURRENT_ROLE: return "current_role";
    case SVFOP_CURRENT_USER: return "current_user";
    case SVFOP_USER: return "user";
    case SVFOP_SESSION_USER: return "session_user";
    case SVFOP_CURRENT_CATALOG: return "current_catalog";
    case SVFOP_CURRENT_SCHEMA: return "current_schema";
  }
  return {};
}

// The operand that begins an expression, if it has one left of its own recorded place.
const ::Node* leftmost_operand(const ::Node* node) {
  switch (tag_of(node)) {
    case T_A_Expr: return as_node<::A_Expr>(node).lexpr;
    case T_BoolExpr: {
      const auto& expression = as_node<::BoolExpr>(node);
      return size(expression.args) > 0 && expression.boolop != NOT_EXPR ? &element<::Node>(expression.args, 0) : nullptr;
    }
    case T_NullTest: return reinterpret_cast<const ::Node*>(as_node<::NullTest>(node).arg);
    case T_BooleanTest: return reinterpret_cast<const ::Node*>(as_node<::BooleanTest>(node).arg);
    case T_CollateClause: return as_node<::CollateClause>(node).arg;
    case T_A_Indirection: return as_node<::A_Indirection>(node).arg;
    case T_TypeCast: return as_node<::TypeCast>(node).arg;
    case T_SubLink: return as_node<::SubLink>(node).testexpr;
    default: return nullptr;
  }
}

// The place recorded in the node itself, -1 if none. (PostgreSQL's exprLocation recurses into arguments without limit.)
int own_location(const ::Node* node) {
  switch (tag_of(node)) {
    case T_A_Const: return as_node<::A_Const>(node).location;
    case T_A_Expr: return as_node<::A_Expr>(node).location;
    case T_A_ArrayExpr: return as_node<::A_ArrayExpr>(node).location;
    case T_BoolExpr: return as_node<::BoolExpr>(node).location;
    case T_BooleanTest: return as_node<::BooleanTest>(node).location;
    case T_CaseExpr: return as_node<::CaseExpr>(node).location;
    case T_CoalesceExpr: return as_node<::CoalesceExpr>(node).location;
    case T_CollateClause: return as_node<::CollateClause>(node).location;
    case T_ColumnRef: return as_node<::ColumnRef>(node).location;
    case T_FuncCall: return as_node<::FuncCall>(node).location;
    case T_GroupingFunc: return as_node<::GroupingFunc>(node).location;
    case T_MinMaxExpr: return as_node<::MinMaxExpr>(node).location;
    case T_NullTest: return as_node<::NullTest>(node).location;
    case T_ParamRef: return as_node<::ParamRef>(node).location;
    case T_RowExpr: return as_node<::RowExpr>(node).location;
    case T_SQLValueFunction: return as_node<::SQLValueFunction>(node).location;
    case T_SetToDefault: return as_node<::SetToDefault>(node).location;
    case T_SubLink: return as_node<::SubLink>(node).location;
    case T_TypeCast: {
      // date '2000-01-01' begins at the type
      const auto& cast = as_node<::TypeCast>(node);
      const int type = cast.typeName == nullptr ? -1 : cast.typeName->location;
      return cast.location >= 0 && (type < 0 || cast.location < type) ? cast.location : type;
    }
    case T_XmlExpr: return as_node<::XmlExpr>(node).location;
    case T_XmlSerialize: return as_node<::XmlSerialize>(node).location;
    case T_JsonArrayConstructor: return as_node<::JsonArrayConstructor>(node).location;
    case T_JsonArrayQueryConstructor: return as_node<::JsonArrayQueryConstructor>(node).location;
    case T_JsonFuncExpr: return as_node<::JsonFuncExpr>(node).location;
    case T_JsonIsPredicate: return as_node<::JsonIsPredicate>(node).location;
    case T_JsonObjectConstructor: return as_node<::JsonObjectConstructor>(node).location;
    case T_JsonParseExpr: return as_node<::JsonParseExpr>(node).location;
    case T_JsonScalarExpr: return as_node<::JsonScalarExpr>(node).location;
    case T_JsonSerializeExpr: return as_node<::JsonSerializeExpr>(node).location;
    default: return -1;
  }
}

}  // namespace

ExpressionKind Expression::kind() const {
  using enum ExpressionKind;
  switch (tag_of(node_)) {
    case T_A_Const: return as_node<::A_Const>(node_).isnull ? null : literal;
    case T_ColumnRef: return column;
    case T_ParamRef: return parameter;
    case T_FuncCall: return function;
    case T_A_Expr: return operator_kind(as_node<::A_Expr>(node_));
    case T_BoolExpr:
      switch (as_node<::BoolExpr>(node_).boolop) {
        case AND_EXPR: return and_;
        case OR_EXPR: return or_;
        case NOT_EXPR: return not_;
      }
      return other;
    case T_NullTest: return as_node<::NullTest>(node_).nulltesttype == IS_NULL ? is_null : is_not_null;
    case T_BooleanTest: return boolean_test_kind(as_node<::BooleanTest>(node_).booltesttype);
    case T_TypeCast: return cast;
    case T_CollateClause: return collate;
    case T_CoalesceExpr: return coalesce;
    case T_MinMaxExpr: return greatest_least;
    case T_CaseExpr: return case_when;
    case T_A_ArrayExpr: return array;
    case T_RowExpr: return row;
    case T_SQLValueFunction: return value_function;
    case T_SubLink: return subquery;
    case T_SetToDefault: return default_;
    case T_A_Indirection: {
      const ::List* path = as_node<::A_Indirection>(node_).indirection;
      const bool ends_in_index = size(path) > 0 && tag_of(&element<::Node>(path, path->length - 1)) == T_A_Indices;
      return ends_in_index ? subscript : field;
    }
    default: return other;
  }
}

std::vector<Expression> Expression::children() const { return expressions_below(tree(node_)); }

std::vector<std::string_view> Expression::name() const {
  switch (tag_of(node_)) {
    case T_ColumnRef: {
      std::vector<std::string_view> path;
      for (const ::Node* part : Each<::Node>(as_node<::ColumnRef>(node_).fields)) {
        path.push_back(tag_of(part) == T_A_Star ? std::string_view("*") : string_of(part));
      }
      return path;
    }
    case T_FuncCall: return strings(as_node<::FuncCall>(node_).funcname);
    case T_A_Expr: return strings(as_node<::A_Expr>(node_).name);
    case T_CollateClause: return strings(as_node<::CollateClause>(node_).collname);
    case T_SQLValueFunction: return {value_function_name(as_node<::SQLValueFunction>(node_).op)};
    default: return {};
  }
}

std::string_view Expression::last_name() const {
  switch (tag_of(node_)) {
    case T_ColumnRef: {
      const ::List* path = as_node<::ColumnRef>(node_).fields;
      if (size(path) == 0) return {};
      const auto& last = element<::Node>(path, path->length - 1);
      return tag_of(&last) == T_A_Star ? std::string_view("*") : string_of(&last);
    }
    case T_FuncCall: return last_string(as_node<::FuncCall>(node_).funcname);
    case T_A_Expr: return last_string(as_node<::A_Expr>(node_).name);
    case T_CollateClause: return last_string(as_node<::CollateClause>(node_).collname);
    case T_SQLValueFunction: return value_function_name(as_node<::SQLValueFunction>(node_).op);
    default: return {};
  }
}

std::string Expression::literal() const {
  if (tag_of(node_) != T_A_Const) return {};
  const auto& constant = as_node<::A_Const>(node_);
  if (constant.isnull) return {};
  switch (constant.val.node.type) {
    case T_Integer: return std::to_string(constant.val.ival.ival);
    case T_Float: return std::string(view(constant.val.fval.fval));
    case T_Boolean: return constant.val.boolval.boolval ? "true" : "false";
    case T_String: return std::string(view(constant.val.sval.sval));
    case T_BitString: return std::string(view(constant.val.bsval.bsval));
    default: return {};
  }
}

bool Expression::is_string_literal() const {
  if (tag_of(node_) != T_A_Const) return false;
  const auto& constant = as_node<::A_Const>(node_);
  return !constant.isnull && constant.val.node.type == T_String;
}

TypeName Expression::type() const { return tag_of(node_) == T_TypeCast ? type_of(as_node<::TypeCast>(node_).typeName) : TypeName{}; }

std::optional<std::uint32_t> Expression::location() const {
  int leftmost = -1;
  // A loop, as chains of operators are as deep as they are long.
  for (const ::Node* node = tree(node_); node != nullptr; node = leftmost_operand(node)) {
    const int here = own_location(node);
    if (here >= 0 && (leftmost < 0 || here < leftmost)) leftmost = here;
  }
  if (leftmost < 0) return std::nullopt;
  return static_cast<std::uint32_t>(leftmost);
}

std::string Expression::text() const { return deparse_expression(node_); }

bool Expression::equals(const Expression& other) const {
  if (node_ == other.node_) return true;
  if (node_ == nullptr || other.node_ == nullptr || tag_of(node_) != tag_of(other.node_)) return false;
  if (deeper_than(tree(node_), max_depth) || deeper_than(tree(other.node_), max_depth)) return false;
  struct Comparison {
    const void* left;
    const void* right;
    bool same;
  } comparison{node_, other.node_, false};
  guarded(
      [](void* argument) {
        auto* compared = static_cast<Comparison*>(argument);
        compared->same = equal(compared->left, compared->right);
      },
      &comparison);
  return comparison.same;
}

namespace {

// Mirrors what the server proves: constant folding of the CHECK pushes NOT inwards, then an arm that equals
// `column IS NOT NULL` is looked for (ConstraintImpliedByRelConstraint in tablecmds.c, weak form of predtest.c).
bool proves_not_null(const Expression& expression, std::string_view wanted, bool negated, int depth) {
  using enum ExpressionKind;
  if (depth > Expression::max_depth) return false;
  const auto is_the_column = [wanted](const Expression& part) {
    return part.kind() == ExpressionKind::column && part.last_name() == wanted;
  };
  const ExpressionKind kind = expression.kind();
  switch (kind) {
    case is_null:
    case is_not_null: {
      if (negated != (kind == is_null)) return false;
      const std::vector<Expression> operands = expression.children();
      return operands.size() == 1 && is_the_column(operands[0]);
    }
    case is_distinct:
    case is_not_distinct: {
      if (negated != (kind == is_not_distinct)) return false;
      const std::vector<Expression> operands = expression.children();
      return operands.size() == 2 &&
             ((is_the_column(operands[0]) && operands[1].kind() == null) || (operands[0].kind() == null && is_the_column(operands[1])));
    }
    case not_: {
      const std::vector<Expression> operands = expression.children();
      return operands.size() == 1 && proves_not_null(operands[0], wanted, !negated, depth + 1);
    }
    case and_:
    case or_: {
      const std::vector<Expression> arms = expression.children();
      const auto proves = [&](const Expression& arm) { return proves_not_null(arm, wanted, negated, depth + 1); };
      // NOT turns AND into OR and OR into AND.
      if ((kind == and_) != negated) return std::any_of(arms.begin(), arms.end(), proves);
      return !arms.empty() && std::all_of(arms.begin(), arms.end(), proves);
    }
    default: return false;
  }
}

}  // namespace

bool Expression::implies_not_null(std::string_view column) const { return node_ != nullptr && proves_not_null(*this, column, false, 0); }

std::vector<std::string_view> Expression::columns() const {
  std::vector<std::string_view> names;
  walk([&names](const Expression& part) {
    if (part.kind() == ExpressionKind::column) {
      const std::string_view name = part.last_name();
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
    return true;
  });
  return names;
}

}  // namespace cupel::sql
