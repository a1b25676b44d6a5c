#include "lint/bounded_rows.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace cupel::lint {
namespace {

using sql::Expression;
using sql::ExpressionKind;

bool is_constant(const Expression& expression) { return expression.columns().empty() && expression.kind() != ExpressionKind::subquery; }

// A range of some column with both ends given, or its rows named one by one: somebody chose how many.
class Bounds {
 public:
  static bool bounded(const Expression& where) {
    Bounds bounds;
    bounds.read(where);
    return bounds.named_ || bounds.ranged();
  }

 private:
  void read(const Expression& condition) {
    const std::vector<Expression> parts = condition.children();
    switch (condition.kind()) {
      case ExpressionKind::and_:
        for (const Expression& part : parts) read(part);
        break;
      case ExpressionKind::between:
        if (parts.size() == 3 && parts[0].kind() == ExpressionKind::column && is_constant(parts[1]) && is_constant(parts[2])) named_ = true;
        break;
      case ExpressionKind::operator_call: {
        if (parts.size() != 2 || parts[0].kind() != ExpressionKind::column || !is_constant(parts[1])) break;
        const std::string_view symbol = condition.last_name();
        if (symbol == "<" || symbol == "<=") below_.push_back(parts[0].last_name());
        if (symbol == ">" || symbol == ">=") above_.push_back(parts[0].last_name());
        break;
      }
      default: break;
    }
  }
  [[nodiscard]] bool ranged() const {
    return std::any_of(below_.begin(), below_.end(),
                       [this](std::string_view column) { return std::find(above_.begin(), above_.end(), column) != above_.end(); });
  }

  bool named_ = false;
  std::vector<std::string_view> below_, above_;
};

// `id = 1`, `id IN (1, 2)` on a table whose keys are not known.
bool looks_like_key(const Expression& where) {
  const std::vector<Expression> parts = where.children();
  if (where.kind() == ExpressionKind::and_ || where.kind() == ExpressionKind::or_) {
    const auto is_key = [](const Expression& part) { return looks_like_key(part); };
    return where.kind() == ExpressionKind::and_ ? std::any_of(parts.begin(), parts.end(), is_key)
                                                : std::all_of(parts.begin(), parts.end(), is_key);
  }
  const bool equality =
      (where.kind() == ExpressionKind::operator_call && where.last_name() == "=") || where.kind() == ExpressionKind::in_list;
  if (!equality || parts.size() < 2 || parts[0].kind() != ExpressionKind::column) return false;
  if (!std::all_of(parts.begin() + 1, parts.end(), [](const Expression& part) { return is_constant(part); })) return false;
  const std::string_view name = parts[0].last_name();
  return name == "id" || name == "key" || name == "uuid" || name == "slug" || name == "name" || name == "code";
}

// A subquery with LIMIT chooses the rows.
bool has_limit(std::string_view text) {
  const std::vector<sql::Token> tokens = sql::tokens(text);
  return std::any_of(tokens.begin(), tokens.end(), [&](const sql::Token& token) {
    const std::string_view word = token.span.of(text);
    return token.kind == sql::TokenKind::word && (word == "LIMIT" || word == "limit" || word == "FETCH" || word == "fetch");
  });
}

}  // namespace

bool has_bounded_rows(const Pass& pass, const sql::QualifiedName& table, const Expression& where) {
  if (has_limit(pass.text()) || (where && Bounds::bounded(where))) return true;
  const schema::Relation* relation = pass.find(table);
  return (relation == nullptr || relation->incomplete) && where && looks_like_key(where);
}

}  // namespace cupel::lint
