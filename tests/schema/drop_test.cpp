// DROP, with what depends.
#include "replayed.h"

namespace cupel::schema {
namespace {

TEST(Drop, TablesThatOthersNeed) {
  Replayed schema("CREATE TABLE r (id serial PRIMARY KEY); CREATE TABLE t (a int REFERENCES r); CREATE VIEW v AS SELECT id FROM r");
  EXPECT_EQ(schema.run("DROP TABLE r"), "2BP01 cannot drop table r because other objects depend on it");
  EXPECT_EQ(schema.relations(), "r, r_id_seq, t, v");
  EXPECT_EQ(schema.run("DROP TABLE r CASCADE"), "");
  EXPECT_EQ(schema.relations(), "t");
  EXPECT_EQ(schema.constraints("t"), "");
  EXPECT_FALSE(schema.has("r_pkey"));
}

TEST(Drop, SeveralAtOnceMayNeedEachOther) {
  Replayed schema("CREATE TABLE r (id int PRIMARY KEY); CREATE TABLE t (a int REFERENCES r)");
  EXPECT_EQ(schema.run("DROP TABLE r, t"), "");
  EXPECT_EQ(schema.relations(), "");
}

TEST(Drop, UnknownAndWrongKinds) {
  Replayed schema("CREATE TABLE t (a int PRIMARY KEY); CREATE VIEW v AS SELECT 1 AS x");
  EXPECT_EQ(schema.run("DROP TABLE u"), "42P01 table \"u\" does not exist");
  EXPECT_EQ(schema.run("DROP INDEX u"), "42704 index \"u\" does not exist");
  EXPECT_EQ(schema.run(
                "DROP TABLE IF EXISTS u; DROP VIEW IF EXISTS u; DROP TYPE IF EXISTS u; DROP FUNCTION IF EXISTS u; DROP SCHEMA IF EXISTS u"),
            "");
  EXPECT_EQ(schema.run("DROP TABLE v"), "42809 \"v\" is not a table");
  EXPECT_EQ(schema.run("DROP INDEX t"), "42809 \"t\" is not an index");
  EXPECT_EQ(schema.run("DROP INDEX t_pkey"), "2BP01 cannot drop index t_pkey because constraint t_pkey on table t requires it");
  EXPECT_EQ(schema.run("DROP INDEX CONCURRENTLY a, b"), "0A000 DROP INDEX CONCURRENTLY does not support dropping multiple objects");
}

TEST(Drop, ColumnsTakeTheirIndexesAndConstraints) {
  Replayed schema(
      "CREATE TABLE t (a int, b int, c serial, UNIQUE (a, b), CHECK (a < b), EXCLUDE USING btree (c WITH =));"
      "CREATE INDEX i ON t (b) WHERE a > 0; CREATE INDEX j ON t ((a + b)); CREATE INDEX k ON t (b) INCLUDE (a); CREATE INDEX l ON t (b)");
  EXPECT_EQ(schema.run("ALTER TABLE t DROP COLUMN a"), "");
  EXPECT_EQ(schema.constraints("t"), "t_c_excl exclude (c)");
  EXPECT_EQ(schema.indexes("t"), "t_c_excl (c), l (b)");
  schema.run("ALTER TABLE t DROP COLUMN c");
  EXPECT_EQ(schema.relations(), "t");
}

TEST(Drop, ColumnsThatOthersNeed) {
  Replayed schema("CREATE TABLE r (id int PRIMARY KEY, n int, g int GENERATED ALWAYS AS (n) STORED); CREATE TABLE t (a int REFERENCES r)");
  EXPECT_EQ(schema.run("ALTER TABLE r DROP COLUMN id"), "2BP01 cannot drop column id of table r because other objects depend on it");
  EXPECT_EQ(schema.run("ALTER TABLE r DROP COLUMN n"), "2BP01 cannot drop column n of table r because other objects depend on it");
  EXPECT_EQ(schema.run("ALTER TABLE r DROP COLUMN id CASCADE, DROP COLUMN n CASCADE"), "");
  EXPECT_EQ(schema.columns("r"), "");
  EXPECT_EQ(schema.constraints("t"), "");
}

TEST(Drop, ColumnsOfViewsOnlyWhenItIsSure) {
  Replayed schema(
      "CREATE TABLE a (x int, y int); CREATE TABLE b (y int, z int); CREATE VIEW one AS SELECT x FROM a;"
      "CREATE VIEW two AS SELECT a.x, b.z FROM a JOIN b ON a.y = b.y");
  EXPECT_EQ(schema.run("ALTER TABLE a DROP COLUMN x"), "2BP01 cannot drop column x of table a because other objects depend on it");
  EXPECT_EQ(schema.run("ALTER TABLE b DROP COLUMN z"), "");
  EXPECT_EQ(schema.run("ALTER TABLE a DROP COLUMN x CASCADE"), "");
  EXPECT_EQ(schema.relations(), "a, b, two");
}

TEST(Drop, KeysThatForeignKeysNeed) {
  Replayed schema("CREATE TABLE r (id int PRIMARY KEY, n int UNIQUE); CREATE TABLE t (a int REFERENCES r, b int REFERENCES r (n))");
  EXPECT_EQ(schema.run("ALTER TABLE r DROP CONSTRAINT r_pkey"),
            "2BP01 cannot drop constraint r_pkey on table r because other objects depend on it");
  EXPECT_EQ(schema.run("ALTER TABLE r DROP CONSTRAINT r_pkey CASCADE"), "");
  EXPECT_EQ(schema.constraints("t"), "t_b_fkey foreign key (b) to r (n)");
  EXPECT_EQ(schema.indexes("r"), "r_n_key (n)");
  // The column stays not null without its key.
  EXPECT_EQ(schema.columns("r"), "id int4 not null, n int4");
}

TEST(Drop, Schemas) {
  Replayed schema(
      "CREATE SCHEMA s; CREATE TABLE s.t (a int PRIMARY KEY); CREATE TYPE s.e AS ENUM ('x'); CREATE TABLE u (a int REFERENCES s.t)");
  EXPECT_EQ(schema.run("DROP SCHEMA s"), "2BP01 cannot drop schema s because other objects depend on it");
  EXPECT_EQ(schema.run("DROP SCHEMA s CASCADE"), "");
  EXPECT_EQ(schema.relations(), "u");
  EXPECT_EQ(schema.constraints("u"), "");
  EXPECT_FALSE(schema.database().schema_exists("s"));
  EXPECT_EQ(schema.run("DROP SCHEMA s"), "3F000 schema \"s\" does not exist");
}

TEST(Drop, TypesAndFunctionsInUse) {
  Replayed schema(
      "CREATE TYPE e AS ENUM ('x'); CREATE TABLE t (a e, b int);"
      "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
      "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()");
  EXPECT_EQ(schema.run("DROP TYPE e"), "2BP01 cannot drop type e because other objects depend on it");
  EXPECT_EQ(schema.run("DROP FUNCTION f()"), "2BP01 cannot drop function f() because other objects depend on it");
  EXPECT_EQ(schema.run("DROP TYPE e CASCADE; DROP FUNCTION f() CASCADE"), "");
  EXPECT_EQ(schema.columns("t"), "b int4");
  EXPECT_TRUE(schema.at("t").triggers.empty());
}

TEST(Drop, WhatCallsAFunctionGoesWithIt) {
  Replayed schema(
      "CREATE TABLE t (id int); CREATE FUNCTION f() RETURNS TABLE (id int) LANGUAGE sql AS 'SELECT 1';"
      "CREATE VIEW v AS SELECT t.id FROM t JOIN f() g ON g.id = t.id; CREATE VIEW w AS SELECT id FROM v; CREATE VIEW other AS SELECT id "
      "FROM t;"
      "CREATE MATERIALIZED VIEW m AS SELECT (SELECT count(*) FROM f()) AS n;"
      "CREATE POLICY p ON t USING (id IN (SELECT id FROM f())); CREATE POLICY q ON t USING (id > 0)");
  EXPECT_EQ(schema.run("DROP FUNCTION f() CASCADE"), "");
  ASSERT_EQ(schema.at("t").policies.size(), 1u);
  EXPECT_EQ(schema.at("t").policies.front().name, "q");
  EXPECT_EQ(schema.run("CREATE VIEW v AS SELECT id FROM t; CREATE VIEW w AS SELECT id FROM t; CREATE VIEW m AS SELECT id FROM t;"
                       "CREATE POLICY p ON t USING (true)"),
            "");
  EXPECT_EQ(schema.run("CREATE VIEW other AS SELECT id FROM t"), "42P07 relation \"other\" already exists");
}

TEST(Drop, SequencesOfSerialColumns) {
  Replayed schema("CREATE TABLE t (a serial)");
  EXPECT_EQ(schema.run("DROP SEQUENCE t_a_seq"), "2BP01 cannot drop sequence t_a_seq because other objects depend on it");
  schema.run("DROP SEQUENCE t_a_seq CASCADE");
  EXPECT_EQ(schema.columns("t"), "a int4 not null");
}

TEST(Drop, KeepsTheLastStateAndMakesNewIds) {
  Replayed schema("CREATE TABLE t (a int)");
  const RelationId id = schema.at("t").id;
  schema.run("DROP TABLE t; CREATE TABLE t (b int)");
  EXPECT_FALSE(schema.database().exists(id));
  EXPECT_EQ(schema.database().relation(id).columns.front().name, "a");
  EXPECT_NE(schema.at("t").id, id);
}

}  // namespace
}  // namespace cupel::schema
