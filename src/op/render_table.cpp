#include "op/render_table.h"

#include <string>

namespace cupel::op {
namespace {

std::string_view action_words(referential_action action) {
  switch (action) {
    case no_action: return "NO ACTION";
    case restrict: return "RESTRICT";
    case cascade: return "CASCADE";
    case set_null: return "SET NULL";
    case set_default: return "SET DEFAULT";
    case unspecified: break;
  }
  return "";
}

void write_referent(SqlWriter& out, str schema, str table, list<str> columns, const constraint_options& options) {
  out.words("REFERENCES ").name(options.referent_schema.empty() ? schema : options.referent_schema, table);
  if (!columns.empty()) out.words(" ").names(columns);
  if (options.match_full) out.words(" MATCH FULL");
  if (options.ondelete != unspecified) out.words(" ON DELETE ").words(action_words(options.ondelete));
  if (options.onupdate != unspecified) out.words(" ON UPDATE ").words(action_words(options.onupdate));
}

void write_deferrable(SqlWriter& out, const constraint_options& options) {
  if (options.deferrable || options.initially_deferred) out.words(" DEFERRABLE");
  if (options.initially_deferred) out.words(" INITIALLY DEFERRED");
}

// An option that means nothing there would be passed over in silence; it is refused instead.
void check_options(SqlWriter& out, const constraint_definition& constraint) {
  using enum constraint_kind;
  const constraint_options& options = constraint.options;
  const constraint_kind kind = constraint.kind;
  const auto only = [&](bool given, bool fits, std::string_view option, std::string_view where) {
    if (given && !fits) out.refuse(std::string(option) + " is an option of " + std::string(where));
  };
  const bool by_index = kind == unique || kind == primary_key;
  only(options.not_valid, kind == foreign_key || kind == check, "not_valid", "foreign keys and checks");
  only(options.deferrable || options.initially_deferred, kind != check, "deferrable", "all constraints but checks");
  only(options.no_inherit, kind == check, "no_inherit", "checks");
  only(options.nulls_not_distinct, kind == unique, "nulls_not_distinct", "unique constraints");
  only(options.match_full, kind == foreign_key, "match_full", "foreign keys");
  only(options.ondelete != unspecified || options.onupdate != unspecified, kind == foreign_key, "ondelete or onupdate", "foreign keys");
  only(!options.referent_schema.empty(), kind == foreign_key, "referent_schema", "foreign keys");
  only(!options.include.empty(), by_index || kind == exclude, "include", "unique constraints, primary keys and exclude constraints");
  only(!options.using_index.empty(), by_index, "using_index", "unique constraints and primary keys");
  only(!options.method.empty(), kind == exclude, "method", "exclude constraints");
  only(!options.where.empty(), kind == exclude, "where", "exclude constraints");
  if (!options.using_index.empty() && (!constraint.columns.empty() || !options.include.empty() || options.nulls_not_distinct))
    out.refuse("with using_index the index says which columns: give none, and neither include nor nulls_not_distinct");
  if ((by_index || kind == foreign_key) && options.using_index.empty() && constraint.columns.empty())
    out.refuse("the constraint has no columns");
  if (kind == exclude && constraint.elements.empty()) out.refuse("the exclude constraint has no elements");
}

void write_index_constraint(SqlWriter& out, std::string_view words, const constraint_definition& constraint) {
  const constraint_options& options = constraint.options;
  out.words(words);
  if (options.nulls_not_distinct) out.words(" NULLS NOT DISTINCT");
  if (options.using_index.empty()) {
    out.words(" ").names(constraint.columns);
  } else {
    out.words(" USING INDEX ").name(options.using_index);
  }
  if (!options.include.empty()) out.words(" INCLUDE ").names(options.include);
}

void write_exclude(SqlWriter& out, const constraint_definition& constraint) {
  const constraint_options& options = constraint.options;
  out.words("EXCLUDE");
  if (!options.method.empty()) out.words(" USING ").name(options.method);
  out.words(" (");
  for (const exclude_element& element : constraint.elements) {
    if (&element != constraint.elements.first) out.words(", ");
    out.element(element.column).words(" WITH ").verbatim(element.with);
  }
  out.words(")");
  if (!options.include.empty()) out.words(" INCLUDE ").names(options.include);
  if (!options.where.empty()) out.words(" WHERE (").sql(options.where).words(")");
}

void write_reference(SqlWriter& out, const column_definition& column, str table_schema) {
  const constraint_options& options = column.reference;
  if (options.not_valid) out.refuse("references() cannot be not_valid; use create_foreign_key");
  if (options.no_inherit || options.nulls_not_distinct || !options.include.empty() || !options.using_index.empty() ||
      !options.method.empty() || !options.where.empty() || !options.schema.empty())
    out.refuse("references() has the options ondelete, onupdate, deferrable, initially_deferred, match_full and referent_schema");
  out.words(" ");
  const list<str> columns = column.referent_column.empty() ? list<str>() : list<str>(&column.referent_column, 1);
  write_referent(out, table_schema, column.referent, columns, options);
  write_deferrable(out, options);
}

}  // namespace

void write_column(SqlWriter& out, const column_definition& column, str table_schema) {
  out.name(column.name).words(" ").type(column.type);
  if (!column.collation.empty()) out.words(" COLLATE ").name(column.collation);
  if (!column.generated.empty()) out.words(" GENERATED ALWAYS AS (").sql(column.generated).words(") STORED");
  if (column.identity == always) out.words(" GENERATED ALWAYS AS IDENTITY");
  if (column.identity == by_default) out.words(" GENERATED BY DEFAULT AS IDENTITY");
  if (column.server_default.kind != value_kind::unset && column.server_default.kind != value_kind::none)
    out.words(" DEFAULT ").value(column.server_default);
  if (column.nullable.said == answer::no) out.words(" NOT NULL");
  if (column.nullable.said == answer::yes) out.words(" NULL");
  if (column.primary_key) out.words(" PRIMARY KEY");
  if (column.unique) out.words(" UNIQUE");
  if (!column.check.empty()) out.words(" CHECK (").sql(column.check).words(")");
  if (column.references) write_reference(out, column, table_schema);
}

void write_constraint(SqlWriter& out, const constraint_definition& constraint, str table_schema) {
  const constraint_options& options = constraint.options;
  check_options(out, constraint);
  if (!constraint.name.empty()) out.words("CONSTRAINT ").name(constraint.name).words(" ");
  switch (constraint.kind) {
    case constraint_kind::unique: write_index_constraint(out, "UNIQUE", constraint); break;
    case constraint_kind::primary_key: write_index_constraint(out, "PRIMARY KEY", constraint); break;
    case constraint_kind::check: out.words("CHECK (").sql(constraint.condition).words(")"); break;
    case constraint_kind::exclude: write_exclude(out, constraint); break;
    case constraint_kind::foreign_key:
      out.words("FOREIGN KEY ").names(constraint.columns).words(" ");
      write_referent(out, table_schema, constraint.referent, constraint.referent_columns, options);
      break;
  }
  write_deferrable(out, options);
  if (options.no_inherit) out.words(" NO INHERIT");
  if (options.not_valid) out.words(" NOT VALID");
}

void write_column_comments(SqlWriter& out, list<table_element> elements, str table_schema, str table) {
  for (const table_element& element : elements) {
    if (!element.is_column || element.column.comment.empty()) continue;
    out.end_statement();
    out.words("COMMENT ON COLUMN ").name(table_schema, table).words(".").name(element.column.name);
    out.words(" IS ").literal(element.column.comment);
  }
}

}  // namespace cupel::op
