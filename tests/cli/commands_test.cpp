// The other commands: effects, rules, explain, lock, --version, --help.
#include "lint/rule.h"
#include "migrations/layout.h"
#include "tests/cli/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace cupel::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

TEST(Program, TellsItsVersionAndThatOfItsParser) {
  const Outcome run = Project().run({"--version"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_THAT(run.out, AllOf(StartsWith("cupel "), HasSubstr("PostgreSQL 1")));
}

TEST(Program, HelpsOnStandardOutput) {
  const Outcome run = Project().run({"--help"});
  EXPECT_EQ(run.exit_code, 0);
  for (const char* word : {"lint", "effects", "rules", "explain", "lock", "Exit codes"}) EXPECT_THAT(run.out, HasSubstr(word));
  EXPECT_THAT(Project().run({"lint", "--help"}).out, HasSubstr("--stdin-filepath"));
}

TEST(EffectsCommand, ShowsLocksAndWork) {
  const Project project;
  project.write("a.sql", "SELECT 1;\nALTER TABLE orders ALTER COLUMN id TYPE text;\nVACUUM orders;\n");
  const Outcome run = project.run({"effects", "a.sql"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, AllOf(HasSubstr("a.sql:2"), HasSubstr("ACCESS EXCLUSIVE"), HasSubstr("blocks reads and writes"),
                             HasSubstr("rewrite"), HasSubstr("no transaction block")));
}

TEST(EffectsCommand, WritesJsonForAVersion) {
  const Project project;
  const Outcome run = project.run({"effects", "-", "--format", "json", "--pg-version", "13"}, {.input = "DROP TABLE orders;\n"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  const json report = json::parse(run.out);
  EXPECT_EQ(report.at("postgres_version"), 13);
  const json& statement = report.at("statements").at(0);
  EXPECT_EQ(statement.at("tag"), "DROP TABLE");
  EXPECT_EQ(statement.at("locks").at(0).at("lock"), "ACCESS EXCLUSIVE");
}

TEST(EffectsCommand, SaysWhatItCannotParseOrRead) {
  const Project project;
  const Outcome run = project.run({"effects", "-"}, {.input = "SELECT 1;\nSELEC 2;\n"});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_THAT(run.out, HasSubstr("SELECT 1"));
  EXPECT_THAT(run.err, AllOf(HasSubstr("<stdin>:2:1:"), HasSubstr("SELEC")));
  EXPECT_EQ(project.run({"effects", "nowhere.sql"}).exit_code, 3);
}

TEST(EffectsCommand, SaysWhatItCouldNotRead) {
  const Project project;
  project.write("db/1_a.up.sql", "DROP TABLE orders;\n");
  std::filesystem::create_symlink("/proc/self/mem", project.path() / "db/2_b.up.sql");
  for (const char* format : {"text", "json"}) {
    const Outcome run = project.run({"effects", "db", "--format", format});
    EXPECT_EQ(run.exit_code, 3);
    EXPECT_THAT(run.out, HasSubstr("DROP TABLE orders"));
    EXPECT_THAT(run.err, StartsWith("cupel: cannot read db/2_b.up.sql: "));
  }
}

TEST(EffectsCommand, ShowsNothingThatDrivesATerminal) {
  const Project project;
  std::string longer = "SELECT '";
  for (int i = 0; i < 99; ++i) longer += "é";
  project.write("a.sql", "DROP TABLE\n\n  \"\x1b[2J\xc2\x9b\";\nDROP TABLE caf\xe9;\n" + longer + "';\n");
  const Outcome run = project.run({"effects", "a.sql"});
  EXPECT_THAT(run.out, Not(testing::AnyOf(HasSubstr("\x1b"), HasSubstr("\xc2\x9b"), HasSubstr("caf\xe9"))));
  EXPECT_THAT(run.out, AllOf(HasSubstr("a.sql:1  DROP TABLE \"\\x1b[2J\\u{009b}\"\n"), HasSubstr("DROP TABLE caf\\xe9")));
  EXPECT_THAT(run.out, HasSubstr("éé …\n"));  // cut between characters
}

TEST(LayoutsCommand, ListsEachRunnerWithItsTransactions) {
  const Outcome as_text = Project().run({"layouts"});
  EXPECT_EQ(as_text.exit_code, 0);
  EXPECT_THAT(as_text.out, HasSubstr("\ngoose\n  goose (-- +goose Up / Down)\n"));
  EXPECT_THAT(as_text.out, HasSubstr("\n  turned off by   -- +goose NO TRANSACTION\n"));
  const Outcome as_json = Project().run({"layouts", "--format", "json"});
  EXPECT_EQ(as_json.exit_code, 0);
  const json document = json::parse(as_json.out);
  EXPECT_EQ(document["version"], 1);
  ASSERT_EQ(document["layouts"].size(), migrations::layouts().size());
  EXPECT_EQ(document["layouts"].back()["name"], "plain");
  for (const auto& layout : document["layouts"]) {
    EXPECT_THAT(as_text.out, HasSubstr(layout["name"].get<std::string>() + "\n"));
    EXPECT_NE(layout["transactions"], "") << layout["name"];
    EXPECT_TRUE(layout["files"].is_string()) << layout["name"];
    EXPECT_TRUE(layout["order"].is_string()) << layout["name"];
  }
}

TEST(RulesCommand, ListsEveryRule) {
  const Outcome text = Project().run({"rules"});
  const Outcome as_json = Project().run({"rules", "--format", "json"});
  EXPECT_EQ(text.exit_code, 0);
  EXPECT_EQ(as_json.exit_code, 0);
  EXPECT_EQ(json::parse(as_json.out).at("rules").size(), lint::rule_table().size());
  for (const lint::RuleEntry& entry : lint::rule_table()) EXPECT_THAT(text.out, HasSubstr(std::string(entry.id)));
}

TEST(ExplainCommand, ShowsARulesPage) {
  const Outcome run = Project().run({"explain", "drop-table"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_THAT(run.out, AllOf(StartsWith("drop-table (error, data-loss)"), HasSubstr("## Safer way")));
}

TEST(ExplainCommand, RefusesAnUnknownRule) {
  const Outcome run = Project().run({"explain", "drop-tabel"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.out, IsEmpty());
  EXPECT_THAT(run.err, HasSubstr("did you mean \"drop-table\"?"));
}

// ---- lock -------------------------------------------------------------------------------------------------------------

constexpr const char* first = "db/20260101_000000_orders.sql";

TEST(LockCommand, WritesAndChecks) {
  const Project project;
  project.write(first, "CREATE TABLE orders (id bigint PRIMARY KEY);\n-- cupel:downgrade\nDROP TABLE orders;\n");
  EXPECT_EQ(project.run({"lock", "db", "--check"}).exit_code, 1);
  EXPECT_FALSE(std::filesystem::exists(project.path() / "db/cupel.lock"));
  Outcome run = project.run({"lock", "db"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("wrote db/cupel.lock (1 migration)"));
  EXPECT_THAT(project.read("db/cupel.lock"), HasSubstr("\nheads 20260101_000000\n"));
  run = project.run({"lock", "db", "--check"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_THAT(run.out, HasSubstr("up to date"));

  // A new migration makes it stale, but is nothing wrong by itself.
  project.write("db/20260102_000000_note.sql", "CREATE TABLE note (id bigint PRIMARY KEY);\n-- cupel:downgrade\nDROP TABLE note;\n");
  run = project.run({"lock", "db", "--check"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.err, HasSubstr("db/cupel.lock is not up to date; `cupel lock db` writes it"));
  EXPECT_THAT(project.run({"lint", "db"}).out, Not(HasSubstr("edited-applied-migration")));
}

TEST(LockCommand, MakesLintSeeEdits) {
  const Project project;
  project.write(first, "CREATE TABLE orders (id bigint PRIMARY KEY);\n");
  ASSERT_EQ(project.run({"lock", "db"}).exit_code, 0);
  const auto lint = [&] { return project.run({"lint", "db", "--rule", "edited-applied-migration"}); };
  EXPECT_EQ(lint().exit_code, 0);
  project.write(first,
                "-- The case of keywords, comments and line ends do not count.\r\ncreate table orders (\r\n  id bigint primary key);\r\n");
  EXPECT_EQ(lint().exit_code, 0);
  project.write(first, "CREATE TABLE orders (id int PRIMARY KEY);\n");
  Outcome run = lint();
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.out, AllOf(HasSubstr(first), HasSubstr("was edited after it was locked"), HasSubstr("cupel.lock:")));
  std::filesystem::remove(project.path() / first);
  project.write("db/20260102_000000_note.sql", "CREATE TABLE note (id bigint PRIMARY KEY);\n");
  run = lint();
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.out, AllOf(HasSubstr("cupel.lock:"), HasSubstr("was deleted")));
}

TEST(LockCommand, NeedsAFolderThatCanBeRead) {
  const Project project;
  EXPECT_EQ(project.run({"lock", "nowhere"}).exit_code, 3);
  project.write(first, "SELECT 1;\n");
  Outcome run = project.run({"lock", first});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, HasSubstr("is not a folder"));
  std::filesystem::create_symlink("/proc/self/mem", project.path() / "db/20260102_000000_note.sql");
  run = project.run({"lock", "db"});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_FALSE(std::filesystem::exists(project.path() / "db/cupel.lock"));
}

TEST(LockCommand, DoesNotTakeAFileItCannotReadForAnOldOne) {
  const Project project;
  project.write(first, "SELECT 1;\n");
  std::filesystem::create_directory(project.path() / "db/cupel.lock");
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{{"lock", "db"}, {"lock", "db", "--check"}}) {
    const Outcome run = project.run(arguments);
    EXPECT_EQ(run.exit_code, 3);
    EXPECT_EQ(run.err, "cupel: cannot read db/cupel.lock: Is a directory\n");
  }
}

TEST(LockCommand, AnUnresolvedConflictIsToldAndCanBeWrittenOver) {
  const Project project;
  project.write(first, "SELECT 1;\n");
  ASSERT_EQ(project.run({"lock", "db"}).exit_code, 0);
  const std::string resolved = project.read("db/cupel.lock");
  project.write("db/cupel.lock", resolved + "<<<<<<< HEAD\nheads 1\n=======\nheads 2\n>>>>>>> other\n");
  const Outcome run = project.run({"lint", "db"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.out, AllOf(HasSubstr("cupel.lock:7: a git conflict is not resolved here"), HasSubstr("db/cupel.lock:7:1")));
  EXPECT_EQ(project.run({"lock", "db", "--check"}).exit_code, 1);
  EXPECT_EQ(project.run({"lock", "db"}).exit_code, 0);
  EXPECT_EQ(project.read("db/cupel.lock"), resolved);
}

}  // namespace
}  // namespace cupel::test
