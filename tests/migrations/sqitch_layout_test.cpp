// sqitch's folders: the plan's order, reworked changes, what sqitch refuses.
#include "migrations/sqitch_plan.h"
#include "tests/migrations/memory_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::migrations {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* planned = " 2026-01-31T12:00:00Z Ada <ada@example.org>";

// A plan of `lines`, each a change or a tag without who planned it.
std::string plan_of(std::initializer_list<std::string> lines) {
  std::string plan = "%syntax-version=1.0.0\n%project=shop\n%uri=https://example.org/shop\n\n";
  for (const std::string& line : lines) plan += line + planned + " # a note about [it] @all\n";
  return plan;
}

std::vector<std::string> errors_of(const std::string& text) {
  std::vector<std::string> errors;
  for (const SqitchPlan::Error& error : parse_sqitch_plan(text).errors) {
    errors.push_back(std::string(error.rule) + ": " + error.message + " | " + std::string(error.span.of(text)));
  }
  return errors;
}

TEST(SqitchLayout, ThePlanOrdersAndNamesTheScripts) {
  const MigrationSet set =
      read_with("sqitch", {{"sqitch.plan", plan_of({"schemas/main", "a [schemas/main]", "@v1", "  + b [a schemas/main]"})},
                           {"deploy/a.sql", "CREATE TABLE a ();"},
                           {"deploy/b.sql", "CREATE TABLE b ();"},
                           {"deploy/schemas/main.sql", "CREATE SCHEMA main;"},
                           {"deploy/z.sql", "SELECT 1;"},
                           {"revert/a.sql", "DROP TABLE a;"},
                           {"revert/z.sql", "SELECT 1;"},
                           {"verify/a.sql", "SELECT FROM a;"}});
  EXPECT_EQ(set.layout, "sqitch");
  EXPECT_THAT(revisions_of(set), ElementsAre("schemas/main", "a", "b"));
  EXPECT_THAT(set.migrations[2].parents, ElementsAre("a"));
  EXPECT_THAT(set.heads, ElementsAre("b"));
  EXPECT_EQ(set.migrations[1].upgrade->mode, TransactionMode::none);
  EXPECT_THAT(chunks_of(set, *set.migrations[1].downgrade), ElementsAre("DROP TABLE a;"));
  EXPECT_FALSE(set.migrations[2].downgrade);
  EXPECT_TRUE(set.migrations[2].downgrade_expected);
  EXPECT_THAT(problems_of(set), ElementsAre("layout-error: sqitch never runs deploy/z.sql: sqitch.plan does not name it"));
  EXPECT_THAT(set.left_out, ElementsAre("revert/z.sql", "verify/a.sql"));
}

TEST(SqitchLayout, AReworkedChangeKeepsItsRevisionAndRunsFromTheTagsFile) {
  const MigrationSet set = read_with("sqitch", {{"sqitch.plan", plan_of({"a", "@v1", "b", "@v2", "a [a@v2]", "@v3", "a [a@v3]"})},
                                                {"deploy/a.sql", "third"},
                                                {"deploy/a@v1.sql", "first"},
                                                {"deploy/a@v3.sql", "second"},
                                                {"deploy/b.sql", "b"},
                                                {"revert/a.sql", "undo third"},
                                                {"revert/a@v1.sql", "undo first"}});
  // The tag right before the rework is asked for first, but has no script here.
  EXPECT_THAT(problems_of(set), IsEmpty());
  EXPECT_THAT(revisions_of(set), ElementsAre("a", "b", "a#2", "a#3"));
  EXPECT_THAT(chunks_of(set, *set.migrations[0].upgrade), ElementsAre("first"));
  EXPECT_THAT(chunks_of(set, *set.migrations[2].upgrade), ElementsAre("second"));
  EXPECT_THAT(chunks_of(set, *set.migrations[3].upgrade), ElementsAre("third"));
  EXPECT_THAT(chunks_of(set, *set.migrations[3].downgrade), ElementsAre("undo third"));
  EXPECT_FALSE(set.migrations[2].downgrade);
}

TEST(SqitchLayout, MissingScriptsAreReportedAtThePlansLine) {
  const MigrationSet set = read_with("sqitch", {{"sqitch.plan", plan_of({"a", "@v1", "gone", "a"})}, {"deploy/a.sql", "SELECT 1;"}});
  ASSERT_EQ(set.problems.size(), 2U);
  EXPECT_EQ(set.problems[0].message, "sqitch refuses to deploy a: there is no deploy/a@v1.sql");
  EXPECT_EQ(set.problems[1].message, "sqitch refuses to deploy gone: there is no deploy/gone.sql");
  EXPECT_EQ(set.problems[1].rule, "layout-error");
  EXPECT_THAT(std::string(set.problems[1].span.of(set.sources[set.problems[1].source]->text())), testing::StartsWith("gone 2026"));
  EXPECT_THAT(revisions_of(set), ElementsAre("a#2"));
  EXPECT_FALSE(set.migrations[0].downgrade_expected);
}

TEST(SqitchLayout, WhatAScriptIncludesIsNoScriptToPassOver) {
  const MigrationSet set = read_with("sqitch", {{"sqitch.plan", plan_of({"a"})},
                                                {"deploy/a.sql", "\\ir parts/b.sql\n\\ir parts/gone.sql\nSELECT 1;"},
                                                {"deploy/parts/b.sql", "SELECT 2;"}});
  EXPECT_THAT(revisions_of(set), ElementsAre("a"));
  EXPECT_THAT(problems_of(set),
              ElementsAre("layout-error: there is no deploy/parts/gone.sql to include: psql stops here, and sqitch with it"));
  EXPECT_THAT(set.left_out, ElementsAre("deploy/parts/b.sql"));
}

TEST(SqitchLayout, TheConfigurationSaysWhereThingsAre) {
  const MemoryFolder::Files files = {{"sqitch.conf",
                                      "[core]\n\tengine = pg\n\ttop_dir = db/sqitch # all of it\n[engine \"pg\"]\n"
                                      "  deploy_dir = \"./changes/up/\"\n[target \"other\"]\n  top_dir = elsewhere\n"},
                                     {"db/sqitch/sqitch.plan", plan_of({"a"})},
                                     {"changes/up/a.sql", "up"},
                                     {"db/sqitch/revert/a.sql", "down"}};
  EXPECT_EQ(find_layout("sqitch")->recognise(MemoryFolder(files)), Recognition::certain);
  const MigrationSet set = read_with("sqitch", files);
  EXPECT_THAT(problems_of(set), IsEmpty());
  ASSERT_EQ(set.migrations.size(), 1U);
  EXPECT_THAT(chunks_of(set, *set.migrations[0].upgrade), ElementsAre("up"));
  EXPECT_THAT(chunks_of(set, *set.migrations[0].downgrade), ElementsAre("down"));
}

TEST(SqitchLayout, PlacesOutsideTheFolderAreNotFollowed) {
  for (const char* path : {"../other", "/etc"}) {
    const MemoryFolder folder({{"sqitch.conf", std::string("[core]\ndeploy_dir = ") + path}, {"sqitch.plan", plan_of({"a"})}});
    EXPECT_EQ(find_layout("sqitch")->recognise(folder), Recognition::no) << path;
  }
  // A name in the plan can reach only what the folder lists.
  const MigrationSet set = read_with("sqitch", {{"sqitch.plan", plan_of({"../../secret"})}, {"deploy/a.sql", ""}});
  EXPECT_THAT(set.migrations, IsEmpty());
}

TEST(SqitchLayout, OnlyAPlanMakesItsFolder) {
  const auto recognise = [](const MemoryFolder::Files& files) { return find_layout("sqitch")->recognise(MemoryFolder(files)); };
  EXPECT_EQ(recognise({{"deploy/a.sql", ""}, {"revert/a.sql", ""}, {"verify/a.sql", ""}}), Recognition::no);
  EXPECT_EQ(recognise({{"sqitch.conf", "[core]\nengine = pg\n"}, {"deploy/a.sql", ""}}), Recognition::no);
  EXPECT_EQ(recognise({{"db/sqitch.plan", plan_of({"a"})}, {"db/deploy/a.sql", ""}}), Recognition::no);
  EXPECT_EQ(recognise({{"sqitch.plan", plan_of({"a"})}, {"deploy/a.sql", ""}}), Recognition::certain);
}

TEST(SqitchPlan, SaysWhatSqitchRefuses) {
  EXPECT_THAT(errors_of(plan_of({"a", "b [a !c other:thing @v1]"})),
              ElementsAre("missing-parent: b depends on @v1, which the plan does not have before it: sqitch refuses the plan | @v1"));
  EXPECT_THAT(errors_of(plan_of({"a [b]", "b"})),
              ElementsAre("layout-error: sqitch refuses the plan: a depends on b, which comes after it | b"));
  EXPECT_THAT(errors_of(plan_of({"a [shop:uses]"})), ElementsAre(HasSubstr("missing-parent: a depends on shop:uses, which")));
  EXPECT_THAT(errors_of(plan_of({"a [a]"})), ElementsAre(HasSubstr("layout-error: sqitch refuses the plan: a depends on itself")));
  EXPECT_THAT(errors_of(plan_of({"a", "b [!a]"})), ElementsAre(HasSubstr("sqitch refuses to deploy b: it conflicts with a")));
  EXPECT_THAT(errors_of(plan_of({"a", "b", "a"})), ElementsAre(HasSubstr("a is in it twice, with no tag between the two")));
  EXPECT_THAT(errors_of(plan_of({"a", "@v1", "b", "@v1"})), ElementsAre(HasSubstr("there are two tags @v1")));
  EXPECT_THAT(errors_of(plan_of({"@v1"})), ElementsAre(HasSubstr("no change precedes the tag @v1")));
  EXPECT_THAT(errors_of(plan_of({"a:b"})), ElementsAre(HasSubstr("a:b is no name for a change")));
  EXPECT_THAT(errors_of("\na 2026-01-31T12:00:00Z Ada <a@b>\n"), ElementsAre(HasSubstr("no line %project=NAME")));
  EXPECT_THAT(errors_of("%project=shop\n\na\nb Ada <a@b>\nc 2026-01-31T12:00:00Z\n"),
              ElementsAre(HasSubstr("lacks a timestamp like 2026-01-31T12:00:00Z, and"),
                          HasSubstr("lacks a timestamp like 2026-01-31T12:00:00Z |"), HasSubstr("lacks the planner's name")));
}

TEST(SqitchPlan, AcceptsWhatSqitchAccepts) {
  EXPECT_THAT(errors_of(plan_of({"a", "@v1", "b [a@v1 @v1 shop:a other:x@y 0123456789abcdef0123456789abcdef01234567]", "a [a@v1 !b@v9]"})),
              IsEmpty());
  EXPECT_THAT(errors_of("%syntax-version=1.0.0\r\n%project = shop\r\n\r\n# a remark\r\n  \r\na 2026-01-31T12:00:00Z Ada L. <a@b>\r\n"),
              IsEmpty());
  // Before the tag, b was not there yet.
  EXPECT_THAT(errors_of(plan_of({"a", "@v1", "b", "c [b@v1]"})), ElementsAre(AllOf(HasSubstr("missing-parent"), HasSubstr("b@v1"))));
}

}  // namespace
}  // namespace cupel::migrations
