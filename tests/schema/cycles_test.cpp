// What would go round in circles: PostgreSQL refuses it, or nobody can use it; the replay keeps no such thing.
#include "tests/schema/replayed.h"

#include <gtest/gtest.h>

namespace cupel::schema {
namespace {

TEST(Cycles, ViewsThatReadThemselves) {
  Replayed schema("CREATE VIEW v AS SELECT 1 AS a; CREATE VIEW w AS SELECT a FROM v");
  EXPECT_EQ(schema.run("CREATE OR REPLACE VIEW v AS SELECT a FROM w; CREATE OR REPLACE VIEW w AS SELECT a FROM w"), "");
  EXPECT_TRUE(schema.at("v").dependencies.empty());
  // Met before it was made.
  Replayed late("CREATE VIEW w AS SELECT a FROM v; CREATE VIEW v AS SELECT a FROM w");
  EXPECT_TRUE(late.at("v").dependencies.empty());
}

TEST(Cycles, Inheritance) {
  Replayed schema("CREATE TABLE a (x int); CREATE TABLE b (x int); ALTER TABLE a INHERIT b");
  EXPECT_EQ(schema.run("ALTER TABLE b INHERIT a"), "42P07 circular inheritance not allowed");
  EXPECT_EQ(schema.run("ALTER TABLE b INHERIT b"), "42P07 circular inheritance not allowed");
  EXPECT_TRUE(schema.at("b").parents.empty());
}

TEST(Cycles, Partitions) {
  const char* const tables = "CREATE TABLE a (x int) PARTITION BY RANGE (x); CREATE TABLE b (x int) PARTITION BY RANGE (x);";
  Replayed schema(std::string(tables) + "ALTER TABLE a ATTACH PARTITION b DEFAULT");
  EXPECT_EQ(schema.run("ALTER TABLE b ATTACH PARTITION a DEFAULT"), "42P07 circular inheritance not allowed");
  EXPECT_EQ(schema.run("ALTER TABLE b ATTACH PARTITION b DEFAULT"), "42P07 circular inheritance not allowed");
  EXPECT_TRUE(schema.at("b").children.empty());
  Replayed late("ALTER TABLE a ATTACH PARTITION b DEFAULT; CREATE TABLE a PARTITION OF b DEFAULT");
  EXPECT_TRUE(late.at("b").children.empty());
}

TEST(Cycles, AnIndexThatIsCalledAsItsTable) {
  Replayed schema("ALTER TABLE t ADD COLUMN a int");
  EXPECT_EQ(schema.run("CREATE INDEX t ON t (a)"), "42P07 relation \"t\" already exists");
  EXPECT_EQ(schema.run("ALTER TABLE t ADD CONSTRAINT t UNIQUE (a)"), "42P07 relation \"t\" already exists");
  EXPECT_NE(schema.at("t").kind, RelationKind::index);
}

}  // namespace
}  // namespace cupel::schema
