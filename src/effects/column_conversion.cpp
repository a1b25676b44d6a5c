#include "effects/column_conversion.h"

#include "base/ascii.h"
#include "effects/type_casts.h"

#include <algorithm>
#include <array>

namespace cupel::effects {
namespace {

using schema::Database;
using schema::DataType;
using sql::Expression;
using sql::ExpressionKind;

// 0 for ranges that end in seconds (or none), 5 for YEAR: intervaltypmodleastfield (timestamp.c). The bits are those
// the grammar writes: INTERVAL_MASK of datetime.h.
int least_interval_field(const std::vector<std::int32_t>& modifiers) {
  if (modifiers.empty()) return 0;
  constexpr std::int32_t month = 1 << 1, year = 1 << 2, day = 1 << 3, hour = 1 << 10, minute = 1 << 11, second = 1 << 12;
  std::int32_t range = modifiers[0];
  if (range & second) return 0;
  if (range & minute) return 1;
  if (range & hour) return 2;
  if (range & day) return 3;
  if (range & month) return 4;
  return range & year ? 5 : 0;
}

constexpr int full_precision = 6;  // of time, timestamp and interval: microseconds

int interval_precision(const std::vector<std::int32_t>& modifiers) {
  return modifiers.size() < 2 ? full_precision : std::min<int>(modifiers[1], full_precision);
}

struct NumericModifiers {
  int precision, scale;
};
NumericModifiers numeric_modifiers(const std::vector<std::int32_t>& modifiers) {
  return {modifiers[0], modifiers.size() > 1 ? modifiers[1] : 0};
}

bool has_length_coercion(std::string_view type) {
  static constexpr std::array types = {"bpchar",   "varchar", "bit",    "varbit",    "numeric",
                                       "interval", "time",    "timetz", "timestamp", "timestamptz"};
  return std::find(types.begin(), types.end(), type) != types.end();
}

// The failure of a length coercion that meets a value it cannot hold; empty: it rounds or cannot fail.
std::string_view length_failure(std::string_view type, const std::vector<std::int32_t>& from, const std::vector<std::int32_t>& to) {
  if (type == "varchar" || type == "bpchar") return from.empty() || from[0] > to[0] ? "22001" : "";
  if (type == "varbit") return "22001";
  if (type == "bit") return "22026";
  if (type == "numeric") {
    if (from.empty()) return "22003";
    NumericModifiers old_modifiers = numeric_modifiers(from), new_modifiers = numeric_modifiers(to);
    int old_digits = old_modifiers.precision - old_modifiers.scale, new_digits = new_modifiers.precision - new_modifiers.scale;
    // With fewer decimal places a value is rounded, perhaps up to one more digit before the point.
    bool fits = new_digits > old_digits || (new_digits == old_digits && new_modifiers.scale >= old_modifiers.scale);
    return fits ? "" : "22003";
  }
  return "";
}

// How far a number type reaches; 0: not a number.
int number_rank(std::string_view type) {
  static constexpr std::array ranks = {"int2", "int4", "int8", "float4", "float8", "numeric"};
  auto found = std::find(ranks.begin(), ranks.end(), type);
  return found == ranks.end() ? 0 : static_cast<int>(found - ranks.begin()) + 1;
}

bool is_time_type(std::string_view type) {
  return type == "date" || type == "time" || type == "timetz" || type == "timestamp" || type == "timestamptz" || type == "interval";
}

// What a cast function or an input function says of a value that it cannot convert; empty: converts everything.
std::string_view conversion_failure(std::string_view source, std::string_view target, CastMethod method, int version) {
  if (method == CastMethod::text) {
    if (is_string_type(target, version)) return "";
    if (!is_string_type(source, version)) return "";  // json to jsonb and back
    if (is_time_type(target)) return "22007";
    return target == "xml" ? "2200M" : "22P02";
  }
  int from = number_rank(source), to = number_rank(target);
  if (from != 0 && to != 0) { return from > to ? "22003" : ""; }
  if (source == "int8" && target == "oid") return "22003";
  if ((source == "numeric" && target == "money") || (source == "macaddr8" && target == "macaddr")) return "22003";
  if (source == "jsonb") return "22023";
  if (target == "xml") return "2200M";
  if (target == "regclass") return "42P01";
  return "";
}

bool is_utc(std::string_view time_zone) {
  // Zones that were never anything but zero (TimestampTimestampTzRequiresRewrite): Europe/London was.
  static constexpr std::array names = {"utc",           "uct",      "gmt",       "zulu",     "universal", "greenwich", "gmt0",
                                       "gmt+0",         "gmt-0",    "0",         "+00",      "+0",        "-0",        "+00:00",
                                       "utc0",          "gmt0",     "etc/utc",   "etc/uct",  "etc/gmt",   "etc/zulu",  "etc/universal",
                                       "etc/greenwich", "etc/gmt0", "etc/gmt+0", "etc/gmt-0"};
  return std::find(names.begin(), names.end(), lower_case(time_zone)) != names.end();
}

}  // namespace

BaseType base_type(const DataType& type, const Database& database) {
  BaseType result;
  result.schema = type.schema;
  result.name = type.name;
  result.modifiers = &type.modifiers;
  result.is_array = type.array_dimensions > 0;
  const DataType* current = &type;
  if (result.is_array) {
    result.user_type = database.find_type(type);  // of the elements
    return result;
  }
  // A domain over a domain …: bounded, should a replay ever make a circle of them.
  for (int depth = 0; depth < 100 && current->array_dimensions == 0; ++depth) {
    const schema::Type* known = database.find_type(*current);
    if (known == nullptr) break;
    if (known->kind != schema::TypeKind::domain) {
      result.user_type = known;
      break;
    }
    result.is_domain = true;
    result.is_incomplete_domain = result.is_incomplete_domain || known->incomplete;
    if (known->not_null) result.domain_not_null = true;
    if (!result.domain_default) result.domain_default = known->default_value;
    for (const schema::Constraint& constraint : known->constraints) {
      (constraint.kind == schema::ConstraintKind::not_null ? result.domain_not_null : result.domain_checked) = true;
    }
    current = &known->base;
    result.schema = current->schema;
    result.name = current->name;
    result.modifiers = &current->modifiers;
    result.is_array = current->array_dimensions > 0;
  }
  return result;
}

bool same_type(const DataType& a, const DataType& b) {
  return a.name == b.name && a.schema == b.schema && (a.array_dimensions > 0) == (b.array_dimensions > 0);
}

bool BaseType::is_known() const {
  if (name.empty()) return false;
  return schema == "pg_catalog" || user_type != nullptr || (schema.empty() && has_known_casts(name));
}

std::string display_type(const DataType& type) {
  sql::TypeName name;
  name.schema = type.is_builtin() ? std::string_view("pg_catalog") : std::string_view{};
  name.name = type.name;
  name.modifiers = type.modifiers;
  name.array_dimensions = type.array_dimensions;
  return sql::to_sql(name);
}

// ---- the conversion as the planner leaves it ------------------------------------------------------------------------

void Conversion::fail(std::string sqlstate) {
  if (outcome_ != TypeChangeOutcome::fails) failure_ = std::move(sqlstate);
  outcome_ = TypeChangeOutcome::fails;
}

void Conversion::rewrite(std::string_view sqlstate) {
  if (outcome_ == TypeChangeOutcome::catalog_only) outcome_ = TypeChangeOutcome::rewrite;
  if (failure_.empty()) failure_ = sqlstate;
}

void Conversion::coerce(const DataType& target, CastContext context) {
  if (outcome_ == TypeChangeOutcome::fails) return;
  BaseType from = base_type(type_, database_), to = base_type(target, database_);
  if (!type_known_ || from.name.empty() || to.name.empty()) return become_unknown(target);

  if (same_type(type_, target)) {
    // A type of an extension may have modifiers that are not numbers: geometry(Point).
    if (!from.is_known()) return become_unknown(target);
    if (to.is_domain) return;  // the same domain: nothing to do
    return coerce_length(to, target.modifiers);
  }
  bool same_base = from.name == to.name && from.schema == to.schema && from.is_array == to.is_array;
  if (same_base) {
    if (!from.is_known()) return become_unknown(target);
    // A column of a domain has no modifiers of its own: varchar(50) is not seen behind it. Going into a domain they
    // are.
    if (from.is_domain) modifiers_.clear();
  } else if (!convert(from, to, context)) {
    return;
  }
  coerce_length(to, *to.modifiers);
  if (to.is_domain) {
    if (to.is_incomplete_domain) return become_unknown(target);
    if (to.domain_checked || to.domain_not_null) rewrite(to.domain_checked ? "23514" : "23502");
    modifiers_.clear();
  }
  type_ = target;
}

// Between different base types. False: failed, or cannot be told.
bool Conversion::convert(const BaseType& from, const BaseType& to, CastContext context) {
  modifiers_.clear();
  if (!from.is_known() || !to.is_known()) {
    become_unknown({});
    return false;
  }
  // int2vector and oidvector are arrays to those who read them.
  bool vector = from.name == "int2vector" || from.name == "oidvector";
  if ((from.is_array || vector) && to.is_array) {
    // Element by element, never free: the planner does not look into ArrayCoerceExpr.
    std::string_view element = !vector ? from.name : from.name == "int2vector" ? std::string_view("int2") : std::string_view("oid");
    bool castable = element == to.name || find_cast(element, to.name, context, version_);
    if (!castable) fail(context == CastContext::explicit_ ? "42846" : "42804");
    else rewrite("");
    return castable;
  }
  std::optional<CastMethod> method;
  if (from.is_array) {
    method = find_cast("_" + std::string(from.name), to.name, context, version_);
  } else if (to.is_array) {
    if (context == CastContext::explicit_ && is_string_type(from.name, version_)) method = CastMethod::text;
  } else {
    method = find_cast(from.name, to.name, context, version_);
  }
  if (!method) {
    fail(context == CastContext::explicit_ ? "42846" : "42804");
    return false;
  }
  if (*method == CastMethod::binary) return true;
  bool zoned = (from.name == "timestamp" && to.name == "timestamptz") || (from.name == "timestamptz" && to.name == "timestamp");
  if (zoned) {
    crosses_time_zone_ = true;
    if (is_utc(time_zone_)) {
      free_by_time_zone_ = true;
      return true;
    }
  }
  rewrite(to.is_array ? std::string_view("22P02") : conversion_failure(from.name, to.name, *method, version_));
  return true;
}

// coerce_type_typmod and what the planner's support functions take out of it again: varchar_support, numeric_support,
// TemporalSimplify, interval_support, varbit_support. bpchar and bit have none.
void Conversion::coerce_length(const BaseType& type, const std::vector<std::int32_t>& wanted) {
  std::vector<std::int32_t> present = std::exchange(modifiers_, wanted);
  if (wanted.empty() || wanted == present) return;
  if (!type.is_array && !has_length_coercion(type.name)) {
    if (!type.is_known() || type.schema.empty()) become_unknown({});
    return;
  }
  if (type.is_array) return rewrite(length_failure(type.name, present, wanted));
  if (type.name == "varchar" || type.name == "varbit") {
    if (!present.empty() && present[0] <= wanted[0]) return;
  } else if (type.name == "numeric") {
    if (!present.empty()) {
      NumericModifiers from = numeric_modifiers(present), to = numeric_modifiers(wanted);
      if (from.scale == to.scale && to.precision >= from.precision) return;
    }
  } else if (type.name == "interval") {
    int from_field = least_interval_field(present), to_field = least_interval_field(wanted);
    int from_precision = interval_precision(present), to_precision = interval_precision(wanted);
    if (to_field <= from_field && (from_field > 0 || to_precision >= full_precision || to_precision >= from_precision)) return;
  } else if (is_time_type(type.name)) {
    if (wanted[0] >= full_precision || (!present.empty() && wanted[0] >= present[0])) return;
  }
  rewrite(length_failure(type.name, present, wanted));
}

void Conversion::become_unknown(const DataType& type) {
  if (outcome_ == TypeChangeOutcome::catalog_only) outcome_ = TypeChangeOutcome::unknown;
  type_known_ = false;
  type_ = type;
}

void Conversion::evaluate(const Expression& expression, std::string_view column, const DataType& column_type) {
  switch (expression ? expression.kind() : ExpressionKind::column) {
    case ExpressionKind::column:
      if (expression && expression.last_name() != column) break;
      type_ = column_type;
      modifiers_ = column_type.modifiers;
      return;
    case ExpressionKind::cast: {
      std::vector<Expression> children = expression.children();
      if (children.empty()) break;
      evaluate(children[0], column, column_type);
      coerce(database_.resolve(expression.type()), CastContext::explicit_);
      return;
    }
    case ExpressionKind::collate: {
      std::vector<Expression> children = expression.children();
      if (children.empty()) break;
      evaluate(children[0], column, column_type);
      return;
    }
    default: break;
  }
  // Anything computed is written anew. Its type is not known here, so neither is whether it can be assigned.
  type_known_ = false;
  rewrite("");
}

}  // namespace cupel::effects
