#include "report/report.h"
#include "report/sarif_words.h"
#include "tests/report/sample.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace cupel::report {
namespace {

using Json = nlohmann::json;

Json run_of(const lint::LintResult& result, const ReportContext& context = {}) { return Json::parse(sarif(result, context))["runs"][0]; }

Json region_of(const std::string& bytes, Span span) {
  return run_of(result_of(bytes, {span}))["results"][0]["locations"][0]["physicalLocation"]["region"];
}

TEST(Sarif, IsAsStored) {
  const std::string actual = sarif(sample_result(), sample_context());
  EXPECT_EQ(actual, golden("sample.sarif", actual));
}

TEST(Sarif, CountsInUtf16Units) {
  const std::string bytes = "SELECT '😀é'; DROP x;";
  EXPECT_EQ(region_of(bytes, span_of(bytes, "DROP x")),
            Json::parse(R"({"startLine": 1, "startColumn": 15, "endLine": 1, "endColumn": 21})"));
  EXPECT_EQ(run_of({})["columnKind"], "utf16CodeUnits");
}

TEST(Sarif, HasNoEmptyRegion) {
  const auto columns = [](const Json& region) { return std::pair<int, int>(region["startColumn"], region["endColumn"]); };
  EXPECT_EQ(columns(region_of("DROP x", {5, 5})), std::pair(6, 7));
  EXPECT_EQ(columns(region_of("DROP 😀\r\nx", {9, 9})), std::pair(6, 8));
  EXPECT_EQ(columns(region_of("DROP x", {90, 99})), std::pair(6, 7));
  EXPECT_EQ(region_of("a\n\nb", {2, 2}), Json::parse(R"({"startLine": 2})"));
  EXPECT_EQ(region_of("", {0, 0}), Json::parse(R"({"startLine": 1})"));
}

TEST(Sarif, RefersToRulesOfTheTable) {
  const Json run = run_of(sample_result(), sample_context());
  std::size_t listed = 0;
  for (const Json& result : run["results"]) {
    if (!result.contains("ruleIndex")) continue;
    ++listed;
    EXPECT_EQ(run["tool"]["driver"]["rules"][result["ruleIndex"].get<std::size_t>()]["id"], result["ruleId"]);
  }
  EXPECT_EQ(listed, run["results"].size() - 1);
}

TEST(Sarif, MarksSuppressedResults) {
  const Json run = run_of(sample_result(), sample_context());
  EXPECT_FALSE(run["results"][1].contains("suppressions"));
  EXPECT_EQ(run["results"][2]["suppressions"], Json::parse(R"([{"kind": "inSource", "justification": "the table is \"tiny\""}])"));
}

TEST(Sarif, KeepsFingerprintsWhenLinesMove) {
  const lint::LintResult before = sample_result();
  lint::LintResult after = before;
  after.sources[0] = std::make_shared<SourceText>("moved.sql", "\n\n" + std::string(before.sources[0]->text()));
  for (lint::Finding& finding : after.findings) {
    if (finding.source == 0 && !finding.span.empty()) finding.span = {finding.span.begin + 2, finding.span.end + 2};
  }
  const Json old_run = run_of(before);
  const Json new_run = run_of(after);
  for (std::size_t index = 0; index < old_run["results"].size(); ++index) {
    EXPECT_EQ(old_run["results"][index]["partialFingerprints"], new_run["results"][index]["partialFingerprints"]);
  }
}

TEST(Sarif, SaysWhenGitHubWouldRefuseIt) {
  EXPECT_FALSE(run_of(result_of("SELECT", std::vector<Span>(25'000, {0, 6})))["invocations"][0].contains("toolExecutionNotifications"));
  const Json run = run_of(result_of("SELECT", std::vector<Span>(25'001, {0, 6})));
  EXPECT_EQ(run["results"].size(), 25'000U);
  EXPECT_THAT(run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"].get<std::string>(),
              ::testing::HasSubstr("25001 results"));
}

TEST(SarifWords, EscapeWhatReadersReplace) { EXPECT_EQ(sarif_escaped("DEFAULT '{}' [a](http://b)"), "DEFAULT '{{}}' [a] (http://b)"); }

TEST(SarifWords, MakeUris) {
  EXPECT_EQ(uri_of("db/0001_a.sql"), "db/0001_a.sql");
  EXPECT_EQ(uri_of("././a b#c?.sql"), "a%20b%23c%3F.sql");
  EXPECT_EQ(uri_of("größe:1%.sql"), "gr%C3%B6%C3%9Fe%3A1%25.sql");
  EXPECT_EQ(uri_of("/srv/a.sql"), "file:///srv/a.sql");
  EXPECT_EQ(uri_of("<stdin>"), "%3Cstdin%3E");
}

TEST(SarifWords, DescribeRulesInOneParagraph) {
  EXPECT_EQ(first_paragraph("# Title\n\n## What\n\nOne\ntwo.\n\nThree.\n"), "One two.");
  EXPECT_EQ(first_paragraph("One.\r\n# Two\r\n"), "One.");
  EXPECT_EQ(first_paragraph("# Only a title"), "");
  std::string many;
  for (int count = 0; count < 2'000; ++count) many += "é";
  EXPECT_EQ(first_paragraph(many).size(), 2'048U);
}

}  // namespace
}  // namespace cupel::report
