// What is known of rows, epochs, and temporary tables.
#include "replayed.h"

namespace cupel::schema {
namespace {

Rows rows_of(Replayed& schema, std::string_view table) { return schema.database().rows(schema.at(table)); }

TEST(Rows, NewTablesAreEmptyUntilFilled) {
  Replayed schema("CREATE TABLE old (a int)");
  schema.database().begin_epoch();
  schema.run("CREATE TABLE t (a int)");
  EXPECT_EQ(rows_of(schema, "old"), Rows::assumed);
  EXPECT_EQ(rows_of(schema, "t"), Rows::empty);
  EXPECT_TRUE(schema.database().is_new(schema.at("t")));
  schema.run("DELETE FROM t; UPDATE t SET a = 1");
  EXPECT_EQ(rows_of(schema, "t"), Rows::empty);
  schema.run("INSERT INTO t SELECT a FROM old");
  EXPECT_EQ(rows_of(schema, "t"), Rows::some);
  // Dead rows are scanned too.
  schema.run("DELETE FROM t");
  EXPECT_EQ(rows_of(schema, "t"), Rows::some);
  schema.run("TRUNCATE t");
  EXPECT_EQ(rows_of(schema, "t"), Rows::empty);
  schema.run("ALTER TABLE t RENAME TO u; MERGE INTO u USING old ON false WHEN NOT MATCHED THEN INSERT VALUES (1)");
  EXPECT_EQ(rows_of(schema, "u"), Rows::some);
  schema.database().begin_epoch();
  EXPECT_EQ(rows_of(schema, "u"), Rows::assumed);
  EXPECT_FALSE(schema.database().is_new(schema.at("u")));
}

TEST(Rows, RowsWrittenOneByOneAreCounted) {
  Replayed schema;
  schema.database().begin_epoch();
  schema.run("CREATE TABLE kinds (a int); INSERT INTO kinds VALUES (1), (2); INSERT INTO kinds DEFAULT VALUES");
  EXPECT_EQ(schema.at("kinds").written_rows, 3U);
  EXPECT_TRUE(schema.database().has_few_rows(schema.at("kinds")));
  schema.run("BEGIN; INSERT INTO kinds SELECT a FROM kinds");
  EXPECT_FALSE(schema.database().has_few_rows(schema.at("kinds")));
  schema.run("ROLLBACK");
  EXPECT_TRUE(schema.database().has_few_rows(schema.at("kinds")));
  schema.database().begin_epoch();
  EXPECT_FALSE(schema.database().has_few_rows(schema.at("kinds")));
  EXPECT_EQ(schema.at("kinds").written_rows, 3U);
  schema.run("TRUNCATE kinds");
  EXPECT_EQ(schema.at("kinds").written_rows, 0U);
}

TEST(Rows, TruncatedOldTablesAreEmptyButNotNew) {
  Replayed schema("CREATE TABLE t (a int)");
  schema.database().begin_epoch();
  schema.run("TRUNCATE t");
  EXPECT_EQ(rows_of(schema, "t"), Rows::empty);
  EXPECT_FALSE(schema.database().is_new(schema.at("t")));
}

TEST(Rows, FilledWhenCreated) {
  Replayed schema;
  schema.database().begin_epoch();
  schema.run(
      "CREATE TABLE a AS SELECT 1 AS x; CREATE TABLE b AS SELECT 1 AS x WITH NO DATA; CREATE MATERIALIZED VIEW m AS SELECT 1 AS x WITH NO "
      "DATA");
  EXPECT_EQ(rows_of(schema, "a"), Rows::some);
  EXPECT_EQ(rows_of(schema, "b"), Rows::empty);
  EXPECT_EQ(rows_of(schema, "m"), Rows::empty);
  EXPECT_FALSE(schema.at("m").populated);
  schema.run("REFRESH MATERIALIZED VIEW m");
  EXPECT_EQ(rows_of(schema, "m"), Rows::some);
}

TEST(Rows, PartitionedTablesHaveThoseOfTheirPartitions) {
  Replayed schema("CREATE TABLE old (k int)");
  schema.database().begin_epoch();
  schema.run("CREATE TABLE p (k int) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)");
  EXPECT_EQ(rows_of(schema, "p"), Rows::empty);
  schema.run("INSERT INTO p VALUES (1)");
  EXPECT_EQ(rows_of(schema, "p1"), Rows::some);
  EXPECT_EQ(rows_of(schema, "p"), Rows::some);
  schema.run("ALTER TABLE p ATTACH PARTITION old DEFAULT");
  EXPECT_EQ(rows_of(schema, "p"), Rows::assumed);
}

TEST(Rows, CopyFillsAndWithQueriesInsert) {
  Replayed schema;
  schema.database().begin_epoch();
  schema.run(
      "CREATE TABLE t (a int); CREATE TABLE u (a int); WITH x AS (INSERT INTO u VALUES (1) RETURNING a) SELECT * FROM x; COPY t TO STDOUT");
  EXPECT_EQ(rows_of(schema, "t"), Rows::empty);
  EXPECT_EQ(rows_of(schema, "u"), Rows::some);
  schema.run("COPY t FROM '/tmp/x'");
  EXPECT_EQ(rows_of(schema, "t"), Rows::some);
}

TEST(Rows, CompleteReplayKnowsWhatWasInserted) {
  Replayed schema("CREATE TABLE t (a int); CREATE TABLE u (a int); INSERT INTO u VALUES (1)", RowAssumption::replay_is_complete);
  schema.database().begin_epoch();
  EXPECT_EQ(rows_of(schema, "t"), Rows::empty);
  EXPECT_EQ(rows_of(schema, "u"), Rows::assumed);
}

TEST(Rows, TruncateNeedsTheReferencingTables) {
  Replayed schema("CREATE TABLE r (id int PRIMARY KEY); CREATE TABLE t (a int REFERENCES r)");
  EXPECT_EQ(schema.run("TRUNCATE r"), "0A000 cannot truncate a table referenced in a foreign key constraint");
  EXPECT_EQ(schema.run("TRUNCATE r, t; TRUNCATE r CASCADE"), "");
}

TEST(Temporary, ComesFirstAndIsEmpty) {
  Replayed schema("CREATE TABLE t (a int); CREATE TEMP TABLE t (b int)");
  EXPECT_EQ(schema.columns("t"), "b int4");
  EXPECT_EQ(schema.columns("public.t"), "a int4");
  EXPECT_EQ(schema.at("pg_temp.t").name.schema, "pg_temp");
  EXPECT_EQ(rows_of(schema, "t"), Rows::empty);
  schema.run("INSERT INTO t VALUES (1)");
  EXPECT_EQ(rows_of(schema, "t"), Rows::some);
  schema.run("DROP TABLE t");
  EXPECT_EQ(schema.columns("t"), "a int4");
  schema.run("CREATE TABLE pg_temp.x (a int)");
  EXPECT_EQ(schema.at("x").persistence, sql::Persistence::temporary);
}

TEST(Temporary, DroppedOnCommit) {
  Replayed schema("BEGIN; CREATE TEMP TABLE t (a int) ON COMMIT DROP");
  EXPECT_TRUE(schema.has("t"));
  schema.run("COMMIT");
  EXPECT_FALSE(schema.has("t"));
}

}  // namespace
}  // namespace cupel::schema
