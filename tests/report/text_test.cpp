#include "report/report.h"
#include "tests/report/sample.h"

#include <chrono>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::report {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

std::string plain_text(const lint::LintResult& result, std::size_t width = 0) {
  return text(result, {.color = Color::never, .width = width});
}

TEST(Text, IsAsStored) {
  const std::string actual = plain_text(sample_result());
  EXPECT_EQ(actual, golden("sample.txt", actual));
}

TEST(Text, WrapsProseOnATerminal) {
  const std::string actual = text(sample_result(), {.color = Color::always, .width = 60});
  EXPECT_EQ(actual, golden("sample.terminal.txt", actual));
}

TEST(Text, HasNoColorUnlessTold) { EXPECT_THAT(plain_text(sample_result()), Not(HasSubstr("\x1b"))); }

TEST(Text, SaysWhenNothingWasFound) {
  lint::LintResult result;
  result.layouts = {{"db", "goose", 12}};
  result.statements = 84;
  EXPECT_EQ(plain_text(result), "No findings in 12 migrations (goose), 84 statements\n");
  result.layouts.push_back({"old", "flyway", 1});
  result.seconds = 1.25;
  EXPECT_EQ(plain_text(result), "No findings in 13 migrations (goose 12, flyway 1), 84 statements, 1.2 s\n");
  EXPECT_EQ(plain_text({}), "No findings in 0 migrations, 0 statements\n");
}

TEST(Text, CountsSuppressedFindings) {
  lint::LintResult result = result_of("SELECT 1;", {{0, 8}});
  result.findings[0].suppressed = "reason";
  EXPECT_EQ(plain_text(result), "No findings in 1 migration (plain), 0 statements; 1 suppressed\n");
}

TEST(Text, PutsCaretsUnderWhatIsMeant) {
  const auto block = [](const std::string& bytes, std::string_view part) { return plain_text(result_of(bytes, {span_of(bytes, part)})); };
  EXPECT_THAT(block("\t\tDROP x", "DROP"), HasSubstr(" 1 |         DROP x\n   |         ^^^^\n"));
  EXPECT_THAT(block("é DROP x", "DROP"), HasSubstr(" 1 | é DROP x\n   |   ^^^^\n"));
  EXPECT_THAT(block("注文 DROP x", "DROP"), HasSubstr(" 1 | 注文 DROP x\n   |      ^^^^\n"));
  EXPECT_THAT(block("e\u0301 DROP x", "DROP"), HasSubstr("   |   ^^^^\n"));
  EXPECT_THAT(block("\xff\x80 DROP x", "DROP"), HasSubstr(" 1 | \\xff\\x80 DROP x\n   |          ^^^^\n"));
  EXPECT_THAT(block("\xEF\xBB\xBF"
                    "DROP x",
                    "DROP"),
              HasSubstr("a.sql:1:1\n   |\n 1 | DROP x\n   | ^^^^\n"));
  EXPECT_THAT(block("DROP x;\r\nDROP y;\r\n", "y;"), HasSubstr("a.sql:2:6\n   |\n 2 | DROP y;\n   |      ^^\n"));
}

TEST(Text, ShowsTheFirstOfSeveralLines) {
  const std::string bytes = "ALTER TABLE t  \r\n  ADD a int,\r\n  ADD b int;\r\n";
  const auto size = static_cast<std::uint32_t>(bytes.size());
  EXPECT_THAT(plain_text(result_of(bytes, {{0, size - 3}})), HasSubstr("   | ^^^^^^^^^^^^^ ... 2 more lines\n"));
  // A span that takes its line end along is still on one line.
  EXPECT_THAT(plain_text(result_of(bytes, {{size - 12, size}})), HasSubstr("   |   ^^^^^^^^^^\n"));
}

TEST(Text, ShowsOneCaretForAnEmptySpan) {
  EXPECT_THAT(plain_text(result_of("SELECT", {{6, 6}})), HasSubstr("a.sql:1:7\n   |\n 1 | SELECT\n   |       ^\n"));
  EXPECT_THAT(plain_text(result_of("a\n\nb", {{2, 2}})), HasSubstr("   | ^\n"));
  // Beyond the text: the end of it.
  EXPECT_THAT(plain_text(result_of("a", {{90, 99}})), HasSubstr("a.sql:1:2\n"));
}

TEST(Text, LetsNoTextDriveTheTerminal) {
  const std::string bytes = "DROP \"\x1b[2J\x7f\u202e\u0085\";";
  lint::LintResult result = result_of(bytes, {{0, 4}});
  result.findings[0].message = "dropping \"a\nb\x1b]0;c\x07\"";
  result.findings[0].safe_sql = "SELECT '\x1b';\r\nSELECT 2;";
  const std::string actual = plain_text(result);
  EXPECT_THAT(actual, HasSubstr("DROP \"\\x1b[2J\\x7f\\u{202e}\\u{0085}\";"));
  EXPECT_THAT(actual, HasSubstr("dropping \"a\\nb\\x1b]0;c\\x07\"\n"));
  for (const char byte : actual) EXPECT_TRUE(byte == '\n' || static_cast<unsigned char>(byte) >= 0x20);
}

TEST(Text, CutsLongLinesAroundTheSpan) {
  const std::string bytes = std::string(5'000'000, 'a') + " DROP x " + std::string(5'000'000, 'b');
  const std::string actual = plain_text(result_of(bytes, {span_of(bytes, "DROP x")}), 80);
  EXPECT_LT(actual.size(), 600U);
  EXPECT_THAT(actual, HasSubstr("a.sql:1:5000002\n"));
  const std::size_t line = actual.find(" 1 | ");
  const std::size_t end = actual.find('\n', line);
  EXPECT_LE(end - line, 80U);
  const std::size_t caret_line = end + 1;
  EXPECT_EQ(actual.find("DROP x") - line, actual.find("^^^^^^\n") - caret_line) << actual;
  EXPECT_EQ(actual.substr(line + 5, 4), "...a");
  EXPECT_EQ(actual.substr(end - 4, 4), "b...");

  // Text that takes bytes but no cells is cut too.
  std::string marks = "a";
  for (int count = 0; count < 100'000; ++count) marks += "\u0301";
  EXPECT_LT(plain_text(result_of(marks + "b", {{0, 1}}), 80).size(), 3'000U);
  EXPECT_LT(plain_text(result_of(marks + "b", {span_of(marks + "b", "b")}), 80).size(), 3'000U);
}

TEST(Text, KeepsLongListsShort) {
  lint::LintResult result = result_of("TRUNCATE a CASCADE;", {{0, 8}});
  for (int count = 0; count < 100; ++count) {
    result.findings[0].effects.push_back({"part", "ACCESS EXCLUSIVE", "reads and writes", ""});
    result.findings[0].related.push_back({0, {9, 10}, "it is here"});
  }
  const std::string actual = plain_text(result);
  EXPECT_THAT(actual, HasSubstr("= lock: ... and 94 more\n"));
  EXPECT_THAT(actual, HasSubstr("= note: a.sql:1:10: it is here\n"));
  EXPECT_THAT(actual, HasSubstr("= note: ... and 95 more places\n"));
}

TEST(Text, TakesAnyBytes) {
  std::string bytes;
  for (int round = 0; round < 300; ++round) bytes += static_cast<char>((round * 7919) >> 3);
  for (std::uint32_t begin = 0; begin < bytes.size(); ++begin) {
    EXPECT_THAT(plain_text(result_of(bytes, {{begin, begin + 5}}), 40), EndsWith("statements\n"));
  }
}

}  // namespace
}  // namespace cupel::report
