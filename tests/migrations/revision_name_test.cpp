// What names stand for: ids, their beginnings, labels, symbolic names and steps; and ranges.
#include "tests/migrations/revision_map_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::migrations {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const Applied unasked = {.revisions = {}, .known = false};

class RevisionNames : public testing::Test {
 protected:
  std::vector<Migration> migrations = example();
  RevisionMap map{migrations};
  [[nodiscard]] std::string resolve(std::string_view symbol, const Applied& on = unasked) const {
    return short_names(map, map.resolve(symbol, on));
  }
  [[nodiscard]] std::string range(std::string_view text, const Applied& on = unasked) const {
    return short_names(map, map.range(text, on));
  }
};

TEST_F(RevisionNames, KnowsHeadsAndBases) {
  EXPECT_EQ(short_names(map, Result(map.heads())), "e77a 7b22");
  EXPECT_EQ(short_names(map, Result(map.bases())), "4f1b0 7b11");
  EXPECT_TRUE(map.check());
}

TEST_F(RevisionNames, FindsIdsAndTheirBeginnings) {
  EXPECT_EQ(resolve("a0d3e5512b77"), "a0d3");
  EXPECT_EQ(resolve("a0d3"), "a0d3");
  EXPECT_EQ(resolve("4f1b7"), "4f1b7");
  EXPECT_EQ(resolve("billing"), "7b11");
}

TEST_F(RevisionNames, NamesTheCandidatesOfAnAmbiguousBeginning) {
  EXPECT_EQ(resolve("4f1b"), "error: 4f1b is the beginning of 2 revisions: 4f1b0c2d91a0 (users), 4f1b7703e2c5 (fork)");
  EXPECT_EQ(map.resolve("4f1b", unasked).error().code, ErrorCode::graph);
}

TEST_F(RevisionNames, WantsFourCharacters) {
  EXPECT_EQ(resolve("a0d"), "error: no revision is called a0d; the beginning of an id needs at least 4 characters");
}

TEST_F(RevisionNames, SuggestsWhatIsMeant) {
  EXPECT_EQ(resolve("biling"), "error: no revision is called biling; did you mean billing?");
  EXPECT_EQ(resolve("a0d3e5512b78"), "error: no revision is called a0d3e5512b78; did you mean a0d3e5512b77?");
  EXPECT_EQ(resolve("feedfacefeed"), "error: no revision is called feedfacefeed");
  EXPECT_EQ(resolve(""), "error: no revision is named");
  EXPECT_THAT(resolve("@head"), HasSubstr("before the @"));
  EXPECT_THAT(resolve("billing@"), HasSubstr("after the @"));
  EXPECT_THAT(resolve("nothing@head"), HasSubstr("no revision is called nothing"));
}

TEST_F(RevisionNames, ExplainsSeveralHeads) {
  EXPECT_EQ(resolve("heads"), "e77a 7b22");
  EXPECT_EQ(resolve("head"),
            "error: the history has 2 heads: e77a90b1c2d3 (last), 7b2200b3d4e5 (invoices); write heads for all, or "
            "name one: billing@head, e77a90b1c2d3");
  EXPECT_EQ(resolve("head-2"), resolve("head"));
}

TEST_F(RevisionNames, KeepsToALabelsLine) {
  EXPECT_EQ(resolve("billing@head"), "7b22");
  EXPECT_EQ(resolve("billing@heads"), "7b22");
  EXPECT_EQ(resolve("billing@base"), "");
  EXPECT_EQ(resolve("billing@7b22"), "7b22");
  EXPECT_EQ(resolve("billing@head-1"), "7b11");
  EXPECT_EQ(resolve("billing@base+2"), "7b22");
  EXPECT_EQ(resolve("a0d3@head"), "e77a");
  EXPECT_EQ(resolve("billing@a0d3"), "error: a0d3e5512b77 (left) is not on the line of billing");
}

TEST_F(RevisionNames, Steps) {
  EXPECT_EQ(resolve("e77a-1"), "d5e2");
  EXPECT_EQ(resolve("c93e-2"), "4f1b0");
  EXPECT_EQ(resolve("c93e-3"), "");
  EXPECT_EQ(resolve("a0d3+2"), "e77a");
  EXPECT_EQ(resolve("4f1b0c2d91a0+1"), "4f1b7");
  EXPECT_EQ(resolve("7b2200b3d4e5-1"), "7b11");
}

TEST_F(RevisionNames, SaysHowFarStepsCanGo) {
  EXPECT_EQ(resolve("a0d3+5"), "error: a0d3+5 goes too far: 2 revisions after a0d3e5512b77 (left)");
  EXPECT_EQ(resolve("a0d3-9"), "error: a0d3-9 goes back too far: 3 revisions up to a0d3e5512b77 (left)");
  EXPECT_EQ(resolve("a0d3+999999999999999999999999"),
            "error: a0d3+999999999999999999999999 goes too far: 2 revisions after a0d3e5512b77 (left)");
  EXPECT_THAT(resolve("a0d3+0"), HasSubstr("1 is the least"));
  EXPECT_EQ(resolve("base-1"), "error: base-1 goes back too far: nothing is before it");
}

TEST_F(RevisionNames, ExplainsStepsThatFork) {
  EXPECT_EQ(resolve("4f1b7+1"),
            "error: 4f1b7+1 could lead to each of a0d3e5512b77 (left), c93e01aa4d10 (right): name one, such as "
            "a0d3e5512b77");
  EXPECT_EQ(resolve("base+1"),
            "error: base+1 could lead to each of 4f1b0c2d91a0 (users), 7b1100a2c3d4 (accounts): name one, such as "
            "4f1b0c2d91a0 or billing@+1");
  EXPECT_THAT(resolve("e77a-2"), AllOf(HasSubstr("d5e2f7b08c31 (merge), which merges a0d3e5512b77 (left), "
                                                 "c93e01aa4d10 (right)"),
                                       HasSubstr("such as a0d3e5512b77")));
}

TEST_F(RevisionNames, CountFromTheDatabaseOnlyWhereItWasAsked) {
  EXPECT_EQ(resolve("current", applied({"4f1b0c2d91a0", "4f1b7703e2c5", "7b1100a2c3d4"})), "4f1b7 7b11");
  EXPECT_EQ(resolve("current", applied({})), "");
  EXPECT_EQ(resolve("billing@current", applied({"4f1b0c2d91a0", "7b1100a2c3d4"})), "7b11");
  for (const char* symbol : {"current", "+1", "-1", "billing@+1"}) {
    EXPECT_THAT(resolve(symbol), HasSubstr("which only a database can tell")) << symbol;
  }
}

TEST_F(RevisionNames, OneWhereOneIsWanted) {
  EXPECT_EQ(map.name(*map.resolve_one("a0d3", unasked, "--parent")), "a0d3e5512b77 (left)");
  EXPECT_EQ(map.resolve_one("base", unasked, "--parent").error().message, "--parent base is no revision");
  EXPECT_THAT(map.resolve_one("heads", unasked, "--parent").error().message, HasSubstr("--parent heads is 2 revisions"));
}

TEST_F(RevisionNames, Ranges) {
  EXPECT_EQ(range("4f1b7:d5e2"), "4f1b7 a0d3 c93e d5e2");
  EXPECT_EQ(range("a0d3:e77a"), "a0d3 d5e2 e77a");
  EXPECT_EQ(range("d5e2:"), "d5e2 e77a");
  EXPECT_EQ(range(":4f1b7"), "4f1b0 4f1b7");
  EXPECT_EQ(range("base:4f1b0c2d91a0+1"), "4f1b0 4f1b7");
  EXPECT_EQ(range("a0d3:+1"), "a0d3 d5e2");
  EXPECT_EQ(range("-1:e77a"), "d5e2 e77a");
  EXPECT_EQ(range(":"), range("base:heads"));
  EXPECT_EQ(range("billing@base:billing@head"), "7b11 7b22");
  EXPECT_EQ(range("billing:"), "7b11 7b22");
  EXPECT_EQ(range("current:", applied({"4f1b0c2d91a0", "4f1b7703e2c5", "a0d3e5512b77"})), "a0d3 d5e2 e77a");
  EXPECT_EQ(range("a0d3:a0d3"), "a0d3");
}

TEST_F(RevisionNames, ARangeWithoutStartHoldsWhatItsEndNeeds) { EXPECT_EQ(range(":billing@head"), "4f1b0 4f1b7 c93e 7b11 7b22"); }

TEST_F(RevisionNames, ExplainsRangesThatAreNone) {
  EXPECT_EQ(range("a0d3"), "error: a0d3 is no range: write FROM:TO, FROM: or :TO");
  EXPECT_THAT(range("e77a:a0d3"), HasSubstr("write a0d3:e77a"));
  EXPECT_EQ(range("a0d3:c93e"), "error: c93e01aa4d10 (right) does not come after a0d3e5512b77 (left), so there is no range between them");
  EXPECT_THAT(range("-1:+1"), HasSubstr("one end has to be a revision"));
  EXPECT_THAT(range("-2:"), HasSubstr("2 heads"));
  EXPECT_THAT(range("a0d3:-1"), HasSubstr("counts from the end"));
  EXPECT_THAT(range("+1:e77a"), HasSubstr("counts from the start"));
  EXPECT_THAT(range("nope:e77a"), HasSubstr("no revision is called nope"));
}

TEST(RevisionNamesElsewhere, IdsMayLookLikeSteps) {
  const auto migrations = graph_of({{.id = "2024-01-01-000000"}, {.id = "2024-01-02-000000", .parents = {"2024-01-01-000000"}}});
  const RevisionMap map(migrations);
  const auto resolve = [&](std::string_view symbol) -> std::string {
    const auto found = map.resolve(symbol, unasked);
    if (!found) return found.error().message;
    return found->empty() ? "base" : migrations[found->front()].revision;
  };
  EXPECT_EQ(resolve("2024-01-01-000000"), "2024-01-01-000000");
  EXPECT_EQ(resolve("2024-01-02"), "2024-01-02-000000");
  EXPECT_EQ(resolve("2024-01-02-000000-1"), "2024-01-01-000000");
  EXPECT_EQ(resolve("2024-01-01+1"), "2024-01-02-000000");
  EXPECT_THAT(resolve("2024"), HasSubstr("the beginning of 2 revisions"));
}

TEST(RevisionNamesElsewhere, NumbersNeedNoZerosInFront) {
  const auto migrations = graph_of({{.id = "00001"}, {.id = "00002", .parents = {"00001"}}, {.id = "00010", .parents = {"00002"}}});
  const RevisionMap map(migrations);
  EXPECT_EQ(migrations[*map.resolve_one("1", unasked, "")].revision, "00001");
  EXPECT_EQ(migrations[*map.resolve_one("010", unasked, "")].revision, "00010");
  EXPECT_EQ(migrations[*map.resolve_one("2+1", unasked, "")].revision, "00010");
  EXPECT_FALSE(map.resolve("3", unasked));
}

TEST(RevisionNamesElsewhere, NothingIsInAnEmptyFolder) {
  const RevisionMap map(std::span<const Migration>{});
  EXPECT_THAT(short_names(map, map.resolve("head", unasked)), HasSubstr("there are no revisions"));
  EXPECT_EQ(short_names(map, map.resolve("heads", unasked)), "");
  EXPECT_EQ(short_names(map, map.upgrade_path("heads", applied({}))), "");
  EXPECT_EQ(short_names(map, map.range(":", unasked)), "");
}

TEST(RevisionNamesElsewhere, RepeatableMigrationsAreNoRevisions) {
  auto migrations = graph_of({{.id = "1"}, {.id = "2", .parents = {"1"}}, {.id = "R__views"}});
  migrations.back().repeatable = true;
  const RevisionMap map(migrations);
  EXPECT_EQ(short_names(map, map.resolve("head", unasked)), "2");
  EXPECT_EQ(short_names(map, map.upgrade_path("heads", applied({}))), "1 2");
  EXPECT_THAT(short_names(map, map.resolve("R__views", unasked)), HasSubstr("no revision is called"));
}

TEST(RevisionNamesElsewhere, SaysWhatIsWrongWithAGraph) {
  const auto wrong = [](const std::vector<Revision>& revisions) {
    const auto migrations = graph_of(revisions);
    const RevisionMap map(migrations);
    const Status status = map.check();
    EXPECT_EQ(short_names(map, map.upgrade_path("heads", applied({}))), status ? "" : "error: " + status.error().message);
    return status ? std::string() : status.error().message;
  };
  EXPECT_THAT(wrong({{.id = "one"}, {.id = "one"}}), HasSubstr("two migrations have the revision one"));
  EXPECT_THAT(wrong({{.id = "one", .parents = {"gone"}}}), HasSubstr("one (about_one) comes after gone, which does not exist"));
  EXPECT_THAT(wrong({{.id = "one", .depends_on = {"gone"}}}), HasSubstr("depends on gone, which does not exist"));
  EXPECT_THAT(wrong({{.id = "one", .parents = {"one"}}}), HasSubstr("comes after itself"));
  EXPECT_THAT(wrong({{.id = "one", .parents = {"two"}}, {.id = "two", .parents = {"one"}}}), HasSubstr("come after each other"));
  EXPECT_THAT(wrong({{.id = "one", .labels = {"shop"}}, {.id = "two", .parents = {"one"}, .labels = {"shop"}}}),
              HasSubstr("two revisions have the label shop: one (about_one) and two (about_two)"));
}

}  // namespace
}  // namespace cupel::migrations
