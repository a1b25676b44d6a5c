// cupel.toml as the program reads it.
#include "cli/configuration.h"

#include "tests/cli/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace cupel::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

Outcome lint_with(std::string_view configuration, std::string_view migration = "DROP TABLE orders;\n", std::vector<std::string> more = {}) {
  const Project project;
  project.write("cupel.toml", configuration);
  project.write("db/001.sql", migration);
  std::vector<std::string> arguments = {"lint", "db"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return project.run(arguments);
}

// What the program says of a wrong configuration; it must exit with 2.
std::string refusal(std::string_view configuration) {
  const Outcome run = lint_with(configuration);
  EXPECT_EQ(run.exit_code, 2) << configuration;
  EXPECT_EQ(run.out, "");
  return run.err;
}

TEST(ConfigurationFile, RefusesUnknownKeysWithTheNearest) {
  EXPECT_THAT(refusal("pg_verson = 15\n"),
              AllOf(HasSubstr("cupel.toml:1:1: unknown key \"pg_verson\""), HasSubstr("did you mean \"pg_version\"?")));
  EXPECT_THAT(refusal("\n[rules]\ndrop-tabel = \"off\"\n"),
              AllOf(HasSubstr(":3:1: unknown rule"), HasSubstr("did you mean \"drop-table\"?")));
  EXPECT_THAT(refusal("[groups]\nlock = false\n"), HasSubstr("did you mean \"locks\"?"));
  EXPECT_THAT(refusal("layout = \"gose\"\n"), HasSubstr("did you mean \"goose\"?"));
  EXPECT_THAT(refusal("[tables.orders]\nrow = 3\n"), HasSubstr("did you mean \"rows\"?"));
  // With none that is near, what there is.
  EXPECT_THAT(refusal("colour = 1\n"), HasSubstr("known are pg_version, layout, paths"));
  EXPECT_THAT(refusal("[rules]\ncolourful-migrations = \"off\"\n"),
              HasSubstr("unknown rule \"colourful-migrations\"; `cupel rules` lists them"));
}

TEST(ConfigurationFile, RefusesWrongValues) {
  EXPECT_THAT(refusal("pg_version = \"15\"\n"), HasSubstr("pg_version must be a whole number"));
  EXPECT_THAT(refusal("pg_version = 9\n"), HasSubstr("pg_version must be from 13 to 18, not 9"));
  EXPECT_THAT(refusal("paths = \"db\"\n"), HasSubstr("paths must be an array of strings"));
  EXPECT_THAT(refusal("paths = [1]\n"), HasSubstr("each of paths must be a string"));
  EXPECT_THAT(refusal("paths = [\"\"]\n"), HasSubstr(":1:10: each of paths must name a folder or file"));
  EXPECT_THAT(refusal("fail_on = \"errors\"\n"), HasSubstr("fail_on is error, warning, info or never"));
  EXPECT_THAT(refusal("[rules]\ndrop-table = \"fatal\"\n"),
              HasSubstr("drop-table is \"error\", \"warning\", \"info\" or \"off\", not \"fatal\""));
  EXPECT_THAT(refusal("[rules]\ndrop-table = true\n"), HasSubstr(":2:14: drop-table is \"error\", \"warning\", \"info\" or \"off\"\n"));
  EXPECT_THAT(refusal("[groups]\nlocks = \"off\"\n"), HasSubstr("locks must be true or false"));
  EXPECT_THAT(refusal("rules = 1\n"), HasSubstr("rules must be a table"));
  EXPECT_THAT(refusal("pg_version = \n"), HasSubstr("cupel.toml:1:"));
  EXPECT_THAT(refusal("assume_lock_timeout = 1\n"), HasSubstr("assume_lock_timeout must be true or false"));
}

TEST(ConfigurationFile, RefusesWhatIsNoToml) {
  // The library asserts on a table whose name begins with what begins none, before it says so.
  for (const char* text : {"[%]\n", "[.]\n", "[[[a]]]\n", "[(a)]\n", "[a.]\n", "a.% = 1\n", "= 1\n", "[a\n", "a = \"x\n", "a = [1,\n",
                           "a = 1\na = 2\n", "\xff\xfe", "<<<<<<< HEAD\npg_version = 15\n=======\npg_version = 16\n>>>>>>> other\n"}) {
    EXPECT_THAT(refusal(text), AllOf(StartsWith("cupel: cupel.toml:"), EndsWith("\n")));
  }
}

TEST(ConfigurationFile, EveryKeyIsUnderstood) {
  const Result<cli::Configuration> read = cli::parse_configuration(
      "pg_version = 15\nlayout = \"goose\"\npaths = [\"db\", \"../other\"]\nfail_on = \"warning\"\nassume_lock_timeout = "
      "true\nsmall_table_rows = 5\n"
      "require_suppression_reason = false\nthreads = 3\n[rules]\ndrop-table = \"off\"\ntruncate = \"info\"\n[groups]\ndata-loss = false\n"
      "[tables]\norders = { hot = true, rows = 5_000_000 }\n\"shop.lines\" = { rows = 7 }\n",
      "here/cupel.toml", "here");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->lint.postgres_version, 15);
  EXPECT_EQ(read->layout, "goose");
  EXPECT_THAT(read->paths, ElementsAre("here/db", "other"));
  EXPECT_EQ(read->fail_on, cli::FailOn::warning);
  EXPECT_TRUE(read->lint.assume_lock_timeout);
  EXPECT_EQ(read->lint.small_table_rows, 5);
  EXPECT_FALSE(read->lint.require_suppression_reason);
  EXPECT_EQ(read->lint.threads, 3U);
  EXPECT_EQ(read->lint.severities.at("drop-table"), std::nullopt);
  EXPECT_EQ(read->lint.severities.at("truncate"), lint::Severity::info);
  EXPECT_FALSE(read->lint.groups.at(lint::Group::data_loss));
  EXPECT_TRUE(read->lint.tables.at("orders").hot);
  EXPECT_EQ(read->lint.tables.at("orders").rows, 5'000'000);
  EXPECT_EQ(read->lint.tables.at("shop.lines").rows, 7);
}

TEST(ConfigurationFile, IsObeyed) {
  EXPECT_EQ(lint_with("[rules]\ndrop-table = \"off\"\nlock-queue-blocker = \"off\"\n").exit_code, 0);
  EXPECT_EQ(lint_with("[rules]\ndrop-table = \"info\"\nlock-queue-blocker = \"off\"\n").exit_code, 0);
  EXPECT_EQ(lint_with("fail_on = \"never\"\n").exit_code, 0);
  EXPECT_EQ(lint_with("fail_on = \"never\"\n", "DROP TABLE orders;\n", {"--fail-on", "error"}).exit_code, 1);
  EXPECT_EQ(lint_with("fail_on = \"never\"\n", "DROP TABLE orders;\n", {"--no-config"}).exit_code, 1);
  EXPECT_EQ(lint_with("").exit_code, 1);
}

TEST(ConfigurationFile, IsFoundInFoldersAboveUpToTheRepository) {
  const Project project;
  project.write("cupel.toml", "fail_on = \"never\"\n");
  project.write("service/db/001.sql", "DROP TABLE orders;\n");
  EXPECT_EQ(project.run({"lint", "db"}, {.below = "service"}).exit_code, 0);
  project.write("service/.git/HEAD", "");
  EXPECT_EQ(project.run({"lint", "db"}, {.below = "service"}).exit_code, 1);
}

TEST(ConfigurationFile, ItsPathsAreRelativeToIt) {
  const Project project;
  project.write("cupel.toml", "paths = [\"service/db\"]\n");
  project.write("service/db/001.sql", "DROP TABLE orders;\n");
  project.write("service/other/001.sql", "TRUNCATE orders;\n");
  const Outcome run = project.run({"lint", "--format", "json", "--rule", "drop-table,truncate"}, {.below = "service/other"});
  const nlohmann::json findings = nlohmann::json::parse(run.out).at("findings");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].at("file"), "../../service/db/001.sql");  // as one would name it here: where the project lies is nobody's business
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(project.run({"lint", "--format", "json", "--rule", "drop-table"}).out, HasSubstr("\"file\": \"service/db/001.sql\""));
}

TEST(ConfigurationFile, ItsPathsThatAreMissingAreNamedWithIt) {
  const Project project;
  project.write("cupel.toml", "paths = [\"db\"]\n");
  const Outcome run = project.run({"lint"});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_EQ(run.err, "cupel: db does not exist (it is one of the paths in cupel.toml)\n");
}

TEST(ConfigurationFile, ThatCannotBeReadIsNotPassedOver) {
  for (const char* target : {"nowhere", "cupel.toml", "/proc/self/mem", "."}) {
    const Project project;
    project.write("db/001.sql", "SELECT 1;\n");
    std::filesystem::create_symlink(target, project.path() / "cupel.toml");
    const Outcome run = project.run({"lint", "db"});
    EXPECT_EQ(run.exit_code, 2) << target;
    EXPECT_THAT(run.err, StartsWith("cupel: cannot read the configuration cupel.toml: ")) << target;
    EXPECT_EQ(project.run({"lint", "db", "--no-config"}).exit_code, 0);
  }
}

TEST(ConfigurationFile, MayBeNamed) {
  const Project project;
  project.write("ci/strict.toml", "[rules]\ndrop-table = \"off\"\nlock-queue-blocker = \"off\"\n");
  project.write("db/001.sql", "DROP TABLE orders;\n");
  EXPECT_EQ(project.run({"lint", "db", "--config", "ci/strict.toml"}).exit_code, 0);
  const Outcome run = project.run({"lint", "db", "--config", "ci/missing.toml"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, HasSubstr("cannot read the configuration ci/missing.toml: No such file or directory"));
  EXPECT_EQ(project.run({"lint", "db", "--config", "/dev/null"}).exit_code, 1);
  EXPECT_EQ(project.run({"lint", "db", "--config", ""}).exit_code, 2);
  EXPECT_EQ(project.run({"lint", "db", "--config", "ci/strict.toml", "--no-config"}).exit_code, 2);
}

}  // namespace
}  // namespace cupel::test
