// What one set of migrations changes in another, and reading a folder as it was.
#include "migrations/history.h"

#include "migrations/file_store.h"
#include "tests/temporary_folder.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::migrations {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class History : public testing::Test {
 protected:
  History() {
    std::filesystem::create_directory(project_.path() / ".git");
    write("1_a.up.sql", "SELECT 1;\n");
    write("2_b.up.sql", "SELECT 2;\n");
    write("2_b.down.sql", "SELECT -2;\n");
  }
  void write(const std::string& file, std::string_view text) const { project_.write("db/" + file, text); }
  [[nodiscard]] std::string path(const std::string& file) const { return project_.path("db/" + file); }
  MigrationSet read(const Overlay& overlay) {
    auto sets = read_path(project_.path("db"), "", overlay, disk_);
    EXPECT_TRUE(sets && sets->size() == 1) << (sets ? "" : sets.error().message);
    return sets && !sets->empty() ? sets->front() : MigrationSet{};
  }
  static std::vector<std::string> told(const std::vector<Problem>& problems) {
    std::vector<std::string> rules;
    for (const Problem& problem : problems) rules.push_back(problem.rule + ": " + problem.message);
    return rules;
  }

  test::TemporaryFolder project_;
  FileStore disk_;
};

TEST_F(History, AnOverlayAddsTakesAwayAndReplaces) {
  const MigrationSet now = read({{path("1_a.up.sql"), std::nullopt},
                                 {path("2_b.up.sql"), "SELECT 22;\n"},
                                 {path("3_c.up.sql"), "SELECT 3;\n"},
                                 {path(".hidden.sql"), "x"},
                                 {path("node_modules/4_d.up.sql"), "x"}});
  ASSERT_THAT(now.migrations, SizeIs(2));
  EXPECT_EQ(now.migrations[0].revision, "2");
  EXPECT_EQ(now.sources[now.migrations[0].upgrade->source]->text(), "SELECT 22;\n");
  EXPECT_EQ(now.migrations[1].revision, "3");
}

TEST_F(History, AFolderThatIsOnlyInTheOverlayOrNowhere) {
  auto sets = read_path(path("old"), "", {{path("old/1_x.up.sql"), "SELECT 1;\n"}}, disk_);
  ASSERT_TRUE(sets) << sets.error().message;
  ASSERT_THAT(*sets, SizeIs(1));
  EXPECT_THAT(sets->front().migrations, SizeIs(1));
  sets = read_path(path("nowhere"), "", {}, disk_);
  ASSERT_TRUE(sets);
  EXPECT_THAT(*sets, IsEmpty());
}

TEST_F(History, OneFileIsSeenAmongWhatItsFolderHad) {
  const auto sets = read_path(path("2_b.up.sql"), "", {{path("2_b.down.sql"), std::nullopt}}, disk_);
  ASSERT_TRUE(sets) << sets.error().message;
  EXPECT_FALSE(sets->front().migrations.front().downgrade);
  const auto gone = read_path(path("2_b.up.sql"), "", {{path("2_b.up.sql"), std::nullopt}}, disk_);
  ASSERT_TRUE(gone);
  EXPECT_THAT(*gone, IsEmpty());
}

TEST_F(History, DirectionsChangeApart) {
  const MigrationSet now = read({});
  const MigrationSet before = read({{path("2_b.down.sql"), "SELECT 0;\n"}});
  const auto changes = changed_parts(before, now);
  ASSERT_THAT(changes, SizeIs(2));
  EXPECT_FALSE(changes[0].upgrade || changes[0].downgrade || changes[0].is_new);
  EXPECT_FALSE(changes[1].upgrade);
  EXPECT_TRUE(changes[1].downgrade);
  EXPECT_FALSE(changes[1].is_new);
}

TEST_F(History, CommentsAreAChangeButNoEdit) {
  MigrationSet now = read({{path("1_a.up.sql"), "-- why\nselect 1;\n"}});
  const MigrationSet before = read({});
  EXPECT_TRUE(changed_parts(before, now)[0].upgrade);
  EXPECT_THAT(edited_applied(before, now, "main"), IsEmpty());
}

TEST_F(History, EditedDeletedAndRenamed) {
  MigrationSet now = read({{path("1_a.up.sql"), "SELECT 11;\n"}});
  EXPECT_THAT(told(edited_applied(read({}), now, "main")),
              ElementsAre(HasSubstr("the upgrade of revision 1 was edited, but is on main already")));
  now = read({{path("1_a.up.sql"), std::nullopt}});
  const auto deleted = edited_applied(read({}), now, "main");
  EXPECT_THAT(told(deleted), ElementsAre(HasSubstr("was deleted, but revision 1 is on main already")));
  EXPECT_EQ(now.sources[deleted[0].source]->name(), path("1_a.up.sql"));
  now = read({{path("1_a.up.sql"), std::nullopt}, {path("7_a.up.sql"), "SELECT 1;\n"}});
  EXPECT_THAT(told(edited_applied(read({}), now, "main")), ElementsAre(HasSubstr("revision 1 was renamed to 7")));
  EXPECT_FALSE(changed_parts(read({}), now)[1].upgrade);
}

TEST_F(History, LateIsWhatComesBeforeAnAppliedOne) {
  const MigrationSet applied = read({});
  MigrationSet now = read({{path("1_x.up.sql"), std::nullopt}, {path("3_c.up.sql"), "SELECT 3;\n"}});
  EXPECT_THAT(late_migrations(applied, now, now, "main"), IsEmpty());
  const MigrationSet later = read({{path("4_d.up.sql"), "SELECT 4;\n"}});
  const MigrationSet merged = read({{path("3_c.up.sql"), "SELECT 3;\n"}, {path("4_d.up.sql"), "SELECT 4;\n"}});
  EXPECT_THAT(told(late_migrations(later, merged, now, "main")),
              ElementsAre(HasSubstr(
                  "late-migration: 3 comes before 4, which is on main already: where that ran, golang-migrate never runs this one")));
}

}  // namespace
}  // namespace cupel::migrations
