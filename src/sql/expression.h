// An expression as a handle with questions. The parse tree behind it belongs to the Script it came from.
#pragma once

#include "base/span.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::sql {

// A type as written: `character varying(20)[]` is {name "varchar", schema "pg_catalog", modifiers {20}, dimensions 1}.
struct TypeName {
  std::string_view schema;              // empty when not written; the grammar itself writes pg_catalog for SQL names
  std::string_view name;                // PostgreSQL's internal name for built-in ones: int4, varchar, bpchar, timestamptz
  std::vector<std::int32_t> modifiers;  // typmods as written: {20}, {10, 2}; an interval's field mask comes first
  int array_dimensions = 0;
  bool set_of = false;
  bool percent_type = false;  // table.column%TYPE
  Span span;                  // begins at the type; its end is not known to the parser: empty past begin

  // serial, bigserial and smallserial are not types but recipes (manual: 8.1.4 Serial Types).
  [[nodiscard]] bool is_serial() const;
};

enum class ExpressionKind {
  null,           // NULL
  literal,        // a constant; `text()` gives its value
  column,         // a reference a, t.a, s.t.a; `name()` gives the path; a star is the last element "*"
  parameter,      // $1
  function,       // f(args); `name()` the qualified name; children: the arguments
  operator_call,  // a <op> b; `name()` ends with the operator's symbol; children: operands
  and_,
  or_,
  not_,  // children: the operands
  is_null,
  is_not_null,  // children: {argument}
  is_true,
  is_not_true,
  is_false,
  is_not_false,
  is_unknown,
  is_not_unknown,
  is_distinct,
  is_not_distinct,  // children: {left, right}
  in_list,
  not_in_list,  // children: {left, element...}; a subquery is `subquery`
  any_of,
  all_of,  // left <op> ANY (array): children {left, array}; `name()` the operator
  between,
  not_between,  // children: {value, low, high}
  like,         // (NOT) LIKE, ILIKE, SIMILAR TO: children {value, pattern}
  cast,         // children: {argument}; `type()` the target
  collate,      // children: {argument}; `name()` the collation
  coalesce,
  greatest_least,
  nullif,
  case_when,  // children in the order written: argument, when, then, …, else
  array,
  row,             // constructors
  value_function,  // CURRENT_DATE, CURRENT_USER, LOCALTIMESTAMP …; `name()` its keyword in lower case
  subquery,        // any sublink
  default_,        // DEFAULT in VALUES or SET
  field,
  subscript,  // (x).f, x[i]; children: {argument, indexes…}
  other,      // JSON and XML constructors, GROUPING …; children as far as they are known
};

class Expression {
 public:
  Expression() = default;                                 // no expression
  explicit Expression(const void* node) : node_(node) {}  // only src/sql makes one that is not empty

  explicit operator bool() const { return node_ != nullptr; }
  [[nodiscard]] const void* node() const { return node_; }  // for src/sql only

  [[nodiscard]] ExpressionKind kind() const;
  [[nodiscard]] std::vector<Expression> children() const;
  // The parts of a column reference, function, operator, collation or value function; empty for other kinds.
  [[nodiscard]] std::vector<std::string_view> name() const;
  // The last part of `name()`, empty if there is none.
  [[nodiscard]] std::string_view last_name() const;
  // A literal's value as text: '…' without quotes, numbers as written, booleans as true/false.
  [[nodiscard]] std::string literal() const;
  [[nodiscard]] bool is_string_literal() const;
  [[nodiscard]] TypeName type() const;  // of a cast
  // Begin of the expression as the parser records it (for an operator: its leftmost operand); nullopt if unknown.
  // Relative to the text given to the parser: see Script::offset_of.
  [[nodiscard]] std::optional<std::uint32_t> location() const;

  // PostgreSQL's own spelling of it, made on demand (deparsed). Empty when it is too deep to print.
  [[nodiscard]] std::string text() const;

  // Same tree, wherever it was written (PostgreSQL's equal()). False for trees deeper than `max_depth`.
  [[nodiscard]] bool equals(const Expression& other) const;

  // True if the value TRUE or NULL of this boolean expression proves nothing, but a row for which it is TRUE must have
  // `column` not null: the proof SET NOT NULL accepts from a valid CHECK (ALTER TABLE, SET NOT NULL; 12 and later).
  // `column IS NOT NULL`, NOT (column IS NULL), column IS DISTINCT FROM NULL, and conjunctions having one of them;
  // a disjunction if each arm implies it.
  [[nodiscard]] bool implies_not_null(std::string_view column) const;

  // Names of the columns referred to (last part of each path), once each, in the order met. A star is "*".
  [[nodiscard]] std::vector<std::string_view> columns() const;

  // Every node of the tree, itself included, parents first; subqueries are entered. `visit` returns false to stop.
  template <class Visit>
  bool walk(Visit&& visit) const {
    return walk_from(visit, 0);
  }

  // Trees are entered this deep, no deeper; the parser itself allows more only for long chains of operators.
  static constexpr int max_depth = 2000;

 private:
  template <class Visit>
  bool walk_from(Visit& visit, int depth) const {
    if (node_ == nullptr) return true;
    if (!visit(*this)) return false;
    if (depth >= max_depth) return true;
    for (const Expression& child : children()) {
      if (!child.walk_from(visit, depth + 1)) return false;
    }
    return true;
  }

  const void* node_ = nullptr;
};

}  // namespace cupel::sql
