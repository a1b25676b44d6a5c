// Adopting cupel where there are findings already: the baseline.
#include "tests/cli/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace cupel::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* header = "SET lock_timeout = '1s';\n";

class Baseline : public testing::Test {
 protected:
  void SetUp() override {
    project.write("db/001.sql", std::string(header) + "CREATE TABLE orders (id bigint PRIMARY KEY, note text, total int);\n");
    project.write("db/002.sql", std::string(header) + "DROP TABLE invoices;\nCREATE INDEX orders_note ON orders (note);\n");
    const Outcome run = project.run({"lint", "db", "--write-baseline"});
    ASSERT_EQ(run.exit_code, 0) << run.err;
    EXPECT_THAT(run.out, HasSubstr("cupel-baseline.json"));
  }
  [[nodiscard]] Outcome lint() const { return project.run({"lint", "db"}); }

  const Project project;
};

TEST_F(Baseline, KnownFindingsDoNotFail) {
  const Outcome run = lint();
  EXPECT_EQ(run.exit_code, 0) << run.out;
  EXPECT_THAT(run.out, AllOf(HasSubstr("No findings"), HasSubstr("known (baseline)"), Not(HasSubstr("drop-table"))));
  EXPECT_THAT(run.err, IsEmpty());
  EXPECT_EQ(project.run({"lint", "db", "--no-baseline"}).exit_code, 1);
}

TEST_F(Baseline, OnlyNewFindingsFail) {
  project.write("db/003.sql", std::string(header) + "DROP TABLE customers;\n");
  const Outcome run = lint();
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.out, AllOf(HasSubstr("customers"), Not(HasSubstr("invoices")), HasSubstr("1 error")));
}

TEST_F(Baseline, SurvivesMovedLinesCommentsAndFormatting) {
  project.write("db/002.sql", "-- moved\n\n\n" + std::string(header) +
                                  "DROP   TABLE /* why */ invoices;\n\n\nCREATE INDEX orders_note\n  ON orders (note);\n");
  EXPECT_EQ(lint().exit_code, 0) << lint().out;
}

TEST_F(Baseline, SurvivesARenamedFile) {
  project.write("db/002_cleanup.sql", project.read("db/002.sql"));
  std::filesystem::remove(project.path() / "db/002.sql");
  const Outcome run = lint();
  EXPECT_EQ(run.exit_code, 0) << run.out;
  EXPECT_THAT(run.err, IsEmpty());
}

TEST_F(Baseline, ACopyIsNew) {
  project.write("db/003.sql", std::string(header) + "DROP TABLE invoices;\n");  // the same statement where the old file still is
  EXPECT_EQ(lint().exit_code, 1);
}

TEST_F(Baseline, OfEqualStatementsAsManyAreKnownAsThereWere) {
  project.write("db/002.sql", std::string(header) + "DELETE FROM orders;\nDELETE FROM orders;\n");
  ASSERT_EQ(project.run({"lint", "db", "--write-baseline"}).exit_code, 0);
  EXPECT_EQ(project.run({"lint", "db", "--fail-on", "warning"}).exit_code, 0) << lint().out;
  project.write("db/002.sql", std::string(header) + "DELETE FROM orders;\nDELETE FROM orders;\nDELETE FROM orders;\n");
  EXPECT_EQ(project.run({"lint", "db", "--fail-on", "warning"}).exit_code, 1);
}

TEST_F(Baseline, WhatIsSaidOncePerRunIsSaidOfNewFiles) {
  const Project fresh;
  fresh.write("db/001.sql", "CREATE TABLE orders (id bigint);\n");
  fresh.write("db/002.sql", "ALTER TABLE orders ADD COLUMN note text;\n");
  fresh.write("db/003.sql", "ALTER TABLE orders ADD COLUMN total int;\n");
  ASSERT_THAT(fresh.run({"lint", "db"}).out, HasSubstr("lock-queue-blocker"));
  ASSERT_EQ(fresh.run({"lint", "db", "--write-baseline"}).exit_code, 0);
  EXPECT_THAT(fresh.run({"lint", "db"}).out, Not(HasSubstr("lock-queue-blocker")));
  fresh.write("db/004.sql", "ALTER TABLE orders ADD COLUMN state int;\n");
  EXPECT_THAT(fresh.run({"lint", "db"}).out, AllOf(HasSubstr("lock-queue-blocker"), HasSubstr("db/004.sql")));
}

TEST_F(Baseline, StaleEntriesAreToldAndPruned) {
  EXPECT_EQ(project.run({"baseline", "db", "--check"}).exit_code, 0);
  project.write("db/002.sql", std::string(header) + "DROP TABLE invoices;\n");
  const Outcome run = lint();
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_THAT(run.err, HasSubstr("1 finding of cupel-baseline.json found no more; `cupel baseline --prune`"));
  EXPECT_EQ(project.run({"baseline", "db", "--check"}).exit_code, 1);
  const Outcome pruned = project.run({"baseline", "db", "--prune"});
  EXPECT_EQ(pruned.exit_code, 0) << pruned.err;
  EXPECT_THAT(pruned.out, AllOf(HasSubstr("taken out"), HasSubstr("add-index-non-concurrent")));
  EXPECT_THAT(lint().err, IsEmpty());
  EXPECT_EQ(lint().exit_code, 0);
  // The ratchet: what is out is new when it comes back.
  project.write("db/002.sql", std::string(header) + "DROP TABLE invoices;\nCREATE INDEX orders_note ON orders (note);\n");
  EXPECT_EQ(lint().exit_code, 1);
}

TEST_F(Baseline, PruneLeavesWhatItDidNotLookAt) {
  project.write("other/001.sql", std::string(header) + "DROP TABLE a;\n");
  ASSERT_EQ(project.run({"lint", "db", "other", "--write-baseline"}).exit_code, 0);
  ASSERT_EQ(project.run({"baseline", "db", "--prune"}).exit_code, 0);
  EXPECT_EQ(project.run({"lint", "db", "other"}).exit_code, 0);
}

TEST_F(Baseline, IsFoundBesideTheConfigurationWhereverOneStarts) {
  project.write("cupel.toml", "paths = [\"db\"]\n");
  EXPECT_EQ(project.run({"lint"}).exit_code, 0);
  EXPECT_EQ(project.run({"lint"}, {.below = "db"}).exit_code, 0);
}

TEST_F(Baseline, ReportsMarkWhatIsKnown) {
  const json report = json::parse(project.run({"lint", "db", "--format", "json"}).out);
  ASSERT_FALSE(report.at("findings").empty());
  for (const json& finding : report.at("findings")) EXPECT_TRUE(finding.at("known"));
  EXPECT_EQ(report.at("counts").at("error"), 0);
  const json sarif = json::parse(project.run({"lint", "db", "--format", "sarif"}).out);
  EXPECT_EQ(sarif.at("runs").at(0).at("results").at(0).at("baselineState"), "unchanged");
}

TEST_F(Baseline, ABrokenOrMissingOneIsAnError) {
  EXPECT_EQ(project.run({"lint", "db", "--baseline", "nowhere.json"}).exit_code, 2);
  project.write("cupel-baseline.json", "{\"version\": 1, \"findings\": [{}]}");
  const Outcome run = lint();
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, AllOf(HasSubstr("cupel-baseline.json is no baseline"), HasSubstr("--write-baseline")));
  EXPECT_EQ(project.run({"lint", "db", "--write-baseline", "--staged"}).exit_code, 2);
}

TEST_F(Baseline, KnownSyntaxErrorsDoNotFail) {
  project.write("db/002.sql", "CREATE TABEL x ();\n");
  EXPECT_EQ(lint().exit_code, 3);
  ASSERT_EQ(project.run({"lint", "db", "--write-baseline"}).exit_code, 0);
  EXPECT_EQ(lint().exit_code, 0);
}

}  // namespace
}  // namespace cupel::test
