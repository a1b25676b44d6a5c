// CREATE TABLE in all its forms, CREATE INDEX, and what they are made of: columns, constraints, partition bounds.
#include "sql/convert.h"
#include "sql/lexer.h"
#include "sql/words.h"

#include <algorithm>

namespace cupel::sql {
namespace {

ForeignKeyAction foreign_key_action(char action) {
  switch (action) {
    case FKCONSTR_ACTION_RESTRICT: return ForeignKeyAction::restrict_;
    case FKCONSTR_ACTION_CASCADE: return ForeignKeyAction::cascade;
    case FKCONSTR_ACTION_SETNULL: return ForeignKeyAction::set_null;
    case FKCONSTR_ACTION_SETDEFAULT: return ForeignKeyAction::set_default;
    default: return ForeignKeyAction::no_action;
  }
}

// The grammar records NO ACTION whether it was written or not; the words tell.
bool has_on_delete(const Origin& origin, Span span) {
  if (!origin.verbatim) return false;
  Lexer lexer(origin.file, span);
  bool after_on = false;
  for (Lexeme lexeme = lexer.next(); lexeme.kind != LexemeKind::end; lexeme = lexer.next()) {
    if (lexeme.kind == LexemeKind::space || lexeme.kind == LexemeKind::line_comment || lexeme.kind == LexemeKind::block_comment) {
      continue;
    }
    const std::string_view word = lexeme.kind == LexemeKind::word ? lexeme.span.of(origin.file) : std::string_view{};
    if (after_on && is_word(word, "delete")) return true;
    after_on = is_word(word, "on");
  }
  return false;
}

ConstraintKind constraint_kind(::ConstrType type) {
  switch (type) {
    case CONSTR_NULL: return ConstraintKind::null_;
    case CONSTR_NOTNULL: return ConstraintKind::not_null;
    case CONSTR_DEFAULT: return ConstraintKind::default_;
    case CONSTR_IDENTITY: return ConstraintKind::identity;
    case CONSTR_GENERATED: return ConstraintKind::generated;
    case CONSTR_PRIMARY: return ConstraintKind::primary_key;
    case CONSTR_UNIQUE: return ConstraintKind::unique;
    case CONSTR_EXCLUSION: return ConstraintKind::exclude;
    case CONSTR_FOREIGN: return ConstraintKind::foreign_key;
    default: return ConstraintKind::check;
  }
}

// DEFERRABLE, INITIALLY DEFERRED, NOT ENFORCED behind a column's constraint are nodes of their own in the grammar.
bool apply_attribute(::ConstrType attribute, Constraint& constraint) {
  switch (attribute) {
    case CONSTR_ATTR_DEFERRABLE: constraint.deferrable = true; return true;
    case CONSTR_ATTR_NOT_DEFERRABLE: constraint.deferrable = false; return true;
    case CONSTR_ATTR_DEFERRED:
      // INITIALLY DEFERRED implies DEFERRABLE (manual, CREATE TABLE).
      constraint.deferrable = constraint.initially_deferred = true;
      return true;
    case CONSTR_ATTR_IMMEDIATE: constraint.initially_deferred = false; return true;
#if PG_VERSION_NUM >= 180000
    case CONSTR_ATTR_ENFORCED: constraint.not_enforced = constraint.not_valid = false; return true;
    // A constraint that is not enforced is never valid (manual, CREATE TABLE; 18).
    case CONSTR_ATTR_NOT_ENFORCED: constraint.not_enforced = constraint.not_valid = true; return true;
#endif
    default: return false;
  }
}

bool is_attribute(const ::Constraint& node) {
  Constraint ignored;
  return apply_attribute(node.contype, ignored);
}

Identity identity_of(char when) { return when == 'a' ? Identity::always : Identity::by_default; }

// The end of a column's constraint: where the next one begins, else the end of the column.
Span column_constraint_span(const Origin& origin, const ::List* nodes, int index, Span column) {
  const auto& node = element<::Constraint>(nodes, index);
  if (!origin.knows(node.location)) return column;
  Span span{origin.offset(node.location), column.end};
  for (int next = index + 1; next < nodes->length; ++next) {
    const auto& following = element<::Constraint>(nodes, next);
    if (is_attribute(following)) continue;
    if (following.location >= 0) span.end = origin.offset(following.location);
    break;
  }
  if (span.end < column.end) span = trimmed(origin.file, span);
  return span;
}

}  // namespace

Constraint constraint(const Origin& origin, const ::Constraint& node, Span span) {
  Constraint result;
  result.kind = constraint_kind(node.contype);
  result.name = view(node.conname);
  result.span = span;
  result.deferrable = node.deferrable;
  result.initially_deferred = node.initdeferred;
  result.not_valid = node.skip_validation;
  result.no_inherit = node.is_no_inherit;
  result.expression = Expression(node.raw_expr);
  result.columns = strings(node.contype == CONSTR_FOREIGN ? node.fk_attrs : node.keys);
#if PG_VERSION_NUM >= 180000
  result.not_enforced = !node.is_enforced && (node.contype == CONSTR_CHECK || node.contype == CONSTR_FOREIGN);
  result.without_overlaps = node.without_overlaps || node.fk_with_period;
#endif
  switch (node.contype) {
    case CONSTR_PRIMARY:
    case CONSTR_UNIQUE:
    case CONSTR_EXCLUSION:
      result.using_index = view(node.indexname);
      result.include = strings(node.including);
      result.nulls_not_distinct = node.nulls_not_distinct;
      result.tablespace = view(node.indexspace);
      break;
    case CONSTR_FOREIGN:
      result.referenced = relation_name(origin, node.pktable);
      result.referenced_columns = strings(node.pk_attrs);
      result.on_delete = foreign_key_action(node.fk_del_action);
      result.on_update = foreign_key_action(node.fk_upd_action);
      result.on_delete_written = result.on_delete != ForeignKeyAction::no_action || has_on_delete(origin, span);
      result.match_full = node.fk_matchtype == FKCONSTR_MATCH_FULL;
      break;
    default: break;
  }
  if (node.contype == CONSTR_EXCLUSION) {
    result.access_method = view(node.access_method);
    result.where = Expression(node.where_clause);
    for (const ::List* exclusion : Each<::List>(node.exclusions)) {
      const auto& key = element<::IndexElem>(exclusion, 0);
      if (key.name != nullptr) result.columns.push_back(view(key.name));
      if (key.expr != nullptr) result.exclude_expressions.emplace_back(key.expr);
      result.exclude_operators.push_back(last_string(&element<::List>(exclusion, 1)));
    }
  }
  return result;
}

ColumnDefinition column_definition(const Origin& origin, const ::ColumnDef& node, Span span) {
  ColumnDefinition column;
  column.name = view(node.colname);
  column.span = span;
  column.type = type_name(origin, node.typeName);
  column.default_value = Expression(node.raw_default);
  if (node.collClause != nullptr) column.collation = last_string(node.collClause->collname);
  column.storage = view(node.storage_name);
  column.compression = view(node.compression);
  for (int i = 0; i < size(node.constraints); ++i) {
    const auto& part = element<::Constraint>(node.constraints, i);
    switch (part.contype) {
      case CONSTR_NULL: column.explicit_null = true; continue;
      case CONSTR_DEFAULT: column.default_value = Expression(part.raw_expr); continue;
      case CONSTR_IDENTITY: column.identity = identity_of(part.generated_when); continue;
      case CONSTR_GENERATED: column.generated_as = Expression(part.raw_expr); column.generated = Generated::stored;
#if PG_VERSION_NUM >= 180000
        if (part.generated_kind == 'v') column.generated = Generated::virtual_;
#endif
        continue;
      case CONSTR_NOTNULL: column.not_null = true; break;
      default:
        if (is_attribute(part)) {
          if (!column.constraints.empty()) apply_attribute(part.contype, column.constraints.back());
          continue;
        }
        break;
    }
    Constraint& added =
        column.constraints.emplace_back(constraint(origin, part, column_constraint_span(origin, node.constraints, i, span)));
    if (added.kind != ConstraintKind::check) added.columns.assign(1, column.name);
  }
  return column;
}

PartitionBound partition_bound(const ::PartitionBoundSpec& bound) {
  const auto expressions = [](const ::List* nodes) {
    std::vector<Expression> result;
    for (const ::Node* node : Each<::Node>(nodes)) result.emplace_back(node);
    return result;
  };
  PartitionBound result;
  result.is_default = bound.is_default;
  if (bound.strategy == 'l') result.strategy = PartitionStrategy::list;
  if (bound.strategy == 'h') result.strategy = PartitionStrategy::hash;
  result.list_values = expressions(bound.listdatums);
  result.from = expressions(bound.lowerdatums);
  result.to = expressions(bound.upperdatums);
  result.modulus = bound.modulus;
  result.remainder = bound.remainder;
  return result;
}

namespace {

PartitionKey partition_key(const ::PartitionSpec& spec) {
  PartitionKey key;
  if (spec.strategy == PARTITION_STRATEGY_LIST) key.strategy = PartitionStrategy::list;
  if (spec.strategy == PARTITION_STRATEGY_HASH) key.strategy = PartitionStrategy::hash;
  for (const ::PartitionElem* part : Each<::PartitionElem>(spec.partParams)) {
    key.elements.push_back({view(part->name), Expression(part->expr), last_string(part->collation), last_string(part->opclass)});
  }
  return key;
}

LikeClause like_clause(const Origin& origin, const ::TableLikeClause& node) {
  const auto includes = [&node](::TableLikeOption option) { return (node.options & option) != 0; };
  return {relation_name(origin, node.relation), includes(CREATE_TABLE_LIKE_DEFAULTS),   includes(CREATE_TABLE_LIKE_CONSTRAINTS),
          includes(CREATE_TABLE_LIKE_IDENTITY), includes(CREATE_TABLE_LIKE_GENERATED),  includes(CREATE_TABLE_LIKE_INDEXES),
          includes(CREATE_TABLE_LIKE_STORAGE),  includes(CREATE_TABLE_LIKE_STATISTICS), includes(CREATE_TABLE_LIKE_COMMENTS)};
}

}  // namespace

StatementNode convert_create_table(const Origin& origin, const ::CreateStmt& node, bool foreign) {
  CreateTable table;
  table.name = relation_name(origin, node.relation);
  table.persistence = persistence(node.relation->relpersistence);
  table.if_not_exists = node.if_not_exists;
  table.foreign = foreign;
  table.columns.reserve(static_cast<std::size_t>(size(node.tableElts)));
  for (const ::Node* part : Each<::Node>(node.tableElts)) {
    switch (tag_of(part)) {
      case T_ColumnDef: {
        const auto& column = as_node<::ColumnDef>(part);
        table.columns.push_back(column_definition(origin, column, origin.element_at(column.location)));
        break;
      }
      case T_Constraint: {
        const auto& written = as_node<::Constraint>(part);
        table.constraints.push_back(constraint(origin, written, origin.element_at(written.location)));
        break;
      }
      case T_TableLikeClause: table.likes.push_back(like_clause(origin, as_node<::TableLikeClause>(part))); break;
      default: break;
    }
  }
  if (node.partbound != nullptr) {
    table.bound = partition_bound(*node.partbound);
    if (size(node.inhRelations) > 0) { table.partition_of = relation_name(origin, &element<::RangeVar>(node.inhRelations, 0)); }
  } else {
    table.inherits = relation_names(origin, node.inhRelations);
  }
  if (node.partspec != nullptr) table.partition_by = partition_key(*node.partspec);
  if (node.ofTypename != nullptr) table.of_type = type_name(origin, node.ofTypename);
  table.options = relation_options(origin, node.options);
  table.tablespace = view(node.tablespacename);
  table.access_method = view(node.accessMethod);
  table.on_commit_drop = node.oncommit == ONCOMMIT_DROP;
  return table;
}

StatementNode convert_create_table_as(const Origin& origin, const ::CreateTableAsStmt& node) {
  CreateTableAs table;
  table.name = relation_name(origin, node.into->rel);
  table.materialized_view = node.objtype == OBJECT_MATVIEW;
  table.if_not_exists = node.if_not_exists;
  table.with_data = !node.into->skipData;
  table.persistence = persistence(node.into->rel->relpersistence);
  table.column_names = strings(node.into->colNames);
  output_columns(node.query, table.output_columns, table.output_expressions);
  table.query = query_of(origin, node.query);
  return table;
}

StatementNode convert_create_index(const Origin& origin, const ::IndexStmt& node) {
  CreateIndex index;
  index.name = view(node.idxname);
  index.table = relation_name(origin, node.relation);
  index.only = !node.relation->inh;
  index.unique = node.unique;
  index.concurrently = node.concurrent;
  index.if_not_exists = node.if_not_exists;
  index.nulls_not_distinct = node.nulls_not_distinct;
  index.access_method = view(node.accessMethod);
  for (const ::IndexElem* part : Each<::IndexElem>(node.indexParams)) {
    index.elements.push_back({view(part->name), Expression(part->expr), last_string(part->collation), last_string(part->opclass)});
  }
  for (const ::IndexElem* part : Each<::IndexElem>(node.indexIncludingParams)) index.include.push_back(view(part->name));
  index.where = Expression(node.whereClause);
  index.options = relation_options(origin, node.options);
  index.tablespace = view(node.tableSpace);

  index.name_span = origin.statement;
  if (!origin.verbatim) return index;
  // CREATE [UNIQUE] INDEX [CONCURRENTLY] [[IF NOT EXISTS] name] ON: the name has no recorded place.
  Lexer lexer(origin.file, origin.statement);
  for (Lexeme lexeme = lexer.next(); lexeme.kind != LexemeKind::end; lexeme = lexer.next()) {
    if (lexeme.kind == LexemeKind::quoted_identifier) index.name_span = lexeme.span;
    if (lexeme.kind != LexemeKind::word) continue;
    const std::string_view word = lexeme.span.of(origin.file);
    if (is_word(word, "on")) break;
    if (!index.name.empty() || is_word(word, "index")) index.name_span = lexeme.span;
  }
  return index;
}

}  // namespace cupel::sql
