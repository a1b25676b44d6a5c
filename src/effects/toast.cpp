// Which tables have a toast table: needs_toast_table and type_maximum_size of PostgreSQL's catalog/toasting.c and
// utils/adt/format_type.c, the same in 13 to 18 (18 leaves virtual generated columns out).
#include "effects/predict.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace cupel::effects {

namespace {

// TOAST_TUPLE_THRESHOLD with blocks of 8 kB.
constexpr std::int64_t tuple_threshold = 2032;
constexpr std::int64_t tuple_header = 23;
constexpr std::int64_t bytes_per_character = 4;  // UTF8
constexpr std::int64_t length_word = 4;

struct FixedType {
  std::string_view name;
  std::int64_t length, alignment;
};

// pg_type.typlen and typalign of the built-in types of fixed length, by name.
constexpr std::array fixed_types = {
    FixedType{"bool", 1, 1},          FixedType{"box", 32, 8},         FixedType{"char", 1, 1},         FixedType{"cid", 4, 4},
    FixedType{"circle", 24, 8},       FixedType{"date", 4, 4},         FixedType{"float4", 4, 4},       FixedType{"float8", 8, 8},
    FixedType{"int2", 2, 2},          FixedType{"int4", 4, 4},         FixedType{"int8", 8, 8},         FixedType{"interval", 16, 8},
    FixedType{"line", 24, 8},         FixedType{"lseg", 32, 8},        FixedType{"macaddr", 6, 4},      FixedType{"macaddr8", 8, 4},
    FixedType{"money", 8, 8},         FixedType{"name", 64, 1},        FixedType{"oid", 4, 4},          FixedType{"pg_lsn", 8, 8},
    FixedType{"point", 16, 8},        FixedType{"regclass", 4, 4},     FixedType{"regcollation", 4, 4}, FixedType{"regconfig", 4, 4},
    FixedType{"regdictionary", 4, 4}, FixedType{"regnamespace", 4, 4}, FixedType{"regoper", 4, 4},      FixedType{"regoperator", 4, 4},
    FixedType{"regproc", 4, 4},       FixedType{"regprocedure", 4, 4}, FixedType{"regrole", 4, 4},      FixedType{"regtype", 4, 4},
    FixedType{"tid", 6, 2},           FixedType{"time", 8, 8},         FixedType{"timestamp", 8, 8},    FixedType{"timestamptz", 8, 8},
    FixedType{"timetz", 12, 8},       FixedType{"uuid", 16, 1},        FixedType{"xid", 4, 4},          FixedType{"xid8", 8, 8},
};

// Of variable length, but stored PLAIN: never toasted.
constexpr std::array<std::string_view, 3> plain_types = {"int2vector", "oidvector", "tsquery"};

std::int64_t align(std::int64_t offset, std::int64_t alignment) { return (offset + alignment - 1) / alignment * alignment; }

class RowWidth {
 public:
  explicit RowWidth(const schema::Database& database) : database_(database) {}

  void add(const schema::DataType& type, int depth = 0) {
    if (type.array_dimensions > 0) return add_unbounded();
    if (!type.is_builtin()) return add_user_type(type, depth);
    const auto fixed = std::find_if(fixed_types.begin(), fixed_types.end(), [&](const FixedType& each) { return each.name == type.name; });
    if (fixed != fixed_types.end()) return add_fixed(fixed->length, fixed->alignment);
    if (std::find(plain_types.begin(), plain_types.end(), type.name) != plain_types.end()) {
      unbounded_ = true;
      return;
    }
    if (type.modifiers.empty()) {
      // char without a length is char(1) (manual 8.3); the parser writes that length itself.
      return add_unbounded();
    }
    const std::int64_t modifier = type.modifiers.front();
    if (type.name == "varchar" || type.name == "bpchar") return add_bounded(modifier * bytes_per_character + length_word);
    if (type.name == "varbit" || type.name == "bit") return add_bounded((modifier + 7) / 8 + 2 * length_word);
    // Base-10000 digits of two bytes each, one more for a decimal point in the middle of one (numeric_maximum_size).
    if (type.name == "numeric") return add_bounded(8 + ((modifier + 6) / 4 + 1) * 2);
    add_unbounded();
  }

  [[nodiscard]] bool needs_toast(std::size_t columns) const {
    if (!toastable_) return false;
    if (unbounded_) return true;
    const auto null_bitmap = static_cast<std::int64_t>((columns + 7) / 8);
    return align(tuple_header + null_bitmap, 8) + align(length_, 8) > tuple_threshold;
  }

 private:
  void add_fixed(std::int64_t length, std::int64_t alignment) { length_ = align(length_, alignment) + length; }
  void add_bounded(std::int64_t maximum) {
    add_fixed(maximum, 4);
    toastable_ = true;
  }
  void add_unbounded() {
    unbounded_ = true;
    toastable_ = true;
  }
  void add_user_type(const schema::DataType& type, int depth) {
    const schema::Type* user_type = database_.find_type(type);
    if (user_type == nullptr || depth > 10) return add_unbounded();  // an extension's: most are of variable length
    if (user_type->kind == schema::TypeKind::enumeration) return add_fixed(4, 4);
    if (user_type->kind == schema::TypeKind::domain) return add(user_type->base, depth + 1);
    add_unbounded();
  }

  const schema::Database& database_;
  std::int64_t length_ = 0;
  bool unbounded_ = false, toastable_ = false;
};

}  // namespace

bool has_toast_table(const schema::Relation& table, const schema::Database& database) {
  if (table.kind != schema::RelationKind::table && table.kind != schema::RelationKind::materialized_view) return false;
  RowWidth width(database);
  for (const schema::Column& column : table.columns) {
    if (column.generated != sql::Generated::virtual_) width.add(column.type);
  }
  return width.needs_toast(table.columns.size());
}

}  // namespace cupel::effects
