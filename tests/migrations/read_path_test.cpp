// From a path to migration sets: detection on disk.
#include "migrations/file_name.h"
#include "migrations/lock_file.h"
#include "tests/migrations/memory_folder.h"
#include "tests/temporary_folder.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::migrations {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
namespace fs = std::filesystem;

class ReadPath : public testing::Test {
 protected:
  void write(const std::string& file, const std::string& text) const { folder_.write(file, text); }
  [[nodiscard]] std::string path(const std::string& file) const { return folder_.path(file); }
  [[nodiscard]] std::vector<MigrationSet> read(const std::string& file, std::string_view forced = {}) const {
    auto sets = read_path(path(file), forced);
    EXPECT_TRUE(sets) << sets.error().message;
    return sets ? *std::move(sets) : std::vector<MigrationSet>{};
  }
  [[nodiscard]] std::vector<std::string> layouts_in(const std::string& file) const {
    std::vector<std::string> names;
    for (const MigrationSet& set : read(file)) names.push_back(set.layout);
    return names;
  }

  test::TemporaryFolder folder_;
  const fs::path& root_ = folder_.path();
};

TEST(ReadFixtures, EachFolderIsReadWithItsLayout) {
  const fs::path fixtures = fs::path(CUPEL_SOURCE_DIR) / "fixtures" / "layouts";
  const std::map<std::string, std::string> others = {{"pop", "golang-migrate"},
                                                     {"boundary", "golang-migrate"},
                                                     {"psql-includes", "plain"},
                                                     {"django", "plain"},
                                                     {"liquibase-xml", "liquibase"}};
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(fixtures)) {
    const std::string name = entry.path().filename().string();
    const auto sets = read_path(entry.path().string(), "");
    ASSERT_TRUE(sets) << name;
    ASSERT_EQ(sets->size(), 1U) << name;
    EXPECT_EQ(sets->front().layout, others.contains(name) ? others.at(name) : name);
    EXPECT_THAT(problems_of(sets->front()), IsEmpty()) << name;
    EXPECT_GE(sets->front().migrations.size(), 2U) << name;
    ++count;
  }
  EXPECT_GE(count, layouts().size());
}

TEST_F(ReadPath, SeveralFoldersGiveSeveralSets) {
  write("a/migrations/1_x.up.sql", "a");
  write("b/goose/1_x.sql", "-- +goose Up\n");
  write("c/one.sql", "1");
  write("c/deep/two.sql", "2");
  write("c/readme.md", "");
  write(".git/x.sql", "");
  write("node_modules/y/1_x.up.sql", "");
  const auto sets = read("");
  ASSERT_EQ(sets.size(), 3U);
  EXPECT_EQ(sets[0].layout, "golang-migrate");
  EXPECT_EQ(sets[1].layout, "goose");
  EXPECT_EQ(sets[2].layout, "plain");
  EXPECT_THAT(revisions_of(sets[2]), ElementsAre("c/deep/two", "c/one"));
}

TEST_F(ReadPath, OtherDatabasesFoldersAndFilesAreLeftOut) {
  write("mysql/1_x.up.sql", "m");
  write("postgres/1_x.up.sql", "p");
  write("postgres/schema_mysql.sql", "m");
  write("postgres/schema_postgres.sql", "p");
  write("postgres/full.sql.sqlite", "s");
  const auto sets = read("");
  ASSERT_EQ(sets.size(), 2U);
  EXPECT_EQ(sets[0].path, path("postgres"));
  EXPECT_THAT(revisions_of(sets[1]), ElementsAre("postgres/schema_postgres"));
  // Who names the folder wants it.
  EXPECT_THAT(layouts_in("mysql"), ElementsAre("golang-migrate"));
}

TEST_F(ReadPath, AFileIsReadAsItsFolderWouldBe) {
  write("g/1_a.sql", "-- +goose Up\nSELECT 1;\n");
  write("g/2_b.sql", "-- +goose Up\nSELECT 2;\n");
  auto sets = read("g/1_a.sql");
  ASSERT_EQ(sets.size(), 1U);
  EXPECT_EQ(sets[0].layout, "goose");
  EXPECT_THAT(revisions_of(sets[0]), ElementsAre("1"));
  EXPECT_EQ(sets[0].path, path("g/1_a.sql"));

  write("m/1_a.up.sql", "up");
  write("m/1_a.down.sql", "down");
  write("m/2_b.up.sql", "up");
  sets = read("m/1_a.up.sql");
  EXPECT_EQ(sets[0].layout, "golang-migrate");
  ASSERT_THAT(revisions_of(sets[0]), ElementsAre("1"));
  EXPECT_TRUE(sets[0].migrations[0].upgrade && sets[0].migrations[0].downgrade);
  sets = read("m/1_a.down.sql");
  ASSERT_EQ(sets[0].migrations.size(), 1U);
  EXPECT_FALSE(sets[0].migrations[0].upgrade);
  EXPECT_THAT(problems_of(sets[0]), IsEmpty());

  write("d/2026-01-01-000000_a/up.sql", "up");
  write("d/2026-01-01-000000_a/down.sql", "down");
  write("d/2026-01-01-000000_a/metadata.toml", "run_in_transaction = false");
  sets = read("d/2026-01-01-000000_a/up.sql");
  EXPECT_EQ(sets[0].layout, "diesel");
  EXPECT_EQ(sets[0].migrations[0].upgrade->mode, TransactionMode::implicit);

  write("p/migration_lock.toml", "");
  write("p/1_a/migration.sql", "x");
  EXPECT_THAT(layouts_in("p/1_a/migration.sql"), ElementsAre("prisma"));
  write("f/V1__a.sql", "x");
  EXPECT_THAT(layouts_in("f/V1__a.sql"), ElementsAre("flyway"));
  write("s/1_a.sql", "-- no-transaction\nx");
  write("s/2_b.sql", "y");
  EXPECT_THAT(layouts_in("s/2_b.sql"), ElementsAre("sqlx"));
  write("z/0000_a.sql", "x --> statement-breakpoint\ny");
  EXPECT_THAT(layouts_in("z"), ElementsAre("drizzle"));
  write("x/anything.txt", "SELECT 1;");
  EXPECT_THAT(layouts_in("x/anything.txt"), ElementsAre("plain"));
}

TEST_F(ReadPath, AForcedLayoutIsObeyedOrRefused) {
  write("deep/1_a.sql", "SELECT 1;");
  const auto sets = read("", "sqlx");
  ASSERT_EQ(sets.size(), 1U);
  EXPECT_EQ(sets[0].layout, "sqlx");
  EXPECT_EQ(read("deep/1_a.sql", "sqlx")[0].layout, "sqlx");
  EXPECT_EQ(read("", "plain")[0].layout, "plain");
  const auto none = read_path(path(""), "prisma");
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message, HasSubstr("no prisma migrations"));
  EXPECT_FALSE(read_path(path("deep/1_a.sql"), "prisma"));
  const auto unknown = read_path(path(""), "gose");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::usage);
}

TEST_F(ReadPath, NothingToReadIsAnError) {
  EXPECT_THAT(read_path(path(""), "").error().message, HasSubstr("no SQL files in"));
  EXPECT_THAT(read_path(path("missing"), "").error().message, HasSubstr("does not exist"));
}

TEST_F(ReadPath, LinksAreFollowedOnceAndLoopsEnd) {
  write("a/1.sql", "1");
  fs::create_directory_symlink("..", root_ / "a" / "loop");
  fs::create_directory_symlink("a", root_ / "b");
  const auto sets = read("");
  ASSERT_EQ(sets.size(), 1U);
  EXPECT_THAT(revisions_of(sets[0]), ElementsAre("a/1"));
}

// What is quoted in a report must not be what a link in somebody's change points at.
TEST_F(ReadPath, LinksOutOfTheProjectAreNotFollowed) {
  write("project/migrations/1.sql", "SELECT 1;\n");
  write("project/shared/2.sql", "SELECT 2;\n");
  write("secret.sql", "SELECT 'secret';\n");
  write("elsewhere/4.sql", "SELECT 4;\n");
  const fs::path folder = root_ / "project" / "migrations";
  fs::create_symlink("../shared/2.sql", folder / "2.sql");
  fs::create_symlink("../../secret.sql", folder / "3.sql");
  fs::create_symlink(fs::absolute(root_ / "secret.sql"), folder / "notes.txt");
  fs::create_directory_symlink("../../elsewhere", folder / "more");
  // Without a repository around it, the folder stands for itself.
  const auto alone = read("project/migrations");
  EXPECT_THAT(revisions_of(alone[0]), ElementsAre("1"));
  EXPECT_THAT(problems_of(alone[0]), ElementsAre(HasSubstr("2.sql: it is a link to a place outside the project"),
                                                 HasSubstr("3.sql: it is a link to a place outside the project"),
                                                 HasSubstr("more: it is a link to a place outside the project")));
  fs::create_directory(root_ / "project" / ".git");
  const auto in_repository = read("project/migrations");
  EXPECT_THAT(revisions_of(in_repository[0]), ElementsAre("1", "2"));
  EXPECT_THAT(problems_of(in_repository[0]), ElementsAre(HasSubstr("3.sql: it is a link"), HasSubstr("more: it is a link")));
  // Whoever names a file means it.
  EXPECT_THAT(revisions_of(read("project/migrations/3.sql")[0]), ElementsAre("3"));
}

TEST_F(ReadPath, ALinkToNothingCannotBeRead) {
  write("1.sql", "SELECT 1;\n");
  fs::create_symlink("nowhere", root_ / "2.sql");
  fs::create_symlink("3.sql", root_ / "3.sql");
  fs::create_symlink("nowhere", root_ / "notes.txt");  // no migration, whatever is in it
  const auto sets = read("");
  ASSERT_EQ(sets.size(), 1U);
  EXPECT_THAT(revisions_of(sets[0]), ElementsAre("1"));
  EXPECT_THAT(problems_of(sets[0]), ElementsAre(AllOf(HasSubstr("unreadable-file"), HasSubstr("2.sql: No such file")),
                                                AllOf(HasSubstr("unreadable-file"), HasSubstr("3.sql: Too many levels"))));
  EXPECT_THAT(read_path(path("3.sql"), "").error().message, HasSubstr("3.sql: Too many levels"));
}

TEST_F(ReadPath, CupelLockIsCheckedForEveryLayout) {
  write("1_a.sql", "-- +goose Up\nSELECT 1;\n");
  write("2_b.sql", "-- +goose Up\nSELECT 2;\n");
  write("cupel.lock", write_lock_file(read("")[0]));
  EXPECT_THAT(problems_of(read("")[0]), IsEmpty());
  write("1_a.sql", "-- +goose Up\nSELECT 3;\n");
  EXPECT_THAT(problems_of(read("")[0]), ElementsAre(HasSubstr("edited-applied-migration")));
  EXPECT_THAT(problems_of(read("1_a.sql")[0]), ElementsAre(HasSubstr("edited-applied-migration")));
  EXPECT_THAT(problems_of(read("2_b.sql")[0]), IsEmpty());
  fs::remove(root_ / "1_a.sql");
  EXPECT_THAT(problems_of(read("")[0]), ElementsAre(HasSubstr("1_a.sql was deleted")));
  write("cupel.lock", "<<<<<<< x\n");
  EXPECT_THAT(problems_of(read("")[0]), ElementsAre(HasSubstr("layout-error: cupel.lock:1: a git conflict")));
}

TEST_F(ReadPath, AnyBytesAreFine) {
  write("1.sql", std::string("a\0b\xFF\xFE", 5));
  write("2.sql", "");
  const auto sets = read("");
  ASSERT_EQ(sets[0].sources.size(), 2U);
  EXPECT_EQ(sets[0].sources[0]->text().size(), 5U);
}

TEST(ReadText, IsRecognisedByWhatItSays) {
  const auto layout = [](std::string name, std::string text) {
    const auto set = read_text(std::move(name), std::move(text), "");
    return set ? set->layout : set.error().message;
  };
  EXPECT_EQ(layout("<stdin>", "SELECT 1;"), "plain");
  EXPECT_EQ(layout("<stdin>", ""), "plain");
  EXPECT_EQ(layout("<stdin>", "-- +goose Up\n"), "goose");
  EXPECT_EQ(layout("<stdin>", "-- migrate:up\n-- migrate:down\n"), "dbmate");
  EXPECT_EQ(layout("<stdin>", "-- cupel:upgrade\n"), "cupel");
  EXPECT_EQ(layout("db/V1__x.sql", "SELECT 1;"), "flyway");
  EXPECT_EQ(layout("1_x.up.sql", "SELECT 1;"), "golang-migrate");
  EXPECT_EQ(read_text("db/x.sql", "a", "")->sources[0]->name(), "db/x.sql");
  EXPECT_EQ(read_text("x.sql", "a", "sqlx").has_value(), false);
}

TEST(FileName, Numbers) {
  EXPECT_LT(compare_numbers("9", "10"), 0);
  EXPECT_EQ(compare_numbers("007", "7"), 0);
  EXPECT_GT(compare_numbers("99999999999999999999999", "1"), 0);
  EXPECT_TRUE(is_sql_file("a/full.sql.postgres"));
  EXPECT_FALSE(is_sql_file(".sql"));
  EXPECT_EQ(stem("a/x.up.SQL"), "x.up");
}

}  // namespace
}  // namespace cupel::migrations
