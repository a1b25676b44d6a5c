// What a table is made of: columns and constraints. They are values; a modifier answers a changed copy, so the order is free.
#pragma once

#include <cupel/type.hpp>
#include <cupel/value.hpp>

namespace cupel {

// What happens to a row when the one it refers to goes or changes.
enum referential_action : unsigned char { unspecified, no_action, restrict, cascade, set_null, set_default };

// Whether an identity column takes values that are given to it: always needs OVERRIDING SYSTEM VALUE.
enum identity_kind : unsigned char { no_identity, always, by_default };

// Of a constraint; which members count depends on the kind.
struct constraint_options {
  referential_action ondelete = unspecified;  // of foreign keys
  referential_action onupdate = unspecified;
  // The rows that exist are not checked; validate_constraint does that later, without blocking writes. Of foreign keys and checks.
  bool not_valid = false;
  bool deferrable = false;
  bool initially_deferred = false;  // implies deferrable
  bool no_inherit = false;          // of checks
  bool nulls_not_distinct = false;  // of unique constraints, PostgreSQL 15
  bool match_full = false;          // of foreign keys
  list<str> include{};              // further columns of the index, of unique constraints and primary keys
  str using_index{};                // an index that exists and becomes the constraint's, instead of columns
  str method{};                     // access method of an exclude constraint: "gist"
  str where{};                      // of an exclude constraint
  str schema{};                     // of the table
  str referent_schema{};            // of the table that a foreign key refers to; its own table's when empty
};

enum class constraint_kind : unsigned char { unique, primary_key, check, foreign_key, exclude };

// A column of an index: a name, or an expression, made by sql(), with what may follow it: sql("lower(email)"),
// sql("created_at DESC NULLS LAST"), sql("title gin_trgm_ops").
struct index_element {
  str text;
  bool is_expression = false;

  constexpr index_element(const char* name) : text(name) {}
  constexpr index_element(str name) : text(name) {}
  template <class Text>
  requires requires(const Text& name) { str(name.data(), name.size()); }
  constexpr index_element(const Text& name) : text(name) {}
  constexpr index_element(const value& sql) : text(sql.text), is_expression(sql.kind == value_kind::expression) {}
};

// An element of an exclude constraint: no two rows may have `with` between their values.
struct exclude_element {
  index_element column;
  str with;  // an operator: "=", "&&"
};

// A constraint as plain data.
struct constraint_definition {
  constraint_kind kind = constraint_kind::check;
  str name;  // empty: PostgreSQL chooses one
  list<str> columns;
  str condition;  // of a check
  str referent;   // of a foreign key: table and columns
  list<str> referent_columns;
  list<exclude_element> elements;
  constraint_options options;
};

// A column as plain data.
struct column_definition {
  str name;
  cupel::type type;
  maybe nullable;
  bool primary_key = false;
  bool unique = false;
  identity_kind identity = no_identity;
  value server_default;
  str check;      // a condition
  str generated;  // an expression: GENERATED ALWAYS AS (…) STORED
  str collation;
  str comment;
  bool references = false;
  str referent;  // of references: table, column ("" is its primary key)
  str referent_column;
  constraint_options reference;
};

// column("total", numeric(12, 2)).not_null().server_default(0)
class column {
  // Above those that use it: clang++ wants it for constants.
  template <class Member>
  constexpr column with(Member column_definition::*member, Member value) const {
    column result = *this;
    result.definition_.*member = value;
    return result;
  }

 public:
  constexpr column(str name, type type) {
    definition_.name = name;
    definition_.type = type;
  }

  [[nodiscard]] constexpr column not_null() const { return with(&column_definition::nullable, maybe(false)); }
  [[nodiscard]] constexpr column nullable() const { return with(&column_definition::nullable, maybe(true)); }
  [[nodiscard]] constexpr column primary_key() const { return with(&column_definition::primary_key, true); }
  [[nodiscard]] constexpr column unique() const { return with(&column_definition::unique, true); }
  // Numbered by a sequence of its own.
  [[nodiscard]] constexpr column identity(identity_kind kind = by_default) const { return with(&column_definition::identity, kind); }
  // A literal, or an expression: server_default("new"), server_default(0), server_default(sql("now()")).
  [[nodiscard]] constexpr column server_default(value value) const { return with(&column_definition::server_default, value); }
  // `condition`: SQL that no row may make false.
  [[nodiscard]] constexpr column check(str condition) const { return with(&column_definition::check, condition); }
  // `expression`: SQL over other columns of the row; the column is stored.
  [[nodiscard]] constexpr column generated(str expression) const { return with(&column_definition::generated, expression); }
  // `name`: a collation: "C", "de_DE".
  [[nodiscard]] constexpr column collation(str name) const { return with(&column_definition::collation, name); }
  // `text`: what \d+ shows.
  [[nodiscard]] constexpr column comment(str text) const { return with(&column_definition::comment, text); }
  // A foreign key over this column. `referent_column`: of `table`; empty for its primary key.
  [[nodiscard]] constexpr cupel::column references(str table, str referent_column = {}, constraint_options options = {}) const {
    cupel::column result = *this;
    result.definition_.references = true;
    result.definition_.referent = table;
    result.definition_.referent_column = referent_column;
    result.definition_.reference = options;
    return result;
  }

  [[nodiscard]] constexpr const column_definition& definition() const { return definition_; }

 private:
  column_definition definition_;
};

// The constraints of create_table. `name` may be "": PostgreSQL chooses one then.

// No two rows have the same values in `columns`.
struct unique {
  constraint_definition definition;
  constexpr unique(str name, list<str> columns, constraint_options options = {})
      : definition{constraint_kind::unique, name, columns, {}, {}, {}, {}, options} {}
};

struct primary_key {
  constraint_definition definition;
  constexpr primary_key(str name, list<str> columns, constraint_options options = {})
      : definition{constraint_kind::primary_key, name, columns, {}, {}, {}, {}, options} {}
};

// `condition`: SQL that no row may make false.
struct check {
  constraint_definition definition;
  constexpr check(str name, str condition, constraint_options options = {})
      : definition{constraint_kind::check, name, {}, condition, {}, {}, {}, options} {}
};

// `columns` are those of a row of `referent`, in its `referent_columns` (none: its primary key).
struct foreign_key {
  constraint_definition definition;
  constexpr foreign_key(str name, list<str> columns, str referent, list<str> referent_columns = {}, constraint_options options = {})
      : definition{constraint_kind::foreign_key, name, columns, {}, referent, referent_columns, {}, options} {}
};

// exclude{"room_booked_once", {{"room", "="}, {"during", "&&"}}, {.method = "gist"}}
struct exclude {
  constraint_definition definition;
  constexpr exclude(str name, list<exclude_element> elements, constraint_options options = {})
      : definition{constraint_kind::exclude, name, {}, {}, {}, {}, elements, options} {}
};

// A column or a constraint.
struct table_element {
  bool is_column = false;
  column_definition column;
  constraint_definition constraint;

  constexpr table_element(const cupel::column& element) : is_column(true), column(element.definition()) {}
  constexpr table_element(const cupel::unique& element) : constraint(element.definition) {}
  constexpr table_element(const cupel::primary_key& element) : constraint(element.definition) {}
  constexpr table_element(const cupel::check& element) : constraint(element.definition) {}
  constexpr table_element(const cupel::foreign_key& element) : constraint(element.definition) {}
  constexpr table_element(const cupel::exclude& element) : constraint(element.definition) {}
  // From plain data, for programs that make operations.
  constexpr explicit table_element(const column_definition& element) : is_column(true), column(element) {}
  constexpr explicit table_element(const constraint_definition& element) : constraint(element) {}
};

}  // namespace cupel
