// RENAME and SET SCHEMA.
#include "replayed.h"

namespace cupel::schema {
namespace {

TEST(Rename, TablesKeepTheirIdentity) {
  Replayed schema("CREATE TABLE t (a int PRIMARY KEY); CREATE TABLE u (a int REFERENCES t)");
  const RelationId id = schema.at("t").id;
  EXPECT_EQ(schema.run("ALTER TABLE t RENAME TO x"), "");
  EXPECT_FALSE(schema.has("t"));
  EXPECT_EQ(schema.at("x").id, id);
  EXPECT_EQ(schema.at("u").find_constraint("u_a_fkey")->referenced, id);
  EXPECT_EQ(schema.indexes("x"), "t_pkey (a)");
  EXPECT_EQ(schema.run("ALTER TABLE x RENAME TO u"), "42P07 relation \"u\" already exists");
  EXPECT_EQ(schema.run("ALTER TABLE IF EXISTS t RENAME TO y"), "");
}

TEST(Rename, TwoTablesSwap) {
  Replayed schema("CREATE TABLE a (x int); CREATE TABLE b (y int)");
  EXPECT_EQ(schema.run("ALTER TABLE a RENAME TO c; ALTER TABLE b RENAME TO a; ALTER TABLE c RENAME TO b"), "");
  EXPECT_EQ(schema.columns("a"), "y int4");
  EXPECT_EQ(schema.columns("b"), "x int4");
}

TEST(Rename, ColumnsEverywhere) {
  Replayed schema(
      "CREATE TABLE t (a serial PRIMARY KEY, b int CHECK (b > 0)); CREATE TABLE u (a int REFERENCES t);"
      "CREATE INDEX i ON t (b) INCLUDE (a); CREATE INDEX e ON t ((b + 1)); CREATE VIEW v AS SELECT a, b FROM t;"
      "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
      "CREATE TRIGGER g BEFORE UPDATE OF b ON t FOR EACH ROW EXECUTE FUNCTION f()");
  EXPECT_EQ(schema.run("ALTER TABLE t RENAME COLUMN a TO id; ALTER TABLE t RENAME b TO n"), "");
  EXPECT_EQ(schema.columns("t"), "id int4 not null default, n int4");
  EXPECT_EQ(schema.constraints("t"), "t_b_check check (n), t_pkey primary key (id)");
  EXPECT_EQ(schema.constraints("u"), "u_a_fkey foreign key (a) to t (id)");
  EXPECT_EQ(schema.indexes("t"), "t_pkey (id), i (n), e (…)");
  EXPECT_EQ(schema.at("e").index->mentioned_columns(), std::vector<std::string>{"n"});
  EXPECT_EQ(schema.at("v").dependencies.front().columns, (std::vector<std::string>{"id", "n"}));
  EXPECT_EQ(schema.at("t").triggers.front().update_columns, std::vector<std::string>{"n"});
  EXPECT_EQ(schema.at("t_a_seq").owner_column, "id");
  EXPECT_EQ(schema.run("ALTER TABLE t RENAME n TO id"), "42701 column \"id\" of relation \"t\" already exists");
  EXPECT_EQ(schema.run("ALTER TABLE t RENAME a TO z"), "42703 column \"a\" of relation \"t\" does not exist");
  // The expression index goes with its column, under the name of now.
  schema.run("DROP VIEW v; DROP TRIGGER g ON t; ALTER TABLE t DROP COLUMN n");
  EXPECT_EQ(schema.indexes("t"), "t_pkey (id)");
}

TEST(Rename, ConstraintsAndTheirIndexes) {
  Replayed schema("CREATE TABLE t (a int PRIMARY KEY, b int CHECK (b > 0) UNIQUE)");
  EXPECT_EQ(
      schema.run(
          "ALTER INDEX t_pkey RENAME TO pk; ALTER TABLE t RENAME CONSTRAINT t_b_key TO u; ALTER TABLE t RENAME CONSTRAINT t_b_check TO c"),
      "");
  EXPECT_EQ(schema.constraints("t"), "c check (b), pk primary key (a), u unique (b)");
  EXPECT_EQ(schema.indexes("t"), "pk (a), u (b)");
  EXPECT_EQ(schema.run("ALTER TABLE t RENAME CONSTRAINT x TO y"), "42704 constraint \"x\" for table \"t\" does not exist");
  EXPECT_EQ(schema.run("ALTER TABLE t RENAME CONSTRAINT c TO u"), "42710 constraint \"u\" for relation \"t\" already exists");
}

TEST(Rename, TypesAndSchemas) {
  Replayed schema("CREATE SCHEMA s; CREATE TYPE s.e AS ENUM ('x'); CREATE TABLE t (a s.e[])");
  schema.run("ALTER TYPE s.e RENAME TO f");
  EXPECT_EQ(schema.columns("t"), "a s.f[]");
  schema.run("ALTER TYPE s.f SET SCHEMA public");
  EXPECT_EQ(schema.columns("t"), "a public.f[]");
  schema.run("ALTER TABLE t SET SCHEMA s; ALTER SCHEMA s RENAME TO z");
  EXPECT_EQ(schema.columns("z.t"), "a public.f[]");
  EXPECT_EQ(schema.run("ALTER TABLE z.t SET SCHEMA nowhere"), "3F000 schema \"nowhere\" does not exist");
}

TEST(SetSchema, MovesIndexesAndSequences) {
  Replayed schema("CREATE SCHEMA s; CREATE TABLE t (a serial PRIMARY KEY)");
  schema.run("ALTER TABLE t SET SCHEMA s");
  EXPECT_EQ(schema.relations(), "s.t, s.t_a_seq");
  EXPECT_EQ(schema.at("s.t_pkey").index->table, schema.at("s.t").id);
}

}  // namespace
}  // namespace cupel::schema
