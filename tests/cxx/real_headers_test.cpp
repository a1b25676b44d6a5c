// Sources that are read with the headers of the project and of this machine instead of the models.
#include "cxx/analysis.h"
#include "cxx/compilation_database.h"
#include "tests/cxx/analysed.h"
#include "tests/temporary_folder.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::cxx {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string contents(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

// Everything that is told of each statement, a line each.
std::string told(const Analysis& analysis) {
  std::vector<std::string> lines;
  const auto place = [&](const Place& one) {
    return fmt::format("{}:{}-{}", fs::path(analysis.files[one.file]).filename().string(), one.begin, one.end);
  };
  for (const Item& item : analysis.items) {
    std::string line =
        fmt::format("{} {} {}{}{}", place(item.place), item.callee, item.evidence == Evidence::resolved ? "" : "(not resolved) ",
                    item.conditional ? "(conditional) " : "", item.repeated ? "(repeated) " : "");
    if (item.text.empty()) line += "? " + item.reason;
    for (const Stretch& stretch : item.text) {
      line += fmt::format("[{}{}{}]", place(stretch.place), stretch.hole ? " hole " : " ", stretch.hole ? stretch.reason : stretch.text);
    }
    lines.push_back(std::move(line));
  }
  for (const Revision& revision : analysis.revisions)
    lines.push_back(fmt::format("{} after {}: {}", revision.id, revision.down, revision.problem));
  lines.push_back(fmt::format("{} errors {}", analysis.errors, analysis.first_error));
  return fmt::format("{}\n", fmt::join(lines, "\n"));
}

class Sources : public testing::TestWithParam<std::string> {};

// The models are right: with the machine's own standard library, fmt and libpq the same is told of every source. Libraries that are not
// installed are models both times.
TEST_P(Sources, AreReadTheSameWithModelsAndRealHeaders) {
  const std::string text = contents(GetParam());
  ASSERT_FALSE(text.empty());
  const Analysis with_models = analyse_in_thread(GetParam(), text);
  const Analysis with_real = analyse_in_thread(GetParam(), text, {}, std::vector<std::string>{"-std=gnu++20"});
  EXPECT_EQ(with_real.headers, Headers::real);
  EXPECT_EQ(told(with_models), told(with_real));
}

std::vector<std::string> all_sources() {
  std::vector<std::string> all;
  for (const char* folder : {"tests/cxx/revisions", "fixtures/cxx"}) {
    for (const auto& entry : fs::directory_iterator(fs::path(CUPEL_SOURCE_DIR) / folder)) {
      if (entry.path().extension() != ".h") all.push_back(entry.path().string());
    }
  }
  std::ranges::sort(all);
  return all;
}
INSTANTIATE_TEST_SUITE_P(RealHeaders, Sources, testing::ValuesIn(all_sources()), [](const auto& source) {
  const fs::path path = source.param;
  std::string name = path.parent_path().filename().string() + "_" + path.filename().string();
  std::ranges::replace(name, '.', '_');
  return name;
});

// A library of the project's own, which no model knows: without its headers its namespace is no declaration, and the statement is lost.
class Project : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(folder_.path() / ".git");
    folder_.write("vendor/store/store.h", R"(#pragma once
#include <string>
namespace store {
class session { public: explicit session(const std::string& name); void run(const std::string& sql); };
}
)");
    folder_.write("src/schema.cpp", text());
  }
  [[nodiscard]] fs::path source() const { return folder_.path() / "src/schema.cpp"; }
  static std::string text() {
    return R"(#include <store/store.h>
#ifndef TABLE
#error no table
#endif
void migrate() {
  store::session session(TABLE);
  session.run("DROP TABLE " TABLE);
}
)";
  }
  void write_database(std::string_view flags) const {
    folder_.write("build/compile_commands.json",
          fmt::format(
              R"([{{"directory": "{}/build", "file": "../src/schema.cpp", "command": "/usr/bin/c++ {} -o x.o -c ../src/schema.cpp"}}])",
              folder_.path().string(), flags));
  }
  [[nodiscard]] Analysis analysed(const std::string& database = {}) const {
    Settings settings;
    settings.sinks.push_back({"store::session::run", 0});
    settings.compilation_database = database;
    return analyse_in_thread(source().string(), text(), settings);
  }
  test::TemporaryFolder folder_;
};

TEST_F(Project, IsReadAgainWithItsOwnHeaders) {
  const Analysis before = analysed();
  EXPECT_EQ(before.headers, Headers::models);
  EXPECT_GT(before.errors, 0U);
  EXPECT_THAT(before.items, Not(Contains(testing::Field(&Item::evidence, Evidence::resolved))));

  write_database(R"(-I../vendor -DTABLE=\\\"orders\\\" -std=gnu++17)");
  const Analysis after = analysed();
  EXPECT_EQ(after.headers, Headers::real);
  EXPECT_EQ(after.errors, 0U) << after.first_error;
  EXPECT_EQ(after.database_problem, "");
  ASSERT_EQ(after.items.size(), 1U);
  EXPECT_EQ(after.items[0].evidence, Evidence::resolved);
  EXPECT_EQ(after.items[0].callee, "store::session::run");
  EXPECT_EQ(after.items[0].text.front().text, "DROP TABLE ");
}

TEST_F(Project, DatabaseMayBeNamed) {
  write_database(R"(-I../vendor -DTABLE=\\\"orders\\\")");
  fs::rename(folder_.path() / "build", folder_.path() / "out");
  EXPECT_EQ(analysed().headers, Headers::models);
  EXPECT_EQ(analysed((folder_.path() / "out").string()).headers, Headers::real);
  EXPECT_EQ(analysed((folder_.path() / "out/compile_commands.json").string()).headers, Headers::real);
}

TEST_F(Project, DatabaseThatCannotBeReadIsSaid) {
  folder_.write("build/compile_commands.json", "[{\"directory\": ");
  const Analysis analysis = analysed();
  EXPECT_EQ(analysis.headers, Headers::models);
  EXPECT_THAT(analysis.database_problem, AllOf(HasSubstr("build/compile_commands.json could not be read: "), Not(HasSubstr("\n"))));
  EXPECT_THAT(analysed((folder_.path() / "nowhere").string()).database_problem, HasSubstr("nowhere could not be read: "));
}

// What tells less is not taken.
TEST_F(Project, TheBetterReadingIsKept) {
  write_database("-std=c++17 -I../elsewhere");
  const Analysis analysis = analysed();
  EXPECT_EQ(analysis.headers, Headers::models);
  EXPECT_GT(analysis.errors, 0U);
}

TEST_F(Project, OnlyFlagsThatAreNeededAreTaken) {
  write_database(
      "-fplugin=/tmp/evil.so -Xclang -load -Xclang evil.so -wrapper gdb -o /etc/passwd -MF x.d -include ../vendor/store/store.h "
      "-O2 -Wall -isystem ../a -I ../b -DX -D Y=2 -std=c++17 @more --sysroot=../root -specs=x -B. -save-temps");
  const Result<std::vector<std::string>> flags = compile_flags(source().string(), "");
  ASSERT_TRUE(flags);
  const std::string at = folder_.path().string() + "/build/../";
  EXPECT_THAT(*flags, ElementsAre("-include", at + "vendor/store/store.h", "-isystem", at + "a", "-I", at + "b", "-D", "X", "-D", "Y=2",
                                  "-std=c++17", "--sysroot=" + at + "root"));
}

TEST_F(Project, HeaderHasTheFlagsOfItsSource) {
  write_database("-I../vendor");
  const Result<std::vector<std::string>> flags = compile_flags((folder_.path() / "src/schema.h").string(), "");
  ASSERT_TRUE(flags);
  EXPECT_THAT(*flags, Contains(HasSubstr("vendor")));
}

TEST_F(Project, NoDatabaseIsNoProblem) {
  const Result<std::vector<std::string>> flags = compile_flags(source().string(), "");
  ASSERT_TRUE(flags);
  EXPECT_THAT(*flags, IsEmpty());
}

}  // namespace
}  // namespace cupel::cxx
