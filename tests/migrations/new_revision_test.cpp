// The text and name of a new migration, and what is refused before anything is written.
#include "migrations/new_revision.h"

#include "tests/migrations/memory_folder.h"
#include "tests/migrations/revision_map_test.h"
#include "tests/temporary_folder.h"

#include <cstdlib>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::migrations {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr std::time_t noon = 1'767'960'000;  // 2026-01-09 12:00:00 UTC

MigrationSet set_of(std::vector<Migration> migrations) {
  MigrationSet set;
  set.layout = "cupel";
  set.migrations = std::move(migrations);
  return set;
}

// One head: the example without its second history.
MigrationSet one_line() {
  auto migrations = example();
  std::erase_if(migrations, [](const Migration& migration) { return migration.revision.starts_with("7b"); });
  return set_of(std::move(migrations));
}

NewRevision asked(std::string message = "Add orders") {
  NewRevision revision;
  revision.message = std::move(message);
  revision.time = noon;
  return revision;
}

std::string error_of(const MigrationSet& set, const NewRevision& revision, const std::vector<std::string>& files = {}) {
  const auto made = make_revision(set, files, revision);
  return made ? "made " + made->name : made.error().message;
}

TEST(NewRevision, ComesAfterTheHead) {
  const auto made = make_revision(one_line(), {}, asked("Add an index on orders (note)"));
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->revision, "20260109_120000");
  EXPECT_EQ(made->name, "20260109_120000_add_an_index_on_orders_note.sql");
  EXPECT_EQ(made->text,
            "-- Add an index on orders (note)\n"
            "-- cupel:parent e77a90b1c2d3\n"
            "\n"
            "-- cupel:upgrade\n"
            "\n"
            "-- cupel:downgrade\n");
}

TEST(NewRevision, TheFirstOneHasNoParent) {
  const auto made = make_revision(set_of({}), {}, asked());
  ASSERT_TRUE(made);
  EXPECT_THAT(made->text, HasSubstr("-- cupel:parent none\n"));
}

TEST(NewRevision, ReadsBackAsItWasMeant) {
  NewRevision revision = asked("cupel:transaction none\nmigrate:up\n\n+goose Up");
  revision.parents = {"a0d3", "billing@head"};
  revision.splice = true;
  revision.labels = {"shop", "checkout"};
  revision.depends_on = {"c93e", "c93e01aa4d10"};
  revision.id = "orders";
  const auto made = make_revision(set_of(example()), {}, revision);
  ASSERT_TRUE(made) << made.error().message;
  const MigrationSet read = read_with("cupel", {{made->name, made->text}});
  ASSERT_EQ(read.migrations.size(), 1U);
  EXPECT_EQ(read.migrations[0].revision, "orders");
  EXPECT_EQ(read.migrations[0].parents, (std::vector<std::string>{"a0d3e5512b77", "7b2200b3d4e5"}));
  EXPECT_EQ(read.migrations[0].labels, revision.labels);
  EXPECT_EQ(read.migrations[0].depends_on, std::vector<std::string>{"c93e01aa4d10"});
  EXPECT_EQ(read.migrations[0].upgrade->mode, TransactionMode::per_file) << "the message is no directive";
}

TEST(NewRevision, AMessageEndsWithItsLine) {
  const auto made = make_revision(set_of({}), {}, asked("drop it\r; DROP TABLE orders;"));
  ASSERT_TRUE(made);
  const MigrationSet read = read_with("cupel", {{made->name, made->text}});
  EXPECT_THAT(problems_of(read), testing::IsEmpty());
  EXPECT_THAT(made->text, Not(HasSubstr("\r")));
}

TEST(NewRevision, TakesTheNextFreeSecond) {
  MigrationSet set = set_of(graph_of({{.id = "20260109_120000"}}));
  EXPECT_EQ(error_of(set, asked()), "made 20260109_120001_add_orders.sql");
  EXPECT_EQ(error_of(set, asked(), {"20260109_120001_ADD_orders.sql"}), "made 20260109_120002_add_orders.sql");
}

TEST(NewRevision, RefusesIdsThatCannotBeTyped) {
  for (const char* id : {"head", "heads", "base", "current", "none", "a b", "a,b", "a:b", "a@b", "-a", "+a", "a/b", "..", "a..b", ".",
                         "a-1", "a+12", "a\tb", "a\nb"}) {
    EXPECT_FALSE(check_name(id, "the revision id")) << id;
    NewRevision revision = asked();
    revision.id = id;
    EXPECT_THAT(error_of(set_of({}), revision), HasSubstr("the revision id")) << id;
  }
  EXPECT_FALSE(check_name("", "the revision id"));
  EXPECT_FALSE(check_name(std::string(201, 'a'), "the revision id"));
  EXPECT_TRUE(check_name(std::string(200, 'a'), "the revision id"));
  for (const char* id : {"orders", "add-orders", "4f1b0c2d91a0", "größe", "v1.2"}) EXPECT_TRUE(check_name(id, "the revision id")) << id;
}

TEST(NewRevision, RefusesWhatIsThereAlready) {
  NewRevision revision = asked();
  revision.id = "E77A90B1C2D3";
  EXPECT_EQ(error_of(one_line(), revision), "there is a revision E77A90B1C2D3 already");
  revision.id = "Billing";
  revision.parents = {"heads"};
  EXPECT_EQ(error_of(set_of(example()), revision), "Billing is a label already");
  revision.id = "orders";
  revision.labels = {"billing"};
  EXPECT_EQ(error_of(set_of(example()), revision), "the label billing is another revision's already");
  revision.labels = {"a0d3e5512b77"};
  EXPECT_EQ(error_of(set_of(example()), revision), "the label a0d3e5512b77 is the id of a revision");
  revision.labels = {"orders"};
  EXPECT_EQ(error_of(set_of(example()), revision), "the label orders is the id of a revision");
  revision.labels = {"shop", "shop"};
  EXPECT_EQ(error_of(set_of(example()), revision), "the label shop is given twice");
  revision.labels = {"head"};
  EXPECT_THAT(error_of(set_of(example()), revision), HasSubstr("the label \"head\" already means something"));
}

TEST(NewRevision, RefusesAFileThatIsThere) {
  NewRevision revision = asked("orders");
  revision.file_name = "{slug}.sql";
  EXPECT_EQ(error_of(one_line(), revision, {"Orders.sql"}), "there is a file orders.sql already (the case of letters does not count)");
}

TEST(NewRevision, RefusesParentsThatDoNotFit) {
  NewRevision revision = asked();
  EXPECT_THAT(error_of(set_of(example()), revision),
              AllOf(HasSubstr("there are 2 heads: e77a90b1c2d3 (last), 7b2200b3d4e5 (invoices)"), HasSubstr("cupel merge -m MESSAGE")));
  revision.parents = {"nope"};
  EXPECT_EQ(error_of(one_line(), revision), "no revision is called nope");
  revision.parents = {"d5e2"};
  EXPECT_EQ(error_of(one_line(), revision),
            "d5e2f7b08c31 (merge) is no head, e77a90b1c2d3 (last) already comes after it; --splice begins a branch there");
  revision.splice = true;
  EXPECT_EQ(error_of(one_line(), revision), "made 20260109_120000_add_orders.sql");
  revision.parents = {"d5e2", "e77a"};
  EXPECT_EQ(error_of(one_line(), revision), "d5e2f7b08c31 (merge) comes before e77a90b1c2d3 (last) already: name only the latter");
  revision.parents = {"base"};
  EXPECT_EQ(error_of(one_line(), revision), "made 20260109_120000_add_orders.sql");
  revision.parents = {"base", "e77a"};
  EXPECT_THAT(error_of(one_line(), revision), HasSubstr("--parent base begins a history"));
  revision.parents = {"current"};
  EXPECT_THAT(error_of(one_line(), revision), HasSubstr("only a database can tell"));
}

TEST(NewRevision, RefusesUnknownDependencies) {
  NewRevision revision = asked();
  revision.depends_on = {"e77a90b1c2d4"};
  EXPECT_EQ(error_of(one_line(), revision), "no revision is called e77a90b1c2d4; did you mean e77a90b1c2d3?");
}

TEST(NewRevision, RefusesABrokenGraph) {
  EXPECT_THAT(error_of(set_of(graph_of({{.id = "one"}, {.id = "one"}})), asked()), HasSubstr("the revisions do not fit together"));
}

TEST(NewRevision, RefusesAnEmptyMessage) { EXPECT_THAT(error_of(one_line(), asked(" \n")), HasSubstr("needs a message")); }

TEST(MergeRevision, MergesTheHeads) {
  NewRevision merge = asked("merge");
  merge.merge = true;
  const auto made = make_revision(set_of(example()), {}, merge);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->parents, (std::vector<std::string>{"e77a90b1c2d3", "7b2200b3d4e5"}));
  EXPECT_THAT(made->text, HasSubstr("-- cupel:parent e77a90b1c2d3, 7b2200b3d4e5\n"));
}

TEST(MergeRevision, NeedsTwo) {
  NewRevision merge = asked("merge");
  merge.merge = true;
  EXPECT_EQ(error_of(one_line(), merge), "there is one head, e77a90b1c2d3 (last): nothing to merge");
  EXPECT_EQ(error_of(set_of({}), merge), "there are no revisions to merge");
  merge.parents = {"e77a", "e77a90b1c2d3"};
  EXPECT_EQ(error_of(set_of(example()), merge), "a merge needs two revisions, and e77a90b1c2d3 (last) is one");
  merge.parents = {"e77a", "a0d3"};
  merge.splice = true;
  EXPECT_EQ(error_of(set_of(example()), merge), "a0d3e5512b77 (left) comes before e77a90b1c2d3 (last) already: name only the latter");
}

TEST(RevisionFileName, HasPlaceholders) {
  NewRevision revision = asked();
  revision.file_name = "{year}-{month}-{day}T{hour}{minute}{second}_{slug}_{id}.sql";
  const auto made = make_revision(one_line(), {}, revision);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->name, "2026-01-09T120000_add_orders_20260109_120000.sql");
  EXPECT_THAT(made->text, HasSubstr("-- cupel:revision 20260109_120000\n")) << "the name does not tell it";
}

TEST(RevisionFileName, IsCheckedBeforeItIsUsed) {
  EXPECT_TRUE(check_file_name_template(default_revision_file_name));
  EXPECT_THAT(check_file_name_template("{dat}_{slug}.sql").error().message, HasSubstr("unknown placeholder {dat}, did you mean {date}?"));
  EXPECT_THAT(check_file_name_template("{slug.sql").error().message, HasSubstr("unknown placeholder"));
  EXPECT_THAT(check_file_name_template("{date}/{slug}.sql").error().message, HasSubstr("slash"));
  EXPECT_THAT(check_file_name_template("{slug}").error().message, HasSubstr("must end in .sql"));
  EXPECT_THAT(check_file_name_template(".{slug}.sql").error().message, HasSubstr("hidden"));
  EXPECT_THAT(check_file_name_template("{date}.sql").error().message, HasSubstr("needs {slug} or {id}"));
}

TEST(RevisionFileName, SlugsAreWordsOfAscii) {
  EXPECT_EQ(slug("Add orders"), "add_orders");
  EXPECT_EQ(slug("  --Größe & Café!  "), "grose_cafe");
  EXPECT_EQ(slug("дом"), "revision");
  EXPECT_EQ(slug(""), "revision");
  EXPECT_EQ(slug("a message that is far longer than what a file's name should hold"), "a_message_that_is_far_longer_than_what_a");
  EXPECT_EQ(slug("a message that is far longer than whatever"), "a_message_that_is_far_longer_than");
  EXPECT_EQ(slug(std::string(60, 'x')), std::string(40, 'x'));
}

class WrittenFile : public testing::Test {
 protected:
  [[nodiscard]] std::string read(const std::string& name) const { return folder_.read(name); }
  test::TemporaryFolder folder_;
  const std::string folder = folder_.path().string();
};

TEST_F(WrittenFile, IsThereWholly) {
  const auto written = write_new_file(folder, "a.sql", "text\n");
  ASSERT_TRUE(written) << written.error().message;
  EXPECT_EQ(*written, folder + "/a.sql");
  EXPECT_EQ(read("a.sql"), "text\n");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), 1) << "nothing else is left";
}

TEST_F(WrittenFile, NeverReplacesOne) {
  ASSERT_TRUE(write_new_file(folder, "a.sql", "first\n"));
  const auto again = write_new_file(folder, "a.sql", "second\n");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::usage);
  EXPECT_THAT(again.error().message, HasSubstr("a.sql exists, and is not overwritten"));
  EXPECT_EQ(read("a.sql"), "first\n");
  fs::create_symlink("nowhere", fs::path(folder) / "link.sql");
  EXPECT_FALSE(write_new_file(folder, "link.sql", "third\n"));
  EXPECT_FALSE(fs::exists(fs::path(folder) / "nowhere"));
}

TEST_F(WrittenFile, SaysWhyItCannotBe) {
  const auto written = write_new_file(folder + "/gone", "a.sql", "text\n");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::unreadable);
  EXPECT_THAT(written.error().message, HasSubstr("No such file or directory"));
}

}  // namespace
}  // namespace cupel::migrations
