#include "effects/effects.h"
#include "effects/volatility.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

namespace cupel::effects {
namespace {

using enum sql::Volatility;

struct Row {
  std::string_view name;
  int least_arguments, most_arguments;  // 255: variadic
  sql::Volatility volatility;
  int first_version, last_version;  // 0: whatever the version
};

constexpr Row builtin_rows[] = {
#include "effects/volatility_table.inc"
};
constexpr Row extension_rows[] = {
#include "effects/extension_volatility_table.inc"
};

constexpr int variadic = 255;

// The rows without pointers: 3,000 string_views would be as many relocations at every start of the program.
struct PackedRow {
  std::uint32_t name_begin;
  std::uint8_t name_size, least_arguments, most_arguments, volatility, first_version, last_version;
};

template <std::size_t row_count, std::size_t name_bytes>
struct PackedTable {
  std::array<char, name_bytes> names{};
  std::array<PackedRow, row_count> rows{};

  [[nodiscard]] constexpr std::string_view name(const PackedRow& row) const { return {names.data() + row.name_begin, row.name_size}; }
};

template <std::size_t row_count>
constexpr std::size_t size_of_names(const Row (&rows)[row_count]) {
  std::size_t size = 0;
  for (std::size_t i = 0; i < row_count; ++i) {
    if (i == 0 || rows[i].name != rows[i - 1].name) size += rows[i].name.size();
  }
  return size;
}

template <std::size_t name_bytes, std::size_t row_count>
constexpr PackedTable<row_count, name_bytes> pack(const Row (&rows)[row_count]) {
  PackedTable<row_count, name_bytes> table;
  std::size_t position = 0;
  for (std::size_t i = 0; i < row_count; ++i) {
    const Row& row = rows[i];
    bool repeated = i > 0 && row.name == rows[i - 1].name;
    std::size_t begin = repeated ? position - row.name.size() : position;
    if (!repeated) {
      for (char c : row.name) table.names[position++] = c;
    }
    table.rows[i] = {static_cast<std::uint32_t>(begin),
                     static_cast<std::uint8_t>(row.name.size()),
                     static_cast<std::uint8_t>(row.least_arguments),
                     static_cast<std::uint8_t>(row.most_arguments),
                     static_cast<std::uint8_t>(row.volatility),
                     static_cast<std::uint8_t>(row.first_version),
                     static_cast<std::uint8_t>(row.last_version)};
  }
  return table;
}

constexpr auto builtin_table = pack<size_of_names(builtin_rows)>(builtin_rows);
constexpr auto extension_table = pack<size_of_names(extension_rows)>(extension_rows);

template <class Table>
std::optional<sql::Volatility> look_up(const Table& table, std::string_view name, std::size_t arguments, int version) {
  auto row = std::lower_bound(table.rows.begin(), table.rows.end(), name,
                              [&table](const PackedRow& left, std::string_view right) { return table.name(left) < right; });
  std::optional<sql::Volatility> found;
  for (; row != table.rows.end() && table.name(*row) == name; ++row) {
    if (row->first_version != 0 && (version < row->first_version || version > row->last_version)) continue;
    if (arguments < row->least_arguments || (row->most_arguments != variadic && arguments > row->most_arguments)) continue;
    auto volatility = static_cast<sql::Volatility>(row->volatility);
    if (!found || volatility > *found) found = volatility;
  }
  return found;
}

// None of the tables' functions needs more.
constexpr std::size_t most_arguments = 20;

}  // namespace

std::optional<sql::Volatility> builtin_volatility(std::string_view name, std::size_t arguments, int postgres_version) {
  // EXTRACT (… FROM …) is parsed as the function that 14 introduced; 13 had date_part in its place.
  if (postgres_version < 14 && name == "extract") name = "date_part";
  // A newer server is expected to keep what the newest one known has.
  return look_up(builtin_table, name, arguments, std::clamp(postgres_version, first_version, last_version));
}

std::optional<sql::Volatility> extension_volatility(std::string_view name, std::size_t arguments) {
  return look_up(extension_table, name, arguments, 0);
}

bool is_builtin_function(std::string_view name, int postgres_version) {
  for (std::size_t arguments = 0; arguments <= most_arguments; ++arguments) {
    if (builtin_volatility(name, arguments, postgres_version)) return true;
  }
  return false;
}

bool is_extension_function(std::string_view name) {
  for (std::size_t arguments = 0; arguments <= most_arguments; ++arguments) {
    if (extension_volatility(name, arguments)) return true;
  }
  return false;
}

}  // namespace cupel::effects
