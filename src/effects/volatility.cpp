#include "effects/volatility.h"

#include <algorithm>
#include <array>
#include <vector>

namespace cupel::effects {
namespace {

using enum VolatilityAnswer;
using schema::Database;
using sql::Expression;
using sql::ExpressionKind;

VolatilityAnswer answer_of(sql::Volatility volatility) {
  switch (volatility) {
    case sql::Volatility::immutable: return immutable;
    case sql::Volatility::stable: return stable;
    case sql::Volatility::volatile_: return volatile_;
  }
  return unknown;
}

// What an expression with both in it is: a volatile function decides, then one that nobody knows.
int weight(VolatilityAnswer answer) {
  switch (answer) {
    case immutable: return 0;
    case stable: return 1;
    case unknown: return 2;
    case volatile_: return 3;
  }
  return 2;
}

// Operators with an overload that is only stable (timestamptz + interval, date < timestamptz, text || anynonarray); the
// same in 13 to 18. No built-in operator is volatile.
constexpr std::array stable_operators = {std::string_view("+"),  std::string_view("-"), std::string_view("<"), std::string_view("<="),
                                         std::string_view("<>"), std::string_view("="), std::string_view(">"), std::string_view(">="),
                                         std::string_view("@@"), std::string_view("||")};

// A cast between these is immutable whatever it starts from.
constexpr std::array immutable_targets = {std::string_view("bool"), std::string_view("int2"),   std::string_view("int4"),
                                          std::string_view("int8"), std::string_view("float4"), std::string_view("float8"),
                                          std::string_view("uuid"), std::string_view("bytea")};

template <class Names>
bool is_one_of(std::string_view name, const Names& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

class Judge {
 public:
  Judge(const Database& database, int version) : database_(database), version_(version) {}

  void judge(const Expression& expression) {
    if (!expression || depth_ > Expression::max_depth || result_.answer == volatile_) return;
    ++depth_;
    switch (expression.kind()) {
      case ExpressionKind::function: judge_function(expression); break;
      case ExpressionKind::operator_call:
      case ExpressionKind::any_of:
      case ExpressionKind::all_of: judge_operator(expression); break;
      case ExpressionKind::in_list:
      case ExpressionKind::not_in_list:
      case ExpressionKind::between:
      case ExpressionKind::not_between:
      case ExpressionKind::is_distinct:
      case ExpressionKind::is_not_distinct:
      case ExpressionKind::nullif:
      case ExpressionKind::greatest_least: note(stable, {}); break;  // comparison: as the operators <, = are
      case ExpressionKind::cast: judge_cast(expression); break;
      case ExpressionKind::value_function: note(stable, expression.last_name()); break;
      case ExpressionKind::subquery:
      case ExpressionKind::other: note(stable, {}); break;
      default: break;
    }
    for (const Expression& child : expression.children()) judge(child);
    --depth_;
  }

  [[nodiscard]] const ExpressionVolatility& result() const { return result_; }

 private:
  void note(VolatilityAnswer answer, std::string_view function) {
    if (weight(answer) > weight(result_.answer)) result_ = {answer, function};
  }

  void judge_function(const Expression& call) {
    std::vector<std::string_view> path = call.name();
    if (path.empty()) return;
    std::string_view name = path.back();
    std::string_view schema = path.size() > 1 ? path[path.size() - 2] : std::string_view{};
    std::vector<Expression> arguments = call.children();
    // pg_catalog is searched first, unless search_path says otherwise (manual 5.10.5).
    if (schema.empty() || schema == "pg_catalog") {
      // The one overload that is volatile before 17 while its sisters are immutable: AT TIME ZONE of a time with time
      // zone.
      if (version_ < 17 && name == "timezone" && arguments.size() == 2 && is_time_with_time_zone(arguments[1])) {
        return note(volatile_, name);
      }
      if (auto known = builtin_volatility(name, arguments.size(), version_)) return note(answer_of(*known), name);
    }
    std::vector<const schema::Function*> candidates = database_.find_functions(schema, name, arguments.size());
    if (!candidates.empty()) {
      for (const schema::Function* function : candidates) judge_user_function(*function, name, arguments);
      return;
    }
    if (auto known = extension_volatility(name, arguments.size())) return note(answer_of(*known), name);
    note(unknown, name);
  }

  // inline_function (clauses.c): a SQL function that is one expression is replaced by it, unless that would make it
  // more volatile than it was declared, or a strict one is not seen to be strict; the declaration counts for all
  // others.
  void judge_user_function(const schema::Function& function, std::string_view name, const std::vector<Expression>& arguments) {
    bool inlines = function.inlined && function.language == "sql" && !function.security_definer && !function.strict &&
                   inlining_.size() < 10 && std::find(inlining_.begin(), inlining_.end(), &function) == inlining_.end();
    if (!inlines) return note(answer_of(function.volatility), name);
    Judge body(database_, version_);
    body.inlining_ = inlining_;
    body.inlining_.push_back(&function);
    body.judge(function.inlined);
    VolatilityAnswer answer = body.result_.answer;
    if (weight(answer) > weight(answer_of(function.volatility))) answer = answer_of(function.volatility);
    // An argument that is volatile is not copied to several places: the call stays as it is.
    if (answer != volatile_ && function.volatility == sql::Volatility::volatile_) {
      Judge given(database_, version_);
      given.inlining_ = inlining_;
      for (const Expression& argument : arguments) given.judge(argument);
      if (given.result_.answer == volatile_) answer = volatile_;
    }
    note(answer, name);
  }

  void judge_operator(const Expression& call) {
    std::vector<std::string_view> path = call.name();
    if (path.empty()) return;
    // An operator of the user's own is a function of the user's own; what it calls is not known to the replay.
    bool user_schema = path.size() > 1 && path.front() != "pg_catalog";
    if (user_schema || is_one_of(path.back(), stable_operators)) note(stable, path.back());
  }

  void judge_cast(const Expression& cast) {
    std::vector<Expression> children = cast.children();
    // A literal is read when the statement is parsed: 'now'::timestamptz is a constant from then on.
    if (!children.empty() && (children[0].kind() == ExpressionKind::literal || children[0].kind() == ExpressionKind::null)) return;
    if (!is_one_of(cast.type().name, immutable_targets) || cast.type().array_dimensions > 0) note(stable, cast.type().name);
  }

  static bool is_time_with_time_zone(const Expression& expression) {
    if (expression.kind() == ExpressionKind::value_function) return expression.last_name() == "current_time";
    return expression.kind() == ExpressionKind::cast && expression.type().name == "timetz";
  }

  const Database& database_;
  int version_;
  int depth_ = 0;
  ExpressionVolatility result_;
  std::vector<const schema::Function*> inlining_;
};

}  // namespace

ExpressionVolatility volatility(const Expression& expression, const Database& database, int postgres_version) {
  Judge judge(database, postgres_version);
  judge.judge(expression);
  return judge.result();
}

}  // namespace cupel::effects
