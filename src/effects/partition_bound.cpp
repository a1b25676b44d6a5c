#include "effects/partition_bound.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

namespace cupel::effects {

namespace {

using sql::Expression;
using sql::ExpressionKind;

// A constant in a bound or a check. Numbers compare as such, other literals only if they are written alike (dates).
struct Constant {
  std::string text;
  std::optional<double> number;
};

Expression without_casts(Expression expression) {
  while (expression && (expression.kind() == ExpressionKind::cast || expression.kind() == ExpressionKind::collate)) {
    const std::vector<Expression> children = expression.children();
    if (children.empty()) return {};
    expression = children.front();
  }
  return expression;
}

std::optional<Constant> constant(const Expression& written) {
  const Expression expression = without_casts(written);
  if (!expression) return std::nullopt;
  if (expression.kind() == ExpressionKind::operator_call && expression.last_name() == "-") {
    const std::vector<Expression> operands = expression.children();
    std::optional<Constant> value = operands.size() == 1 ? constant(operands.front()) : std::nullopt;
    if (!value || !value->number) return std::nullopt;
    value->number = -*value->number;
    value->text.insert(0, "-");
    return value;
  }
  if (expression.kind() != ExpressionKind::literal) return std::nullopt;
  Constant value{expression.literal(), std::nullopt};
  double number = 0;
  const char* end = value.text.data() + value.text.size();
  const auto [parsed, error] = std::from_chars(value.text.data(), end, number);
  if (error == std::errc() && parsed == end) value.number = number;
  return value;
}

// ISO dates and timestamps order as their texts do: digits and separators at the same places.
bool same_shape(std::string_view a, std::string_view b) {
  const std::size_t length = std::min(a.size(), b.size());
  if (length < 10) return false;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  for (std::size_t i = 0; i < length; ++i) {
    if (is_digit(a[i]) != is_digit(b[i]) || (!is_digit(a[i]) && a[i] != b[i])) return false;
  }
  return is_digit(a[0]) && a[4] == '-';
}

std::optional<int> compare(const Constant& a, const Constant& b) {
  if (a.number && b.number) return *a.number < *b.number ? -1 : *a.number > *b.number ? 1 : 0;
  if (a.text == b.text) return 0;
  if (!same_shape(a.text, b.text)) return std::nullopt;
  return a.text < b.text ? -1 : 1;
}

bool at_most(const Constant& a, const Constant& b) { return compare(a, b).value_or(1) <= 0; }
bool less(const Constant& a, const Constant& b) { return compare(a, b).value_or(1) < 0; }
bool equal(const Constant& a, const Constant& b) { return compare(a, b).value_or(1) == 0; }

// lower <= key < upper, or key one of `values`.
struct Region {
  bool is_list = false;
  std::optional<Constant> lower, upper;
  std::vector<Constant> values;
  bool accepts_null = false;
};

bool is_infinite(const Expression& end) {
  return end && end.kind() == ExpressionKind::column && (end.last_name() == "minvalue" || end.last_name() == "maxvalue");
}

std::optional<Region> region(const sql::PartitionBound& bound) {
  Region result;
  if (bound.is_default) return std::nullopt;
  if (bound.strategy == sql::PartitionStrategy::list) {
    result.is_list = true;
    for (const Expression& value : bound.list_values) {
      if (value && value.kind() == ExpressionKind::null) {
        result.accepts_null = true;
        continue;
      }
      std::optional<Constant> known = constant(value);
      if (!known) return std::nullopt;
      result.values.push_back(std::move(*known));
    }
    return result;
  }
  if (bound.strategy != sql::PartitionStrategy::range || bound.from.size() != 1 || bound.to.size() != 1) return std::nullopt;
  if (!is_infinite(bound.from.front()) && !(result.lower = constant(bound.from.front()))) return std::nullopt;
  if (!is_infinite(bound.to.front()) && !(result.upper = constant(bound.to.front()))) return std::nullopt;
  return result;
}

enum class Comparison { less, at_most, equal, at_least, greater };

// key <op> constant, in this order.
struct KeyTest {
  Comparison comparison = Comparison::equal;
  Constant value;
};

std::optional<Comparison> comparison(std::string_view symbol, bool swapped) {
  if (symbol == "=") return Comparison::equal;
  if (symbol == "<") return swapped ? Comparison::greater : Comparison::less;
  if (symbol == "<=") return swapped ? Comparison::at_least : Comparison::at_most;
  if (symbol == ">") return swapped ? Comparison::less : Comparison::greater;
  if (symbol == ">=") return swapped ? Comparison::at_most : Comparison::at_least;
  return std::nullopt;
}

// The questions asked of one check's expression about the key `column` (as the expression spells it) and a region.
class KeyLogic {
 public:
  KeyLogic(std::string_view column, const Region& region) : column_(column), region_(region) {}

  // The expression being true means that the key is not below (not above) the region.
  [[nodiscard]] bool proves_lower(const Expression& e) const {
    return proves(e, [this](const KeyTest& test) {
      return (test.comparison == Comparison::equal || test.comparison == Comparison::at_least || test.comparison == Comparison::greater) &&
             at_most(*region_.lower, test.value);
    });
  }
  [[nodiscard]] bool proves_upper(const Expression& e) const {
    return proves(e, [this](const KeyTest& test) {
      if (test.comparison == Comparison::less) return at_most(test.value, *region_.upper);
      return (test.comparison == Comparison::equal || test.comparison == Comparison::at_most) && less(test.value, *region_.upper);
    });
  }
  [[nodiscard]] bool proves_listed(const Expression& e) const {
    return proves(e, [this](const KeyTest& test) { return test.comparison == Comparison::equal && is_listed(test.value); });
  }
  // The expression being true means that the key is not in the region, or null.
  [[nodiscard]] bool proves_outside(const Expression& e, int depth = 0) const {
    if (!e || depth > 50) return false;
    if (e.kind() == ExpressionKind::not_) return contains_region(e.children().front(), depth + 1);
    if (e.kind() == ExpressionKind::is_null && is_key(e.children().front())) return !region_.accepts_null;
    if (e.kind() == ExpressionKind::and_ || e.kind() == ExpressionKind::or_) {
      const std::vector<Expression> arms = e.children();
      const auto outside = [&](const Expression& arm) { return proves_outside(arm, depth + 1); };
      return e.kind() == ExpressionKind::and_ ? std::any_of(arms.begin(), arms.end(), outside)
                                              : std::all_of(arms.begin(), arms.end(), outside);
    }
    return proves(e, [this](const KeyTest& test) { return is_outside(test); });
  }

 private:
  [[nodiscard]] bool is_key(const Expression& e) const {
    const Expression bare = without_casts(e);
    return bare && bare.kind() == ExpressionKind::column && bare.last_name() == column_;
  }
  [[nodiscard]] bool is_listed(const Constant& value) const {
    return std::any_of(region_.values.begin(), region_.values.end(), [&](const Constant& each) { return equal(each, value); });
  }
  [[nodiscard]] bool is_outside(const KeyTest& test) const {
    if (region_.is_list) {
      return test.comparison == Comparison::equal && std::all_of(region_.values.begin(), region_.values.end(), [&](const Constant& each) {
               return compare(each, test.value).value_or(0) != 0;
             });
    }
    const bool below =
        region_.lower.has_value() &&
        (test.comparison == Comparison::less
             ? at_most(test.value, *region_.lower)
             : (test.comparison == Comparison::at_most || test.comparison == Comparison::equal) && less(test.value, *region_.lower));
    const bool above = region_.upper.has_value() && test.comparison != Comparison::less && test.comparison != Comparison::at_most &&
                       at_most(*region_.upper, test.value);
    return below || above;
  }

  [[nodiscard]] std::optional<KeyTest> test_of(const Expression& e) const {
    if (e.kind() != ExpressionKind::operator_call) return std::nullopt;
    const std::vector<Expression> operands = e.children();
    if (operands.size() != 2) return std::nullopt;
    const bool swapped = is_key(operands[1]);
    if (!swapped && !is_key(operands[0])) return std::nullopt;
    const std::optional<Comparison> symbol = comparison(e.last_name(), swapped);
    std::optional<Constant> value = constant(operands[swapped ? 0 : 1]);
    if (!symbol || !value) return std::nullopt;
    return KeyTest{*symbol, std::move(*value)};
  }

  // `satisfies` holds for a test that `e` being true implies.
  template <class Predicate>
  [[nodiscard]] bool proves(const Expression& e, const Predicate& satisfies, int depth = 0) const {
    if (!e || depth > 50) return false;
    const auto recurse = [&](const Expression& child) { return proves(child, satisfies, depth + 1); };
    switch (e.kind()) {
      case ExpressionKind::and_: {
        const std::vector<Expression> arms = e.children();
        return std::any_of(arms.begin(), arms.end(), recurse);
      }
      case ExpressionKind::or_: {
        const std::vector<Expression> arms = e.children();
        return std::all_of(arms.begin(), arms.end(), recurse);
      }
      case ExpressionKind::operator_call: {
        const std::optional<KeyTest> test = test_of(e);
        return test && satisfies(*test);
      }
      case ExpressionKind::between: {
        const std::vector<Expression> parts = e.children();
        if (parts.size() != 3 || !is_key(parts[0])) return false;
        const std::optional<Constant> low = constant(parts[1]), high = constant(parts[2]);
        return (low && satisfies(KeyTest{Comparison::at_least, *low})) || (high && satisfies(KeyTest{Comparison::at_most, *high}));
      }
      case ExpressionKind::in_list: {
        const std::vector<Expression> parts = e.children();
        if (parts.size() < 2 || !is_key(parts[0])) return false;
        return std::all_of(parts.begin() + 1, parts.end(), [&](const Expression& part) {
          const std::optional<Constant> value = constant(part);
          return value && satisfies(KeyTest{Comparison::equal, *value});
        });
      }
      default: return false;
    }
  }

  // The key being in the region means that the expression is true.
  [[nodiscard]] bool contains_region(const Expression& e, int depth) const {
    if (!e || depth > 50) return false;
    const auto recurse = [&](const Expression& child) { return contains_region(child, depth + 1); };
    if (e.kind() == ExpressionKind::and_ || e.kind() == ExpressionKind::or_) {
      const std::vector<Expression> arms = e.children();
      return e.kind() == ExpressionKind::and_ ? std::all_of(arms.begin(), arms.end(), recurse)
                                              : std::any_of(arms.begin(), arms.end(), recurse);
    }
    if (e.kind() == ExpressionKind::is_not_null) return is_key(e.children().front()) && !region_.accepts_null;
    if (e.kind() == ExpressionKind::in_list) {
      const std::vector<Expression> parts = e.children();
      if (!region_.is_list || parts.size() < 2 || !is_key(parts[0])) return false;
      return std::all_of(region_.values.begin(), region_.values.end(), [&](const Constant& value) {
        return std::any_of(parts.begin() + 1, parts.end(), [&](const Expression& part) {
          const std::optional<Constant> listed = constant(part);
          return listed && equal(*listed, value);
        });
      });
    }
    const std::optional<KeyTest> test = test_of(e);
    if (!test) return false;
    if (region_.is_list) {
      return test->comparison == Comparison::equal && region_.values.size() == 1 && equal(region_.values.front(), test->value);
    }
    switch (test->comparison) {
      case Comparison::at_least: return region_.lower && at_most(test->value, *region_.lower);
      case Comparison::greater: return region_.lower && less(test->value, *region_.lower);
      case Comparison::less:
      case Comparison::at_most: return region_.upper && at_most(*region_.upper, test->value);
      case Comparison::equal: return false;
    }
    return false;
  }

  std::string_view column_;
  const Region& region_;
};

// A column as a constraint's expression spells it: renames since then are not in its text.
std::string_view written_name(const schema::Constraint& constraint, std::string_view column) {
  for (const schema::ColumnRename& rename : constraint.renames) {
    if (rename.now == column) return rename.written;
  }
  return column;
}

template <class Predicate>
bool any_valid_check(const schema::Relation& table, const Predicate& holds) {
  return std::any_of(table.constraints.begin(), table.constraints.end(), [&](const schema::Constraint& each) {
    return each.kind == schema::ConstraintKind::check && each.validated && each.enforced && holds(each);
  });
}

}  // namespace

struct PartitionProof::Condition {
  std::string_view column;
  Region region;
};

PartitionProof::~PartitionProof() = default;

// FROM (1, 0) TO (1, 10) is a = 1 AND b >= 0 AND b < 10 (get_qual_for_range); where the bounds differ before the last column
// it is a disjunction, which nothing is proved about.
PartitionProof::PartitionProof(const schema::Relation& parent, const sql::PartitionBound& bound) {
  if (!parent.partition_key || bound.is_default) return;
  const std::vector<sql::PartitionKey::Element>& key = parent.partition_key->elements;
  const bool plain = std::all_of(key.begin(), key.end(), [](const sql::PartitionKey::Element& part) { return !part.column.empty(); });
  if (!plain || key.empty()) return;
  if (key.size() == 1) {
    if (std::optional<Region> only = region(bound)) conditions_.push_back({key.front().column, std::move(*only)});
    return;
  }
  if (bound.strategy != sql::PartitionStrategy::range || bound.from.size() != key.size() || bound.to.size() != key.size()) return;
  std::vector<Condition> conditions;
  for (std::size_t i = 0; i < key.size(); ++i) {
    const std::optional<Constant> from = constant(bound.from[i]), to = constant(bound.to[i]);
    Region part;
    if (i + 1 < key.size()) {
      if (!from || !to || !equal(*from, *to)) return;
      part.is_list = true;
      part.values.push_back(*from);
    } else {
      if ((!from && !is_infinite(bound.from[i])) || (!to && !is_infinite(bound.to[i]))) return;
      part.lower = from;
      part.upper = to;
    }
    conditions.push_back({key[i].column, std::move(part)});
  }
  conditions_ = std::move(conditions);
}

bool PartitionProof::satisfied_by(const schema::Relation& table) const {
  const auto holds = [&](const Condition& condition) {
    const Region& wanted = condition.region;
    const schema::Column* column = table.find_column(condition.column);
    const bool not_null = wanted.accepts_null || (column != nullptr && column->not_null && column->not_null_validated) ||
                          any_valid_check(table, [&](const schema::Constraint& check) { return check.implies_not_null(condition.column); });
    if (!not_null) return false;
    const auto proved = [&](bool (KeyLogic::*question)(const Expression&) const) {
      return any_valid_check(table, [&](const schema::Constraint& check) {
        const KeyLogic logic(written_name(check, condition.column), wanted);
        return (logic.*question)(check.expression);
      });
    };
    if (wanted.is_list) return proved(&KeyLogic::proves_listed);
    return (!wanted.lower || proved(&KeyLogic::proves_lower)) && (!wanted.upper || proved(&KeyLogic::proves_upper));
  };
  return !conditions_.empty() && std::all_of(conditions_.begin(), conditions_.end(), holds);
}

bool PartitionProof::excluded_by(const schema::Relation& table) const {
  return std::any_of(conditions_.begin(), conditions_.end(), [&](const Condition& condition) {
    return any_valid_check(table, [&](const schema::Constraint& check) {
      return KeyLogic(written_name(check, condition.column), condition.region).proves_outside(check.expression);
    });
  });
}

std::optional<bool> admits(const sql::PartitionBound& bound, const sql::Expression& key) {
  const std::optional<Region> wanted = region(bound);
  const std::optional<Constant> value = constant(key);
  if (!wanted || !value) return std::nullopt;
  if (wanted->is_list) {
    return std::any_of(wanted->values.begin(), wanted->values.end(), [&](const Constant& each) { return equal(each, *value); });
  }
  const bool comparable = (!wanted->lower || compare(*wanted->lower, *value)) && (!wanted->upper || compare(*value, *wanted->upper));
  if (!comparable) return std::nullopt;
  return (!wanted->lower || at_most(*wanted->lower, *value)) && (!wanted->upper || less(*value, *wanted->upper));
}

bool overlap(const sql::PartitionBound& a, const sql::PartitionBound& b) {
  if (a.is_default || b.is_default) return a.is_default && b.is_default;
  if (a.strategy != b.strategy) return false;
  const std::optional<Region> first = region(a), second = region(b);
  if (!first || !second) return false;
  if (first->is_list) {
    if (first->accepts_null && second->accepts_null) return true;
    return std::any_of(first->values.begin(), first->values.end(), [&](const Constant& x) {
      return std::any_of(second->values.begin(), second->values.end(), [&](const Constant& y) { return equal(x, y); });
    });
  }
  const bool first_ends_before = first->upper && second->lower && !less(*second->lower, *first->upper);
  const bool second_ends_before = second->upper && first->lower && !less(*first->lower, *second->upper);
  return !first_ends_before && !second_ends_before;
}

}  // namespace cupel::effects
