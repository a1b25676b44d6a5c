// Operators: those of the language, and those that libraries have for texts and containers.
#include "cxx/interpreter.h"

#include <algorithm>

namespace cupel::cxx {

Value Interpreter::evaluate_unary(const clang::UnaryOperator* operation) {
  const clang::Expr* inner = operation->getSubExpr();
  switch (operation->getOpcode()) {
    case clang::UO_LNot: {
      const auto known = truth(evaluate(inner));
      return known ? Value::of_boolean(!*known) : Value();
    }
    case clang::UO_Minus: {
      const Value value = evaluate(inner);
      if (value.is(Value::Kind::real)) {
        Value negated = value;
        negated.real = -value.real;
        return negated;
      }
      if (!value.is(Value::Kind::integer) && !value.is(Value::Kind::boolean)) return Value::unknown(value.reason);
      return Value::of_integer(static_cast<long long>(0 - static_cast<unsigned long long>(value.integer)));
    }
    case clang::UO_Plus: return evaluate(inner);
    case clang::UO_AddrOf: {
      if (const auto* use = llvm::dyn_cast<clang::DeclRefExpr>(bare(inner));
          use != nullptr && llvm::isa<clang::FunctionDecl>(use->getDecl())) {
        return evaluate(inner);
      }
      if (const auto* use = llvm::dyn_cast<clang::DeclRefExpr>(bare(inner));
          use != nullptr && llvm::isa<clang::FieldDecl>(use->getDecl())) {
        Value value;
        value.kind = Value::Kind::member;
        value.member = use->getDecl();
        return value;
      }
      Value value;
      value.target = cell_of(inner);
      if (value.target != nullptr) value.kind = Value::Kind::pointer;
      else evaluate(inner);
      return value;
    }
    case clang::UO_Deref: {
      Value value = evaluate(inner);
      if (value.is(Value::Kind::pointer)) return *value.target;
      if (value.is(Value::Kind::function) || value.is(Value::Kind::lambda)) return value;
      return Value::unknown(value.reason);
    }
    case clang::UO_PreInc:
    case clang::UO_PostInc:
    case clang::UO_PreDec:
    case clang::UO_PostDec: {
      const Cell cell = cell_of(inner);
      if (cell == nullptr) return evaluate_children(operation);
      if (!cell->is(Value::Kind::integer)) {
        forget(cell, "it is counted while the program runs");
        return {};
      }
      const Value before = *cell;
      Value after = Value::of_integer(
          static_cast<long long>(static_cast<unsigned long long>(before.integer) + (operation->isIncrementOp() ? 1 : ~0ULL)));
      convert(after, inner->getType());
      write(cell, std::move(after));
      return operation->isPrefix() ? *cell : before;
    }
    default: evaluate(inner); return evaluate_constant(operation);
  }
}

namespace {

template <class Number>
std::optional<bool> compared(clang::BinaryOperatorKind code, Number a, Number b) {
  switch (code) {
    case clang::BO_LT: return a < b;
    case clang::BO_GT: return a > b;
    case clang::BO_LE: return a <= b;
    case clang::BO_GE: return a >= b;
    case clang::BO_EQ: return a == b;
    case clang::BO_NE: return a != b;
    default: return std::nullopt;
  }
}

std::optional<double> computed(clang::BinaryOperatorKind code, double a, double b) {
  switch (code) {
    case clang::BO_Add: return a + b;
    case clang::BO_Sub: return a - b;
    case clang::BO_Mul: return a * b;
    case clang::BO_Div: return b == 0 ? std::nullopt : std::optional(a / b);
    default: return std::nullopt;
  }
}

std::optional<long long> computed(clang::BinaryOperatorKind code, long long a, long long b) {
  constexpr long long bits = 64;
  long long result = 0;
  switch (code) {
    case clang::BO_Add: return __builtin_add_overflow(a, b, &result) ? std::nullopt : std::optional(result);
    case clang::BO_Sub: return __builtin_sub_overflow(a, b, &result) ? std::nullopt : std::optional(result);
    case clang::BO_Mul: return __builtin_mul_overflow(a, b, &result) ? std::nullopt : std::optional(result);
    case clang::BO_Div: return b == 0 || b == -1 ? std::nullopt : std::optional(a / b);
    case clang::BO_Rem: return b == 0 || b == -1 ? std::nullopt : std::optional(a % b);
    case clang::BO_And: return a & b;
    case clang::BO_Or: return a | b;
    case clang::BO_Xor: return a ^ b;
    case clang::BO_Shl:
      return b < 0 || b >= bits ? std::nullopt : std::optional(static_cast<long long>(static_cast<unsigned long long>(a) << b));
    case clang::BO_Shr: return b < 0 || b >= bits ? std::nullopt : std::optional(a >> b);
    default: return std::nullopt;
  }
}

// Of two numbers that have one type already. What is not computed is not known.
Value computed(clang::BinaryOperatorKind code, const Value& a, const Value& b) {
  const auto is_whole = [](const Value& one) { return one.is(Value::Kind::integer) || one.is(Value::Kind::boolean); };
  if (a.is(Value::Kind::real) && b.is(Value::Kind::real)) {
    if (const auto truth = compared(code, a.real, b.real)) return Value::of_boolean(*truth);
    const auto result = computed(code, a.real, b.real);
    if (!result) return {};
    Value value;
    value.kind = Value::Kind::real;
    value.real = *result;
    return value;
  }
  if (!is_whole(a) || !is_whole(b)) return Value::unknown(!a.known() ? a.reason : b.reason);
  // Numbers that only unsigned ones of 64 bits hold.
  if ((a.is_unsigned && a.integer < 0) || (b.is_unsigned && b.integer < 0)) {
    const bool equality = code == clang::BO_EQ || code == clang::BO_NE;
    if (equality) return Value::of_boolean((a.integer == b.integer) == (code == clang::BO_EQ));
    return {};
  }
  if (const auto truth = compared(code, a.integer, b.integer)) return Value::of_boolean(*truth);
  const auto result = computed(code, a.integer, b.integer);
  return result ? Value::of_integer(*result) : Value();
}

}  // namespace

Value Interpreter::evaluate_compound_assignment(const clang::BinaryOperator* operation) {
  const clang::Expr* left = operation->getLHS();
  const Cell cell = cell_of(left);
  const Value value = evaluate(operation->getRHS());
  if (cell == nullptr) {
    forget_named(left, "it is changed in a way that is not followed");
    return {};
  }
  Value before = *cell;
  const auto* compound = llvm::dyn_cast<clang::CompoundAssignOperator>(operation);
  if (compound != nullptr) convert(before, compound->getComputationLHSType());
  Value after = computed(clang::BinaryOperator::getOpForCompoundAssignment(operation->getOpcode()), before, value);
  if (!after.known()) {
    forget(cell, "it is computed while the program runs");
    return *cell;
  }
  if (compound != nullptr) convert(after, compound->getComputationResultType());
  convert(after, left->getType());
  write(cell, std::move(after));
  return *cell;
}

Value Interpreter::evaluate_binary(const clang::BinaryOperator* operation) {
  const auto code = operation->getOpcode();
  const clang::Expr* left = operation->getLHS();
  const clang::Expr* right = operation->getRHS();
  if (code == clang::BO_Assign) {
    Value value = evaluate(right).copy();
    if (const Cell cell = cell_of(left)) write(cell, value);
    else forget_named(left, "it is assigned in a way that is not followed");
    return value;
  }
  if (code == clang::BO_Comma) {
    evaluate(left);
    return evaluate(right);
  }
  if (code == clang::BO_LAnd || code == clang::BO_LOr) {
    const auto first = truth(evaluate(left));
    const bool decides = code == clang::BO_LOr;
    if (first && *first == decides) return Value::of_boolean(decides);
    if (!first) ++conditional_;
    const auto second = truth(evaluate(right));
    if (!first) --conditional_;
    if (second && *second == decides) return Value::of_boolean(decides);
    return first && second ? Value::of_boolean(*second) : Value();
  }
  if (operation->isCompoundAssignmentOp()) return evaluate_compound_assignment(operation);

  // A chain of additions is walked along its left side: it may be thousands long.
  if (code == clang::BO_Add && (operation->isTypeDependent() || operation->containsErrors())) {
    std::vector<const clang::Expr*> parts;
    const clang::Expr* at = operation;
    while (const auto* sum = llvm::dyn_cast<clang::BinaryOperator>(bare(at))) {
      if (sum->getOpcode() != clang::BO_Add) break;
      parts.push_back(sum->getRHS());
      at = sum->getLHS();
    }
    Value value = evaluate(at);
    const clang::Expr* previous = at;
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
      value = add(std::move(value), evaluate(*part), previous, *part);
      previous = *part;
    }
    return value;
  }
  std::vector<const clang::BinaryOperator*> chain;
  const clang::Expr* at = operation;
  while (const auto* next = llvm::dyn_cast<clang::BinaryOperator>(at->IgnoreParenImpCasts())) {
    if (next->isAssignmentOp() || next->isLogicalOp() || next->getOpcode() == clang::BO_Comma) break;
    chain.push_back(next);
    at = next->getLHS();
  }
  Value value = evaluate(at);
  for (auto link = chain.rbegin(); link != chain.rend(); ++link) {
    if (!step()) return {};
    const clang::Expr* right_side = (*link)->getRHS();
    const Value second = evaluate(right_side);
    convert(value, (*link)->getLHS()->getType());
    const bool nulls =
        (value.is(Value::Kind::null) && second.is(Value::Kind::string)) || (value.is(Value::Kind::string) && second.is(Value::Kind::null));
    if (nulls && (*link)->isEqualityOp()) value = Value::of_boolean((*link)->getOpcode() == clang::BO_NE);
    else value = computed((*link)->getOpcode(), value, second);
    convert(value, (*link)->getType());
  }
  return value;
}

void Interpreter::forget_named(const clang::Expr* expression, const std::string& why) {
  std::vector<const clang::Stmt*> left = {expression};
  while (!left.empty()) {
    const clang::Stmt* at = left.back();
    left.pop_back();
    if (at == nullptr || !step()) return;
    if (const auto* use = llvm::dyn_cast<clang::DeclRefExpr>(at)) {
      if (const Cell cell = local_cell(use->getDecl())) forget(cell, why);
    }
    for (const clang::Stmt* child : at->children()) left.push_back(child);
  }
}

Value Interpreter::evaluate_operator(const clang::CXXOperatorCallExpr* call) {
  const auto code = call->getOperator();
  const auto argument = [&](unsigned i) { return call->getArg(i); };
  if (call->getNumArgs() == 0) return {};
  switch (code) {
    case clang::OO_LessLess:
    case clang::OO_Comma:
      if (call->getNumArgs() == 2) return evaluate_stream(call);
      break;
    case clang::OO_Plus:
      if (call->getNumArgs() == 2) {
        std::vector<const clang::Expr*> parts;
        const clang::Expr* at = call;
        while (const auto* next = llvm::dyn_cast<clang::CXXOperatorCallExpr>(bare(at))) {
          if (next->getOperator() != clang::OO_Plus || next->getNumArgs() != 2) break;
          parts.push_back(next->getArg(1));
          at = next->getArg(0);
        }
        Value value = evaluate(at);
        if (!is_text_type(call->getType()) && !value.is(Value::Kind::string)) {
          for (auto part = parts.rbegin(); part != parts.rend(); ++part) evaluate(*part);
          return {};
        }
        const clang::Expr* previous = at;
        for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
          if (!step()) return {};
          value = add(std::move(value), evaluate(*part), previous, *part);
          previous = *part;
        }
        return value;
      }
      break;
    case clang::OO_Equal:
      if (call->getNumArgs() == 2) {
        Value value = evaluate(argument(1)).copy();
        if (value.is(Value::Kind::integer) && is_text_type(argument(0)->getType())) value = Value::of_text(text_of(value, argument(1)));
        if (const Cell cell = cell_of(argument(0))) write(cell, value);
        else forget_named(argument(0), "it is assigned in a way that is not followed");
        return value;
      }
      break;
    case clang::OO_PlusEqual:
      if (call->getNumArgs() == 2) {
        const Value value = evaluate(argument(1));
        Cell cell = cell_of(argument(0));
        if (cell != nullptr && cell->is(Value::Kind::pointer) && cell->target != nullptr) cell = cell->target;
        if (cell == nullptr) {
          forget_named(argument(0), "it is changed in a way that is not followed");
          return {};
        }
        if (cell->is(Value::Kind::string)) {
          std::vector<Segment> added = text_of(value, argument(1));
          touch(cell);
          for (Segment& segment : added) cell->text.push_back(std::move(segment));
        } else if (cell->is(Value::Kind::list)) {
          touch(cell);
          cell->items.push_back(std::make_shared<Value>(value.copy()));
        } else if (is_text_type(argument(0)->getType())) {
          write(cell, add(*cell, value, argument(0), argument(1)));
        } else {
          forget(cell, "it is changed in a way that is not followed");
        }
        return *cell;
      }
      break;
    case clang::OO_Subscript: {
      if (const Cell cell = cell_of(call)) return *cell;
      break;
    }
    case clang::OO_Star:
    case clang::OO_Arrow:
      if (call->getNumArgs() == 1) {
        Value value = evaluate(argument(0));
        if (value.is(Value::Kind::pointer) && value.target != nullptr) return *value.target;
        return value;
      }
      break;
    case clang::OO_EqualEqual:
    case clang::OO_ExclaimEqual:
      if (call->getNumArgs() == 2) {
        const Value left = evaluate(argument(0));
        const Value right = evaluate(argument(1));
        std::string a;
        std::string b;
        if (left.is(Value::Kind::string) && right.is(Value::Kind::string) && full_text(left.text, a) && full_text(right.text, b)) {
          return Value::of_boolean((a == b) == (code == clang::OO_EqualEqual));
        }
        return {};
      }
      break;
    case clang::OO_Percent: {  // boost::format, QStringBuilder
      if (call->getNumArgs() == 2 && is_text_type(call->getType())) {
        Value value = evaluate(argument(0));
        return add(std::move(value), evaluate(argument(1)), argument(0), argument(1));
      }
      break;
    }
    case clang::OO_Call: {
      const llvm::ArrayRef<const clang::Expr*> all(call->getArgs(), call->getNumArgs());
      const Value callee = evaluate(argument(0));
      if (callee.is(Value::Kind::lambda) || callee.is(Value::Kind::function)) return call_value(callee, all.drop_front(), call);
      const clang::FunctionDecl* function = call->getDirectCallee();
      if (function != nullptr && may_inline(function)) return call_function(function, cell_of(argument(0)), all.drop_front(), call);
      return unknown_call(function, "operator()", all.drop_front(), call);
    }
    default: break;
  }
  const clang::FunctionDecl* function = call->getDirectCallee();
  const llvm::ArrayRef<const clang::Expr*> all(call->getArgs(), call->getNumArgs());
  if (function != nullptr && may_inline(function)) {
    if (llvm::isa<clang::CXXMethodDecl>(function)) return call_function(function, cell_of(argument(0)), all.drop_front(), call);
    return call_function(function, nullptr, all, call);
  }
  for (const clang::Expr* one : all) evaluate(one);
  const auto* method = llvm::dyn_cast_or_null<clang::CXXMethodDecl>(function);
  if (method != nullptr && !method->isConst()) {
    if (const Cell cell = cell_of(argument(0))) forget(cell, "an operator changes it");
  }
  return Value::unknown("an operator gives it");
}

void Interpreter::emit_call(const Sink& sink, const std::string& callee, llvm::ArrayRef<const clang::Expr*> arguments,
                            const std::vector<Value>& values, const clang::Expr* call) {
  std::size_t chosen = arguments.size();
  const auto is_text = [&](std::size_t i) {
    return values[i].is(Value::Kind::string) ||
           (is_text_type(arguments[i]->getType()) && !llvm::isa<clang::CXXDefaultArgExpr>(arguments[i])) ||
           is_text_type(bare(arguments[i])->getType());
  };
  switch (sink.shape) {
    case Sink::Shape::argument: chosen = static_cast<std::size_t>(sink.sql); break;
    case Sink::Shape::query:
      for (std::size_t i = arguments.size(); i-- > 0;) {
        if (is_text(i)) chosen = i;
      }
      break;
    case Sink::Shape::last:
      if (arguments.size() < 2) return;  // a name without a text
      for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (is_text(i)) chosen = i;
      }
      break;
    case Sink::Shape::stream: return;
  }
  if (chosen >= arguments.size()) return;
  Value sql = values[chosen];
  if (sink.formats && arguments.size() > chosen + 1) {
    sql = format_printf(sql, arguments.drop_front(chosen + 1),
                        std::vector<Value>(values.begin() + static_cast<std::ptrdiff_t>(chosen) + 1, values.end()), call);
  }
  emit(std::move(sql), arguments[chosen], call, callee, Evidence::resolved, &sink);
}

bool Interpreter::try_by_name(const std::string& name, llvm::ArrayRef<const clang::Expr*> arguments, const std::vector<Value>& values,
                              const clang::Expr* call) {
  if (!names_execution(name)) return false;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!values[i].is(Value::Kind::string) || !looks_like_sql(rough_text(values[i].text))) continue;
    Value sql = values[i];
    const std::string rough = rough_text(sql.text);
    const llvm::ArrayRef<const clang::Expr*> rest = arguments.drop_front(i + 1);
    const std::vector<Value> rest_values(values.begin() + static_cast<std::ptrdiff_t>(i) + 1, values.end());
    if (!rest.empty() && rough.find("{}") != std::string::npos) sql = format_braces(sql, rest, rest_values, call);
    else if (!rest.empty() && rough.find('%') != std::string::npos) sql = format_printf(sql, rest, rest_values, call);
    emit(std::move(sql), arguments[i], call, name, Evidence::by_name, nullptr);
    return true;
  }
  return false;
}

void Interpreter::emit(Value sql, const clang::Expr* source, const clang::Expr* call, const std::string& callee, Evidence evidence,
                       const Sink* sink) {
  if (silent_ > 0) return;
  Item item;
  const bool in_model = !places_.in_user_file(call->getBeginLoc()) && !calls_.empty();
  item.place = place_of(call);
  item.callee = callee;
  item.function = root_;
  if (in_revision_) item.operation = "execute";
  item.downgrade = downgrade_;
  item.evidence = evidence;
  if (sink != nullptr) {
    item.transaction = sink->transaction;
    if (item.transaction == InTransaction::yes) item.transaction_number = transaction_;
    if (item.transaction == InTransaction::unknown && own_transaction_ != 0) {
      item.transaction = InTransaction::yes;
      item.transaction_number = own_transaction_;
    }
    item.binds = sink->binds;
  }
  item.conditional = doubt() - repeated_ > 0;
  item.repeated = repeated_ > 0;
  item.chain.assign(calls_.rbegin() + (in_model ? 1 : 0), calls_.rend());
  // Which statements a model makes depends on all that it was told.
  if (in_model && doubt() > doubts_.back()) sql = Value::unknown("not all that it is made of is known");
  bool anything = false;
  if (sql.is(Value::Kind::string)) {
    for (Segment& segment : sql.text) {
      if (segment.literal != nullptr) segment.literal->reached = true;
      if (segment.kind != Segment::Kind::hole && segment.text.find_first_not_of(" \t\r\n;") != std::string::npos) anything = true;
    }
  }
  if (anything) {
    item.text = stretches(sql.text);
  } else {
    item.reason = sql.is(Value::Kind::string) && !sql.text.empty() ? sql.text.front().reason : sql.reason;
    if (sql.is(Value::Kind::string) && sql.text.empty()) return;  // an empty text
    if (item.reason.empty()) item.reason = "the value of " + places_.words(source) + " is not known";
  }
  std::string key = std::to_string(item.place.file) + ":" + std::to_string(item.place.begin) + ":";
  for (const Stretch& stretch : item.text) {
    key += stretch.text;
    key += stretch.hole ? '\1' : '\2';
  }
  if (!emitted_.insert(std::move(key)).second) return;
  analysis_.items.push_back(std::move(item));
}

}  // namespace cupel::cxx
