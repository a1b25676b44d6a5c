// Values of rows and defaults.
#pragma once

#include <cupel/text.hpp>

namespace cupel {

enum class value_kind : unsigned char { unset, none, null, boolean, integer, unsigned_integer, real, text, expression };

// NULL, a boolean, a number, a text (which becomes a quoted literal), or an expression made by sql().
struct value {
  value_kind kind = value_kind::unset;
  bool boolean = false;
  long long integer = 0;
  unsigned long long unsigned_integer = 0;
  double real = 0;
  str text;  // of a text or an expression

  constexpr value() = default;
  constexpr value(std::nullptr_t) : kind(value_kind::null) {}
  constexpr value(bool b) : kind(value_kind::boolean), boolean(b) {}
  constexpr value(int n) : kind(value_kind::integer), integer(n) {}
  constexpr value(long n) : kind(value_kind::integer), integer(n) {}
  constexpr value(long long n) : kind(value_kind::integer), integer(n) {}
  constexpr value(unsigned n) : kind(value_kind::unsigned_integer), unsigned_integer(n) {}
  constexpr value(unsigned long n) : kind(value_kind::unsigned_integer), unsigned_integer(n) {}
  constexpr value(unsigned long long n) : kind(value_kind::unsigned_integer), unsigned_integer(n) {}
  constexpr value(double x) : kind(value_kind::real), real(x) {}
  constexpr value(const char* literal) : kind(literal != nullptr ? value_kind::text : value_kind::null), text(literal) {}
  constexpr value(str literal) : kind(value_kind::text), text(literal) {}
  template <class Text>
  requires requires(const Text& literal) { str(literal.data(), literal.size()); }
  constexpr value(const Text& literal) : kind(value_kind::text), text(literal) {}
};

// In a namespace of its own, since cupel itself has a namespace cupel::sql.
inline namespace expressions {
// `expression`: SQL that stands there as it is, as in `.server_default(sql("now()"))`.
constexpr value sql(str expression) {
  value result(expression);
  result.kind = value_kind::expression;
  return result;
}
}  // namespace expressions

namespace detail {
constexpr value no_value() {
  value result;
  result.kind = value_kind::none;
  return result;
}
}  // namespace detail

// Takes a default away: `op.alter_column("t", "c", {.server_default = none})`.
inline constexpr value none = detail::no_value();
// SQL's NULL, in rows.
inline constexpr value null = nullptr;

}  // namespace cupel
