#include "lint/partition_sql.h"

#include "sql/script.h"

#include <fmt/format.h>

namespace cupel::lint {
namespace {

using sql::Expression;
using sql::ExpressionKind;
using sql::PartitionStrategy;

bool is_infinite(const Expression& value, std::string_view word) {
  return value.kind() == ExpressionKind::column && value.last_name() == word;
}

std::string value_sql(const Expression& value) {
  if (is_infinite(value, "minvalue")) return "MINVALUE";
  if (is_infinite(value, "maxvalue")) return "MAXVALUE";
  return value.text();
}

std::string list_sql(const std::vector<Expression>& values) {
  std::string list;
  for (const Expression& value : values) list.append(list.empty() ? "" : ", ").append(value_sql(value));
  return list;
}

std::string_view word(PartitionStrategy strategy) {
  switch (strategy) {
    case PartitionStrategy::list: return "LIST";
    case PartitionStrategy::range: return "RANGE";
    case PartitionStrategy::hash: return "HASH";
  }
  return "";
}

// The two ends of a range of one column; empty where it is open.
struct Ends {
  std::string from, to;
};

std::optional<Ends> ends_of(const sql::PartitionBound& bound) {
  if (bound.from.size() != 1 || bound.to.size() != 1) return std::nullopt;
  Ends ends;
  if (!is_infinite(bound.from[0], "minvalue")) ends.from = bound.from[0].text();
  if (!is_infinite(bound.to[0], "maxvalue")) ends.to = bound.to[0].text();
  return ends;
}

struct List {
  std::string values;
  bool with_null = false;
};

List list_of(const sql::PartitionBound& bound) {
  List list;
  std::vector<Expression> values;
  for (const Expression& value : bound.list_values) {
    if (value.kind() == ExpressionKind::null) list.with_null = true;
    else values.push_back(value);
  }
  list.values = list_sql(values);
  return list;
}

bool is_understood(const sql::PartitionKey& key, const sql::PartitionBound& bound) {
  return !bound.is_default && key.elements.size() == 1 && !key.elements[0].column.empty() && key.strategy != PartitionStrategy::hash;
}

}  // namespace

std::string to_sql(const sql::PartitionBound& bound) {
  if (bound.is_default) return "DEFAULT";
  switch (bound.strategy) {
    case PartitionStrategy::list: return fmt::format("FOR VALUES IN ({})", list_sql(bound.list_values));
    case PartitionStrategy::range: return fmt::format("FOR VALUES FROM ({}) TO ({})", list_sql(bound.from), list_sql(bound.to));
    case PartitionStrategy::hash: return fmt::format("FOR VALUES WITH (MODULUS {}, REMAINDER {})", bound.modulus, bound.remainder);
  }
  return {};
}

std::string to_sql(const sql::PartitionKey& key) {
  std::string elements;
  for (const sql::PartitionKey::Element& element : key.elements) {
    elements += elements.empty() ? "" : ", ";
    elements += element.column.empty() ? fmt::format("({})", element.expression.text()) : sql::quote_identifier(element.column);
    if (!element.collation.empty()) elements += " COLLATE " + sql::quote_identifier(element.collation);
    if (!element.operator_class.empty()) elements.append(" ").append(sql::quote_identifier(element.operator_class));
  }
  return fmt::format("PARTITION BY {} ({})", word(key.strategy), elements);
}

std::optional<std::string> condition_of(const sql::PartitionKey& key, const sql::PartitionBound& bound) {
  if (!is_understood(key, bound)) return std::nullopt;
  const std::string column = sql::quote_identifier(key.elements[0].column);
  if (key.strategy == PartitionStrategy::list) {
    const List list = list_of(bound);
    if (list.values.empty()) return column + " IS NULL";
    return list.with_null ? fmt::format("{0} IS NULL OR {0} IN ({1})", column, list.values)
                          : fmt::format("{0} IS NOT NULL AND {0} IN ({1})", column, list.values);
  }
  const std::optional<Ends> ends = ends_of(bound);
  if (!ends) return std::nullopt;
  std::string condition = column + " IS NOT NULL";
  if (!ends->from.empty()) condition += fmt::format(" AND {} >= {}", column, ends->from);
  if (!ends->to.empty()) condition += fmt::format(" AND {} < {}", column, ends->to);
  return condition;
}

std::optional<std::string> condition_outside(const sql::PartitionKey& key, const sql::PartitionBound& bound) {
  if (!is_understood(key, bound)) return std::nullopt;
  const std::string column = sql::quote_identifier(key.elements[0].column);
  if (key.strategy == PartitionStrategy::list) {
    const List list = list_of(bound);
    if (list.values.empty()) return column + " IS NOT NULL";
    return list.with_null ? fmt::format("{0} IS NOT NULL AND {0} NOT IN ({1})", column, list.values)
                          : fmt::format("{0} IS NULL OR {0} NOT IN ({1})", column, list.values);
  }
  const std::optional<Ends> ends = ends_of(bound);
  if (!ends) return std::nullopt;
  std::string condition = column + " IS NULL";
  if (!ends->from.empty()) condition += fmt::format(" OR {} < {}", column, ends->from);
  if (!ends->to.empty()) condition += fmt::format(" OR {} >= {}", column, ends->to);
  return condition;
}

}  // namespace cupel::lint
