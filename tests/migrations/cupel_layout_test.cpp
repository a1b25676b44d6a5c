// cupel's own layout and the revision graph.
#include "migrations/graph.h"
#include "tests/migrations/memory_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::migrations {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(CupelLayout, NamesGiveRevisionsAndParents) {
  const MigrationSet set = read_with("cupel", {{"20260102-030405-b.sql", "b"}, {"20260101_000000_a.sql", "a"}});
  EXPECT_THAT(revisions_of(set), ElementsAre("20260101_000000", "20260102_030405"));
  EXPECT_THAT(set.migrations[0].parents, IsEmpty());
  EXPECT_THAT(set.migrations[1].parents, ElementsAre("20260101_000000"));
  EXPECT_EQ(set.migrations[1].title, "b");
  EXPECT_EQ(set.migrations[1].upgrade->mode, TransactionMode::per_file);
  EXPECT_THAT(set.migrations[1].upgrade->chunks, IsEmpty());
}

TEST(CupelLayout, DirectivesAndSections) {
  const MigrationSet set =
      read_with("cupel", {{"20260101_000000_a.sql",
                           "-- cupel:revision base\n-- cupel:parent none\n-- cupel:label one, two\n-- cupel:depends-on base2\n"
                           "-- cupel:ignore drop-table: old\n-- cupel:upgrade\nSELECT 1;\n"
                           "SELECT '-- cupel:downgrade';\n-- cupel:downgrade\n-- cupel:transaction none\nSELECT 2;\n"},
                          {"20260102_000000_b.sql", "-- cupel:revision base2\n-- cupel:parent none\nSELECT 3;\n-- cupel:downgrade\n"}});
  EXPECT_THAT(revisions_of(set), ElementsAre("base2", "base"));
  const Migration& base = set.migrations[1];
  EXPECT_THAT(base.labels, ElementsAre("one", "two"));
  EXPECT_THAT(base.depends_on, ElementsAre("base2"));
  EXPECT_THAT(chunks_of(set, *base.upgrade), ElementsAre("\nSELECT 1;\nSELECT '-- cupel:downgrade';\n"));
  EXPECT_EQ(base.upgrade->mode, TransactionMode::per_file);
  EXPECT_EQ(base.downgrade->mode, TransactionMode::none);
  EXPECT_THAT(chunks_of(set, *set.migrations[0].upgrade), ElementsAre(HasSubstr("SELECT 3;")));
  EXPECT_TRUE(set.migrations[0].downgrade);
}

TEST(CupelLayout, SaysWhatIsWrongInAFile) {
  const auto message = [](const char* text) {
    const MigrationSet set = read_with("cupel", {{"20260101_000000_a.sql", text}});
    return problems_of(set);
  };
  EXPECT_THAT(message("-- cupel:revison x\n"), ElementsAre("layout-error: cupel:revison is no directive; did you mean cupel:revision?"));
  EXPECT_THAT(message("-- cupel:ignore-file x: y\n-- cupel:idempotent\n"), IsEmpty());
  EXPECT_THAT(message("-- cupel:parent\n"), ElementsAre(HasSubstr("needs a value")));
  EXPECT_THAT(message("-- cupel:transaction off\n"), ElementsAre(HasSubstr("the only value is none")));
  EXPECT_THAT(message("SELECT 1;\n-- cupel:upgrade\n"), ElementsAre(HasSubstr("never runs")));
  EXPECT_THAT(message("-- cupel:upgrade\n-- cupel:upgrade\n"), ElementsAre(HasSubstr("one cupel:upgrade")));
  EXPECT_THAT(message("-- cupel:revision a\n-- cupel:revision b\n"), ElementsAre(HasSubstr("one cupel:revision")));
}

TEST(CupelLayout, GraphProblemsNameBothFiles) {
  const MigrationSet set = read_with("cupel", {{"20260101_000000_a.sql", "-- cupel:revision a\n"},
                                               {"20260102_000000_b.sql", "-- cupel:revision b\n-- cupel:parent a\n"},
                                               {"20260103_000000_c.sql", "-- cupel:revision c\n-- cupel:parent a\n"}});
  ASSERT_EQ(set.problems.size(), 1U);
  EXPECT_EQ(set.problems[0].rule, "multiple-heads");
  EXPECT_THAT(set.problems[0].message, AllOf(HasSubstr("20260102_000000_b.sql"), HasSubstr("20260103_000000_c.sql")));
  EXPECT_EQ(set.problems[0].span.of(set.sources[2]->text()), "-- cupel:revision c");
  EXPECT_EQ(set.problems[0].related.size(), 1U);
  EXPECT_THAT(set.heads, ElementsAre("b", "c"));
}

TEST(CupelLayout, AMergeEndsTwoHeads) {
  const MigrationSet set = read_with("cupel", {{"20260101_000000_a.sql", "-- cupel:revision a\n"},
                                               {"20260102_000000_b.sql", "-- cupel:revision b\n-- cupel:parent a\n"},
                                               {"20260103_000000_c.sql", "-- cupel:revision c\n-- cupel:parent a\n"},
                                               {"20260104_000000_d.sql", "-- cupel:revision d\n-- cupel:parent b, c\n"}});
  EXPECT_THAT(problems_of(set), IsEmpty());
  EXPECT_THAT(set.heads, ElementsAre("d"));
}

TEST(CupelLayout, DuplicateMissingAndCycle) {
  const MigrationSet duplicate =
      read_with("cupel", {{"20260101_000000_a.sql", "-- cupel:revision a\n"}, {"20260102_000000_b.sql", "-- cupel:revision a\n"}});
  EXPECT_EQ(duplicate.migrations.size(), 2U);
  EXPECT_THAT(problems_of(duplicate), testing::Contains(AllOf(HasSubstr("duplicate-version"), HasSubstr("_a.sql"), HasSubstr("_b.sql"))));

  const MigrationSet missing = read_with("cupel", {{"20260101_000000_a.sql", "-- cupel:revision users\n-- cupel:parent none\n"},
                                                   {"20260102_000000_b.sql", "-- cupel:revision b\n-- cupel:parent uses\n"}});
  EXPECT_THAT(problems_of(missing), testing::Contains(AllOf(HasSubstr("missing-parent"), HasSubstr("did you mean users?"))));

  const MigrationSet cycle = read_with("cupel", {{"20260101_000000_a.sql", "-- cupel:revision a\n-- cupel:parent c\n"},
                                                 {"20260102_000000_b.sql", "-- cupel:revision b\n-- cupel:parent a\n"},
                                                 {"20260103_000000_c.sql", "-- cupel:revision c\n-- cupel:parent b\n"}});
  ASSERT_EQ(cycle.problems.size(), 1U);
  EXPECT_EQ(cycle.problems[0].rule, "revision-cycle");
  EXPECT_THAT(cycle.problems[0].message, AllOf(HasSubstr("a (2026"), HasSubstr("b (2026"), HasSubstr("c (2026")));
  EXPECT_THAT(revisions_of(cycle), ElementsAre("a", "b", "c"));
}

std::vector<Migration> migrations(std::initializer_list<std::pair<const char*, std::vector<std::string>>> list) {
  std::vector<Migration> made;
  for (const auto& [revision, parents] : list) {
    made.emplace_back();
    made.back().revision = revision;
    made.back().parents = parents;
  }
  return made;
}

TEST(RevisionGraph, OrdersParentsFirstAndOtherwiseAsGiven) {
  const auto made = migrations({{"d", {"b", "c"}}, {"c", {"a"}}, {"b", {"a"}}, {"a", {}}, {"x", {}}});
  const RevisionGraph graph(made);
  EXPECT_THAT(graph.order(), ElementsAre(3, 1, 2, 0, 4));
  EXPECT_THAT(graph.heads(), ElementsAre(0, 4));
  EXPECT_THAT(graph.merges(), ElementsAre(0));
  EXPECT_THAT(graph.branch_points(), ElementsAre(3));
  EXPECT_THAT(graph.cycles(), IsEmpty());
}

TEST(RevisionGraph, FindsEachCycleAndWhatComesAfterIsNoMember) {
  const auto made = migrations({{"a", {"b"}}, {"b", {"a"}}, {"c", {"b"}}, {"d", {"d"}}, {"e", {"f"}}, {"f", {"e", "c"}}});
  const RevisionGraph graph(made);
  EXPECT_THAT(graph.cycles(), ElementsAre(ElementsAre(0, 1), ElementsAre(3), ElementsAre(4, 5)));
  EXPECT_EQ(graph.order().size(), 6U);
}

TEST(RevisionGraph, ALongLineNeedsNoDeepStack) {
  std::vector<Migration> made(200'000);
  for (std::size_t i = 0; i < made.size(); ++i) {
    made[i].revision = std::to_string(i);
    if (i + 1 < made.size()) made[i].parents = {std::to_string(i + 1)};
  }
  const RevisionGraph graph(made);
  EXPECT_EQ(graph.order().front(), made.size() - 1);
  EXPECT_EQ(graph.order().back(), 0U);
}

}  // namespace
}  // namespace cupel::migrations
