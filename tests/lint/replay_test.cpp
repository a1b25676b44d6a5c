// The walk over a set: whose transaction each statement runs in, and what the parts share.
#include "lint/replay.h"

#include "migrations/layout.h"
#include "tests/lint/lint_test_support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::lint {
namespace {

using effects::TransactionKind;
using testing::ElementsAre;

class Recorder : public ReplayListener {
 public:
  void on_statement(const Step& step) override {
    kinds.push_back(step.transaction.kind());
    timeouts.push_back(step.database.settings().milliseconds("lock_timeout").value_or(-1));
    held.push_back(step.transaction.held().size());
    relations.push_back(step.database.relations().size());
  }
  void on_migration_end(const migrations::Migration& migration, const ParsedMigration&) override { ended.push_back(migration.revision); }

  std::vector<TransactionKind> kinds;
  std::vector<long long> timeouts;
  std::vector<std::size_t> held, relations;
  std::vector<std::string> ended;
};

Recorder walk(const migrations::MigrationSet& set) {
  ParsedMigrations parsed({&set, 1}, 1);
  Recorder recorder;
  schema::Database database;
  replay(set, parsed, 18, database, recorder);
  return recorder;
}

TEST(Replay, RunsInTheTransactionOfTheRunner) {
  using enum migrations::TransactionMode;
  const auto kinds = [](std::string text, migrations::TransactionMode mode) {
    return walk(make_set({{"001", std::move(text)}}, mode)).kinds;
  };
  EXPECT_THAT(kinds("SELECT 1; SELECT 2;", none), ElementsAre(TransactionKind::none, TransactionKind::none));
  EXPECT_THAT(kinds("SELECT 1; SELECT 2;", per_file), ElementsAre(TransactionKind::runner, TransactionKind::runner));
  EXPECT_THAT(kinds("SELECT 1; SELECT 2;", implicit), ElementsAre(TransactionKind::implicit, TransactionKind::implicit));
  EXPECT_THAT(kinds("SELECT 1;", implicit), ElementsAre(TransactionKind::none));
  EXPECT_THAT(kinds("BEGIN; SELECT 1; COMMIT; SELECT 2;", none),
              ElementsAre(TransactionKind::none, TransactionKind::explicit_block, TransactionKind::explicit_block, TransactionKind::none));
}

TEST(Replay, EachMigrationIsASessionOfItsOwn) {
  const Recorder recorder = walk(make_set({{"001", "SET lock_timeout = '1s'; SELECT 1;"}, {"002", "SELECT 2;"}}));
  EXPECT_THAT(recorder.timeouts, ElementsAre(-1, 1000, -1));
  EXPECT_THAT(recorder.ended, ElementsAre("001", "002"));
}

TEST(Replay, AnOpenBlockOfOneFileDoesNotReachTheNext) {
  const Recorder recorder = walk(make_set({{"001", "BEGIN; LOCK TABLE a;"}, {"002", "SELECT 2;"}}));
  EXPECT_EQ(recorder.kinds.back(), TransactionKind::none);
  EXPECT_EQ(recorder.held.back(), 0U);
}

TEST(Replay, ADowngradeIsTriedAndUndone) {
  const Recorder recorder = walk(make_set({{"001", "CREATE TABLE a (n int);", "DROP TABLE a; SELECT 1;"}, {"002", "SELECT 2;"}}));
  EXPECT_THAT(recorder.relations, ElementsAre(0, 1, 0, 1));
}

TEST(Replay, OneTextOfSeveralRevisionsIsOneSession) {
  const auto set = migrations::read_text("<stdin>",
                                         "BEGIN;\n-- Running upgrade  -> a\nSET lock_timeout = '1s';\nLOCK TABLE t;\n"
                                         "-- Running upgrade a -> b\nSELECT 1;\nCOMMIT;\n-- Running upgrade b -> c\nSELECT 2;\n",
                                         "alembic-sql");
  ASSERT_TRUE(set) << set.error().message;
  ASSERT_EQ(set->migrations.size(), 3U);
  const Recorder recorder = walk(*set);
  using enum TransactionKind;
  EXPECT_THAT(recorder.kinds, ElementsAre(none, explicit_block, explicit_block, explicit_block, explicit_block, none));
  EXPECT_EQ(recorder.timeouts[3], 1000);
  EXPECT_EQ(recorder.held[3], 1U);
  EXPECT_EQ(recorder.held[5], 0U);
}

TEST(Replay, OneTextOfSeveralDowngradesKeepsItsTransaction) {
  const auto set = migrations::read_text("<stdin>",
                                         "BEGIN;\n-- Running downgrade b -> a\nCREATE TABLE n (i int);\nDROP TABLE t;\n"
                                         "-- Running downgrade a -> \nSELECT 1;\nCOMMIT;\n",
                                         "alembic-sql");
  ASSERT_TRUE(set) << set.error().message;
  using enum TransactionKind;
  EXPECT_THAT(walk(*set).kinds, ElementsAre(none, explicit_block, explicit_block, explicit_block, explicit_block));
}

TEST(Replay, WhatARunnerReplacesIsReadAsAName) {
  auto set = make_set({{"001", "CREATE TABLE ${schema}.a (n int);\nALTER TABLE ${schema}.a ADD m int;\n${grants};\nSELECT '${x}';"}});
  for (const Span span : {Span{13, 22}, Span{46, 55}, Span{69, 78}, Span{88, 92}}) set.migrations[0].upgrade->placeholders.push_back(span);
  const ParsedMigration parsed = ParsedMigrations({&set, 1}, 1).next();
  const ParsedPart& part = *parsed.upgrade;
  EXPECT_TRUE(part.errors.empty());
  ASSERT_EQ(part.statements.size(), 4U);
  EXPECT_EQ(part.statements[0].statement->as<sql::CreateTable>()->name.schema, "__schema_");
  ASSERT_NE(part.statements[2].statement->as<sql::Opaque>(), nullptr);
  EXPECT_EQ(walk(set).relations.back(), 1U);
}

TEST(ParsedMigrations, MayBeLeftUnread) {
  std::vector<TestFile> files;
  for (int i = 100; i < 140; ++i) files.push_back({std::to_string(i), "SELECT '" + std::string(8 * 1024, 'x') + "';", "SELECT 1;"});
  const migrations::MigrationSet set = make_set(files);
  for (const unsigned threads : {1U, 4U}) {
    ParsedMigrations parsed({&set, 1}, threads);
    for (int i = 0; i < 13; ++i) EXPECT_EQ(parsed.next().upgrade->statements.size(), 1U);
  }
  ParsedMigrations({}, 4);
}

}  // namespace
}  // namespace cupel::lint
