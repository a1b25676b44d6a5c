#include "cxx/interpreter.h"

#include <algorithm>

#include <clang/AST/Attr.h>

namespace cupel::cxx {
namespace {

constexpr std::size_t deepest_inlining = 60;

// The name a call is written with, whether or not it could be resolved.
std::string written_name(const clang::Expr* callee) {
  callee = bare(callee);
  if (callee == nullptr) return {};
  if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(callee)) return member->getMemberDecl()->getNameAsString();
  if (const auto* member = llvm::dyn_cast<clang::CXXDependentScopeMemberExpr>(callee)) return member->getMember().getAsString();
  if (const auto* member = llvm::dyn_cast<clang::UnresolvedMemberExpr>(callee)) return member->getMemberName().getAsString();
  if (const auto* lookup = llvm::dyn_cast<clang::UnresolvedLookupExpr>(callee)) return lookup->getName().getAsString();
  if (const auto* use = llvm::dyn_cast<clang::DeclRefExpr>(callee)) return use->getNameInfo().getAsString();
  if (const auto* use = llvm::dyn_cast<clang::DependentScopeDeclRefExpr>(callee)) return use->getDeclName().getAsString();
  return {};
}

std::string_view last_part(std::string_view name) {
  const std::size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

}  // namespace

const Sink* Interpreter::find_sink(const clang::CXXRecordDecl* object, const clang::FunctionDecl* function) const {
  const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(function);
  const std::string name = function->getNameAsString();
  if (name.starts_with("exec_prepared")) return nullptr;
  if (object == nullptr && method != nullptr) object = method->getParent();
  for (const Sink& sink : built_in_sinks()) {
    if (!matches(name, sink.method)) continue;
    if (sink.owner.empty() ? method == nullptr : method != nullptr && is_or_derives(object, sink.owner)) return &sink;
  }
  static thread_local Sink user;
  for (const UserSink& sink : settings_.sinks) {
    const std::string_view call = sink.call;
    if (last_part(call) != name) continue;
    const std::size_t end = call.rfind("::");
    const std::string_view owner = end == std::string_view::npos ? std::string_view() : call.substr(0, end);
    const bool fits = owner.empty() || (method != nullptr ? is_or_derives(object, owner) : function->getQualifiedNameAsString() == call);
    if (!fits) continue;
    user = Sink{};
    user.sql = sink.sql;
    user.formats = function->isVariadic();
    return &user;
  }
  return nullptr;
}

bool Interpreter::may_inline(const clang::FunctionDecl* function) const {
  const clang::FunctionDecl* definition = nullptr;
  if (!function->hasBody(definition) || frames_.size() >= deepest_inlining) return false;
  if (!places_.in_walked_file(definition->getLocation())) return false;
  const auto again = std::count_if(frames_.begin(), frames_.end(), [&](const Frame* one) { return one->function == definition; });
  // A recursion whose end is known is walked; another one is not known to end.
  const bool certain = conditional_ == 0 && loop_doubt_ == 0 &&
                       std::all_of(frames_.begin(), frames_.end(), [](const Frame* one) { return one->doubt == 0; });
  return again < 2 || certain;
}

Value Interpreter::call_function(const clang::FunctionDecl* function, const Cell& self, llvm::ArrayRef<const clang::Expr*> arguments,
                                 const clang::Expr* call, const Value* closure) {
  const clang::FunctionDecl* definition = nullptr;
  if (!function->hasBody(definition)) return Value::unknown(function->getNameAsString() + " is defined elsewhere");
  Frame own;
  own.function = definition;
  own.self = self;
  if (closure != nullptr) {
    own.captures = closure->captures;
    own.self = closure->captured_this;
  }
  for (unsigned i = 0; i < definition->getNumParams(); ++i) {
    const clang::ParmVarDecl* parameter = definition->getParamDecl(i);
    Cell cell;
    if (i < arguments.size()) {
      cell = parameter->getType()->isReferenceType() ? referred(arguments[i]) : std::make_shared<Value>(evaluate(arguments[i]).copy());
    } else {
      cell = std::make_shared<Value>(
          Value::unknown("the parameter " + parameter->getNameAsString() + " is given by callers outside this file"));
    }
    own.locals[parameter] = cell;
  }
  entered_.insert(definition);
  if (const clang::FunctionDecl* pattern = definition->getTemplateInstantiationPattern()) entered_.insert(pattern);
  const bool counts = call != nullptr && places_.in_user_file(call->getBeginLoc());
  if (counts) {
    calls_.push_back(places_.of(call));
    doubts_.push_back(doubt());
  }
  const int doubt_before = std::exchange(loop_doubt_, 0);
  frames_.push_back(&own);
  if (const auto* constructor = llvm::dyn_cast<clang::CXXConstructorDecl>(definition)) {
    for (const clang::CXXCtorInitializer* initializer : constructor->inits()) {
      if (initializer->getInit() == nullptr) continue;
      Value value = evaluate(initializer->getInit()).copy();
      if (initializer->isMemberInitializer() && self != nullptr && self->is(Value::Kind::record)) {
        self->fields[initializer->getMember()] = std::make_shared<Value>(std::move(value));
      }
    }
  }
  execute(definition->getBody());
  frames_.pop_back();
  loop_doubt_ = doubt_before;
  if (counts) {
    calls_.pop_back();
    doubts_.pop_back();
  }
  if (own.result) return std::move(*own.result);
  return Value::unknown("");
}

Value Interpreter::call_value(const Value& callee, llvm::ArrayRef<const clang::Expr*> arguments, const clang::Expr* call) {
  if (callee.is(Value::Kind::pointer) && callee.target != nullptr) return call_value(*callee.target, arguments, call);
  if (callee.is(Value::Kind::function)) {
    if (may_inline(callee.function)) return call_function(callee.function, nullptr, arguments, call);
    return unknown_call(callee.function, callee.function->getNameAsString(), arguments, call);
  }
  if (callee.is(Value::Kind::lambda)) {
    const clang::FunctionDecl* body = callee.lambda->getCallOperator();
    // Of a generic one, what was made for these arguments.
    const auto* written = llvm::dyn_cast_or_null<clang::CallExpr>(call);
    const clang::FunctionDecl* made = written == nullptr ? nullptr : written->getDirectCallee();
    if (made != nullptr && made->hasBody() && made->getTemplateInstantiationPattern() == body) body = made;
    const auto again = std::count_if(frames_.begin(), frames_.end(), [&](const Frame* one) { return one->function == body; });
    if (frames_.size() >= deepest_inlining || again >= 2) return Value::unknown("it calls itself");
    entered_lambdas_.insert(callee.lambda);
    return call_function(body, nullptr, arguments, call, &callee);
  }
  for (const clang::Expr* argument : arguments) evaluate(argument);
  return Value::unknown(callee.reason);
}

void Interpreter::run_callbacks(const Value& argument, const clang::Expr* call, bool certain) {
  if (!argument.is(Value::Kind::lambda) && !argument.is(Value::Kind::function)) return;
  if (argument.is(Value::Kind::function) && !may_inline(argument.function)) return;
  if (!certain) ++conditional_;
  call_value(argument, {}, call);
  if (!certain) --conditional_;
}

Value Interpreter::unknown_call(const clang::FunctionDecl* function, const std::string& name, llvm::ArrayRef<const clang::Expr*> arguments,
                                const clang::Expr* call) {
  std::vector<Value> values;
  values.reserve(arguments.size());
  for (const clang::Expr* argument : arguments) values.push_back(evaluate(argument));
  if (call != nullptr) try_by_name(name, arguments, values, call);
  static const std::set<std::string_view> runs_it_now = {"perform", "autocommit", "for_each", "call_once", "invoke", "transaction"};
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    run_callbacks(values[i], call, runs_it_now.contains(name));
    const std::string why = name + "() may have changed it";
    clang::QualType type;
    if (function != nullptr && i < function->getNumParams()) type = function->getParamDecl(static_cast<unsigned>(i))->getType();
    const bool by_reference = !type.isNull() && type->isLValueReferenceType() && !type.getNonReferenceType().isConstQualified();
    const bool by_pointer = !type.isNull() && type->isPointerType() && !type->getPointeeType().isConstQualified();
    const bool nothing_known = function == nullptr;
    if (by_reference || by_pointer) {
      if (values[i].is(Value::Kind::pointer)) forget(values[i].target, why);
      if (const Cell cell = cell_of(arguments[i]); cell != nullptr && (by_reference || cell->is(Value::Kind::string))) forget(cell, why);
    } else if (nothing_known && values[i].is(Value::Kind::pointer)) {
      forget(values[i].target, why);
    }
  }
  return Value::unknown(name.empty()
                            ? std::string("the result of a call is not known")
                            : name + "() gives it" + (function != nullptr && !function->hasBody() ? ", which is defined elsewhere" : ""));
}

Value Interpreter::evaluate_call(const clang::CallExpr* call) {
  const llvm::ArrayRef<const clang::Expr*> arguments(call->getArgs(), call->getNumArgs());
  const clang::FunctionDecl* function = call->getDirectCallee();
  if (function == nullptr) {
    const clang::Expr* callee = bare(call->getCallee());
    if (const auto* member = llvm::dyn_cast<clang::CXXDependentScopeMemberExpr>(callee); member != nullptr && !member->isImplicitAccess()) {
      evaluate(member->getBase());
    } else if (const auto* overloads = llvm::dyn_cast<clang::UnresolvedMemberExpr>(callee);
               overloads != nullptr && !overloads->isImplicitAccess()) {
      evaluate(overloads->getBase());
    } else if (!llvm::isa<clang::OverloadExpr>(callee)) {
      const Value value = evaluate(call->getCallee());
      if (value.is(Value::Kind::lambda) || value.is(Value::Kind::function)) return call_value(value, arguments, call);
    }
    const std::string name = written_name(call->getCallee());
    if (name == "c_str" || name == "data" || name == "str") {
      if (const auto* member = llvm::dyn_cast<clang::CXXDependentScopeMemberExpr>(callee);
          member != nullptr && !member->isImplicitAccess()) {
        return evaluate(member->getBase());
      }
    }
    return unknown_call(nullptr, name, arguments, call);
  }
  if (const Sink* sink = find_sink(nullptr, function)) {
    std::vector<Value> values;
    for (const clang::Expr* argument : arguments) values.push_back(evaluate(argument));
    emit_call(*sink, function->getQualifiedNameAsString(), arguments, values, call);
    return Value::unknown("it is the result of a query");
  }
  if (function->getQualifiedNameAsString() == "cupel::source_place::here") return Value::unknown("");
  if (auto known = text_function(function, arguments, call)) return std::move(*known);
  if (may_inline(function)) {
    Value value = call_function(function, nullptr, arguments, call);
    if (value.is(Value::Kind::pointer) && function->getReturnType()->isReferenceType() && value.target != nullptr) {
      returned_ = {call, value.target};
      return *value.target;
    }
    return value;
  }
  Value constant = evaluate_constant(call);
  if (constant.known()) return constant;
  return unknown_call(function, function->getNameAsString(), arguments, call);
}

Value Interpreter::evaluate_method(const clang::CXXMemberCallExpr* call) {
  const llvm::ArrayRef<const clang::Expr*> arguments(call->getArgs(), call->getNumArgs());
  const clang::CXXMethodDecl* method = call->getMethodDecl();
  const clang::Expr* object = call->getImplicitObjectArgument();
  if (method == nullptr || object == nullptr) return evaluate_call(call);
  if (method->getQualifiedNameAsString() == "cupel::host::submit" && arguments.size() == 1) {
    const Cell operation = cell_of(arguments[0]);
    emit_operation(operation != nullptr ? *operation : evaluate(arguments[0]));
    return Value::unknown("");
  }
  if (const Sink* sink = find_sink(record_of(object->IgnoreParenImpCasts()->getType()), method)) {
    if (!llvm::isa<clang::CXXThisExpr>(bare(object))) evaluate(object);
    std::vector<Value> values;
    for (const clang::Expr* argument : arguments) values.push_back(evaluate(argument));
    transaction_ = 0;
    if (sink->transaction == InTransaction::yes) {
      const Cell owner = cell_of(object);
      auto& known = transactions_[owner.get()];
      if (known.second == 0) known = {owner, ++last_transaction_};
      transaction_ = known.second;
    }
    emit_call(*sink, method->getQualifiedNameAsString(), arguments, values, call);
    for (const Value& value : values) run_callbacks(value, call, true);
    return Value::unknown("it is the result of a query");
  }
  if (is_text_class(method->getParent()) || is_text_class(record_of(object->getType()))) {
    if (auto known = text_method(method, object, arguments, call)) return std::move(*known);
  }
  if (is_list_class(method->getParent()) || is_list_class(record_of(object->getType()))) {
    if (auto known = list_method(method, object, arguments, call)) return std::move(*known);
  }
  if (const llvm::StringRef name = method->getIdentifier() != nullptr ? method->getName() : ""; name == "commit" || name == "abort") {
    // What the object sends from here on is another transaction.
    if (const Cell owner = cell_of(object)) transactions_.erase(owner.get());
  }

  const bool through_pointer = llvm::isa<clang::CXXThisExpr>(bare(object)) || object->getType()->isPointerType();
  Cell self = llvm::isa<clang::CXXThisExpr>(bare(object)) ? frame().self : cell_of(object);
  if (self != nullptr && self->is(Value::Kind::pointer)) self = self->target;
  const bool overridable = method->isVirtual() && through_pointer && !method->hasAttr<clang::FinalAttr>() &&
                           !method->getParent()->isEffectivelyFinal() && self == nullptr;
  if (may_inline(method) && !overridable) {
    if (self == nullptr && !llvm::isa<clang::CXXThisExpr>(bare(object))) {
      const Value whole = evaluate(object);
      if (returned_.second != nullptr && returned_.first == bare(object)) self = returned_.second;
      else if (whole.is(Value::Kind::pointer)) self = whole.target;
      else if (whole.is(Value::Kind::record)) self = std::make_shared<Value>(whole);
    }
    Value value = call_function(method, self, arguments, call);
    if (value.is(Value::Kind::pointer) && method->getReturnType()->isReferenceType() && value.target != nullptr) {
      returned_ = {call, value.target};
      return *value.target;
    }
    return value;
  }
  if (self == nullptr) evaluate(object);
  Value result = unknown_call(method, method->getNameAsString(), arguments, call);
  if (!method->isConst() && self != nullptr) forget(self, method->getNameAsString() + "() may have changed it");
  if (overridable) result.reason = method->getNameAsString() + "() is virtual: which one runs is not known";
  return result;
}

// object << a << b << c, whose left side may be thousands long.
Value Interpreter::evaluate_stream(const clang::CXXOperatorCallExpr* call) {
  std::vector<const clang::CXXOperatorCallExpr*> chain;
  const clang::Expr* at = call;
  while (const auto* next = llvm::dyn_cast<clang::CXXOperatorCallExpr>(bare(at))) {
    const bool follows = (next->getOperator() == clang::OO_LessLess || next->getOperator() == clang::OO_Comma) && next->getNumArgs() == 2;
    if (!follows) break;
    chain.push_back(next);
    at = next->getArg(0);
  }
  const clang::Expr* target = bare(at);
  const clang::CXXRecordDecl* record = record_of(target->getType());
  const Sink* sink = nullptr;
  for (const Sink& one : built_in_sinks()) {
    if (one.shape == Sink::Shape::stream && record != nullptr && is_or_derives(record, one.owner)) sink = &one;
  }
  if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(target); sink != nullptr && member != nullptr) evaluate(member->getBase());

  if (sink != nullptr) {
    Value text = Value::of_text({});
    const clang::Expr* first = nullptr;
    for (auto link = chain.rbegin(); link != chain.rend(); ++link) {
      const clang::Expr* part = (*link)->getArg(1);
      const Value value = evaluate(part);
      if ((*link)->getOperator() == clang::OO_Comma) continue;  // use(…), into(…)
      if (first == nullptr) first = part;
      // Drogon's client takes the statement first and values behind it.
      if (part != first && sink->owner.starts_with("drogon")) continue;
      text = add(std::move(text), value, nullptr, part);
    }
    if (first != nullptr) emit(std::move(text), first, call, std::string(sink->owner) + " <<", Evidence::resolved, sink);
    return Value::unknown("it is the result of a query");
  }

  Cell stream = cell_of(target);
  if (stream != nullptr && stream->is(Value::Kind::pointer) && stream->target != nullptr) stream = stream->target;
  const bool is_text = stream != nullptr && (is_text_class(record) || stream->is(Value::Kind::string));
  const bool is_list = stream != nullptr && is_list_class(record) && stream->is(Value::Kind::list);
  if (stream == nullptr) evaluate(at);
  for (auto link = chain.rbegin(); link != chain.rend(); ++link) {
    const clang::Expr* part = (*link)->getArg(1);
    const Value value = evaluate(part);
    if (is_list) {
      touch(stream);
      stream->items.push_back(std::make_shared<Value>(value.copy()));
    } else if (is_text && stream->is(Value::Kind::string)) {
      if (value.is(Value::Kind::function)) continue;  // std::endl and its like: white space at most
      std::vector<Segment> added = text_of(value, part);
      touch(stream);
      for (Segment& segment : added) stream->text.push_back(std::move(segment));
    }
  }
  if (stream != nullptr) return *stream;
  return Value::unknown("");
}

}  // namespace cupel::cxx
