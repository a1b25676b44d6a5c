// Two schemas compared, both from statements; tests/execute compares with real servers.
#include "schema/comparison.h"

#include "replayed.h"

#include <gtest/gtest.h>

namespace cupel::schema {
namespace {

std::string differences(std::string_view expected, std::string_view found) {
  Replayed left(expected), right(found);
  std::string result;
  for (const Difference& difference : compare(left.database(), right.database(), {"A", "B"})) {
    result += (difference.certainty == Difference::Certainty::certain ? "" : std::string(name(difference.certainty)) + ": ") +
              difference.message + "\n";
  }
  return result;
}

// How two conditions compare: "same", "different" or "unsure".
std::string conditions(std::string_view left, std::string_view right) {
  const auto table = [](std::string_view condition) {
    return "CREATE TABLE t (a int, b text, c boolean, d date, CONSTRAINT c CHECK (" + std::string(condition) + "))";
  };
  const std::string found = differences(table(left), table(right));
  return found.empty() ? "same" : found.starts_with("unsure") ? "unsure" : "different";
}

TEST(SchemaComparison, SaysInWordsWhatDiffers) {
  EXPECT_EQ(differences("CREATE TABLE orders (note text NOT NULL, total numeric(10))",
                        "CREATE TABLE orders (note varchar(50), total numeric(10, 0) DEFAULT 1)"),
            "column orders.note: type is text in A, character varying(50) in B\n"
            "column orders.note: constraint is NOT NULL in A, no NOT NULL in B\n"
            "column orders.total: default is nothing in A, 1 in B\n");
  EXPECT_EQ(differences("CREATE TABLE a ()", "CREATE VIEW b AS SELECT 1 AS x"), "table a: in A, not in B\nview b: in B, not in A\n");
  EXPECT_EQ(differences("CREATE TYPE mood AS ENUM ('sad', 'ok')", "CREATE TYPE mood AS ENUM ('ok', 'sad')"),
            "type mood: list of labels is ('sad', 'ok') in A, ('ok', 'sad') in B\n");
  EXPECT_EQ(differences("CREATE SEQUENCE s; CREATE SCHEMA x", ""), "sequence s: in A, not in B\nschema x: in A, not in B\n");
}

TEST(SchemaComparison, OrderOfColumnsIsInformation) {
  EXPECT_EQ(differences("CREATE TABLE t (a int, b int)", "CREATE TABLE t (b int, a int)"),
            "information: table t: order of columns is (a, b) in A, (b, a) in B\n");
}

TEST(SchemaComparison, Constraints) {
  EXPECT_EQ(differences("CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0)); CREATE TABLE r (id int PRIMARY KEY); ALTER TABLE t ADD "
                        "CONSTRAINT f FOREIGN KEY (a) REFERENCES r ON DELETE CASCADE",
                        "CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID; CREATE TABLE r (id int PRIMARY "
                        "KEY); ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES r DEFERRABLE"),
            "constraint t.c: state is validated in A, NOT VALID in B\n"
            "constraint t.f: timing is NOT DEFERRABLE in A, DEFERRABLE in B\n"
            "constraint t.f: ON DELETE is CASCADE in A, NO ACTION in B\n");
}

TEST(SchemaComparison, Partitions) {
  const auto partition = [](std::string_view bound) {
    return "CREATE TABLE t (d timestamptz, n int) PARTITION BY RANGE (d); CREATE TABLE p PARTITION OF t FOR VALUES FROM ('2026-01-01') TO "
           "(" +
           std::string(bound) + ")";
  };
  EXPECT_EQ(differences(partition("'2027-01-01'"), partition("'2027-01-01 00:00:00+00'")), "");
  EXPECT_EQ(differences(partition("'2027-01-01'"), partition("MAXVALUE")),
            "unsure: table p: bound is FROM ('2026-01-01') TO ('2027-01-01') in A, FROM ('2026-01-01') TO (maxvalue) in B; whether that is "
            "the same cannot be told\n");
  EXPECT_EQ(differences("CREATE TABLE t (a int, b int) PARTITION BY LIST (a)", "CREATE TABLE t (a int, b int) PARTITION BY HASH (a)"),
            "partitioned table t: partition key is LIST (a) in A, HASH (a) in B\n");
}

TEST(SchemaComparison, Indexes) {
  constexpr std::string_view table = "CREATE TABLE t (a int, b text); ";
  EXPECT_EQ(differences(std::string(table) + "CREATE INDEX i ON t (a) WHERE b = 'x'",
                        std::string(table) + "CREATE UNIQUE INDEX i ON t (a, b) WHERE b = 'y'"),
            "index i: uniqueness is not UNIQUE in A, UNIQUE in B\n"
            "index i: key is (a) in A, (a, b) in B\n"
            "index i: predicate is b = 'x' in A, b = 'y' in B\n");
  // A server leaves out the operator class that is the default.
  EXPECT_EQ(differences(std::string(table) + "CREATE INDEX i ON t (b text_ops)", std::string(table) + "CREATE INDEX i ON t (b)"),
            "unsure: index i: key is (b text_ops) in A, (b) in B; whether that is the same cannot be told\n");
}

TEST(SchemaComparison, FunctionsViewsAndTriggers) {
  constexpr std::string_view begin =
      "CREATE TABLE t (a int); CREATE TABLE u (a int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; ";
  EXPECT_EQ(differences(std::string(begin) +
                            "CREATE VIEW v AS SELECT a FROM t; CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
                        std::string(begin) + "CREATE VIEW v AS SELECT a FROM u; CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW EXECUTE "
                                             "FUNCTION f(); ALTER TABLE t DISABLE TRIGGER g"),
            "trigger t.g: event is BEFORE INSERT FOR EACH ROW in A, AFTER INSERT FOR EACH ROW in B\n"
            "trigger t.g: state is enabled in A, disabled in B\n"
            "view v: what it reads is t in A, u in B\n");
  EXPECT_EQ(differences("CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'",
                        "CREATE FUNCTION f(int4) RETURNS int LANGUAGE sql AS 'SELECT 2'"),
            "function f(integer): volatility is IMMUTABLE in A, VOLATILE in B\nfunction f(integer): body is one in A, another in B\n");
}

TEST(SchemaComparison, AfterDynamicSqlNothingIsCertain) {
  EXPECT_EQ(differences("DO $$ BEGIN EXECUTE format('CREATE TABLE %I ()', current_user); END $$", "CREATE TABLE t ()").substr(0, 7),
            "unsure:");
}

TEST(SchemaComparison, ExpressionsOfOneMeaning) {
  EXPECT_EQ(conditions("b IN ('x', 'y')", "((b)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[]))"), "same");
  EXPECT_EQ(conditions("b IN ('x')", "(b = 'x'::text)"), "same");
  EXPECT_EQ(conditions("b NOT IN ('x', 'y')", "(b <> ALL (ARRAY['x'::text, 'y'::text]))"), "same");
  EXPECT_EQ(conditions("a BETWEEN 1 AND 10 AND c", "((a >= 1) AND (a <= 10) AND c)"), "same");
  EXPECT_EQ(conditions("a NOT BETWEEN 1 AND 10", "((a < 1) OR (a > 10))"), "same");
  EXPECT_EQ(conditions("b LIKE 'x%'", "(b ~~ 'x%'::text)"), "same");
  EXPECT_EQ(conditions("b NOT ILIKE 'x%'", "(b !~~* 'x%'::text)"), "same");
  EXPECT_EQ(conditions("a IS NOT DISTINCT FROM 1", "(NOT (a IS DISTINCT FROM 1))"), "same");
  EXPECT_EQ(conditions("a IS DISTINCT FROM NULL", "(a IS NOT NULL)"), "same");
  EXPECT_EQ(conditions("a > -1", "(a > '-1'::integer)"), "same");
  EXPECT_EQ(conditions("a <> .5", "((a)::numeric <> 0.5)"), "same");
  EXPECT_EQ(conditions("c = 't'", "(c = true)"), "same");
  EXPECT_EQ(conditions("t.a != 1", "(a <> 1)"), "same");
  EXPECT_EQ(conditions("extract(year FROM d) > 2000", "(date_part('year'::text, d) > (2000)::double precision)"), "same");
  EXPECT_EQ(conditions("CASE WHEN a > 1 THEN c END", "CASE WHEN (a > 1) THEN c ELSE NULL::boolean END"), "same");
  EXPECT_EQ(conditions("f(a)", "public.f(a)"), "same");
}

TEST(SchemaComparison, ExpressionsOfAnotherMeaning) {
  EXPECT_EQ(conditions("a > 0", "a > 1"), "different");
  EXPECT_EQ(conditions("a > 0", "a >= 0"), "different");
  EXPECT_EQ(conditions("a > 0 AND c", "a > 0"), "different");
  EXPECT_EQ(conditions("b IN ('x', 'y')", "b IN ('x', 'y', 'z')"), "different");
  EXPECT_EQ(conditions("b = 'x'", "length(b) = 1"), "different");
}

TEST(SchemaComparison, WhatOnlyAServerCouldTell) {
  // A date may be written in many ways, a subquery too.
  EXPECT_EQ(conditions("d > '2026-1-1'", "(d > '2026-01-01'::date)"), "unsure");
  EXPECT_EQ(conditions("b = ANY ('{x,y}')", "b = ANY (ARRAY['x', 'y'])"), "different") << "an array without its type is a text";
  EXPECT_EQ(conditions("b = ANY ('{x,y}'::text[])", "b = ANY (ARRAY['x', 'y'])"), "unsure");
}

TEST(SchemaComparison, NamesAreThoseOfNow) {
  EXPECT_EQ(differences("CREATE TABLE t (a int CHECK (a > 0)); ALTER TABLE t RENAME a TO b; CREATE TABLE u (x int PRIMARY KEY); "
                        "CREATE TABLE v (u int REFERENCES u); ALTER TABLE u RENAME TO w",
                        "CREATE TABLE t (b int CONSTRAINT t_a_check CHECK (b > 0)); CREATE TABLE w (x int CONSTRAINT u_pkey PRIMARY KEY); "
                        "CREATE TABLE v (u int CONSTRAINT v_u_fkey REFERENCES w)"),
            "");
}

}  // namespace
}  // namespace cupel::schema
