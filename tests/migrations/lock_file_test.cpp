// cupel.lock and the meaning hash in it.
#include "migrations/lock_file.h"

#include "migrations/meaning_hash.h"
#include "tests/migrations/memory_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::migrations {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string hash(std::string_view text) { return meaning_hash(text, {}); }

TEST(MeaningHash, IsTheSameForTheSameMeaning) {
  const std::string expected = hash("CREATE TABLE t (a int, \"B\" text DEFAULT 'x');");
  EXPECT_EQ(expected.size(), 32U);
  EXPECT_EQ(hash("create table T(\r\n  A INT, -- a comment\r\n  /* b */ \"B\" Text default 'x'\r\n);\r\n"), expected);
  EXPECT_NE(hash("CREATE TABLE t (a int, \"b\" text DEFAULT 'x');"), expected);
  EXPECT_NE(hash("CREATE TABLE t (a int, \"B\" text DEFAULT 'X');"), expected);
  EXPECT_NE(hash("CREATE TABLE t (a int, \"B\" text DEFAULT 'x ');"), expected);
  EXPECT_EQ(hash("DO $$\r\nx\r\n$$"), hash("DO $$\nx\n$$"));
  EXPECT_NE(hash("SELECT ab"), hash("SELECT a b"));
  EXPECT_NE(hash(""), hash("x"));
}

TEST(MeaningHash, IsStable) {
  // Lock files are committed: these values must never change.
  EXPECT_EQ(hash(""), "00000000000000000000000000000000");
  EXPECT_EQ(hash("SELECT 1;"), hash("select 1 ;"));
}

TEST(MeaningHash, CountsOnlyTheChunksButNotHowTheyAreCut) {
  const std::string_view text = "SELECT 1; SELECT 2;";
  const std::vector<Span> two = {{0, 9}, {10, 19}};
  const std::vector<Span> one = {{0, 9}};
  EXPECT_EQ(meaning_hash(text, two), hash(text));
  EXPECT_EQ(meaning_hash(text, one), hash("SELECT 1;"));
}

const MemoryFolder::Files two_migrations = {{"20260101_000000_a.sql", "CREATE TABLE a ();\n-- cupel:downgrade\nDROP TABLE a;\n"},
                                            {"20260102_000000_b, b.sql", "CREATE TABLE b ();\n"}};

// `set` as it is now against what was locked when the folder was `locked`.
std::vector<Problem> compare_with(const MemoryFolder::Files& locked, MigrationSet& set, Extent extent) {
  const auto source = std::make_shared<const SourceText>("db/cupel.lock", write_lock_file(read_with("cupel", locked)));
  set.sources.push_back(source);
  const LockFileReading reading = parse_lock_file(source);
  EXPECT_FALSE(reading.error) << reading.error->message;
  return compare(reading.file, set, extent);
}

TEST(LockFile, IsReadAsWritten) {
  const MigrationSet set = read_with("cupel", two_migrations);
  const LockFileReading reading = parse_lock_file(std::make_shared<const SourceText>("db/cupel.lock", write_lock_file(set)));
  ASSERT_FALSE(reading.error);
  ASSERT_EQ(reading.file.entries.size(), 2U);
  EXPECT_EQ(reading.file.entries[1].file, "20260102_000000_b, b.sql");
  EXPECT_THAT(reading.file.entries[1].parents, ElementsAre("20260101_000000"));
  EXPECT_EQ(reading.file.entries[1].upgrade_hash, hash("CREATE TABLE b ();"));
  EXPECT_EQ(reading.file.entries[1].downgrade_hash, "");
  EXPECT_EQ(reading.file.entries[0].downgrade_hash, hash("DROP TABLE a;"));
  EXPECT_THAT(reading.file.heads, ElementsAre("20260102_000000"));
}

TEST(LockFile, TwoBranchesThatAddAMigrationBothChangeItsLastLine) {
  const auto last_line = [](const char* added) {
    MemoryFolder::Files files = two_migrations;
    files[added] = "SELECT 1;";
    const std::string text = write_lock_file(read_with("cupel", files));
    return text.substr(text.rfind("heads"));
  };
  EXPECT_EQ(last_line("20260103_000000_c.sql"), "heads 20260103_000000\n");
  EXPECT_NE(last_line("20260103_000000_c.sql"), last_line("20260104_000000_d.sql"));
}

TEST(LockFile, SeesEditsAndDeletionsButNotAdditionsOrStyle) {
  MemoryFolder::Files files = two_migrations;
  files["20260101_000000_a.sql"] = "-- now with a comment\ncreate table A ();\n-- cupel:downgrade\nDROP TABLE IF EXISTS a;\n";
  files["20260103_000000_c.sql"] = "SELECT 1;";
  MigrationSet same = read_with("cupel", files);
  EXPECT_THAT(compare_with(two_migrations, same, Extent::whole_folder), IsEmpty());

  files["20260101_000000_a.sql"] = "CREATE TABLE a (id int);";
  files.erase("20260102_000000_b, b.sql");
  MigrationSet changed = read_with("cupel", files);
  const auto problems = compare_with(two_migrations, changed, Extent::whole_folder);
  ASSERT_EQ(problems.size(), 2U);
  EXPECT_EQ(problems[0].rule, "edited-applied-migration");
  EXPECT_THAT(problems[0].message, HasSubstr("upgrade of revision 20260101_000000 was edited"));
  EXPECT_EQ(changed.sources[problems[0].source]->name(), "db/20260101_000000_a.sql");
  ASSERT_EQ(problems[0].related.size(), 1U);
  EXPECT_THAT(problems[1].message, HasSubstr("b, b.sql was deleted"));
  EXPECT_EQ(changed.sources[problems[1].source]->name(), "db/cupel.lock");
  changed.sources.pop_back();
  EXPECT_EQ(compare_with(two_migrations, changed, Extent::some_files).size(), 1U);
}

TEST(LockFile, RepeatablesAreFreeToChange) {
  const MigrationSet set = read_with("flyway", {{"V1__a.sql", "SELECT 1;"}, {"R__v.sql", "SELECT 2;"}});
  EXPECT_THAT(write_lock_file(set), testing::Not(HasSubstr("R__v")));
}

TEST(LockFile, SaysWhereItIsBroken) {
  const auto message = [](std::string text) {
    const auto reading = parse_lock_file(std::make_shared<const SourceText>("db/cupel.lock", std::move(text)));
    return reading.error ? reading.error->message : std::string();
  };
  const std::string line = "a - a.sql 0123456789abcdef0123456789abcdef -\n";
  EXPECT_EQ(message("cupel.lock 1\n" + line + "heads a\n"), "");
  EXPECT_EQ(message("# c\r\ncupel.lock 1\r\n\r\nheads -\r\n"), "");
  EXPECT_THAT(message("cupel.lock 1\n<<<<<<< HEAD\nheads a\n=======\nheads b\n>>>>>>> topic\n"),
              testing::AllOf(HasSubstr("cupel.lock:2:"), HasSubstr("git conflict")));
  EXPECT_THAT(message("cupel.lock 2\n"), HasSubstr("expected 'cupel.lock 1'"));
  EXPECT_THAT(message(""), HasSubstr("expected 'cupel.lock 1'"));
  EXPECT_THAT(message("cupel.lock 1\n" + line), HasSubstr("cut off"));
  EXPECT_THAT(message("cupel.lock 1\na - a.sql\nheads a\n"), HasSubstr("cupel.lock:2: a revision has 5 fields"));
  EXPECT_THAT(message("cupel.lock 1\na - a.sql xyz -\nheads a\n"), HasSubstr("not hashes"));
}

}  // namespace
}  // namespace cupel::migrations
