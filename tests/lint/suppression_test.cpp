// cupel:ignore: what it covers, and what is wrong with it.
#include "lint/suppression.h"

#include "lint/pass.h"
#include "tests/lint/lint_test_support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::lint {
namespace {

using testing::ElementsAre;

std::vector<std::string> judged(std::string text) {
  return summary(lint_text(std::move(text), {"drop-table", "drop-column", "truncate", "suppression-without-reason",
                                             "unknown-rule-in-suppression", "unused-suppression"}));
}

TEST(Suppression, AboveAStatementCoversThatStatement) {
  EXPECT_THAT(judged("-- cupel:ignore drop-table: archived\nDROP TABLE a;\nDROP TABLE b;"),
              ElementsAre("drop-table 2 (suppressed: archived)", "drop-table 3"));
}

TEST(Suppression, MayBeFollowedByOtherComments) {
  EXPECT_THAT(judged("-- cupel:ignore drop-table: archived\n\n-- more about it\n/* and more */\nDROP TABLE a;"),
              ElementsAre("drop-table 5 (suppressed: archived)"));
}

TEST(Suppression, OnTheLineCoversTheStatementBefore) {
  EXPECT_THAT(judged("DROP TABLE a; -- cupel:ignore drop-table: archived\nDROP TABLE b;"),
              ElementsAre("drop-table 1 (suppressed: archived)", "drop-table 2"));
}

TEST(Suppression, InsideAStatementCoversIt) {
  EXPECT_THAT(judged("DROP TABLE\n  -- cupel:ignore drop-table: archived\n  a,\n  b;\nDROP TABLE c;"),
              ElementsAre("drop-table 3 (suppressed: archived)", "drop-table 4 (suppressed: archived)", "drop-table 5"));
}

TEST(Suppression, InsideADoBlockCoversTheNextStatementOfIt) {
  EXPECT_THAT(judged("DO $$ BEGIN\n  -- cupel:ignore drop-table: archived\n  DROP TABLE a;\n  DROP TABLE b;\nEND $$;"),
              ElementsAre("drop-table 3 (suppressed: archived)", "drop-table 4"));
}

TEST(Suppression, AboveADoBlockCoversAllOfIt) {
  EXPECT_THAT(judged("-- cupel:ignore drop-table: archived\nDO $$ BEGIN\n  DROP TABLE a;\n  DROP TABLE b;\nEND $$;\nDROP TABLE c;"),
              ElementsAre("drop-table 3 (suppressed: archived)", "drop-table 4 (suppressed: archived)", "drop-table 6"));
}

TEST(Suppression, OfAFileCoversAllOfIt) {
  EXPECT_THAT(judged("DROP TABLE a;\nTRUNCATE b;\n-- cupel:ignore-file drop-table: archived\nDROP TABLE c;"),
              ElementsAre("drop-table 1 (suppressed: archived)", "truncate 2", "drop-table 4 (suppressed: archived)"));
}

TEST(Suppression, NamesSeveralRules) {
  EXPECT_THAT(judged("-- cupel:ignore drop-table, drop-column truncate: archived\nDROP TABLE a;"),
              ElementsAre("drop-table 2 (suppressed: archived)"));
}

TEST(Suppression, AReasonMayHoldColons) {
  EXPECT_THAT(judged("-- cupel:ignore drop-table: see https://example.org/1: archived\nDROP TABLE a;"),
              ElementsAre("drop-table 2 (suppressed: see https://example.org/1: archived)"));
}

TEST(Suppression, SilencesOnlyTheRulesItNames) {
  EXPECT_THAT(judged("-- cupel:ignore truncate: empty\nDROP TABLE a;"), ElementsAre("unused-suppression 1", "drop-table 2"));
}

TEST(Suppression, WithoutReasonHoldsAndIsReported) {
  EXPECT_THAT(judged("-- cupel:ignore drop-table\nDROP TABLE a;"),
              ElementsAre("suppression-without-reason 1", "drop-table 2 (suppressed: )"));
  Settings settings;
  settings.only = {"drop-table", "suppression-without-reason"};
  settings.require_suppression_reason = false;
  EXPECT_THAT(summary(lint_with(settings, make_set({{"001", "-- cupel:ignore drop-table\nDROP TABLE a;"}}))),
              ElementsAre("drop-table 2 (suppressed: )"));
}

TEST(Suppression, OfNoRuleIsReported) {
  EXPECT_THAT(judged("-- cupel:ignore: archived\nDROP TABLE a;"), ElementsAre("unknown-rule-in-suppression 1", "drop-table 2"));
  EXPECT_THAT(judged("-- cupel:ignore drop-tabel: archived\nDROP TABLE a;"), ElementsAre("unknown-rule-in-suppression 1", "drop-table 2"));
}

TEST(Suppression, OfARuleThatIsOffIsNotUnused) {
  EXPECT_THAT(judged("-- cupel:ignore rename-table: both names work\nALTER TABLE a RENAME TO b;"), ElementsAre());
}

TEST(Suppression, NeedsTheWholeWordAtTheBeginOfAComment) {
  EXPECT_THAT(judged("-- cupel:ignored drop-table: a\nDROP TABLE a;"), ElementsAre("drop-table 2"));
  EXPECT_THAT(judged("-- see cupel:ignore drop-table: a\nDROP TABLE a;"), ElementsAre("drop-table 2"));
  EXPECT_THAT(judged("SELECT '-- cupel:ignore drop-table: a';\nDROP TABLE a;"), ElementsAre("drop-table 2"));
}

TEST(Suppression, WorksInAnyKindOfComment) {
  EXPECT_THAT(judged("/* cupel:ignore drop-table: archived */ DROP TABLE a;"), ElementsAre("drop-table 1 (suppressed: archived)"));
  EXPECT_THAT(judged("--cupel:ignore drop-table: archived\r\nDROP TABLE a;\r\n"), ElementsAre("drop-table 2 (suppressed: archived)"));
}

TEST(Suppression, AboutAFileAsAWholeWorksAnywhereInIt) {
  auto set = make_set({{"001", "SELECT 1;\n-- cupel:ignore layout-error: on purpose\nSELECT 2;"}});
  set.problems.push_back({"layout-error", 0, {}, "odd name", {}});
  Settings settings;
  settings.only = {"layout-error", "unused-suppression"};
  EXPECT_THAT(summary(lint_with(settings, set)), ElementsAre("layout-error 1 (suppressed: on purpose)"));
}

TEST(Suppression, BelongsToItsFile) {
  Settings settings;
  settings.only = {"drop-table"};
  const auto set = make_set({{"001", "-- cupel:ignore-file drop-table: archived\nDROP TABLE a;"}, {"002", "DROP TABLE b;"}});
  EXPECT_THAT(summary(lint_with(settings, set)), ElementsAre("drop-table 2 (suppressed: archived)", "drop-table 1"));
}

TEST(Suppression, UnderstandsFormerIds) {
  static constexpr std::string_view former[] = {"old-name"};
  static const Rule renamed = {
      .title = "Renamed", .former_ids = former, .on = StatementKinds::of<sql::Truncate>(), .check = [](Pass& pass) {
        pass.report("truncated");
      }};
  const RuleEntry rules[] = {{"new-name", &renamed, ""}};
  EXPECT_THAT(summary(lint_with({}, make_set({{"001", "-- cupel:ignore old-name: refilled\nTRUNCATE a;"}}), rules)),
              ElementsAre("new-name 2 (suppressed: refilled)"));
}

}  // namespace
}  // namespace cupel::lint
