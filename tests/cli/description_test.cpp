// What is made of the command line's description: completion, manual page, first steps; and hints for what is mistyped.
#include "tests/cli/program.h"

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// What bash offers for the words of `line`, the last of which is being typed.
std::string completed(const Project& project, const std::string& line) {
  const Outcome run =
      project.shell(R"(bash -c 'source <("$CUPEL" completion bash); read -r -a COMP_WORDS <<< "$1"; [[ $1 == *" " ]] && COMP_WORDS+=("")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMPREPLY=(); _cupel; echo "${COMPREPLY[@]}"' bash ')" +
                    line + "'");
  EXPECT_EQ(run.exit_code, 0) << run.err;
  return run.out;
}

TEST(Completion, BashOffersCommandsOptionsAndValues) {
  const Project project;
  if (project.shell("bash -c :").exit_code != 0) {
    std::cerr << "SKIPPED: bash is not installed\n";
    GTEST_SKIP();
  }
  EXPECT_EQ(completed(project, "cupel bas"), "baseline\n");
  EXPECT_EQ(completed(project, "cupel lint --sin"), "--since\n");
  EXPECT_EQ(completed(project, "cupel lint --format js"), "json\n");
  EXPECT_EQ(completed(project, "cupel explain late"), "late-migration\n");
  EXPECT_EQ(completed(project, "cupel lint --since "), "\n");  // a branch: nothing that we know
  project.write("migrations/1.sql", "");
  EXPECT_EQ(completed(project, "cupel lint migr"), "migrations\n");
}

TEST(Completion, OtherShellsCanReadTheirs) {
  const Project project;
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const Outcome run = project.run({"completion", shell});
    EXPECT_EQ(run.exit_code, 0);
    EXPECT_THAT(run.out, AllOf(HasSubstr("lint-and-upgrade"), HasSubstr("applied-until")));
    project.write("script", run.out);
    if (project.shell(std::string(shell) + " -c :").exit_code != 0) {
      std::cerr << "SKIPPED: " << shell << " is not installed, so its completion is not read by it\n";
      continue;
    }
    const Outcome read = project.shell(std::string(shell) + (std::string(shell) == "fish" ? " --no-execute" : " -n") + " script");
    EXPECT_EQ(read.exit_code, 0) << shell << read.err;
  }
  EXPECT_EQ(project.run({"completion", "powershell"}).exit_code, 2);
}

TEST(ManualPage, HasEveryCommandAndReadsWell) {
  const Project project;
  const Outcome run = project.run({"man"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_THAT(run.out, AllOf(HasSubstr(".TH CUPEL 1"), HasSubstr(".SS cupel lint\\-and\\-upgrade"), HasSubstr(".SS cupel suppressions"),
                             HasSubstr("\\-\\-applied\\-until")));
  if (project.shell("groff --version").exit_code != 0) {
    std::cerr << "SKIPPED: groff is not installed, so the manual page is not set\n";
    return;
  }
  project.write("cupel.1", run.out);
  const Outcome set = project.shell("groff -man -Tutf8 -ww -z cupel.1");
  EXPECT_EQ(set.exit_code, 0);
  EXPECT_THAT(set.err, IsEmpty());
}

TEST(FirstSteps, TheNameAloneShowsThem) {
  const Outcome run = Project().run({});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.out, IsEmpty());
  EXPECT_THAT(run.err, AllOf(HasSubstr("cupel lint migrations/"), HasSubstr("--since"), HasSubstr("cupel effects"),
                             HasSubstr("cupel revision"), HasSubstr("cupel lint-and-upgrade")));
}

TEST(Hints, AWrongOptionNamesTheRightOne) {
  const Project project;
  EXPECT_THAT(project.run({"lint", "--sicne", "main"}).err, HasSubstr("did you mean \"--since\"?"));
  EXPECT_THAT(project.run({"effects", "x.sql", "--staged"}).err, HasSubstr("it is an option of lint"));
}

// ---- several reports --------------------------------------------------------------------------------------------------

TEST(Output, SeveralAtOnce) {
  const Project project;
  project.write("db/001.sql", "DROP TABLE orders;\n");
  const Outcome run = project.run({"lint", "db", "--output", "sarif:out.sarif", "--output", "text", "--output", "junit:a:b.xml"});
  EXPECT_EQ(run.exit_code, 1) << run.err;
  EXPECT_THAT(run.out, HasSubstr("error[drop-table]"));
  EXPECT_THAT(project.read("out.sarif"), HasSubstr("\"2.1.0\""));
  EXPECT_THAT(project.read("a:b.xml"), HasSubstr("<testsuites"));
  EXPECT_THAT(project.run({"lint", "db", "--output", "text", "--output", "json"}).err, HasSubstr("two reports for standard output"));
  EXPECT_THAT(project.run({"lint", "db", "--output", "compact"}).out, HasSubstr("db/001.sql:1:12: error:"));
  EXPECT_EQ(project.run({"lint", "db", "--format", "compact", "--output", "./text"}).out, "");
  EXPECT_THAT(project.read("text"), HasSubstr("[drop-table]"));
}

TEST(Output, EveryFormatHasTheFinding) {
  const Project project;
  project.write("db/001.sql", "DROP TABLE orders;\n");
  for (const char* format : {"text", "compact", "json", "sarif", "github", "gitlab", "junit", "rdjson", "markdown", "html"}) {
    const Outcome run = project.run({"lint", "db", "--format", format});
    EXPECT_EQ(run.exit_code, 1) << format << run.err;
    EXPECT_THAT(run.out, AllOf(HasSubstr("drop-table"), HasSubstr("db/001.sql"))) << format;
    if (std::string_view(format) == "text" || std::string_view(format) == "json") continue;
    EXPECT_EQ(project.run({"lint", "db", "--format", format, "--threads", "8"}).out, run.out) << format;
  }
}

// ---- suppressions -----------------------------------------------------------------------------------------------------

TEST(Suppressions, OwnerAndEndAreReadAndHeld) {
  const Project project;
  project.write(
      "db/001.sql",
      "SET lock_timeout = '1s';\n-- cupel:ignore drop-table: archived (in 2025) (owner: alice, until: 2026-06-30)\nDROP TABLE orders;\n"
      "-- cupel:ignore truncate: copied\nCREATE TABLE a (id int);\n");
  const auto on = [&project](const char* seconds, std::vector<std::string> arguments) {
    return project.run(arguments, {.environment = {{"SOURCE_DATE_EPOCH", seconds}}});
  };
  const char* june = "1782777600";  // 2026-06-30
  const char* july = "1782864000";
  EXPECT_EQ(on(june, {"lint", "db"}).exit_code, 0);
  const Outcome late = on(july, {"lint", "db"});
  EXPECT_EQ(late.exit_code, 1);
  EXPECT_THAT(late.out, AllOf(HasSubstr("expired-suppression"), HasSubstr("error[drop-table]")));
  EXPECT_EQ(on(june, {"suppressions", "db"}).out,
            "db/001.sql:2: drop-table: archived (in 2025); owner alice; until 2026-06-30\n"
            "db/001.sql:4: truncate: copied (unused)\n2 suppressions, 0 expired, 1 unused\n");
  EXPECT_THAT(on(july, {"suppressions", "db", "--format", "json"}).out,
              AllOf(HasSubstr("\"state\": \"expired\""), HasSubstr("\"owner\": \"alice\"")));
}

TEST(Suppressions, TheConfigurationAsksForOwnersAndEnds) {
  const Project project;
  project.write("db/001.sql", "SET lock_timeout = '1s';\n-- cupel:ignore drop-table: archived\nDROP TABLE orders;\n");
  EXPECT_THAT(project.run({"lint", "db"}).out, Not(HasSubstr("ungoverned")));
  project.write("cupel.toml", "[suppressions]\nrequire_owner_from = \"error\"\nrequire_expiry = true\n");
  const Outcome run = project.run({"lint", "db"});
  EXPECT_THAT(run.out, AllOf(HasSubstr("names nobody"), HasSubstr("how long it holds"), HasSubstr("1 suppressed")));
  project.write("cupel.toml", "[suppressions]\nrequire_owner_from = \"eror\"\n");
  EXPECT_EQ(project.run({"lint", "db"}).exit_code, 2);
}

// ---- snapshot ---------------------------------------------------------------------------------------------------------

TEST(Snapshot, SizesAreUsed) {
  const Project project;
  project.write("db/001.sql", "CREATE TABLE orders (id bigint, note text);\n");
  project.write("db/002.sql", "SET lock_timeout = '1s';\nCREATE INDEX orders_note ON orders (note);\n");
  const std::vector<std::string> lint = {"lint", "db"};
  EXPECT_EQ(project.run(lint).exit_code, 1);
  project.write("cupel.snapshot.json", R"({"version": 1, "tables": [{"schema": "public", "name": "orders", "rows": 12, "bytes": 8192}]})");
  EXPECT_EQ(project.run(lint).exit_code, 0) << project.run(lint).out;
  EXPECT_EQ(project.run({"lint", "db", "--no-snapshot"}).exit_code, 1);
  project.write("cupel.snapshot.json",
                R"({"version": 1, "tables": [{"schema": "public", "name": "orders", "rows": 40000000, "bytes": 12884901888}]})");
  EXPECT_THAT(project.run(lint).out, HasSubstr("about 40 million rows, 12 GB"));
  // Few rows that fill much were counted long ago.
  project.write("cupel.snapshot.json",
                R"({"version": 1, "tables": [{"schema": "public", "name": "orders", "rows": 12, "bytes": 12884901888}]})");
  EXPECT_EQ(project.run(lint).exit_code, 1);
  project.write("cupel.toml", "[tables]\norders = { rows = 5 }\n");
  EXPECT_EQ(project.run(lint).exit_code, 0);
  project.write("cupel.snapshot.json", "{}");
  EXPECT_THAT(project.run(lint).err, HasSubstr("is no snapshot of cupel"));
  EXPECT_EQ(project.run({"lint", "db", "--snapshot", "nowhere.json"}).exit_code, 2);
}

TEST(Snapshot, IsTakenFromAServer) {
  const Project project;
  const std::string server = CUPEL_SOURCE_DIR "/scripts/scratch-server";
  Outcome started = project.shell("chmod 755 . && '" + server + "' start server");
  if (started.exit_code != 0) {
    std::cerr << "SKIPPED: cupel snapshot is NOT tried: no PostgreSQL server can be started here\n" << started.err;
    GTEST_SKIP();
  }
  const std::string url = started.out.substr(0, started.out.find('\n'));
  const Outcome made =
      project.shell("psql -qX '" + url + R"(' -c "CREATE TABLE orders AS SELECT generate_series(1, 20000) AS id; ANALYZE orders")");
  const Outcome run = project.run({"snapshot", "--database", url});
  EXPECT_EQ(project.shell("'" + server + "' stop server").exit_code, 0);
  ASSERT_EQ(made.exit_code, 0) << made.err;
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, AllOf(HasSubstr(R"({"schema":"public","name":"orders","rows":20000,"bytes":)"), Not(HasSubstr("postgresql:"))));
}

TEST(RulePages, OneForEachRuleAndAnIndex) {
  const Project project;
  const Outcome run = project.run({"rules", "--pages", "pages/rules"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, IsEmpty());
  EXPECT_THAT(project.read("pages/rules/README.md"),
              AllOf(HasSubstr("## locks\n"), HasSubstr("| [`add-index-non-concurrent`](add-index-non-concurrent.md) | ")));
  EXPECT_THAT(project.read("pages/rules/fk-without-index.md"),
              AllOf(HasSubstr("| `fk-without-index` | off | "), HasSubstr("\n## What it flags\n"),
                    HasSubstr("\n## Sources and the same hazard elsewhere\n- ")));
  const Outcome rules = project.run({"rules", "--format", "json"});
  const auto pages = std::filesystem::directory_iterator(project.path() / "pages/rules");
  std::size_t ids = 0;
  for (std::size_t at = rules.out.find("\"id\""); at != std::string::npos; at = rules.out.find("\"id\"", at + 1)) ++ids;
  EXPECT_EQ(static_cast<std::size_t>(std::distance(begin(pages), end(pages))), ids + 1);
}

TEST(RulePages, AFolderThatCannotBeWrittenIsAnError) {
  const Project project;
  project.write("pages", "a file");
  const Outcome run = project.run({"rules", "--pages", "pages"});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_THAT(run.err, HasSubstr("pages"));
}

}  // namespace
}  // namespace cupel::test
