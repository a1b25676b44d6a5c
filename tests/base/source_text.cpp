#include "base/source_text.h"

#include <string>

#include <gtest/gtest.h>

namespace cupel {
namespace {

TEST(SourceText, PositionsCountCodePointsAndUtf16Units) {
  const SourceText source("a.sql", "é𝄞x\nsecond");  // 2 + 4 + 1 bytes, a line break
  EXPECT_EQ(source.position(0), (Position{1, 1, 1}));
  EXPECT_EQ(source.position(2), (Position{1, 2, 2}));
  EXPECT_EQ(source.position(6), (Position{1, 3, 4}));  // U+1D11E takes two units
  EXPECT_EQ(source.position(7), (Position{1, 4, 5}));  // the line break itself
  EXPECT_EQ(source.position(8), (Position{2, 1, 1}));
}

TEST(SourceText, PositionPastTheEndIsTheEnd) {
  const SourceText source("a.sql", "ab\nc");
  EXPECT_EQ(source.position(4), (Position{2, 2, 2}));
  EXPECT_EQ(source.position(4000), (Position{2, 2, 2}));
}

TEST(SourceText, EmptyTextHasOneEmptyLine) {
  const SourceText source("a.sql", "");
  EXPECT_EQ(source.line_count(), 1U);
  EXPECT_EQ(source.line(1), "");
  EXPECT_EQ(source.position(0), (Position{1, 1, 1}));
}

TEST(SourceText, LinesComeWithoutTheirEnds) {
  const SourceText source("a.sql", "one\r\ntwo\n\nfour");
  EXPECT_EQ(source.line_count(), 4U);
  EXPECT_EQ(source.line(1), "one");
  EXPECT_EQ(source.line(2), "two");
  EXPECT_EQ(source.line(3), "");
  EXPECT_EQ(source.line(4), "four");
  EXPECT_EQ(source.line(0), "");
  EXPECT_EQ(source.line(5), "");
  EXPECT_EQ(source.line_begin(2), 5U);
  EXPECT_EQ(source.line_begin(4), 10U);
  EXPECT_EQ(source.line_begin(5), 14U);
}

TEST(SourceText, AFinalLineBreakBeginsAnEmptyLine) {
  const SourceText source("a.sql", "one\n");
  EXPECT_EQ(source.line_count(), 2U);
  EXPECT_EQ(source.position(4), (Position{2, 1, 1}));
}

TEST(SourceText, InvalidBytesCountAsOneColumnEach) {
  const SourceText source("a.sql", std::string("a\xFF\xFE") + "b\xE9" + "c");
  EXPECT_EQ(source.position(3), (Position{1, 4, 4}));
  EXPECT_EQ(source.position(5), (Position{1, 6, 6}));
}

TEST(SourceText, ColumnsOfVeryLongLines) {
  std::string text = "x\n";
  for (int i = 0; i < 100000; ++i) text += "aé";
  text += "\nlast";
  const SourceText source("a.sql", text);
  EXPECT_EQ(source.position(2), (Position{2, 1, 1}));
  EXPECT_EQ(source.position(2 + 3 * 99999), (Position{2, 199999, 199999}));
  EXPECT_EQ(source.position(2 + 3 * 30000), (Position{2, 60001, 60001}));
  EXPECT_EQ(source.position(static_cast<std::uint32_t>(text.size())), (Position{3, 5, 5}));
}

TEST(SourceText, BytesAreFollowedByNul) {
  const SourceText source("a.sql", "SELECT 1");
  EXPECT_EQ(source.c_str()[8], '\0');
  EXPECT_EQ(source.text().size(), 8U);
}

}  // namespace
}  // namespace cupel
