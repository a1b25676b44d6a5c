// Relations other than tables and indexes: views, materialized views, sequences, extended statistics.
#include "sql/convert.h"

namespace cupel::sql {
namespace {

StatementNode convert_view(const Origin& origin, const ::ViewStmt& node) {
  CreateView created;
  created.name = relation_name(origin, node.view);
  created.or_replace = node.replace;
  created.persistence = persistence(node.view->relpersistence);
  created.column_names = strings(node.aliases);
  created.options = relation_options(origin, node.options);
  output_columns(node.query, created.output_columns, created.output_expressions);
  created.query = query_of(origin, node.query);
  if (tag_of(node.query) == T_SelectStmt) {
    // The grammar turns CREATE RECURSIVE VIEW v … into a recursive WITH that has the view's own name.
    const ::WithClause* with = as_node<::SelectStmt>(node.query).withClause;
    created.recursive = with != nullptr && with->recursive && size(with->ctes) == 1 &&
                        view(element<::CommonTableExpr>(with->ctes, 0).ctename) == created.name.name;
  }
  return created;
}

struct Ownership {
  std::optional<QualifiedName> table;
  std::string_view column;
  bool none = false;
};

// OWNED BY [schema.]table.column, or OWNED BY NONE
Ownership ownership(const Origin& origin, const ::List* options) {
  Ownership result;
  const ::DefElem* option = find_option(options, "owned_by");
  if (option == nullptr || tag_of(option->arg) != T_List) return result;
  const auto* names = reinterpret_cast<const ::List*>(option->arg);
  const int count = size(names);
  if (count == 1) {
    result.none = last_string(names) == "none";
    return result;
  }
  QualifiedName table;
  table.name = string_of(&element<::Node>(names, count - 2));
  if (count > 2) table.schema = string_of(&element<::Node>(names, count - 3));
  table.span = origin.statement;
  if (origin.knows(option->location)) {
    Origin tail = origin;  // the name stands behind the option's own words
    tail.statement.begin = origin.offset(option->location);
    const Span found = NameFinder(tail).find(table.schema, table.name);
    if (!(found == tail.statement)) table.span = found;
  }
  result.table = table;
  result.column = last_string(names);
  return result;
}

StatementNode create_sequence(const Origin& origin, const ::CreateSeqStmt& node) {
  CreateSequence sequence;
  sequence.name = relation_name(origin, node.sequence);
  sequence.if_not_exists = node.if_not_exists;
  sequence.persistence = persistence(node.sequence->relpersistence);
  const Ownership owner = ownership(origin, node.options);
  sequence.owned_by_table = owner.table;
  sequence.owned_by_column = owner.column;
  return sequence;
}

StatementNode alter_sequence(const Origin& origin, const ::AlterSeqStmt& node) {
  AlterSequence sequence;
  sequence.name = relation_name(origin, node.sequence);
  sequence.if_exists = node.missing_ok;
  sequence.restart = find_option(node.options, "restart") != nullptr;
  sequence.changes_type = find_option(node.options, "as") != nullptr;
  const Ownership owner = ownership(origin, node.options);
  sequence.owned_by_table = owner.table;
  sequence.owned_by_column = owner.column;
  sequence.owned_by_none = owner.none;
  return sequence;
}

StatementNode create_statistics(const Origin& origin, const ::CreateStatsStmt& node) {
  CreateStatistics statistics;
  statistics.name = name_of(node.defnames);
  NameFinder(origin).locate(statistics.name);
  statistics.if_not_exists = node.if_not_exists;
  statistics.tables = relation_names(origin, node.relations);
  for (const ::StatsElem* part : Each<::StatsElem>(node.exprs)) {
    if (part->name != nullptr) statistics.columns.push_back(view(part->name));
  }
  return statistics;
}

StatementNode convert_reindex(const Origin& origin, const ::ReindexStmt& node) {
  Reindex reindex;
  switch (node.kind) {
    case REINDEX_OBJECT_INDEX: reindex.target = Reindex::Target::index; break;
    case REINDEX_OBJECT_TABLE: reindex.target = Reindex::Target::table; break;
    case REINDEX_OBJECT_SCHEMA: reindex.target = Reindex::Target::schema; break;
    case REINDEX_OBJECT_SYSTEM: reindex.target = Reindex::Target::system; break;
    case REINDEX_OBJECT_DATABASE: reindex.target = Reindex::Target::database; break;
  }
  if (node.relation != nullptr) {
    reindex.name = relation_name(origin, node.relation);
  } else {
    reindex.name.name = view(node.name);
    NameFinder(origin).locate(reindex.name);
  }
  reindex.concurrently = is_on(find_option(node.params, "concurrently"));
  return reindex;
}

}  // namespace

std::optional<StatementNode> convert_relation(const Origin& origin, const ::Node* node) {
  switch (tag_of(node)) {
    case T_ViewStmt: return convert_view(origin, as_node<::ViewStmt>(node));
    case T_RefreshMatViewStmt: {
      const auto& refresh = as_node<::RefreshMatViewStmt>(node);
      return RefreshMaterializedView{relation_name(origin, refresh.relation), refresh.concurrent, !refresh.skipData};
    }
    case T_CreateSeqStmt: return create_sequence(origin, as_node<::CreateSeqStmt>(node));
    case T_AlterSeqStmt: return alter_sequence(origin, as_node<::AlterSeqStmt>(node));
    case T_CreateStatsStmt: return create_statistics(origin, as_node<::CreateStatsStmt>(node));
    case T_ReindexStmt: return convert_reindex(origin, as_node<::ReindexStmt>(node));
    default: return std::nullopt;
  }
}

}  // namespace cupel::sql
