#include "report/json_writer.h"
#include "report/report.h"
#include "tests/report/sample.h"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace cupel::report {
namespace {

using Json = nlohmann::json;

TEST(JsonReport, IsAsStored) {
  const std::string actual = json(sample_result(), sample_context());
  EXPECT_EQ(actual, golden("sample.json", actual));
}

TEST(JsonReport, CountsInCodePoints) {
  const Json report = Json::parse(json(sample_result(), sample_context()));
  EXPECT_EQ(report["version"], 1);
  const Json& wide = report["findings"][1];
  EXPECT_EQ(wide["start"], Json::parse(R"({"line": 4, "column": 35, "offset": 119})"));
  EXPECT_EQ(wide["end"]["column"], 42);
  EXPECT_EQ(report["counts"]["error"], 3);
  EXPECT_EQ(report["counts"]["suppressed"], 1);
  EXPECT_EQ(report["findings"][2]["suppressed"], "the table is \"tiny\"");
  EXPECT_TRUE(report["findings"][6]["file"].is_null());
}

TEST(JsonReport, HasNoNumberThatIsNone) {
  lint::LintResult result = sample_result();
  for (const double seconds : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(), 0.0}) {
    result.seconds = seconds;
    EXPECT_TRUE(Json::parse(json(result, sample_context()))["seconds"].is_null());
  }
}

TEST(JsonReport, ReplacesWhatIsNotUtf8) {
  lint::LintResult result = result_of("SELECT", {{0, 6}});
  std::string every_byte;
  for (int byte = 0; byte < 256; ++byte) every_byte += static_cast<char>(byte);
  result.findings[0].message = every_byte;
  result.findings[0].why = "caf\xe9 \xed\xa0\x80 caf\xc3\xa9";
  for (const std::string& report : {json(result, {}), sarif(result, {})}) EXPECT_TRUE(Json::accept(report)) << report;
  const Json finding = Json::parse(json(result, {}))["findings"][0];
  EXPECT_EQ(finding["why"], "caf\uFFFD \uFFFD\uFFFD\uFFFD café");
  EXPECT_EQ(finding["message"].get<std::string>().substr(0, 128), every_byte.substr(0, 128));
}

TEST(JsonReport, IsWholeWithoutFindings) {
  const Json report = Json::parse(json({}, {}));
  EXPECT_TRUE(report["findings"].empty());
  EXPECT_TRUE(report["layouts"].empty());
}

}  // namespace
}  // namespace cupel::report
