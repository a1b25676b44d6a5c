// Plans carried out on a real server.
#include "execute/runner.h"

#include "execute/comparison.h"
#include "tests/execute/scratch_database.h"

#include <numeric>

#include <gtest/gtest.h>

namespace cupel::execute {
namespace {

// What the upgrade command does, in short: everything pending of these files.
RunResult upgrade(const ScratchDatabase& database, const std::vector<File>& files, RunOptions options = {}) {
  const migrations::MigrationSet set = read_files(files);
  PgSession session = database.connect();
  const Journal journal;
  options.target = database.target();
  options.description.command = "upgrade";
  options.description.tool_version = "test";
  EXPECT_TRUE(take_runner_lock(session, journal, database.target(), {}, nullptr, {}));
  EXPECT_TRUE(session.run(session_settings(session.server_major(), options)).done());
  Result<JournalState> state = journal.read(session);
  EXPECT_TRUE(state) << state.error().message;
  if (!state->exists) {
    const Status made = journal.create(session);
    EXPECT_TRUE(made) << made.error().message;
  }
  const Comparison comparison = compare(set, *state);
  std::vector<Step> steps;
  for (const std::size_t pending : comparison.pending) steps.push_back({pending, Direction::upgrade});
  const Result<Plan> plan = make_plan(set, comparison.applied, steps, session.server_major());
  EXPECT_TRUE(plan) << plan.error().message;
  RunListener listener;
  Result<RunResult> result = run_plan(session, journal, *state, *plan, options, listener);
  EXPECT_TRUE(result) << result.error().message;
  return *result;
}

class RunnerOf : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Versions, RunnerOf, testing::ValuesIn(outer_server_versions()), testing::PrintToStringParamName());

TEST_P(RunnerOf, AppliesAndRecords) {
  const ScratchDatabase database(GetParam());
  const RunResult result = upgrade(database, {{"20260101_000000_a.sql", "CREATE TABLE a (id int);\nINSERT INTO a VALUES (1), (2);\n"},
                                              {"20260102_000000_b.sql", "CREATE TABLE b (id int);\n"}});
  EXPECT_EQ(result.outcome, RunOutcome::done);
  EXPECT_EQ(database.ask("SELECT count(*) FROM a"), "2");
  EXPECT_EQ(database.ask("SELECT revision, state, array_to_string(parents, ',') FROM cupel.revision ORDER BY position"),
            "20260101_000000|applied|\n20260102_000000|applied|20260101_000000");
  EXPECT_EQ(database.ask("SELECT revision, number, tag, outcome FROM cupel.statement ORDER BY revision, number"),
            "20260101_000000|1|CREATE TABLE|done\n20260101_000000|2|INSERT|done\n20260102_000000|1|CREATE TABLE|done");
  EXPECT_EQ(database.ask("SELECT outcome, ended IS NOT NULL FROM cupel.run"), "done|t");
}

TEST_P(RunnerOf, AFailingRevisionLeavesNothing) {
  const ScratchDatabase database(GetParam());
  const RunResult result = upgrade(database, {{"20260101_000000_a.sql", "CREATE TABLE a (id int);\n"},
                                              {"20260102_000000_b.sql", "CREATE TABLE b (id int);\nINSERT INTO é (id) VALUES (1);\n"}});
  EXPECT_EQ(result.outcome, RunOutcome::failed);
  ASSERT_TRUE(result.failure);
  EXPECT_EQ(result.failure->message.sqlstate, "42P01");
  EXPECT_FALSE(result.failure->partial);
  EXPECT_EQ(result.failure->source->position(result.failure->offset), (Position{2, 13, 13}));
  EXPECT_EQ(database.ask("SELECT to_regclass('b') IS NULL, (SELECT count(*) FROM cupel.revision)"), "t|1");
  EXPECT_EQ(database.ask("SELECT outcome, sqlstate FROM cupel.statement WHERE outcome = 'failed'"), "failed|42P01");
}

TEST_P(RunnerOf, CutsAroundWhatMayNotRunInATransaction) {
  const ScratchDatabase database(GetParam());
  const RunResult result = upgrade(
      database,
      {{"20260101_000000_a.sql", "CREATE TABLE a (id int);\nCREATE INDEX CONCURRENTLY a_id ON a (id);\nCOMMENT ON TABLE a IS 'x';\n"}});
  EXPECT_EQ(result.outcome, RunOutcome::done) << result.failure->message.message;
  EXPECT_EQ(database.ask("SELECT indisvalid FROM pg_index WHERE indexrelid = 'a_id'::regclass"), "t");
  EXPECT_EQ(database.ask("SELECT number, outcome FROM cupel.statement ORDER BY number"), "1|done\n2|done\n3|done");
  EXPECT_EQ(database.ask("SELECT state FROM cupel.revision"), "applied");
}

TEST_P(RunnerOf, GoesOnBehindWhatIsDone) {
  const ScratchDatabase database(GetParam());
  const std::string first =
      "CREATE TABLE a (id int);\nINSERT INTO a VALUES (1), (1);\nCREATE UNIQUE INDEX CONCURRENTLY a_id ON a (id);\nINSERT INTO a VALUES "
      "(3);\n";
  RunResult result = upgrade(database, {{"20260101_000000_a.sql", first}});
  EXPECT_EQ(result.outcome, RunOutcome::failed);
  EXPECT_TRUE(result.failure->partial);
  EXPECT_EQ(result.failure->message.sqlstate, "23505");
  EXPECT_EQ(database.ask("SELECT to_regclass('a_id') IS NULL"), "t") << "the invalid index is taken away";
  EXPECT_EQ(database.ask("SELECT state FROM cupel.revision"), "upgrading");
  database.ask("DELETE FROM a; INSERT INTO a VALUES (1)");
  result = upgrade(database, {{"20260101_000000_a.sql", first}});
  EXPECT_EQ(result.outcome, RunOutcome::done);
  EXPECT_EQ(database.ask("SELECT id FROM a ORDER BY id"), "1\n3");
  EXPECT_EQ(database.ask("SELECT indisvalid FROM pg_index WHERE indexrelid = 'a_id'::regclass"), "t");
}

TEST_P(RunnerOf, RetriesWhileATableIsLocked) {
  const ScratchDatabase database(GetParam());
  database.ask("CREATE TABLE a (id int)");
  PgSession reader = database.connect();
  ASSERT_TRUE(reader.run("BEGIN; SELECT * FROM a").done());
  RunOptions options;
  options.lock_timeout = std::chrono::milliseconds(50);
  options.lock_budget = std::chrono::milliseconds(600);
  const RunResult result = upgrade(database, {{"20260101_000000_a.sql", "ALTER TABLE a ADD COLUMN b int;\n"}}, options);
  EXPECT_EQ(result.outcome, RunOutcome::lock_budget);
  EXPECT_EQ(result.failure->message.sqlstate, "55P03");
  reader.run("COMMIT");
  EXPECT_EQ(upgrade(database, {{"20260101_000000_a.sql", "ALTER TABLE a ADD COLUMN b int;\n"}}).outcome, RunOutcome::done);
}

}  // namespace
}  // namespace cupel::execute
