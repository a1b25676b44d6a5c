// Where values are kept: variables, members, elements, and what refers to them.
#include "cxx/interpreter.h"

#include <algorithm>

namespace cupel::cxx {

Cell Interpreter::local_cell(const clang::ValueDecl* declaration) {
  if (frames_.empty()) return nullptr;
  const auto found = frame().locals.find(declaration);
  if (found != frame().locals.end()) return found->second;
  if (frame().captures != nullptr) {
    const auto captured = frame().captures->find(declaration);
    if (captured != frame().captures->end()) return captured->second;
  }
  return nullptr;
}

Cell Interpreter::global_cell(const clang::VarDecl* variable) {
  const clang::VarDecl* definition = nullptr;
  const clang::Expr* initial = variable->getAnyInitializer(definition);
  if (initial == nullptr || !variable->hasGlobalStorage()) return nullptr;
  const auto known = globals_.find(definition);
  if (known != globals_.end()) return known->second;
  clang::QualType type = definition->getType();
  while (const clang::ArrayType* array = context_.getAsArrayType(type)) type = array->getElementType();
  const bool constant = definition->isConstexpr() || type.isConstQualified();
  const bool never_written =
      definition->getFormalLinkage() != clang::Linkage::External && !written_.contains(definition->getCanonicalDecl());
  if (!constant && !never_written) return globals_[definition] = nullptr;
  globals_[definition] = nullptr;  // one that refers to itself is not known
  Frame own;
  frames_.push_back(&own);
  std::vector<Log*> logs;
  logs.swap(logs_);
  ++silent_;
  Cell cell = std::make_shared<Value>(evaluate(initial).copy());
  --silent_;
  logs.swap(logs_);
  frames_.pop_back();
  if (!cell->known()) cell = nullptr;
  return globals_[definition] = cell;
}

Cell Interpreter::cell_of(const clang::Expr* expression) {
  expression = bare(expression);
  if (expression == nullptr || depth_ > 3000) return nullptr;
  if (const auto* use = llvm::dyn_cast<clang::DeclRefExpr>(expression)) {
    if (Cell cell = local_cell(use->getDecl())) {
      if (cell->is(Value::Kind::pointer) && use->getDecl()->getType()->isReferenceType() && cell->target != nullptr) return cell->target;
      return cell;
    }
    if (const auto* variable = llvm::dyn_cast<clang::VarDecl>(use->getDecl())) return global_cell(variable);
    return nullptr;
  }
  if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(expression)) {
    if (const auto* variable = llvm::dyn_cast<clang::VarDecl>(member->getMemberDecl())) return global_cell(variable);
    const auto* field = llvm::dyn_cast<clang::FieldDecl>(member->getMemberDecl());
    if (field == nullptr) return nullptr;
    Cell base = llvm::isa<clang::CXXThisExpr>(bare(member->getBase())) ? frame().self : cell_of(member->getBase());
    if (base == nullptr) {
      const clang::Expr* object = bare(member->getBase());
      // A call that returns a structure, and no variable's member of which nothing is known.
      if (!llvm::isa<clang::CallExpr, clang::CXXConstructExpr, clang::InitListExpr>(object)) return nullptr;
      base = std::make_shared<Value>(evaluate(object));
    }
    if (base->is(Value::Kind::pointer) && base->target != nullptr) base = base->target;
    // A pair that a function of the library made.
    if (base->is(Value::Kind::list) && field->getFieldIndex() < base->items.size() &&
        !is_list_class(record_of(member->getBase()->getType())))
      return base->items[field->getFieldIndex()];
    if (!base->is(Value::Kind::record)) return nullptr;
    const auto found = base->fields.find(field);
    return found == base->fields.end() ? nullptr : found->second;
  }
  if (const auto* unary = llvm::dyn_cast<clang::UnaryOperator>(expression)) {
    if (unary->getOpcode() == clang::UO_Deref) {
      const Value value = evaluate(unary->getSubExpr());
      return value.is(Value::Kind::pointer) ? value.target : nullptr;
    }
    if (unary->isPrefix() && unary->isIncrementDecrementOp()) {
      evaluate_unary(unary);
      return cell_of(unary->getSubExpr());
    }
    return nullptr;
  }
  const auto element = [&](const clang::Expr* object, const clang::Expr* index_source) -> Cell {
    Cell list = cell_of(object);
    if (list != nullptr && list->is(Value::Kind::pointer) && list->target != nullptr) list = list->target;
    const Value whole = list != nullptr ? *list : evaluate(object);
    const Value index = evaluate(index_source);
    if (!whole.is(Value::Kind::list) || !index.is(Value::Kind::integer)) return nullptr;
    if (index.integer < 0 || static_cast<std::size_t>(index.integer) >= whole.items.size()) return nullptr;
    return whole.items[static_cast<std::size_t>(index.integer)];
  };
  if (const auto* subscript = llvm::dyn_cast<clang::ArraySubscriptExpr>(expression))
    return element(subscript->getBase(), subscript->getIdx());
  if (const auto* call = llvm::dyn_cast<clang::CXXOperatorCallExpr>(expression)) {
    const clang::CXXRecordDecl* container = record_of(call->getArg(0)->getType());
    if (call->getOperator() == clang::OO_Subscript && call->getNumArgs() == 2 && is_map_class(container)) {
      Cell map = cell_of(call->getArg(0));
      if (map != nullptr && map->is(Value::Kind::pointer) && map->target != nullptr) map = map->target;
      return map == nullptr ? nullptr : mapped(map, container, evaluate(call->getArg(1)), true);
    }
    if (call->getOperator() == clang::OO_Subscript && call->getNumArgs() == 2 && is_list_class(container)) {
      return element(call->getArg(0), call->getArg(1));
    }
    if (call->getOperator() == clang::OO_Star && call->getNumArgs() == 1) return cell_of(call->getArg(0));
    if (call->getOperator() == clang::OO_Arrow && call->getNumArgs() == 1) return cell_of(call->getArg(0));
    return nullptr;
  }
  if (const auto* binary = llvm::dyn_cast<clang::BinaryOperator>(expression)) {
    if (binary->isPtrMemOp()) {
      Cell whole = cell_of(binary->getLHS());
      const Value which = evaluate(binary->getRHS());
      if (whole != nullptr && whole->is(Value::Kind::pointer)) whole = whole->target;
      if (whole == nullptr || !whole->is(Value::Kind::record) || !which.is(Value::Kind::member)) return nullptr;
      const auto found = whole->fields.find(which.member);
      return found == whole->fields.end() ? nullptr : found->second;
    }
    if (binary->isAssignmentOp()) {
      evaluate_binary(binary);
      return cell_of(binary->getLHS());
    }
  }
  return nullptr;
}

Cell Interpreter::referred(const clang::Expr* expression) {
  if (Cell cell = cell_of(expression)) return cell;
  returned_ = {};
  Value value = evaluate(expression);
  if (returned_.second != nullptr && returned_.first == bare(expression)) return returned_.second;
  return std::make_shared<Value>(value.copy());
}

// What an object holds that is made without a value.
Value Interpreter::default_value(clang::QualType type, int level) {
  if (is_text_type(type) && !type->isPointerType()) return Value::of_text({});
  const clang::CXXRecordDecl* record = type->getAsCXXRecordDecl();
  Value made;
  if (is_list_class(record)) {
    made.kind = Value::Kind::list;
    return made;
  }
  const clang::CXXRecordDecl* definition = record == nullptr ? nullptr : record->getDefinition();
  // A class with errors may hold itself.
  constexpr int deepest = 12;
  if (definition == nullptr || level > deepest || definition->isInvalidDecl() || !places_.in_walked_file(definition->getLocation()))
    return made;
  made.kind = Value::Kind::record;
  for (const clang::FieldDecl* one : definition->fields()) {
    const bool has_value = one->hasInClassInitializer() && one->getInClassInitializer() != nullptr;
    made.fields[one] =
        std::make_shared<Value>(has_value ? evaluate(one->getInClassInitializer()).copy() : default_value(one->getType(), level + 1));
  }
  return made;
}

}  // namespace cupel::cxx
