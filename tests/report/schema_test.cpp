// Both machine formats against their published schemas, checked by an implementation of JSON Schema that is not ours.
#include "report/report.h"
#include "tests/report/sample.h"
#include "tests/temporary_folder.h"

#include <cstdlib>
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
    const test::TemporaryFolder folder;
    const std::string path = folder.write(name, report);
    EXPECT_EQ(run("'" + std::string(schema) + "' '" + path + "'"), 0) << report.substr(0, 2'000);
  }

  static void expect_refused(const char* schema, const std::string& name, const std::string& report) {
    const test::TemporaryFolder folder;
    const std::string path = folder.write(name, report);
    EXPECT_NE(run("'" + std::string(schema) + "' '" + path + "' 2>/dev/null"), 0);
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

// The same, not suppressed, in the formats that leave suppressed findings out.
lint::LintResult hostile_and_told() {
  lint::LintResult result = hostile_result();
  for (lint::Finding& finding : result.findings) finding.suppressed.reset();
  result.findings.front().effects = {{"\xff<b>", "SHARE", "writes", "\x01"}};
  result.findings.front().safe_sql = "```\n]]>\x02";
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

constexpr const char* gitlab_schema = CUPEL_SOURCE_DIR "/fixtures/report/schema/gitlab-code-quality.json";
constexpr const char* rdjson_schema = CUPEL_SOURCE_DIR "/fixtures/report/schema/rdjson.json";
constexpr const char* junit_schema = CUPEL_SOURCE_DIR "/fixtures/report/schema/junit.xsd";

TEST_F(Schema, GitlabIsValid) {
  expect_valid(gitlab_schema, "sample.gitlab.json", gitlab(sample_result(), sample_context()));
  expect_valid(gitlab_schema, "empty.gitlab.json", gitlab({}, sample_context()));
  expect_valid(gitlab_schema, "hostile.gitlab.json", gitlab(hostile_and_told(), sample_context()));
  std::string wrong = gitlab(sample_result(), sample_context());
  wrong.replace(wrong.find("\"critical\""), 10, "\"worst\"");
  expect_refused(gitlab_schema, "wrong.gitlab.json", wrong);
}

TEST_F(Schema, RdjsonIsValid) {
  expect_valid(rdjson_schema, "sample.rdjson", rdjson(sample_result(), sample_context()));
  expect_valid(rdjson_schema, "empty.rdjson", rdjson({}, sample_context()));
  expect_valid(rdjson_schema, "hostile.rdjson", rdjson(hostile_and_told(), sample_context()));
  std::string wrong = rdjson(sample_result(), sample_context());
  wrong.replace(wrong.find("\"ERROR\""), 7, "\"error\"");
  expect_refused(rdjson_schema, "wrong.rdjson", wrong);
}

TEST(JunitSchema, JunitIsValid) {
  if (std::system("xmllint --version >/dev/null 2>&1") != 0) {  // NOLINT(cert-env33-c)
    std::cerr << "SKIPPED: JUnit reports are NOT checked against their schema: xmllint is missing (apt install libxml2-utils)\n";
    GTEST_SKIP();
  }
  const auto check = [](const std::string& report) {
    const test::TemporaryFolder folder;
    const std::string path = folder.write("junit.xml", report);
    const int code =
        std::system(("xmllint --noout --nonet --schema '" + std::string(junit_schema) + "' '" + path + "' 2>/dev/null").c_str());  // NOLINT
    return code;
  };
  EXPECT_EQ(check(junit(sample_result(), sample_context())), 0) << junit(sample_result(), sample_context());
  EXPECT_EQ(check(junit({}, sample_context())), 0);
  EXPECT_EQ(check(junit(hostile_and_told(), sample_context())), 0) << junit(hostile_and_told(), sample_context());
  EXPECT_NE(check("<testsuites><testsuite name=\"a\"/></testsuites>"), 0);
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
