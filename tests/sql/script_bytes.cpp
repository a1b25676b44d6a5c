// Any bytes in any amount: Script::parse answers, in time that grows with the text and no faster.
#include "sql/script.h"
#include "tests/sql/script_test_support.h"

#include <chrono>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::sql {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST(ScriptBytes, ByteOrderMarkIsSkipped) {
  const SourceText source("a.sql", "\xEF\xBB\xBFSELECT 1;\nSELEC 2;");
  const Script script = Script::parse(source);
  EXPECT_THAT(texts(script), ElementsAre("SELECT 1"));
  EXPECT_EQ(script.statements()[0].span, (Span{3, 11}));
  EXPECT_THAT(described(script.errors()), ElementsAre("13-18 syntax error at or near \"SELEC\""));
}

TEST(ScriptBytes, NulIsOneErrorAndTheRestIsParsed) {
  const SourceText source("a.sql", std::string("SELECT 1;\n\0SELECT 2;\0", 21));
  const Script script = Script::parse(source);
  EXPECT_THAT(texts(script), ElementsAre("SELECT 1", "SELECT 2"));
  EXPECT_THAT(described(script.errors()), ElementsAre("10-11 NUL byte: PostgreSQL cannot read it"));
}

TEST(ScriptBytes, InvalidUtf8IsOneErrorAndTheRestIsParsed) {
  const SourceText source("a.sql", "-- caf\xE9 is Latin-1\nCREATE TABLE caf\xE9 (a int);\nSELEC;");
  const Script script = Script::parse(source);
  EXPECT_THAT(texts(script), ElementsAre("CREATE TABLE caf\xE9 (a int)"));
  EXPECT_THAT(described(script.errors()),
              ElementsAre("6-7 invalid byte sequence for encoding \"UTF8\": 0xe9 0x20 0x69", "46-51 syntax error at or near \"SELEC\""));
}

TEST(ScriptBytes, WhatUtf8Forbids) {
  for (const std::string_view bytes : {"\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF8", "\x80", "\xE2\x82"}) {
    const SourceText source("a.sql", "SELECT '" + std::string(bytes) + "'; SELECT 'some more text that is fine';");
    const Script script = Script::parse(source);
    EXPECT_THAT(script.statements(), SizeIs(2));
    ASSERT_THAT(script.errors(), SizeIs(1));
    EXPECT_EQ(script.errors()[0].span.begin, 8U);
    EXPECT_THAT(script.errors()[0].message, HasSubstr("invalid byte sequence"));
  }
}

TEST(ScriptBytes, WhatIsNoTextHasOneError) {
  std::string program =
      "\x7F"
      "ELF";
  for (int i = 0; i < 4000; ++i) program += static_cast<char>(i * 7919 >> 3);
  const std::string utf16("\xFF\xFES\0E\0L\0E\0C\0T\0", 14);
  for (const std::string& bytes : {program, utf16}) {
    const SourceText source("a.sql", bytes);
    const Script script = Script::parse(source);
    EXPECT_THAT(script.statements(), IsEmpty());
    ASSERT_THAT(script.errors(), SizeIs(1));
    EXPECT_THAT(script.errors()[0].message, HasSubstr("not a text file"));
  }
}

TEST(ScriptBytes, ErrorsAreLimited) {
  std::string text;
  for (int i = 0; i < 1234; ++i) text += "oops;\n";
  text += "SELECT 1;";
  const SourceText source("a.sql", text);
  const Script script = Script::parse(source);
  EXPECT_THAT(texts(script), ElementsAre("SELECT 1"));
  ASSERT_THAT(script.errors(), SizeIs(1001));
  EXPECT_EQ(script.errors().back().message, "234 more syntax errors from here on are not shown");
  EXPECT_EQ(script.errors().back().span, (Span{6000, 6004}));
}

// Seconds needed to parse; the limits below are far above what is normal, and far below what a quadratic step would
// take.
double seconds_for(const std::string& text, std::size_t statements) {
  const auto begin = std::chrono::steady_clock::now();
  const SourceText source("a.sql", text);
  const Script script = Script::parse(source);
  EXPECT_THAT(script.statements(), SizeIs(statements));
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

std::string repeated(std::string_view text, int times) {
  std::string result;
  result.reserve(text.size() * static_cast<std::size_t>(times));
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

constexpr double limit = 20;

TEST(ScriptBytes, ManyStatements) {
  constexpr int many = 100000;
  EXPECT_LT(seconds_for(repeated("SELECT 1;\n", many), many), limit);
  EXPECT_LT(seconds_for(repeated("SELECT 1;\n", many) + "oops", many), limit);
  EXPECT_LT(seconds_for("oops;" + repeated("SELECT 1;\n", many) + "\\q\n", many), limit);
  EXPECT_LT(seconds_for(repeated("oops;\n", many), 0), limit);
  EXPECT_LT(seconds_for(repeated("oops;SELECT 1;\n", many / 2), many / 2), limit);
  EXPECT_LT(seconds_for(repeated("SELECT 1 \\gset\n", many / 10), many / 10), limit);
}

TEST(ScriptBytes, ForgottenSemicolonsAreRecoveredUpToABound) {
  const std::string text = repeated("DROP TABLE t\n", 50000) + ";\nDROP TABLE u;";
  const SourceText source("a.sql", text);
  const auto begin = std::chrono::steady_clock::now();
  const Script script = Script::parse(source);
  EXPECT_LT(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(), limit);
  ASSERT_GT(script.statements().size(), 1U);
  EXPECT_EQ(script.text(script.statements().back()), "DROP TABLE u");
}

TEST(ScriptBytes, LongLinesAndUnterminatedOnes) {
  const std::string long_line = "SELECT '" + repeated("0123456789", 1000000);
  EXPECT_LT(seconds_for(long_line + "'; SELECT 2;", 2), limit);
  EXPECT_LT(seconds_for("SELECT 1; " + long_line, 1), limit);
  EXPECT_LT(seconds_for("SELECT 1; SELECT $$" + repeated("$a$ ", 1000000), 1), limit);
  EXPECT_LT(seconds_for("SELECT 1; " + repeated("/* ", 1000000), 1), limit);
  EXPECT_LT(seconds_for("SELECT 1; " + repeated("(", 100000), 1), limit);
  EXPECT_LT(seconds_for("SELECT 1; " + repeated("\\ ", 100000), 1), limit);
}

// Each of these took PostgreSQL's own scanner minutes.
TEST(ScriptBytes, LongRunsOfOperatorCharacters) {
  EXPECT_LT(seconds_for("SELECT 1; /*" + repeated("/*", 100000), 1), limit);
  EXPECT_LT(seconds_for("SELECT 1; /* " + repeated("/*", 100000) + repeated("*/", 100000) + " */ SELECT 2;", 2), limit);
  EXPECT_LT(seconds_for("SELECT 1; SELECT " + repeated("+-", 100000) + "1; SELECT 2;", 2), limit);
  EXPECT_LT(seconds_for("SELECT 1; SELECT " + repeated("/-", 100000) + "1; SELECT 2;", 2), limit);
  EXPECT_LT(seconds_for("SELECT 1; SELECT '" + repeated("/*", 100000) + "'; --" + repeated("/*", 100000), 2), limit);
  EXPECT_LT(seconds_for("SELECT 1; SELECT " + repeated("@", 100000) + "1; SELECT 2;", 2), limit);
}

}  // namespace
}  // namespace cupel::sql
