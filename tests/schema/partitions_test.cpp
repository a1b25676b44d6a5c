// Partitions and inheritance.
#include "replayed.h"

namespace cupel::schema {
namespace {

constexpr std::string_view two_partitions =
    "CREATE TABLE r (id int PRIMARY KEY);"
    "CREATE TABLE p (id int, k int, v text, PRIMARY KEY (id, k)) PARTITION BY RANGE (k);"
    "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);"
    "CREATE TABLE p2 PARTITION OF p DEFAULT;";

TEST(Partitions, GetColumnsAndIndexesOfTheParent) {
  const Replayed schema(two_partitions);
  EXPECT_EQ(schema.columns("p1"), "id int4 not null, k int4 not null, v text");
  EXPECT_EQ(schema.constraints("p1"), "p1_pkey primary key (id, k) inherited");
  EXPECT_EQ(schema.not_nulls("p1"), "p_id_not_null, p_k_not_null");
  EXPECT_TRUE(schema.at("p1").is_partition);
  EXPECT_EQ(schema.at("p1_pkey").index->parent, schema.at("p_pkey").id);
}

TEST(Partitions, FollowTheirParent) {
  Replayed schema(two_partitions);
  schema.run(
      "CREATE INDEX i ON p (v); ALTER TABLE p ADD COLUMN z int NOT NULL DEFAULT 1, ADD CHECK (z > 0), ADD FOREIGN KEY (z) REFERENCES r, "
      "ALTER v TYPE varchar");
  EXPECT_EQ(schema.columns("p1"), "id int4 not null, k int4 not null, v varchar, z int4 not null default");
  EXPECT_EQ(schema.indexes("p1"), "p1_pkey (id, k), p1_v_idx (v)");
  EXPECT_EQ(schema.constraints("p2"),
            "p2_pkey primary key (id, k) inherited, p_z_check check (z) inherited, p_z_fkey foreign key (z) to r (id) inherited");
  schema.run("ALTER TABLE p DROP COLUMN z; ALTER TABLE p RENAME v TO w; DROP INDEX i");
  EXPECT_EQ(schema.columns("p2"), "id int4 not null, k int4 not null, w varchar");
  EXPECT_EQ(schema.constraints("p2"), "p2_pkey primary key (id, k) inherited");
  EXPECT_EQ(schema.indexes("p2"), "p2_pkey (id, k)");
  schema.run("DROP TABLE p");
  EXPECT_EQ(schema.relations(), "r");
}

TEST(Partitions, RefuseWhatOnlyTheParentMayDo) {
  Replayed schema(two_partitions);
  EXPECT_EQ(schema.run("ALTER TABLE p1 DROP COLUMN v"), "42P16 cannot drop inherited column \"v\"");
  EXPECT_EQ(schema.run("ALTER TABLE p1 RENAME v TO w"), "42P16 cannot rename inherited column \"v\"");
  EXPECT_EQ(schema.run("DROP INDEX p1_pkey"), "2BP01 cannot drop index p1_pkey because index p_pkey requires it");
  EXPECT_EQ(schema.run("ALTER TABLE p DROP COLUMN k"),
            "42P16 cannot drop column \"k\" because it is part of the partition key of relation \"p\"");
  EXPECT_EQ(schema.run("CREATE INDEX CONCURRENTLY ON p (v)"), "0A000 cannot create index on partitioned table \"p\" concurrently");
  EXPECT_EQ(schema.run("ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY"),
            "55000 cannot detach partitions concurrently when a default partition exists");
}

TEST(Partitions, AttachTakesIndexesThatFit) {
  Replayed schema(two_partitions);
  schema.run("CREATE TABLE p3 (id int NOT NULL, k int NOT NULL, v text); CREATE UNIQUE INDEX p3_u ON p3 (id, k)");
  schema.run("CREATE TABLE p4 (LIKE p INCLUDING ALL)");
  EXPECT_EQ(
      schema.run(
          "ALTER TABLE p ATTACH PARTITION p3 FOR VALUES FROM (10) TO (20); ALTER TABLE p ATTACH PARTITION p4 FOR VALUES FROM (20) TO (30)"),
      "");
  // A unique index is no primary key: another one is built.
  EXPECT_EQ(schema.indexes("p3"), "p3_u (id, k), p3_pkey (id, k)");
  EXPECT_EQ(schema.indexes("p4"), "p4_pkey (id, k)");
  EXPECT_EQ(schema.at("p4_pkey").index->parent, schema.at("p_pkey").id);
  EXPECT_EQ(schema.database().descendants(schema.at("p").id).size(), 4U);
  ASSERT_NE(schema.database().default_partition(schema.at("p")), nullptr);
  EXPECT_EQ(schema.database().default_partition(schema.at("p"))->name.name, "p2");
}

TEST(Partitions, AttachNeedsColumnsAndNotNull) {
  Replayed schema(two_partitions);
  schema.run("CREATE TABLE a (id int, k int, v text); CREATE TABLE b (id int)");
  EXPECT_EQ(schema.run("ALTER TABLE p ATTACH PARTITION a FOR VALUES FROM (10) TO (20)"),
            "42804 column \"id\" in child table \"a\" must be marked NOT NULL");
  EXPECT_EQ(schema.run("ALTER TABLE p ATTACH PARTITION b FOR VALUES FROM (10) TO (20)"), "42804 child table is missing column \"k\"");
  EXPECT_EQ(schema.run("ALTER TABLE r ATTACH PARTITION b DEFAULT"), "42809 table \"r\" is not partitioned");
  EXPECT_EQ(schema.run("ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (0) TO (1)"), "42809 \"p1\" is already a partition");
}

TEST(Partitions, DetachedOnesStandAlone) {
  Replayed schema(two_partitions);
  EXPECT_EQ(schema.run("ALTER TABLE p DETACH PARTITION p1"), "");
  EXPECT_FALSE(schema.at("p1").is_partition);
  EXPECT_EQ(schema.constraints("p1"), "p1_pkey primary key (id, k)");
  EXPECT_EQ(schema.at("p1_pkey").index->parent, RelationId::none);
  EXPECT_EQ(schema.run("ALTER TABLE p1 DROP COLUMN v; DROP TABLE p"), "");
  EXPECT_EQ(schema.relations(), "r, p1");
}

TEST(Partitions, IndexOnOnlyTheParentBecomesValidWithAllParts) {
  Replayed schema(two_partitions);
  schema.run("CREATE INDEX i ON ONLY p (v); CREATE INDEX i1 ON p1 (v); CREATE INDEX i2 ON p2 (v); ALTER INDEX i ATTACH PARTITION i1");
  EXPECT_FALSE(schema.at("i").index->valid);
  schema.run("ALTER INDEX i ATTACH PARTITION i2");
  EXPECT_TRUE(schema.at("i").index->valid);
}

TEST(Partitions, RowTriggersAreCopied) {
  Replayed schema(two_partitions);
  schema.run(
      "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
      "CREATE TRIGGER each AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION f();"
      "CREATE TRIGGER whole AFTER INSERT ON p EXECUTE FUNCTION f()");
  ASSERT_EQ(schema.at("p1").triggers.size(), 1U);
  EXPECT_TRUE(schema.at("p1").triggers[0].inherited);
  schema.run("DROP TRIGGER each ON p");
  EXPECT_TRUE(schema.at("p1").triggers.empty());
}

TEST(Inheritance, ColumnsAreSharedWithTheirOwn) {
  Replayed schema("CREATE TABLE p (a int, b int); CREATE TABLE c (b int, c int) INHERITS (p)");
  EXPECT_EQ(schema.columns("c"), "a int4, b int4, c int4");
  schema.run("ALTER TABLE p DROP COLUMN a, DROP COLUMN b");
  // Its own declaration of b outlives the parent's.
  EXPECT_EQ(schema.columns("c"), "b int4, c int4");
  EXPECT_EQ(schema.run("DROP TABLE p"), "2BP01 cannot drop table p because other objects depend on it");
  schema.run("ALTER TABLE c NO INHERIT p; DROP TABLE p");
  EXPECT_EQ(schema.relations(), "c");
}

}  // namespace
}  // namespace cupel::schema
