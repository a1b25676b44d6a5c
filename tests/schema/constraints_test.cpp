// Constraints and indexes after the table is there.
#include "replayed.h"

#include <ostream>

namespace cupel::schema {
namespace {

struct Refused {
  std::string_view setup, statement, contradiction;
};
void PrintTo(const Refused& printed, std::ostream* out) { *out << printed.statement; }

class Refusal : public testing::TestWithParam<Refused> {};

// What a server would refuse is not applied, and why is said in its words.
TEST_P(Refusal, SaysWhatPostgresSays) {
  const Refused& expected = GetParam();
  Replayed schema(expected.setup);
  const std::string before = schema.columns("t") + schema.constraints("t") + schema.indexes("t");
  EXPECT_EQ(schema.run(expected.statement), expected.contradiction) << expected.statement;
  EXPECT_EQ(schema.columns("t") + schema.constraints("t") + schema.indexes("t"), before) << expected.statement;
}

INSTANTIATE_TEST_SUITE_P(
    Statements, Refusal,
    testing::Values(
        Refused{"CREATE TABLE t (a int PRIMARY KEY)", "ALTER TABLE t ADD PRIMARY KEY (a)",
                "42P16 multiple primary keys for table \"t\" are not allowed"},
        Refused{"CREATE TABLE t (a int)", "ALTER TABLE t ADD UNIQUE (b)", "42703 column \"b\" named in key does not exist"},
        Refused{"CREATE TABLE t (a int)", "ALTER TABLE t ADD CHECK (b > 0)", "42703 column \"b\" does not exist"},
        Refused{"CREATE TABLE t (a int)", "CREATE INDEX ON t (b)", "42703 column \"b\" does not exist"},
        Refused{"CREATE TABLE t (a int); CREATE INDEX i ON t (a)", "CREATE INDEX i ON t (a)", "42P07 relation \"i\" already exists"},
        Refused{"CREATE TABLE t (a int); CREATE INDEX i ON t (a)", "CREATE INDEX IF NOT EXISTS i ON t (a)", ""},
        Refused{"CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0))", "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 1)",
                "42710 constraint \"c\" for relation \"t\" already exists"},
        Refused{"CREATE TABLE t (a int); CREATE TABLE u (a int)", "ALTER TABLE t ADD CONSTRAINT u UNIQUE (a)",
                "42P07 relation \"u\" already exists"},
        Refused{"CREATE TABLE t (a int)", "ALTER TABLE t ADD UNIQUE USING INDEX i", "42704 index \"i\" does not exist"},
        Refused{"CREATE TABLE t (a int); CREATE INDEX i ON t (a)", "ALTER TABLE t ADD UNIQUE USING INDEX i",
                "42809 \"i\" is not a unique index"},
        Refused{"CREATE TABLE t (a int); CREATE UNIQUE INDEX i ON t (a) WHERE a > 0", "ALTER TABLE t ADD UNIQUE USING INDEX i",
                "42809 \"i\" is a partial index"},
        Refused{"CREATE TABLE t (a int); CREATE TABLE r (b int)", "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES r",
                "42704 there is no primary key for referenced table \"r\""},
        Refused{"CREATE TABLE t (a int); CREATE TABLE r (b int)", "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES r (b)",
                "42830 there is no unique constraint matching given keys for referenced table \"r\""},
        Refused{"CREATE TABLE t (a int); CREATE TABLE r (b int)", "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES r (c)",
                "42703 column \"c\" referenced in foreign key constraint does not exist"},
        Refused{"CREATE TABLE t (a int)", "ALTER TABLE t VALIDATE CONSTRAINT c", "42704 constraint \"c\" of relation \"t\" does not exist"},
        Refused{"CREATE TABLE t (a int)", "ALTER TABLE t DROP CONSTRAINT c", "42704 constraint \"c\" of relation \"t\" does not exist"},
        Refused{"CREATE TABLE t (a int)", "ALTER TABLE t DROP CONSTRAINT IF EXISTS c", ""},
        Refused{"CREATE TABLE t (a int)", "ALTER TABLE t ALTER COLUMN b DROP NOT NULL",
                "42703 column \"b\" of relation \"t\" does not exist"},
        Refused{"CREATE TABLE t (a int PRIMARY KEY)", "ALTER TABLE t ALTER COLUMN a DROP NOT NULL",
                "42P16 column \"a\" is in a primary key"},
        Refused{"CREATE TABLE t (a int)", "ALTER TABLE t ALTER a ADD GENERATED ALWAYS AS IDENTITY",
                "55000 column \"a\" of relation \"t\" must be declared NOT NULL before identity can be added"},
        Refused{"CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t", "ALTER TABLE t ALTER a TYPE bigint",
                "0A000 cannot alter type of a column used by a view or rule"},
        Refused{"CREATE TABLE t (a int, g int GENERATED ALWAYS AS (a + 1) STORED)", "ALTER TABLE t ALTER a TYPE bigint",
                "0A000 cannot alter type of a column used by a generated column"},
        Refused{"CREATE TABLE t (a int) PARTITION BY LIST (a)", "ALTER TABLE t ADD PRIMARY KEY (b)",
                "42703 column \"b\" named in key does not exist"},
        Refused{"CREATE TABLE t (a int, b int) PARTITION BY LIST (a)", "ALTER TABLE t ADD UNIQUE (b)",
                "0A000 unique constraint on partitioned table must include all partitioning columns"},
        Refused{"CREATE TABLE t (a int); CREATE TABLE c () INHERITS (t)", "ALTER TABLE ONLY t ADD CHECK (a > 0)",
                "42P16 constraint must be added to child tables too"},
        Refused{"CREATE TABLE t (a int)", "INSERT INTO t (a, b) VALUES (1, 2)", "42703 column \"b\" of relation \"t\" does not exist"},
        Refused{"CREATE TABLE t (a int)", "UPDATE t SET b = 1", "42703 column \"b\" of relation \"t\" does not exist"},
        Refused{"CREATE TABLE t (a int)", "DO $$ BEGIN ALTER TABLE t DROP CONSTRAINT c; EXCEPTION WHEN OTHERS THEN NULL; END $$", ""}));

TEST(Constraints, NotValidAndValidate) {
  Replayed schema("CREATE TABLE t (a int, b int); CREATE TABLE r (id int PRIMARY KEY)");
  schema.run("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID, ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES r NOT VALID");
  EXPECT_EQ(schema.constraints("t"), "c check (a) not valid, f foreign key (b) to r (id) not valid");
  schema.run("ALTER TABLE t VALIDATE CONSTRAINT c, VALIDATE CONSTRAINT f");
  EXPECT_EQ(schema.constraints("t"), "c check (a), f foreign key (b) to r (id)");
}

TEST(Constraints, NotNullNotValidAndValidate) {
  if (sql::parser_version_number() < 180000)
    GTEST_SKIP() << "SKIPPED: needs the grammar of PostgreSQL 18, this build has " << sql::parser_version();
  Replayed schema("CREATE TABLE t (a int, b int)");
  schema.run("ALTER TABLE t ADD CONSTRAINT n NOT NULL a NOT VALID");
  EXPECT_TRUE(schema.at("t").find_column("a")->not_null);
  EXPECT_FALSE(schema.at("t").find_column("a")->not_null_validated);
  schema.run("ALTER TABLE t VALIDATE CONSTRAINT n");
  EXPECT_TRUE(schema.at("t").find_column("a")->not_null_validated);
}

TEST(Constraints, UsingIndexTakesTheIndex) {
  Replayed schema("CREATE TABLE t (a int, b int); CREATE UNIQUE INDEX i ON t (a); CREATE UNIQUE INDEX j ON t (b)");
  EXPECT_EQ(schema.run("ALTER TABLE t ADD CONSTRAINT pk PRIMARY KEY USING INDEX i, ADD UNIQUE USING INDEX j"), "");
  EXPECT_EQ(schema.constraints("t"), "pk primary key (a), j unique (b)");
  EXPECT_EQ(schema.indexes("t"), "pk (a), j (b)");
  EXPECT_EQ(schema.columns("t"), "a int4 not null, b int4");
  EXPECT_EQ(schema.at("t").find_constraint("pk")->index, schema.at("pk").id);
}

TEST(Constraints, ForeignKeysAreKnownByWhatTheyReference) {
  Replayed schema("CREATE TABLE r (id int PRIMARY KEY); CREATE TABLE t (a int REFERENCES r ON DELETE CASCADE, b int REFERENCES r)");
  const auto references = schema.database().referencing(schema.at("r").id);
  ASSERT_EQ(references.size(), 2U);
  EXPECT_EQ(references[0].table, schema.at("t").id);
  EXPECT_EQ(references[0].constraint->on_delete, sql::ForeignKeyAction::cascade);
  schema.run("ALTER TABLE t DROP CONSTRAINT t_a_fkey");
  EXPECT_EQ(schema.database().referencing(schema.at("r").id).size(), 1U);
}

TEST(Constraints, CheckProvesNotNullThroughRenames) {
  Replayed schema("CREATE TABLE t (a int, b int, CONSTRAINT c CHECK (a IS NOT NULL AND b > 0))");
  auto proves = [&schema](std::string_view column) { return schema.at("t").find_constraint("c")->implies_not_null(column); };
  EXPECT_TRUE(proves("a"));
  EXPECT_FALSE(proves("b"));
  schema.run("ALTER TABLE t RENAME a TO x");
  EXPECT_TRUE(proves("x"));
  EXPECT_FALSE(proves("a"));
  schema.run("ALTER TABLE t RENAME b TO a");
  EXPECT_TRUE(proves("x"));
  EXPECT_FALSE(proves("a"));
  schema.run("ALTER TABLE t RENAME x TO b");
  EXPECT_TRUE(proves("b"));
  EXPECT_FALSE(proves("a"));
}

TEST(Columns, DefaultsTypesAndIdentity) {
  Replayed schema("CREATE TABLE t (id int NOT NULL, a varchar(10) DEFAULT 'x')");
  schema.run("ALTER TABLE t ALTER a DROP DEFAULT, ALTER a TYPE text, ALTER id ADD GENERATED BY DEFAULT AS IDENTITY");
  EXPECT_EQ(schema.columns("t"), "id int4 not null default, a text");
  EXPECT_EQ(schema.relations(), "t, t_id_seq");
  schema.run("ALTER TABLE t ALTER id DROP IDENTITY, ALTER a SET DEFAULT 'y', ALTER id DROP NOT NULL");
  EXPECT_EQ(schema.columns("t"), "id int4, a text default");
  EXPECT_EQ(schema.relations(), "t");
  EXPECT_EQ(schema.run("ALTER TABLE t ALTER a DROP IDENTITY"), "55000 column \"a\" of relation \"t\" is not an identity column");
}

TEST(Columns, PropertiesOfTables) {
  Replayed schema("CREATE TABLE t (a int PRIMARY KEY); CREATE UNLOGGED TABLE u ()");
  EXPECT_EQ(schema.at("u").persistence, sql::Persistence::unlogged);
  schema.run("ALTER TABLE u SET LOGGED; ALTER TABLE t ENABLE ROW LEVEL SECURITY, CLUSTER ON t_pkey, REPLICA IDENTITY USING INDEX t_pkey");
  EXPECT_EQ(schema.at("u").persistence, sql::Persistence::permanent);
  EXPECT_TRUE(schema.at("t").row_security);
  EXPECT_TRUE(schema.at("t_pkey").index->clustered);
  EXPECT_TRUE(schema.at("t_pkey").index->replica_identity);
}

TEST(Indexes, LeftInvalidByHand) {
  Replayed schema(
      "CREATE TABLE t (a int); CREATE INDEX i ON t (a); UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'i'::regclass");
  EXPECT_EQ(schema.indexes("t"), "i (a) invalid");
}

}  // namespace
}  // namespace cupel::schema
