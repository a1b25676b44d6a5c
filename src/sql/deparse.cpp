#include "sql/deparse.h"

#include "sql/nodes.h"

namespace cupel::sql {
namespace {

struct Printing {
  ::RawStmt statement;
  ::StringInfoData text;
};

// The caller has a ScratchContext.
std::string print(const ::Node* statement) {
  Printing printing{};
  printing.statement.type = T_RawStmt;
  printing.statement.stmt = const_cast<::Node*>(statement);
  const bool done = guarded(
      [](void* argument) {
        auto* printed = static_cast<Printing*>(argument);
        initStringInfo(&printed->text);
        deparseRawStmt(&printed->text, &printed->statement);
      },
      &printing);
  return done ? std::string(printing.text.data, static_cast<std::size_t>(printing.text.len)) : std::string{};
}

}  // namespace

std::string deparse_statement(const void* tree) {
  if (tree == nullptr) return {};
  const auto* statement = static_cast<const ::Node*>(tree);
  // The printer recurses, and only since 18 does it look at the stack itself.
  if (statement_deeper_than(statement, Expression::max_depth)) return {};
  const ScratchContext scratch;
  return print(statement);
}

std::string deparse_expression(const void* node) {
  if (node == nullptr || deeper_than(static_cast<const ::Node*>(node), Expression::max_depth)) return {};
  // The library prints whole statements only: SELECT <expression>, and the keyword removed.
  const ScratchContext scratch;
  auto* target = makeNode(ResTarget);
  target->val = const_cast<::Node*>(static_cast<const ::Node*>(node));
  target->location = -1;
  auto* select = makeNode(SelectStmt);
  select->targetList = lappend(nullptr, target);
  std::string text = print(reinterpret_cast<const ::Node*>(select));
  constexpr std::string_view prefix = "SELECT ";
  if (text.compare(0, prefix.size(), prefix) != 0) return {};
  return text.substr(prefix.size());
}

}  // namespace cupel::sql
