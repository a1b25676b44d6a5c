// init, revision, merge, heads, branches, history, show.
#include "tests/cli/program.h"

#include <filesystem>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace cupel::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

std::vector<std::string> files_of(const Project& project, const std::string& folder) {
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(project.path() / folder)) files.push_back(entry.path().filename());
  std::sort(files.begin(), files.end());
  return files;
}

void write_revision(const Project& project, const std::string& id, const std::string& directives) {
  project.write("db/" + id + ".sql",
                "-- cupel:revision " + id + "\n" + directives + "-- cupel:upgrade\nSELECT 1;\n-- cupel:downgrade\nSELECT 2;\n");
}

// A fork, its merge, one more, and a second history that needs one side of the fork.
void write_example(const Project& project) {
  write_revision(project, "4f1b0c2d91a0", "-- cupel:parent none\n");
  write_revision(project, "4f1b7703e2c5", "-- cupel:parent 4f1b0c2d91a0\n");
  write_revision(project, "a0d3e5512b77", "-- cupel:parent 4f1b7703e2c5\n");
  write_revision(project, "c93e01aa4d10", "-- cupel:parent 4f1b7703e2c5\n");
  write_revision(project, "d5e2f7b08c31", "-- cupel:parent a0d3e5512b77, c93e01aa4d10\n");
  write_revision(project, "e77a90b1c2d3", "-- cupel:parent d5e2f7b08c31\n");
  write_revision(project, "7b1100a2c3d4", "-- cupel:parent none\n-- cupel:label billing\n");
  write_revision(project, "7b2200b3d4e5", "-- cupel:parent 7b1100a2c3d4\n-- cupel:depends-on c93e01aa4d10\n");
}

// ---- init -------------------------------------------------------------------------------------------------------------

TEST(InitCommand, BeginsAProjectThatWorks) {
  const Project project;
  Outcome run = project.run({"init"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, AllOf(HasSubstr("wrote cupel.toml"), HasSubstr("migrations/")));
  run = project.run({"heads"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, IsEmpty());
  run = project.run({"revision", "-m", "Add orders", "--rev-id", "orders"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, AllOf(HasSubstr("_add_orders.sql (revision orders, the first of its history)")));
  run = project.run({"revision", "-m", "Add notes", "--rev-id", "notes"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(project.run({"history"}).out, "orders -> notes (head), add_notes\n<base> -> orders, add_orders\n");
  EXPECT_EQ(project.run({"lint"}).exit_code, 0);
}

TEST(InitCommand, MakesTheFolderItIsGiven) {
  const Project project;
  EXPECT_EQ(project.run({"init", "services/shop"}).exit_code, 0);
  EXPECT_TRUE(fs::is_directory(project.path() / "services/shop/migrations"));
  EXPECT_EQ(project.run({"revision", "-m", "first"}, {.below = "services/shop"}).exit_code, 0);
}

TEST(InitCommand, LeavesWhatIsThereAlone) {
  const Project project;
  project.write("cupel.toml", "pg_version = 15\n");
  Outcome run = project.run({"init"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, HasSubstr("cupel.toml is there already"));
  EXPECT_EQ(project.read("cupel.toml"), "pg_version = 15\n");
  EXPECT_FALSE(fs::exists(project.path() / "migrations"));
  project.write("other/migrations/1_a.sql", "SELECT 1;\n");
  run = project.run({"init", "other"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, HasSubstr("other/migrations is there already"));
  EXPECT_FALSE(fs::exists(project.path() / "other/cupel.toml"));
}

// ---- revision ---------------------------------------------------------------------------------------------------------

TEST(RevisionCommand, WritesOneFileAfterTheHead) {
  const Project project;
  project.write("db/20260101_000000_orders.sql", "CREATE TABLE orders (id bigint PRIMARY KEY);\n");
  const Outcome run = project.run({"revision", "-m", "Add an index", "--label", "shop"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, AllOf(StartsWith("wrote db/"), HasSubstr("_add_an_index.sql"), HasSubstr("after 20260101_000000")));
  ASSERT_EQ(files_of(project, "db").size(), 2U);
  const std::string text = project.read("db/" + files_of(project, "db").back());
  EXPECT_THAT(text,
              AllOf(StartsWith("-- Add an index\n"), HasSubstr("-- cupel:parent 20260101_000000\n"), HasSubstr("-- cupel:label shop\n")));
}

TEST(RevisionCommand, GivesEachItsOwnIdWithinASecond) {
  const Project project;
  ASSERT_EQ(project.run({"init"}).exit_code, 0);
  for (int i = 0; i < 4; ++i) ASSERT_EQ(project.run({"revision", "-m", "same"}).exit_code, 0);
  EXPECT_EQ(files_of(project, "migrations").size(), 4U);
  EXPECT_EQ(project.run({"heads"}).exit_code, 0);
  const json report = json::parse(project.run({"history", "--json"}).out);
  std::set<std::string> ids;
  for (const json& revision : report.at("folders").at(0).at("revisions")) ids.insert(revision.at("revision"));
  EXPECT_EQ(ids.size(), 4U);
}

TEST(RevisionCommand, WritesNothingWhenItRefuses) {
  const Project project;
  write_example(project);
  const std::vector<std::string> before = files_of(project, "db");
  struct Case {
    std::vector<std::string> arguments;
    int exit_code;
    const char* error;
  };
  const std::vector<Case> cases = {
      {{}, 10, "there are 2 heads: 7b2200b3d4e5, e77a90b1c2d3"},
      {{"--parent", "d5e2"}, 10, "--splice"},
      {{"--parent", "e77a", "--rev-id", "a0d3e5512b77"}, 10, "there is a revision a0d3e5512b77 already"},
      {{"--parent", "e77a", "--rev-id", "head"}, 2, "head, heads, base and current are no names"},
      {{"--parent", "e77a", "--rev-id", "../up"}, 2, "could leave the folder"},
      {{"--parent", "e77a", "--label", "billing"}, 10, "the label billing is another revision's already"},
      {{"--parent", "4f1b"}, 10, "4f1b is the beginning of 2 revisions: 4f1b0c2d91a0, 4f1b7703e2c5"},
      {{"--parent", "e77a", "--depends-on", "nope"}, 10, "no revision is called nope"},
      {{"--path", "nowhere"}, 3, "nowhere does not exist"},
  };
  for (const Case& expected : cases) {
    std::vector<std::string> arguments = {"revision", "-m", "more"};
    arguments.insert(arguments.end(), expected.arguments.begin(), expected.arguments.end());
    const Outcome run = project.run(arguments);
    EXPECT_EQ(run.exit_code, expected.exit_code) << run.err;
    EXPECT_THAT(run.err, HasSubstr(expected.error));
    EXPECT_THAT(run.out, IsEmpty());
  }
  EXPECT_EQ(files_of(project, "db"), before);
}

TEST(RevisionCommand, LeavesOtherRunnersFoldersToThem) {
  const Project project;
  project.write("db/00001_users.sql", "-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 2;\n");
  for (const char* command : {"revision", "merge"}) {
    const Outcome run = project.run({command, "-m", "more"});
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_THAT(run.err, AllOf(HasSubstr("layout goose"), HasSubstr("goose create NAME sql")));
  }
  EXPECT_EQ(files_of(project, "db").size(), 1U);
}

TEST(RevisionCommand, SaysHowToBeginWhereNothingIs) {
  const Outcome run = Project().run({"revision", "-m", "first"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, HasSubstr("`cupel init`"));
}

TEST(RevisionCommand, TakesItsNameFromTheConfiguration) {
  const Project project;
  project.write("cupel.toml", "paths = [\"db\"]\n[revision]\nfile_name = \"{id}-{slug}.sql\"\n");
  Outcome run = project.run({"revision", "-m", "Add orders", "--rev-id", "orders"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(files_of(project, "db"), ElementsAre("orders-add_orders.sql"));
  EXPECT_EQ(project.run({"heads"}).out, "orders (head), orders-add_orders\n");
  project.write("cupel.toml", "paths = [\"db\"]\n[revision]\nfile_name = \"{dat}_{slug}.sql\"\n");
  run = project.run({"heads"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, AllOf(HasSubstr("cupel.toml:3:13: "), HasSubstr("did you mean {date}?")));
}

TEST(RevisionCommand, RemindsOfTheLockFile) {
  const Project project;
  project.write("db/20260101_000000_orders.sql", "CREATE TABLE orders (id bigint PRIMARY KEY);\n");
  ASSERT_EQ(project.run({"lock", "db"}).exit_code, 0);
  const std::string locked = project.read("db/cupel.lock");
  const Outcome run = project.run({"revision", "-m", "more"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("when it is filled in: cupel lock db\n"));
  EXPECT_EQ(project.read("db/cupel.lock"), locked);
}

TEST(RevisionCommand, DoesNotBecomeAnotherFilesParentBySurprise) {
  const Project project;
  project.write("db/20260101_000000_orders.sql", "SELECT 1;\n");
  project.write("db/29990101_000000_later.sql", "SELECT 1;\n");
  const Outcome run = project.run({"revision", "-m", "between"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, AllOf(HasSubstr("db/29990101_000000_later.sql states no parent"), HasSubstr("'-- cupel:parent 20260101_000000'")));
  EXPECT_EQ(files_of(project, "db").size(), 2U);
}

// ---- merge ------------------------------------------------------------------------------------------------------------

TEST(MergeCommand, JoinsTheHeads) {
  const Project project;
  write_example(project);
  const Outcome run = project.run({"merge", "-m", "Join billing", "--rev-id", "joined"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("after 7b2200b3d4e5, e77a90b1c2d3"));
  EXPECT_EQ(project.run({"heads"}).out, "joined (head) (mergepoint), join_billing\n");
  const Outcome again = project.run({"merge", "-m", "again"});
  EXPECT_EQ(again.exit_code, 10);
  EXPECT_THAT(again.err, HasSubstr("there is one head, joined (join_billing): nothing to merge"));
}

TEST(MergeCommand, RefusesAnAncestor) {
  const Project project;
  write_example(project);
  const Outcome run = project.run({"merge", "--splice", "e77a", "a0d3"});
  EXPECT_EQ(run.exit_code, 10);
  EXPECT_THAT(run.err, HasSubstr("a0d3e5512b77 comes before e77a90b1c2d3 already"));
}

// ---- heads, branches, history, show -----------------------------------------------------------------------------------

TEST(HeadsCommand, NamesThem) {
  const Project project;
  write_example(project);
  const Outcome run = project.run({"heads"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out, "7b2200b3d4e5 (head)\ne77a90b1c2d3 (head)\n");
  EXPECT_THAT(
      project.run({"heads", "-v"}).out,
      AllOf(HasSubstr("Rev: 7b2200b3d4e5 (head)\nParent: 7b1100a2c3d4\nAlso depends on: c93e01aa4d10\nPath: db/7b2200b3d4e5.sql\n")));
}

TEST(BranchesCommand, ShowsWhereTheHistoryForks) {
  const Project project;
  write_example(project);
  const Outcome run = project.run({"branches"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out, "4f1b7703e2c5 (branchpoint)\n             -> a0d3e5512b77\n             -> c93e01aa4d10\n");
}

TEST(HistoryCommand, ListsNewestFirst) {
  const Project project;
  write_example(project);
  const Outcome run = project.run({"history"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out,
              AllOf(HasSubstr("a0d3e5512b77, c93e01aa4d10 -> d5e2f7b08c31 (mergepoint)\n"),
                    HasSubstr("7b1100a2c3d4 (c93e01aa4d10) -> 7b2200b3d4e5 (head)\n"), HasSubstr("<base> -> 7b1100a2c3d4 (billing)\n")));
  EXPECT_LT(run.out.find("-> e77a90b1c2d3"), run.out.find("-> d5e2f7b08c31"));
}

TEST(HistoryCommand, TakesARange) {
  const Project project;
  write_example(project);
  EXPECT_EQ(project.run({"history", "-r", "a0d3:d5e2"}).out,
            "a0d3e5512b77, c93e01aa4d10 -> d5e2f7b08c31 (mergepoint)\n4f1b7703e2c5 -> a0d3e5512b77\n");
  EXPECT_EQ(project.run({"history", "-r", "-1:e77a"}).out, project.run({"history", "--range=d5e2:"}).out);
  const Outcome run = project.run({"history", "-r", "e77a:a0d3"});
  EXPECT_EQ(run.exit_code, 10);
  EXPECT_THAT(run.err, HasSubstr("write a0d3:e77a"));
  EXPECT_EQ(project.run({"history", "-r", "current:"}).exit_code, 10);
}

TEST(HistoryCommand, ReadsOtherRunnersFolders) {
  const Project project;
  project.write("one/00001_users.sql", "-- +goose Up\nSELECT 1;\n");
  project.write("one/00002_orders.sql", "-- +goose Up\nSELECT 1;\n");
  project.write("two/V1__users.sql", "SELECT 1;\n");
  project.write("two/R__views.sql", "SELECT 1;\n");
  const Outcome run = project.run({"history"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, AllOf(HasSubstr("one (goose)\n"), HasSubstr("00001 -> 00002 (head), orders\n"), HasSubstr("two (flyway)\n"),
                             HasSubstr("(repeatable)")));
  EXPECT_THAT(project.run({"show", "2", "--path", "one"}).out, HasSubstr("Path: one/00002_orders.sql"));
  EXPECT_EQ(project.run({"heads", "--path", "two"}).out, "1 (head), users\n");
}

TEST(HistoryCommand, WritesJson) {
  const Project project;
  write_example(project);
  const Outcome run = project.run({"history", "--json"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  const json report = json::parse(run.out);
  EXPECT_EQ(report.at("version"), 1);
  const json& folder = report.at("folders").at(0);
  EXPECT_EQ(folder.at("path"), "db");
  EXPECT_EQ(folder.at("layout"), "cupel");
  EXPECT_EQ(folder.at("heads"), json({"7b2200b3d4e5", "e77a90b1c2d3"}));
  ASSERT_EQ(folder.at("revisions").size(), 8U);
  const json& first = folder.at("revisions").at(0);
  EXPECT_EQ(first.at("revision"), "4f1b0c2d91a0") << "in the order they run";
  EXPECT_EQ(first.at("base"), true);
  EXPECT_EQ(first.at("head"), false);
  EXPECT_EQ(first.at("children"), json({"4f1b7703e2c5"}));
  EXPECT_EQ(first.at("file"), "db/4f1b0c2d91a0.sql");
  EXPECT_TRUE(first.at("applied").is_null());
}

TEST(HistoryCommand, TellsABrokenGraph) {
  const Project project;
  write_revision(project, "one", "-- cupel:parent gone\n");
  const Outcome run = project.run({"history"});
  EXPECT_EQ(run.exit_code, 10);
  EXPECT_EQ(run.out, "gone -> one (head)\n");
  EXPECT_THAT(run.err, HasSubstr("db/one.sql: parent gone of revision one (one.sql) does not exist"));
  EXPECT_EQ(project.run({"history", "--path", "nowhere"}).exit_code, 3);
}

TEST(ShowCommand, ShowsOneRevision) {
  const Project project;
  write_example(project);
  const Outcome run = project.run({"show", "d5e2"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out, "Rev: d5e2f7b08c31 (mergepoint)\nMerges: a0d3e5512b77, c93e01aa4d10\nPath: db/d5e2f7b08c31.sql\n\n");
  EXPECT_THAT(project.run({"show", "billing"}).out, HasSubstr("Branch names: billing\n"));
  EXPECT_THAT(project.run({"show", "c93e"}).out, HasSubstr("Needed by: 7b2200b3d4e5\n"));
  EXPECT_THAT(project.run({"show", "e77a-1"}).out, StartsWith("Rev: d5e2f7b08c31"));
  EXPECT_THAT(project.run({"show", "base"}).out, IsEmpty());
  EXPECT_EQ(json::parse(project.run({"show", "heads", "--json"}).out).at("folders").at(0).at("revisions").size(), 2U);
}

TEST(ShowCommand, SaysWhatItCannotFind) {
  const Project project;
  write_example(project);
  const auto error = [&](const std::string& symbol) {
    const Outcome run = project.run({"show", symbol});
    EXPECT_EQ(run.exit_code, 10) << symbol;
    EXPECT_THAT(run.out, IsEmpty());
    return run.err;
  };
  EXPECT_THAT(error("head"), AllOf(HasSubstr("2 heads"), HasSubstr("billing@head")));
  EXPECT_THAT(error("biling"), HasSubstr("did you mean billing?"));
  EXPECT_THAT(error("-1"), HasSubstr("only a database can tell"));
  EXPECT_THAT(error("+1"), Not(IsEmpty()));
}

}  // namespace
}  // namespace cupel::test
