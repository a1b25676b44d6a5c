// Both machine formats against their published schemas, checked by an implementation of JSON Schema that is not ours.
#include "report/report.h"
#include "tests/report/sample.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace cupel::report {
namespace {

constexpr const char* validator = CUPEL_SOURCE_DIR "/tests/report/validate_schema.py";
constexpr const char* sarif_schema = CUPEL_SOURCE_DIR "/fixtures/report/schema/sarif-2.1.0-rtm.5.json";
constexpr const char* json_schema = CUPEL_SOURCE_DIR "/docs/cupel-report.schema.json";

int run(const std::string& arguments) {
  return std::system(("python3 '" + std::string(validator) + "' " + arguments).c_str());  // NOLINT(cert-env33-c)
}

class Schema : public ::testing::Test {
 protected:
  void SetUp() override {
    if (run("--check") == 0) return;
    std::cerr << "SKIPPED: reports are NOT checked against their schemas: python3 with jsonschema is missing "
                 "(apt install python3-jsonschema)\n";
    GTEST_SKIP();
  }

  static void expect_valid(const char* schema, const std::string& name, const std::string& report) {
    const std::string path = ::testing::TempDir() + "cupel_schema_" + name;
    std::ofstream(path, std::ios::binary) << report;
    EXPECT_EQ(run("'" + std::string(schema) + "' '" + path + "'"), 0) << report.substr(0, 2'000);
    std::filesystem::remove(path);
  }

  static void expect_refused(const char* schema, const std::string& name, const std::string& report) {
    const std::string path = ::testing::TempDir() + "cupel_schema_" + name;
    std::ofstream(path, std::ios::binary) << report;
    EXPECT_NE(run("'" + std::string(schema) + "' '" + path + "' 2>/dev/null"), 0);
    std::filesystem::remove(path);
  }
};

lint::LintResult hostile_result() {
  lint::LintResult result = result_of("\xff\xEF\xBB\xBF\r\n😀", {{0, 0}, {1, 1}, {90, 99}, {3, 2}, {0, 12}});
  result.sources.push_back(std::make_shared<SourceText>("../<a>\xff[1]\\b c:%.sql", "x"));
  for (lint::Finding& finding : result.findings) {
    finding.message = "{0} [a](b) \x01\xfe";
    finding.suppressed = "";
    finding.related = {{1, {0, 1}, ""}, {7, {0, 1}, "nowhere"}};
    finding.fixes.resize(2);
    finding.fixes[0].edits = {{{1, 1}, "\xff"}, {{2, 90}, ""}};
  }
  return result;
}

TEST_F(Schema, SarifIsValid) {
  expect_valid(sarif_schema, "sample.sarif", sarif(sample_result(), sample_context()));
  expect_valid(sarif_schema, "empty.sarif", sarif({}, sample_context()));
  expect_valid(sarif_schema, "hostile.sarif", sarif(hostile_result(), sample_context()));

  // More results than GitHub takes; all but one are left out again, as checking each takes seconds.
  nlohmann::json many = nlohmann::json::parse(sarif(result_of("SELECT", std::vector<Span>(25'001, {0, 6})), {{}, "1.0"}));
  many["runs"][0]["results"].get_ref<nlohmann::json::array_t&>().resize(1);
  expect_valid(sarif_schema, "many.sarif", many.dump());
}

TEST_F(Schema, JsonIsValid) {
  expect_valid(json_schema, "sample.json", json(sample_result(), sample_context()));
  expect_valid(json_schema, "empty.json", json({}, sample_context()));
  expect_valid(json_schema, "hostile.json", json(hostile_result(), sample_context()));
}

TEST_F(Schema, RefusesWhatIsWrong) {
  const auto with = [](std::string report, std::string_view old_words, std::string_view new_words) {
    report.replace(report.find(old_words), old_words.size(), new_words);
    return report;
  };
  const std::string good_sarif = sarif(sample_result(), sample_context());
  expect_refused(sarif_schema, "level.sarif", with(good_sarif, R"("level": "error")", R"("level": "fatal")"));
  expect_refused(sarif_schema, "column.sarif", with(good_sarif, R"("startColumn": )", R"("startColumn": -)"));
  const std::string good_json = json(sample_result(), sample_context());
  expect_refused(json_schema, "severity.json", with(good_json, R"("severity": "error")", R"("severity": "fatal")"));
  expect_refused(json_schema, "member.json", with(good_json, R"("why": )", R"("because": )"));
}

}  // namespace
}  // namespace cupel::report
