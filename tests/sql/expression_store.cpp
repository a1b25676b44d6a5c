// ExpressionStore: what it keeps does not depend on the script it came from.
#include "sql/expression_store.h"

#include "tests/sql/statement_test_support.h"

#include <optional>

#include <gtest/gtest.h>

namespace cupel::sql {
namespace {

TEST(ExpressionStore, KeepsWhatTheScriptLoses) {
  ExpressionStore store;
  std::optional<Sql> sql(std::in_place, "DELETE FROM t WHERE lower(a) = 'x' AND b IS NOT NULL");
  const Expression kept = store.keep(sql->as<Delete>().where);
  EXPECT_TRUE(kept.equals(sql->as<Delete>().where));
  const std::string text = kept.text();
  sql.reset();
  EXPECT_EQ(kept.text(), text);
  EXPECT_TRUE(kept.implies_not_null("b"));
}

TEST(ExpressionStore, KeepsPartitionKeysAndBounds) {
  ExpressionStore store;
  std::optional<Sql> sql(std::in_place, "CREATE TABLE p (a int, b text) PARTITION BY RANGE (a int4_ops, lower(b) COLLATE \"C\")");
  const PartitionKey key = store.keep(*sql->as<CreateTable>().partition_by);
  sql.emplace("CREATE TABLE c PARTITION OF p FOR VALUES FROM (1, MINVALUE) TO (2, 'x')");
  const PartitionBound bound = store.keep(*sql->as<CreateTable>().bound);
  sql.reset();
  ASSERT_EQ(key.elements.size(), 2U);
  EXPECT_EQ(key.elements[0].column, "a");
  EXPECT_EQ(key.elements[0].operator_class, "int4_ops");
  EXPECT_EQ(key.elements[1].collation, "C");
  EXPECT_EQ(key.elements[1].expression.last_name(), "lower");
  ASSERT_EQ(bound.to.size(), 2U);
  EXPECT_EQ(bound.from[0].literal(), "1");
  EXPECT_EQ(bound.to[1].literal(), "x");
}

TEST(ExpressionStore, LeavesOutWhatIsEmptyOrTooDeep) {
  ExpressionStore store;
  EXPECT_FALSE(store.keep(Expression()));
  std::string deep = "a";
  for (int i = 0; i < 2 * Expression::max_depth; ++i) deep += " + 1";
  Sql sql("DELETE FROM t WHERE " + deep + " > 0");
  EXPECT_FALSE(store.keep(sql.as<Delete>().where));
}

}  // namespace
}  // namespace cupel::sql
