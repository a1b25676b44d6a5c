#include "sql/nodes.h"

namespace cupel::sql {

std::vector<std::string_view> strings(const ::List* names) {
  std::vector<std::string_view> result;
  result.reserve(static_cast<std::size_t>(size(names)));
  for (const ::Node* name : Each<::Node>(names)) result.push_back(string_of(name));
  return result;
}

QualifiedName name_of(const ::List* names) {
  QualifiedName result;
  if (size(names) == 0) return result;
  result.name = last_string(names);
  if (size(names) > 1) result.schema = string_of(&element<::Node>(names, names->length - 2));
  return result;
}

bool guarded(void (*run)(void*), void* argument) {
  pg_query_init();  // an error report needs the thread's ErrorContext
#if PG_VERSION_NUM >= 180000
  // 18 checks the stack against a base that an earlier call, perhaps from a quite different depth, has set. Callers
  // bound the depth themselves, or have just entered a ScratchContext, which sets base and limit.
  if (CurrentMemoryContext == TopMemoryContext) restore_stack_base(nullptr);
#endif
  ::sigjmp_buf* const previous_handler = PG_exception_stack;
  ::ErrorContextCallback* const previous_callbacks = error_context_stack;
  const ::MemoryContext previous_context = CurrentMemoryContext;
  ::sigjmp_buf handler;
  volatile bool done = false;
  if (sigsetjmp(handler, 0) == 0) {
    PG_exception_stack = &handler;
    run(argument);
    done = true;
  } else {
    CurrentMemoryContext = previous_context;
    FlushErrorState();
  }
  PG_exception_stack = previous_handler;
  error_context_stack = previous_callbacks;
  return done;
}

bool is_expression(const ::Node* node) {
  switch (tag_of(node)) {
    case T_A_Const:
    case T_ColumnRef:
    case T_ParamRef:
    case T_FuncCall:
    case T_A_Expr:
    case T_BoolExpr:
    case T_NullTest:
    case T_BooleanTest:
    case T_TypeCast:
    case T_CollateClause:
    case T_CoalesceExpr:
    case T_MinMaxExpr:
    case T_CaseExpr:
    case T_A_ArrayExpr:
    case T_RowExpr:
    case T_SQLValueFunction:
    case T_SubLink:
    case T_SetToDefault:
    case T_A_Indirection:
    case T_XmlExpr:
    case T_XmlSerialize:
    case T_GroupingFunc:
    case T_CurrentOfExpr:
    case T_JsonObjectConstructor:
    case T_JsonArrayConstructor:
    case T_JsonArrayQueryConstructor:
    case T_JsonObjectAgg:
    case T_JsonArrayAgg:
    case T_JsonFuncExpr:
    case T_JsonParseExpr:
    case T_JsonScalarExpr:
    case T_JsonSerializeExpr:
    case T_JsonIsPredicate:
    case T_MergeSupportFunc:
    case T_MultiAssignRef: return true;
    default: return false;
  }
}

namespace {

struct Gathering {
  const ::Node* root;
  std::vector<Expression>* found;
  int depth;
};

bool gather(::Node* node, void* argument) {
  auto* gathering = static_cast<Gathering*>(argument);
  if (node == nullptr || tag_of(node) == T_TypeName) return false;
  if (is_expression(node)) {
    gathering->found->emplace_back(node);
    return false;
  }
  if (gathering->depth >= Expression::max_depth) return false;
  ++gathering->depth;
  raw_expression_tree_walker_impl(node, gather, argument);
  --gathering->depth;
  return false;
}

}  // namespace

std::vector<Expression> expressions_below(const ::Node* node) {
  std::vector<Expression> found;
  // Most expressions are one of these, and the walker has to be guarded.
  switch (tag_of(node)) {
    case T_Invalid:
    case T_A_Const:
    case T_ColumnRef:
    case T_ParamRef:
    case T_SQLValueFunction:
    case T_SetToDefault: return found;
    case T_FuncCall: {
      const auto& call = as_node<::FuncCall>(node);
      if (call.args == nullptr && call.agg_order == nullptr && call.agg_filter == nullptr && call.over == nullptr) return found;
      break;
    }
    case T_TypeCast:
      if (const ::Node* value = as_node<::TypeCast>(node).arg; is_expression(value)) {
        found.emplace_back(value);
        return found;
      }
      break;
    default: break;
  }
  Gathering gathering{node, &found, 0};
  guarded(
      [](void* argument) {
        auto* run = static_cast<Gathering*>(argument);
        raw_expression_tree_walker_impl(const_cast<::Node*>(run->root), gather, argument);
      },
      &gathering);
  return found;
}

}  // namespace cupel::sql
