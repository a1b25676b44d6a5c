// SELECT, INSERT, UPDATE, DELETE, MERGE, COPY.
#include "sql/convert.h"

namespace cupel::sql {
namespace {

// Longer VALUES lists are data; judgements look at the first rows only.
constexpr int max_value_rows = 200;

std::vector<std::vector<Expression>> value_rows(const ::List* lists) {
  std::vector<std::vector<Expression>> rows;
  for (const ::List* list : Each<::List>(lists)) {
    if (rows.size() == max_value_rows) break;
    std::vector<Expression>& row = rows.emplace_back();
    row.reserve(static_cast<std::size_t>(size(list)));
    for (const ::Node* value : Each<::Node>(list)) row.emplace_back(value);
  }
  return rows;
}

// SELECT … INTO: the clause is in the leftmost arm of a UNION.
const ::IntoClause* into_clause(const ::SelectStmt* select) {
  while (select->larg != nullptr) select = select->larg;
  return select->intoClause;
}

// The value of a SELECT that is nothing but one expression.
Expression only_value(const ::SelectStmt& node) {
  const bool is_plain = node.op == SETOP_NONE && node.valuesLists == nullptr && node.distinctClause == nullptr &&
                        node.fromClause == nullptr && node.whereClause == nullptr && node.groupClause == nullptr &&
                        node.havingClause == nullptr && node.windowClause == nullptr && node.sortClause == nullptr &&
                        node.limitOffset == nullptr && node.limitCount == nullptr && node.lockingClause == nullptr &&
                        node.withClause == nullptr;
  if (!is_plain || size(node.targetList) != 1) return {};
  return Expression(element<::ResTarget>(node.targetList, 0).val);
}

StatementNode convert_select(const Origin& origin, const ::SelectStmt& node) {
  const auto* tree = reinterpret_cast<const ::Node*>(&node);
  const ::IntoClause* into = into_clause(&node);
  if (into == nullptr) return Select{query_of(origin, tree), only_value(node)};
  CreateTableAs table;
  table.name = relation_name(origin, into->rel);
  table.persistence = persistence(into->rel->relpersistence);
  output_columns(tree, table.output_columns, table.output_expressions);
  table.query = query_of(origin, tree);
  return table;
}

StatementNode convert_insert(const Origin& origin, const ::InsertStmt& node) {
  Insert insert;
  insert.table = relation_name(origin, node.relation);
  for (const ::ResTarget* target : Each<::ResTarget>(node.cols)) insert.columns.push_back(view(target->name));
  insert.on_conflict = node.onConflictClause != nullptr;
  insert.on_conflict_update = insert.on_conflict && node.onConflictClause->action == ONCONFLICT_UPDATE;
  if (node.selectStmt != nullptr) {  // else DEFAULT VALUES
    const auto& select = as_node<::SelectStmt>(node.selectStmt);
    insert.from_values = select.valuesLists != nullptr;
    insert.values = value_rows(select.valuesLists);
  }
  insert.query = query_of(origin, reinterpret_cast<const ::Node*>(&node));
  return insert;
}

// SET (a, b) = (x, y) gives each column its own part; of a subquery each gets the whole.
Expression assigned_value(const ::Node* value) {
  if (tag_of(value) != T_MultiAssignRef) return Expression(value);
  const auto& part = as_node<::MultiAssignRef>(value);
  if (tag_of(part.source) == T_RowExpr) {
    const ::List* values = as_node<::RowExpr>(part.source).args;
    if (part.colno <= size(values)) return Expression(&element<::Node>(values, part.colno - 1));
  }
  return Expression(part.source);
}

StatementNode convert_update(const Origin& origin, const ::UpdateStmt& node) {
  Update update;
  update.table = relation_name(origin, node.relation);
  update.only = !node.relation->inh;
  update.where = Expression(node.whereClause);
  update.where_current_of = tag_of(node.whereClause) == T_CurrentOfExpr;
  update.has_from = node.fromClause != nullptr;
  for (const ::ResTarget* target : Each<::ResTarget>(node.targetList)) {
    update.columns.push_back(view(target->name));
    update.values.push_back(assigned_value(target->val));
  }
  update.query = query_of(origin, reinterpret_cast<const ::Node*>(&node));
  return update;
}

StatementNode convert_delete(const Origin& origin, const ::DeleteStmt& node) {
  Delete deletion;
  deletion.table = relation_name(origin, node.relation);
  deletion.only = !node.relation->inh;
  deletion.where = Expression(node.whereClause);
  deletion.where_current_of = tag_of(node.whereClause) == T_CurrentOfExpr;
  deletion.has_using = node.usingClause != nullptr;
  deletion.query = query_of(origin, reinterpret_cast<const ::Node*>(&node));
  return deletion;
}

StatementNode convert_merge(const Origin& origin, const ::MergeStmt& node) {
  Merge merge{relation_name(origin, node.relation), query_of(origin, reinterpret_cast<const ::Node*>(&node))};
  for (const ::MergeWhenClause* action : Each<::MergeWhenClause>(node.mergeWhenClauses)) {
    merge.updates = merge.updates || action->commandType == CMD_UPDATE;
    merge.deletes = merge.deletes || action->commandType == CMD_DELETE;
  }
  return merge;
}

StatementNode convert_copy(const Origin& origin, const ::CopyStmt& node) {
  Copy copy;
  if (node.relation != nullptr) copy.table = relation_name(origin, node.relation);
  copy.from = node.is_from;
  copy.from_stdin = node.is_from && node.filename == nullptr;
  copy.to_or_from_program = node.is_program;
  copy.freeze = is_on(find_option(node.options, "freeze"));
  copy.query = query_of(origin, node.query);
  if (copy.table) {
    const RelationUse use = copy.from ? RelationUse::insert : RelationUse::read;
    copy.query.relations.insert(copy.query.relations.begin(), RelationReference{*copy.table, use});
  }
  return copy;
}

}  // namespace

std::optional<StatementNode> convert_query(const Origin& origin, const ::Node* node) {
  switch (tag_of(node)) {
    case T_SelectStmt: return convert_select(origin, as_node<::SelectStmt>(node));
    case T_InsertStmt: return convert_insert(origin, as_node<::InsertStmt>(node));
    case T_UpdateStmt: return convert_update(origin, as_node<::UpdateStmt>(node));
    case T_DeleteStmt: return convert_delete(origin, as_node<::DeleteStmt>(node));
    case T_MergeStmt: return convert_merge(origin, as_node<::MergeStmt>(node));
    case T_CopyStmt: return convert_copy(origin, as_node<::CopyStmt>(node));
    default: return std::nullopt;
  }
}

}  // namespace cupel::sql
