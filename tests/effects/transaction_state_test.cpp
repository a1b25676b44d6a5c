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

}  // namespace
}  // namespace cupel::effects
