#include "tests/migrations/memory_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::migrations {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* two =
    "--liquibase formatted sql\n\n"
    "--changeset alice:1 labels:a\n"
    "CREATE TABLE t (id int);\n"
    "--rollback DROP TABLE t\n"
    "--rollback CASCADE;\n"
    "-- changeset \"bob b\":\"two 2\" runInTransaction:false runOnChange:true\n"
    "-- comment: why\n"
    "CREATE INDEX CONCURRENTLY i ON t (id);\n"
    "/* liquibase rollback\n"
    "DROP INDEX i;\n"
    "*/\n";

TEST(LiquibaseLayout, CutsAFileIntoChangesets) {
  const MigrationSet set = read_with("liquibase", {{"a.sql", two}});
  EXPECT_THAT(revisions_of(set), ElementsAre("a.sql::1::alice", "a.sql::two 2::bob b"));
  const Migration& first = set.migrations[0];
  EXPECT_THAT(chunks_of(set, *first.upgrade), ElementsAre("CREATE TABLE t (id int);\n"));
  EXPECT_EQ(first.upgrade->mode, TransactionMode::per_file);
  // At its own place in the file, without what makes it a comment.
  ASSERT_TRUE(first.downgrade);
  const SourceText& bare = *set.sources[first.downgrade->source];
  EXPECT_EQ(bare.name(), "db/a.sql");
  EXPECT_EQ(bare.text().size(), std::string_view(two).size());
  EXPECT_THAT(chunks_of(set, *first.downgrade), ElementsAre("DROP TABLE t\n           CASCADE;"));
  EXPECT_EQ(bare.position(first.downgrade->chunks[0].begin).line, 5U);
  EXPECT_EQ(bare.position(first.downgrade->chunks[0].begin).column, 12U);
  const Migration& second = set.migrations[1];
  EXPECT_EQ(second.upgrade->mode, TransactionMode::none);
  EXPECT_EQ(second.upgrade->mode_marker.of(set.sources[0]->text()), "false");
  EXPECT_TRUE(second.repeatable);
  EXPECT_THAT(chunks_of(set, *second.downgrade), ElementsAre("DROP INDEX i;\n"));
  EXPECT_THAT(problems_of(set), IsEmpty());
}

TEST(LiquibaseLayout, LeavesOutWhatIsForOtherDatabases) {
  const MigrationSet set = read_with("liquibase", {{"a.sql",
                                                    "--liquibase formatted sql\n"
                                                    "--changeset a:1 dbms:mysql,h2\nSELECT 1;\n"
                                                    "--changeset a:2 dbms:postgresql,h2\nSELECT 2;\n"
                                                    "--changeset a:3 dbms:!postgresql\nSELECT 3;\n"
                                                    "--changeset a:4 dbms:!h2\nSELECT 4;\n"
                                                    "--changeset a:5 ignore:true\nSELECT 5;\n"}});
  EXPECT_THAT(revisions_of(set), ElementsAre("a.sql::2::a", "a.sql::4::a"));
}

TEST(LiquibaseLayout, RunsFilesAsChangelogsIncludeThem) {
  const std::string head = "--liquibase formatted sql\n--changeset x:";
  const MigrationSet set = read_with(
      "liquibase",
      {{"db/a.sql", head + "a\n"},
       {"db/b.sql", head + "b\n"},
       {"db/more/c.sql", head + "c\n"},
       {"db/more/d.sql", head + "d\n"},
       {"db/z.sql", head + "z\n"},
       {"db/inner-changelog.xml", "<databaseChangeLog><include file='b.sql' relativeToChangelogFile=\"true\"/></databaseChangeLog>"},
       {"db/changelog-master.yaml",
        "databaseChangeLog:\n- includeAll:\n    path: db/more/\n- include: {file: src/main/resources/db/inner-changelog.xml}\n"}});
  EXPECT_THAT(revisions_of(set), ElementsAre("c.sql::c::x", "d.sql::d::x", "b.sql::b::x", "a.sql::a::x", "z.sql::z::x"));
}

TEST(LiquibaseLayout, DropsNothingWhereChangelogsIncludeEachOther) {
  const std::string head = "--liquibase formatted sql\n--changeset x:";
  const MigrationSet set =
      read_with("liquibase",
                {{"a-changelog.xml", "<databaseChangeLog><include file=\"b-changelog.xml\"/><include file=\"2.sql\"/></databaseChangeLog>"},
                 {"b-changelog.xml", "<databaseChangeLog><include file=\"a-changelog.xml\"/><include file=\"1.sql\"/></databaseChangeLog>"},
                 {"1.sql", head + "1\n"},
                 {"2.sql", head + "2\n"}});
  EXPECT_THAT(revisions_of(set), ElementsAre("1.sql::1::x", "2.sql::2::x"));
}

TEST(LiquibaseLayout, SaysWhatTheRunnerRefuses) {
  const auto problems = [](const std::string& text) {
    return problems_of(read_with("liquibase", {{"a.sql", "--liquibase formatted sql\n" + text}}));
  };
  EXPECT_THAT(problems("--changeset alice\nSELECT 1;\n"), ElementsAre(HasSubstr("layout-error: liquibase refuses this file")));
  EXPECT_THAT(problems("--changeset a:1\nSELECT 1;\n--changeset a:1\nSELECT 1;\n"),
              ElementsAre(HasSubstr("duplicate-version: changeset a:1")));
  EXPECT_THAT(problems("--changeset a:1\nSELECT 1;\n--rollback not required\n"), IsEmpty());
}

TEST(LiquibaseLayout, IsToldByItsFirstLine) {
  const auto recognised = [](const char* text) {
    return find_layout("liquibase")->recognise(MemoryFolder(MemoryFolder::Files{{"1_a.sql", text}}));
  };
  EXPECT_EQ(recognised("\n-- Liquibase formatted SQL\n"), Recognition::certain);
  EXPECT_EQ(recognised("SELECT 1;\n--liquibase formatted sql\n"), Recognition::no);
}

}  // namespace
}  // namespace cupel::migrations
