// node-pg-migrate and graphile-migrate.
#include "tests/migrations/memory_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::migrations {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(NodePgMigrateLayout, CutsAFileAtItsComments) {
  const MigrationSet set =
      read_with("node-pg-migrate", {{"1704106800000_a.sql", "-- Up Migration\nSELECT 1;\n-- Down Migration\nSELECT 2;\n"},
                                    {"1704106800001_b.sql", "  --- down  MIGRATION \nSELECT 2;\n-- up migration\nSELECT 1;\n"},
                                    {"1704106800002_c.sql", "SELECT 1;\n"}});
  ASSERT_EQ(set.migrations.size(), 3U);
  EXPECT_THAT(chunks_of(set, *set.migrations[0].upgrade), ElementsAre("-- Up Migration\nSELECT 1;\n"));
  EXPECT_THAT(chunks_of(set, *set.migrations[0].downgrade), ElementsAre("-- Down Migration\nSELECT 2;\n"));
  EXPECT_THAT(chunks_of(set, *set.migrations[1].upgrade), ElementsAre("-- up migration\nSELECT 1;\n"));
  EXPECT_THAT(chunks_of(set, *set.migrations[1].downgrade), ElementsAre("  --- down  MIGRATION \nSELECT 2;\n"));
  EXPECT_THAT(chunks_of(set, *set.migrations[2].upgrade), ElementsAre("SELECT 1;\n"));
  EXPECT_FALSE(set.migrations[2].downgrade);
  EXPECT_EQ(set.migrations[0].upgrade->mode, TransactionMode::batch);
  EXPECT_THAT(problems_of(set), IsEmpty());
}

TEST(NodePgMigrateLayout, RunsADowngradeWithoutUpCommentAsPartOfTheUpgrade) {
  const MigrationSet set = read_with("node-pg-migrate", {{"1704106800000_a.sql", "SELECT 1;\n-- Down Migration\nSELECT 2;\n"}});
  EXPECT_THAT(chunks_of(set, *set.migrations[0].upgrade), ElementsAre("SELECT 1;\n-- Down Migration\nSELECT 2;\n"));
  EXPECT_THAT(problems_of(set), ElementsAre(HasSubstr("layout-error: without '-- Up Migration' node-pg-migrate runs the whole file")));
}

TEST(NodePgMigrateLayout, OrdersBothKindsOfTimes) {
  // 2024-01-01 11:00:00.000 UTC, a millisecond around it, and the day after a leap day.
  const MigrationSet set = read_with("node-pg-migrate", {{"1704106799999_a.sql", "SELECT 1;"},
                                                         {"1704106800001_c.sql", "SELECT 3;"},
                                                         {"1709251200001_e.sql", "SELECT 5;"},
                                                         {"20240101110000000_b.sql", "SELECT 2;"},
                                                         {"20240301000000000_d.sql", "SELECT 4;"}});
  EXPECT_THAT(revisions_of(set),
              ElementsAre("1704106799999_a", "20240101110000000_b", "1704106800001_c", "20240301000000000_d", "1709251200001_e"));
}

TEST(NodePgMigrateLayout, MigrationsInJavaScriptHaveTheirPlace) {
  const MigrationSet set = read_with("node-pg-migrate", {{"1704106800000_a.sql", "-- Up Migration\n"},
                                                         {"1704106800001_b.js", "exports.up = () => {}"},
                                                         {"1704106800002_c.ts", ""},
                                                         {"1704106800002_c.d.ts", ""},
                                                         {"index.js", ""}});
  ASSERT_THAT(revisions_of(set), ElementsAre("1704106800000_a", "1704106800001_b", "1704106800002_c"));
  EXPECT_EQ(set.migrations[1].unread, "JavaScript");
  EXPECT_EQ(set.migrations[2].unread, "TypeScript");
}

TEST(NodePgMigrateLayout, IsToldByCommentsOrByTimesInANodeProject) {
  const auto recognised = [](const char* name, const char* text, const char* above) {
    MemoryFolder folder(MemoryFolder::Files{{name, text}});
    folder.set_above(above);
    return find_layout("node-pg-migrate")->recognise(folder);
  };
  EXPECT_EQ(recognised("1_a.sql", "-- Up Migration\n", ""), Recognition::certain);
  EXPECT_EQ(recognised("1704106800000_a.sql", "SELECT 1;", "package.json"), Recognition::likely);
  EXPECT_EQ(recognised("1704106800000_a.sql", "SELECT 1;", "go.mod"), Recognition::no);
  EXPECT_EQ(recognised("20240101110000_a.sql", "SELECT 1;", "package.json"), Recognition::no);
}

constexpr const char* first = "--! Previous: -\n--! Hash: sha1:a\n\nGRANT ALL ON t TO :DATABASE_OWNER; SELECT 1::TEXT, ':lower';\n";

TEST(GraphileMigrateLayout, RunsBodiesInOrderAndWhatIsCurrentLast) {
  const MigrationSet set =
      read_with("graphile-migrate",
                {{"committed/000001-a.sql", first},
                 {"committed/000002.sql", "--! Previous: sha1:a\n--! Hash: sha1:b\n--! Message: x\n\n--! no-transaction\nSELECT 2;\n"},
                 {"committed/notes.sql", "SELECT 9;"},
                 {"current.sql", "SELECT 3;"}});
  EXPECT_THAT(revisions_of(set), ElementsAre("000001-a.sql", "000002.sql", "current.sql"));
  EXPECT_EQ(set.migrations[0].title, "a");
  EXPECT_EQ(set.migrations[0].upgrade->mode, TransactionMode::per_file);
  const std::string_view text = set.sources[0]->text();
  ASSERT_EQ(set.migrations[0].upgrade->placeholders.size(), 1U);
  EXPECT_EQ(set.migrations[0].upgrade->placeholders[0].of(text), ":DATABASE_OWNER");
  EXPECT_THAT(chunks_of(set, *set.migrations[1].upgrade), ElementsAre("--! no-transaction\nSELECT 2;\n"));
  EXPECT_EQ(set.migrations[1].upgrade->mode, TransactionMode::implicit);
  EXPECT_THAT(problems_of(set), IsEmpty());
}

TEST(GraphileMigrateLayout, ChecksWhatTheHeadersSay) {
  const auto problems = [](const MemoryFolder::Files& files) { return problems_of(read_with("graphile-migrate", files)); };
  EXPECT_THAT(problems({{"000001.sql", "--! Previous: sha1:x\n--! Hash: sha1:a\n\nSELECT 1;\n"}}),
              ElementsAre(HasSubstr("the migration before this one is not there")));
  EXPECT_THAT(problems({{"000001.sql", first}, {"000002.sql", "--! Previous: sha1:x\n--! Hash: sha1:b\n\nSELECT 2;\n"}}),
              ElementsAre(HasSubstr("the file before this one has the hash sha1:a")));
  EXPECT_THAT(problems({{"000001.sql", first}, {"000002.sql", "SELECT 2;\n"}}), ElementsAre(HasSubstr("does not begin with --! Previous")));
}

}  // namespace
}  // namespace cupel::migrations
