#include "sql/expression_store.h"

#include "sql/nodes.h"
#include "sql/parse_tree.h"

#include <algorithm>

namespace cupel::sql {
namespace {

struct Copying {
  ::MemoryContext context;
  const ::Node* node;
  ::Node* copy;
};

}  // namespace

ExpressionStore::~ExpressionStore() {
  if (context_ != nullptr) MemoryContextDelete(static_cast<::MemoryContext>(context_));
}

Expression ExpressionStore::keep(const Expression& expression) {
  const auto* node = static_cast<const ::Node*>(expression.node());
  if (node == nullptr || deeper_than(node, Expression::max_depth)) return {};
  if (context_ == nullptr) context_ = new_memory_context("kept expressions");
  Copying copying{static_cast<::MemoryContext>(context_), node, nullptr};
  guarded(
      [](void* argument) {
        auto* job = static_cast<Copying*>(argument);
        const ::MemoryContext previous = MemoryContextSwitchTo(job->context);
        job->copy = static_cast<::Node*>(copyObjectImpl(job->node));
        MemoryContextSwitchTo(previous);
      },
      &copying);
  if (copying.copy != nullptr) unread_.emplace_back(copying.copy);
  return Expression(copying.copy);
}

bool ExpressionStore::calls(std::string_view function) {
  for (const Expression& expression : unread_) {
    expression.walk([this](const Expression& part) {
      if (part.kind() == ExpressionKind::function) functions_.insert(part.last_name());
      return true;
    });
  }
  unread_.clear();
  return functions_.contains(function);
}

PartitionKey ExpressionStore::keep(PartitionKey key) {
  for (PartitionKey::Element& element : key.elements) {
    element.expression = keep(element.expression);
    element.column = keep(element.column);
    element.collation = keep(element.collation);
    element.operator_class = keep(element.operator_class);
  }
  return key;
}

PartitionBound ExpressionStore::keep(PartitionBound bound) {
  for (std::vector<Expression>* values : {&bound.list_values, &bound.from, &bound.to}) {
    for (Expression& value : *values) value = keep(value);
  }
  return bound;
}

std::string_view ExpressionStore::keep(std::string_view text) {
  if (text.empty()) return {};
  if (context_ == nullptr) context_ = new_memory_context("kept expressions");
  auto* copy = static_cast<char*>(MemoryContextAlloc(static_cast<::MemoryContext>(context_), text.size()));
  std::copy(text.begin(), text.end(), copy);
  return {copy, text.size()};
}

}  // namespace cupel::sql
