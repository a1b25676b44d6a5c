#include "effects/key_types.h"

#include "effects/column_conversion.h"
#include "effects/type_casts.h"

#include <algorithm>
#include <array>

namespace cupel::effects {
namespace {

using schema::Database;
using schema::DataType;

// Operators across types (pg_amop of btree: integer_ops, float_ops, datetime_ops, text_ops; 13 to 18).
bool in_one_family(std::string_view a, std::string_view b) {
  static constexpr std::string_view families[][3] = {
      {"int2", "int4", "int8"}, {"float4", "float8", ""}, {"date", "timestamp", "timestamptz"}, {"text", "varchar", "name"}};
  return std::any_of(std::begin(families), std::end(families), [&](const auto& family) {
    const auto has = [&family](std::string_view name) { return std::find(std::begin(family), std::end(family), name) != std::end(family); };
    return has(a) && has(b);
  });
}

// 0: not an integer.
int integer_size(std::string_view type) {
  static constexpr std::array integers = {std::string_view("int2"), std::string_view("int4"), std::string_view("int8")};
  const auto* found = std::find(integers.begin(), integers.end(), type);
  return found == integers.end() ? 0 : static_cast<int>(found - integers.begin()) + 1;
}

}  // namespace

bool can_reference(const DataType& referencing, const DataType& referenced, const Database& database, int postgres_version) {
  const BaseType from = base_type(referencing, database), to = base_type(referenced, database);
  if (!from.is_known() || !to.is_known()) return true;
  if (from.is_array || to.is_array) return from.is_array == to.is_array && from.name == to.name;
  if (from.name == to.name && from.schema == to.schema) return true;
  if (in_one_family(from.name, to.name)) return true;
  return from.user_type == nullptr && to.user_type == nullptr &&
         find_cast(from.name, to.name, CastContext::implicit, postgres_version).has_value();
}

KeyFit key_fit(const DataType& referencing, const DataType& referenced, const Database& database, int postgres_version) {
  const BaseType from = base_type(referencing, database), to = base_type(referenced, database);
  if (!from.is_known() || !to.is_known() || from.is_array || to.is_array || from.user_type != nullptr || to.user_type != nullptr)
    return KeyFit::fits;
  const int from_size = integer_size(from.name), to_size = integer_size(to.name);
  if (from_size != 0 && from_size < to_size) return KeyFit::narrower;
  if ((from.name == to.name && from.schema == to.schema) || in_one_family(from.name, to.name)) return KeyFit::fits;
  return find_cast(from.name, to.name, CastContext::implicit, postgres_version) ? KeyFit::cast : KeyFit::fits;
}

}  // namespace cupel::effects
