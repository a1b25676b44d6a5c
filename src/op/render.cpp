#include "op/render.h"

#include "op/quote.h"
#include "op/render_table.h"
#include "op/sql_writer.h"

#include <algorithm>
#include <string>

namespace cupel::op {
namespace {

class Renderer {
 public:
  explicit Renderer(const request& operation) : r_(operation) {}

  Rendered render() {
    write();
    return out_.take();
  }

 private:
  void write() {
    using enum request_kind;
    switch (r_.kind) {
      case execute: return write_execute();
      case create_table: return write_create_table();
      case drop_table: return write_drop("TABLE ", r_.schema, r_.table);
      case rename_table: alter_table(r_.drop.if_exists).words(" RENAME TO ").name(r_.new_name); return;
      case add_column: return write_add_column();
      case drop_column: return write_drop_from_table("COLUMN ");
      case rename_column: alter_table().words(" RENAME COLUMN ").name(r_.name).words(" TO ").name(r_.new_name); return;
      case alter_column: return write_alter_column();
      case create_index: return write_create_index();
      case drop_index: return write_drop(r_.concurrently ? "INDEX CONCURRENTLY " : "INDEX ", r_.schema, r_.name);
      case rename_index:
        out_.words("ALTER INDEX ").words(r_.drop.if_exists ? "IF EXISTS " : "").name(r_.schema, r_.name);
        out_.words(" RENAME TO ").name(r_.new_name);
        return;
      case create_foreign_key:
      case create_unique_constraint:
      case create_check_constraint:
      case create_primary_key:
      case create_exclude_constraint: return write_add_constraint();
      case validate_constraint: alter_table().words(" VALIDATE CONSTRAINT ").name(r_.name); return;
      case drop_constraint: return write_drop_from_table("CONSTRAINT ");
      case rename_constraint: alter_table().words(" RENAME CONSTRAINT ").name(r_.name).words(" TO ").name(r_.new_name); return;
      case create_enum: return write_create_enum();
      case add_enum_value: return write_add_enum_value();
      case rename_enum_value:
        out_.words("ALTER TYPE ").name(r_.schema, r_.name).words(" RENAME VALUE ").literal(r_.text).words(" TO ").literal(r_.new_name);
        return;
      case drop_type: return write_drop("TYPE ", r_.schema, r_.name);
      case create_schema:
        out_.words("CREATE SCHEMA ").words(r_.if_not_exists ? "IF NOT EXISTS " : "").name(r_.name);
        if (!r_.owner.empty()) out_.words(" AUTHORIZATION ").name(r_.owner);
        return;
      case drop_schema: return write_drop_outside_schemas("SCHEMA ");
      case create_extension: return write_create_extension();
      case drop_extension: return write_drop_outside_schemas("EXTENSION ");
      case create_sequence: return write_create_sequence();
      case drop_sequence: return write_drop("SEQUENCE ", r_.schema, r_.name);
      case create_view: return write_create_view();
      case drop_view: return write_drop(r_.materialized ? "MATERIALIZED VIEW " : "VIEW ", r_.schema, r_.name);
      case bulk_insert: return write_bulk_insert();
      case backfill: return write_backfill();
      case create_table_comment: out_.words("COMMENT ON TABLE ").name(r_.schema, r_.table).words(" IS ").literal(r_.text); return;
      case drop_table_comment: out_.words("COMMENT ON TABLE ").name(r_.schema, r_.table).words(" IS NULL"); return;
      case begin_autocommit:
      case end_autocommit: return;
    }
    out_.refuse("an operation that this version of cupel does not know");
  }

  SqlWriter& alter_table(bool if_exists = false) {
    return out_.words("ALTER TABLE ").words(if_exists ? "IF EXISTS " : "").name(r_.schema, r_.table);
  }

  void write_drop(std::string_view what, str schema, str name) {
    out_.words("DROP ").words(what).words(r_.drop.if_exists ? "IF EXISTS " : "").name(schema, name);
    if (r_.drop.cascade) out_.words(" CASCADE");
  }

  void write_drop_outside_schemas(std::string_view what) {
    if (!r_.schema.empty()) out_.refuse("schemas and extensions are in no schema");
    write_drop(what, {}, r_.name);
  }

  void write_drop_from_table(std::string_view what) {
    alter_table().words(" DROP ").words(what).words(r_.drop.if_exists ? "IF EXISTS " : "").name(r_.name);
    if (r_.drop.cascade) out_.words(" CASCADE");
  }

  void write_execute() {
    if (r_.idempotent) out_.words("-- cupel:idempotent\n");
    out_.verbatim(r_.text);
  }

  void write_create_table() {
    const create_table_options& options = r_.table_options;
    out_.words(options.unlogged ? "CREATE UNLOGGED TABLE " : "CREATE TABLE ");
    out_.words(options.if_not_exists ? "IF NOT EXISTS " : "").name(r_.schema, r_.table).words(" (");
    for (const table_element& element : r_.elements) {
      out_.words(&element == r_.elements.first ? "\n  " : ",\n  ");
      if (element.is_column) {
        write_column(out_, element.column, r_.schema);
      } else {
        if (!element.constraint.options.using_index.empty()) out_.refuse("a table that is created has no index to use");
        if (!element.constraint.options.schema.empty()) out_.refuse("a constraint is in its table's schema");
        write_constraint(out_, element.constraint, r_.schema);
      }
    }
    out_.words(r_.elements.empty() ? ")" : "\n)");
    if (!options.partition_by.empty()) out_.words(" PARTITION BY ").sql(options.partition_by);
    if (!options.with.empty()) out_.words(" WITH (").sql(options.with).words(")");
    if (!options.tablespace.empty()) out_.words(" TABLESPACE ").name(options.tablespace);
    if (!options.comment.empty()) {
      out_.end_statement();
      out_.words("COMMENT ON TABLE ").name(r_.schema, r_.table).words(" IS ").literal(options.comment);
    }
    write_column_comments(out_, r_.elements, r_.schema, r_.table);
  }

  void write_add_column() {
    if (r_.elements.count != 1 || !r_.elements.first->is_column) return out_.refuse("add_column adds one column");
    alter_table().words(" ADD COLUMN ").words(r_.if_not_exists ? "IF NOT EXISTS " : "");
    write_column(out_, r_.elements.first->column, r_.schema);
    write_column_comments(out_, r_.elements, r_.schema, r_.table);
  }

  void write_add_constraint() {
    if (r_.elements.count != 1 || r_.elements.first->is_column) return out_.refuse("the operation adds one constraint");
    alter_table().words(" ADD ");
    write_constraint(out_, r_.elements.first->constraint, r_.schema);
  }

  // One ALTER TABLE for all that it can do at once: its lock is taken once, and the table rewritten at most once.
  void write_alter_column() {
    const alter_column_options& alter = r_.alter;
    const bool has_type = !alter.type.name.empty();
    const bool has_default = alter.server_default.kind != value_kind::unset;
    const bool has_nullable = alter.nullable.said != answer::unset;
    const bool has_comment = alter.comment.kind != value_kind::unset;
    if (!has_type && (!alter.using_expression.empty() || !alter.collation.empty()))
      out_.refuse("using_expression and collation go with a type");
    if (!has_type && !has_default && !has_nullable && !has_comment && alter.new_name.empty())
      out_.refuse("alter_column is told nothing to change");
    bool first = true;
    const auto column = [&]() -> SqlWriter& {
      if (first) {
        alter_table();
      } else {
        out_.words(",");
      }
      first = false;
      return out_.words(" ALTER COLUMN ").name(r_.name);
    };
    if (alter.server_default.kind == value_kind::none) column().words(" DROP DEFAULT");
    if (has_type) {
      column().words(" TYPE ").type(alter.type);
      if (!alter.collation.empty()) out_.words(" COLLATE ").name(alter.collation);
      if (!alter.using_expression.empty()) out_.words(" USING (").sql(alter.using_expression).words(")");
    }
    if (has_default && alter.server_default.kind != value_kind::none) column().words(" SET DEFAULT ").value(alter.server_default);
    if (has_nullable) column().words(alter.nullable.said == answer::yes ? " DROP NOT NULL" : " SET NOT NULL");
    if (has_comment) {
      if (!first) out_.end_statement();
      first = false;
      out_.words("COMMENT ON COLUMN ").name(r_.schema, r_.table).words(".").name(r_.name).words(" IS ");
      if (alter.comment.kind == value_kind::text) {
        out_.literal(alter.comment.text);
      } else if (alter.comment.kind == value_kind::none || alter.comment.kind == value_kind::null) {
        out_.words("NULL");
      } else {
        out_.refuse("a comment is a text, or none");
      }
    }
    if (!alter.new_name.empty()) {
      if (!first) out_.end_statement();
      alter_table().words(" RENAME COLUMN ").name(r_.name).words(" TO ").name(alter.new_name);
    }
  }

  void write_create_index() {
    const create_index_options& index = r_.index;
    if (r_.index_elements.empty()) out_.refuse("the index has no columns");
    if (r_.name.empty() && index.if_not_exists) out_.refuse("if_not_exists needs the index's name");
    out_.words(index.unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ");
    out_.words(index.concurrently ? "CONCURRENTLY " : "").words(index.if_not_exists ? "IF NOT EXISTS " : "");
    if (!r_.name.empty()) out_.name(r_.name).words(" ");
    out_.words(index.only ? "ON ONLY " : "ON ").name(r_.schema, r_.table);
    if (!index.method.empty()) out_.words(" USING ").name(index.method);
    out_.words(" (");
    for (const index_element& element : r_.index_elements) {
      if (&element != r_.index_elements.first) out_.words(", ");
      out_.element(element);
    }
    out_.words(")");
    if (!index.include.empty()) out_.words(" INCLUDE ").names(index.include);
    if (index.nulls_not_distinct) out_.words(" NULLS NOT DISTINCT");
    if (!index.with.empty()) out_.words(" WITH (").sql(index.with).words(")");
    if (!index.tablespace.empty()) out_.words(" TABLESPACE ").name(index.tablespace);
    if (!index.where.empty()) out_.words(" WHERE ").sql(index.where);
  }

  void write_create_enum() {
    out_.words("CREATE TYPE ").name(r_.schema, r_.name).words(" AS ENUM (");
    for (const str& label : r_.labels) {
      if (&label != r_.labels.first) out_.words(", ");
      out_.literal(label);
    }
    out_.words(")");
  }

  void write_add_enum_value() {
    const enum_value_options& options = r_.enum_value;
    if (!options.before.empty() && !options.after.empty()) out_.refuse("a new label comes before or after another, not both");
    out_.words("ALTER TYPE ").name(r_.schema, r_.name).words(" ADD VALUE ");
    out_.words(options.if_not_exists ? "IF NOT EXISTS " : "").literal(r_.text);
    if (!options.before.empty()) out_.words(" BEFORE ").literal(options.before);
    if (!options.after.empty()) out_.words(" AFTER ").literal(options.after);
  }

  void write_create_extension() {
    const create_extension_options& options = r_.extension;
    out_.words("CREATE EXTENSION ").words(options.if_not_exists ? "IF NOT EXISTS " : "").name(r_.name);
    if (!r_.schema.empty()) out_.words(" SCHEMA ").name(r_.schema);
    if (!options.version.empty()) out_.words(" VERSION ").literal(options.version);
    if (options.cascade) out_.words(" CASCADE");
  }

  void sequence_number(std::string_view words, const value& number) {
    if (number.kind == value_kind::unset) return;
    out_.words(words);
    if (number.kind != value_kind::integer && number.kind != value_kind::unsigned_integer) out_.refuse("a sequence counts in integers");
    out_.value(number);
  }

  void write_create_sequence() {
    const create_sequence_options& options = r_.sequence;
    out_.words("CREATE SEQUENCE ").words(options.if_not_exists ? "IF NOT EXISTS " : "").name(r_.schema, r_.name);
    if (!options.type.name.empty()) out_.words(" AS ").type(options.type);
    sequence_number(" INCREMENT BY ", options.increment);
    sequence_number(" MINVALUE ", options.minimum);
    sequence_number(" MAXVALUE ", options.maximum);
    sequence_number(" START WITH ", options.start);
    sequence_number(" CACHE ", options.cache);
    if (options.cycle) out_.words(" CYCLE");
    if (options.owned_by_table.empty() != options.owned_by_column.empty()) out_.refuse("owned_by_table and owned_by_column go together");
    if (!options.owned_by_table.empty())
      out_.words(" OWNED BY ").name(r_.schema, options.owned_by_table).words(".").name(options.owned_by_column);
  }

  void write_create_view() {
    const create_view_options& options = r_.view;
    if (options.materialized && options.or_replace) out_.refuse("a materialized view cannot be replaced");
    if (!options.materialized && (options.if_not_exists || options.with_no_data))
      out_.refuse("if_not_exists and with_no_data are options of materialized views");
    out_.words(options.or_replace ? "CREATE OR REPLACE " : "CREATE ").words(options.materialized ? "MATERIALIZED VIEW " : "VIEW ");
    out_.words(options.if_not_exists ? "IF NOT EXISTS " : "").name(r_.schema, r_.name);
    if (!options.columns.empty()) out_.words(" ").names(options.columns);
    out_.words(" AS ");
    if (options.with_no_data) {
      out_.sql(r_.text).words(" WITH NO DATA");
    } else {
      out_.verbatim(r_.text);
    }
  }

  void write_bulk_insert() {
    if (r_.columns.empty()) out_.refuse("bulk_insert needs the columns' names");
    if (r_.rows.empty()) return;
    out_.words("INSERT INTO ").name(r_.schema, r_.table).words(" ").names(r_.columns).words(" VALUES");
    for (const list<value>& row : r_.rows) {
      const auto number = static_cast<std::size_t>(&row - r_.rows.first) + 1;
      if (row.count != r_.columns.count) {
        out_.refuse("row " + std::to_string(number) + " has " + std::to_string(row.count) + " values for " +
                    std::to_string(r_.columns.count) + " columns");
      }
      out_.words(number == 1 ? "\n  (" : ",\n  (");
      for (const value& one : row) {
        if (&one != row.first) out_.words(", ");
        out_.value(one);
      }
      out_.words(")");
    }
    if (r_.on_conflict_do_nothing) out_.words("\nON CONFLICT DO NOTHING");
  }

  void write_backfill() {
    const backfill_options& options = r_.backfill;
    if (options.set.empty()) return out_.refuse("backfill needs .set, what becomes of a row");
    if (options.key.empty()) return out_.refuse("backfill needs .key, a unique column that the batches go along");
    if (view(options.key).find_first_of(" \t\r\n") != std::string_view::npos)
      out_.refuse("backfill cannot go along a column with white space in its name");
    if (options.batch < 1 || options.batch > 1'000'000) out_.refuse("backfill's .batch is a number of rows from 1 to 1000000");
    out_.words("-- cupel:backfill key=").name(options.key).words(" batch=").number(options.batch);
    if (options.pause_ms != 0) out_.words(" pause=").number(options.pause_ms).words("ms");
    if (options.max_lag_ms >= 0) out_.words(" max-lag=").number(options.max_lag_ms).words("ms");
    out_.words("\nUPDATE ").name(r_.schema, r_.table).words(" SET ").sql(options.set);
    if (!options.where.empty()) out_.words(" WHERE ").sql(options.where);
  }

  const request& r_;
  SqlWriter out_;
};

}  // namespace

Rendered render(const request& operation) { return Renderer(operation).render(); }

const char* name(request_kind kind) {
  switch (kind) {
    case request_kind::execute: return "execute";
    case request_kind::create_table: return "create_table";
    case request_kind::drop_table: return "drop_table";
    case request_kind::rename_table: return "rename_table";
    case request_kind::add_column: return "add_column";
    case request_kind::drop_column: return "drop_column";
    case request_kind::rename_column: return "rename_column";
    case request_kind::alter_column: return "alter_column";
    case request_kind::create_index: return "create_index";
    case request_kind::drop_index: return "drop_index";
    case request_kind::create_foreign_key: return "create_foreign_key";
    case request_kind::create_unique_constraint: return "create_unique_constraint";
    case request_kind::create_check_constraint: return "create_check_constraint";
    case request_kind::create_primary_key: return "create_primary_key";
    case request_kind::create_exclude_constraint: return "create_exclude_constraint";
    case request_kind::validate_constraint: return "validate_constraint";
    case request_kind::drop_constraint: return "drop_constraint";
    case request_kind::create_enum: return "create_enum";
    case request_kind::add_enum_value: return "add_enum_value";
    case request_kind::rename_enum_value: return "rename_enum_value";
    case request_kind::drop_type: return "drop_type";
    case request_kind::create_schema: return "create_schema";
    case request_kind::drop_schema: return "drop_schema";
    case request_kind::create_extension: return "create_extension";
    case request_kind::drop_extension: return "drop_extension";
    case request_kind::create_sequence: return "create_sequence";
    case request_kind::drop_sequence: return "drop_sequence";
    case request_kind::create_view: return "create_view";
    case request_kind::drop_view: return "drop_view";
    case request_kind::bulk_insert: return "bulk_insert";
    case request_kind::backfill: return "backfill";
    case request_kind::create_table_comment: return "create_table_comment";
    case request_kind::drop_table_comment: return "drop_table_comment";
    case request_kind::rename_constraint: return "rename_constraint";
    case request_kind::rename_index: return "rename_index";
    case request_kind::begin_autocommit: return "begin_autocommit";
    case request_kind::end_autocommit: return "end_autocommit";
  }
  return "";
}

}  // namespace cupel::op
