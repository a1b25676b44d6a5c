// C++ sources on the command line.
#include "tests/cli/program.h"

#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace cupel::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// A library of the project's own that stands in a folder where headers are not looked for.
class CxxProject : public testing::Test {
 protected:
  void SetUp() override {
    const std::filesystem::path front_end = std::filesystem::path(program()).parent_path() / "cupel-cxx";
    if (::access(front_end.c_str(), X_OK) != 0) GTEST_SKIP() << "SKIPPED: built without cupel-cxx";
    project_.write("vendor/store.h",
                   "namespace store { class session { public: explicit session(const char*); void run(const char*); }; }\n");
    project_.write("src/schema.cpp",
                   "#include <store.h>\nvoid migrate() {\n  store::session session(\"app\");\n  session.run(\"DROP TABLE orders\");\n}\n");
  }
  void write_database(const std::string& folder) const {
    const std::string root = project_.path().string();
    project_.write(
        folder + "/compile_commands.json",
        R"([{"directory": ")" + root + R"(", "file": "src/schema.cpp", "arguments": ["c++", "-Ivendor", "-c", "src/schema.cpp"]}])");
  }
  Project project_;
};

TEST_F(CxxProject, IsReadWithItsOwnHeadersWhereTheModelsDoNotSuffice) {
  const Outcome before = project_.run({"lint", "src", "--format", "compact"});
  EXPECT_THAT(before.out, AllOf(HasSubstr("front-end-errors"), HasSubstr("unreached-sql")));
  EXPECT_THAT(before.err, Not(HasSubstr("own headers")));

  write_database("build");
  const Outcome after = project_.run({"lint", "src", "--format", "compact"});
  EXPECT_EQ(after.exit_code, 1) << after.err;
  EXPECT_THAT(after.out, AllOf(HasSubstr("src/schema.cpp:4:27: error: dropping table orders"), Not(HasSubstr("front-end-errors")),
                               Not(HasSubstr("unreached-sql"))));
  EXPECT_THAT(after.err, HasSubstr("1 read in full, 0 in part, 0 not; 1 file read with the project's own headers"));
}

TEST_F(CxxProject, SaysWhereItsCommandsAre) {
  write_database("out/debug");
  EXPECT_THAT(project_.run({"lint", "src", "--format", "compact"}).out, HasSubstr("front-end-errors"));
  project_.write("cupel.toml", "[cxx]\ncompilation_database = \"out/debug\"\n");
  EXPECT_THAT(project_.run({"lint", "src", "--format", "compact"}).out, Not(HasSubstr("front-end-errors")));
  // What is named is joined with the configuration's folder.
  EXPECT_THAT(project_.run({"lint", ".", "--format", "compact"}, {.below = "src"}).out, Not(HasSubstr("front-end-errors")));
  project_.write("out/debug/compile_commands.json", "{");
  EXPECT_THAT(project_.run({"lint", "src", "--format", "compact"}).out,
              AllOf(HasSubstr("front-end-errors"), HasSubstr("out/debug/compile_commands.json could not be read")));
}

TEST_F(CxxProject, SettingOfTheWrongKindIsAnError) {
  project_.write("cupel.toml", "[cxx]\ncompilation_database = [\"out\"]\n");
  const Outcome run = project_.run({"lint", "src"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, AllOf(HasSubstr("cupel.toml:2"), HasSubstr("compilation_database")));
}

}  // namespace
}  // namespace cupel::test
