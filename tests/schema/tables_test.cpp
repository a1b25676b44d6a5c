// CREATE TABLE, ADD COLUMN and the names that PostgreSQL chooses.
#include "replayed.h"

#include <ostream>

namespace cupel::schema {
namespace {

struct Case {
  std::string_view sql;
  std::string_view columns, constraints, indexes;
};

void PrintTo(const Case& printed, std::ostream* out) { *out << printed.sql; }

class CreateTable : public testing::TestWithParam<Case> {};

TEST_P(CreateTable, MakesWhatPostgresMakes) {
  const Case& expected = GetParam();
  const Replayed schema(expected.sql);
  EXPECT_EQ(schema.columns("t"), expected.columns) << expected.sql;
  EXPECT_EQ(schema.constraints("t"), expected.constraints) << expected.sql;
  EXPECT_EQ(schema.indexes("t"), expected.indexes) << expected.sql;
}

INSTANTIATE_TEST_SUITE_P(
    Definitions, CreateTable,
    testing::Values(
        Case{"CREATE TABLE t (a int, b varchar(20)[], c numeric(10,2), d \"char\", e citext)",
             "a int4, b varchar(20)[], c numeric(10,2), d char, e ?.citext", "", ""},
        Case{"CREATE TABLE t (id bigserial PRIMARY KEY, s smallserial)", "id int8 not null default, s int2 not null default",
             "t_pkey primary key (id)", "t_pkey (id)"},
        Case{"CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, g int GENERATED ALWAYS AS (id + 1) STORED, n int DEFAULT NULL)",
             "id int4 not null default, g int4 default, n int4", "", ""},
        Case{"CREATE TABLE t (a int UNIQUE, b int, c int, UNIQUE (b, c), UNIQUE (b, c), PRIMARY KEY (c))",
             "a int4, b int4, c int4 not null", "t_pkey primary key (c), t_a_key unique (a), t_b_c_key unique (b, c)",
             "t_pkey (c), t_a_key (a), t_b_c_key (b, c)"},
        Case{"CREATE TABLE t (a int PRIMARY KEY, CONSTRAINT u UNIQUE (a))", "a int4 not null", "u primary key (a)", "u (a)"},
        Case{"CREATE TABLE t (a int UNIQUE PRIMARY KEY)", "a int4 not null", "t_pkey primary key (a)", "t_pkey (a)"},
        Case{"CREATE TABLE t (a int CHECK (a > 0) CHECK (a < 9), b int, CHECK (a < b), CONSTRAINT mine CHECK (b > 0))", "a int4, b int4",
             "t_a_check check (a), t_a_check1 check (a), t_check check (a, b), mine check (b)", ""},
        Case{"CREATE TABLE t (a int, d tsrange, EXCLUDE USING gist (a WITH =, d WITH &&))", "a int4, d tsrange",
             "t_a_d_excl exclude (a, d)", "t_a_d_excl (a, d)"},
        Case{"CREATE TABLE r (id int PRIMARY KEY); CREATE TABLE t (a int REFERENCES r, b int REFERENCES r (id), FOREIGN KEY (a) REFERENCES "
             "r)",
             "a int4, b int4",
             "t_a_fkey foreign key (a) to r (id), t_b_fkey foreign key (b) to r (id), t_a_fkey1 foreign key (a) to r (id)", ""},
        Case{"CREATE TABLE t (id int PRIMARY KEY, parent int REFERENCES t)", "id int4 not null, parent int4",
             "t_pkey primary key (id), t_parent_fkey foreign key (parent) to t (id)", "t_pkey (id)"},
        Case{"CREATE TABLE t (a int, b text); CREATE INDEX ON t (a); CREATE INDEX ON t (a); CREATE INDEX ON t (lower(b), (a + 1), (a - 1)) "
             "INCLUDE (a)",
             "a int4, b text", "", "t_a_idx (a), t_a_idx1 (a), t_lower_expr_expr1_a_idx (…, …, …)"},
        Case{"CREATE TABLE t (a int, b text); CREATE INDEX ON t ((b::varchar(9))); CREATE INDEX ON t (coalesce(b, '')); CREATE INDEX ON t "
             "(b COLLATE \"C\")",
             "a int4, b text", "", "t_b_idx (…), t_coalesce_idx (…), t_b_idx1 (b)"},
        Case{"CREATE SEQUENCE t_a_seq; CREATE TABLE t (a serial)", "a int4 not null default", "", ""},
        Case{"CREATE TYPE pair AS (x int, y text); CREATE TABLE t OF pair", "x int4, y text", "", ""},
        Case{"CREATE TABLE s (a int NOT NULL DEFAULT 1 CHECK (a > 0), b int PRIMARY KEY); CREATE TABLE t (z int, LIKE s)",
             "z int4, a int4 not null, b int4 not null", "", ""},
        Case{"CREATE TABLE s (a int NOT NULL DEFAULT 1 CHECK (a > 0), b int PRIMARY KEY); CREATE TABLE t (LIKE s INCLUDING ALL, z int)",
             "a int4 not null default, b int4 not null, z int4", "s_a_check check (a), t_pkey primary key (b)", "t_pkey (b)"},
        Case{"CREATE TABLE p (a int NOT NULL CHECK (a > 0), b int PRIMARY KEY); CREATE TABLE t (c int) INHERITS (p)",
             "a int4 not null, b int4 not null, c int4", "p_a_check check (a) inherited", ""},
        Case{"CREATE TABLE t AS SELECT 1::bigint AS a, 'x'::text b, now()", "a int8, b text, now ?.", "", ""},
        Case{"CREATE TABLE s (a int, b uuid); CREATE TABLE t AS SELECT * FROM s", "a int4, b uuid", "", ""},
        Case{"CREATE TABLE s (a int, b uuid); SELECT b AS id, a INTO t FROM s", "id uuid, a int4", "", ""}));

TEST(Naming, SequencesOfSerialColumnsAreNumbered) {
  const Replayed schema("CREATE SEQUENCE t_a_seq; CREATE TABLE t (a serial)");
  EXPECT_EQ(schema.relations(), "t_a_seq, t, t_a_seq1");
  EXPECT_EQ(schema.at("t_a_seq1").owner_column, "a");
}

TEST(Naming, CutsTheLongerPartToSixtyThreeBytes) {
  const std::string table(60, 'a');
  const std::string column = "col_" + std::string(40, 'b');
  Replayed schema("CREATE TABLE " + table + " (" + column + " int UNIQUE, x int)");
  schema.run("CREATE INDEX ON " + table + " (" + column + ")");
  // As PostgreSQL 18 named them.
  EXPECT_EQ(schema.indexes(table), std::string(29, 'a') + "_col_" + std::string(25, 'b') + "_key (" + column + "), " +
                                       std::string(29, 'a') + "_col_" + std::string(25, 'b') + "_idx (" + column + ")");
}

TEST(Naming, DoesNotCutInsideACharacter) {
  std::string table;
  for (int i = 0; i < 31; ++i) table += "é";
  const Replayed schema("CREATE TABLE \"" + table + "\" (id int PRIMARY KEY)");
  EXPECT_EQ(schema.indexes(table), table.substr(0, 58) + "_pkey (id)");
}

TEST(Naming, ConstraintNamesAreUniqueInTheirSchema) {
  const Replayed schema(
      "CREATE TABLE a_b (c int CHECK (c > 0)); CREATE TABLE a (b_c int CHECK (b_c > 0)); CREATE SCHEMA s; CREATE TABLE s.a (b_c int CHECK "
      "(b_c > 0))");
  EXPECT_EQ(schema.constraints("a_b"), "a_b_c_check check (c)");
  EXPECT_EQ(schema.constraints("a"), "a_b_c_check1 check (b_c)");
  EXPECT_EQ(schema.constraints("s.a"), "a_b_c_check check (b_c)");
}

TEST(Naming, NotNullConstraintsGiveWayToWrittenNames) {
  Replayed schema("CREATE TABLE t (a int NOT NULL, b int CONSTRAINT named NOT NULL, c serial)");
  EXPECT_EQ(schema.not_nulls("t"), "t_a_not_null, named, t_c_not_null");
  EXPECT_EQ(schema.run("ALTER TABLE t ADD CONSTRAINT t_a_not_null CHECK (a IS NOT NULL)"), "");
  EXPECT_EQ(schema.not_nulls("t"), "t_a_not_null1, named, t_c_not_null");
}

TEST(AddColumn, AddsItsConstraints) {
  Replayed schema("CREATE TABLE r (id int PRIMARY KEY); CREATE TABLE t (a int)");
  schema.run("ALTER TABLE t ADD COLUMN b int NOT NULL DEFAULT 0 CHECK (b >= 0) UNIQUE REFERENCES r, ADD c serial");
  EXPECT_EQ(schema.columns("t"), "a int4, b int4 not null default, c int4 not null default");
  EXPECT_EQ(schema.constraints("t"), "t_b_check check (b), t_b_key unique (b), t_b_fkey foreign key (b) to r (id)");
  EXPECT_EQ(schema.relations(), "r, t, t_c_seq");
}

TEST(AddColumn, KnowsWhatIsThere) {
  Replayed schema("CREATE TABLE t (a int)");
  EXPECT_EQ(schema.run("ALTER TABLE t ADD COLUMN a int"), "42701 column \"a\" of relation \"t\" already exists");
  EXPECT_EQ(schema.run("ALTER TABLE t ADD COLUMN IF NOT EXISTS a int, ADD COLUMN IF NOT EXISTS b int"), "");
  EXPECT_EQ(schema.run("DO $$ BEGIN IF true THEN ALTER TABLE t ADD COLUMN b text; END IF; END $$"), "");
  EXPECT_EQ(schema.run("DO $$ BEGIN ALTER TABLE t ADD COLUMN b text; EXCEPTION WHEN duplicate_column THEN NULL; END $$"), "");
  EXPECT_EQ(schema.columns("t"), "a int4, b int4");
}

TEST(AlterTable, RunsItsActionsInPasses) {
  Replayed schema("CREATE TABLE t (a int)");
  EXPECT_EQ(schema.run("ALTER TABLE t ADD CONSTRAINT c CHECK (b > 0), ALTER COLUMN b SET NOT NULL, ADD COLUMN b int, DROP COLUMN a"), "");
  EXPECT_EQ(schema.columns("t"), "b int4 not null");
}

TEST(CreateTableTest, ExistingOnesContradict) {
  Replayed schema("CREATE TABLE t (a int)");
  EXPECT_EQ(schema.run("CREATE TABLE t (b int)"), "42P07 relation \"t\" already exists");
  EXPECT_EQ(schema.run("CREATE TABLE IF NOT EXISTS t (b int)"), "");
  EXPECT_EQ(schema.columns("t"), "a int4");
  EXPECT_EQ(schema.run("CREATE TABLE u (a int, a int)"), "42701 column \"a\" specified more than once");
  EXPECT_EQ(schema.run("CREATE TYPE e AS ENUM (); CREATE TABLE e (a int)"), "42710 type \"e\" already exists");
  EXPECT_EQ(schema.run("CREATE TABLE s.t (a int)"), "3F000 schema \"s\" does not exist");
  EXPECT_EQ(schema.run("CREATE TABLE s.u (a int)"), "");
}

TEST(Incomplete, UnknownTablesAreMetOnce) {
  Replayed schema;
  EXPECT_EQ(schema.run("ALTER TABLE t ADD COLUMN a int"), "42P01 relation \"t\" does not exist");
  EXPECT_TRUE(schema.at("t").incomplete);
  EXPECT_EQ(schema.run("ALTER TABLE t ALTER b SET NOT NULL, DROP COLUMN c, DROP CONSTRAINT x; CREATE INDEX i ON t (d)"), "");
  EXPECT_EQ(schema.columns("t"), "a int4, b ?. not null");
  // The definition comes late, or from another place: it is what counts then.
  EXPECT_EQ(schema.run("CREATE TABLE t (z int)"), "");
  EXPECT_FALSE(schema.at("t").incomplete);
  EXPECT_EQ(schema.columns("t"), "z int4");
  EXPECT_EQ(schema.indexes("t"), "");
}

TEST(Incomplete, SystemCatalogsAreNoContradiction) {
  Replayed schema;
  EXPECT_EQ(schema.run("SELECT * FROM pg_class, pg_catalog.pg_type, information_schema.tables"), "");
  EXPECT_EQ(schema.run("WITH c AS (SELECT 1) SELECT * FROM c"), "");
}

}  // namespace
}  // namespace cupel::schema
