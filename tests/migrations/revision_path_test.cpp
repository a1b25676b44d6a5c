// What runs, and what is taken back, to get to a target.
#include "tests/migrations/revision_map_test.h"

#include <ctime>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::migrations {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class RevisionPaths : public testing::Test {
 protected:
  std::vector<Migration> migrations = example();
  RevisionMap map{migrations};
  [[nodiscard]] std::string upgrade(std::string_view target, const Applied& from = applied({})) const {
    return short_names(map, map.upgrade_path(target, from));
  }
  [[nodiscard]] std::string downgrade(std::string_view target, const Applied& from) const {
    return short_names(map, map.downgrade_path(target, from));
  }
  // Everything that is applied after an upgrade to each of these from nothing.
  [[nodiscard]] Applied at(const std::vector<std::string>& targets) const {
    Applied all;
    for (const std::string& target : targets) all.revisions.merge((*map.reached(target)).revisions);
    return all;
  }
};

TEST_F(RevisionPaths, RunParentsAndDependenciesFirst) {
  EXPECT_EQ(upgrade("heads"), "4f1b0 4f1b7 a0d3 c93e d5e2 e77a 7b11 7b22");
  EXPECT_EQ(upgrade("billing@head"), "4f1b0 4f1b7 c93e 7b11 7b22");
  EXPECT_EQ(upgrade("d5e2"), "4f1b0 4f1b7 a0d3 c93e d5e2");
}

TEST_F(RevisionPaths, HaveNothingToDoAtOrBehindTheDatabase) {
  for (const char* target : {"heads", "billing@head", "base", "4f1b7", "e77a-1", "current", "billing@base"}) {
    EXPECT_EQ(upgrade(target, at({"heads"})), "") << target;
  }
}

TEST_F(RevisionPaths, StepForward) {
  EXPECT_EQ(upgrade("+1", at({"4f1b0c2d91a0"})), "4f1b7");
  EXPECT_EQ(upgrade("+1", at({"d5e2"})), "e77a");
}

TEST_F(RevisionPaths, ComeToTheirTargetFromAnywhere) {
  EXPECT_EQ(upgrade("+1", at({"a0d3", "c93e"})), "d5e2");
  EXPECT_EQ(upgrade("+2", at({"a0d3", "c93e"})), "d5e2 e77a");
  EXPECT_EQ(upgrade("+1", at({"a0d3"})), "c93e d5e2") << "a merge takes the other side with it";
  EXPECT_EQ(upgrade("billing@+1", at({"e77a"})), "7b11");
  EXPECT_EQ(upgrade("billing@+2"), "4f1b0 4f1b7 c93e 7b11 7b22");
  EXPECT_EQ(upgrade("4f1b7-1"), "4f1b0");
  EXPECT_EQ(upgrade("billing@head-1"), "7b11");
}

TEST_F(RevisionPaths, SayHowManyStepsAreLeft) {
  EXPECT_EQ(upgrade("+3", at({"d5e2"})), "error: +3 goes too far: 1 revision is left after d5e2f7b08c31 (merge)");
  EXPECT_EQ(upgrade("+1", at({"e77a"})), "error: +1 goes too far: no revision is left after e77a90b1c2d3 (last)");
  EXPECT_EQ(upgrade("+1"),
            "error: +1 could lead to each of 4f1b0c2d91a0 (users), 7b1100a2c3d4 (accounts): name one, such as "
            "4f1b0c2d91a0 or billing@+1");
  EXPECT_THAT(upgrade("+1", at({"4f1b7"})), HasSubstr("could lead to each of a0d3e5512b77 (left), c93e01aa4d10 (right)"));
  EXPECT_EQ(upgrade("-1", at({"e77a"})), "error: -1 goes back: cupel downgrade -1");
  EXPECT_THAT(upgrade("a0d3:e77a"), HasSubstr("is a range"));
}

TEST_F(RevisionPaths, NeverPassOverARevisionInSilence) {
  // c93e was put behind what has run, as a rebase does.
  const Applied late = applied({"4f1b0c2d91a0", "4f1b7703e2c5", "a0d3e5512b77", "d5e2f7b08c31"});
  const std::string message =
      "error: c93e01aa4d10 (right) never ran, but d5e2f7b08c31 (merge), which comes after it, is applied; to run it late, "
      "name it: cupel upgrade c93e01aa4d10; if what it does is there already, note it: cupel stamp c93e01aa4d10";
  EXPECT_EQ(upgrade("heads", late), message);
  EXPECT_EQ(upgrade("+1", late), message);
  EXPECT_EQ(upgrade("billing@head", late), message);
  EXPECT_EQ(upgrade("d5e2", late), message);
  EXPECT_EQ(upgrade("a0d3", late), "") << "what is below the target has run";
  EXPECT_EQ(upgrade("billing", late), "7b11");
  EXPECT_EQ(upgrade("c93e", late), "c93e") << "named, it runs late";
  ASSERT_EQ(map.never_run(late).size(), 1U);
  EXPECT_EQ(map.name(map.never_run(late).front().migration), "c93e01aa4d10 (right)");
  EXPECT_TRUE(map.never_run(at({"heads"})).empty());
}

TEST_F(RevisionPaths, ADependencyThatNeverRanIsToldToo) {
  const Applied stamped = applied({"7b1100a2c3d4", "7b2200b3d4e5"});
  EXPECT_THAT(upgrade("heads", stamped),
              AllOf(HasSubstr("4f1b0c2d91a0 (users) never ran, but 7b2200b3d4e5 (invoices)"), HasSubstr("c93e01aa4d10 (right) never ran")));
  EXPECT_EQ(upgrade("c93e", stamped), "4f1b0 4f1b7 c93e");
}

TEST_F(RevisionPaths, NameWhatIsAppliedButNotHere) {
  const auto path = map.upgrade_path("heads", applied({"4f1b0c2d91a0", "feedfacefeed"}));
  ASSERT_FALSE(path);
  EXPECT_EQ(path.error().code, ErrorCode::edited);
  EXPECT_EQ(path.error().message,
            "a revision is applied, but no migration here has it: feedfacefeed; bring the file back (another branch may "
            "have it)");
  EXPECT_EQ(map.downgrade_path("base", applied({"feedfacefeed"})).error().code, ErrorCode::edited);
}

TEST_F(RevisionPaths, TakeBackWhatComesAfterFirst) {
  EXPECT_EQ(downgrade("base", at({"heads"})), "7b22 7b11 e77a d5e2 c93e a0d3 4f1b7 4f1b0");
  EXPECT_EQ(downgrade("4f1b7", at({"e77a"})), "e77a d5e2 c93e a0d3");
  EXPECT_EQ(downgrade("e77a-1", at({"heads"})), "e77a");
  EXPECT_EQ(downgrade("4f1b7", at({"heads"})), "7b22 e77a d5e2 c93e a0d3") << "7b22 depends on one of them";
  EXPECT_EQ(downgrade("c93e", at({"heads"})), "e77a d5e2") << "what needs c93e itself stays";
}

TEST_F(RevisionPaths, LeaveTheOtherSideOfAMerge) {
  EXPECT_EQ(downgrade("a0d3", at({"e77a"})), "e77a d5e2");
  EXPECT_EQ(downgrade("a0d3", at({"d5e2"})), "d5e2");
}

TEST_F(RevisionPaths, TakeBackALine) {
  EXPECT_EQ(downgrade("billing@base", at({"heads"})), "7b22 7b11");
  EXPECT_EQ(downgrade("billing@-1", at({"heads"})), "7b22");
  EXPECT_EQ(downgrade("billing@-2", at({"heads"})), "7b22 7b11");
  EXPECT_EQ(downgrade("billing", at({"heads"})), "7b22");
  EXPECT_EQ(downgrade("billing@base", at({"e77a"})), "");
}

TEST_F(RevisionPaths, StepBack) {
  EXPECT_EQ(downgrade("-1", at({"4f1b7"})), "4f1b7");
  EXPECT_EQ(downgrade("-2", at({"4f1b7"})), "4f1b7 4f1b0");
  EXPECT_EQ(downgrade("-3", at({"4f1b7"})), "error: -3 goes back too far: 2 revisions up to 4f1b7703e2c5 (fork)");
  EXPECT_EQ(downgrade("-1", at({"c93e", "billing@head"})), "7b22") << "what it depends on is no second end";
  EXPECT_EQ(downgrade("-1", at({})), "error: -1 goes back too far: nothing is applied");
  EXPECT_EQ(downgrade("base", at({})), "");
}

TEST_F(RevisionPaths, StepOffOneBaseOnly) {
  EXPECT_EQ(downgrade("7b1100a2c3d4-1", at({"heads"})), "7b22 7b11");
  EXPECT_EQ(downgrade("7b2200b3d4e5-2", at({"heads"})), "7b22 7b11");
  EXPECT_EQ(downgrade("4f1b0c2d91a0-1", at({"heads"})), "7b22 e77a d5e2 c93e a0d3 4f1b7 4f1b0");
  EXPECT_EQ(downgrade("-1", at({"7b11"})), "7b11");
  const auto two = graph_of({{.id = "main"}, {.id = "side", .depends_on = {"main"}}});
  const RevisionMap beside(two);
  EXPECT_EQ(short_names(beside, beside.downgrade_path("-1", applied({"main", "side"}))), "side");
}

TEST_F(RevisionPaths, ExplainWhatAStepBackCannotTell) {
  EXPECT_EQ(downgrade("-1", at({"d5e2"})),
            "error: -1 goes back over d5e2f7b08c31 (merge), which merges a0d3e5512b77 (left), c93e01aa4d10 (right): name "
            "the one to go to, such as a0d3e5512b77; a downgrade to one of them leaves the others applied");
  EXPECT_EQ(downgrade("-1", at({"heads"})),
            "error: -1 could start from each of e77a90b1c2d3 (last), 7b2200b3d4e5 (invoices): name one, such as "
            "7b2200b3d4e5-1");
  EXPECT_EQ(downgrade("7b2200b3d4e5-1", at({"heads"})), "7b22");
  EXPECT_EQ(downgrade("+1", at({"heads"})), "error: +1 goes forward: cupel upgrade +1");
  EXPECT_THAT(downgrade("heads", at({"heads"})), HasSubstr("a downgrade goes to one revision"));
}

TEST_F(RevisionPaths, DowngradeOnlyToWhatIsApplied) {
  EXPECT_EQ(downgrade("e77a", at({"d5e2"})),
            "error: e77a90b1c2d3 (last) is not applied, so nothing is taken back to it; the database is at d5e2f7b08c31 "
            "(merge)");
  EXPECT_EQ(downgrade("d5e2", at({"d5e2"})), "");
  EXPECT_EQ(downgrade("current", at({"d5e2"})), "");
}

TEST_F(RevisionPaths, ReachedIsEverythingNeeded) {
  EXPECT_EQ(at({"billing@head"}).revisions.size(), 5U);
  EXPECT_EQ(at({"base"}).revisions.size(), 0U);
  EXPECT_EQ(short_names(map, map.upgrade_path("e77a", *map.reached("4f1b7"))), "a0d3 c93e d5e2 e77a");
  EXPECT_EQ(short_names(map, map.downgrade_path("4f1b0c2d91a0", *map.reached("4f1b7"))), "4f1b7");
  EXPECT_FALSE(map.reached("current"));
}

TEST_F(RevisionPaths, PendingIsWhatIsLeft) {
  EXPECT_EQ(short_names(map, Result(map.pending(at({"d5e2"})))), "e77a 7b11 7b22");
  EXPECT_EQ(short_names(map, Result(map.current(at({"heads"})))), "e77a 7b22");
}

// ---- many revisions -----------------------------------------------------------------------------------------------------

std::vector<Migration> linear(std::size_t count) {
  std::vector<Revision> revisions;
  for (std::size_t i = 0; i < count; ++i) {
    revisions.push_back({.id = fmt::format("r{:06}", i)});
    if (i > 0) revisions.back().parents = {fmt::format("r{:06}", i - 1)};
  }
  return graph_of(revisions);
}

// Each diamond is a fork, its two sides and their merge, on which the next stands: 2 to the power of `count` paths.
std::vector<Migration> diamonds(std::size_t count) {
  std::vector<Revision> revisions;
  for (std::size_t i = 0; i < count; ++i) {
    const auto id = [i](std::string_view part) { return fmt::format("{}{:06}", part, i); };
    revisions.push_back({.id = id("fork")});
    if (i > 0) revisions.back().parents = {fmt::format("join{:06}", i - 1)};
    revisions.push_back({.id = id("left"), .parents = {id("fork")}});
    revisions.push_back({.id = id("rite"), .parents = {id("fork")}});
    revisions.push_back({.id = id("join"), .parents = {id("left"), id("rite")}});
  }
  return graph_of(revisions);
}

// Of the processor, so that other work on the machine does not count.
double seconds_since(std::clock_t start) { return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC; }

// Every question once; the seconds it took.
double ask_everything(const std::vector<Migration>& migrations) {
  const std::clock_t start = std::clock();
  const RevisionMap map(migrations);
  EXPECT_TRUE(map.check());
  const Applied all = *map.reached("heads");
  EXPECT_EQ(all.revisions.size(), migrations.size());
  EXPECT_EQ(map.upgrade_path("head", applied({}))->size(), migrations.size());
  EXPECT_EQ(map.downgrade_path("base", all)->size(), migrations.size());
  EXPECT_EQ(map.range(":", all)->size(), migrations.size());
  EXPECT_EQ(map.current(all).size(), 1U);
  EXPECT_TRUE(map.pending(all).empty());
  EXPECT_TRUE(map.never_run(all).empty());
  EXPECT_TRUE(map.unknown(all).empty());
  return seconds_since(start);
}

TEST(RevisionPathsOfLongHistories, TakeLinearTime) {
  // With 60 000 revisions anything quadratic takes minutes, and linear time less than a second even where it is slow.
  EXPECT_LT(ask_everything(linear(60'000)), 20.0);
  EXPECT_LT(ask_everything(diamonds(15'000)), 20.0);
}

TEST(RevisionPathsOfLongHistories, StepsTakeLinearTime) {
  const auto migrations = linear(60'000);
  const RevisionMap map(migrations);
  const std::clock_t start = std::clock();
  EXPECT_EQ(map.upgrade_path("+60000", applied({}))->size(), 60'000U);
  EXPECT_EQ(map.downgrade_path("-60000", *map.reached("head"))->size(), 60'000U);
  EXPECT_FALSE(map.upgrade_path("+60001", applied({})));
  EXPECT_LT(seconds_since(start), 20.0);
}

}  // namespace
}  // namespace cupel::migrations
