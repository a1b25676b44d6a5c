// What may be wrong around the program: the command line, the streams it is given, the files it is pointed at.
#include "tests/cli/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

// ---- command line -----------------------------------------------------------------------------------------------------

// What the program says of a wrong command line, on one line; it must exit with 2.
std::string refusal(const std::vector<std::string>& arguments) {
  const Project project;
  project.write("db/001.sql", "SELECT 1;\n");
  const Outcome run = project.run(arguments);
  EXPECT_EQ(run.exit_code, 2) << testing::PrintToString(arguments);
  EXPECT_THAT(run.out, IsEmpty());
  EXPECT_THAT(run.err, StartsWith("cupel: "));
  EXPECT_EQ(run.err.find('\n'), run.err.size() - 1) << run.err;
  return run.err;
}

TEST(CommandLine, NamesWhatItDoesNotKnow) {
  EXPECT_EQ(refusal({"lnt", "db"}), "cupel: unknown command \"lnt\", did you mean \"lint\"?; see `cupel --help`\n");
  EXPECT_EQ(refusal({"--colour"}), "cupel: unknown option \"--colour\"; see `cupel --help`\n");
  EXPECT_EQ(refusal({"lint", "db", "--fromat=json"}),
            "cupel: unknown option \"--fromat\", did you mean \"--format\"?; see `cupel lint --help`\n");
  EXPECT_EQ(refusal({"explain", "drop-table", "truncate"}), "cupel: \"truncate\" is one argument too many; see `cupel explain --help`\n");
}

TEST(CommandLine, NamesTheOptionWithAWrongValue) {
  EXPECT_THAT(refusal({"lint", "db", "--format", "xml"}), AllOf(HasSubstr("--format"), HasSubstr("xml"), HasSubstr("cupel lint --help")));
  EXPECT_THAT(refusal({"lint", "db", "--pg-version", "12"}), AllOf(HasSubstr("--pg-version"), HasSubstr("12"), HasSubstr("13 to 18")));
  EXPECT_THAT(refusal({"lint", "db", "--threads", "many"}), AllOf(HasSubstr("--threads"), HasSubstr("many")));
  EXPECT_THAT(refusal({"lint", "db", "--output"}), HasSubstr("--output"));
  EXPECT_THAT(refusal({"lint", "db", "--rule", "nothing-like-it"}),
              HasSubstr("unknown rule \"nothing-like-it\"; `cupel rules` lists them"));
  EXPECT_THAT(refusal({"explain"}), HasSubstr("rule is required"));
}

TEST(CommandLine, AnEmptyWordIsNotTheDefault) {
  EXPECT_THAT(refusal({"lint", ""}), HasSubstr("is empty"));
  for (const char* option : {"--config", "--layout", "--output", "--stdin-filepath"}) {
    EXPECT_THAT(refusal({"lint", "db", option, ""}), AllOf(HasSubstr(option), HasSubstr("is empty")));
  }
  EXPECT_THAT(refusal({"lint", "db", "--rule", ""}), HasSubstr("unknown rule \"\""));
}

// ---- streams ----------------------------------------------------------------------------------------------------------

class Streams : public testing::Test {
 protected:
  Streams() { project_.write("db/001.sql", "DROP TABLE orders;\n"); }

  Project project_;
};

TEST_F(Streams, OutputThatCannotBeWrittenIsAnError) {
  for (const char* command : {"lint db", "lint db --format sarif", "effects db", "rules", "layouts", "explain drop-table", "--help", "lint --help",
                              "--version", "lock db"}) {
    for (const char* stream : {">/dev/full", ">&-"}) {
      const Outcome run = project_.shell(std::string("\"$CUPEL\" ") + command + " " + stream);
      EXPECT_EQ(run.exit_code, 3) << command << stream;
      EXPECT_THAT(run.err, StartsWith("cupel: cannot write to standard output: ")) << command << stream;
    }
  }
  const Outcome run = project_.run({"lint", "db", "--output", "/dev/full"});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_EQ(run.err, "cupel: cannot write /dev/full: No space left on device\n");
}

TEST_F(Streams, NobodyToTellChangesNoExitCode) {
  EXPECT_EQ(project_.shell("\"$CUPEL\" lint nowhere 2>&-").exit_code, 3);
  EXPECT_EQ(project_.shell("\"$CUPEL\" lint nowhere 2>/dev/full").exit_code, 3);
  EXPECT_EQ(project_.shell("\"$CUPEL\" lint db >&- 2>&-").exit_code, 3);
  EXPECT_EQ(project_.shell("\"$CUPEL\" lint db 2>&-").exit_code, 1);
  EXPECT_EQ(project_.shell("\"$CUPEL\" lnt 2>/dev/full").exit_code, 2);
}

TEST_F(Streams, InputThatCannotBeReadIsNotEmpty) {
  for (const char* stream : {"<&-", "<db"}) {
    for (const char* command : {"lint", "effects"}) {
      const Outcome run = project_.shell(std::string("\"$CUPEL\" ") + command + " - " + stream);
      EXPECT_EQ(run.exit_code, 3) << command << stream;
      EXPECT_THAT(run.out, IsEmpty());
      EXPECT_THAT(run.err, StartsWith("cupel: cannot read standard input: ")) << command << stream;
    }
  }
  EXPECT_EQ(project_.shell("\"$CUPEL\" lint db <&-").exit_code, 1);  // it is not asked for
}

// ---- files ------------------------------------------------------------------------------------------------------------

TEST(Files, OfEveryKindAreReadOrNamed) {
  const Project project;
  project.write("db/1.sql", "DROP TABLE orders;\n");
  std::filesystem::create_directory(project.path() / "db/2.sql");
  EXPECT_EQ(project.run({"lint", "db"}).exit_code, 1);
  EXPECT_EQ(project.run({"lint", "/dev/null"}).exit_code, 0);
  EXPECT_EQ(project.shell("mkfifo pipe && { echo 'DROP TABLE orders;' > pipe & \"$CUPEL\" lint pipe; }").exit_code, 1);
  Outcome run = project.run({"lint", "db/2.sql"});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_EQ(run.err, "cupel: no SQL files in db/2.sql or below it, nor C++ sources with SQL\n");
  std::filesystem::create_symlink("itself", project.path() / "itself");
  run = project.run({"lint", "itself"});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_EQ(run.err, "cupel: cannot read itself: Too many levels of symbolic links\n");
  // A link to nothing is a migration that the runner cannot read either.
  std::filesystem::create_symlink("nowhere", project.path() / "db/3.sql");
  run = project.run({"lint", "db"});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_THAT(run.out, AllOf(HasSubstr("unreadable-file"), HasSubstr("db/3.sql: No such file or directory"), HasSubstr("drop-table")));
  run = project.run({"lint", "no\nwhere\x1b[2J"});
  EXPECT_EQ(run.err, "cupel: no\\nwhere\\x1b[2J does not exist\n");
}

}  // namespace
}  // namespace cupel::test
