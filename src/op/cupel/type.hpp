// Data types by PostgreSQL's own names.
#pragma once

#include <cupel/text.hpp>

namespace cupel {

// A data type. `type("citext")` is any type, as SQL writes it: "geometry(Point, 4326)", "app.money_amount".
struct type {
  str name;    // SQL as it is; with `is_identifier` a name, quoted when it has to be
  str schema;  // of a name
  bool is_identifier = false;
  unsigned modifier_count = 0;
  int modifiers[2] = {0, 0};  // varchar(32): 32; numeric(12, 2): 12 and 2
  unsigned dimensions = 0;    // of an array

  constexpr type() = default;
  // `sql`: the type as SQL writes it; nothing is quoted.
  constexpr explicit type(str sql) : name(sql) {}
  constexpr type(str sql, int modifier) : name(sql), modifier_count(1), modifiers{modifier, 0} {}
  constexpr type(str sql, int first, int second) : name(sql), modifier_count(2), modifiers{first, second} {}

  // An array of this type; called twice, an array of two dimensions.
  [[nodiscard]] constexpr type array() const {
    type result = *this;
    ++result.dimensions;
    return result;
  }
};

constexpr type smallint() { return type("smallint"); }
constexpr type integer() { return type("integer"); }
constexpr type bigint() { return type("bigint"); }
constexpr type smallserial() { return type("smallserial"); }
constexpr type serial() { return type("serial"); }
constexpr type bigserial() { return type("bigserial"); }
constexpr type numeric() { return type("numeric"); }
// `precision`: digits in all.
constexpr type numeric(int precision) { return {"numeric", precision}; }
// `precision`: digits in all; `scale`: of them behind the point.
constexpr type numeric(int precision, int scale) { return {"numeric", precision, scale}; }
constexpr type real() { return type("real"); }
constexpr type double_precision() { return type("double precision"); }
constexpr type money() { return type("money"); }
constexpr type boolean() { return type("boolean"); }
constexpr type text() { return type("text"); }
constexpr type varchar() { return type("varchar"); }
// `length`: the most characters.
constexpr type varchar(int length) { return {"varchar", length}; }
// `length`: characters, filled up with blanks.
constexpr type character(int length) { return {"character", length}; }
constexpr type bytea() { return type("bytea"); }
constexpr type date() { return type("date"); }
constexpr type time() { return type("time"); }
constexpr type timetz() { return type("timetz"); }
constexpr type timestamp() { return type("timestamp"); }
// `digits`: of a second's fraction, 0 to 6.
constexpr type timestamp(int digits) { return {"timestamp", digits}; }
constexpr type timestamptz() { return type("timestamptz"); }
// `digits`: of a second's fraction, 0 to 6.
constexpr type timestamptz(int digits) { return {"timestamptz", digits}; }
constexpr type interval() { return type("interval"); }
constexpr type uuid() { return type("uuid"); }
constexpr type json() { return type("json"); }
constexpr type jsonb() { return type("jsonb"); }
constexpr type xml() { return type("xml"); }
constexpr type inet() { return type("inet"); }
constexpr type cidr() { return type("cidr"); }
constexpr type macaddr() { return type("macaddr"); }
constexpr type bit(int length) { return {"bit", length}; }
constexpr type varbit() { return type("bit varying"); }
constexpr type point() { return type("point"); }
constexpr type tsvector() { return type("tsvector"); }
constexpr type tsquery() { return type("tsquery"); }
constexpr type oid() { return type("oid"); }
constexpr type int4range() { return type("int4range"); }
constexpr type int8range() { return type("int8range"); }
constexpr type numrange() { return type("numrange"); }
constexpr type tsrange() { return type("tsrange"); }
constexpr type tstzrange() { return type("tstzrange"); }
constexpr type daterange() { return type("daterange"); }

// A type of the database's own, an enum or a domain: `name` is quoted when it has to be.
constexpr type enumeration(str name, str schema = {}) {
  type result;
  result.name = name;
  result.schema = schema;
  result.is_identifier = true;
  return result;
}

}  // namespace cupel
