#include "schema/naming.h"

#include <algorithm>

namespace cupel::schema {
namespace {

// Names have at most NAMEDATALEN - 1 bytes (manual: 4.1.1 Identifiers and Key Words).
constexpr std::size_t name_length = 63;

// `text` cut to at most `size` bytes, not inside a UTF-8 character.
std::string_view clip(std::string_view text, std::size_t size) {
  if (text.size() <= size) return text;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
  return text.substr(0, size);
}

template <class Taken>
std::string choose(std::string_view name1, std::string_view name2, std::string_view label, Taken taken) {
  std::string name = make_object_name(name1, name2, label);
  if (!taken(name)) return name;
  for (int number = 1;; ++number) {
    name = make_object_name(name1, name2, std::string(label) + std::to_string(number));
    if (!taken(name)) return name;
  }
}

// FigureColname's certainty: 0 nothing, 1 a weak guess that an outer node may better, 2 sure.
struct Guess {
  std::string name;
  int strength = 0;
};

Guess guess_column_name(const sql::Expression& expression) {
  using sql::ExpressionKind;
  auto inner = [&expression] {
    const std::vector<sql::Expression> children = expression.children();
    return children.empty() ? Guess{} : guess_column_name(children.front());
  };
  switch (expression.kind()) {
    case ExpressionKind::column: {
      const std::string_view name = expression.last_name();
      return name == "*" ? Guess{} : Guess{std::string(name), 2};
    }
    case ExpressionKind::function: return {std::string(expression.last_name()), 2};
    case ExpressionKind::field: return {std::string(expression.last_name()), expression.last_name().empty() ? 0 : 2};
    case ExpressionKind::value_function: return {std::string(expression.last_name()), 2};
    case ExpressionKind::nullif: return {"nullif", 2};
    case ExpressionKind::coalesce: return {"coalesce", 2};
    case ExpressionKind::greatest_least: return {expression.text().starts_with("LEAST") ? "least" : "greatest", 2};
    case ExpressionKind::array: return {"array", 2};
    case ExpressionKind::row: return {"row", 2};
    case ExpressionKind::subscript:
    case ExpressionKind::collate: return inner();
    case ExpressionKind::cast: {
      Guess guess = inner();
      if (guess.strength > 1) return guess;
      const sql::TypeName type = expression.type();
      return {std::string(type.name), 1};
    }
    case ExpressionKind::case_when: {
      const std::vector<sql::Expression> children = expression.children();
      Guess last = children.empty() ? Guess{} : guess_column_name(children.back());
      return last.strength > 1 ? last : Guess{"case", 1};
    }
    default: return {};
  }
}

}  // namespace

std::string column_name_of(const sql::Expression& expression) { return expression ? guess_column_name(expression).name : std::string(); }

std::string make_object_name(std::string_view name1, std::string_view name2, std::string_view label) {
  const std::size_t overhead = (name2.empty() ? 0 : 1) + (label.empty() ? 0 : label.size() + 1);
  const std::size_t available = name_length > overhead ? name_length - overhead : 0;
  std::size_t size1 = name1.size();
  std::size_t size2 = name2.size();
  while (size1 + size2 > available) {
    if (size1 > size2) --size1;
    else --size2;
  }
  std::string result;
  result.reserve(size1 + size2 + overhead);
  result += clip(name1, size1);
  if (!name2.empty()) {
    result += '_';
    result += clip(name2, size2);
  }
  if (!label.empty()) {
    result += '_';
    result += label;
  }
  return result;
}

std::string choose_relation_name(const Database::State& state, std::string_view schema, std::string_view name1, std::string_view name2,
                                 std::string_view label, bool for_constraint) {
  return choose(name1, name2, label, [&](const std::string& name) {
    return state.relations.find({schema, name}) != nullptr || (for_constraint && state.constraint_name_used(schema, name));
  });
}

std::string choose_constraint_name(const Database::State& state, std::string_view schema, std::string_view name1, std::string_view name2,
                                   std::string_view label) {
  return choose(name1, name2, label, [&](const std::string& name) { return state.constraint_name_used(schema, name); });
}

std::string join_column_names(std::span<const std::string> columns) {
  std::string result;
  for (const std::string& column : columns) {
    if (!result.empty()) result += '_';
    result += column;
    if (result.size() > name_length) break;
  }
  return result;
}

std::string choose_index_name(const Database::State& state, const ObjectName& table, const Index& index, bool for_constraint) {
  if (index.primary) return choose_relation_name(state, table.schema, table.name, {}, "pkey", true);
  std::vector<std::string> columns;
  auto add = [&columns](const std::string& original) {
    std::string name = original;
    for (int number = 1; std::find(columns.begin(), columns.end(), name) != columns.end(); ++number) {
      const std::string suffix = std::to_string(number);
      name = std::string(clip(original, name_length - suffix.size())) + suffix;
    }
    columns.push_back(std::move(name));
  };
  for (const IndexKey& key : index.keys) {
    std::string name = key.column.empty() ? column_name_of(key.expression) : key.column;
    add(name.empty() ? "expr" : name);
  }
  for (const std::string& column : index.include) add(column);
  const std::string_view label = index.exclusion ? "excl" : for_constraint ? "key" : "idx";
  return choose_relation_name(state, table.schema, table.name, join_column_names(columns), label, for_constraint || index.exclusion);
}

}  // namespace cupel::schema
