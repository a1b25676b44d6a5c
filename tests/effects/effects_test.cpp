// Lock modes, who is blocked, and what the measured rows (measured_test.cpp) do not have: relations that the replay does
// not know, as incomplete histories have them.
#include "effects/effects.h"

#include "effects/transaction_state.h"

#include <deque>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::effects {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class EffectsTest : public testing::Test {
 protected:
  // Replays `setup`, then predicts the one statement of `text`.
  Effects effects_of(std::string setup, std::string text, int version = last_version) {
    run(std::move(setup));
    database_.begin_epoch();
    const sql::Script& script = parse(std::move(text));
    EXPECT_EQ(script.statements().size(), 1U);
    return predict(script.statements().front(), Context{database_, script, version, nullptr});
  }

  const sql::Script& parse(std::string text) {
    sources_.emplace_back("a.sql", std::move(text));
    scripts_.push_back(sql::Script::parse(sources_.back()));
    EXPECT_TRUE(scripts_.back().errors().empty()) << sources_.back().text();
    return scripts_.back();
  }
  void run(std::string text) {
    const sql::Script& script = parse(std::move(text));
    for (const sql::Statement& statement : script.statements()) database_.apply(statement, script);
  }

  [[nodiscard]] std::vector<std::string> names(const std::vector<RelationId>& ids) const {
    std::vector<std::string> result;
    for (RelationId id : ids) result.push_back(database_.display_name(database_.relation(id)));
    return result;
  }

  std::deque<SourceText> sources_;
  std::deque<sql::Script> scripts_;
  schema::Database database_;
};

// "table SHARE", in the order told; without indexes and toast tables.
std::vector<std::string> locks_of(const Effects& effects) {
  std::vector<std::string> result;
  for (const RelationLock& lock : effects.locks) {
    if (lock.role == Role::index || lock.role == Role::toast || lock.role == Role::created) continue;
    result.push_back(lock.name + " " + std::string(sql_name(lock.mode)));
  }
  return result;
}

TEST(LockModes, ConflictsAreSymmetric) {
  for (int a = 0; a < 8; ++a) {
    for (int b = 0; b < 8; ++b) {
      EXPECT_EQ(conflicts(static_cast<LockMode>(a), static_cast<LockMode>(b)),
                conflicts(static_cast<LockMode>(b), static_cast<LockMode>(a)))
          << a << " and " << b;
    }
  }
}

TEST(LockModes, WhatTheyBlock) {
  EXPECT_TRUE(blocks_reads(LockMode::access_exclusive));
  EXPECT_FALSE(blocks_reads(LockMode::exclusive));
  EXPECT_TRUE(blocks_writes(LockMode::share));
  EXPECT_FALSE(blocks_writes(LockMode::share_update_exclusive));
  EXPECT_TRUE(conflicts(LockMode::share_update_exclusive, LockMode::share_update_exclusive));
  EXPECT_FALSE(conflicts(LockMode::share, LockMode::share));
  EXPECT_EQ(blocked_by(LockMode::share_row_exclusive), "writes");
  EXPECT_EQ(internal_name(LockMode::share_row_exclusive), "ShareRowExclusive");
}

TEST_F(EffectsTest, IndexOfAnUnknownTable) {
  const Effects effects = effects_of("", "CREATE UNIQUE INDEX i ON app.orders (a)");
  EXPECT_THAT(locks_of(effects), ElementsAre("app.orders SHARE"));
  ASSERT_TRUE(effects.has(WorkKind::index_build));
  EXPECT_EQ(effects.work.front().under, LockMode::share);
  EXPECT_EQ(effects.work.front().relation_name, "orders");
  ASSERT_TRUE(effects.failure.has_value());
  EXPECT_FALSE(effects.failure->certain);
}

// get_object_address looks for the trigger under ACCESS SHARE, and takes more only for one that is there.
TEST_F(EffectsTest, DropTriggerIfExistsOfATableWhoseHistoryIsKnown) {
  EXPECT_THAT(locks_of(effects_of("CREATE TABLE a (n int);", "DROP TRIGGER IF EXISTS x ON a")), ElementsAre("a ACCESS SHARE"));
  EXPECT_THAT(locks_of(effects_of("CREATE TABLE IF NOT EXISTS b (n int);", "DROP TRIGGER IF EXISTS x ON b")),
              ElementsAre("b ACCESS EXCLUSIVE"));
  EXPECT_THAT(locks_of(effects_of("", "DROP TRIGGER IF EXISTS x ON c")), ElementsAre("c ACCESS EXCLUSIVE"));
  database_.note_unseen_changes();
  EXPECT_THAT(locks_of(effects_of("", "DROP TRIGGER IF EXISTS x ON a")), ElementsAre("a ACCESS EXCLUSIVE"));
}

TEST_F(EffectsTest, WhatCannotBeDroppedIsNamedIfItIsOne) {
  const char* const tables = "CREATE TABLE \"T\" (a int); CREATE TABLE u (a int); CREATE VIEW v AS SELECT a FROM \"T\";";
  const Effects one = effects_of(tables, "DROP TABLE \"T\"");
  ASSERT_TRUE(one.failure.has_value());
  EXPECT_EQ(one.failure->message, "cannot drop table \"T\" because other objects depend on it");
  const Effects several = effects_of(tables, "DROP TABLE \"T\", u");
  ASSERT_TRUE(several.failure.has_value());
  EXPECT_EQ(several.failure->message, "cannot drop desired object(s) because other objects depend on them");
  const Effects type = effects_of("CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (a e);", "DROP TYPE e");
  ASSERT_TRUE(type.failure.has_value());
  EXPECT_EQ(type.failure->message, "cannot drop type e because other objects depend on it");
}

TEST_F(EffectsTest, UnknownRelationsDoNotFailInAnIncompleteHistory) {
  for (const char* text : {"DROP TABLE t",
                           "TRUNCATE t",
                           "DROP INDEX i",
                           "ALTER TABLE t RENAME TO u",
                           "DROP TRIGGER x ON t",
                           "COMMENT ON TABLE t IS ''",
                           "CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
                           "REINDEX TABLE t",
                           "CLUSTER t",
                           "VACUUM t",
                           "INSERT INTO t VALUES (1)",
                           "UPDATE t SET a = 1",
                           "DELETE FROM t",
                           "REFRESH MATERIALIZED VIEW t",
                           "DROP SCHEMA x CASCADE",
                           "CREATE TABLE n (r int REFERENCES t)",
                           "CREATE TABLE p PARTITION OF t FOR VALUES IN (1)",
                           "ALTER TABLE t ATTACH PARTITION p DEFAULT",
                           "ALTER TABLE t DETACH PARTITION p",
                           "DROP FUNCTION f()",
                           "DROP TYPE e",
                           "ALTER TYPE e ADD VALUE 'x'",
                           "ALTER DOMAIN d SET NOT NULL",
                           "ALTER SEQUENCE s RESTART",
                           "GRANT SELECT ON t TO PUBLIC",
                           "CREATE STATISTICS s ON a, b FROM t",
                           "CREATE PUBLICATION p FOR TABLE t",
                           "ALTER INDEX i SET (fillfactor = 50)",
                           "ALTER INDEX i ATTACH PARTITION j",
                           "ALTER TABLE t SET SCHEMA x"}) {
    const Effects effects = effects_of("", text);
    EXPECT_FALSE(effects.failure && effects.failure->certain)
        << text << ": " << (effects.failure ? effects.failure->message : std::string());
  }
}

TEST_F(EffectsTest, ReadersOfAPartitionedTableWaitForItsPartition) {
  const Effects effects =
      effects_of("CREATE TABLE pt (k int) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF pt FOR VALUES IN (1)", "TRUNCATE p1");
  EXPECT_THAT(names(reads_blocked(effects, database_)), UnorderedElementsAre("p1", "pt"));
  EXPECT_THAT(names(writes_blocked(effects, database_)), UnorderedElementsAre("p1"));
}

TEST_F(EffectsTest, ExclusiveLockOnAnIndexBlocksReadersOfItsTable) {
  const Effects effects = effects_of("CREATE TABLE t (a int); CREATE INDEX i ON t (a)", "REINDEX INDEX i");
  EXPECT_EQ(effects.strongest(database_.find("public", "t")->id), LockMode::share);
  EXPECT_THAT(names(reads_blocked(effects, database_)), ElementsAre("t"));
}

TEST_F(EffectsTest, WorkIsDoneUnderTheStrongestLock) {
  const Effects effects = effects_of("CREATE TABLE t (a int); INSERT INTO t VALUES (1); CREATE INDEX i ON t (a)", "VACUUM FULL t");
  ASSERT_TRUE(effects.has(WorkKind::rewrite));
  EXPECT_EQ(effects.find(Cause::vacuum_full)->under, LockMode::access_exclusive);
  EXPECT_TRUE(effects.refused_in_transaction);
}

TEST_F(EffectsTest, LocksBeforeAPossibleFailureAreTold) {
  const Effects effects = effects_of(
      "CREATE TABLE pt (k int PRIMARY KEY) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF pt FOR VALUES IN (1);"
      "CREATE TABLE t (k int REFERENCES pt)",
      "ALTER TABLE pt DETACH PARTITION p1");
  ASSERT_TRUE(effects.failure.has_value());
  EXPECT_EQ(effects.failure->sqlstate, "23503");
  const RelationId referencing = database_.find("public", "t")->id;
  LockMode before = LockMode::access_share;
  for (std::size_t i = 0; i < effects.failure->locks_before; ++i) {
    if (effects.locks[i].relation == referencing) before = std::max(before, effects.locks[i].mode);
  }
  EXPECT_EQ(before, LockMode::share);
  EXPECT_EQ(effects.strongest(referencing), LockMode::access_exclusive);
}

TEST_F(EffectsTest, CatalogsAreNobodysTables) {
  EXPECT_THAT(locks_of(effects_of("", "UPDATE pg_attribute SET attnum = 1")), IsEmpty());
  EXPECT_THAT(locks_of(effects_of("", "SELECT * FROM information_schema.tables")), IsEmpty());
}

// Seen on 15: timestamptz is compared with itself and with literals without the session's time zone.
TEST_F(EffectsTest, WhetherIndexesMayComputeWithTimeZones) {
  const std::string table = "CREATE TABLE t (a timestamptz, b timestamptz, d date, s text, r tstzrange, i interval, f boolean);";
  const auto failure = [&](const std::string& index) {
    database_ = schema::Database(schema::RowAssumption::replay_is_complete);
    const Effects effects = effects_of(table, index);
    return effects.failure && effects.failure->certain ? effects.failure->sqlstate : "";
  };
  for (const char* fine :
       {"CREATE INDEX ON t (s) WHERE f = true AND a IS NULL", "CREATE INDEX ON t (s) WHERE a IS NULL AND s::text = 'x'::text",
        "CREATE INDEX ON t (s) WHERE a < b", "CREATE INDEX ON t (s) WHERE a > '2020-01-01'", "CREATE INDEX ON t ((b - a))",
        "CREATE INDEX ON t (age(a, b))", "CREATE INDEX ON t (date(a AT TIME ZONE 'UTC'))", "CREATE INDEX ON t (lower(s)) WHERE a IS NULL",
        "CREATE INDEX ON t (r)", "CREATE INDEX ON t USING hash (r)", "CREATE INDEX ON t (upper(r))"}) {
    EXPECT_EQ(failure(fine), "") << fine;
  }
  for (const char* refused : {"CREATE INDEX ON t (date(a))", "CREATE INDEX ON t ((a::date))", "CREATE INDEX ON t (s) WHERE a < d",
                              "CREATE INDEX ON t ((a + i))", "CREATE INDEX ON t (date_trunc('day', a))",
                              "CREATE INDEX ON t (s) WHERE a > now()", "CREATE INDEX ON t (s) WHERE f AND date_trunc('day', a) = b"}) {
    EXPECT_EQ(failure(refused), "42P17") << refused;
  }
}

// The table may be gone: a function that was called drops tables, which ones is not followed.
TEST_F(EffectsTest, UnseenChangesLeaveNothingCertain) {
  database_ = schema::Database(schema::RowAssumption::replay_is_complete);
  const std::string setup =
      "CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
      "CREATE TRIGGER tr AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();"
      "CREATE FUNCTION clean() RETURNS void LANGUAGE plpgsql AS 'BEGIN DROP TABLE IF EXISTS t; END';";
  const Effects before = effects_of(setup, "DROP FUNCTION f()");
  ASSERT_TRUE(before.failure);
  EXPECT_EQ(before.failure->sqlstate, "2BP01");
  EXPECT_TRUE(before.failure->certain);
  const Effects after = effects_of("SELECT clean();", "DROP FUNCTION f()");
  ASSERT_TRUE(after.failure);
  EXPECT_FALSE(after.failure->certain);
}

// Locks and refusals as seen on servers of 15 and 18.
TEST_F(EffectsTest, AFunctionTakesTheViewsThatCallItAlong) {
  database_ = schema::Database(schema::RowAssumption::replay_is_complete);
  const std::string setup =
      "CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE VIEW v AS SELECT f() AS a FROM t;"
      "CREATE VIEW w AS SELECT a FROM v;";
  const Effects refused = effects_of(setup, "DROP FUNCTION f()");
  ASSERT_TRUE(refused.failure);
  EXPECT_EQ(refused.failure->sqlstate, "2BP01");
  const Effects cascaded = effects_of("", "DROP FUNCTION f() CASCADE");
  EXPECT_FALSE(cascaded.failure);
  EXPECT_EQ(locks_of(cascaded), (std::vector<std::string>{"v ACCESS EXCLUSIVE", "w ACCESS EXCLUSIVE"}));
  // Whatever numbers of arguments it may be called with.
  run("CREATE FUNCTION d(a int, b int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT a'; CREATE VIEW x AS SELECT d(a) AS a FROM t;");
  EXPECT_TRUE(effects_of("", "DROP FUNCTION d(int, int)").failure);
  // Which of two of the name the view calls is not known here.
  EXPECT_FALSE(effects_of("CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'", "DROP FUNCTION f(int)").failure);
}

// As seen on servers of 14 to 18.
TEST_F(EffectsTest, AFunctionWhoseBodyIsKeptParsedHoldsWhatItUses) {
  database_ = schema::Database(schema::RowAssumption::replay_is_complete);
  const auto failure = [this](const std::string& statement) {
    const Effects effects = effects_of("", statement);
    return effects.failure ? effects.failure->sqlstate + " " + effects.failure->message : std::string();
  };
  run("CREATE TABLE t (id int, a int, b int); CREATE TABLE u (id int); CREATE TABLE v (id int);"
      "CREATE FUNCTION f() RETURNS bigint BEGIN ATOMIC SELECT count(*) FROM t WHERE a > 0; END;"
      "CREATE FUNCTION g() RETURNS void BEGIN ATOMIC INSERT INTO u VALUES (1); END;"
      "CREATE FUNCTION h() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM v'");
  EXPECT_EQ(failure("DROP TABLE t"), "2BP01 cannot drop table t because other objects depend on it");
  EXPECT_EQ(failure("DROP TABLE u"), "2BP01 cannot drop table u because other objects depend on it");
  EXPECT_EQ(failure("DROP TABLE v"), "");
  EXPECT_EQ(failure("ALTER TABLE t DROP COLUMN a"), "2BP01 cannot drop column a of table t because other objects depend on it");
  EXPECT_EQ(failure("ALTER TABLE t DROP COLUMN b"), "");
  EXPECT_EQ(failure("ALTER TABLE t ALTER COLUMN a TYPE bigint"), "0A000 cannot alter type of a column used by a function or procedure");
  run("ALTER TABLE t RENAME COLUMN a TO c");
  EXPECT_EQ(failure("ALTER TABLE t DROP COLUMN c"), "2BP01 cannot drop column c of table t because other objects depend on it");
  EXPECT_EQ(failure("ALTER TABLE t DROP COLUMN c CASCADE"), "");
  EXPECT_EQ(failure("DROP TABLE t CASCADE"), "");
  run("DROP TABLE t CASCADE");
  EXPECT_EQ(failure("DROP FUNCTION f()"), "42883 function f does not exist");
}

TEST_F(EffectsTest, LockTableNeedsATransaction) {
  const Effects effects = effects_of("CREATE TABLE t (a int)", "LOCK TABLE t");
  ASSERT_TRUE(effects.failure.has_value());
  EXPECT_EQ(effects.failure->sqlstate, "25P01");
}

struct AttachCase {
  const char* key;
  const char* bound;
  const char* check;
  bool scans;
};
class AttachScan : public EffectsTest, public testing::WithParamInterface<AttachCase> {};

TEST_P(AttachScan, DependsOnTheChecks) {
  const AttachCase& attach = GetParam();
  const Effects effects =
      effects_of(std::string("CREATE TABLE pt (k ") + attach.key + " NOT NULL) PARTITION BY " +
                     (std::string_view(attach.bound).substr(0, 2) == "IN" ? "LIST" : "RANGE") + " (k); CREATE TABLE p (k " + attach.key +
                     " NOT NULL); ALTER TABLE p ADD CHECK (" + attach.check + ")",
                 std::string("ALTER TABLE pt ATTACH PARTITION p FOR VALUES ") + attach.bound);
  EXPECT_EQ(effects.has(WorkKind::scan), attach.scans) << attach.check;
}

INSTANTIATE_TEST_SUITE_P(
    Checks, AttachScan,
    testing::Values(
        AttachCase{"int", "FROM (10) TO (20)", "k >= 10 AND k < 20", false},
        AttachCase{"int", "FROM (10) TO (20)", "k > 10 AND k < 20", false},
        AttachCase{"int", "FROM (10) TO (20)", "k >= 9 AND k < 20", true},
        AttachCase{"int", "FROM (10) TO (20)", "k >= 10 AND k <= 20", true},
        AttachCase{"int", "FROM (10) TO (20)", "k >= 10 AND k <= 19", false},
        AttachCase{"int", "FROM (-10) TO (20)", "k >= -10 AND k < 20", false},
        AttachCase{"int", "FROM (10) TO (20)", "k BETWEEN 10 AND 19", false}, AttachCase{"int", "FROM (10) TO (20)", "k = 15", false},
        AttachCase{"int", "FROM (10) TO (20)", "k = 11 OR k = 12", false}, AttachCase{"int", "FROM (10) TO (20)", "k = 11 OR k = 22", true},
        AttachCase{"int", "FROM (MINVALUE) TO (20)", "k < 20", false}, AttachCase{"int", "FROM (10) TO (MAXVALUE)", "k < 20", true},
        AttachCase{"date", "FROM ('2024-01-01') TO ('2024-02-01')", "k >= '2024-01-01' AND k < '2024-02-01'", false},
        AttachCase{"date", "FROM ('2024-01-01') TO ('2024-02-01')", "k >= '2024-01-01' AND k < '2024-02-02'", true},
        AttachCase{"text", "IN ('a', 'b')", "k IN ('a', 'b')", false}, AttachCase{"text", "IN ('a', 'b')", "k = 'a'", false},
        AttachCase{"text", "IN ('a', 'b')", "k IN ('a', 'c')", true}));

}  // namespace
}  // namespace cupel::effects
