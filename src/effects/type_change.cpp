#include "effects/type_change.h"

#include "effects/column_conversion.h"
#include "effects/type_casts.h"

namespace cupel::effects {
namespace {

using schema::Database;

std::string_view collation_name(std::string_view written) {
  std::size_t dot = written.rfind('.');
  std::string_view name = dot == std::string_view::npos ? written : written.substr(dot + 1);
  return name == "default" ? std::string_view{} : name;
}

// The collation a type has when none is written. name compares by bytes since 12.
std::string_view effective_collation(std::string_view written, const BaseType& base) {
  if (!written.empty()) return collation_name(written);
  return base.name == "name" ? std::string_view("C") : std::string_view{};
}

}  // namespace

bool index_key_survives(std::string_view access_method, std::string_view operator_class, const TypeChangeQuestion& question,
                        const Database& database) {
  BaseType from = base_type(question.from, database), to = base_type(question.to, database);
  if (effective_collation(question.from_collation, from) != effective_collation(question.to_collation, to)) return false;
  int version = question.postgres_version;
  std::string_view old_default = default_operator_class(access_method, from.name, version);
  // pg_get_indexdef leaves the default class out, so the index gets the new type's default.
  if (operator_class.empty() || operator_class == old_default) {
    if (from.is_array || to.is_array || old_default.empty()) {
      // A polymorphic class (arrays, enums, ranges) serves one type only: even a domain over it is another.
      return same_type(question.from, question.to);
    }
    return old_default == default_operator_class(access_method, to.name, version);
  }
  return true;
}

TypeChange type_change(const TypeChangeQuestion& question, const Database& database) {
  Conversion conversion(database, question.postgres_version, question.time_zone);
  conversion.evaluate(question.using_expression, question.column, question.from);
  conversion.assign(question.to);

  TypeChange change;
  change.outcome = conversion.outcome();
  change.failure_sqlstate = conversion.failure();
  change.depends_on_time_zone = conversion.is_free_by_time_zone() && change.outcome == TypeChangeOutcome::catalog_only;
  std::string from = display_type(question.from), to = display_type(question.to);
  std::string arrow = from + " → " + to;
  switch (change.outcome) {
    case TypeChangeOutcome::catalog_only:
    case TypeChangeOutcome::scan:
      change.rebuilds_indexes = !index_key_survives("btree", {}, question, database);
      change.reason = arrow + " needs no rewrite";
      if (change.depends_on_time_zone) change.reason += " because TimeZone is " + std::string(question.time_zone);
      break;
    case TypeChangeOutcome::rewrite:
      change.reason = arrow + " rewrites every row";
      if (conversion.crosses_time_zone())
        change.reason += question.time_zone.empty() ? " unless TimeZone is UTC" : " because TimeZone is not UTC";
      break;
    case TypeChangeOutcome::fails:
      change.reason = change.failure_sqlstate == "42846" ? "cannot cast type " + from + " to " + to
                                                         : from + " cannot be cast automatically to type " + to;
      break;
    case TypeChangeOutcome::unknown:
      change.reason = question.from.name.empty() ? "the old type is not known" : arrow + " is not known";
      break;
  }
  return change;
}

}  // namespace cupel::effects
