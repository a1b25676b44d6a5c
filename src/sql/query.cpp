// What a query touches: relations, function calls; and the shape of its result.
#include "sql/convert.h"

#include <algorithm>

namespace cupel::sql {
namespace {

// Walks a query. Errors of the library's walker end the walk with a longjmp over our frames, so that no local variable
// here may own memory: everything that does is a member.
class Collector {
 public:
  Collector(const Origin& origin, Query& query) : origin_(origin), query_(query) {}

  void run(const ::Node* node) {
    root_ = node;
    guarded([](void* self) { static_cast<Collector*>(self)->visit(static_cast<Collector*>(self)->root_); }, this);
  }

 private:
  static bool visit_callback(::Node* node, void* self) {
    static_cast<Collector*>(self)->visit(node);
    return false;
  }
  void visit(const ::List* list) { visit(reinterpret_cast<const ::Node*>(list)); }

  void visit(const ::Node* node) {
    if (node == nullptr || depth_ >= Expression::max_depth) return;
    ++depth_;
    switch (tag_of(node)) {
      case T_ColumnRef: add_column(as_node<::ColumnRef>(node)); break;
      case T_A_Const:
      case T_TypeName:
      case T_LockingClause:
      case T_IntoClause: break;
      case T_RangeVar: add(as_node<::RangeVar>(node), use_of(as_node<::RangeVar>(node))); break;
      case T_SelectStmt: visit_select(as_node<::SelectStmt>(node)); break;
      case T_InsertStmt: {
        const auto& insert = as_node<::InsertStmt>(node);
        const int outer = enter(insert.withClause);
        add(*insert.relation, RelationUse::insert);
        visit(insert.selectStmt);
        visit(reinterpret_cast<const ::Node*>(insert.onConflictClause));
        visit(returning(insert));
        leave(outer);
        break;
      }
      case T_UpdateStmt: {
        const auto& update = as_node<::UpdateStmt>(node);
        const int outer = enter(update.withClause);
        add(*update.relation, RelationUse::update);
        visit(update.targetList);
        visit(update.fromClause);
        visit(update.whereClause);
        visit(returning(update));
        leave(outer);
        break;
      }
      case T_DeleteStmt: {
        const auto& deletion = as_node<::DeleteStmt>(node);
        const int outer = enter(deletion.withClause);
        add(*deletion.relation, RelationUse::delete_);
        visit(deletion.usingClause);
        visit(deletion.whereClause);
        visit(returning(deletion));
        leave(outer);
        break;
      }
      case T_MergeStmt: {
        const auto& merge = as_node<::MergeStmt>(node);
        const int outer = enter(merge.withClause);
        add(*merge.relation, RelationUse::merge);
        visit(merge.sourceRelation);
        visit(merge.joinCondition);
        visit(merge.mergeWhenClauses);
        visit(returning(merge));
        leave(outer);
        break;
      }
      case T_JoinExpr: {
        query_.joins = true;
        for (const ::Node* name : Each<::Node>(as_node<::JoinExpr>(node).usingClause)) query_.columns.push_back(string_of(name));
        raw_expression_tree_walker_impl(const_cast<::Node*>(node), visit_callback, this);
        break;
      }
      case T_RangeSubselect: {
        query_.joins = true;
        const auto& subselect = as_node<::RangeSubselect>(node);
        const bool outer = locks_everything_;
        if (is_locked(subselect.alias == nullptr ? nullptr : subselect.alias->aliasname)) locks_everything_ = true;
        visit(subselect.subquery);
        locks_everything_ = outer;
        break;
      }
      case T_SubLink: {
        // FOR UPDATE reaches subqueries in FROM, but not those in expressions (manual, SELECT, The Locking Clause).
        const Locking outer = set_locking(false, nullptr);
        raw_expression_tree_walker_impl(const_cast<::Node*>(node), visit_callback, this);
        restore(outer);
        break;
      }
      case T_RangeFunction:
      case T_RangeTableFunc:
        query_.joins = true;
        raw_expression_tree_walker_impl(const_cast<::Node*>(node), visit_callback, this);
        break;
      case T_FuncCall: query_.calls.emplace_back(node); [[fallthrough]];
      default: raw_expression_tree_walker_impl(const_cast<::Node*>(node), visit_callback, this); break;
    }
    --depth_;
  }

  void visit_select(const ::SelectStmt& select) {
    if (select.op == SETOP_NONE) ++query_.selects;
    if (size(select.fromClause) > 1) query_.joins = true;
    const int outer = enter(select.withClause);
    const Locking outer_locking = set_locking(locks_everything_ || locks_all(select.lockingClause), select.lockingClause);
    visit(reinterpret_cast<const ::Node*>(select.larg));
    visit(reinterpret_cast<const ::Node*>(select.rarg));
    visit(select.fromClause);
    restore(outer_locking);
    const Locking none = set_locking(false, nullptr);
    visit(select.distinctClause);
    visit(select.targetList);
    visit(select.whereClause);
    visit(select.groupClause);
    visit(select.havingClause);
    visit(select.windowClause);
    visit(select.valuesLists);
    visit(select.sortClause);
    visit(select.limitOffset);
    visit(select.limitCount);
    restore(none);
    leave(outer);
  }

  // Names of common table expressions are visible in the statement that WITH belongs to. Returns what `leave` needs.
  int enter(const ::WithClause* with) {
    const int outer = static_cast<int>(hidden_.size());
    if (with == nullptr) return outer;
    query_.joins = true;
    const Locking locking = set_locking(false, nullptr);
    if (with->recursive) {
      for (const ::CommonTableExpr* expression : Each<::CommonTableExpr>(with->ctes)) { hidden_.push_back(view(expression->ctename)); }
    }
    for (const ::CommonTableExpr* expression : Each<::CommonTableExpr>(with->ctes)) {
      visit(expression->ctequery);
      if (!with->recursive) hidden_.push_back(view(expression->ctename));
    }
    restore(locking);
    return outer;
  }
  void leave(int outer) { hidden_.resize(static_cast<std::size_t>(outer)); }

  void add(const ::RangeVar& relation, RelationUse use) {
    const std::string_view name = view(relation.relname);
    // The target of INSERT and its like is never a common table expression.
    const bool is_target = use != RelationUse::read && use != RelationUse::row_share;
    if (!is_target && relation.schemaname == nullptr && std::find(hidden_.begin(), hidden_.end(), name) != hidden_.end()) { return; }
    query_.relations.push_back({relation_name(origin_, &relation), use});
  }

  void add_column(const ::ColumnRef& reference) {
    const ::Node* last = &element<::Node>(reference.fields, size(reference.fields) - 1);
    query_.columns.push_back(tag_of(last) == T_A_Star ? "*" : string_of(last));
  }

  struct Locking {
    bool everything;
    const ::List* clauses;
  };
  Locking set_locking(bool everything, const ::List* clauses) {
    const Locking outer{locks_everything_, locking_};
    locks_everything_ = everything;
    locking_ = clauses;
    return outer;
  }
  void restore(Locking outer) {
    locks_everything_ = outer.everything;
    locking_ = outer.clauses;
  }
  static bool locks_all(const ::List* clauses) {
    for (const ::LockingClause* clause : Each<::LockingClause>(clauses)) {
      if (clause->lockedRels == nullptr) return true;
    }
    return false;
  }
  bool is_locked(const char* alias) const {
    if (locks_everything_) return true;
    for (const ::LockingClause* clause : Each<::LockingClause>(locking_)) {
      for (const ::RangeVar* locked : Each<::RangeVar>(clause->lockedRels)) {
        if (alias != nullptr && view(locked->relname) == alias) return true;
      }
    }
    return false;
  }
  RelationUse use_of(const ::RangeVar& relation) const {
    const char* alias = relation.alias == nullptr ? relation.relname : relation.alias->aliasname;
    return is_locked(alias) ? RelationUse::row_share : RelationUse::read;
  }

  template <class T>
  static const ::Node* returning(const T& statement) {
#if PG_VERSION_NUM >= 180000
    return reinterpret_cast<const ::Node*>(statement.returningClause);
#else
    return reinterpret_cast<const ::Node*>(statement.returningList);
#endif
  }

  const Origin& origin_;
  Query& query_;
  const ::Node* root_ = nullptr;
  std::vector<std::string_view> hidden_;  // names of common table expressions in scope
  const ::List* locking_ = nullptr;       // of the SELECT whose FROM is being walked
  bool locks_everything_ = false;
  int depth_ = 0;
};

// The name PostgreSQL gives a result column without AS (FigureColname in parse_target.c); empty for ?column?.
std::string_view column_name(const ::Node* value, int depth) {
  if (depth > Expression::max_depth) return {};
  switch (tag_of(value)) {
    case T_ColumnRef: return last_string(as_node<::ColumnRef>(value).fields);
    case T_FuncCall: return last_string(as_node<::FuncCall>(value).funcname);
    case T_A_Indirection: {
      const auto& indirection = as_node<::A_Indirection>(value);
      for (int i = size(indirection.indirection) - 1; i >= 0; --i) {
        const std::string_view field = string_of(&element<::Node>(indirection.indirection, i));
        if (!field.empty()) return field;
      }
      return column_name(indirection.arg, depth + 1);
    }
    case T_A_Expr: return as_node<::A_Expr>(value).kind == AEXPR_NULLIF ? "nullif" : "";
    case T_TypeCast: {
      const auto& cast = as_node<::TypeCast>(value);
      const std::string_view inner = column_name(cast.arg, depth + 1);
      return inner.empty() && cast.typeName != nullptr ? last_string(cast.typeName->names) : inner;
    }
    case T_CollateClause: return column_name(as_node<::CollateClause>(value).arg, depth + 1);
    case T_GroupingFunc: return "grouping";
    case T_SubLink: {
      const auto& sublink = as_node<::SubLink>(value);
      if (sublink.subLinkType == EXISTS_SUBLINK) return "exists";
      if (sublink.subLinkType == ARRAY_SUBLINK) return "array";
      if (sublink.subLinkType != EXPR_SUBLINK || tag_of(sublink.subselect) != T_SelectStmt) return {};
      const ::List* targets = as_node<::SelectStmt>(sublink.subselect).targetList;
      if (size(targets) != 1) return {};
      const auto& target = element<::ResTarget>(targets, 0);
      return target.name != nullptr ? view(target.name) : column_name(target.val, depth + 1);
    }
    case T_CaseExpr: {
      const auto* otherwise = reinterpret_cast<const ::Node*>(as_node<::CaseExpr>(value).defresult);
      // Only a column or a function as ELSE result is a better name than "case".
      const bool is_strong = tag_of(otherwise) == T_ColumnRef || tag_of(otherwise) == T_FuncCall;
      return is_strong ? column_name(otherwise, depth + 1) : "case";
    }
    case T_A_ArrayExpr: return "array";
    case T_RowExpr: return "row";
    case T_CoalesceExpr: return "coalesce";
    case T_MinMaxExpr: return as_node<::MinMaxExpr>(value).op == IS_GREATEST ? "greatest" : "least";
    case T_SQLValueFunction: return Expression(value).last_name();
    default: return {};
  }
}

}  // namespace

Query query_of(const Origin& origin, const ::Node* node) {
  Query query;
  if (node == nullptr) return query;
  if (tag_of(node) == T_SelectStmt) {
    const ::Node* limit = as_node<::SelectStmt>(node).limitCount;
    const bool is_all = tag_of(limit) == T_A_Const && as_node<::A_Const>(limit).isnull;  // LIMIT ALL is LIMIT NULL
    query.has_limit = limit != nullptr && !is_all;
  }
  Collector(origin, query).run(node);
  return query;
}

void output_columns(const ::Node* query, std::vector<std::string_view>& names, std::vector<Expression>& expressions) {
  if (tag_of(query) != T_SelectStmt) return;
  const auto* select = &as_node<::SelectStmt>(query);
  while (select->larg != nullptr) select = select->larg;
  for (const ::ResTarget* target : Each<::ResTarget>(select->targetList)) {
    names.push_back(target->name != nullptr ? view(target->name) : column_name(target->val, 0));
    expressions.emplace_back(target->val);
  }
  if (select->valuesLists == nullptr) return;
  // VALUES names its columns column1, column2 …: nothing anyone wrote.
  for (const ::Node* value : Each<::Node>(&element<::List>(select->valuesLists, 0))) {
    names.emplace_back();
    expressions.emplace_back(value);
  }
}

}  // namespace cupel::sql
