// Commands about objects, relations other than tables, and types, as typed statements.
#include "tests/sql/statement_test_support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::sql {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Rename, OfRelationsAndTheirParts) {
  const Sql sql(
      "ALTER TABLE IF EXISTS ONLY s.t RENAME COLUMN a TO b; ALTER VIEW v RENAME TO w; ALTER TABLE t RENAME CONSTRAINT "
      "c TO d;"
      "ALTER TRIGGER g ON s.t RENAME TO h; ALTER INDEX i RENAME TO j; ALTER POLICY p ON t RENAME TO q;"
      "ALTER TYPE s.ty RENAME ATTRIBUTE a TO b; ALTER MATERIALIZED VIEW m RENAME a TO b");
  const auto& column = sql.as<Rename>(0);
  EXPECT_EQ(column.kind, ObjectKind::column);
  EXPECT_EQ(column.relation_kind, ObjectKind::table);
  EXPECT_EQ(shown(sql, column.name), "s.t @ s.t");
  EXPECT_EQ(column.sub_name, "a");
  EXPECT_EQ(column.new_name, "b");
  EXPECT_TRUE(column.if_exists);
  EXPECT_TRUE(column.only);
  EXPECT_EQ(sql.statement(0).tag(), "ALTER TABLE");
  EXPECT_EQ(sql.as<Rename>(1).kind, ObjectKind::view);
  EXPECT_EQ(sql.as<Rename>(1).relation_kind, ObjectKind::view);
  EXPECT_EQ(sql.as<Rename>(2).kind, ObjectKind::constraint);
  EXPECT_EQ(sql.as<Rename>(2).sub_name, "c");
  EXPECT_EQ(sql.as<Rename>(2).relation_kind, ObjectKind::table);
  EXPECT_EQ(sql.as<Rename>(3).kind, ObjectKind::trigger);
  EXPECT_EQ(shown(sql, sql.as<Rename>(3).name), "s.t @ s.t");
  EXPECT_EQ(sql.as<Rename>(3).sub_name, "g");
  EXPECT_EQ(sql.as<Rename>(4).kind, ObjectKind::index);
  EXPECT_EQ(sql.as<Rename>(5).kind, ObjectKind::policy);
  EXPECT_EQ(sql.as<Rename>(6).kind, ObjectKind::attribute);
  EXPECT_EQ(sql.as<Rename>(6).relation_kind, ObjectKind::type);
  EXPECT_EQ(sql.as<Rename>(7).relation_kind, ObjectKind::materialized_view);
}

TEST(Rename, OfOtherObjects) {
  const Sql sql(
      "/* é */ ALTER TYPE s.type RENAME TO ty; ALTER SCHEMA a RENAME TO b; ALTER DOMAIN d RENAME CONSTRAINT c TO e;"
      "ALTER FUNCTION f(int) RENAME TO g; ALTER ROLE r RENAME TO q; ALTER PUBLICATION p RENAME TO o");
  EXPECT_EQ(sql.as<Rename>(0).kind, ObjectKind::type);
  EXPECT_EQ(shown(sql, sql.as<Rename>(0).name), "s.type @ s.type");
  EXPECT_EQ(sql.as<Rename>(1).kind, ObjectKind::schema);
  EXPECT_EQ(shown(sql, sql.as<Rename>(1).name), "a @ a");
  EXPECT_EQ(sql.as<Rename>(1).sub_name, "");
  EXPECT_EQ(sql.as<Rename>(2).kind, ObjectKind::domain_constraint);
  EXPECT_EQ(sql.as<Rename>(2).relation_kind, ObjectKind::domain);
  EXPECT_EQ(sql.as<Rename>(2).sub_name, "c");
  EXPECT_EQ(sql.as<Rename>(3).name.name, "f");
  EXPECT_EQ(sql.as<Rename>(4).kind, ObjectKind::role);
  EXPECT_EQ(sql.as<Rename>(5).kind, ObjectKind::publication);
}

TEST(AlterObjectSchema, RelationsAndOthers) {
  const Sql sql("ALTER TABLE IF EXISTS t SET SCHEMA s; ALTER EXTENSION \"x-y\" SET SCHEMA s");
  EXPECT_EQ(sql.as<AlterObjectSchema>(0).kind, ObjectKind::table);
  EXPECT_EQ(shown(sql, sql.as<AlterObjectSchema>(0).name), "t @ t");
  EXPECT_EQ(sql.as<AlterObjectSchema>(0).new_schema, "s");
  EXPECT_TRUE(sql.as<AlterObjectSchema>(0).if_exists);
  EXPECT_EQ(shown(sql, sql.as<AlterObjectSchema>(1).name), "x-y @ \"x-y\"");
}

TEST(AlterOwner, OfAFunction) {
  const Sql sql("ALTER FUNCTION s.f(int) OWNER TO joe");
  EXPECT_EQ(sql.as<AlterOwner>().kind, ObjectKind::function);
  EXPECT_EQ(shown(sql, sql.as<AlterOwner>().name), "s.f @ s.f");
  EXPECT_EQ(sql.as<AlterOwner>().new_owner, "joe");
}

TEST(DropObjects, SpansOfNames) {
  const Sql sql("/* é t */ DROP TABLE IF EXISTS t, S.\"T\", s . u CASCADE; DROP INDEX CONCURRENTLY i; DROP TABLE \"table\"");
  const auto& drop = sql.as<DropObjects>(0);
  EXPECT_EQ(drop.kind, ObjectKind::table);
  EXPECT_THAT(shown(sql, drop.names), ElementsAre("t @ t", "s.T @ S.\"T\"", "s.u @ s . u"));
  EXPECT_THAT(drop.sub_names, IsEmpty());
  EXPECT_TRUE(drop.if_exists);
  EXPECT_EQ(drop.behavior, DropBehavior::cascade);
  EXPECT_TRUE(sql.as<DropObjects>(1).concurrently);
  EXPECT_EQ(sql.as<DropObjects>(1).behavior, DropBehavior::restrict_);
  EXPECT_THAT(shown(sql, sql.as<DropObjects>(2).names), ElementsAre("table @ \"table\""));
}

TEST(DropObjects, PartsOfTablesAndOthers) {
  const Sql sql(
      "DROP TRIGGER t ON s.t; DROP POLICY IF EXISTS p ON t; DROP RULE r ON t; DROP FUNCTION f(int), s.g; DROP TYPE "
      "s.ty; DROP SCHEMA a, b;"
      "DROP ROLE x; DROP DATABASE IF EXISTS d; DROP TABLESPACE ts; DROP SUBSCRIPTION su; DROP CAST (a AS b); DROP "
      "OPERATOR CLASS oc USING btree");
  EXPECT_EQ(sql.as<DropObjects>(0).kind, ObjectKind::trigger);
  EXPECT_THAT(shown(sql, sql.as<DropObjects>(0).names), ElementsAre("s.t @ s.t"));
  EXPECT_THAT(sql.as<DropObjects>(0).sub_names, ElementsAre("t"));
  EXPECT_EQ(sql.as<DropObjects>(1).kind, ObjectKind::policy);
  EXPECT_EQ(sql.as<DropObjects>(2).kind, ObjectKind::rule);
  EXPECT_THAT(shown(sql, sql.as<DropObjects>(3).names), ElementsAre("f @ f", "s.g @ s.g"));
  EXPECT_THAT(shown(sql, sql.as<DropObjects>(4).names), ElementsAre("s.ty @ s.ty"));
  EXPECT_THAT(shown(sql, sql.as<DropObjects>(5).names), ElementsAre("a @ a", "b @ b"));
  EXPECT_EQ(sql.as<DropObjects>(6).kind, ObjectKind::role);
  EXPECT_TRUE(sql.as<DropObjects>(7).if_exists);
  EXPECT_EQ(sql.as<DropObjects>(8).kind, ObjectKind::tablespace);
  EXPECT_EQ(sql.as<DropObjects>(9).kind, ObjectKind::subscription);
  EXPECT_EQ(sql.as<DropObjects>(10).kind, ObjectKind::cast);
  EXPECT_EQ(sql.as<DropObjects>(11).names.at(0).name, "oc");
}

TEST(Truncate, Fields) {
  const Sql sql("TRUNCATE ONLY a, b RESTART IDENTITY CASCADE");
  const auto& truncate = sql.as<Truncate>();
  EXPECT_THAT(shown(sql, truncate.names), ElementsAre("a @ a", "b @ b"));
  EXPECT_THAT(truncate.only, ElementsAre(true, false));
  EXPECT_TRUE(truncate.restart_identity);
  EXPECT_EQ(truncate.behavior, DropBehavior::cascade);
}

TEST(Comment, KindsAndNames) {
  const Sql sql(
      "COMMENT ON COLUMN s.t.c IS 'x'; COMMENT ON TABLE s.t IS NULL; COMMENT ON CONSTRAINT k ON t IS ''; COMMENT ON "
      "TYPE ty IS '';"
      "COMMENT ON FUNCTION f(int) IS ''; COMMENT ON CONSTRAINT k ON DOMAIN d IS ''; COMMENT ON DATABASE db IS ''");
  EXPECT_EQ(sql.as<Comment>(0).kind, ObjectKind::column);
  EXPECT_EQ(shown(sql, sql.as<Comment>(0).name), "s.t @ s.t");
  EXPECT_EQ(sql.as<Comment>(0).sub_name, "c");
  EXPECT_EQ(shown(sql, sql.as<Comment>(1).name), "s.t @ s.t");
  EXPECT_EQ(sql.as<Comment>(2).kind, ObjectKind::constraint);
  EXPECT_EQ(sql.as<Comment>(2).sub_name, "k");
  EXPECT_EQ(sql.as<Comment>(3).name.name, "ty");
  EXPECT_EQ(sql.as<Comment>(4).name.name, "f");
  EXPECT_EQ(sql.as<Comment>(5).kind, ObjectKind::domain_constraint);
  EXPECT_EQ(shown(sql, sql.as<Comment>(5).name), "d @ d");
  EXPECT_EQ(sql.as<Comment>(6).name.name, "db");
}

TEST(Grant, Fields) {
  const Sql sql(
      "GRANT SELECT ON s.t, u TO joe; REVOKE ALL ON ALL TABLES IN SCHEMA s FROM joe; GRANT EXECUTE ON FUNCTION f(int) "
      "TO joe");
  EXPECT_TRUE(sql.as<Grant>(0).is_grant);
  EXPECT_EQ(sql.as<Grant>(0).kind, ObjectKind::table);
  EXPECT_THAT(shown(sql, sql.as<Grant>(0).names), ElementsAre("s.t @ s.t", "u @ u"));
  EXPECT_FALSE(sql.as<Grant>(1).is_grant);
  EXPECT_TRUE(sql.as<Grant>(1).all_in_schema);
  EXPECT_EQ(sql.as<Grant>(1).names.at(0).name, "s");
  EXPECT_EQ(sql.as<Grant>(2).kind, ObjectKind::function);
}

TEST(Publication, CreateAndAlter) {
  const Sql sql(
      "CREATE PUBLICATION p FOR TABLE s.t, u; CREATE PUBLICATION a FOR ALL TABLES; ALTER PUBLICATION p ADD TABLE t;"
      "ALTER PUBLICATION p DROP TABLE t; ALTER PUBLICATION p SET TABLE t; ALTER PUBLICATION p SET (publish = "
      "'insert')");
  EXPECT_TRUE(sql.as<Publication>(0).create);
  EXPECT_EQ(sql.as<Publication>(0).name, "p");
  EXPECT_THAT(shown(sql, sql.as<Publication>(0).tables), ElementsAre("s.t @ s.t", "u @ u"));
  EXPECT_TRUE(sql.as<Publication>(1).all_tables);
  EXPECT_FALSE(sql.as<Publication>(2).create);
  EXPECT_EQ(sql.as<Publication>(2).change, Publication::Change::add);
  EXPECT_EQ(sql.as<Publication>(3).change, Publication::Change::drop);
  EXPECT_EQ(sql.as<Publication>(4).change, Publication::Change::set);
  EXPECT_EQ(sql.as<Publication>(5).change, Publication::Change::options);
  EXPECT_EQ(sql.as<Publication>(5).publish, "insert");
  EXPECT_EQ(sql.as<Publication>(4).publish, std::nullopt);
}

TEST(Publication, PartsAndSchemas) {
  const Sql sql(
      "CREATE PUBLICATION p FOR TABLE ONLY t (a, b), u WHERE (c > 0), TABLES IN SCHEMA s, CURRENT_SCHEMA WITH (publish = 'insert, "
      "update')");
  const auto& publication = sql.as<Publication>(0);
  ASSERT_EQ(publication.parts.size(), 2U);
  EXPECT_TRUE(publication.parts[0].only);
  EXPECT_THAT(publication.parts[0].columns, ElementsAre("a", "b"));
  EXPECT_FALSE(publication.parts[1].only);
  EXPECT_EQ(publication.parts[1].where.text(), "c > 0");
  EXPECT_THAT(publication.schemas, ElementsAre("s"));
  EXPECT_TRUE(publication.current_schema);
  EXPECT_EQ(publication.publish, "insert, update");
}

TEST(CreateSchema, ElementsFollowAsStatements) {
  const Sql sql(
      "/* é */ CREATE SCHEMA IF NOT EXISTS a; CREATE SCHEMA s CREATE TABLE t (a int, b text) -- x\n CREATE VIEW v AS "
      "SELECT 1"
      " GRANT SELECT, INSERT ON t TO joe WITH GRANT OPTION CREATE INDEX ON t (a); CREATE SCHEMA AUTHORIZATION joe; "
      "SELECT 2");
  EXPECT_EQ(sql.as<CreateSchema>(0).name, "a");
  EXPECT_TRUE(sql.as<CreateSchema>(0).if_not_exists);
  EXPECT_EQ(sql.as<CreateSchema>(1).name, "s");
  const auto& table = sql.as<CreateTable>(2);
  EXPECT_EQ(table.name.schema, "s");
  EXPECT_EQ(sql.at(table.name.span), "t");
  EXPECT_EQ(sql.at(table.columns.at(1).span), "b text");
  EXPECT_EQ(sql.at(sql.statement(2).span), "CREATE TABLE t (a int, b text)");
  EXPECT_EQ(sql.at(sql.statement(3).span), "CREATE VIEW v AS SELECT 1");
  EXPECT_EQ(sql.as<CreateView>(3).name.schema, "s");
  EXPECT_EQ(sql.at(sql.statement(4).span), "GRANT SELECT, INSERT ON t TO joe WITH GRANT OPTION");
  EXPECT_EQ(sql.at(sql.as<CreateIndex>(5).name_span), "INDEX");
  EXPECT_EQ(sql.as<CreateSchema>(6).name, "joe");
  EXPECT_EQ(sql.at(sql.statement(7).span), "SELECT 2");
}

TEST(Extension, CreateAndAlter) {
  const Sql sql(
      "CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\" WITH SCHEMA s; ALTER EXTENSION e UPDATE; ALTER EXTENSION e ADD "
      "TABLE t");
  EXPECT_EQ(sql.as<CreateExtension>(0).name, "uuid-ossp");
  EXPECT_EQ(sql.as<CreateExtension>(0).schema, "s");
  EXPECT_TRUE(sql.as<CreateExtension>(0).if_not_exists);
  EXPECT_EQ(sql.as<AlterExtension>(1).name, "e");
  EXPECT_EQ(sql.as<AlterExtension>(2).name, "e");
}

TEST(CreateView, Fields) {
  const Sql sql(
      "CREATE OR REPLACE TEMP VIEW v (x) WITH (security_barrier) AS SELECT a.b FROM s.a JOIN c ON true; CREATE "
      "RECURSIVE VIEW r (n) AS VALUES (1)");
  const auto& view = sql.as<CreateView>(0);
  EXPECT_EQ(shown(sql, view.name), "v @ v");
  EXPECT_TRUE(view.or_replace);
  EXPECT_FALSE(view.recursive);
  EXPECT_EQ(view.persistence, Persistence::temporary);
  EXPECT_THAT(view.column_names, ElementsAre("x"));
  EXPECT_THAT(view.output_columns, ElementsAre("b"));
  EXPECT_THAT(view.output_expressions, SizeIs(1));
  EXPECT_EQ(view.options.at(0).name, "security_barrier");
  EXPECT_THAT(view.query.relations, SizeIs(2));
  EXPECT_TRUE(sql.as<CreateView>(1).recursive);
}

TEST(MaterializedView, Refresh) {
  const Sql sql("REFRESH MATERIALIZED VIEW CONCURRENTLY s.m; REFRESH MATERIALIZED VIEW m WITH NO DATA");
  EXPECT_EQ(shown(sql, sql.as<RefreshMaterializedView>(0).name), "s.m @ s.m");
  EXPECT_TRUE(sql.as<RefreshMaterializedView>(0).concurrently);
  EXPECT_TRUE(sql.as<RefreshMaterializedView>(0).with_data);
  EXPECT_FALSE(sql.as<RefreshMaterializedView>(1).with_data);
}

TEST(Sequence, CreateAndAlter) {
  const Sql sql(
      "CREATE TEMP SEQUENCE IF NOT EXISTS t OWNED BY s.t.c; ALTER SEQUENCE IF EXISTS q AS bigint RESTART WITH 5; ALTER "
      "SEQUENCE q OWNED BY NONE;"
      "ALTER SEQUENCE q OWNED BY t.id");
  const auto& created = sql.as<CreateSequence>(0);
  EXPECT_EQ(created.persistence, Persistence::temporary);
  EXPECT_TRUE(created.if_not_exists);
  EXPECT_EQ(shown(sql, *created.owned_by_table), "s.t @ s.t");
  EXPECT_EQ(created.owned_by_column, "c");
  const auto& altered = sql.as<AlterSequence>(1);
  EXPECT_EQ(shown(sql, altered.name), "q @ q");
  EXPECT_TRUE(altered.if_exists && altered.restart && altered.changes_type);
  EXPECT_FALSE(altered.owned_by_table);
  EXPECT_TRUE(sql.as<AlterSequence>(2).owned_by_none);
  EXPECT_EQ(shown(sql, *sql.as<AlterSequence>(3).owned_by_table), "t @ t");
  EXPECT_EQ(sql.as<AlterSequence>(3).owned_by_column, "id");
}

TEST(CreateStatistics, Fields) {
  const Sql sql("CREATE STATISTICS IF NOT EXISTS s.st (ndistinct) ON a, b FROM t; CREATE STATISTICS ON a, (b + 1) FROM t");
  EXPECT_EQ(shown(sql, sql.as<CreateStatistics>(0).name), "s.st @ s.st");
  EXPECT_TRUE(sql.as<CreateStatistics>(0).if_not_exists);
  EXPECT_THAT(sql.as<CreateStatistics>(0).columns, ElementsAre("a", "b"));
  EXPECT_THAT(shown(sql, sql.as<CreateStatistics>(0).tables), ElementsAre("t @ t"));
  EXPECT_EQ(sql.as<CreateStatistics>(1).name.name, "");
  EXPECT_THAT(sql.as<CreateStatistics>(1).columns, ElementsAre("a"));
}

TEST(Reindex, Targets) {
  const Sql sql(
      "REINDEX INDEX CONCURRENTLY s.i; REINDEX TABLE t; REINDEX (CONCURRENTLY) SCHEMA s; REINDEX DATABASE d; REINDEX "
      "SYSTEM");
  EXPECT_EQ(sql.as<Reindex>(0).target, Reindex::Target::index);
  EXPECT_TRUE(sql.as<Reindex>(0).concurrently);
  EXPECT_EQ(shown(sql, sql.as<Reindex>(0).name), "s.i @ s.i");
  EXPECT_EQ(sql.as<Reindex>(1).target, Reindex::Target::table);
  EXPECT_FALSE(sql.as<Reindex>(1).concurrently);
  EXPECT_EQ(sql.as<Reindex>(2).target, Reindex::Target::schema);
  EXPECT_TRUE(sql.as<Reindex>(2).concurrently);
  EXPECT_EQ(shown(sql, sql.as<Reindex>(2).name), "s @ s");
  EXPECT_EQ(sql.as<Reindex>(3).target, Reindex::Target::database);
  EXPECT_EQ(sql.as<Reindex>(4).target, Reindex::Target::system);
}

TEST(Types, EnumsRangesComposites) {
  const Sql sql(
      "CREATE TYPE s.mood AS ENUM ('sad', 'é'); ALTER TYPE mood ADD VALUE IF NOT EXISTS 'ok' BEFORE 'sad'; ALTER TYPE "
      "mood RENAME VALUE 'a' TO 'b';"
      "ALTER TYPE mood ADD VALUE 'x'; CREATE TYPE r AS RANGE (subtype = int4); CREATE TYPE c AS (a int, b "
      "numeric(4,1)); CREATE TYPE base");
  EXPECT_EQ(shown(sql, sql.as<CreateEnum>(0).name), "s.mood @ s.mood");
  EXPECT_THAT(sql.as<CreateEnum>(0).labels, ElementsAre("sad", "é"));
  const auto& added = sql.as<AlterEnum>(1);
  EXPECT_EQ(shown(sql, added.name), "mood @ mood");
  EXPECT_EQ(added.new_label, "ok");
  EXPECT_EQ(added.neighbor, "sad");
  EXPECT_FALSE(added.after);
  EXPECT_TRUE(added.if_not_exists);
  EXPECT_EQ(sql.as<AlterEnum>(2).old_label, "a");
  EXPECT_EQ(sql.as<AlterEnum>(2).new_label, "b");
  EXPECT_EQ(sql.as<AlterEnum>(3).neighbor, "");
  EXPECT_TRUE(sql.as<AlterEnum>(3).after);
  EXPECT_EQ(shown(sql, sql.as<CreateRange>(4).name), "r @ r");
  EXPECT_EQ(sql.as<CreateComposite>(5).columns.at(1).name, "b");
  EXPECT_EQ(sql.at(sql.as<CreateComposite>(5).columns.at(1).span), "b numeric(4,1)");
  EXPECT_EQ(sql.as<OtherStatement>(6).tag, "CREATE TYPE");
}

TEST(Types, Domains) {
  const Sql sql(
      "CREATE DOMAIN s.d AS text COLLATE \"C\" DEFAULT 'x' NOT NULL CONSTRAINT k CHECK (value <> ''); ALTER DOMAIN d "
      "SET DEFAULT 1; ALTER DOMAIN d DROP DEFAULT;"
      "ALTER DOMAIN d SET NOT NULL; ALTER DOMAIN d DROP NOT NULL; ALTER DOMAIN s.d ADD CONSTRAINT k CHECK (value > 0) "
      "NOT VALID;"
      "ALTER DOMAIN d DROP CONSTRAINT IF EXISTS k; ALTER DOMAIN d VALIDATE CONSTRAINT k");
  const auto& domain = sql.as<CreateDomain>(0);
  EXPECT_EQ(shown(sql, domain.name), "s.d @ s.d");
  EXPECT_EQ(domain.base.name, "text");
  EXPECT_EQ(domain.collation, "C");
  EXPECT_EQ(domain.default_value.literal(), "x");
  EXPECT_TRUE(domain.not_null);
  ASSERT_THAT(domain.constraints, SizeIs(2));
  EXPECT_EQ(domain.constraints[1].name, "k");
  EXPECT_EQ(sql.at(domain.constraints[1].span), "CONSTRAINT k CHECK (value <> '')");
  using Action = AlterDomain::Action;
  EXPECT_EQ(sql.as<AlterDomain>(1).action, Action::set_default);
  EXPECT_EQ(sql.as<AlterDomain>(1).default_value.literal(), "1");
  EXPECT_EQ(sql.as<AlterDomain>(2).action, Action::drop_default);
  EXPECT_EQ(sql.as<AlterDomain>(3).action, Action::set_not_null);
  EXPECT_EQ(sql.as<AlterDomain>(4).action, Action::drop_not_null);
  EXPECT_EQ(sql.as<AlterDomain>(5).action, Action::add_constraint);
  EXPECT_TRUE(sql.as<AlterDomain>(5).constraint->not_valid);
  EXPECT_EQ(sql.as<AlterDomain>(5).constraint->expression.text(), "value > 0");
  EXPECT_EQ(sql.as<AlterDomain>(6).action, Action::drop_constraint);
  EXPECT_TRUE(sql.as<AlterDomain>(6).missing_ok);
  EXPECT_EQ(sql.as<AlterDomain>(7).action, Action::validate_constraint);
  EXPECT_EQ(sql.as<AlterDomain>(7).constraint_name, "k");
}

TEST(OtherStatement, HasItsTag) {
  const Sql sql(
      "CREATE DATABASE d; ALTER SYSTEM SET a = 1; EXPLAIN ANALYZE DELETE FROM t; PREPARE p AS SELECT 1; DECLARE c "
      "CURSOR FOR SELECT 1;"
      "CREATE AGGREGATE a (int) (sfunc = f, stype = int); GRANT a TO b; CHECKPOINT; ALTER DEFAULT PRIVILEGES GRANT "
      "SELECT ON TABLES TO x");
  const char* const tags[] = {"CREATE DATABASE", "ALTER SYSTEM",   "EXPLAIN",
                              "PREPARE",         "DECLARE CURSOR", "CREATE AGGREGATE",
                              "GRANT ROLE",      "CHECKPOINT",     "ALTER DEFAULT PRIVILEGES"};
  for (std::size_t i = 0; i < std::size(tags); ++i) {
    EXPECT_EQ(sql.as<OtherStatement>(i).tag, tags[i]);
    EXPECT_EQ(sql.statement(i).tag(), tags[i]);
  }
}

}  // namespace
}  // namespace cupel::sql
