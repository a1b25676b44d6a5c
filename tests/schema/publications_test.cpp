#include "replayed.h"

#include <string>

namespace cupel::schema {
namespace {

// "p: t(a) all s ins", the publications as they are.
std::string shown(Replayed& schema) {
  std::string text;
  for (const Publication& publication : schema.database().publications()) {
    text += (text.empty() ? "" : "; ") + publication.name + ":";
    if (publication.all_tables) text += " all";
    for (const std::string& each : publication.schemas) text += " " + each + ".*";
    for (const PublishedTable& each : publication.tables) {
      text += " " + schema.database().relation(each.table).name.name;
      for (const std::string& column : each.columns) text += "." + column;
      if (each.where) text += " where " + each.where.text();
    }
    if (!publication.updates) text += " -updates";
    if (!publication.deletes) text += " -deletes";
  }
  return text;
}

std::string published_by(Replayed& schema, std::string_view table) {
  std::string text;
  for (const Database::Published& each : schema.database().published_by(schema.at(table)))
    text += each.publication->name + (each.part != nullptr ? "(part) " : " ");
  return text;
}

TEST(Publications, CreatedAlteredDropped) {
  Replayed schema("CREATE SCHEMA s; CREATE TABLE t (a int, b int); CREATE TABLE u (a int)");
  schema.run(
      "CREATE PUBLICATION p FOR TABLE t (a, b) WHERE (a > 0), TABLES IN SCHEMA s, CURRENT_SCHEMA WITH (publish = 'insert, Update');"
      "CREATE PUBLICATION q FOR ALL TABLES; CREATE PUBLICATION r");
  EXPECT_EQ(shown(schema), "p: s.* public.* t.a.b where a > 0 -deletes; q: all; r:");
  EXPECT_EQ(schema.run("CREATE PUBLICATION r FOR TABLE u"), "42710 publication \"r\" already exists");
  schema.run(
      "ALTER PUBLICATION p ADD TABLE u; ALTER PUBLICATION p DROP TABLES IN SCHEMA s; ALTER PUBLICATION q SET (publish = 'insert');"
      "ALTER PUBLICATION r RENAME TO z; ALTER PUBLICATION unseen ADD TABLE u");
  EXPECT_EQ(shown(schema), "p: public.* t.a.b where a > 0 u -deletes; q: all -updates -deletes; z:");
  schema.run("ALTER PUBLICATION p SET TABLE u; DROP PUBLICATION q, z");
  EXPECT_EQ(shown(schema), "p: u -deletes");
}

TEST(Publications, FollowTheirColumnsAndSchemas) {
  Replayed schema(
      "CREATE SCHEMA s; CREATE TABLE t (a int, b int, c int); CREATE PUBLICATION p FOR TABLE t (a) WHERE (b > 0), TABLES IN SCHEMA s");
  schema.run("ALTER TABLE t RENAME a TO x; ALTER TABLE t RENAME b TO y; ALTER TABLE t RENAME y TO z; ALTER SCHEMA s RENAME TO s2");
  EXPECT_EQ(shown(schema), "p: s2.* t.x where b > 0");
  EXPECT_EQ(schema.run("ALTER TABLE t DROP COLUMN x"), "2BP01 cannot drop column x of table t because other objects depend on it");
  EXPECT_EQ(schema.run("ALTER TABLE t DROP COLUMN z"), "2BP01 cannot drop column z of table t because other objects depend on it");
  EXPECT_EQ(schema.run("ALTER TABLE t ALTER z TYPE bigint"), "0A000 cannot alter type of a column used by a publication WHERE clause");
  EXPECT_EQ(schema.run("ALTER TABLE t DROP COLUMN c"), "");
  EXPECT_EQ(schema.run("ALTER TABLE t DROP COLUMN z CASCADE"), "");
  EXPECT_EQ(shown(schema), "p: s2.*");
}

TEST(Publications, WhatTheyPublish) {
  Replayed schema(
      "CREATE SCHEMA s; CREATE TABLE s.x (a int); CREATE TABLE t (a int); CREATE TABLE parent (a int); CREATE TABLE child () INHERITS "
      "(parent);"
      "CREATE UNLOGGED TABLE fast (a int); CREATE VIEW v AS SELECT a FROM t;"
      "CREATE TABLE root (a int) PARTITION BY LIST (a); CREATE PUBLICATION p FOR TABLE t, parent, root; CREATE PUBLICATION q FOR TABLES IN "
      "SCHEMA s;"
      "CREATE TABLE leaf PARTITION OF root FOR VALUES IN (1); CREATE TABLE late () INHERITS (parent); CREATE PUBLICATION o FOR TABLE ONLY "
      "parent");
  EXPECT_EQ(published_by(schema, "t"), "p(part) ");
  EXPECT_EQ(published_by(schema, "parent"), "p(part) o(part) ");
  EXPECT_EQ(published_by(schema, "child"), "p(part) ");
  EXPECT_EQ(published_by(schema, "late"), "");
  EXPECT_EQ(published_by(schema, "leaf"), "p(part) ");
  EXPECT_EQ(schema.database().published_by(*schema.database().find("s", "x")).size(), 1U);
  schema.run("CREATE PUBLICATION every FOR ALL TABLES");
  EXPECT_EQ(published_by(schema, "late"), "every ");
  EXPECT_EQ(published_by(schema, "fast"), "");
  EXPECT_EQ(published_by(schema, "v"), "");
}

TEST(Publications, RolledBack) {
  Replayed schema("CREATE TABLE t (a int); CREATE PUBLICATION p FOR TABLE t");
  schema.run("BEGIN; DROP PUBLICATION p; CREATE PUBLICATION q FOR ALL TABLES; ROLLBACK");
  EXPECT_EQ(shown(schema), "p: t");
  schema.run("BEGIN");
  const Database::Mark mark = schema.database().mark();
  schema.run("ALTER PUBLICATION p SET (publish = 'insert'); ROLLBACK");
  EXPECT_EQ(shown(schema), "p: t");
  schema.database().rewind(mark);
  EXPECT_EQ(shown(schema), "p: t");
}

}  // namespace
}  // namespace cupel::schema
