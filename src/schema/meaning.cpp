#include "schema/meaning.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>

namespace cupel::schema {
namespace {

using sql::Expression;
using sql::ExpressionKind;

// What an expression comes down to.
struct Meaning {
  enum class Kind {
    literal,
    null,
    column,
    function,
    operator_,
    and_,
    or_,
    not_,
    test,
    list,
    keyword,
    opaque,  // not looked into
  };
  Kind kind = Kind::opaque;
  std::string name;             // literal's value, column, function, operator, test, keyword; opaque: its text
  std::string qualifier;        // function: its schema; column: new, old or nothing
  bool many_spellings = false;  // a literal of a type whose values have several
  std::vector<Meaning> parts;
};

Meaning leaf(Meaning::Kind kind, std::string name) {
  Meaning result;
  result.kind = kind;
  result.name = std::move(name);
  return result;
}

Meaning node(Meaning::Kind kind, std::string name, std::vector<Meaning> parts) {
  Meaning result = leaf(kind, std::move(name));
  result.parts = std::move(parts);
  return result;
}

// Values of these types have one spelling, or one that number and truth can be read from.
bool is_plainly_spelt(const sql::TypeName& type) {
  constexpr std::array<std::string_view, 12> plain = {"text", "varchar", "bpchar",  "char",   "name",   "int2",
                                                      "int4", "int8",    "numeric", "float4", "float8", "bool"};
  return type.array_dimensions == 0 && std::find(plain.begin(), plain.end(), type.name) != plain.end();
}

// Under which name a server prints what has several (EXTRACT was date_part before 14; manual 9.9.1).
std::string_view canonical_function(std::string_view name) {
  if (name == "extract") return "date_part";
  if (name == "char_length" || name == "character_length") return "length";
  return name;
}

class Reader {
 public:
  explicit Reader(const std::vector<ColumnRename>* renames) : renames_(renames) {}

  Meaning read(const Expression& expression, int depth = 0) const {
    using enum ExpressionKind;
    const ExpressionKind kind = expression.kind();
    if (depth > 200) return opaque(expression);
    switch (kind) {
      case null: return leaf(Meaning::Kind::null, {});
      case literal: return leaf(Meaning::Kind::literal, expression.literal());
      case column: return column_of(expression);
      case cast: return without_cast(expression, depth);
      case function: return call(expression, depth);
      case operator_call:
      case like: return operation(std::string(expression.last_name()), children(expression, depth));
      case and_:
      case or_: return junction(kind == and_ ? Meaning::Kind::and_ : Meaning::Kind::or_, children(expression, depth));
      case not_: return node(Meaning::Kind::not_, {}, children(expression, depth));
      case is_null: return test("null", expression, depth);
      case is_not_null: return test("not null", expression, depth);
      case is_true: return test("true", expression, depth);
      case is_not_true: return test("not true", expression, depth);
      case is_false: return test("false", expression, depth);
      case is_not_false: return test("not false", expression, depth);
      case is_unknown: return test("unknown", expression, depth);
      case is_not_unknown: return test("not unknown", expression, depth);
      case is_distinct: return distinct(expression, depth, false);
      case is_not_distinct: return distinct(expression, depth, true);
      case in_list: return in(expression, depth, "=", "any");
      case not_in_list: return in(expression, depth, "<>", "all");
      case any_of: return node(Meaning::Kind::test, std::string(expression.last_name()) + " any", children(expression, depth));
      case all_of: return node(Meaning::Kind::test, std::string(expression.last_name()) + " all", children(expression, depth));
      case between: return range(expression, depth, ">=", "<=", Meaning::Kind::and_);
      case not_between: return range(expression, depth, "<", ">", Meaning::Kind::or_);
      case collate: return node(Meaning::Kind::keyword, "collate " + std::string(expression.last_name()), children(expression, depth));
      case coalesce: return node(Meaning::Kind::function, "coalesce", children(expression, depth));
      case nullif: return node(Meaning::Kind::function, "nullif", children(expression, depth));
      case greatest_least:
        return node(Meaning::Kind::function, expression.text().starts_with("GREATEST") ? "greatest" : "least", children(expression, depth));
      case case_when: return node(Meaning::Kind::keyword, "case", children(expression, depth));
      case array: return node(Meaning::Kind::list, {}, children(expression, depth));
      case value_function: return leaf(Meaning::Kind::keyword, std::string(expression.last_name()));
      default: return opaque(expression);
    }
  }

 private:
  static Meaning opaque(const Expression& expression) { return leaf(Meaning::Kind::opaque, expression.text()); }

  std::vector<Meaning> children(const Expression& expression, int depth) const {
    std::vector<Meaning> result;
    for (const Expression& child : expression.children()) result.push_back(read(child, depth + 1));
    return result;
  }

  Meaning column_of(const Expression& expression) const {
    const std::vector<std::string_view> path = expression.name();
    Meaning result = leaf(Meaning::Kind::column, std::string(path.empty() ? std::string_view() : path.back()));
    if (renames_ != nullptr) {
      for (const ColumnRename& rename : *renames_) {
        if (rename.written != result.name) continue;
        result.name = rename.now;
        break;
      }
    }
    // In triggers; any other qualifier is the table's name, which a server leaves out where it can.
    if (path.size() == 2 && (path.front() == "new" || path.front() == "old")) result.qualifier = path.front();
    return result;
  }

  Meaning without_cast(const Expression& expression, int depth) const {
    const std::vector<Expression> operand = expression.children();
    if (operand.size() != 1) return opaque(expression);
    Meaning result = read(operand.front(), depth + 1);
    if (result.kind == Meaning::Kind::literal && !is_plainly_spelt(expression.type())) result.many_spellings = true;
    return result;
  }

  Meaning call(const Expression& expression, int depth) const {
    const std::vector<std::string_view> name = expression.name();
    Meaning result = node(Meaning::Kind::function, std::string(canonical_function(name.empty() ? std::string_view() : name.back())),
                          children(expression, depth));
    if (name.size() > 1 && name.front() != "pg_catalog") result.qualifier = name.front();
    // A sequence's name may be written with its schema or without.
    if (result.name == "nextval" && result.parts.size() == 1) {
      std::string& sequence = result.parts.front().name;
      sequence.erase(0, sequence.rfind('.') + 1);
      std::erase(sequence, '"');
    }
    return result;
  }

  static Meaning operation(std::string name, std::vector<Meaning> operands) {
    // -1 is one literal to the grammar, and may be printed as (- 1).
    if (name == "-" && operands.size() == 1 && operands.front().kind == Meaning::Kind::literal) {
      operands.front().name.insert(0, "-");
      return std::move(operands.front());
    }
    return node(Meaning::Kind::operator_, std::move(name), std::move(operands));
  }

  static Meaning junction(Meaning::Kind kind, std::vector<Meaning> arms) {
    std::vector<Meaning> flat;
    for (Meaning& arm : arms) {
      if (arm.kind == kind) std::move(arm.parts.begin(), arm.parts.end(), std::back_inserter(flat));
      else flat.push_back(std::move(arm));
    }
    return node(kind, {}, std::move(flat));
  }

  static Meaning negated(Meaning inner) {
    std::vector<Meaning> parts;
    parts.push_back(std::move(inner));
    return node(Meaning::Kind::not_, {}, std::move(parts));
  }

  Meaning test(std::string name, const Expression& expression, int depth) const {
    return node(Meaning::Kind::test, "is " + std::move(name), children(expression, depth));
  }

  // x IS DISTINCT FROM NULL is kept as x IS NOT NULL.
  Meaning distinct(const Expression& expression, int depth, bool is_negated) const {
    Meaning result = test("distinct", expression, depth);
    for (std::size_t i = 0; i < result.parts.size() && result.parts.size() == 2; ++i) {
      if (result.parts[i].kind != Meaning::Kind::null) continue;
      std::vector<Meaning> operand{std::move(result.parts[1 - i])};
      return node(Meaning::Kind::test, is_negated ? "is null" : "is not null", std::move(operand));
    }
    return is_negated ? negated(std::move(result)) : result;
  }

  // x IN (a) is x = a, x IN (a, b) is x = ANY (ARRAY[a, b]).
  Meaning in(const Expression& expression, int depth, std::string_view comparison, std::string_view quantifier) const {
    std::vector<Meaning> parts = children(expression, depth);
    if (parts.size() < 2) return opaque(expression);
    if (parts.size() == 2) return operation(std::string(comparison), std::move(parts));
    std::vector<Meaning> operands;
    operands.push_back(std::move(parts.front()));
    parts.erase(parts.begin());
    operands.push_back(node(Meaning::Kind::list, {}, std::move(parts)));
    return node(Meaning::Kind::test, std::string(comparison) + " " + std::string(quantifier), std::move(operands));
  }

  Meaning range(const Expression& expression, int depth, std::string_view low, std::string_view high, Meaning::Kind kind) const {
    const std::vector<Meaning> parts = children(expression, depth);
    // SYMMETRIC is only known by its text.
    if (parts.size() != 3 || expression.text().find("SYMMETRIC") != std::string::npos) return opaque(expression);
    return junction(kind, {operation(std::string(low), {parts[0], parts[1]}), operation(std::string(high), {parts[0], parts[2]})});
  }

  const std::vector<ColumnRename>* renames_;
};

std::optional<double> number(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// How booleans may be written (manual 8.6).
std::optional<bool> truth(const std::string& text) {
  if (text == "true" || text == "t" || text == "yes" || text == "y" || text == "on" || text == "1") return true;
  if (text == "false" || text == "f" || text == "no" || text == "n" || text == "off" || text == "0") return false;
  return std::nullopt;
}

Likeness compare_literals(const Meaning& a, const Meaning& b) {
  if (a.name == b.name) return Likeness::same;
  const auto number_of_a = number(a.name), number_of_b = number(b.name);
  if (number_of_a && number_of_b) return *number_of_a == *number_of_b ? Likeness::same : Likeness::different;
  const auto truth_of_a = truth(a.name), truth_of_b = truth(b.name);
  const bool is_boolean = a.name == "true" || a.name == "false" || b.name == "true" || b.name == "false";
  if (is_boolean && truth_of_a && truth_of_b) return *truth_of_a == *truth_of_b ? Likeness::same : Likeness::different;
  if (a.many_spellings || b.many_spellings) return Likeness::unsure;
  // char(n) is printed without the blanks it is filled with.
  const auto trimmed = [](const std::string& text) { return std::string_view(text).substr(0, text.find_last_not_of(' ') + 1); };
  return trimmed(a.name) == trimmed(b.name) ? Likeness::unsure : Likeness::different;
}

// Something in it that can be written in more ways than are known here.
bool has_many_spellings(const Meaning& meaning) {
  return meaning.kind == Meaning::Kind::opaque || meaning.many_spellings ||
         (meaning.kind == Meaning::Kind::keyword && meaning.name == "case") ||
         std::any_of(meaning.parts.begin(), meaning.parts.end(), has_many_spellings);
}

Likeness compare(const Meaning& a, const Meaning& b);

Likeness compare_parts(const Meaning& a, const Meaning& b) {
  // A CASE without ELSE is printed with ELSE NULL.
  const bool is_case = a.kind == Meaning::Kind::keyword && a.name == "case";
  if (a.parts.size() != b.parts.size()) {
    const std::vector<Meaning>& longer = a.parts.size() > b.parts.size() ? a.parts : b.parts;
    const std::size_t shorter = std::min(a.parts.size(), b.parts.size());
    if (!is_case || longer.size() != shorter + 1 || longer.back().kind != Meaning::Kind::null) return Likeness::different;
  }
  Likeness result = Likeness::same;
  for (std::size_t i = 0; i < std::min(a.parts.size(), b.parts.size()); ++i) result = worse(result, compare(a.parts[i], b.parts[i]));
  return result;
}

Likeness compare(const Meaning& a, const Meaning& b) {
  if (a.kind == b.kind && a.kind == Meaning::Kind::literal) return compare_literals(a, b);
  if (a.kind == b.kind) {
    const bool same_qualifier =
        a.qualifier == b.qualifier || (a.kind == Meaning::Kind::function && (a.qualifier.empty() || b.qualifier.empty()));
    if (a.name == b.name && same_qualifier) return compare_parts(a, b);
    if (a.kind == Meaning::Kind::opaque) return Likeness::unsure;
  }
  return has_many_spellings(a) || has_many_spellings(b) ? Likeness::unsure : Likeness::different;
}

bool same_renames(const std::vector<ColumnRename>* a, const std::vector<ColumnRename>* b) {
  const bool none_of_a = a == nullptr || a->empty(), none_of_b = b == nullptr || b->empty();
  if (none_of_a || none_of_b) return none_of_a == none_of_b;
  return std::ranges::equal(*a, *b, [](const ColumnRename& x, const ColumnRename& y) { return x.written == y.written && x.now == y.now; });
}

}  // namespace

Likeness compare_meaning(const WrittenExpression& a, const WrittenExpression& b) {
  if (!a.expression || !b.expression) return !a.expression == !b.expression ? Likeness::same : Likeness::different;
  if (a.expression.equals(b.expression) && same_renames(a.renames, b.renames)) return Likeness::same;
  return compare(Reader(a.renames).read(a.expression), Reader(b.renames).read(b.expression));
}

}  // namespace cupel::schema
