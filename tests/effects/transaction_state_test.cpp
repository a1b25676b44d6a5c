#include "effects/transaction_state.h"

#include "effects/effects.h"

#include <deque>
#include <string>

#include <gtest/gtest.h>

namespace cupel::effects {
namespace {

// Statements of a migration, run one by one as the engine does.
class TransactionStateTest : public testing::Test {
 protected:
  TransactionStateTest() {
    run("CREATE TABLE t (id int PRIMARY KEY, a int); CREATE TABLE other (id int)");
    database_.begin_epoch();
  }

  void run(std::string text) {
    sources_.emplace_back("migration.sql", std::move(text));
    scripts_.push_back(sql::Script::parse(sources_.back()));
    const sql::Script& script = scripts_.back();
    ASSERT_TRUE(script.errors().empty());
    for (const sql::Statement& statement : script.statements()) {
      const Effects effects = predict(statement, Context{database_, script, last_version, &state_});
      state_.after(statement, effects, database_, number_++);
      database_.apply(statement, script);
    }
  }

  [[nodiscard]] const HeldLock* held_on(std::string_view table) const { return state_.held_on(database_.find("public", table)->id); }

  std::deque<SourceText> sources_;
  std::deque<sql::Script> scripts_;
  schema::Database database_;
  TransactionState state_;
  std::size_t number_ = 0;
};

TEST_F(TransactionStateTest, WithoutTransactionNothingIsHeld) {
  state_.begin_part(TransactionKind::none);
  run("ALTER TABLE t ADD COLUMN b int");
  EXPECT_FALSE(state_.in_transaction());
  EXPECT_TRUE(state_.held().empty());
  EXPECT_EQ(state_.first_blocking(), nullptr);
}

TEST_F(TransactionStateTest, RunnersTransactionHoldsLocksUntilItsEnd) {
  state_.begin_part(TransactionKind::runner);
  run("DROP TABLE other; COMMENT ON TABLE t IS 'x'");
  ASSERT_NE(state_.first_blocking(), nullptr);
  EXPECT_EQ(state_.first_blocking()->lock.name, "other");
  EXPECT_EQ(state_.statements(), 2U);
  ASSERT_NE(held_on("t"), nullptr);
  EXPECT_EQ(held_on("t")->lock.mode, LockMode::share_update_exclusive);
  state_.end_part();
  EXPECT_TRUE(state_.held().empty());
  EXPECT_FALSE(state_.in_transaction());
}

TEST_F(TransactionStateTest, StrongestLockOfARelationIsTold) {
  state_.begin_part(TransactionKind::runner);
  run("COMMENT ON TABLE t IS 'x'; TRUNCATE t; COMMENT ON TABLE t IS 'y'");
  EXPECT_EQ(held_on("t")->lock.mode, LockMode::access_exclusive);
  EXPECT_EQ(held_on("other"), nullptr);
}

TEST_F(TransactionStateTest, CommitInsideARunnersTransactionEndsIt) {
  state_.begin_part(TransactionKind::runner);
  run("TRUNCATE t; COMMIT");
  EXPECT_EQ(state_.kind(), TransactionKind::none);
  EXPECT_TRUE(state_.held().empty());
  run("TRUNCATE t");
  EXPECT_TRUE(state_.held().empty());
}

TEST_F(TransactionStateTest, BeginInsideARunnersTransactionOnlyWarns) {
  state_.begin_part(TransactionKind::runner);
  run("TRUNCATE t; BEGIN");
  EXPECT_EQ(state_.kind(), TransactionKind::runner);
  EXPECT_NE(held_on("t"), nullptr);
}

TEST_F(TransactionStateTest, ExplicitBlock) {
  state_.begin_part(TransactionKind::none);
  run("BEGIN; TRUNCATE t");
  EXPECT_EQ(state_.kind(), TransactionKind::explicit_block);
  EXPECT_NE(held_on("t"), nullptr);
  run("COMMIT");
  EXPECT_EQ(state_.kind(), TransactionKind::none);
  EXPECT_TRUE(state_.held().empty());
}

TEST_F(TransactionStateTest, CommitAndChainBeginsAnother) {
  state_.begin_part(TransactionKind::none);
  run("BEGIN; TRUNCATE t; COMMIT AND CHAIN");
  EXPECT_EQ(state_.kind(), TransactionKind::explicit_block);
  EXPECT_TRUE(state_.held().empty());
}

TEST_F(TransactionStateTest, CommitInAMultiStatementStringBeginsAnotherImplicitTransaction) {
  state_.begin_part(TransactionKind::implicit);
  run("TRUNCATE t; COMMIT");
  EXPECT_EQ(state_.kind(), TransactionKind::implicit);
  EXPECT_TRUE(state_.held().empty());
  run("BEGIN");
  EXPECT_EQ(state_.kind(), TransactionKind::explicit_block);
}

TEST_F(TransactionStateTest, RollbackToASavepointReleasesWhatCameAfterIt) {
  state_.begin_part(TransactionKind::runner);
  run("TRUNCATE other; SAVEPOINT s; TRUNCATE t; INSERT INTO t VALUES (1, 1)");
  EXPECT_TRUE(state_.data_changed());
  run("ROLLBACK TO s");
  EXPECT_EQ(held_on("t"), nullptr);
  EXPECT_NE(held_on("other"), nullptr);
  EXPECT_FALSE(state_.data_changed());
  run("TRUNCATE t; ROLLBACK TO s");
  EXPECT_EQ(held_on("t"), nullptr);
}

TEST_F(TransactionStateTest, ReleasedSavepointKeepsItsLocks) {
  state_.begin_part(TransactionKind::runner);
  run("SAVEPOINT s; TRUNCATE t; RELEASE s; ROLLBACK TO s");
  EXPECT_NE(held_on("t"), nullptr);
}

TEST_F(TransactionStateTest, LocksOnNewTablesBlockNobody) {
  state_.begin_part(TransactionKind::runner);
  run("CREATE TABLE fresh (id int); CREATE INDEX ON fresh (id); ALTER TABLE fresh ADD COLUMN b int");
  EXPECT_EQ(state_.first_blocking(), nullptr);
  ASSERT_NE(held_on("fresh"), nullptr);
  EXPECT_TRUE(held_on("fresh")->on_new_relation);
}

TEST_F(TransactionStateTest, ReferencedTableOfANewOneIsBlocked) {
  state_.begin_part(TransactionKind::runner);
  run("CREATE TABLE fresh (t_id int REFERENCES t (id))");
  ASSERT_NE(state_.first_blocking(), nullptr);
  EXPECT_EQ(state_.first_blocking()->lock.role, Role::referenced);
  EXPECT_EQ(state_.first_blocking()->lock.mode, LockMode::share_row_exclusive);
}

TEST_F(TransactionStateTest, RefusedStatementHoldsNothing) {
  state_.begin_part(TransactionKind::runner);
  run("CREATE INDEX CONCURRENTLY ON t (a)");
  EXPECT_TRUE(state_.held().empty());
}

TEST_F(TransactionStateTest, DeferredKeysAreLookedUpAtTheEnd) {
  run("CREATE TABLE deferred (id int REFERENCES t INITIALLY DEFERRED); CREATE TABLE either (id int REFERENCES t DEFERRABLE)");
  state_.begin_part(TransactionKind::runner);
  run("INSERT INTO deferred VALUES (1); UPDATE deferred SET id = 2");
  EXPECT_EQ(held_on("t"), nullptr);
  run("INSERT INTO either VALUES (1)");
  EXPECT_NE(held_on("t"), nullptr);
}

// Seen on servers of 14 to 18.
TEST_F(TransactionStateTest, DeferredForeignKeysWaitForTheirRows) {
  run("CREATE TABLE deferred (id int REFERENCES t INITIALLY DEFERRED); CREATE TABLE either (id int REFERENCES t DEFERRABLE)");
  const auto pending = [&](std::string_view table) { return state_.has_pending_events(database_.find("public", table)->id); };
  state_.begin_part(TransactionKind::runner);
  run("INSERT INTO either VALUES (1); INSERT INTO deferred SELECT 1; INSERT INTO deferred VALUES (1) ON CONFLICT DO NOTHING");
  EXPECT_FALSE(pending("deferred"));
  EXPECT_FALSE(pending("either"));
  run("INSERT INTO deferred VALUES (NULL); SET CONSTRAINTS ALL DEFERRED; INSERT INTO either VALUES (1)");
  EXPECT_TRUE(pending("deferred"));
  EXPECT_TRUE(pending("either"));
  run("SAVEPOINT s; SET CONSTRAINTS ALL IMMEDIATE; INSERT INTO deferred VALUES (1)");
  EXPECT_FALSE(pending("deferred"));
  run("ROLLBACK TO s");
  EXPECT_TRUE(pending("deferred"));
  state_.end_part();
  EXPECT_FALSE(pending("deferred"));
}

TEST_F(TransactionStateTest, NothingWaitsWhereTriggersDoNotFire) {
  run("CREATE TABLE deferred (id int REFERENCES t INITIALLY DEFERRED)");
  const auto pending = [&] { return state_.has_pending_events(database_.find("public", "deferred")->id); };
  state_.begin_part(TransactionKind::runner);
  run("ALTER TABLE deferred DISABLE TRIGGER ALL; INSERT INTO deferred VALUES (1); ALTER TABLE deferred ENABLE TRIGGER ALL");
  EXPECT_FALSE(pending());
  run("SET session_replication_role = replica; INSERT INTO deferred VALUES (1); RESET session_replication_role");
  EXPECT_FALSE(pending());
  run("ALTER TABLE deferred DISABLE TRIGGER USER; INSERT INTO deferred VALUES (1)");
  EXPECT_TRUE(pending());
}

TEST_F(TransactionStateTest, ATableWithPendingEventsIsInUse) {
  run("CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END';"
      "CREATE CONSTRAINT TRIGGER c AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION f()");
  state_.begin_part(TransactionKind::runner);
  run("INSERT INTO t VALUES (1)");
  const auto failure_of = [&](const std::string& text) {
    const SourceText source("next.sql", text);
    const sql::Script script = sql::Script::parse(source);
    const Effects effects = predict(script.statements().front(), Context{database_, script, last_version, &state_});
    return effects.failure && effects.failure->certain ? effects.failure->sqlstate + " " + effects.failure->message : std::string();
  };
  EXPECT_EQ(failure_of("ALTER TABLE t DROP COLUMN nope"), "55006 cannot ALTER TABLE \"t\" because it has pending trigger events");
  EXPECT_EQ(failure_of("CREATE INDEX i ON t (a)"), "55006 cannot CREATE INDEX \"t\" because it has pending trigger events");
  EXPECT_EQ(failure_of("TRUNCATE other, t"), "55006 cannot TRUNCATE \"t\" because it has pending trigger events");
  EXPECT_EQ(failure_of("DROP TABLE other, t"), "55006 cannot DROP TABLE \"t\" because it has pending trigger events");
  EXPECT_EQ(failure_of("ALTER TABLE t RENAME COLUMN a TO b"), "");
  EXPECT_EQ(failure_of("CREATE TRIGGER d BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f()"), "");
  EXPECT_EQ(failure_of("ALTER TABLE other ADD COLUMN b int"), "");
}

}  // namespace
}  // namespace cupel::effects
