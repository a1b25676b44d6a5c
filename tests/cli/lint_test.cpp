// `cupel lint` from the outside.
#include "tests/cli/program.h"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

namespace cupel::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

std::vector<std::string> rules_of(const std::string& report) {
  std::vector<std::string> rules;
  const json parsed = json::parse(report);
  for (const json& finding : parsed.at("findings")) rules.push_back(finding.at("rule"));
  return rules;
}

// ---- exit codes -------------------------------------------------------------------------------------------------------

TEST(Lint, ExitsWith0WithoutFindings) {
  const Project project;
  project.write("db/001.sql", "CREATE TABLE orders (id bigint PRIMARY KEY);\n");
  const Outcome run = project.run({"lint", "db"});
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_THAT(run.err, IsEmpty());
}

TEST(Lint, ExitsWith1OnFindings) {
  const Project project;
  project.write("db/001.sql", "DROP TABLE orders;\n");
  const Outcome run = project.run({"lint", "db"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.out, AllOf(HasSubstr("db/001.sql:1:"), HasSubstr("drop-table")));
}

TEST(Lint, FailOnSaysFromWhichSeverityOn) {
  const Project project;
  project.write("db/001.sql", "SET lock_timeout = '1s';\nCREATE TABLE n (id int REFERENCES orders);\n");  // advice only
  EXPECT_EQ(project.run({"lint", "db"}).exit_code, 0);
  EXPECT_EQ(project.run({"lint", "db", "--rule", "fk-no-on-delete", "--fail-on", "warning"}).exit_code, 0);
  EXPECT_EQ(project.run({"lint", "db", "--rule", "fk-no-on-delete", "--fail-on", "info"}).exit_code, 1);
  project.write("db/001.sql", "DROP TABLE orders;\n");
  EXPECT_EQ(project.run({"lint", "db", "--fail-on", "never"}).exit_code, 0);
  EXPECT_EQ(project.run({"lint", "db", "--fail-on", "sometimes"}).exit_code, 2);
}

TEST(Lint, SuppressedFindingsDoNotFail) {
  const Project project;
  project.write("db/001.sql", "SET lock_timeout = '1s';\n-- cupel:ignore drop-table: archived\nDROP TABLE orders;\n");
  const Outcome run = project.run({"lint", "db", "--fail-on", "info"});
  EXPECT_EQ(run.exit_code, 0) << run.out;
  EXPECT_THAT(run.out, HasSubstr("suppressed"));
}

TEST(Lint, ExitsWith2OnWrongUsage) {
  const Project project;
  project.write("db/001.sql", "SELECT 1;\n");
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{{},
                                                                                         {"lnt"},
                                                                                         {"lint", "--no-such-option"},
                                                                                         {"lint", "db", "--format", "xml"},
                                                                                         {"lint", "db", "--pg-version", "9"},
                                                                                         {"lint", "db", "--threads", "0"}}) {
    const Outcome run = project.run(arguments);
    EXPECT_EQ(run.exit_code, 2) << testing::PrintToString(arguments);
    EXPECT_THAT(run.err, Not(IsEmpty()));
    EXPECT_THAT(run.out, IsEmpty());
  }
}

TEST(Lint, ExitsWith3OnWhatCannotBeReadOrParsed) {
  const Project project;
  project.write("db/001.sql", "CREATE TABLE a (id bigint);\nCREATE TABEL b (id bigint);\n");
  Outcome run = project.run({"lint", "db"});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_THAT(run.out, AllOf(HasSubstr("db/001.sql:2:8"), HasSubstr("parse-error"), HasSubstr("TABEL")));
  // Asking for one rule does not make it clean.
  run = project.run({"lint", "db", "--rule", "drop-table"});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_THAT(run.out, HasSubstr("parse-error"));
}

TEST(Lint, SaysWhatIsMissing) {
  const Project project;
  Outcome run = project.run({"lint", "nowhere"});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_THAT(run.err, AllOf(StartsWith("cupel: "), HasSubstr("nowhere does not exist")));
  std::filesystem::create_directory(project.path() / "empty");
  run = project.run({"lint", "empty"});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_THAT(run.err, HasSubstr("no"));
  EXPECT_THAT(run.err, HasSubstr("empty"));
}

// ---- what is read -----------------------------------------------------------------------------------------------------

TEST(Lint, ReadsStandardInput) {
  const Project project;
  const Outcome run = project.run({"lint", "-"}, {.input = "DROP TABLE orders;\n"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.out, HasSubstr("<stdin>:1:"));
}

TEST(Lint, ShowsStandardInputUnderTheNameGiven) {
  const Project project;
  const Outcome run = project.run({"lint", "-", "--stdin-filepath", "db/7_drop.up.sql"}, {.input = "SELECT 1;\nDROP TABLE orders;\n"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.out, HasSubstr("db/7_drop.up.sql:2:"));
}

TEST(Lint, ReadsWhatAlembicPrints) {
  const Project project;
  const Outcome run =
      project.run({"lint", "-", "--format", "json"}, {.input = "BEGIN;\n-- Running upgrade  -> a1\nCREATE TABLE orders (id int);\n"
                                                               "-- Running upgrade a1 -> b2\nDROP TABLE customers;\nCOMMIT;\n"});
  const json report = json::parse(run.out);
  EXPECT_EQ(report.at("layouts").at(0).at("layout"), "alembic-sql");
  bool found = false;
  for (const json& finding : report.at("findings")) {
    if (finding.at("rule") != "drop-table") continue;
    found = true;
    EXPECT_EQ(finding.at("revision"), "b2");
  }
  EXPECT_TRUE(found);
}

TEST(Lint, EmptyStandardInputIsClean) {
  const Project project;
  EXPECT_EQ(project.run({"lint", "-"}).exit_code, 0);
}

TEST(Lint, ReadsOneFileAndAFolderOnce) {
  const Project project;
  project.write("db/1_a.up.sql", "CREATE TABLE a (id bigint PRIMARY KEY);\n");
  project.write("db/1_a.down.sql", "TRUNCATE other;\n");
  const auto truncates = [&](const std::vector<std::string>& paths) {
    std::vector<std::string> arguments = {"lint", "--format", "json", "--rule", "truncate"};
    arguments.insert(arguments.end(), paths.begin(), paths.end());
    return rules_of(project.run(arguments).out).size();
  };
  EXPECT_EQ(truncates({"db"}), 1U);
  EXPECT_EQ(truncates({"db/1_a.up.sql"}), 1U);
  EXPECT_EQ(truncates({"db/1_a.up.sql", "db/1_a.down.sql"}), 1U);
  EXPECT_EQ(truncates({"db/1_a.down.sql", "db/1_a.up.sql"}), 1U);
  EXPECT_EQ(truncates({"db", "./db/1_a.down.sql"}), 1U);
  EXPECT_EQ(truncates({"db", "db"}), 1U);
}

TEST(Lint, AnyBytesAreOneFindingNotACrash) {
  const Project project;
  std::string every_byte;
  for (int i = 0; i < 65536; ++i) every_byte += static_cast<char>(i * 7 + i / 256);
  project.write("db/001.sql", every_byte);
  EXPECT_EQ(project.run({"lint", "db"}).exit_code, 3);
  using namespace std::string_literals;
  project.write("db/001.sql", "SELECT 1;\nDROP TABLE a\0b;\nDROP TABLE c;\n"s);
  Outcome run = project.run({"lint", "db", "--format", "json"});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_THAT(rules_of(run.out), testing::Contains("parse-error"));
  project.write("db/001.sql", "-- \xff\xfe invalid\nDROP TABLE caf\xe9;\n");
  run = project.run({"lint", "db", "--format", "json"});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_THAT(rules_of(run.out), testing::Contains("parse-error"));
}

TEST(Lint, AnUnreadableFileIsAFinding) {
  const Project project;
  project.write("db/1_a.up.sql", "DROP TABLE orders;\n");
  std::filesystem::create_symlink("/proc/self/mem", project.path() / "db/2_b.up.sql");  // reading it fails, also for root
  const Outcome run = project.run({"lint", "db"});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_THAT(run.out, AllOf(HasSubstr("unreadable-file"), HasSubstr("drop-table")));
}

TEST(Lint, ForcesALayout) {
  const Project project;
  project.write("db/001_a.sql", "DROP TABLE a;\n");
  const Outcome run = project.run({"lint", "db", "--layout", "flywy"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, HasSubstr("did you mean \"flyway\"?"));
  EXPECT_EQ(json::parse(project.run({"lint", "db", "--layout", "plain", "--format", "json"}).out).at("layouts").at(0).at("layout"),
            "plain");
}

// ---- rules ------------------------------------------------------------------------------------------------------------

TEST(Lint, RunsTheRulesAskedFor) {
  const Project project;
  project.write("db/001.sql", "DROP TABLE a;\nTRUNCATE b;\n");
  EXPECT_THAT(rules_of(project.run({"lint", "db", "--format", "json", "--rule", "truncate"}).out), ElementsAre("truncate"));
  EXPECT_THAT(rules_of(project.run({"lint", "db", "--format", "json", "--rule", "truncate,drop-table"}).out),
              ElementsAre("drop-table", "truncate"));
  EXPECT_THAT(
      rules_of(project.run({"lint", "db", "--format", "json", "--rule", "truncate", "--rule", "drop-table", "--skip", "drop-table"}).out),
      ElementsAre("truncate"));
  EXPECT_THAT(rules_of(project.run({"lint", "db", "--format", "json", "--rule", "truncate", "--skip", "truncate"}).out), IsEmpty());
  EXPECT_THAT(rules_of(project.run({"lint", "db", "--format", "json", "--skip", "truncate"}).out), Not(testing::Contains("truncate")));
}

TEST(Lint, RefusesAnUnknownRule) {
  const Project project;
  project.write("db/001.sql", "SELECT 1;\n");
  for (const char* option : {"--rule", "--skip"}) {
    const Outcome run = project.run({"lint", "db", option, "drop-tabel"});
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_THAT(run.err, HasSubstr("did you mean \"drop-table\"?"));
  }
}

// ---- reports ----------------------------------------------------------------------------------------------------------

TEST(Lint, WritesJsonAndSarif) {
  const Project project;
  project.write("db/001.sql", "DROP TABLE a;\n");
  const json report = json::parse(project.run({"lint", "db", "--format", "json"}).out);
  EXPECT_FALSE(report.at("findings").empty());
  const json sarif = json::parse(project.run({"lint", "db", "--format", "sarif"}).out);
  EXPECT_EQ(sarif.at("version"), "2.1.0");
  EXPECT_FALSE(sarif.at("runs").at(0).at("results").empty());
}

TEST(Lint, WritesToAFile) {
  const Project project;
  project.write("db/001.sql", "DROP TABLE a;\n");
  Outcome run = project.run({"lint", "db", "--format", "json", "--output", "report.json"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.out, IsEmpty());
  EXPECT_FALSE(json::parse(project.read("report.json")).at("findings").empty());
  run = project.run({"lint", "db", "--output", "no/such/folder/report.txt"});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_THAT(run.err, HasSubstr("cannot write no/such/folder/report.txt"));
}

TEST(Lint, WritesAFormatThatNoFileIsInToStandardOutput) {
  const Project project;
  project.write("db/001.sql", "DROP TABLE a;\n");
  Outcome run = project.run({"lint", "db", "--format", "github", "--output", "json:report.json"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.out, HasSubstr("::"));
  EXPECT_FALSE(json::parse(project.read("report.json")).at("findings").empty());
  run = project.run({"lint", "db", "--format", "github", "--output", "json:report.json", "--output", "text"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, HasSubstr("two reports for standard output"));
  EXPECT_THAT(project.run({"lint", "db", "--output", "json:report.json"}).out, IsEmpty());
}

TEST(Lint, WritesOverNoMigration) {
  const Project project;
  project.write("db/001.sql", "DROP TABLE a;\n");
  project.write("db/other.sql", "SELECT 1;\n");
  for (const char* file : {"db/001.sql", "db/../db/001.sql", "db/other.sql"}) {
    const Outcome run = project.run({"lint", "db/001.sql", "--output", file});
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_THAT(run.err, HasSubstr("would overwrite"));
  }
  EXPECT_EQ(project.read("db/001.sql"), "DROP TABLE a;\n");
  EXPECT_EQ(project.read("db/other.sql"), "SELECT 1;\n");
  // A report may be written again.
  EXPECT_EQ(project.run({"lint", "db", "--output", "report.txt"}).exit_code, 1);
  EXPECT_EQ(project.run({"lint", "db", "--output", "report.txt"}).exit_code, 1);
}

TEST(Lint, ColorsOnlyWhenAsked) {
  const Project project;
  project.write("db/001.sql", "DROP TABLE a;\n");
  EXPECT_THAT(project.run({"lint", "db"}).out, Not(HasSubstr("\x1b[")));  // a file is no terminal
  EXPECT_THAT(project.run({"lint", "db", "--color", "always"}).out, HasSubstr("\x1b["));
  EXPECT_THAT(project.run({"lint", "db", "--color", "never"}).out, Not(HasSubstr("\x1b[")));
  EXPECT_THAT(project.run({"lint", "db"}, {.environment = {{"NO_COLOR", "1"}}}).out, Not(HasSubstr("\x1b[")));
}

TEST(Lint, AReaderThatGoesAwayIsNoError) {
  const Project project;
  std::string many;
  for (int i = 0; i < 3000; ++i) many += "DROP TABLE t" + std::to_string(i) + ";\n";
  project.write("db/001.sql", many);
  // The exit code is cupel's, not that of the reader.
  const std::string command = "cd '" + project.path().string() + "' && { '" + program() +
                              "' lint db --fail-on never 2> err; echo $? > code; } | head -n 1 > /dev/null";
  ASSERT_EQ(std::system(command.c_str()), 0);  // NOLINT: the shell is what makes the pipe
  EXPECT_EQ(project.read("code"), "0\n");
  EXPECT_EQ(project.read("err"), "");
}

TEST(Lint, SaysTheSameWithAnyNumberOfThreads) {
  const Project project;
  for (int i = 100; i < 180; ++i) {
    std::string text;
    for (int k = 0; k < 60; ++k) text += "ALTER TABLE t" + std::to_string(k) + " ADD COLUMN c" + std::to_string(i) + " int NOT NULL;\n";
    project.write("db/" + std::to_string(i) + ".sql", text);
  }
  const auto findings = [&](const char* threads) {
    return json::parse(project.run({"lint", "db", "--format", "json", "--threads", threads}).out).at("findings").dump();
  };
  EXPECT_EQ(findings("1"), findings("8"));
}

// ---- the schema that the repository keeps -------------------------------------------------------------------------------

class SchemaDump : public testing::Test {
 protected:
  SchemaDump() {
    project_.write("cupel.toml", "schema_dump = \"db/schema.sql\"\n");
    project_.write("db/migrations/001_orders.up.sql", "CREATE TABLE orders (id bigint PRIMARY KEY);\n");
    project_.write("db/migrations/001_orders.down.sql", "DROP TABLE orders;\n");
  }

  Project project_;
};

TEST_F(SchemaDump, IsComparedWithWhatTheMigrationsMake) {
  project_.write("db/schema.sql", "CREATE TABLE orders (id bigint PRIMARY KEY);\nCREATE TABLE forgotten (id bigint);\n");
  const Outcome run = project_.run({"lint", "--format", "compact", "--rule", "migration-drift"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("db/schema.sql:2:1: warning: table forgotten"));
  // It is no migration: neither judged nor a folder of its own.
  EXPECT_THAT(project_.run({"lint", "--format", "json"}).out, Not(HasSubstr("\"plain\"")));
  project_.write("db/schema.sql", "CREATE TABLE orders (id bigint PRIMARY KEY);\n");
  EXPECT_THAT(project_.run({"lint", "--format", "compact", "--rule", "migration-drift"}).out, Not(HasSubstr("schema.sql")));
}

TEST_F(SchemaDump, IsKnownToABaseline) {
  project_.write("db/schema.sql", "CREATE TABLE forgotten (id bigint);\n");
  ASSERT_EQ(project_.run({"lint", "--write-baseline", "--rule", "migration-drift"}).exit_code, 0);
  EXPECT_EQ(project_.run({"lint", "--rule", "migration-drift", "--fail-on", "warning"}).exit_code, 0);
  EXPECT_THAT(project_.run({"baseline"}).out, HasSubstr("all still found"));
  project_.write("db/schema.sql", "CREATE TABLE forgotten (id bigint);\nCREATE TABLE another (id bigint);\n");
  EXPECT_EQ(project_.run({"lint", "--rule", "migration-drift", "--fail-on", "warning"}).exit_code, 1);
}

TEST_F(SchemaDump, ThatIsNotThereIsAnError) {
  const Outcome run = project_.run({"lint"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, AllOf(HasSubstr("schema_dump"), HasSubstr("db/schema.sql")));
}

TEST_F(SchemaDump, OfSeveralFoldersBelongsToNone) {
  project_.write("db/schema.sql", "CREATE TABLE orders (id bigint PRIMARY KEY);\n");
  project_.write("other/migrations/001_x.up.sql", "SELECT 1;\n");
  const Outcome run = project_.run({"lint"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, AllOf(HasSubstr("db/migrations"), HasSubstr("other/migrations"), HasSubstr("name one")));
  EXPECT_EQ(project_.run({"lint", "db/migrations", "--fail-on", "never"}).exit_code, 0);
}

}  // namespace
}  // namespace cupel::test
