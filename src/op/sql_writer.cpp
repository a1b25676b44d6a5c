#include "op/sql_writer.h"

#include "op/quote.h"

#include <charconv>
#include <cmath>
#include <utility>

namespace cupel::op {
namespace {

template <class Number>
std::string digits(Number number) {
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, number);
  return {buffer, end.ptr};
}

// The shortest text that is this number again.
std::string real_constant(double number) {
  if (std::isnan(number)) return "'NaN'::float8";
  if (std::isinf(number)) return number > 0 ? "'Infinity'::float8" : "'-Infinity'::float8";
  std::string text = digits(number);
  // Or it would be an integer: 5 / 2 is 2.
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

// As a DEFAULT: the grammar takes a restricted expression there, anything only in parentheses.
bool is_simple(std::string_view expression) { return expression.find_first_of(" \t\r\n<>=!~|&-+*/") == std::string_view::npos; }

}  // namespace

SqlWriter& SqlWriter::words(std::string_view text) {
  statement_.sql += text;
  return *this;
}

SqlWriter& SqlWriter::number(long long number) { return words(digits(number)); }

SqlWriter& SqlWriter::name(str name) {
  if (name.empty()) refuse("a name is empty");
  check(name, "a name");
  add(quote_identifier(view(name)), name, false);
  return *this;
}

SqlWriter& SqlWriter::name(str schema, str name) {
  if (!schema.empty()) this->name(schema).words(".");
  return this->name(name);
}

SqlWriter& SqlWriter::names(list<str> names) {
  words("(");
  for (const str& one : names) {
    if (&one != names.first) words(", ");
    name(one);
  }
  return words(")");
}

SqlWriter& SqlWriter::literal(str text) {
  check(text, "a text");
  add(quote_literal(view(text)), text, false);
  return *this;
}

SqlWriter& SqlWriter::sql(str text) {
  verbatim(text);
  if (view(text).find("--") != std::string_view::npos) words("\n");
  return *this;
}

SqlWriter& SqlWriter::verbatim(str text) {
  if (view(text).find_first_not_of(" \t\r\n") == std::string_view::npos) refuse("SQL is empty");
  check(text, "SQL");
  add(view(text), text, true);
  return *this;
}

SqlWriter& SqlWriter::element(const index_element& element) { return element.is_expression ? sql(element.text) : name(element.text); }

SqlWriter& SqlWriter::type(const cupel::type& type) {
  if (type.is_identifier) {
    name(type.schema, type.name);
  } else if (type.name.empty()) {
    refuse("a type is missing");
  } else {
    sql(type.name);
  }
  if (type.modifier_count > 0) {
    words("(").number(type.modifiers[0]);
    if (type.modifier_count > 1) words(", ").number(type.modifiers[1]);
    words(")");
  }
  for (unsigned i = 0; i < type.dimensions; ++i) words("[]");
  return *this;
}

SqlWriter& SqlWriter::value(const cupel::value& value) {
  switch (value.kind) {
    case value_kind::unset:
    case value_kind::none: refuse("a value is missing"); break;
    case value_kind::null: words("NULL"); break;
    case value_kind::boolean: words(value.boolean ? "true" : "false"); break;
    case value_kind::integer: number(value.integer); break;
    case value_kind::unsigned_integer: words(digits(value.unsigned_integer)); break;
    case value_kind::real: words(real_constant(value.real)); break;
    case value_kind::text: literal(value.text); break;
    case value_kind::expression:
      if (is_simple(view(value.text))) return sql(value.text);
      words("(").sql(value.text).words(")");
      break;
  }
  return *this;
}

void SqlWriter::refuse(std::string_view what) {
  if (error_.empty()) error_ = what;
}

void SqlWriter::end_statement() {
  rendered_.statements.push_back(std::move(statement_));
  statement_ = {};
}

Rendered SqlWriter::take() {
  if (!statement_.sql.empty()) end_statement();
  rendered_.error = std::move(error_);
  if (!rendered_.error.empty()) rendered_.statements.clear();
  return std::move(rendered_);
}

void SqlWriter::check(str text, std::string_view what) {
  if (view(text).find('\0') != std::string_view::npos) refuse(std::string(what) + " holds a NUL byte, which PostgreSQL cannot store");
}

void SqlWriter::add(std::string_view sql, str source, bool verbatim) {
  const std::size_t begin = statement_.sql.size();
  statement_.sql += sql;
  statement_.fragments.push_back({begin, statement_.sql.size(), source, verbatim});
}

}  // namespace cupel::op
