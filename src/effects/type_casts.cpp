#include "effects/type_casts.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace cupel::effects {
namespace {

using Context = CastContext;
using Method = CastMethod;

// Text inside the table itself: a pointer each would be a relocation each at every start of the program.
struct Name {
  char bytes[23] = {};
  std::uint8_t size = 0;

  consteval Name(const char* text) {  // NOLINT(google-explicit-constructor)
    for (; text[size] != '\0'; ++size) bytes[size] = text[size];
  }
  constexpr operator std::string_view() const { return {bytes, size}; }  // NOLINT(google-explicit-constructor)
};

struct Cast {
  Name source, target;
  Context context;
  Method method;
  std::uint8_t first_version, last_version;
};

struct StringType {
  Name name;
  std::uint8_t first_version, last_version;
};

struct OperatorClass {
  Name access_method, type, name;
  std::uint8_t first_version, last_version;
};

// Sorted by their first columns.
constexpr Cast casts[] = {
#include "effects/type_casts.inc"
};
constexpr StringType string_types[] = {
#include "effects/string_types.inc"
};
constexpr OperatorClass operator_classes[] = {
#include "effects/default_operator_classes.inc"
};

template <class Row>
bool is_in(const Row& row, int version) {
  return row.first_version <= version && version <= row.last_version;
}

}  // namespace

bool is_string_type(std::string_view type, int postgres_version) {
  return std::any_of(std::begin(string_types), std::end(string_types),
                     [&](const StringType& row) { return std::string_view(row.name) == type && is_in(row, postgres_version); });
}

std::optional<CastMethod> find_cast(std::string_view source, std::string_view target, CastContext context, int postgres_version) {
  auto cast = std::lower_bound(std::begin(casts), std::end(casts), source,
                               [](const Cast& left, std::string_view right) { return std::string_view(left.source) < right; });
  for (; cast != std::end(casts) && std::string_view(cast->source) == source; ++cast) {
    if (std::string_view(cast->target) != target || !is_in(*cast, postgres_version)) continue;
    if (cast->context <= context) return cast->method;
    return std::nullopt;  // an entry in pg_cast also rules the way through text out
  }
  if (context >= CastContext::assignment && is_string_type(target, postgres_version)) return CastMethod::text;
  if (context == CastContext::explicit_ && is_string_type(source, postgres_version)) return CastMethod::text;
  return std::nullopt;
}

bool has_known_casts(std::string_view type) {
  return std::any_of(std::begin(casts), std::end(casts),
                     [type](const Cast& cast) { return std::string_view(cast.source) == type || std::string_view(cast.target) == type; });
}

namespace {

// The classes of ranges are made for all of them at once, range_ops for anyrange (manual 8.17.10).
bool is_range(std::string_view type) {
  static constexpr std::string_view ranges[] = {"int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange"};
  return std::find(std::begin(ranges), std::end(ranges), type) != std::end(ranges);
}

bool is_multirange(std::string_view type) {
  static constexpr std::string_view multiranges[] = {"int4multirange", "int8multirange", "nummultirange",
                                                     "tsmultirange",   "tstzmultirange", "datemultirange"};
  return std::find(std::begin(multiranges), std::end(multiranges), type) != std::end(multiranges);
}

}  // namespace

std::string_view default_operator_class(std::string_view access_method, std::string_view type, int postgres_version) {
  const bool of_ranges = access_method == "btree" || access_method == "hash" || access_method == "gist";
  if (of_ranges && is_range(type)) return "range_ops";
  if (of_ranges && postgres_version >= 14 && is_multirange(type)) return "multirange_ops";
  for (const OperatorClass& row : operator_classes) {
    if (std::string_view(row.type) == type && std::string_view(row.access_method) == access_method && is_in(row, postgres_version)) {
      return row.name;
    }
  }
  return {};
}

}  // namespace cupel::effects
