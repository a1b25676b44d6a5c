#include "sql/deparse.h"

#include "sql/nodes.h"

namespace cupel::sql {
namespace {

struct Printing {
  ::RawStmt statement;
  ::StringInfoData text;
};

std::string print(const ::Node* statement) {
  ScratchContext scratch;
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
  return print(statement);
}

std::string deparse_expression(const void* node) {
  if (node == nullptr || deeper_than(static_cast<const ::Node*>(node), Expression::max_depth)) return {};
  // The library prints whole statements only: SELECT <expression>, and the keyword removed.
  ::ResTarget target{};
  target.type = T_ResTarget;
  target.val = const_cast<::Node*>(static_cast<const ::Node*>(node));
  target.location = -1;
  // A List ends in a flexible array: one cell stands beside it.
  ::ListCell cell{};
  cell.ptr_value = &target;
  ::List targets{};
  targets.type = T_List;
  targets.length = 1;
  targets.max_length = 1;
  targets.elements = &cell;
  ::SelectStmt select{};
  select.type = T_SelectStmt;
  select.targetList = &targets;
  std::string text = print(reinterpret_cast<const ::Node*>(&select));
  constexpr std::string_view prefix = "SELECT ";
  if (text.compare(0, prefix.size(), prefix) != 0) return {};
  return text.substr(prefix.size());
}

}  // namespace cupel::sql
