// Scripts for psql that include others, read as plain SQL.
#include "migrations/script_includes.h"

#include "tests/migrations/memory_folder.h"
#include "tests/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::migrations {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string sent(const MigrationSet& set, std::size_t migration) { return chunks_of(set, *set.migrations[migration].upgrade).front(); }

TEST(ScriptIncludes, RunWhereTheyAreIncluded) {
  const MigrationSet set =
      read_with("plain", {{"a_tables.sql", "CREATE TABLE a ();"},
                          {"install.sql",
                           "\\set ON_ERROR_STOP on\nSET search_path = x;\n\\i z/types.sql\n\\echo tables\n\\ir a_tables.sql\n"
                           "SELECT '\n\\i never.sql\n';\n"},
                          {"z/types.sql", "\\ir ../y/more.sql\nCREATE TYPE t AS ENUM ();"},
                          {"y/more.sql", "SELECT 1;"},
                          {"z_last.sql", "SELECT 2;"}});
  EXPECT_THAT(problems_of(set), IsEmpty());
  EXPECT_THAT(revisions_of(set), ElementsAre("install", "y/more", "z/types", "a_tables", "install#2", "z_last"));
  EXPECT_EQ(sent(set, 0), "\\set ON_ERROR_STOP on\nSET search_path = x;\n");
  EXPECT_EQ(sent(set, 2), "\nCREATE TYPE t AS ENUM ();");
  EXPECT_EQ(sent(set, 3), "CREATE TABLE a ();");
  EXPECT_THAT(sent(set, 4), HasSubstr("never.sql"));
  EXPECT_EQ(set.migrations[3].upgrade->mode, TransactionMode::none);
  EXPECT_THAT(set.migrations[4].parents, ElementsAre("a_tables"));
  EXPECT_EQ(set.sources.size(), 5U);
}

TEST(ScriptIncludes, ATransactionAroundThemReachesIntoThem) {
  const MigrationSet set =
      read_with("plain", {{"all.sql", "SELECT 0;\nBEGIN;\nSELECT 1;\n\\i one.sql\nSELECT 2;\nCOMMIT;\nSELECT 3;\n\\i two.sql\n"},
                          {"one.sql", "\\i three.sql\nA;"},
                          {"three.sql", "C;"},
                          {"two.sql", "B;"}});
  EXPECT_THAT(revisions_of(set), ElementsAre("all", "all#2", "three", "one", "all#3", "all#4", "two"));
  std::vector<TransactionMode> modes;
  for (const Migration& migration : set.migrations) modes.push_back(migration.upgrade->mode);
  constexpr auto none = TransactionMode::none;
  constexpr auto block = TransactionMode::per_file;
  EXPECT_THAT(modes, ElementsAre(none, block, block, block, block, none, none));
  EXPECT_EQ(sent(set, 1), "\nSELECT 1;\n");
  EXPECT_EQ(sent(set, 4), "\nSELECT 2;\n");
  // A block without includes stays in the text.
  const MigrationSet own = read_with("plain", {{"all.sql", "\\i one.sql\nBEGIN;\nSELECT 1;\nCOMMIT;\n"}, {"one.sql", "A;"}});
  EXPECT_EQ(sent(own, 1), "\nBEGIN;\nSELECT 1;\nCOMMIT;\n");
}

TEST(ScriptIncludes, CyclesAndMissingFilesAreReportedAtTheirLine) {
  const MigrationSet cycle = read_with("plain", {{"a.sql", "\\i b.sql\nA;"}, {"b.sql", "\\i a.sql\nB;"}});
  EXPECT_THAT(revisions_of(cycle), ElementsAre("b", "a"));
  ASSERT_THAT(problems_of(cycle), ElementsAre("layout-error: a.sql includes itself in the end: psql would go round in circles"));
  EXPECT_EQ(cycle.problems[0].span.of(cycle.sources[cycle.problems[0].source]->text()), "\\i a.sql");

  const MigrationSet missing = read_with("plain", {{"a.sql", "SELECT 1;\n\\ir gone/b.sql\nSELECT 2;\n"}, {"notes.txt", ""}});
  ASSERT_THAT(problems_of(missing), ElementsAre(HasSubstr("layout-error: there is no gone/b.sql to include")));
  EXPECT_EQ(missing.problems[0].span.of(missing.sources[0]->text()), "\\ir gone/b.sql");
  EXPECT_THAT(revisions_of(missing), ElementsAre("a", "a#2"));
}

TEST(ScriptIncludes, WhatTheFolderCannotTellIsLeftAlone) {
  const MemoryFolder::Files files = {
      {"a.sql",
       "\\i /etc/b.sql\n\\i :folder/b.sql\n\\ir ../../b.sql\n\\i ~/b.sql\n\\i other/b.sql\n\\i data.txt\n\\if true\n"
       "SELECT 1;\n\\endif\n"},
      {"notes.txt", ""}};
  const MigrationSet set = read_with("plain", files);
  EXPECT_THAT(problems_of(set), IsEmpty());
  ASSERT_EQ(set.migrations.size(), 1U);
  EXPECT_THAT(set.migrations[0].upgrade->chunks, IsEmpty());
  // A text by itself may come from any folder.
  const auto text = read_text("<stdin>", "\\ir b.sql\nSELECT 1;\n", "");
  ASSERT_TRUE(text);
  EXPECT_THAT(problems_of(*text), IsEmpty());
}

TEST(ScriptIncludes, AScriptThatIsNamedBringsWhatItIncludes) {
  const test::TemporaryFolder folder;
  folder.write("install.sql", "\\ir sub/b.sql\nSELECT 1;\n");
  folder.write("other.sql", "SELECT 2;\n");
  folder.write("sub/b.sql", "SELECT 3;\n");
  const auto sets = read_path(folder.path("install.sql"), "");
  ASSERT_TRUE(sets);
  ASSERT_EQ(sets->size(), 1U);
  EXPECT_THAT(problems_of(sets->front()), IsEmpty());
  EXPECT_THAT(revisions_of(sets->front()), ElementsAre("sub/b", "install"));
}

TEST(ScriptIncludes, PathsMayBeginWhereTheFolderIsSeenFrom) {
  // The folder is called db.
  const MigrationSet set = read_with("plain", {{"all.sql", "\\i db/x/b.sql\n\\include 'x/c.sql'\n"}, {"x/b.sql", "B;"}, {"x/c.sql", "C;"}});
  EXPECT_THAT(revisions_of(set), ElementsAre("x/b", "x/c"));
  EXPECT_EQ(set.sources.size(), 3U);
}

}  // namespace
}  // namespace cupel::migrations
