#include "cxx/interpreter.h"

#include <algorithm>

#include <clang/AST/RecursiveASTVisitor.h>

namespace cupel::cxx {

// Variables that are changed anywhere: they are no constants.
class WriteFinder : public clang::RecursiveASTVisitor<WriteFinder> {
 public:
  WriteFinder(Interpreter& interpreter, std::unordered_set<const clang::FunctionDecl*>& used) : interpreter_(interpreter), used_(used) {}

  bool shouldVisitTemplateInstantiations() const { return false; }  // NOLINT(readability-identifier-naming)

  bool VisitBinaryOperator(clang::BinaryOperator* operation) {  // NOLINT(readability-identifier-naming)
    if (operation->isAssignmentOp()) note(operation->getLHS());
    return true;
  }
  bool VisitUnaryOperator(clang::UnaryOperator* operation) {  // NOLINT(readability-identifier-naming)
    if (operation->isIncrementDecrementOp()) note(operation->getSubExpr());
    if (operation->getOpcode() == clang::UO_AddrOf && !operation->getSubExpr()->getType().isConstQualified()) note(operation->getSubExpr());
    return true;
  }
  bool VisitCallExpr(clang::CallExpr* call) {  // NOLINT(readability-identifier-naming)
    const clang::FunctionDecl* function = call->getDirectCallee();
    if (function == nullptr) return true;
    const bool object_first = llvm::isa<clang::CXXOperatorCallExpr>(call) && llvm::isa<clang::CXXMethodDecl>(function);
    for (unsigned i = 0; i < call->getNumArgs(); ++i) {
      if (object_first && i == 0) {
        if (!llvm::cast<clang::CXXMethodDecl>(function)->isConst()) note(call->getArg(0));
        continue;
      }
      const unsigned parameter = object_first ? i - 1 : i;
      if (parameter >= function->getNumParams()) break;
      const clang::QualType type = function->getParamDecl(parameter)->getType();
      if (type->isLValueReferenceType() && !type.getNonReferenceType().isConstQualified()) note(call->getArg(i));
    }
    return true;
  }
  bool VisitCXXMemberCallExpr(clang::CXXMemberCallExpr* call) {  // NOLINT(readability-identifier-naming)
    const clang::CXXMethodDecl* method = call->getMethodDecl();
    if (method != nullptr && !method->isConst() && !method->isStatic()) note(call->getImplicitObjectArgument());
    return true;
  }
  bool VisitDeclRefExpr(clang::DeclRefExpr* use) {  // NOLINT(readability-identifier-naming)
    if (const auto* function = llvm::dyn_cast<clang::FunctionDecl>(use->getDecl())) used(function);
    return true;
  }
  bool VisitMemberExpr(clang::MemberExpr* use) {  // NOLINT(readability-identifier-naming)
    if (const auto* function = llvm::dyn_cast<clang::FunctionDecl>(use->getMemberDecl())) used(function);
    return true;
  }

  const clang::FunctionDecl* inside = nullptr;

 private:
  void used(const clang::FunctionDecl* function) {
    const clang::FunctionDecl* definition = nullptr;
    if (const clang::FunctionDecl* pattern = function->getTemplateInstantiationPattern()) function = pattern;
    if (!function->hasBody(definition)) return;
    if (definition != inside) used_.insert(definition);
  }
  void note(const clang::Expr* expression) {
    expression = bare(expression);
    while (const auto* member = llvm::dyn_cast<clang::MemberExpr>(expression)) {
      if (const auto* variable = llvm::dyn_cast<clang::VarDecl>(member->getMemberDecl()))
        interpreter_.written_.insert(variable->getCanonicalDecl());
      expression = bare(member->getBase());
    }
    if (const auto* subscript = llvm::dyn_cast<clang::ArraySubscriptExpr>(expression)) expression = bare(subscript->getBase());
    if (const auto* use = llvm::dyn_cast<clang::DeclRefExpr>(expression)) {
      if (const auto* variable = llvm::dyn_cast<clang::VarDecl>(use->getDecl())) interpreter_.written_.insert(variable->getCanonicalDecl());
    }
  }

  Interpreter& interpreter_;
  std::unordered_set<const clang::FunctionDecl*>& used_;
};

Interpreter::Interpreter(clang::ASTContext& context, const Settings& settings, Analysis& analysis)
    : context_(context),
      settings_(settings),
      analysis_(analysis),
      places_(context, analysis),
      deadline_(std::chrono::steady_clock::now() + std::chrono::milliseconds(static_cast<long long>(settings.seconds * 1000))) {}

void Interpreter::prepare(const std::vector<const clang::FunctionDecl*>& functions) {
  WriteFinder finder(*this, used_);
  for (const clang::FunctionDecl* function : functions) {
    finder.inside = function;
    finder.TraverseDecl(const_cast<clang::FunctionDecl*>(function));  // NOLINT(cppcoreguidelines-pro-type-const-cast): it only reads
  }
}

void Interpreter::run(const std::vector<const clang::FunctionDecl*>& functions) {
  const auto walk = [this](const clang::FunctionDecl* function) {
    if (entered_.contains(function)) return;
    root_ = function->getQualifiedNameAsString();
    enter_migration(function);
    lambdas_.clear();
    loop_doubt_ = 0;
    Frame bottom;
    frames_.push_back(&bottom);
    call_function(function, nullptr, {}, nullptr);
    // Lambdas that nobody here calls are called by somebody else.
    for (std::size_t i = 0; i < lambdas_.size(); ++i) {
      const Value lambda = lambdas_[i];
      if (entered_lambdas_.contains(lambda.lambda)) continue;
      ++conditional_;
      call_value(lambda, {}, nullptr);
      --conditional_;
    }
    frames_.pop_back();
  };
  for (const clang::FunctionDecl* function : functions) {
    if (!used_.contains(function)) walk(function);
  }
  for (const clang::FunctionDecl* function : functions) walk(function);
}

// A migration of TinyORM is a class; its up() and its down() run in a transaction each, if it does not say otherwise.
void Interpreter::enter_migration(const clang::FunctionDecl* function) {
  downgrade_ = false;
  own_transaction_ = 0;
  const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(function);
  if (method == nullptr || method->getIdentifier() == nullptr || !is_or_derives(method->getParent(), "Tom::Migration")) return;
  downgrade_ = method->getName() == "down";
  analysis_.migration = true;
  const clang::SourceManager& sources = context_.getSourceManager();
  if (!sources.getBufferData(sources.getMainFileID()).contains("withinTransaction")) own_transaction_ = ++last_transaction_;
}

bool Interpreter::step() {
  if (analysis_.limited) return false;
  if (++steps_ > settings_.steps || ((steps_ & 0xFFFU) == 0 && std::chrono::steady_clock::now() > deadline_)) analysis_.limited = true;
  return !analysis_.limited;
}

Place Interpreter::place_of(const clang::Stmt* statement) {
  return calls_.empty() || places_.in_user_file(statement->getBeginLoc()) ? places_.of(statement) : calls_.back();
}

int Interpreter::doubt() const {
  int all = conditional_ + repeated_ + loop_doubt_;
  for (const Frame* one : frames_) all += one->doubt;
  return all;
}

void Interpreter::touch(const Cell& cell) {
  for (Log* log : logs_) log->try_emplace(cell.get(), cell, *cell);
}

void Interpreter::write(const Cell& cell, Value value) {
  touch(cell);
  *cell = std::move(value);
}

void Interpreter::forget(const Cell& cell, const std::string& why) {
  if (cell == nullptr) return;
  write(cell, Value::unknown(why));
}

Interpreter::Flow Interpreter::execute_block(const clang::CompoundStmt* block) {
  for (const clang::Stmt* statement : block->body()) {
    const Flow flow = execute(statement);
    if (flow != Flow::normal) return flow;
  }
  return Flow::normal;
}

Interpreter::Flow Interpreter::execute(const clang::Stmt* statement) {
  if (statement == nullptr || !step()) return analysis_.limited ? Flow::returns : Flow::normal;
  if (depth_ > 3000) {
    analysis_.limited = true;
    return Flow::returns;
  }
  struct Depth {
    int& depth;
    explicit Depth(int& value) : depth(value) { ++depth; }
    ~Depth() { --depth; }
  } const deeper(depth_);

  if (const auto* expression = llvm::dyn_cast<clang::Expr>(statement)) {
    evaluate(expression);
    return Flow::normal;
  }
  switch (statement->getStmtClass()) {
    case clang::Stmt::CompoundStmtClass: return execute_block(llvm::cast<clang::CompoundStmt>(statement));
    case clang::Stmt::DeclStmtClass:
      for (const clang::Decl* declaration : llvm::cast<clang::DeclStmt>(statement)->decls()) {
        if (const auto* variable = llvm::dyn_cast<clang::VarDecl>(declaration)) declare(variable);
      }
      return Flow::normal;
    case clang::Stmt::IfStmtClass: return execute_if(llvm::cast<clang::IfStmt>(statement));
    case clang::Stmt::SwitchStmtClass: return execute_switch(llvm::cast<clang::SwitchStmt>(statement));
    case clang::Stmt::ForStmtClass: return execute_for(llvm::cast<clang::ForStmt>(statement));
    case clang::Stmt::WhileStmtClass: {
      const auto* loop = llvm::cast<clang::WhileStmt>(statement);
      if (loop->getConditionVariable() != nullptr) declare(loop->getConditionVariable());
      return execute_while(loop->getCond(), loop->getBody(), false);
    }
    case clang::Stmt::DoStmtClass: {
      const auto* loop = llvm::cast<clang::DoStmt>(statement);
      return execute_while(loop->getCond(), loop->getBody(), true);
    }
    case clang::Stmt::CXXForRangeStmtClass: return execute_range_for(llvm::cast<clang::CXXForRangeStmt>(statement));
    case clang::Stmt::ReturnStmtClass: {
      const auto* returned = llvm::cast<clang::ReturnStmt>(statement)->getRetValue();
      Value value;
      if (returned != nullptr) {
        if (frame().function != nullptr && frame().function->getReturnType()->isReferenceType()) {
          value.kind = Value::Kind::pointer;
          value.target = referred(returned);
          frame().result = std::move(value);
          return Flow::returns;
        }
        value = evaluate(returned);
      }
      if (frame().result && frame().doubt > 0)
        value = either(*frame().result, value, "which of several returns is taken", place_of(statement));
      frame().result = std::move(value);
      return Flow::returns;
    }
    case clang::Stmt::CoreturnStmtClass:
      if (const auto* operand = llvm::cast<clang::CoreturnStmt>(statement)->getOperand()) evaluate(operand);
      return Flow::returns;
    case clang::Stmt::BreakStmtClass: return Flow::breaks;
    case clang::Stmt::ContinueStmtClass: return Flow::continues;
    case clang::Stmt::CaseStmtClass:
    case clang::Stmt::DefaultStmtClass: return execute(llvm::cast<clang::SwitchCase>(statement)->getSubStmt());
    case clang::Stmt::LabelStmtClass: return execute(llvm::cast<clang::LabelStmt>(statement)->getSubStmt());
    case clang::Stmt::AttributedStmtClass: return execute(llvm::cast<clang::AttributedStmt>(statement)->getSubStmt());
    case clang::Stmt::CoroutineBodyStmtClass: return execute(llvm::cast<clang::CoroutineBodyStmt>(statement)->getBody());
    case clang::Stmt::CXXTryStmtClass: {
      const auto* attempt = llvm::cast<clang::CXXTryStmt>(statement);
      const Flow flow = execute(attempt->getTryBlock());
      for (unsigned i = 0; i < attempt->getNumHandlers(); ++i) {
        run_conditionally(attempt->getHandler(i)->getHandlerBlock(), nullptr, place_of(attempt->getHandler(i)));
      }
      return flow;
    }
    default: break;
  }
  for (const clang::Stmt* child : statement->children()) {
    if (const Flow flow = execute(child); flow != Flow::normal) return flow;
  }
  return Flow::normal;
}

void Interpreter::declare(const clang::VarDecl* variable) {
  if (const auto* parts = llvm::dyn_cast<clang::DecompositionDecl>(variable)) {
    Cell whole;
    if (const clang::Expr* initial = parts->getInit()) {
      whole = parts->getType()->isReferenceType() ? referred(initial) : std::make_shared<Value>(evaluate(initial).copy());
    }
    bind(parts, whole);
    return;
  }
  if (variable->isStaticLocal() && !variable->getType().isConstQualified() && written_.contains(variable->getCanonicalDecl())) {
    if (variable->getInit() != nullptr) evaluate(variable->getInit());
    frame().locals[variable] =
        std::make_shared<Value>(Value::unknown("the static variable " + variable->getNameAsString() + " keeps its value between calls"));
    return;
  }
  const clang::Expr* initial = variable->getInit();
  Cell cell;
  if (initial != nullptr && variable->getType()->isReferenceType()) cell = referred(initial);
  if (cell == nullptr) {
    Value value;
    if (initial != nullptr) {
      value = evaluate(initial).copy();
    } else if (is_text_type(variable->getType())) {
      value = Value::of_text({});
    } else {
      value = Value::unknown(variable->getNameAsString() + " has no known value");
    }
    cell = std::make_shared<Value>(std::move(value));
  }
  frame().locals[variable] = cell;
}

void Interpreter::bind(const clang::DecompositionDecl* declaration, const Cell& whole) {
  std::size_t index = 0;
  for (const clang::BindingDecl* binding : declaration->bindings()) {
    Cell part;
    if (whole != nullptr && whole->is(Value::Kind::list) && index < whole->items.size()) part = whole->items[index];
    if (whole != nullptr && whole->is(Value::Kind::record)) {
      for (const auto& [field, cell] : whole->fields) {
        const auto* known = llvm::dyn_cast<clang::FieldDecl>(field);
        if (known != nullptr && known->getFieldIndex() == index) part = cell;
      }
    }
    if (part == nullptr) part = std::make_shared<Value>(Value::unknown("what " + binding->getNameAsString() + " is bound to is not known"));
    frame().locals[binding] = part;
    if (const clang::VarDecl* holder = binding->getHoldingVar()) frame().locals[holder] = part;
    ++index;
  }
}

Interpreter::Flow Interpreter::execute_if(const clang::IfStmt* statement) {
  if (statement->getInit() != nullptr) execute(statement->getInit());
  if (statement->getConditionVariable() != nullptr) declare(statement->getConditionVariable());
  if (statement->isConstexpr()) {
    if (const auto taken = statement->getNondiscardedCase(context_)) return execute(*taken);
  }
  const std::optional<bool> known = truth(evaluate(statement->getCond()));
  if (known) return execute(*known ? statement->getThen() : statement->getElse());
  return run_conditionally(statement->getThen(), statement->getElse(), place_of(statement->getCond()));
}

Interpreter::Flow Interpreter::run_conditionally(const clang::Stmt* first, const clang::Stmt* second, const Place& place) {
  struct Branch {
    Flow flow = Flow::normal;
    Log before;
    std::unordered_map<Value*, Value> after;
  };
  Branch branches[2];
  const clang::Stmt* statements[2] = {first, second};
  ++conditional_;
  for (int i = 0; i < 2; ++i) {
    Branch& branch = branches[i];
    if (statements[i] == nullptr) continue;
    logs_.push_back(&branch.before);
    branch.flow = execute(statements[i]);
    logs_.pop_back();
    for (auto& [cell, old] : branch.before) {
      branch.after.emplace(cell, std::move(*cell));
      *cell = old.second;
    }
  }
  --conditional_;
  const std::string reason = "it depends on a condition that is not known";
  const bool goes_on[2] = {branches[0].flow == Flow::normal, branches[1].flow == Flow::normal};
  for (int i = 0; i < 2; ++i) {
    for (auto& [cell, value] : branches[i].after) {
      if (!goes_on[i] && goes_on[1 - i]) continue;
      Branch& other = branches[1 - i];
      const auto same = other.after.find(cell);
      const Cell owner = branches[i].before.at(cell).first;
      if (goes_on[i] && !goes_on[1 - i]) {
        write(owner, std::move(value));
      } else if (same != other.after.end()) {
        if (i == 0) write(owner, either(value, same->second, reason, place));
      } else {
        write(owner, either(*cell, value, reason, place));
      }
    }
  }
  if (goes_on[0] == goes_on[1]) return branches[0].flow == branches[1].flow ? branches[0].flow : Flow::normal;
  const Flow left = goes_on[0] ? branches[1].flow : branches[0].flow;
  if (left == Flow::returns) ++frame().doubt;
  else ++loop_doubt_;
  return Flow::normal;
}

Interpreter::Flow Interpreter::execute_switch(const clang::SwitchStmt* statement) {
  if (statement->getInit() != nullptr) execute(statement->getInit());
  const Value condition = evaluate(statement->getCond());
  const auto* body = llvm::dyn_cast_or_null<clang::CompoundStmt>(statement->getBody());
  if (body == nullptr) return run_conditionally(statement->getBody(), nullptr, place_of(statement->getCond()));

  if (condition.is(Value::Kind::integer)) {
    bool running = false;
    for (int pass = 0; pass < 2 && !running; ++pass) {  // the default only if no case fits
      for (const clang::Stmt* child : body->body()) {
        for (const clang::Stmt* label = child; !running;) {
          if (const auto* one = llvm::dyn_cast<clang::CaseStmt>(label)) {
            const Value wanted = evaluate_constant(one->getLHS());
            running = pass == 0 && wanted.is(Value::Kind::integer) && wanted.integer == condition.integer;
            label = one->getSubStmt();
          } else if (const auto* otherwise = llvm::dyn_cast<clang::DefaultStmt>(label)) {
            running = pass == 1;
            label = otherwise->getSubStmt();
          } else {
            break;
          }
        }
        if (!running) continue;
        const Flow flow = execute(child);
        if (flow == Flow::breaks) return Flow::normal;
        if (flow != Flow::normal) return flow;
      }
    }
    return Flow::normal;
  }

  // Each case is a step that may be the first one: it begins with what was before the switch, or where the one before fell through.
  std::unordered_map<Value*, std::pair<Cell, Value>> alternatives;
  const Place place = place_of(statement->getCond());
  const std::string reason = "it depends on which case of a switch is taken";
  Log log;
  logs_.push_back(&log);
  ++conditional_;
  const auto end_section = [&] {
    for (auto& [cell, old] : log) {
      const auto known = alternatives.find(cell);
      if (known == alternatives.end()) alternatives.emplace(cell, std::pair(old.first, either(old.second, *cell, reason, place)));
      else known->second.second = either(known->second.second, *cell, reason, place);
      *cell = old.second;
    }
    log.clear();
  };
  bool ended = false;
  bool may_return = false;
  for (const clang::Stmt* child : body->body()) {
    if (llvm::isa<clang::SwitchCase>(child)) ended = false;
    if (ended) continue;
    const Flow flow = execute(child);
    if (flow == Flow::normal) continue;
    may_return = may_return || flow == Flow::returns;
    ended = true;
    end_section();
  }
  end_section();
  --conditional_;
  logs_.pop_back();
  for (auto& [cell, alternative] : alternatives) write(alternative.first, std::move(alternative.second));
  if (may_return) ++frame().doubt;
  return Flow::normal;
}

void Interpreter::add_unreached(const std::vector<const clang::StringLiteral*>& all) {
  for (const clang::StringLiteral* one : all) places_.literal(one);
  places_.add_literals_outside_trees();
  std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
  const auto first = static_cast<std::ptrdiff_t>(analysis_.items.size());
  for (const Literal& literal : places_.literals()) {
    if (literal.reached || literal.place.file != 0 || !looks_like_definition(literal.decoded.text)) continue;
    if (!seen.emplace(literal.place.begin, literal.place.end).second) continue;
    Item item;
    item.place = literal.place;
    item.evidence = Evidence::literal;
    Segment segment;
    segment.kind = Segment::Kind::literal;
    segment.text = literal.decoded.text;
    segment.literal = const_cast<Literal*>(&literal);  // NOLINT(cppcoreguidelines-pro-type-const-cast): only read from here on
    item.text = stretches({segment});
    analysis_.items.push_back(std::move(item));
  }
  std::sort(analysis_.items.begin() + first, analysis_.items.end(),
            [](const Item& a, const Item& b) { return a.place.begin < b.place.begin; });
}

}  // namespace cupel::cxx
