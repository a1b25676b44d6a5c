// ROLLBACK, savepoints, marks.
#include "replayed.h"

namespace cupel::schema {
namespace {

TEST(Transactions, RollbackUndoesEverything) {
  Replayed schema("CREATE TABLE t (a int, b int); CREATE TYPE e AS ENUM ('x'); CREATE SCHEMA s");
  schema.run(
      "BEGIN; ALTER TABLE t DROP COLUMN b, ADD PRIMARY KEY (a); ALTER TABLE t RENAME TO z; CREATE TABLE t (c int); ALTER TYPE e ADD VALUE "
      "'y';"
      "DROP SCHEMA s; CREATE EXTENSION citext; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; SET search_path TO nowhere; "
      "INSERT INTO z VALUES (1)");
  schema.run("ROLLBACK");
  EXPECT_EQ(schema.relations(), "t");
  EXPECT_EQ(schema.columns("t"), "a int4, b int4");
  EXPECT_EQ(schema.constraints("t") + schema.indexes("t") + schema.not_nulls("t"), "");
  EXPECT_FALSE(schema.at("t").filled);
  EXPECT_EQ(schema.labels("e"), "x");
  EXPECT_TRUE(schema.database().schema_exists("s"));
  EXPECT_FALSE(schema.database().has_extension("citext"));
  EXPECT_TRUE(schema.database().find_functions("", "f", 0).empty());
  EXPECT_EQ(schema.database().settings().search_path(), std::vector<std::string>{"public"});
  EXPECT_EQ(schema.run("ALTER TABLE t ADD PRIMARY KEY (a); COMMIT; ROLLBACK"), "");
  EXPECT_EQ(schema.indexes("t"), "t_pkey (a)");
}

TEST(Transactions, RollbackUndoesSwappedNames) {
  Replayed schema("CREATE TABLE a (x int); CREATE TABLE b (y int)");
  schema.run("BEGIN; ALTER TABLE a RENAME TO c; ALTER TABLE b RENAME TO a; ALTER TABLE c RENAME TO b; ROLLBACK");
  EXPECT_EQ(schema.columns("a"), "x int4");
  EXPECT_EQ(schema.columns("b"), "y int4");
}

TEST(Transactions, Savepoints) {
  Replayed schema("BEGIN; CREATE TABLE a (); SAVEPOINT s; CREATE TABLE b (); SAVEPOINT t; CREATE TABLE c (); ROLLBACK TO s");
  EXPECT_EQ(schema.relations(), "a");
  schema.run("CREATE TABLE d (); ROLLBACK TO s; CREATE TABLE e (); RELEASE s; COMMIT");
  EXPECT_EQ(schema.relations(), "a, e");
  schema.run("BEGIN; SAVEPOINT s; CREATE TABLE f (); RELEASE s; ROLLBACK");
  EXPECT_EQ(schema.relations(), "a, e");
}

TEST(Transactions, SettingsOfSavepoints) {
  Replayed schema("BEGIN; SET lock_timeout = '1s'; SAVEPOINT s; SET lock_timeout = '2s'; ROLLBACK TO s");
  EXPECT_EQ(schema.database().settings().milliseconds("lock_timeout"), 1000);
  schema.run("ROLLBACK");
  EXPECT_EQ(schema.database().settings().milliseconds("lock_timeout"), std::nullopt);
}

TEST(Transactions, NumbersChange) {
  Replayed schema;
  const std::uint64_t first = schema.database().transaction();
  schema.run("BEGIN");
  const std::uint64_t second = schema.database().transaction();
  schema.run("CREATE TABLE t (); COMMIT AND CHAIN");
  const std::uint64_t third = schema.database().transaction();
  schema.run("CREATE TABLE u (); ROLLBACK");
  EXPECT_LT(first, second);
  EXPECT_LT(second, third);
  EXPECT_EQ(schema.at("t").created_transaction, second);
  EXPECT_FALSE(schema.has("u"));
}

TEST(Marks, RewindAndNest) {
  Replayed schema("CREATE TABLE t (a int)");
  Database& database = schema.database();
  const Database::Mark outer = database.mark();
  schema.run("ALTER TABLE t ADD b int; CREATE TABLE u ()");
  const Database::Mark inner = database.mark();
  database.begin_epoch();
  schema.run("ALTER TABLE t ADD c int; DROP TABLE u; INSERT INTO t VALUES (1)");
  database.rewind(inner);
  EXPECT_EQ(database.epoch(), 0U);
  EXPECT_EQ(schema.columns("t"), "a int4, b int4");
  EXPECT_TRUE(schema.has("u"));
  EXPECT_FALSE(schema.at("t").filled);
  const Database::Mark kept = database.mark();
  schema.run("ALTER TABLE t ADD d int");
  database.forget(kept);
  EXPECT_EQ(schema.columns("t"), "a int4, b int4, d int4");
  database.rewind(outer);
  EXPECT_EQ(schema.columns("t"), "a int4");
  EXPECT_EQ(schema.relations(), "t");
}

TEST(Marks, SurviveTransactionsThatEndAfterThem) {
  Replayed schema("CREATE TABLE t (a int); BEGIN; ALTER TABLE t ADD b int; CREATE TABLE u ()");
  Database& database = schema.database();
  const Database::Mark mark = database.mark();
  schema.run("ALTER TABLE t ADD c int; ROLLBACK; CREATE TABLE v ()");
  EXPECT_EQ(schema.columns("t"), "a int4");
  EXPECT_EQ(schema.relations(), "t, v");
  database.rewind(mark);
  EXPECT_EQ(schema.columns("t"), "a int4, b int4");
  EXPECT_EQ(schema.relations(), "t, u");
  // Back in the transaction, which can still be committed or not.
  schema.run("ROLLBACK");
  EXPECT_EQ(schema.columns("t"), "a int4");
  EXPECT_EQ(schema.relations(), "t");
}

TEST(Marks, SurviveCommits) {
  Replayed schema("CREATE TABLE t (a int); BEGIN; ALTER TABLE t ADD b int");
  const Database::Mark mark = schema.database().mark();
  schema.run("COMMIT; ALTER TABLE t ADD c int");
  schema.database().rewind(mark);
  EXPECT_EQ(schema.columns("t"), "a int4, b int4");
  schema.run("ROLLBACK");
  EXPECT_EQ(schema.columns("t"), "a int4");
}

}  // namespace
}  // namespace cupel::schema
