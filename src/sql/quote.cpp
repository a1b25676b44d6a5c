// Names, literals and types as SQL text.
#include "sql/nodes.h"
#include "sql/script.h"

#include <algorithm>
#include <string>

namespace cupel::sql {
namespace {

bool needs_quotes(std::string_view name) {
  const auto is_safe = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  if (name.empty() || (name.front() >= '0' && name.front() <= '9')) return true;
  if (!std::all_of(name.begin(), name.end(), is_safe)) return true;
  const int keyword = ScanKeywordLookup(std::string(name).c_str(), &ScanKeywords);
  return keyword >= 0 && ScanKeywordCategories[keyword] != UNRESERVED_KEYWORD;
}

std::string doubled(std::string_view value, char quote) {
  std::string result(1, quote);
  for (const char c : value) {
    if (c == quote) result += c;
    result += c;
  }
  result += quote;
  return result;
}

struct BuiltInType {
  std::string_view name;
  std::string_view before;  // what format_type shows, around the modifiers
  std::string_view after;
};
// The names SQL has for PostgreSQL's internal ones (format_type.c).
constexpr BuiltInType built_in_types[] = {
    {"bool", "boolean", ""},
    {"bpchar", "character", ""},
    {"bit", "bit", ""},
    {"float4", "real", ""},
    {"float8", "double precision", ""},
    {"int2", "smallint", ""},
    {"int4", "integer", ""},
    {"int8", "bigint", ""},
    {"json", "json", ""},  // a key word since 16, but as a type written bare
    {"numeric", "numeric", ""},
    {"time", "time", " without time zone"},
    {"timetz", "time", " with time zone"},
    {"timestamp", "timestamp", " without time zone"},
    {"timestamptz", "timestamp", " with time zone"},
    {"varbit", "bit varying", ""},
    {"varchar", "character varying", ""},
};

// The field mask of an interval: bits numbered as in utils/datetime.h.
std::string_view interval_fields(int mask) {
  constexpr int month = 1 << 1, year = 1 << 2, day = 1 << 3, hour = 1 << 10, minute = 1 << 11, second = 1 << 12;
  switch (mask) {
    case year: return " year";
    case month: return " month";
    case day: return " day";
    case hour: return " hour";
    case minute: return " minute";
    case second: return " second";
    case year | month: return " year to month";
    case day | hour: return " day to hour";
    case day | hour | minute: return " day to minute";
    case day | hour | minute | second: return " day to second";
    case hour | minute: return " hour to minute";
    case hour | minute | second: return " hour to second";
    case minute | second: return " minute to second";
    default: return "";
  }
}

std::string modifiers_text(const std::vector<std::int32_t>& modifiers, std::size_t from) {
  if (modifiers.size() <= from) return {};
  std::string text = "(";
  for (std::size_t i = from; i < modifiers.size(); ++i) {
    if (i > from) text += ',';
    text += std::to_string(modifiers[i]);
  }
  return text + ")";
}

std::string base_type_text(const TypeName& type) {
  if (type.percent_type) {
    const std::string table = type.schema.empty() ? "" : quote_identifier(type.schema) + ".";
    return table + quote_identifier(type.name) + "%TYPE";
  }
  const bool is_built_in = type.schema.empty() || type.schema == "pg_catalog";
  if (is_built_in && type.name == "interval") {
    const std::string fields(type.modifiers.empty() ? "" : interval_fields(type.modifiers[0]));
    return "interval" + fields + modifiers_text(type.modifiers, 1);
  }
  // character without a length is bpchar, which is not character(1).
  if (is_built_in && type.name == "bpchar" && type.modifiers.empty()) return "bpchar";
  if (is_built_in && type.name == "char") return "\"char\"";
  for (const BuiltInType& candidate : built_in_types) {
    if (!is_built_in || candidate.name != type.name) continue;
    return std::string(candidate.before) + modifiers_text(type.modifiers, 0) + std::string(candidate.after);
  }
  const std::string schema = is_built_in ? "" : quote_identifier(type.schema) + ".";
  return schema + quote_identifier(type.name) + modifiers_text(type.modifiers, 0);
}

}  // namespace

std::string quote_identifier(std::string_view name) { return needs_quotes(name) ? doubled(name, '"') : std::string(name); }

std::string quote_literal(std::string_view value) {
  std::string quoted = doubled(value, '\'');
  if (value.find('\\') == std::string_view::npos) return quoted;
  // Means the same whatever standard_conforming_strings is, as the server's own quote_literal ensures.
  std::string escaped = "E";
  for (const char c : quoted) {
    if (c == '\\') escaped += c;
    escaped += c;
  }
  return escaped;
}

std::string to_sql(const QualifiedName& name) {
  return name.schema.empty() ? quote_identifier(name.name) : quote_identifier(name.schema) + "." + quote_identifier(name.name);
}

std::string to_sql(const TypeName& type) {
  // However many dimensions were written, the server keeps none (manual 8.15.1) and shows one pair of brackets.
  return (type.set_of ? "SETOF " : "") + base_type_text(type) + (type.array_dimensions > 0 ? "[]" : "");
}

bool TypeName::is_serial() const {
  if (!schema.empty()) return false;
  static constexpr std::string_view recipes[] = {"serial", "bigserial", "smallserial", "serial4", "serial8", "serial2"};
  return std::find(std::begin(recipes), std::end(recipes), name) != std::end(recipes);
}

std::string_view parser_version() { return PG_VERSION; }
int parser_version_number() { return PG_VERSION_NUM; }

}  // namespace cupel::sql
