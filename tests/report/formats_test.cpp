// The small formats: what their readers do with each part, on names that mean something to them.
#include "report/report.h"
#include "tests/report/sample.h"
#include "tests/temporary_folder.h"

#include <cstdlib>
#include <iostream>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace cupel::report {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// One finding about all of `bytes`.
lint::LintResult one(std::string bytes, const std::string& message) {
  const auto size = static_cast<std::uint32_t>(bytes.size());
  lint::LintResult result = result_of(std::move(bytes), {{0, size}});
  result.findings.front().message = message;
  result.findings.front().severity = lint::Severity::error;
  return result;
}

TEST(Compact, OneLineAFinding) {
  const std::string report = compact(sample_result(), sample_context());
  EXPECT_THAT(report, HasSubstr(":3:1: error: building index"));
  EXPECT_THAT(report, HasSubstr("[add-index-non-concurrent]\n"));
  const std::string broken = compact(one("DROP TABLE a;", "drops \"a\nb\x1b[0m\""), sample_context());
  EXPECT_EQ(std::count(broken.begin(), broken.end(), '\n'), 1);
  EXPECT_THAT(broken, Not(HasSubstr("\x1b")));
}

TEST(Compact, SuppressedAndKnownFindingsAreLeftOut) {
  lint::LintResult result = result_of("SELECT", {{0, 6}, {0, 6}});
  result.findings[0].known = true;
  result.findings[1].suppressed = "";
  for (const auto format : {compact, github}) EXPECT_EQ(format(result, sample_context()), "");
  EXPECT_EQ(json::parse(gitlab(result, sample_context())).size(), 0U);
  EXPECT_EQ(json::parse(rdjson(result, sample_context())).at("diagnostics").size(), 0U);
  EXPECT_THAT(markdown(result, sample_context()), AllOf(HasSubstr("no findings"), HasSubstr("1 suppressed, 1 known")));
  EXPECT_THAT(junit(result, sample_context()), AllOf(HasSubstr("failures=\"0\""), HasSubstr("<skipped")));
}

TEST(Github, EscapesWhatTheRunnerReads) {
  lint::LintResult result = one("DROP TABLE a;\n-- b\n", "50%\n::error::x\r");
  result.sources.front() = std::make_shared<SourceText>("./a,b:c%.sql", "DROP TABLE a;\n-- b\n");
  const std::string report = github(result, sample_context());
  EXPECT_THAT(report, StartsWith("::error file=a%2Cb%3Ac%25.sql,line=1,"));
  EXPECT_THAT(report, HasSubstr("::50%25%0A::error::x%0D"));
  EXPECT_EQ(std::count(report.begin(), report.end(), '\n'), 1);
}

TEST(Github, ColumnsOnlyWithinOneLine) {
  EXPECT_THAT(github(one("DROP TABLE a;", "m"), sample_context()), HasSubstr("col=1,endColumn=14,"));
  EXPECT_THAT(github(one("DROP TABLE\na;", "m"), sample_context()), AllOf(HasSubstr("line=1,endLine=2"), Not(HasSubstr("col="))));
}

TEST(Gitlab, FingerprintsAreUniqueAndStayWhenLinesMove) {
  const auto fingerprints = [](const std::string& report) {
    std::set<std::string> all;
    for (const json& entry : json::parse(report)) all.insert(entry.at("fingerprint"));
    return all;
  };
  lint::LintResult result = result_of("SELECT SELECT", {{0, 6}, {7, 13}});
  EXPECT_EQ(fingerprints(gitlab(result, sample_context())).size(), 2U);
  lint::LintResult moved = result_of("\n\nSELECT SELECT", {{2, 8}, {9, 15}});
  EXPECT_EQ(fingerprints(gitlab(result, sample_context())), fingerprints(gitlab(moved, sample_context())));
}

TEST(Rdjson, ColumnsAreBytes) {
  const json report = json::parse(rdjson(result_of("é DROP", {{3, 7}}), sample_context()));
  const json& range = report.at("diagnostics").at(0).at("location").at("range");
  EXPECT_EQ(range.at("start").at("column"), 4);
  EXPECT_EQ(range.at("end").at("column"), 8);
}

TEST(Junit, CountsAddUp) {
  const std::string report = junit(sample_result(), sample_context());
  EXPECT_THAT(report, HasSubstr("<testsuites name=\"cupel\""));
  EXPECT_THAT(report, HasSubstr("<failure type=\"error\""));
  EXPECT_THAT(report, HasSubstr("<skipped message=\"suppressed: "));
  lint::LintResult clean = result_of("SELECT", {});
  EXPECT_THAT(junit(clean, sample_context()), AllOf(HasSubstr("tests=\"1\" failures=\"0\""), HasSubstr("name=\"no findings\"")));
}

TEST(Markdown, NamesAreNoMarkup) {
  lint::LintResult result = one("x", "drops <b>@team</b> | `a` *b* [c](d) #1");
  result.findings.front().safe_sql = "SELECT '```';";
  const std::string report = markdown(result, sample_context());
  EXPECT_THAT(report, AllOf(Not(HasSubstr("<b>@")), Not(HasSubstr("@team")), HasSubstr("\\|"), HasSubstr("\\`a\\`"), HasSubstr("\\[c\\]")));
  EXPECT_THAT(report, HasSubstr("````sql\nSELECT '```';\n````"));
}

TEST(Markdown, StaysWithinAComment) {
  lint::LintResult result = result_of("SELECT", std::vector<Span>(5'000, {0, 6}));
  for (lint::Finding& finding : result.findings) finding.why = std::string(100, 'w');
  const std::string report = markdown(result, sample_context());
  EXPECT_LT(report.size(), 65'536U);
  EXPECT_THAT(report, HasSubstr("did not fit into a comment"));
  EXPECT_EQ(std::string_view(report).substr(0, 14), "<!-- cupel -->");
}

TEST(Markdown, WhatIsSeriousComesFirst) {
  const std::string report = markdown(sample_result(), sample_context());
  EXPECT_LT(report.find("**error**"), report.find("**info**"));
}

lint::LintResult outlined() {
  lint::LintResult result = sample_result();
  lint::RevisionNote first{.revision = "1", .title = "begin", .parents = {}, .judged = false, .statements = {}};
  lint::RevisionNote second{.revision = "0007", .title = "<script>alert(1)</script>", .parents = {"1"}, .statements = {}};
  second.statements.push_back(
      {{0, 10}, "ALTER TABLE", false, 1, {{"orders", "ACCESS EXCLUSIVE", "reads and writes", "until the transaction ends", true}}});
  second.statements.push_back({{11, 20}, "CREATE TRIGGER", false, 1, {{"orders", "SHARE ROW EXCLUSIVE", "writes", "briefly", true}}});
  second.statements.push_back({{21, 30}, "SELECT", false, 1, {}});
  second.statements.push_back({{31, 40}, "SELECT", false, 2, {}});
  lint::RevisionNote other{.revision = "8", .title = "other head", .parents = {"1"}, .statements = {}};
  result.revisions = {first, second, other};
  return result;
}

TEST(Html, HoldsAllAndAsksForNothing) {
  const std::string page = html(outlined(), sample_context());
  EXPECT_THAT(page, StartsWith("<!DOCTYPE html>"));
  EXPECT_THAT(page, AllOf(HasSubstr("default-src 'none'"), HasSubstr("prefers-color-scheme: dark"), Not(HasSubstr("<script")),
                          Not(HasSubstr("http:")), Not(HasSubstr("https:")), Not(HasSubstr("url("))));
  EXPECT_THAT(page, AllOf(HasSubstr("<svg"), HasSubstr("class=\"history \""), HasSubstr("&lt;script&gt;")));
}

TEST(Html, ALockStaysToTheEndOfItsTransaction) {
  const std::string page = html(outlined(), sample_context());
  const auto count = [&page](std::string_view words) {
    std::size_t found = 0;
    for (std::size_t at = page.find(words); at != std::string::npos; at = page.find(words, at + 1)) ++found;
    return found;
  };
  EXPECT_EQ(count("<td class=\"cell lock ae\""), 2U);  // the weaker lock asked for later changes nothing
  EXPECT_EQ(count("<td class=\"cell held ae\""), 1U);  // and not in the second transaction
}

// The page in a real browser: it is drawn, and nothing in it is refused.
TEST(Html, IsDrawnByABrowser) {
  if (std::system("chromium --version >/dev/null 2>&1") != 0) {  // NOLINT(cert-env33-c)
    std::cerr << "SKIPPED: the HTML report is NOT opened in a browser: chromium is missing (apt install chromium)\n";
    GTEST_SKIP();
  }
  const test::TemporaryFolder folder;
  folder.write("report.html", html(outlined(), sample_context()));
  const std::string command = "cd '" + folder.path().string() +
                              "' && chromium --headless --no-sandbox --disable-gpu --user-data-dir=profile --enable-logging=stderr "
                              "--window-size=1000,1600 --screenshot=page.png --dump-dom \"file://$PWD/report.html\" >dom.html 2>log.txt";
  ASSERT_EQ(std::system(command.c_str()), 0) << folder.read("log.txt");  // NOLINT(cert-env33-c)
  EXPECT_THAT(folder.read("log.txt"), Not(HasSubstr("CONSOLE")));        // refusals by the content security policy are logged there
  EXPECT_THAT(folder.read("dom.html"), AllOf(HasSubstr("id=\"revisions\""), HasSubstr("other head"), HasSubstr("</svg>")));
}

}  // namespace
}  // namespace cupel::report
