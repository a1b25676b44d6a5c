#include "report/place.h"

#include "tests/report/sample.h"

#include <gtest/gtest.h>

namespace cupel::report {
namespace {

TEST(Locator, AgreesWithSourceText) {
  const SourceText source("a.sql", "SELECT 'é😀注';\r\n\r\n\tDROP;\nlast");
  Locator locator(source);
  for (std::uint32_t offset = 0; offset <= source.text().size() + 2; ++offset) {
    EXPECT_EQ(locator.at(offset), source.position(offset)) << offset;
  }
}

TEST(Locator, CountsInvalidBytesOneByOne) {
  const SourceText source("a.sql", "\xff\x80\xf0z");
  EXPECT_EQ(Locator(source).at(3).column, 4U);
  EXPECT_EQ(Locator(source).at(3).utf16_column, 4U);
}

TEST(Locator, GivesAByteOrderMarkNoColumn) {
  const SourceText source("a.sql", "\xEF\xBB\xBFSELECT 1;\n\xEF\xBB\xBFx");
  EXPECT_EQ(Locator(source).at(3).column, 1U);
  EXPECT_EQ(Locator(source).at(0).column, 1U);
  EXPECT_EQ(Locator(source).at(10).column, 8U);
}

TEST(Locator, FindsPlacesInLongLinesInAnyOrder) {
  std::string bytes = "first line\n";
  while (bytes.size() < 60'000) bytes += "x é 😀 注 ";
  const SourceText source("a.sql", bytes);
  Locator locator(source);
  for (const std::uint32_t offset : {50'000U, 20'000U, 59'999U, 4'107U, 4'108U, 49'999U, 12U, 60'000U, 33'333U}) {
    EXPECT_EQ(locator.at(offset), source.position(offset)) << offset;
  }
}

TEST(Fingerprints, NumberTheSameFindingWithinItsFile) {
  lint::LintResult result = result_of("SELECT", {{0, 6}, {0, 6}, {0, 6}});
  result.sources.push_back(result.sources[0]);
  for (lint::Finding& finding : result.findings) finding.fingerprint = "abc";
  result.findings[1].source = 1;
  EXPECT_EQ(numbered_fingerprints(result), (std::vector<std::string>{"abc:1", "abc:1", "abc:2"}));
}

TEST(Fingerprints, AreNeverEmpty) {
  lint::LintResult result = result_of("SELECT", {{0, 6}, {0, 6}});
  result.findings[1].message = "something else happens";
  const std::vector<std::string> fingerprints = numbered_fingerprints(result);
  EXPECT_EQ(fingerprints[0].size(), 18U);
  EXPECT_NE(fingerprints[0], fingerprints[1]);
}

}  // namespace
}  // namespace cupel::report
