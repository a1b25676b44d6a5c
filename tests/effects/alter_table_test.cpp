#include "effects/effects.h"
#include "sql/script.h"

#include <algorithm>
#include <memory>
#include <string>

#include <gtest/gtest.h>

namespace cupel::effects {
namespace {

// A few tables with rows, then one ALTER TABLE. What is expected was seen on servers of all versions unless a case says
// otherwise.
const std::string tables =
    "CREATE TABLE t (id int PRIMARY KEY, a int, n int NOT NULL, b text, v varchar(20), r int);"
    "CREATE INDEX t_a ON t (a); CREATE INDEX t_v ON t (v);"
    "CREATE TABLE ref (id int PRIMARY KEY, u int);"
    "CREATE TABLE child (id int PRIMARY KEY, t_id int CONSTRAINT child_fk REFERENCES t);"
    "CREATE TABLE pt (id int NOT NULL, k int NOT NULL, v text, r int) PARTITION BY RANGE (k);"
    "CREATE TABLE p1 PARTITION OF pt FOR VALUES FROM (0) TO (10); CREATE TABLE p2 PARTITION OF pt FOR VALUES FROM (10) "
    "TO (20);"
    "CREATE TABLE parent (id int, a int); CREATE TABLE heir (extra int) INHERITS (parent);"
    "CREATE TABLE auto (id serial PRIMARY KEY, a int);"
    "CREATE TABLE ident (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a int);"
    "CREATE TABLE gen (id int PRIMARY KEY, a int, g int GENERATED ALWAYS AS (a * 2) STORED);"
    "INSERT INTO t VALUES (1); INSERT INTO ref VALUES (1); INSERT INTO child VALUES (1); INSERT INTO pt VALUES (1);"
    "INSERT INTO p1 VALUES (1); INSERT INTO p2 VALUES (1); INSERT INTO parent VALUES (1); INSERT INTO heir VALUES (1);"
    "INSERT INTO auto VALUES (1); INSERT INTO ident VALUES (1); INSERT INTO gen VALUES (1);";

class AlterTableTest : public ::testing::Test {
 protected:
  const Effects& predict_after(const std::string& setup, const std::string& statement, int version = last_version) {
    text_ = std::make_unique<SourceText>("statements", tables + setup + statement);
    script_ = std::make_unique<sql::Script>(sql::Script::parse(*text_));
    EXPECT_TRUE(script_->errors().empty()) << statement;
    database_ = schema::Database(schema::RowAssumption::replay_is_complete);
    auto statements = script_->statements();
    for (const sql::Statement& each : statements.first(statements.size() - 1)) database_.apply(each, *script_);
    effects_ = predict(statements.back(), Context{database_, *script_, version, nullptr});
    return effects_;
  }
  const Effects& predict_of(const std::string& statement, int version = last_version) { return predict_after("", statement, version); }

  [[nodiscard]] std::string sqlstate() const { return effects_.failure ? effects_.failure->sqlstate : ""; }
  // The strongest lock on a relation by name, "" if none.
  [[nodiscard]] std::string lock(std::string_view name) const {
    const schema::Relation* relation = database_.find("public", name);
    std::optional<LockMode> mode = relation == nullptr ? std::nullopt : effects_.strongest(relation->id);
    return mode ? std::string(internal_name(*mode)) : "";
  }
  // "rewrite t, scan p1": what is done to rows, once each, in order.
  [[nodiscard]] std::string work() const {
    std::vector<std::string> seen;
    for (const Work& each : effects_.work) {
      static constexpr const char* names[] = {"rewrite", "scan", "build", "rebuild", "copy", "change"};
      std::string text = std::string(names[static_cast<int>(each.kind)]) + " " +
                         (each.kind == WorkKind::index_rebuild ? each.index_name : each.relation_name);
      if (std::find(seen.begin(), seen.end(), text) == seen.end()) seen.push_back(text);
    }
    std::string result;
    for (const std::string& text : seen) result += (result.empty() ? "" : ", ") + text;
    return result;
  }

  std::unique_ptr<SourceText> text_;
  std::unique_ptr<sql::Script> script_;
  schema::Database database_;
  Effects effects_;
};

TEST_F(AlterTableTest, AddColumnTouchesRowsOnlyForWhatCannotBeKeptAside) {
  const std::pair<const char*, const char*> cases[] = {
      {"z int", ""},
      {"z int NOT NULL DEFAULT 0", ""},
      {"z timestamptz DEFAULT now()", ""},
      {"z uuid DEFAULT gen_random_uuid()", "rewrite t"},
      {"z serial", "rewrite t"},
      {"z int GENERATED ALWAYS AS IDENTITY", "rewrite t"},
      {"z int GENERATED ALWAYS AS (a) STORED", "rewrite t"},
      {"z int CHECK (z > 0)", "scan t"},
      {"z int UNIQUE", "build t"},
      {"z int REFERENCES ref", ""},
      {"z int DEFAULT NULL REFERENCES ref", "scan t, scan ref"},
      {"z float8 DEFAULT random() CHECK (z >= 0)", "rewrite t"},
  };
  for (const auto& [column, expected] : cases) {
    predict_of(std::string("ALTER TABLE t ADD COLUMN ") + column);
    EXPECT_EQ(work(), expected) << column;
    EXPECT_EQ(lock("t"), "AccessExclusive") << column;
  }
}

TEST_F(AlterTableTest, VirtualColumnsAreReadOnlyToFindNulls) {
  if (sql::parser_version_number() < 180000)
    GTEST_SKIP() << "SKIPPED: needs the grammar of PostgreSQL 18, this build has " << sql::parser_version();
  predict_of("ALTER TABLE t ADD COLUMN z int GENERATED ALWAYS AS (a) VIRTUAL");
  EXPECT_EQ(work(), "");
  predict_of("ALTER TABLE t ADD COLUMN z int GENERATED ALWAYS AS (a) VIRTUAL NOT NULL");
  EXPECT_EQ(work(), "scan t");
}

TEST_F(AlterTableTest, DomainsAreAskedForEveryRow) {
  predict_after("CREATE DOMAIN d AS int CHECK (VALUE > 0);", "ALTER TABLE t ADD COLUMN z d");
  EXPECT_EQ(work(), "rewrite t");
  EXPECT_EQ(effects_.work.front().cause, Cause::constrained_domain);
  predict_after("CREATE DOMAIN d AS int NOT NULL DEFAULT 1;", "ALTER TABLE t ADD COLUMN z d");
  EXPECT_EQ(sqlstate(), "");
  predict_after("CREATE DOMAIN d AS int NOT NULL;", "ALTER TABLE t ADD COLUMN z d");
  EXPECT_EQ(sqlstate(), "23502");
  predict_after("CREATE DOMAIN d AS float8 DEFAULT random();", "ALTER TABLE t ADD COLUMN z d");
  EXPECT_EQ(work(), "rewrite t");
  predict_after("CREATE DOMAIN d AS int DEFAULT 1;", "ALTER TABLE t ADD COLUMN z d NOT NULL");
  EXPECT_EQ(work(), "");
}

TEST_F(AlterTableTest, FailuresOfDefinition) {
  const std::pair<const char*, const char*> cases[] = {
      {"t ADD COLUMN a int", "42701"},
      {"t ADD COLUMN z int, ADD COLUMN z int", "42701"},
      {"t ADD COLUMN z int NOT NULL", "23502"},
      {"t ADD COLUMN z int DEFAULT a", "0A000"},
      {"t ADD COLUMN z int DEFAULT (SELECT 1)", "0A000"},
      {"t ADD COLUMN z text REFERENCES ref", "42804"},
      {"t ADD COLUMN z int REFERENCES ref (u)", "42830"},
      {"t ADD COLUMN z int REFERENCES nobody", "42P01"},
      {"t ADD COLUMN z nobody", "42704"},
      {"t ADD COLUMN z int DEFAULT nobody()", "42883"},
      {"p1 ADD COLUMN z int", "42809"},
      {"ONLY pt ADD COLUMN z int", "42P16"},
      {"parent ADD COLUMN z int GENERATED ALWAYS AS IDENTITY", "42P16"},
      {"t DROP COLUMN zz", "42703"},
      {"t DROP COLUMN id", "2BP01"},
      {"gen DROP COLUMN a", "2BP01"},
      {"pt DROP COLUMN k", "42P16"},
      {"heir DROP COLUMN a", "42P16"},
      {"t ALTER COLUMN zz SET NOT NULL", "42703"},
      {"t ALTER COLUMN id DROP NOT NULL", "42P16"},
      {"ident ALTER COLUMN id SET DEFAULT 1", "42601"},
      {"t ALTER COLUMN a ADD GENERATED ALWAYS AS IDENTITY", "55000"},
      {"auto ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY", "55000"},
      {"t ALTER COLUMN a DROP IDENTITY", "55000"},
      {"t ALTER COLUMN a TYPE serial", "42704"},
      {"t ALTER COLUMN a TYPE text, ALTER COLUMN a TYPE int", "0A000"},
      {"t ALTER COLUMN a TYPE boolean", "42804"},
      {"gen ALTER COLUMN a TYPE bigint", "0A000"},
      {"gen ALTER COLUMN g TYPE bigint USING 1", "42611"},
      {"ident ALTER COLUMN id TYPE text", "22023"},
      {"child ALTER COLUMN t_id TYPE text", "42804"},
      {"t ALTER COLUMN v TYPE json USING to_json(v)", "42704"},
      {"pt ALTER COLUMN k TYPE bigint", "42P16"},
      {"p1 ALTER COLUMN v TYPE varchar", "42P16"},
      {"ONLY parent ALTER COLUMN a TYPE bigint", "42P16"},
      {"t ADD PRIMARY KEY (n)", "42P16"},
      {"t ADD UNIQUE (zz)", "42703"},
      {"t ADD CONSTRAINT t_a UNIQUE (n)", "42P07"},
      {"t ADD CONSTRAINT c UNIQUE USING INDEX t_a", "42809"},
      {"t ADD CONSTRAINT c UNIQUE USING INDEX t_pkey", "55000"},
      {"pt ADD UNIQUE (id)", "0A000"},
      {"child ADD CONSTRAINT child_fk CHECK (id > 0)", "42710"},
      {"t DROP CONSTRAINT nobody", "42704"},
      {"t DROP CONSTRAINT t_pkey", "2BP01"},
      {"t VALIDATE CONSTRAINT nobody", "42704"},
      {"t VALIDATE CONSTRAINT t_pkey", "42809"},
      {"t SET UNLOGGED", "42P16"},
      {"t SET (nobody = 1)", "22023"},
      {"pt SET (fillfactor = 70)", "42809"},
      {"t CLUSTER ON nobody", "42704"},
      {"t REPLICA IDENTITY USING INDEX t_a", "42809"},
      {"t ENABLE TRIGGER nobody", "42704"},
      {"nobody ADD COLUMN z int", "42P01"},
  };
  for (const auto& [statement, expected] : cases) {
    predict_of(std::string("ALTER TABLE ") + statement);
    EXPECT_EQ(sqlstate(), expected) << statement;
    EXPECT_TRUE(effects_.failure && effects_.failure->certain) << statement;
  }
}

TEST_F(AlterTableTest, NotNullIsProvenByValidChecksOnly) {
  const std::string set = "ALTER TABLE t ALTER COLUMN a SET NOT NULL";
  predict_of(set);
  EXPECT_EQ(work(), "scan t");
  predict_after("ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL AND a > 0);", set);
  EXPECT_EQ(work(), "");
  predict_after("ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID;", set);
  EXPECT_EQ(work(), "scan t");
  predict_after("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0);", set);
  EXPECT_EQ(work(), "scan t");
  predict_after("ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL);", set + ", DROP CONSTRAINT c");
  EXPECT_EQ(work(), "scan t");
  predict_of(set + ", ADD CHECK (a IS NOT NULL)");
  EXPECT_EQ(work(), "scan t");
  // One rewrite serves all.
  predict_of(set + ", ALTER COLUMN r TYPE bigint, ADD CHECK (n > 0)");
  EXPECT_EQ(work(), "rewrite t");
  predict_of("ALTER TABLE pt ALTER COLUMN v SET NOT NULL");
  EXPECT_EQ(work(), "scan p1, scan p2");
  EXPECT_EQ(lock("p1"), "AccessExclusive");
}

TEST_F(AlterTableTest, OnlyOnPartitionedTables) {
  const std::string not_null = "ALTER TABLE p1 ALTER v SET NOT NULL; ALTER TABLE p2 ALTER v SET NOT NULL;";
  const std::string set = "ALTER TABLE ONLY pt ALTER COLUMN v SET NOT NULL";
  predict_after(not_null, set, 17);
  EXPECT_EQ(sqlstate(), "");
  EXPECT_EQ(lock("p2"), "AccessExclusive");
  predict_after(not_null, set, 18);
  EXPECT_EQ(sqlstate(), "42P16");
  EXPECT_EQ(lock("p2"), "");
  predict_of("ALTER TABLE ONLY pt ALTER COLUMN k DROP NOT NULL", 17);
  EXPECT_EQ(sqlstate(), "42P16");
  predict_of("ALTER TABLE ONLY pt ALTER COLUMN k DROP NOT NULL", 18);
  EXPECT_EQ(sqlstate(), "");
}

TEST_F(AlterTableTest, TypeChangesRebuildWhatDependsOnTheColumn) {
  predict_of("ALTER TABLE t ALTER COLUMN v TYPE varchar(30)");
  EXPECT_EQ(work(), "");
  EXPECT_EQ(lock("t_v"), "AccessExclusive");
  EXPECT_EQ(lock("t_a"), "");
  predict_of("ALTER TABLE t ALTER COLUMN v TYPE text COLLATE \"C\"");
  EXPECT_EQ(work(), "rebuild t_v");
  EXPECT_EQ(effects_.work.front().cause, Cause::collation_change);
  predict_after("CREATE INDEX part ON t (n) WHERE v <> '';", "ALTER TABLE t ALTER COLUMN v TYPE text");
  EXPECT_EQ(work(), "rebuild part");
  predict_after("ALTER TABLE t ADD CONSTRAINT c CHECK (v <> '');", "ALTER TABLE t ALTER COLUMN v TYPE text");
  EXPECT_EQ(work(), "scan t");
  predict_of("ALTER TABLE t ALTER COLUMN v TYPE varchar(10)");
  EXPECT_EQ(work(), "rewrite t");
  EXPECT_EQ(lock("t_a"), "AccessExclusive");
  EXPECT_EQ(sqlstate(), "22001");
  EXPECT_FALSE(effects_.failure->certain);
  // The parent's index has no file to keep: its partitions' are built anew.
  predict_after("CREATE INDEX pt_v ON pt (v);", "ALTER TABLE pt ALTER COLUMN v TYPE varchar");
  EXPECT_EQ(work(), "rebuild p1_v_idx, rebuild p2_v_idx");
}

TEST_F(AlterTableTest, TypeChangesReachTheOtherSideOfForeignKeys) {
  predict_of("ALTER TABLE t ALTER COLUMN id TYPE bigint");
  EXPECT_EQ(lock("child"), "AccessExclusive");
  EXPECT_EQ(work(), "rewrite t, scan child, scan t");
  predict_of("ALTER TABLE child ALTER COLUMN t_id TYPE bigint");
  EXPECT_EQ(lock("t"), "AccessExclusive");
  predict_of("ALTER TABLE ident ALTER COLUMN id TYPE bigint");
  EXPECT_EQ(lock("ident_id_seq"), "ShareRowExclusive");
}

TEST_F(AlterTableTest, ForeignKeysNeverBlockReaders) {
  predict_of("ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (r) REFERENCES ref");
  EXPECT_EQ(lock("t"), "ShareRowExclusive");
  EXPECT_EQ(lock("ref"), "ShareRowExclusive");
  EXPECT_EQ(work(), "scan t, scan ref");
  predict_of("ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (r) REFERENCES ref NOT VALID");
  EXPECT_EQ(work(), "");
  predict_after("ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (r) REFERENCES ref NOT VALID;", "ALTER TABLE t VALIDATE CONSTRAINT f");
  EXPECT_EQ(lock("t"), "ShareUpdateExclusive");
  EXPECT_EQ(lock("ref"), "RowShare");
  EXPECT_EQ(work(), "scan t, scan ref");
  // But going they do.
  predict_of("ALTER TABLE child DROP CONSTRAINT child_fk");
  EXPECT_EQ(lock("t"), "AccessExclusive");
  predict_of("ALTER TABLE t DROP CONSTRAINT t_pkey CASCADE");
  EXPECT_EQ(lock("child"), "AccessExclusive");
}

// Dropping comes first (AT_PASS_DROP), and takes constraints and indexes of the column with it.
TEST_F(AlterTableTest, ConstraintsGoWithDroppedColumns) {
  predict_of("ALTER TABLE t DROP COLUMN id CASCADE, ADD PRIMARY KEY (n)");
  EXPECT_EQ(sqlstate(), "23505");
  EXPECT_FALSE(effects_.failure->certain);
  EXPECT_EQ(work(), "build t");
  predict_after("ALTER TABLE t ADD CONSTRAINT c CHECK (a + r > 0);",
                "ALTER TABLE t DROP COLUMN a, ADD CONSTRAINT c CHECK (r > 0) NOT VALID");
  EXPECT_EQ(sqlstate(), "");
  predict_after("ALTER TABLE t ADD CONSTRAINT c CHECK (a + r > 0);",
                "ALTER TABLE t DROP COLUMN b, ADD CONSTRAINT c CHECK (r > 0) NOT VALID");
  EXPECT_EQ(sqlstate(), "42710");
  predict_of("ALTER TABLE t DROP COLUMN b, ADD PRIMARY KEY (n)");
  EXPECT_EQ(sqlstate(), "42P16");
}

TEST_F(AlterTableTest, PartitionsOfNewKeysByVersion) {
  predict_of("ALTER TABLE pt ADD UNIQUE (k)", 17);
  EXPECT_EQ(lock("p1"), "Share");
  EXPECT_EQ(work(), "build p1, build p2");
  predict_of("ALTER TABLE pt ADD UNIQUE (k)", 18);
  EXPECT_EQ(lock("p1"), "AccessExclusive");
  predict_after("ALTER TABLE p1 ADD UNIQUE (k);", "ALTER TABLE pt ADD UNIQUE (k)");
  EXPECT_EQ(work(), "build p2");
}

TEST_F(AlterTableTest, TheStrongestSubcommandDecides) {
  predict_of("ALTER TABLE t ALTER COLUMN a SET STATISTICS 100, SET (fillfactor = 70)");
  EXPECT_EQ(lock("t"), "ShareUpdateExclusive");
  predict_of("ALTER TABLE t ALTER COLUMN a SET STATISTICS 100, ADD COLUMN z int");
  EXPECT_EQ(lock("t"), "AccessExclusive");
  predict_of("ALTER TABLE parent ALTER COLUMN a SET STATISTICS 100");
  EXPECT_EQ(lock("heir"), "ShareUpdateExclusive");
  predict_of("ALTER TABLE parent ALTER COLUMN a SET STATISTICS 100, ADD COLUMN z int");
  EXPECT_EQ(lock("heir"), "AccessExclusive");
  predict_of("ALTER TABLE t DISABLE TRIGGER USER");
  EXPECT_EQ(lock("t"), "ShareRowExclusive");
}

// Histories are often incomplete: nothing is certain then, but the lock is.
TEST_F(AlterTableTest, TablesNobodySawCreated) {
  const SourceText text("statement", "ALTER TABLE elsewhere ALTER COLUMN a TYPE bigint, ALTER COLUMN b SET NOT NULL, DROP COLUMN c");
  const sql::Script script = sql::Script::parse(text);
  const schema::Database database;
  const Effects effects = predict(script.statements().front(), Context{database, script, last_version, nullptr});
  EXPECT_FALSE(effects.failure && effects.failure->certain);
  ASSERT_NE(effects.strongest_on_target(), nullptr);
  EXPECT_EQ(effects.strongest_on_target()->mode, LockMode::access_exclusive);
  EXPECT_TRUE(effects.has(WorkKind::rewrite));
}

}  // namespace
}  // namespace cupel::effects
