// Views, types, functions, triggers, policies, extensions.
#include "replayed.h"
#include "schema/function_uses.h"

namespace cupel::schema {
namespace {

TEST(Views, ColumnsAndWhatTheyRead) {
  Replayed schema("CREATE TABLE t (a int, b text, c int)");
  schema.run("CREATE VIEW v AS SELECT a, b AS name, count(*) FROM t WHERE c > 0 GROUP BY 1, 2; CREATE VIEW s (x) AS SELECT * FROM t");
  EXPECT_EQ(schema.columns("v"), "a int4, name text, count ?.");
  EXPECT_EQ(schema.columns("s"), "x int4, b text, c int4");
  EXPECT_EQ(schema.at("v").dependencies.front().columns, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(schema.at("t").dependents.size(), 2U);
}

TEST(Views, StarsOverMoreThanOneTableAreNotExpanded) {
  Replayed schema("CREATE TABLE t (a int); CREATE TABLE u (b int); CREATE VIEW v AS SELECT * FROM t, u");
  EXPECT_TRUE(schema.at("v").incomplete);
  schema.run("CREATE VIEW w AS SELECT * FROM (SELECT a + 1 AS z FROM t) q");
  EXPECT_TRUE(schema.at("w").incomplete);
}

TEST(Views, Replaced) {
  Replayed schema("CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t");
  EXPECT_EQ(schema.run("CREATE VIEW v AS SELECT 1"), "42P07 relation \"v\" already exists");
  EXPECT_EQ(schema.run("CREATE OR REPLACE VIEW v AS SELECT a AS b FROM t"), "42P16 cannot change name of view column \"a\" to \"b\"");
  EXPECT_EQ(schema.run("CREATE OR REPLACE VIEW v AS SELECT 1 AS a, 2 AS b"), "");
  EXPECT_EQ(schema.columns("v"), "a ?., b ?.");
  EXPECT_TRUE(schema.at("t").dependents.empty());
  EXPECT_EQ(schema.run("CREATE OR REPLACE VIEW v AS SELECT 1 AS a"), "42P16 cannot drop columns from view");
  EXPECT_EQ(schema.run("CREATE OR REPLACE VIEW t AS SELECT 1 AS a"), "42809 \"t\" is not a view");
}

TEST(Views, SecurityInvoker) {
  Replayed schema(
      "CREATE TABLE t (a int); CREATE VIEW v WITH (security_barrier, security_invoker = on) AS SELECT a FROM t;"
      "CREATE VIEW w WITH (security_invoker) AS SELECT a FROM t; CREATE VIEW x WITH (security_invoker = OFF) AS SELECT a FROM t");
  EXPECT_TRUE(schema.at("v").security_invoker);
  EXPECT_TRUE(schema.at("w").security_invoker);
  EXPECT_FALSE(schema.at("x").security_invoker);
  schema.run(
      "CREATE OR REPLACE VIEW v AS SELECT a FROM t; ALTER VIEW w RESET (security_invoker); ALTER VIEW x SET (security_invoker = true);"
      "ALTER VIEW x SET (security_barrier = false)");
  EXPECT_FALSE(schema.at("v").security_invoker);
  EXPECT_FALSE(schema.at("w").security_invoker);
  EXPECT_TRUE(schema.at("x").security_invoker);
}

TEST(Types, EnumLabels) {
  Replayed schema("CREATE TYPE e AS ENUM ('b', 'd')");
  schema.run(
      "ALTER TYPE e ADD VALUE 'a' BEFORE 'b'; ALTER TYPE e ADD VALUE 'c' AFTER 'b'; ALTER TYPE e ADD VALUE 'e'; ALTER TYPE e RENAME VALUE "
      "'e' TO 'z'");
  EXPECT_EQ(schema.labels("e"), "a, b, c, d, z");
  EXPECT_EQ(schema.run("ALTER TYPE e ADD VALUE 'a'"), "42710 enum label \"a\" already exists");
  EXPECT_EQ(schema.run("ALTER TYPE e ADD VALUE IF NOT EXISTS 'a'"), "");
  EXPECT_EQ(schema.run("ALTER TYPE e ADD VALUE 'x' AFTER 'y'"), "22023 \"y\" is not an existing enum label");
  EXPECT_EQ(schema.run("ALTER TYPE f ADD VALUE 'x'"), "42704 type \"f\" does not exist");
  EXPECT_EQ(schema.run("CREATE TYPE e AS ENUM ()"), "42710 type \"e\" already exists");
}

TEST(Types, LabelsRememberTheirTransaction) {
  Replayed schema("CREATE TYPE e AS ENUM ('a')");
  schema.database().begin_epoch();
  schema.run("BEGIN; ALTER TYPE e ADD VALUE 'b'");
  const Type* type = schema.database().find_type(sql::QualifiedName{{}, "e", {}});
  ASSERT_NE(type, nullptr);
  EXPECT_EQ(type->labels[0].added_transaction, 0U);
  EXPECT_EQ(type->labels[1].added_transaction, schema.database().transaction());
  EXPECT_EQ(type->labels[1].added_epoch, 1U);
  schema.run("COMMIT");
  EXPECT_NE(type->labels[1].added_transaction, schema.database().transaction());
}

TEST(Types, Domains) {
  Replayed schema(
      "CREATE DOMAIN d AS text NOT NULL CHECK (VALUE <> '') CONSTRAINT n CHECK (length(VALUE) < 9); CREATE TABLE t (a d); CREATE TABLE u "
      "(a d[], b int)");
  const Type* type = schema.database().find_type(sql::QualifiedName{{}, "d", {}});
  ASSERT_NE(type, nullptr);
  EXPECT_TRUE(type->not_null);
  ASSERT_GE(type->constraints.size(), 2U);
  EXPECT_EQ(schema.database().tables_using_type({"public", "d"}).size(), 2U);
  schema.run(
      "ALTER DOMAIN d DROP CONSTRAINT n; ALTER DOMAIN d ADD CONSTRAINT x CHECK (VALUE <> 'x') NOT VALID; ALTER DOMAIN d DROP NOT NULL");
  EXPECT_FALSE(type->not_null);
  ASSERT_EQ(type->constraints.size(), 2U);
  EXPECT_EQ(type->constraints[0].name, "d_check");
  EXPECT_FALSE(type->constraints[1].validated);
  schema.run("ALTER DOMAIN d VALIDATE CONSTRAINT x");
  EXPECT_TRUE(type->constraints[1].validated);
  EXPECT_EQ(schema.run("ALTER DOMAIN d DROP CONSTRAINT nope"), "42704 constraint \"nope\" of domain \"d\" does not exist");
}

TEST(Types, DomainsOfDomainsAreFoundInTables) {
  Replayed schema("CREATE DOMAIN d AS int; CREATE DOMAIN e AS d; CREATE TYPE c AS (x e); CREATE TABLE t (a c)");
  EXPECT_EQ(schema.database().tables_using_type({"public", "d"}), std::vector<RelationId>{schema.at("t").id});
}

TEST(Types, CompositeAttributesAndTypedTables) {
  Replayed schema("CREATE TYPE c AS (x int); CREATE TABLE t OF c");
  schema.run("ALTER TYPE c ADD ATTRIBUTE y text CASCADE, ALTER ATTRIBUTE x TYPE bigint CASCADE");
  EXPECT_EQ(schema.columns("t"), "x int8, y text");
  EXPECT_EQ(schema.run("ALTER TYPE c DROP ATTRIBUTE z"), "42703 column \"z\" of relation \"c\" does not exist");
}

TEST(Types, ResolvedThroughTheSearchPath) {
  Replayed schema(
      "CREATE SCHEMA s; CREATE TYPE s.e AS ENUM (); CREATE TABLE t (a e, b s.e, c uuid, d t2, e pg_catalog.jsonb, f public.citext)");
  EXPECT_EQ(schema.columns("t"), "a ?.e, b s.e, c uuid, d ?.t2, e jsonb, f ?.citext");
  schema.run("SET search_path TO s, public; CREATE TABLE u (a e, b t)");
  EXPECT_EQ(schema.columns("u"), "a s.e, b public.t");
}

TEST(Functions, Overloads) {
  Replayed schema(
      "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a + 1';"
      "CREATE FUNCTION f(a int, b int DEFAULT 1, OUT c int) LANGUAGE plpgsql AS 'BEGIN END'");
  EXPECT_EQ(schema.database().find_functions("", "f", 1).size(), 2U);
  EXPECT_EQ(schema.database().find_functions("", "f", 2).size(), 1U);
  EXPECT_EQ(schema.database().find_functions("", "f", 3).size(), 0U);
  EXPECT_EQ(schema.run("CREATE FUNCTION f(b integer) RETURNS int LANGUAGE sql AS 'SELECT 2'"),
            "42723 function \"f\" already exists with same argument types");
  EXPECT_EQ(schema.run("CREATE OR REPLACE FUNCTION f(b integer) RETURNS int LANGUAGE sql STABLE AS 'SELECT 2'"), "");
  const Function* function = schema.database().find_functions("public", "f", 1).front();
  EXPECT_EQ(function->volatility, sql::Volatility::stable);
  EXPECT_EQ(function->inlined.literal(), "2");
}

TEST(Functions, WhatInlines) {
  Replayed schema(
      "CREATE FUNCTION a() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION b() RETURNS int LANGUAGE sql AS 'SELECT x FROM t';"
      "CREATE FUNCTION c() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'; CREATE FUNCTION d() RETURNS int RETURN 1;"
      "CREATE FUNCTION e() RETURNS int LANGUAGE sql AS 'SELECT 1; SELECT 2'");
  auto inlines = [&schema](std::string_view name) {
    return static_cast<bool>(schema.database().find_functions("", name, 0).front()->inlined);
  };
  EXPECT_TRUE(inlines("a"));
  EXPECT_FALSE(inlines("b"));
  EXPECT_FALSE(inlines("c"));
  EXPECT_TRUE(inlines("d"));
  EXPECT_FALSE(inlines("e"));
}

TEST(Functions, WhereTheirValuesAreStored) {
  Replayed schema(
      "CREATE FUNCTION f(a int, b int DEFAULT 0) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a';"
      "CREATE FUNCTION f(a text, b int, c int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT b';"
      "CREATE FUNCTION g(a int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a'; CREATE FUNCTION g(a text) RETURNS int LANGUAGE sql AS "
      "'SELECT 1';"
      "CREATE TABLE t (a int CONSTRAINT k CHECK (f(a) > 0), b int GENERATED ALWAYS AS (f(a, 1)) STORED, c int DEFAULT f(1), d text);"
      "CREATE INDEX i ON t ((f(a) + 1)); CREATE INDEX j ON t (a) WHERE public.f(a, 2) = 1; CREATE INDEX three ON t (f(d, a, a));"
      "CREATE INDEX either ON t (g(a)); ALTER TABLE t ADD CONSTRAINT later CHECK (f(a) > 1) NOT VALID;"
      "CREATE TABLE p (a int) PARTITION BY LIST (f(a)); CREATE INDEX whole ON p (f(a)); CREATE TABLE q PARTITION OF p FOR VALUES IN (1)");
  auto uses = [&schema](std::string_view function, std::size_t arguments) {
    std::string text;
    for (const FunctionUse& use : stored_uses(schema.database(), *schema.database().find_functions("", function, arguments).front()))
      text += schema.database().relation(use.table).name.name + "." + use.name + " " + std::to_string(static_cast<int>(use.kind)) + ", ";
    return text;
  };
  EXPECT_EQ(uses("f", 1), "t.b 1, t.k 2, t.i 0, t.j 0, p. 3, p.whole 0, ");
  EXPECT_EQ(uses("f", 3), "t.three 0, ");
  // Either overload may be meant.
  EXPECT_EQ(uses("g", 1), "");
  schema.run("DROP INDEX i; ALTER TABLE t DROP CONSTRAINT k, DROP COLUMN b");
  EXPECT_EQ(uses("f", 1), "t.j 0, p. 3, p.whole 0, ");
}

TEST(Triggers, NeedTheirFunction) {
  Replayed schema("CREATE TABLE t (a int)");
  EXPECT_EQ(schema.run("CREATE TRIGGER g AFTER INSERT ON t EXECUTE FUNCTION f()"), "42883 function f() does not exist");
  EXPECT_EQ(schema.run("CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()"), "");
  EXPECT_EQ(schema.run("CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()"),
            "42710 trigger \"g\" for relation \"t\" already exists");
  EXPECT_EQ(schema.run("CREATE EXTENSION moddatetime; CREATE TRIGGER h BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION moddatetime(a)"),
            "");
  schema.run("ALTER TABLE t DISABLE TRIGGER g");
  EXPECT_FALSE(schema.at("t").triggers[0].enabled);
  EXPECT_EQ(schema.run("DROP TRIGGER x ON t"), "42704 trigger \"x\" for table \"t\" does not exist");
}

TEST(Policies, CreatedAlteredDropped) {
  Replayed schema("CREATE TABLE t (a int); CREATE POLICY p ON t USING (a > 0)");
  EXPECT_EQ(schema.run("CREATE POLICY p ON t USING (true)"), "42710 policy \"p\" for table \"t\" already exists");
  EXPECT_EQ(schema.run("ALTER TABLE t DROP COLUMN a"), "2BP01 cannot drop column a of table t because other objects depend on it");
  EXPECT_EQ(schema.run("DROP POLICY p ON t; ALTER TABLE t DROP COLUMN a"), "");
  EXPECT_EQ(schema.run("DROP POLICY p ON t"), "42704 policy \"p\" for relation \"t\" does not exist");
}

TEST(Opaque, ContradictionsAfterItAreNotCertain) {
  auto certain = [](std::string_view before) {
    Replayed schema(before);
    const SourceText source("test.sql", "DROP TABLE nowhere");
    const sql::Script script = sql::Script::parse(source);
    const std::vector<Contradiction> contradictions = schema.database().apply(script.statements().front(), script);
    return contradictions.size() == 1 && contradictions.front().certain;
  };
  EXPECT_TRUE(certain(""));
  EXPECT_TRUE(certain("CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'; SELECT f()"));
  EXPECT_FALSE(certain("CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS 'BEGIN CREATE TABLE nowhere (); END'; SELECT f()"));
  EXPECT_FALSE(certain("CREATE PROCEDURE f(name text) LANGUAGE plpgsql AS 'BEGIN EXECUTE name; END'; CALL f('')"));
  EXPECT_FALSE(certain("DO $$ BEGIN EXECUTE format('CREATE TABLE %I ()', current_user); END $$"));
}

TEST(Schemas, KnownAndUnknown) {
  Replayed schema("CREATE SCHEMA s");
  EXPECT_EQ(schema.run("CREATE SCHEMA s"), "42P06 schema \"s\" already exists");
  EXPECT_EQ(schema.run("CREATE SCHEMA IF NOT EXISTS s"), "");
  EXPECT_EQ(schema.run("CREATE TABLE z.t (a int)"), "3F000 schema \"z\" does not exist");
  // Met before its creation was seen: no second contradiction.
  EXPECT_EQ(schema.run("CREATE SCHEMA z"), "");
  EXPECT_EQ(schema.run("CREATE SCHEMA z"), "42P06 schema \"z\" already exists");
  schema.run("CREATE EXTENSION pgcrypto");
  EXPECT_TRUE(schema.database().has_extension("pgcrypto"));
}

}  // namespace
}  // namespace cupel::schema
