// Loops: those whose length is known are run, of others one turn that stands for all.
#include "cxx/interpreter.h"

namespace cupel::cxx {

Interpreter::Flow Interpreter::run_unbounded(const clang::Stmt* body, const clang::Stmt* step_statement, const clang::Expr* condition) {
  const std::string why = "it changes in a loop whose length is not known";
  const int doubt = loop_doubt_;
  Log log;
  logs_.push_back(&log);
  ++silent_;
  ++repeated_;
  if (condition != nullptr) evaluate(condition);
  execute(body);
  if (step_statement != nullptr) execute(step_statement);
  --silent_;
  logs_.pop_back();
  for (auto& [cell, old] : log) forget(old.first, why);
  log.clear();
  logs_.push_back(&log);
  ++conditional_;
  const Flow flow = execute(body);
  --conditional_;
  logs_.pop_back();
  --repeated_;
  for (auto& [cell, old] : log) forget(old.first, why);
  loop_doubt_ = doubt;
  if (flow == Flow::returns) ++frame().doubt;
  return Flow::normal;
}

Interpreter::Flow Interpreter::execute_for(const clang::ForStmt* statement) {
  if (statement->getInit() != nullptr) execute(statement->getInit());
  const int doubt = loop_doubt_;
  while (step()) {
    if (statement->getConditionVariable() != nullptr) declare(statement->getConditionVariable());
    const std::optional<bool> goes_on = statement->getCond() == nullptr ? std::nullopt : truth(evaluate(statement->getCond()));
    if (!goes_on || loop_doubt_ > doubt) return run_unbounded(statement->getBody(), statement->getInc(), statement->getCond());
    if (!*goes_on) break;
    const Flow flow = execute(statement->getBody());
    if (flow == Flow::breaks) break;
    if (flow == Flow::returns) return flow;
    if (statement->getInc() != nullptr) execute(statement->getInc());
  }
  loop_doubt_ = doubt;
  return Flow::normal;
}

Interpreter::Flow Interpreter::execute_while(const clang::Expr* condition, const clang::Stmt* body, bool body_first) {
  const int doubt = loop_doubt_;
  bool first = body_first;
  while (step()) {
    if (!first) {
      const std::optional<bool> goes_on = truth(evaluate(condition));
      if (!goes_on || loop_doubt_ > doubt) return run_unbounded(body, nullptr, condition);
      if (!*goes_on) break;
    }
    first = false;
    const Flow flow = execute(body);
    if (flow == Flow::breaks) break;
    if (flow == Flow::returns) return flow;
  }
  loop_doubt_ = doubt;
  return Flow::normal;
}

Interpreter::Flow Interpreter::execute_range_for(const clang::CXXForRangeStmt* statement) {
  if (statement->getInit() != nullptr) execute(statement->getInit());
  const clang::Expr* range = statement->getRangeInit();
  Cell cell = range == nullptr ? nullptr : cell_of(range);
  if (cell != nullptr && cell->is(Value::Kind::pointer) && cell->target != nullptr) cell = cell->target;
  const Value value = cell != nullptr ? *cell : range != nullptr ? evaluate(range) : Value();
  const clang::VarDecl* variable = statement->getLoopVariable();
  const auto set_variable = [&](const Cell& item) {
    const Cell own = variable->getType()->isReferenceType() ? item : std::make_shared<Value>(item->copy());
    frame().locals[variable] = own;
    if (const auto* parts = llvm::dyn_cast<clang::DecompositionDecl>(variable)) bind(parts, own);
  };
  if (!value.is(Value::Kind::list)) {
    const std::string what = value.reason.empty() ? "what the loop runs over is not known" : value.reason;
    set_variable(std::make_shared<Value>(Value::unknown(what)));
    return run_unbounded(statement->getBody(), nullptr, nullptr);
  }
  const int doubt = loop_doubt_;
  for (const Cell& item : value.items) {
    if (!step()) break;
    set_variable(item);
    const Flow flow = execute(statement->getBody());
    if (flow == Flow::breaks) break;
    if (flow == Flow::returns) return flow;
  }
  loop_doubt_ = doubt;
  return Flow::normal;
}

}  // namespace cupel::cxx
