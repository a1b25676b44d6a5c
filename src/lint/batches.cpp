#include "lint/batches.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

namespace cupel::lint {
namespace {

using sql::Expression;
using sql::ExpressionKind;
using sql::TokenKind;

constexpr std::string_view in_ranges = "-- one range of the key after the other, each in a transaction of its own:\n";
constexpr std::string_view until_none = "-- again and again until it finds no row, each time in a transaction of its own:\n";

struct Key {
  std::string column = "ctid";  // any table has it (manual 5.5, System Columns)
  bool integer = false;
};

Key key_of(const Pass& pass, const sql::QualifiedName& table) {
  const schema::Relation* relation = pass.find(table);
  if (relation == nullptr || relation->primary_key() == nullptr || relation->primary_key()->columns.size() != 1) return {};
  const std::string& name = relation->primary_key()->columns[0];
  const schema::Column* column = relation->find_column(name);
  const bool integer = column != nullptr && column->type.is_builtin() && column->type.array_dimensions == 0 &&
                       (column->type.name == "int2" || column->type.name == "int4" || column->type.name == "int8");
  return {sql::quote_identifier(name), integer};
}

// The places in an UPDATE's or DELETE's text that a condition more is put to.
class Text {
 public:
  explicit Text(std::string_view text) : text_(text), tokens_(sql::tokens(text)) { read(); }

  // What the target table is called in the conditions: its alias, or as written.
  [[nodiscard]] std::string_view target() const { return alias_.empty() ? table_ : alias_; }
  [[nodiscard]] std::string_view alias() const { return alias_; }
  [[nodiscard]] std::string_view condition() const { return trimmed(text_.substr(condition_begin_, end_ - condition_begin_)); }

  [[nodiscard]] std::string with(std::string_view condition) const {
    std::string result(trimmed(text_.substr(0, where_)));
    result += has_where() ? fmt::format(" WHERE ({}) AND {}", this->condition(), condition) : fmt::format(" WHERE {}", condition);
    if (end_ < text_.size()) result.append(" ").append(text_.substr(end_));
    return result;
  }
  [[nodiscard]] bool has_where() const { return where_ < end_; }
  // WITH …, and a space; empty without.
  [[nodiscard]] std::string with_clause() const {
    const std::string_view clause = trimmed(text_.substr(0, verb_));
    return clause.empty() ? std::string{} : fmt::format("{} ", clause);
  }
  // A WITH query that changes rows itself would do so again with each batch.
  [[nodiscard]] bool changes_more() const { return changes_more_; }

 private:
  static std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.back() == ' ' || text.back() == '\n' || text.back() == '\t' || text.back() == '\r'))
      text.remove_suffix(1);
    while (!text.empty() && (text.front() == ' ' || text.front() == '\n' || text.front() == '\t' || text.front() == '\r'))
      text.remove_prefix(1);
    return text;
  }
  [[nodiscard]] std::string_view at(std::size_t i) const { return i < tokens_.size() ? tokens_[i].span.of(text_) : std::string_view{}; }
  [[nodiscard]] bool is_word(std::size_t i, std::string_view word) const {
    const std::string_view token = at(i);
    return i < tokens_.size() && tokens_[i].kind == TokenKind::word && token.size() == word.size() &&
           std::equal(token.begin(), token.end(), word.begin(), [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
  }
  [[nodiscard]] bool is_name(std::size_t i) const {
    return i < tokens_.size() && (tokens_[i].kind == TokenKind::word || tokens_[i].kind == TokenKind::quoted_identifier);
  }

  void read() {
    where_ = condition_begin_ = end_ = text_.size();
    int depth = 0;
    bool found = false;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      if (at(i) == "(") ++depth;
      if (at(i) == ")") --depth;
      const bool begins =
          at(i) == "(" && (is_word(i + 1, "insert") || is_word(i + 1, "update") || is_word(i + 1, "delete") || is_word(i + 1, "merge"));
      changes_more_ = changes_more_ || begins;
      if (depth != 0) continue;
      if (!found && (is_word(i, "update") || is_word(i, "delete"))) {
        found = true;
        verb_ = tokens_[i].span.begin;
        read_target(is_word(i, "delete") ? i + 2 : i + 1);
      } else if (found && is_word(i, "where")) {
        where_ = tokens_[i].span.begin;
        condition_begin_ = tokens_[i].span.end;
      } else if (found && is_word(i, "returning")) {
        end_ = tokens_[i].span.begin;
        where_ = std::min(where_, end_);
        condition_begin_ = std::min(condition_begin_, end_);
        return;
      }
    }
  }

  void read_target(std::size_t i) {
    if (is_word(i, "only")) ++i;
    const std::size_t first = i;
    while (is_name(i) && at(i + 1) == ".") i += 2;
    if (!is_name(i)) return;
    table_ = text_.substr(tokens_[first].span.begin, tokens_[i].span.end - tokens_[first].span.begin);
    ++i;
    if (at(i) == "*") ++i;
    if (is_word(i, "as")) ++i;
    constexpr std::array<std::string_view, 4> clauses = {"set", "using", "where", "returning"};
    if (is_name(i) && std::none_of(clauses.begin(), clauses.end(), [&](std::string_view clause) { return is_word(i, clause); }))
      alias_ = at(i);
  }

  std::string_view text_;
  std::vector<sql::Token> tokens_;
  std::string_view table_, alias_;
  std::size_t verb_ = 0, where_ = 0, condition_begin_ = 0, end_ = 0;
  bool changes_more_ = false;
};

std::string over_key_range(const Text& text, const Key& key) {
  return fmt::format("{0}{1};", in_ranges, text.with(fmt::format("{0}.{1} >= 1 AND {0}.{1} < 10001", text.target(), key.column)));
}

std::string chosen_rows(const sql::QualifiedName& table, const Text& text, const Key& key, std::string_view condition) {
  std::string rows = fmt::format("SELECT {} FROM {}", key.column, sql::to_sql(table));
  if (!text.alias().empty()) rows.append(" AS ").append(text.alias());
  if (!condition.empty()) rows.append(" WHERE ").append(condition);
  return rows + " LIMIT 10000";
}

// A row that has the values already can be told from one that has not, and comes to have them by being updated.
bool is_repeatable(const sql::Update& update, const schema::Relation* table) {
  if (update.columns.empty() || update.values.size() != update.columns.size()) return false;
  for (const std::string_view name : update.columns) {
    const schema::Column* column = table == nullptr ? nullptr : table->find_column(name);
    if (column != nullptr && column->type.name == "json") return false;  // has no equality (manual 8.14)
  }
  return std::all_of(update.values.begin(), update.values.end(), [&](const Expression& value) {
    return value && value.walk([&](const Expression& part) {
      switch (part.kind()) {
        case ExpressionKind::function:
        case ExpressionKind::value_function:
        case ExpressionKind::subquery:
        case ExpressionKind::default_:
        case ExpressionKind::other: return false;
        case ExpressionKind::column:
          return std::find(update.columns.begin(), update.columns.end(), part.last_name()) == update.columns.end();
        default: return true;
      }
    });
  });
}

// The value as the column would hold it: assigning converts (text from numeric, say), comparing does not.
std::string comparable(const Pass& pass, const sql::Update& update, std::string_view column_name, const Expression& value) {
  const schema::Relation* table = pass.find(update.table);
  const schema::Column* column = table == nullptr ? nullptr : table->find_column(column_name);
  if (column == nullptr || column->type.name.empty()) return std::string(value.text());
  schema::DataType type;
  if (value.kind() == ExpressionKind::cast) {
    type = pass.database().resolve(value.type());
  } else if (value.kind() == ExpressionKind::column) {
    const schema::Column* other = table->find_column(value.last_name());
    if (other == nullptr) return std::string(value.text());
    type = other->type;
  } else {
    const bool simple = value.kind() == ExpressionKind::literal || value.kind() == ExpressionKind::null;
    return simple ? value.text() : fmt::format("({})", value.text());
  }
  if (type.schema == column->type.schema && type.name == column->type.name && type.array_dimensions == column->type.array_dimensions) {
    return std::string(value.text());
  }
  sql::TypeName as;
  as.schema = column->type.is_builtin() ? std::string_view{} : std::string_view(column->type.schema);
  as.name = column->type.name;
  as.modifiers = column->type.modifiers;
  as.array_dimensions = column->type.array_dimensions;
  return fmt::format("({})::{}", value.text(), sql::to_sql(as));
}

}  // namespace

std::string in_batches(const Pass& pass, const sql::Update& update) {
  const Text text(pass.text());
  // In a DO block the conditions may name PL/pgSQL variables.
  if (text.target().empty() || text.changes_more() || pass.in_do_block()) return {};
  const Key key = key_of(pass, update.table);
  if (key.integer) return over_key_range(text, key);
  if (update.has_from || !is_repeatable(update, pass.find(update.table))) return {};
  std::string assignments, todo;
  for (std::size_t i = 0; i < update.columns.size(); ++i) {
    const std::string column = sql::quote_identifier(update.columns[i]);
    const std::string value = update.values[i].text();
    if (value.empty()) return {};
    assignments += fmt::format("{}{} = {}", i == 0 ? "" : ", ", column, value);
    todo += fmt::format("{}{} IS DISTINCT FROM {}", i == 0 ? "" : " OR ", column,
                        comparable(pass, update, update.columns[i], update.values[i]));
  }
  const std::string condition = text.has_where() ? fmt::format("({}) AND ({})", text.condition(), todo) : todo;
  const std::string alias = text.alias().empty() ? std::string{} : fmt::format(" AS {}", text.alias());
  return fmt::format("{}{}UPDATE {}{} SET {} WHERE {} IN ({});", until_none, text.with_clause(), sql::to_sql(update.table), alias,
                     assignments, key.column, chosen_rows(update.table, text, key, condition));
}

std::string in_batches(const Pass& pass, const sql::Delete& deletion) {
  const Text text(pass.text());
  if (text.target().empty() || text.changes_more() || pass.in_do_block()) return {};
  const Key key = key_of(pass, deletion.table);
  if (deletion.has_using) return key.integer ? over_key_range(text, key) : std::string{};
  return fmt::format("{}{}DELETE FROM {} WHERE {} IN ({});", until_none, text.with_clause(), sql::to_sql(deletion.table), key.column,
                     chosen_rows(deletion.table, text, key, text.has_where() ? text.condition() : std::string_view{}));
}

std::string emptied_in_batches(const Pass& pass, const sql::QualifiedName& table) {
  const Key key = key_of(pass, table);
  const std::string name = sql::to_sql(table);
  return fmt::format("{0}DELETE FROM {1} WHERE {2} IN (SELECT {2} FROM {1} LIMIT 10000);", until_none, name, key.column);
}

}  // namespace cupel::lint
