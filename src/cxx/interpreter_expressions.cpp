#include "cxx/interpreter.h"

#include <algorithm>

namespace cupel::cxx {

// Of 64 bits at most; unsigned ones may need all of them.
static Value value_of_bits(const llvm::APSInt& number) {
  constexpr unsigned most = 64;
  if (number.getSignificantBits() > most) return {};
  Value value = Value::of_integer(static_cast<long long>(number.extOrTrunc(most).getZExtValue()));
  value.is_unsigned = number.isUnsigned() && number.getActiveBits() >= most;
  return value;
}

Segment Interpreter::hole(const clang::Expr* source, std::string reason) {
  Segment segment;
  segment.kind = Segment::Kind::hole;
  segment.text = source != nullptr ? places_.words(source) : "?";
  if (source != nullptr) segment.place = place_of(source);
  segment.reason = reason.empty() ? "its value is not known" : std::move(reason);
  return segment;
}

std::vector<Segment> Interpreter::text_of(const Value& value, const clang::Expr* source) {
  switch (value.kind) {
    case Value::Kind::string: return value.text;
    case Value::Kind::integer:
    case Value::Kind::boolean: {
      Segment segment;
      segment.text = value.is_character  ? std::string(1, static_cast<char>(value.integer))
                     : value.is_unsigned ? std::to_string(static_cast<unsigned long long>(value.integer))
                                         : std::to_string(value.integer);
      if (source != nullptr) segment.place = place_of(source);
      return {segment};
    }
    default: return {hole(source, value.reason)};
  }
}

std::optional<bool> Interpreter::truth(const Value& value) {
  switch (value.kind) {
    case Value::Kind::boolean:
    case Value::Kind::integer: return value.integer != 0;
    case Value::Kind::null: return false;
    case Value::Kind::function:
    case Value::Kind::lambda: return true;
    default: return std::nullopt;
  }
}

Value Interpreter::add(Value left, const Value& right, const clang::Expr* left_source, const clang::Expr* right_source) {
  std::vector<Segment> text = left.is(Value::Kind::string) ? std::move(left.text) : text_of(left, left_source);
  for (Segment& segment : text_of(right, right_source)) text.push_back(std::move(segment));
  return Value::of_text(std::move(text));
}

Value Interpreter::evaluate(const clang::Expr* expression) {
  if (expression == nullptr) return {};
  if (!step()) return Value::unknown("the analysis stopped at its limit");
  if (depth_ > 3000) {
    analysis_.limited = true;
    return Value::unknown("it is nested too deeply");
  }
  ++depth_;
  Value value = evaluate_inner(expression);
  --depth_;
  convert_through(value, expression);
  return value;
}

// The walk passes over casts: a number goes through each of them, from the innermost on.
void Interpreter::convert_through(Value& value, const clang::Expr* expression) const {
  if (!value.is(Value::Kind::integer) && !value.is(Value::Kind::boolean) && !value.is(Value::Kind::real)) return;
  if (const auto* cast = llvm::dyn_cast<clang::CastExpr>(expression->IgnoreParens())) convert_through(value, cast->getSubExpr());
  convert(value, expression->getType());
}

// A number as `type` holds it: narrowed, made a character or a number of a character.
void Interpreter::convert(Value& value, clang::QualType type) const {
  const bool whole = value.is(Value::Kind::integer) || value.is(Value::Kind::boolean);
  if ((!whole && !value.is(Value::Kind::real)) || type.isNull() || type->isDependentType()) return;
  const auto* builtin = type.getNonReferenceType().getCanonicalType()->getAs<clang::BuiltinType>();
  if (builtin == nullptr) return;
  if (builtin->isFloatingPoint()) {
    if (whole)
      value.real =
          value.is_unsigned ? static_cast<double>(static_cast<unsigned long long>(value.integer)) : static_cast<double>(value.integer);
    if (builtin->getKind() == clang::BuiltinType::Float) value.real = static_cast<double>(static_cast<float>(value.real));
    value.kind = Value::Kind::real;
    return;
  }
  if (!builtin->isInteger()) return;
  if (!whole) {
    constexpr double most = 9e18;
    if (!(value.real > -most && value.real < most)) {
      value = Value::unknown("a number does not fit its type");
      return;
    }
    value.integer = static_cast<long long>(value.real);
  }
  if (builtin->getKind() == clang::BuiltinType::Bool) {
    value = Value::of_boolean(whole ? value.integer != 0 : value.real != 0);
    return;
  }
  constexpr std::uint64_t most_bits = 64;
  const std::uint64_t bits = context_.getTypeSize(builtin);
  value.kind = Value::Kind::integer;
  value.is_character = builtin->isAnyCharacterType();
  value.is_unsigned = bits == most_bits && builtin->isUnsignedInteger();
  if (bits < most_bits) {
    const auto kept = static_cast<std::uint64_t>(value.integer) << (most_bits - bits);
    value.integer = builtin->isUnsignedInteger() ? static_cast<long long>(kept >> (most_bits - bits))
                                                 : static_cast<long long>(kept) >> (most_bits - bits);
  }
}

// A lambda with what it captures.
Value Interpreter::capture(const clang::LambdaExpr* lambda) {
  Value value;
  value.kind = Value::Kind::lambda;
  value.lambda = lambda;
  value.captures = std::make_shared<std::map<const clang::ValueDecl*, Cell>>();
  if (frame().captures != nullptr) *value.captures = *frame().captures;
  for (const auto& [name, cell] : frame().locals) (*value.captures)[name] = cell;
  for (const clang::LambdaCapture& one : lambda->captures()) {
    if (!one.capturesVariable()) continue;
    const clang::ValueDecl* name = one.getCapturedVar();
    const auto* variable = llvm::dyn_cast<clang::VarDecl>(name);
    if (variable != nullptr && variable->isInitCapture()) {
      Cell cell = variable->getType()->isReferenceType() && variable->getInit() != nullptr ? cell_of(variable->getInit()) : nullptr;
      if (cell == nullptr) cell = std::make_shared<Value>(evaluate(variable->getInit()).copy());
      (*value.captures)[name] = cell;
    } else if (one.getCaptureKind() == clang::LCK_ByCopy) {
      // What the variable is now.
      if (const auto known = value.captures->find(name); known != value.captures->end()) {
        Cell from = known->second;
        if (from->is(Value::Kind::pointer) && from->target != nullptr && name->getType()->isReferenceType()) from = from->target;
        known->second = std::make_shared<Value>(from->copy());
      }
    }
  }
  value.captured_this = frame().self;
  return value;
}

Value Interpreter::evaluate_constant(const clang::Expr* expression) {
  if (expression->isValueDependent() || expression->isTypeDependent() || expression->containsErrors()) return {};
  clang::Expr::EvalResult result;
  if (!expression->EvaluateAsRValue(result, context_) || result.HasSideEffects) return {};
  if (result.Val.isInt() && result.Val.getInt().getSignificantBits() <= 64) {
    Value value = value_of_bits(result.Val.getInt());
    if (expression->getType()->isBooleanType()) value.kind = Value::Kind::boolean;
    value.is_character = expression->getType()->isAnyCharacterType();
    return value;
  }
  if (result.Val.isLValue() && !result.Val.hasLValuePath()) return {};
  if (result.Val.isLValue()) {
    const auto* base = result.Val.getLValueBase().dyn_cast<const clang::Expr*>();
    const auto* literal = base != nullptr ? llvm::dyn_cast<clang::StringLiteral>(base) : nullptr;
    if (literal == nullptr || literal->getCharByteWidth() != 1) return {};
    Literal* const ours = places_.literal(literal);
    const auto offset = static_cast<std::size_t>(result.Val.getLValueOffset().getQuantity());
    if (offset > ours->decoded.text.size()) return {};
    Segment segment;
    segment.kind = Segment::Kind::literal;
    segment.literal = ours;
    segment.offset = static_cast<std::uint32_t>(offset);
    segment.text = ours->decoded.text.substr(offset);
    return Value::of_text({std::move(segment)});
  }
  return {};
}

Value Interpreter::evaluate_children(const clang::Expr* expression) {
  for (const clang::Stmt* child : expression->children()) {
    if (const auto* inner = llvm::dyn_cast_or_null<clang::Expr>(child)) evaluate(inner);
  }
  return Value::unknown("");
}

Value Interpreter::evaluate_inner(const clang::Expr* expression) {
  expression = bare(expression);
  if (expression == nullptr) return {};
  switch (expression->getStmtClass()) {
    case clang::Stmt::StringLiteralClass: {
      const auto* written = llvm::cast<clang::StringLiteral>(expression);
      Segment segment;
      // What a walked model adds of its own is made by the call of it.
      if (written->getCharByteWidth() == 1 && !calls_.empty() && !places_.in_user_file(written->getBeginLoc())) {
        segment.text = written->getString().str();
        segment.place = calls_.back();
        return segment.text.empty() ? Value::of_text({}) : Value::of_text({std::move(segment)});
      }
      Literal* const literal = places_.literal(written);
      segment.kind = Segment::Kind::literal;
      segment.literal = literal;
      segment.text = literal->decoded.text;
      return segment.text.empty() ? Value::of_text({}) : Value::of_text({std::move(segment)});
    }
    case clang::Stmt::IntegerLiteralClass: {
      const llvm::APInt value = llvm::cast<clang::IntegerLiteral>(expression)->getValue();
      if (value.getActiveBits() > 64) return {};
      return Value::of_integer(static_cast<long long>(value.getZExtValue()));
    }
    case clang::Stmt::CharacterLiteralClass: {
      const auto* character = llvm::cast<clang::CharacterLiteral>(expression);
      Value value = Value::of_integer(character->getValue());
      value.is_character = true;
      return value;
    }
    case clang::Stmt::FloatingLiteralClass: {
      Value value;
      value.kind = Value::Kind::real;
      value.real = llvm::cast<clang::FloatingLiteral>(expression)->getValueAsApproximateDouble();
      return value;
    }
    case clang::Stmt::CXXBoolLiteralExprClass: return Value::of_boolean(llvm::cast<clang::CXXBoolLiteralExpr>(expression)->getValue());
    case clang::Stmt::GNUNullExprClass:
    case clang::Stmt::CXXNullPtrLiteralExprClass: {
      Value value;
      value.kind = Value::Kind::null;
      return value;
    }
    case clang::Stmt::UserDefinedLiteralClass: return evaluate(llvm::cast<clang::UserDefinedLiteral>(expression)->getArg(0));
    case clang::Stmt::DeclRefExprClass: return value_of(llvm::cast<clang::DeclRefExpr>(expression)->getDecl(), expression);
    case clang::Stmt::MemberExprClass: {
      const auto* member = llvm::cast<clang::MemberExpr>(expression);
      if (const Cell cell = cell_of(expression)) return *cell;
      if (!member->isImplicitAccess()) evaluate(member->getBase());
      if (llvm::isa<clang::VarDecl>(member->getMemberDecl())) return value_of(member->getMemberDecl(), expression);
      return Value::unknown("the member " + member->getMemberDecl()->getNameAsString() + " is set elsewhere");
    }
    case clang::Stmt::ArraySubscriptExprClass: {
      const auto* subscript = llvm::cast<clang::ArraySubscriptExpr>(expression);
      if (const Cell cell = cell_of(expression)) return *cell;
      evaluate(subscript->getBase());
      return Value::unknown("which element it is is not known");
    }
    case clang::Stmt::CXXThisExprClass: {
      Value value;
      if (frame().self == nullptr) return Value::unknown("the object is not known");
      value.kind = Value::Kind::pointer;
      value.target = frame().self;
      return value;
    }
    case clang::Stmt::InitListExprClass: return evaluate_list(llvm::cast<clang::InitListExpr>(expression));
    case clang::Stmt::CXXConstructExprClass:
    case clang::Stmt::CXXTemporaryObjectExprClass: return evaluate_construct(llvm::cast<clang::CXXConstructExpr>(expression));
    case clang::Stmt::CXXMemberCallExprClass: return evaluate_method(llvm::cast<clang::CXXMemberCallExpr>(expression));
    case clang::Stmt::CXXOperatorCallExprClass: return evaluate_operator(llvm::cast<clang::CXXOperatorCallExpr>(expression));
    case clang::Stmt::CXXRewrittenBinaryOperatorClass:  // a != b, where there is only ==
      return evaluate(llvm::cast<clang::CXXRewrittenBinaryOperator>(expression)->getSemanticForm());
    case clang::Stmt::CallExprClass: return evaluate_call(llvm::cast<clang::CallExpr>(expression));
    case clang::Stmt::BinaryOperatorClass:
    case clang::Stmt::CompoundAssignOperatorClass: return evaluate_binary(llvm::cast<clang::BinaryOperator>(expression));
    case clang::Stmt::UnaryOperatorClass: return evaluate_unary(llvm::cast<clang::UnaryOperator>(expression));
    case clang::Stmt::ConditionalOperatorClass: {
      const auto* choice = llvm::cast<clang::ConditionalOperator>(expression);
      if (const auto known = truth(evaluate(choice->getCond()))) return evaluate(*known ? choice->getTrueExpr() : choice->getFalseExpr());
      ++conditional_;
      Value yes = evaluate(choice->getTrueExpr());
      const Value no = evaluate(choice->getFalseExpr());
      --conditional_;
      return either(yes, no, "it depends on the condition " + places_.words(choice->getCond()), place_of(choice));
    }
    case clang::Stmt::LambdaExprClass: {
      Value value = capture(llvm::cast<clang::LambdaExpr>(expression));
      // What a lambda changes while it runs at an unknown time is known no longer; its calls here are walked in order.
      lambdas_.push_back(value);
      return value;
    }
    case clang::Stmt::CXXNewExprClass: {
      const auto* made = llvm::cast<clang::CXXNewExpr>(expression);
      Value value;
      value.kind = Value::Kind::pointer;
      value.target = std::make_shared<Value>(made->getInitializer() != nullptr ? evaluate(made->getInitializer()) : Value());
      return value;
    }
    case clang::Stmt::CoawaitExprClass: return evaluate(llvm::cast<clang::CoawaitExpr>(expression)->getOperand());
    case clang::Stmt::CompoundLiteralExprClass: return evaluate(llvm::cast<clang::CompoundLiteralExpr>(expression)->getInitializer());
    case clang::Stmt::StmtExprClass: {
      execute(llvm::cast<clang::StmtExpr>(expression)->getSubStmt());
      return {};
    }
    case clang::Stmt::CXXParenListInitExprClass:
    case clang::Stmt::ParenListExprClass:
    case clang::Stmt::CXXUnresolvedConstructExprClass: {
      Value only;
      std::size_t count = 0;
      for (const clang::Stmt* child : expression->children()) {
        if (const auto* inner = llvm::dyn_cast_or_null<clang::Expr>(child)) {
          only = evaluate(inner);
          ++count;
        }
      }
      return count == 1 ? only : Value::unknown("");
    }
    case clang::Stmt::UnaryExprOrTypeTraitExprClass: return evaluate_constant(expression);
    case clang::Stmt::RecoveryExprClass: {
      // What the parser could not make sense of, mostly a call of something that is not declared here.
      for (const clang::Stmt* child : expression->children()) {
        const auto* part = llvm::dyn_cast_or_null<clang::Expr>(child);
        if (part == nullptr) continue;
        evaluate(part);
        const auto* member = llvm::dyn_cast<clang::MemberExpr>(bare(part));
        const Cell object = cell_of(member != nullptr ? member->getBase() : part);
        if (object != nullptr && object->is(Value::Kind::record)) forget(object, "what is called there is not known");
      }
      return Value::unknown("what is called there is not known");
    }
    default: break;
  }
  Value constant = evaluate_constant(expression);
  if (constant.known()) return constant;
  return evaluate_children(expression);
}

Value Interpreter::value_of(const clang::ValueDecl* declaration, const clang::Expr* use) {
  if (const Cell cell = local_cell(declaration)) {
    if (cell->is(Value::Kind::pointer) && declaration->getType()->isReferenceType() && cell->target != nullptr) return *cell->target;
    return *cell;
  }
  const std::string name = declaration->getNameAsString();
  if (const auto* constant = llvm::dyn_cast<clang::EnumConstantDecl>(declaration)) { return value_of_bits(constant->getInitVal()); }
  if (const auto* function = llvm::dyn_cast<clang::FunctionDecl>(declaration)) {
    Value value;
    value.kind = Value::Kind::function;
    value.function = function;
    return value;
  }
  if (const auto* variable = llvm::dyn_cast<clang::VarDecl>(declaration)) {
    if (llvm::isa<clang::ParmVarDecl>(variable)) return Value::unknown("the parameter " + name + " is given by callers outside this file");
    if (const Cell cell = global_cell(variable)) return *cell;
    Value constant = evaluate_constant(use);
    if (constant.known()) return constant;
    if (variable->hasGlobalStorage()) {
      return Value::unknown(variable->getAnyInitializer() == nullptr ? "the variable " + name + " is set elsewhere"
                                                                     : "the variable " + name + " may be changed while the program runs");
    }
  }
  return Value::unknown("the value of " + name + " is not known");
}

Value Interpreter::evaluate_list(const clang::InitListExpr* list) {
  if (list->isSemanticForm() && list->getNumInits() == 1 && list->isTransparent()) return evaluate(list->getInit(0));
  const clang::QualType type = list->getType();
  if (is_text_type(type)) {
    return list->getNumInits() == 1 ? evaluate(list->getInit(0)) : list->getNumInits() == 0 ? Value::of_text({}) : Value();
  }
  Value made;
  const clang::CXXRecordDecl* record = type.isNull() ? nullptr : type->getAsCXXRecordDecl();
  const clang::RecordDecl* plain_record = type.isNull() ? nullptr : type->getAsRecordDecl();
  if (is_list_class(record) && list->getNumInits() == 1) return evaluate(list->getInit(0));  // std::array's braces
  if (plain_record != nullptr) {
    made.kind = Value::Kind::record;
    made.place = place_of(list);
    unsigned index = 0;
    if (record != nullptr && record->hasDefinition()) index = record->getNumBases();
    for (unsigned base = 0; base < std::min(index, list->getNumInits()); ++base) evaluate(list->getInit(base));
    for (const clang::FieldDecl* field : plain_record->fields()) {
      if (field->isUnnamedBitField()) continue;
      Value value = index < list->getNumInits() ? evaluate(list->getInit(index)) : Value();
      made.fields[field] = std::make_shared<Value>(std::move(value));
      ++index;
    }
    return made;
  }
  if (!type.isNull() && !type->isArrayType() && !type->isDependentType() && list->getNumInits() == 1) return evaluate(list->getInit(0));
  made.kind = Value::Kind::list;
  for (const clang::Expr* item : list->inits()) {
    if (llvm::isa<clang::ImplicitValueInitExpr>(item)) break;
    made.items.push_back(std::make_shared<Value>(evaluate(item)));
  }
  return made;
}

Value Interpreter::evaluate_construct(const clang::CXXConstructExpr* construct) {
  const clang::CXXConstructorDecl* constructor = construct->getConstructor();
  const clang::CXXRecordDecl* record = constructor->getParent();
  const llvm::ArrayRef<const clang::Expr*> arguments(construct->getArgs(), construct->getNumArgs());
  const auto given = [&](unsigned i) { return i < arguments.size() && !llvm::isa<clang::CXXDefaultArgExpr>(arguments[i]); };

  if (const Sink* sink = find_sink(record, constructor)) {
    std::vector<Value> values;
    for (const clang::Expr* argument : arguments) values.push_back(evaluate(argument));
    emit_call(*sink, record->getQualifiedNameAsString(), arguments, values, construct);
    return Value::unknown("");
  }
  if (constructor->isCopyOrMoveConstructor() && given(0)) return evaluate(arguments[0]);
  if (is_text_class(record)) {
    if (!given(0)) return Value::of_text({});
    Value text = evaluate(arguments[0]);
    for (unsigned i = 1; i < arguments.size(); ++i) {
      const Value second = evaluate(arguments[i]);
      if (!given(i)) continue;
      std::string full;
      if (record->getName() == "basic_string" || record->getName() == "basic_string_view" || record->getName() == "str") {
        // string(text, count) and string_view(text, count)
        if (i == 1 && !given(2) && second.is(Value::Kind::integer) && text.is(Value::Kind::string) && full_text(text.text, full) &&
            static_cast<std::size_t>(second.integer) <= full.size()) {
          return Value::of_text(slice(text.text, 0, static_cast<std::size_t>(second.integer)));
        }
        return Value::unknown("part of a text is taken");
      }
    }
    if (text.is(Value::Kind::integer) && record->getName() == "basic_string") return {};
    return text;
  }
  if (record->getIdentifier() != nullptr && (record->getName() == "function" || record->getName() == "optional") && given(0)) {
    return evaluate(arguments[0]);
  }
  if (is_list_class(record)) {
    if (!given(0)) {
      Value empty;
      empty.kind = Value::Kind::list;
      return empty;
    }
    std::vector<Value> values;
    for (const clang::Expr* argument : arguments) values.push_back(evaluate(argument));
    if (record->getName() == "tuple") {
      Value made;
      made.kind = Value::Kind::list;
      for (Value& value : values) made.items.push_back(std::make_shared<Value>(std::move(value)));
      return made;
    }
    if (values[0].is(Value::Kind::list)) {
      keep_order(record, values[0]);
      return std::move(values[0]);
    }
    // list(const Element*, count)
    if (values.size() == 2 && values[0].is(Value::Kind::pointer) && values[1].is(Value::Kind::integer) && values[1].integer == 1) {
      Value one;
      one.kind = Value::Kind::list;
      one.items.push_back(values[0].target);
      return one;
    }
    return Value::unknown("the contents of a container are not known");
  }

  Value made;
  made.kind = Value::Kind::record;
  made.place = place_of(construct);
  const clang::FunctionDecl* definition = nullptr;
  if (constructor->hasBody(definition) && !constructor->isImplicit() && places_.in_walked_file(definition->getLocation()) &&
      frames_.size() < 60) {
    // Fields first, as in C++, then the body.
    const auto* defined = llvm::cast<clang::CXXConstructorDecl>(definition);
    const Cell self = std::make_shared<Value>(std::move(made));
    call_function(defined, self, arguments, construct);
    return *self;
  }
  const clang::CXXRecordDecl* defined = record->getDefinition();
  const auto fields = defined == nullptr ? 0 : std::distance(defined->field_begin(), defined->field_end());
  std::vector<Value> values;
  for (const clang::Expr* argument : arguments) values.push_back(evaluate(argument));
  if (defined != nullptr && fields > 0 && static_cast<std::size_t>(fields) == values.size()) {
    std::size_t index = 0;
    for (const clang::FieldDecl* field : defined->fields()) made.fields[field] = std::make_shared<Value>(std::move(values[index++]));
    return made;
  }
  for (const Value& value : values) run_callbacks(value, construct, false);
  if (values.empty() && defined != nullptr && places_.in_walked_file(defined->getLocation())) return default_value(construct->getType());
  return Value::unknown("");
}

}  // namespace cupel::cxx
