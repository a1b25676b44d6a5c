// Runs every fixture and every documented example of every rule. Nothing to edit when a rule is added.
#include "fixture.h"
#include "lint/rule.h"
#include "migrations/layout.h"
#include "sql/script.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace cupel::test {
namespace {

const std::filesystem::path rules_folder = std::filesystem::path(CUPEL_SOURCE_DIR) / "rules";

std::string listed(const std::vector<std::string>& lines) { return fmt::format("{}", fmt::join(lines, "\n")); }

void expect_agreement(const Fixture& fixture, std::string_view rule) {
  for (const int version : std::set<int>{fixture.first_version, fixture.last_version}) {
    const Result<lint::LintResult> result = run_fixture(fixture, version, rule);
    ASSERT_TRUE(result) << result.error().message;
    const std::vector<std::string> lines = differences(fixture, *result);
    EXPECT_TRUE(lines.empty()) << "for PostgreSQL " << version << ":\n" << listed(lines);
  }
}

// The parser compiled in is older than a statement of the fixture.
bool needs_newer_parser(const Fixture& fixture) { return fixture.first_version >= 18 && sql::parser_version_number() < 180000; }

class FixtureTest : public testing::Test {
 public:
  FixtureTest(std::string rule, std::filesystem::path path) : rule_(std::move(rule)), path_(std::move(path)) {}
  void TestBody() override {
    const Result<Fixture> fixture = parse_fixture(read_file(path_));
    ASSERT_TRUE(fixture) << fixture.error().message;
    if (needs_newer_parser(*fixture))
      GTEST_SKIP() << "SKIPPED: needs the grammar of PostgreSQL 18, this build has " << sql::parser_version();
    const bool silent = path_.filename().string().starts_with("silent");
    const bool own_want = std::ranges::any_of(fixture->wants, [this](const Want& want) { return want.rule == rule_; });
    EXPECT_EQ(silent, !own_want) << "a silent fixture has no want of its rule, a firing one has at least one";
    for (const Want& want : fixture->wants) EXPECT_NE(lint::find_rule(want.rule), nullptr) << "unknown rule " << want.rule;
    expect_agreement(*fixture, rule_);
    if (silent) return;
    // Inverted once: with the rule off its wants must fail, or the harness proves nothing.
    const Result<lint::LintResult> without = run_fixture(*fixture, fixture->last_version, rule_, rule_);
    ASSERT_TRUE(without) << without.error().message;
    EXPECT_FALSE(differences(*fixture, *without).empty()) << "the wants are met although the rule is off";
    expect_fixed(*fixture);
  }

 private:
  void expect_fixed(const Fixture& fixture) const {
    std::filesystem::path fixed_path = path_;
    fixed_path.replace_extension(".fixed.sql");
    if (!std::filesystem::exists(fixed_path)) return;
    const Result<lint::LintResult> result = run_fixture(fixture, fixture.last_version, rule_);
    ASSERT_TRUE(result);
    ASSERT_EQ(fixture.files.size(), 1U) << "a fixture with a fixed twin is one file";
    std::string text = fixture.files[0].text;
    std::vector<lint::Fix::Edit> edits;
    for (const lint::Finding& finding : result->findings) {
      if (!finding.fixes.empty()) edits.insert(edits.end(), finding.fixes[0].edits.begin(), finding.fixes[0].edits.end());
    }
    ASSERT_FALSE(edits.empty()) << "no finding offers a fix";
    std::ranges::stable_sort(edits, [](const auto& a, const auto& b) { return a.span.begin > b.span.begin; });
    for (const lint::Fix::Edit& edit : edits) text.replace(edit.span.begin, edit.span.size(), edit.replacement);
    std::string trimmed_lines;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t newline = std::min(text.find('\n', at), text.size());
      std::string line = text.substr(at, newline - at);
      line.erase(line.find_last_not_of(' ') + 1);
      trimmed_lines += line + "\n";
      at = newline + 1;
    }
    EXPECT_EQ(trimmed_lines, read_file(fixed_path));
    Fixture fixed = fixture;
    fixed.files[0].text = text;
    fixed.wants.clear();
    expect_agreement(fixed, rule_);
    const SourceText source("fixed", text);
    EXPECT_TRUE(sql::Script::parse(source).errors().empty()) << "the fixed text does not parse";
  }

  std::string rule_;
  std::filesystem::path path_;
};

// ```sql fires   must give at least one finding of the rule; any other ```sql block none. What a fixture's header may say
// may stand behind it, too: ```sql fires layout=goose
class DocumentationTest : public testing::Test {
 public:
  explicit DocumentationTest(const lint::RuleEntry& entry) : entry_(entry) {}
  void TestBody() override {
    std::string_view rest = entry_.documentation;
    bool fires_shown = false;
    for (std::size_t begin = rest.find("```sql"); begin != std::string_view::npos; begin = rest.find("```sql")) {
      rest.remove_prefix(begin + 6);
      const std::size_t line_end = rest.find('\n');
      const std::size_t end = rest.find("```", line_end);
      ASSERT_NE(end, std::string_view::npos) << "a block is not closed";
      const std::string_view mark = rest.substr(0, line_end);
      const std::string_view block = rest.substr(line_end + 1, end - line_end - 1);
      rest.remove_prefix(end + 3);
      const bool fires = mark.find("fires") != std::string_view::npos;
      fires_shown = fires_shown || fires;
      std::string header(mark);  // "fires layout=goose"
      if (const std::size_t word = header.find("fires"); word != std::string::npos) header.erase(word, 5);
      Result<Fixture> fixture = parse_fixture(fmt::format("-- fixture:{}\n{}", header, block));
      ASSERT_TRUE(fixture) << fixture.error().message;
      if (needs_newer_parser(*fixture)) continue;
      const Result<lint::LintResult> result = run_fixture(*fixture, fixture->last_version, entry_.id);
      ASSERT_TRUE(result) << result.error().message;
      const auto own = std::ranges::count(result->findings, entry_.id, &lint::Finding::rule);
      EXPECT_EQ(own > 0, fires) << block;
    }
    // Examples in C++ are run by tests/embedded.
    fires_shown = fires_shown || entry_.documentation.find("```cpp fires") != std::string_view::npos;
    EXPECT_TRUE(fires_shown) << "the page shows no example that fires";
  }

 private:
  const lint::RuleEntry& entry_;
};

TEST(RuleTable, IsValid) {
  std::set<std::string_view> ids;
  for (const lint::RuleEntry& entry : lint::rule_table()) {
    SCOPED_TRACE(entry.id);
    EXPECT_TRUE(ids.insert(entry.id).second);
    for (const std::string_view former : entry.rule->former_ids) EXPECT_TRUE(ids.insert(former).second) << former;
    EXPECT_FALSE(entry.rule->title.empty());
    EXPECT_LE(entry.rule->title.size(), 70U);
    EXPECT_NE(entry.rule->title.back(), '.');
    for (const std::string_view heading : {"## What it flags", "## Why", "## Safer way", "## When it is fine"}) {
      EXPECT_NE(entry.documentation.find(heading), std::string_view::npos) << heading;
    }
    int fires = 0;
    int silent = 0;
    for (const auto& file : std::filesystem::directory_iterator(rules_folder / entry.id)) {
      const std::string name = file.path().filename().string();
      if (name.starts_with("fires") && name.ends_with(".fixed.sql")) continue;
      const bool is_fixture = name.ends_with(".sql") || name.ends_with(".cpp");  // those in C++ are run by tests/embedded
      if (name.starts_with("fires") && is_fixture) ++fires;
      else if (name.starts_with("silent") && is_fixture) ++silent;
      else EXPECT_TRUE(name == "rule.cpp" || name == "rule.md") << "a file that no test reads: " << name;
    }
    EXPECT_GE(fires, 1);
    EXPECT_GE(silent, 1);
  }
  EXPECT_FALSE(ids.empty());
}

TEST(RuleTable, RelatedRulesExist) {
  for (const lint::RuleEntry& entry : lint::rule_table()) {
    for (const std::string_view other : entry.rule->yields_to)
      EXPECT_NE(lint::find_rule(other), nullptr) << entry.id << " yields to " << other;
  }
}

}  // namespace

// A '-' in a filter of GoogleTest begins what is left out, so that no test with one in its name could be chosen.
static std::string test_name(std::string name) {
  std::ranges::replace(name, '-', '_');
  return name;
}

static void register_rule_tests() {
  for (const lint::RuleEntry& entry : lint::rule_table()) {
    const std::string id(entry.id);
    testing::RegisterTest("Documentation", test_name(id).c_str(), nullptr, nullptr, __FILE__, __LINE__,
                          [&entry]() -> testing::Test* { return new DocumentationTest(entry); });
    for (const auto& file : std::filesystem::directory_iterator(rules_folder / id)) {
      const std::string name = file.path().filename().string();
      const bool fixture = name.ends_with(".sql") && !name.ends_with(".fixed.sql");
      if (!fixture) continue;
      const std::string test = id + "/" + name;
      testing::RegisterTest("Fixture", test_name(test).c_str(), nullptr, nullptr, __FILE__, __LINE__,
                            [id, path = file.path()]() -> testing::Test* { return new FixtureTest(id, path); });
    }
  }
}

}  // namespace cupel::test

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  cupel::test::register_rule_tests();
  const int status = RUN_ALL_TESTS();
  if (testing::UnitTest::GetInstance()->test_to_run_count() == 0 && !testing::GTEST_FLAG(list_tests)) {
    std::cerr << "no test has that name\n";
    return 1;
  }
  return status;
}
