// Fingerprints: the identity of a finding across edits of its file.
#include "lint/fingerprint.h"

#include "tests/lint/lint_test_support.h"

#include <gtest/gtest.h>

namespace cupel::lint {
namespace {

std::string only_fingerprint(std::string text, bool downgrade = false) {
  Settings settings;
  settings.only = {"drop-table"};
  const LintResult result =
      lint_with(settings, downgrade ? make_set({{"001", "SELECT 1", std::move(text)}}) : make_set({{"001", std::move(text)}}));
  EXPECT_EQ(result.findings.size(), 1U);
  return result.findings.empty() ? "" : result.findings[0].fingerprint;
}

TEST(Fingerprint, Is16HexadecimalDigits) {
  const std::string digits = only_fingerprint("DROP TABLE a;");
  EXPECT_EQ(digits.size(), 16U);
  EXPECT_EQ(digits.find_first_not_of("0123456789abcdef"), std::string::npos);
}

TEST(Fingerprint, StaysWhenTheFileChangesAroundTheFinding) {
  const std::string before = only_fingerprint("DROP TABLE a;");
  EXPECT_EQ(before, only_fingerprint("SELECT 1;\n\n-- about it\nDROP TABLE a;\nSELECT 2;"));
  EXPECT_EQ(before, only_fingerprint("DROP\n  TABLE /* really */\n a;"));
  EXPECT_EQ(before, only_fingerprint("DROP TABLE a"));
}

TEST(Fingerprint, DiffersBetweenFindings) {
  const std::string one = only_fingerprint("DROP TABLE a;");
  EXPECT_NE(one, only_fingerprint("DROP TABLE b;"));
  EXPECT_NE(one, only_fingerprint("DROP TABLE a;", true));
}

// Anybody's baseline depends on it: a change of these values is a breaking change.
TEST(Fingerprint, IsTheSameInEveryVersion) {
  Finding finding;
  finding.rule = "drop-table";
  finding.message = "dropping table a";
  finding.span = {0, 12};
  EXPECT_EQ(fingerprint(finding, "DROP TABLE a"), "cc79d62bfa832764");
}

}  // namespace
}  // namespace cupel::lint
