// `cupel lint --since`, `--staged` and `--applied-until` in real repositories.
#include "tests/cli/repository.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace cupel::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

// "db/2_b.up.sql drop-table" of each finding, without advice on lock timeouts and the like.
std::vector<std::string> findings_of(const Outcome& run) {
  std::vector<std::string> found;
  const json report = json::parse(run.out, nullptr, false);
  if (report.is_discarded()) return {"no report: " + run.out + run.err};
  for (const json& finding : report.at("findings")) {
    if (finding.at("rule") == "lock-queue-blocker" || finding.at("rule") == "missing-down") continue;
    found.push_back(finding.at("file").get<std::string>() + " " + finding.at("rule").get<std::string>());
  }
  return found;
}

class Changes : public testing::Test {
 protected:
  void SetUp() override {
    if (!repository.usable()) GTEST_SKIP();
    repository.write("db/1_a.up.sql", "CREATE TABLE orders (id bigint, note text);\n");
    repository.write("db/2_b.up.sql", "DROP TABLE invoices;\n");
    repository.commit("begin");
  }
  [[nodiscard]] Outcome lint(std::vector<std::string> options) const {
    std::vector<std::string> arguments = {"lint", "db", "--format", "json"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return repository.run(arguments);
  }

  Repository repository;
};

// ---- --staged ---------------------------------------------------------------------------------------------------------

TEST_F(Changes, NothingStagedIsClean) {
  const Outcome run = lint({"--staged"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(findings_of(run), IsEmpty());
  EXPECT_THAT(repository.run({"lint", "db", "--staged"}).out, HasSubstr("nothing changed in 2 migrations (golang-migrate)"));
}

TEST_F(Changes, OnlyTheStagedMigrationIsJudgedOnTheWholeHistory) {
  repository.write(
      "db/3_c.up.sql",
      "ALTER TABLE orders ALTER COLUMN note TYPE varchar(20);\nCREATE TABLE fresh (id bigint);\nCREATE INDEX f ON fresh (id);\n");
  repository.write("db/4_d.up.sql", "DROP TABLE orders;\n");
  repository.git("add db/3_c.up.sql");
  const Outcome run = lint({"--staged"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(findings_of(run), ElementsAre("db/3_c.up.sql type-change-rewrite"));  // needs the type of 1_a
  EXPECT_EQ(json::parse(run.out).at("counts").at("judged"), 1);
  EXPECT_EQ(json::parse(run.out).at("counts").at("migrations"), 3);  // what is not staged is not there
}

TEST_F(Changes, TheIndexIsJudgedAndNotTheFile) {
  repository.write("db/3_c.up.sql", "DROP TABLE orders;\n");
  repository.git("add db");
  repository.write("db/3_c.up.sql", "SELECT 1;\n");
  EXPECT_THAT(findings_of(lint({"--staged"})), ElementsAre("db/3_c.up.sql drop-table"));
  repository.git("add db");
  repository.write("db/3_c.up.sql", "DROP TABLE orders;\n");
  EXPECT_THAT(findings_of(lint({"--staged"})), IsEmpty());
}

TEST_F(Changes, StagedEditOfWhatIsCommitted) {
  repository.write("db/1_a.up.sql", "CREATE TABLE orders (id bigint, note text, total numeric);\n");
  repository.git("add db");
  EXPECT_THAT(findings_of(lint({"--staged"})), ElementsAre("db/1_a.up.sql edited-applied-migration"));
}

TEST_F(Changes, StagedEditOfWhatIsOnNoSharedBranchIsFine) {
  repository.git("update-ref refs/remotes/origin/main HEAD");
  repository.git("symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/main");
  repository.git("checkout -q -b feature");
  repository.write("db/3_c.up.sql", "CREATE TABLE c (id bigint);\n");
  repository.commit("mine");
  repository.write("db/3_c.up.sql", "CREATE TABLE c (id bigint, note text);\n");
  repository.git("add db");
  EXPECT_THAT(findings_of(lint({"--staged"})), IsEmpty());
  repository.write("db/1_a.up.sql", "CREATE TABLE orders (id int);\n");
  repository.git("add db");
  EXPECT_THAT(findings_of(lint({"--staged"})), ElementsAre("db/1_a.up.sql edited-applied-migration"));
}

TEST_F(Changes, TheFirstCommitIsAllNew) {
  const Repository fresh;
  fresh.write("db/1_a.up.sql", "DROP TABLE invoices;\n");
  fresh.git("add db");
  EXPECT_THAT(findings_of(fresh.run({"lint", "db", "--format", "json", "--staged"})), ElementsAre("db/1_a.up.sql drop-table"));
}

// ---- --since ----------------------------------------------------------------------------------------------------------

TEST_F(Changes, SinceJudgesWhatTheBranchAddsCommittedOrNot) {
  repository.git("checkout -q -b feature");
  repository.write("db/3_c.up.sql", "DROP TABLE orders;\n");
  repository.commit("c");
  repository.write("db/4_d.up.sql", "DROP TABLE customers;\n");  // not even known to git
  EXPECT_THAT(findings_of(lint({"--since", "main"})), ElementsAre("db/3_c.up.sql drop-table", "db/4_d.up.sql drop-table"));
  EXPECT_THAT(findings_of(lint({"--since", "HEAD"})), ElementsAre("db/4_d.up.sql drop-table"));
}

TEST_F(Changes, SinceMeasuresFromTheMergeBase) {
  repository.git("checkout -q -b feature");
  repository.write("db/4_d.up.sql", "SELECT 1;\n");
  repository.commit("d");
  repository.git("checkout -q main");
  repository.write("db/3_c.up.sql", "DROP TABLE orders;\n");  // theirs: nothing of it is judged or missed
  repository.commit("c");
  repository.git("checkout -q feature");
  EXPECT_THAT(findings_of(lint({"--since", "main"})), IsEmpty());
}

TEST_F(Changes, EditedDeletedAndRenamedMigrationsThatAreOnTheBase) {
  repository.write("db/3_c.up.sql", "CREATE TABLE c (id bigint);\n");
  repository.commit("c");
  repository.git("checkout -q -b feature");
  repository.write("db/1_a.up.sql", "-- a comment is no edit\ncreate table orders (id bigint, note text);\n");
  repository.write("db/2_b.up.sql", "DROP TABLE IF EXISTS invoices;\n");
  repository.git("mv db/3_c.up.sql db/5_c.up.sql");
  repository.commit("change");
  const Outcome run = lint({"--since", "main"});
  EXPECT_THAT(findings_of(run), UnorderedElementsAre("db/2_b.up.sql edited-applied-migration", "db/2_b.up.sql drop-table",
                                                     "db/5_c.up.sql edited-applied-migration"));
  EXPECT_THAT(run.out, AllOf(HasSubstr("revision 3 was renamed to 5"), HasSubstr("on main already")));
  repository.git("rm -q db/2_b.up.sql");
  EXPECT_THAT(findings_of(lint({"--since", "main"})),
              UnorderedElementsAre("db/2_b.up.sql edited-applied-migration", "db/5_c.up.sql edited-applied-migration"));
}

TEST_F(Changes, AnotherTitleIsNoChange) {
  repository.git("checkout -q -b feature");
  repository.git("mv db/2_b.up.sql db/2_drop_invoices.up.sql");
  repository.commit("rename");
  EXPECT_THAT(findings_of(lint({"--since", "main"})), IsEmpty());
}

TEST_F(Changes, MigrationThatSortsBeforeOneOnTheBase) {
  repository.git("checkout -q -b feature");
  repository.write("db/3_mine.up.sql", "SELECT 1;\n");
  repository.commit("mine");
  EXPECT_THAT(findings_of(lint({"--since", "main"})), IsEmpty());
  repository.git("checkout -q main");
  repository.write("db/4_theirs.up.sql", "SELECT 2;\n");
  repository.commit("theirs");
  repository.git("checkout -q feature");
  const Outcome run = lint({"--since", "main"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(findings_of(run), ElementsAre("db/3_mine.up.sql late-migration"));
  EXPECT_THAT(run.out, HasSubstr("golang-migrate never runs this one"));
  repository.git("merge -q main -m merge");
  EXPECT_THAT(findings_of(lint({"--since", "main"})), ElementsAre("db/3_mine.up.sql late-migration"));
}

TEST_F(Changes, TwoHeadsThatOnlyTheMergeCreates) {
  const Repository fresh;
  fresh.write("m/20260101_000000_a.sql",
              "-- cupel:revision a\n-- cupel:parent none\nCREATE TABLE a (id bigint);\n-- cupel:downgrade\nDROP TABLE a;\n");
  fresh.commit("a");
  fresh.git("checkout -q -b feature");
  fresh.write("m/20260103_000000_mine.sql", "-- cupel:revision mine\n-- cupel:parent a\nSELECT 1;\n-- cupel:downgrade\nSELECT 1;\n");
  fresh.commit("mine");
  const std::vector<std::string> since = {"lint", "m", "--format", "json", "--since", "main"};
  EXPECT_THAT(findings_of(fresh.run(since)), IsEmpty());
  fresh.git("checkout -q main");
  fresh.write("m/20260102_000000_theirs.sql", "-- cupel:revision theirs\n-- cupel:parent a\nSELECT 2;\n-- cupel:downgrade\nSELECT 2;\n");
  fresh.commit("theirs");
  fresh.git("checkout -q feature");
  const Outcome run = fresh.run(since);
  ASSERT_EQ(findings_of(run).size(), 1U) << run.out;
  EXPECT_THAT(run.out, AllOf(HasSubstr("multiple-heads"), HasSubstr("merged with main, 2 revisions have none after them")));
}

TEST_F(Changes, TwoOfOneVersionThatOnlyTheMergeCreates) {
  repository.git("checkout -q -b feature");
  repository.write("db/3_mine.up.sql", "SELECT 1;\n");
  repository.commit("mine");
  repository.git("checkout -q main");
  repository.write("db/3_theirs.up.sql", "SELECT 2;\n");
  repository.commit("theirs");
  repository.git("checkout -q feature");
  const Outcome run = lint({"--since", "main"});
  EXPECT_THAT(run.out, AllOf(HasSubstr("duplicate-version"), HasSubstr("merged with main"))) << run.out;
}

TEST_F(Changes, OnlyTheChangedDirectionIsJudged) {
  repository.write("db/1_a.down.sql", "DROP TABLE orders;\n");
  repository.commit("down");
  repository.git("checkout -q -b feature");
  repository.write("db/2_b.down.sql", "TRUNCATE orders;\n");
  EXPECT_THAT(findings_of(lint({"--since", "main"})), ElementsAre("db/2_b.down.sql truncate"));
}

TEST_F(Changes, SuppressionsOfHistoryAreNotCalledUnused) {
  repository.write("db/2_b.up.sql", "-- cupel:ignore drop-table: nobody uses it\nDROP TABLE invoices;\n");
  repository.commit("suppressed");
  repository.git("checkout -q -b feature");
  repository.write("db/3_c.up.sql", "SELECT 1;\n");
  EXPECT_THAT(findings_of(lint({"--since", "main"})), IsEmpty());
}

TEST_F(Changes, WorksFromBelowAndFromAPathOfItsOwn) {
  repository.write("db/3_c.up.sql", "DROP TABLE orders;\n");
  EXPECT_THAT(findings_of(repository.run({"lint", ".", "--format", "json", "--since", "HEAD"}, {.below = "db"})),
              ElementsAre("3_c.up.sql drop-table"));
  EXPECT_THAT(findings_of(repository.run({"lint", "db/3_c.up.sql", "--format", "json", "--since", "HEAD"})),
              ElementsAre("db/3_c.up.sql drop-table"));
  EXPECT_THAT(findings_of(repository.run({"lint", "db/2_b.up.sql", "--format", "json", "--since", "HEAD"})), IsEmpty());
}

TEST_F(Changes, NamesAreNeitherOptionsNorPatterns) {
  repository.write("--db/3_*.up.sql", "SELECT 1;\n");
  repository.write("db/3_ ü\n.up.sql", "DROP TABLE orders;\n");
  EXPECT_THAT(findings_of(lint({"--since", "HEAD"})), ElementsAre("db/3_ ü\n.up.sql drop-table"));
  EXPECT_EQ(repository.run({"lint", "./--db", "--staged"}).exit_code, 0);
  EXPECT_EQ(lint({"--since=--upload-pack=touch /tmp/x"}).exit_code, 2);
}

TEST_F(Changes, NoHookAndNoMonitorOfTheRepositoryRuns) {
  repository.write("run.sh", "#!/bin/sh\ntouch ran\n");
  ASSERT_EQ(
      repository
          .shell("chmod +x run.sh; mkdir -p .git/hooks; cp run.sh .git/hooks/post-index-change; cp run.sh .git/hooks/fsmonitor-watchman")
          .exit_code,
      0);
  repository.git("config core.fsmonitor \"$PWD/run.sh\"");
  EXPECT_EQ(lint({"--staged"}).exit_code, 0);
  EXPECT_EQ(lint({"--since", "HEAD"}).exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(repository.path() / "ran"));
}

TEST_F(Changes, TheSameBytesWithAnyNumberOfThreads) {
  repository.write("db/3_c.up.sql", "DROP TABLE orders;\n");
  const auto text = [&](const char* threads) {
    std::string out = lint({"--since", "HEAD", "--threads", threads}).out;
    out.erase(out.find("\"seconds\""), out.find('\n', out.find("\"seconds\"")) - out.find("\"seconds\""));
    return out;
  };
  EXPECT_EQ(text("1"), text("8"));
}

// ---- what stands in the way -------------------------------------------------------------------------------------------

TEST_F(Changes, UnknownRef) {
  const Outcome run = lint({"--since", "origin/mian"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, AllOf(HasSubstr("origin/mian"), HasSubstr("git fetch origin mian")));
  EXPECT_EQ(std::ranges::count(run.err, '\n'), 1);
}

TEST_F(Changes, ShallowClone) {
  repository.git("checkout -q --orphan island");
  repository.commit("island");
  repository.git("checkout -q main");
  repository.write("db/3_c.up.sql", "SELECT 1;\n");
  repository.commit("c");
  repository.git("clone -q --depth 1 --no-single-branch \"file://$PWD\" shallow");
  const Outcome run = repository.run({"lint", "db", "--since", "origin/island"}, {.below = "shallow"});
  EXPECT_EQ(run.exit_code, 3) << run.out;
  EXPECT_THAT(run.err, AllOf(HasSubstr("shallow clone"), HasSubstr("fetch-depth: 0")));
  EXPECT_EQ(std::ranges::count(run.err, '\n'), 1);
}

TEST_F(Changes, NoCommonCommit) {
  repository.git("checkout -q --orphan island");
  repository.commit("island");
  const Outcome run = lint({"--since", "main"});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_THAT(run.err, AllOf(HasSubstr("no common commit"), Not(HasSubstr("shallow"))));
}

TEST_F(Changes, NoRepository) {
  const Project folder;
  folder.write("db/1_a.up.sql", "SELECT 1;\n");
  ASSERT_EQ(folder.shell("rm -rf .git/hooks").exit_code, 0);  // its .git is an empty folder, which is no repository
  const Outcome run =
      folder.run({"lint", "db", "--staged"}, {.environment = {{"GIT_CEILING_DIRECTORIES", folder.path().parent_path().string()}}});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_THAT(run.err, HasSubstr("need a git work tree"));
  EXPECT_EQ(std::ranges::count(run.err, '\n'), 1);
}

TEST_F(Changes, NoGit) {
  const Outcome run = repository.run({"lint", "db", "--staged"}, {.environment = {{"PATH", "/nonexistent"}}});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_THAT(run.err, AllOf(HasSubstr("cannot run git"), HasSubstr("Install git")));
}

TEST_F(Changes, StandardInputIsNoFileOfGit) { EXPECT_EQ(repository.run({"lint", "-", "--staged"}).exit_code, 2); }

// ---- --applied-until --------------------------------------------------------------------------------------------------

TEST_F(Changes, AppliedUntil) {
  repository.write("db/3_c.up.sql", "DROP TABLE orders;\n");
  EXPECT_THAT(findings_of(lint({})), ElementsAre("db/2_b.up.sql drop-table", "db/3_c.up.sql drop-table"));
  EXPECT_THAT(findings_of(lint({"--applied-until", "2"})), ElementsAre("db/3_c.up.sql drop-table"));
  EXPECT_THAT(findings_of(lint({"--applied-until", "3"})), IsEmpty());
  const Outcome run = lint({"--applied-until", "9"});
  EXPECT_EQ(run.exit_code, 10);
  EXPECT_THAT(run.err, HasSubstr("--applied-until"));
}

}  // namespace
}  // namespace cupel::test
