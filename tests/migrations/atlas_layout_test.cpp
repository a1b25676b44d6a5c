// Atlas: its layout, and atlas.sum beside any layout.
#include "base/sha256.h"
#include "migrations/atlas_sum.h"
#include "tests/migrations/memory_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::migrations {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// As `atlas migrate hash` writes it; files that begin with atlas:sum ignore have no line.
std::string sum_of(const MemoryFolder::Files& files) {
  Sha256 running, total;
  std::string lines;
  for (const auto& [name, text] : files) {
    running.update(name);
    if (text->starts_with("-- atlas:sum ignore")) continue;
    const std::string hash = base64(running.update(*text).digest());
    total.update(name).update(hash);
    lines += name + " h1:" + hash + "\n";
  }
  return "h1:" + base64(total.digest()) + "\n" + lines;
}

std::vector<std::string> checked(const std::string& sum, MemoryFolder::Files files, std::string layout = "atlas") {
  files["atlas.sum"] = sum;
  const MemoryFolder folder(files);
  MigrationSet set;
  set.layout = std::move(layout);
  check_atlas_sum(folder, set);
  EXPECT_EQ(set.sources.size(), set.problems.empty() ? 0U : 1U);
  return problems_of(set);
}

const MemoryFolder::Files three = {{"1_a.sql", "CREATE TABLE a (id int);\n"}, {"2_b.sql", "SELECT 2;\n"}, {"3_c.sql", "SELECT 3;\n"}};

TEST(AtlasSum, IsSilentWhereNothingChanged) {
  EXPECT_THAT(checked(sum_of(three), three), IsEmpty());
  MemoryFolder::Files ignored = three;
  ignored["2_b.sql"] = "-- atlas:sum ignore\nSELECT 2;\n";
  const std::string sum = sum_of(ignored);
  EXPECT_THAT(checked(sum, ignored), IsEmpty());
  ignored["2_b.sql"] = "-- atlas:sum ignore\nSELECT 22;\n";
  EXPECT_THAT(checked(sum, ignored), IsEmpty());
}

TEST(AtlasSum, NamesTheFirstFileThatWasEdited) {
  MemoryFolder::Files edited = three;
  edited["2_b.sql"] = "SELECT 22;\n";
  EXPECT_THAT(
      checked(sum_of(three), edited),
      ElementsAre("layout-error: 2_b.sql is not what atlas.sum notes of it: it was edited since, and Atlas refuses the folder; if that "
                  "is meant, `atlas migrate hash` notes it anew"));
}

TEST(AtlasSum, NamesFilesThatCameOrWent) {
  MemoryFolder::Files more = three;
  more["2_d.sql"] = "SELECT 4;\n";
  EXPECT_THAT(checked(sum_of(three), more), ElementsAre(HasSubstr("2_d.sql is not noted in atlas.sum")));
  MemoryFolder::Files fewer = three;
  fewer.erase("2_b.sql");
  EXPECT_THAT(checked(sum_of(three), fewer), ElementsAre(HasSubstr("2_b.sql is noted in atlas.sum and is not there")));
}

TEST(AtlasSum, ThatIsBroken) {
  std::string merged = sum_of(three);
  merged[3] = merged[3] == 'A' ? 'B' : 'A';
  EXPECT_THAT(checked(merged, three), ElementsAre(HasSubstr("the first line is not the sum of the others")));
  EXPECT_THAT(checked("<<<<<<< HEAD\n" + sum_of(three), three), ElementsAre(HasSubstr("this is no line of an atlas.sum")));
  EXPECT_THAT(checked(sum_of(three) + "=======\n", three), ElementsAre(HasSubstr("this is no line of an atlas.sum")));
  EXPECT_THAT(checked("", three), ElementsAre(HasSubstr("1_a.sql"), HasSubstr("2_b.sql"), HasSubstr("3_c.sql")));
}

TEST(AtlasSum, OfGolangMigrateIsAboutUpgrades) {
  const MemoryFolder::Files upgrades = {{"1_a.up.sql", "SELECT 1;"}, {"2_b.up.sql", "SELECT 2;"}};
  MemoryFolder::Files all = upgrades;
  all["1_a.down.sql"] = "SELECT 0;";
  EXPECT_THAT(checked(sum_of(upgrades), all, "golang-migrate"), IsEmpty());
  EXPECT_THAT(checked(sum_of(upgrades), all, "atlas"), ElementsAre(HasSubstr("1_a.down.sql is not noted")));
}

TEST(AtlasLayout, KnowsModesAndLeavesCheckpointsOut) {
  const MigrationSet set = read_with("atlas", {{"1_a.sql", "SELECT 1;"},
                                               {"2_b_c.sql", "-- atlas:txmode none\n\nSELECT 2;"},
                                               {"3.sql", "-- atlas:txmode none\nSELECT 3;"},  // belongs to the statement
                                               {"4_all.sql", "-- atlas:checkpoint v4\n\nSELECT 4;"}});
  EXPECT_THAT(revisions_of(set), ElementsAre("1", "2", "3"));
  EXPECT_EQ(set.migrations[1].title, "b_c");
  EXPECT_EQ(set.migrations[0].upgrade->mode, TransactionMode::per_file);
  EXPECT_EQ(set.migrations[1].upgrade->mode, TransactionMode::none);
  EXPECT_EQ(set.migrations[1].upgrade->mode_marker.of(set.sources[1]->text()), "none");
  EXPECT_EQ(set.migrations[2].upgrade->mode, TransactionMode::per_file);
  EXPECT_THAT(set.left_out, ElementsAre("4_all.sql"));
  EXPECT_THAT(problems_of(set), IsEmpty());
  EXPECT_FALSE(set.migrations[0].downgrade_expected);
}

TEST(AtlasLayout, CutsAtDelimitersThatAreNoSql) {
  const MigrationSet set = read_with("atlas", {{"1_a.sql", "-- atlas:delimiter //\n\nSELECT 1;//\nSELECT 2//\n"},
                                               {"2_b.sql", "-- atlas:delimiter \\n\\n\n\nSELECT 1;\n\nSELECT 2;\n"}});
  EXPECT_THAT(chunks_of(set, *set.migrations[0].upgrade), ElementsAre("\n\nSELECT 1;", "\nSELECT 2", "\n"));
  EXPECT_THAT(set.migrations[1].upgrade->chunks, IsEmpty());
}

TEST(AtlasLayout, RunsTheSectionsOfAnArchive) {
  const MigrationSet set = read_with(
      "atlas",
      {{"1_a.sql",
        "-- atlas:txtar\n\n-- checks.sql --\nSELECT 0;\n-- migration.sql --\nDROP TABLE a;\n-- down.sql --\nCREATE TABLE a ();\n"}});
  EXPECT_THAT(chunks_of(set, *set.migrations[0].upgrade), ElementsAre("DROP TABLE a;\n"));
  ASSERT_TRUE(set.migrations[0].downgrade);
  EXPECT_THAT(chunks_of(set, *set.migrations[0].downgrade), ElementsAre("CREATE TABLE a ();\n"));
}

TEST(AtlasLayout, IsToldByItsSumFile) {
  const auto recognised = [](const MemoryFolder::Files& files) { return find_layout("atlas")->recognise(MemoryFolder(files)); };
  EXPECT_EQ(recognised({{"1_a.sql", "SELECT 1;"}, {"atlas.sum", "h1:x\n"}}), Recognition::certain);
  EXPECT_EQ(recognised({{"1_a.sql", "SELECT 1;"}}), Recognition::no);
  EXPECT_EQ(recognised({{"1_a.up.sql", "SELECT 1;"}, {"atlas.sum", "h1:x\n"}}), Recognition::no);
  EXPECT_EQ(recognised({{"1_a.sql", "-- +goose Up\n"}, {"atlas.sum", "h1:x\n"}}), Recognition::no);
}

}  // namespace
}  // namespace cupel::migrations
