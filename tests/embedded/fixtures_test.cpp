// Runs the C++ fixtures of fixtures/cxx and of the rules, and the C++ examples on the rules' pages, as `cupel lint` would:
//
//   PQexec(c, "DROP TABLE a");  // want drop-table@14 "words of the message"; other-rule
//   // want-2 drop-table         two lines above
//   // want rule                 about the whole file, where the finding has no line
//
// Every finding needs a want on the line it begins, and every want a finding. The examples in docs/cpp are whole sources, whose lines
// end with the rules that speak of them: `// drop-column, rename-column`.
#include "embedded/sources.h"
#include "lint/engine.h"
#include "lint/rule.h"
#include "tests/temporary_folder.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace cupel::embedded {
namespace {

namespace fs = std::filesystem;

const std::string program = CUPEL_BINARY_DIR "/bin/cupel-cxx";

std::string contents(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

struct Want {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string rule;
  std::string words;
  bool met = false;
};

std::vector<Want> wants_of(const std::string& text) {
  std::vector<Want> wants;
  std::istringstream lines(text);
  std::string line;
  static const std::regex mark(R"(//\s*want([+-]\d+)?\s+(.*)$)");
  static const std::regex one(R"(([a-z0-9-]+)(@(\d+))?(\s+"([^"]*)\")?)");
  for (std::uint32_t number = 1; std::getline(lines, line); ++number) {
    if (line.ends_with('\r')) line.pop_back();
    std::smatch found;
    if (!std::regex_search(line, found, mark)) continue;
    const std::uint32_t at = found[1].matched ? number + static_cast<std::uint32_t>(std::stoi(found[1].str())) : number;
    const std::string rest = found[2].str();
    for (std::sregex_iterator it(rest.begin(), rest.end(), one); it != std::sregex_iterator(); ++it) {
      wants.push_back(
          {at, (*it)[3].matched ? static_cast<std::uint32_t>(std::stoul((*it)[3].str())) : 0, (*it)[1].str(), (*it)[5].str(), false});
    }
  }
  return wants;
}

lint::LintResult lint_file(const fs::path& path, std::string_view only) {
  FrontEnd front_end;
  front_end.program = program;
  front_end.threads = 1;
  front_end.settings.sinks = {{"App::migrate_with", 1}};
  Sources sources(front_end);
  std::vector<migrations::MigrationSet> sets;
  for (const migrations::GeneratedText& generated : sources.add("", {path.string()}, true)) {
    auto set = migrations::read_text(generated.alias, std::string(generated.text->text()), "cupel");
    EXPECT_TRUE(set) << set.error().message;
    if (!set) continue;
    for (auto& source : set->sources) source = generated.text;
    sets.push_back(*set);
  }
  sources.finish(sets);
  lint::Settings settings;
  if (!only.empty()) settings.only.emplace(only);
  settings.assume_lock_timeout = true;
  settings.threads = 1;
  lint::LintResult result = lint::lint(sets, lint::rule_table(), settings);
  sources.move_findings(result);
  return result;
}

void expect_agreement(const fs::path& path, std::string_view only) {
  const std::string text = contents(path);
  std::vector<Want> wants = wants_of(text);
  const lint::LintResult result = lint_file(path, only);
  for (const lint::Finding& finding : result.findings) {
    if (finding.suppressed) continue;
    const SourceText& source = *result.sources[finding.source];
    const Position position = source.position(finding.span.begin);
    const bool whole_file = finding.span.empty();
    const auto want = std::ranges::find_if(wants, [&](const Want& one) {
      return !one.met && one.rule == finding.rule && (whole_file || one.line == position.line) &&
             (one.column == 0 || one.column == position.column) && finding.message.find(one.words) != std::string::npos;
    });
    if (want != wants.end()) want->met = true;
    else
      ADD_FAILURE() << fmt::format("{}:{}:{}: no want for {}: {}", source.name(), position.line, position.column, finding.rule,
                                   finding.message);
  }
  for (const Want& want : wants) {
    if (!want.met)
      ADD_FAILURE() << fmt::format("{}:{}: no finding of {}@{} \"{}\"", path.string(), want.line, want.rule, want.column, want.words);
  }
}

class FixtureTest : public testing::Test {
 public:
  FixtureTest(fs::path path, std::string rule) : path_(std::move(path)), rule_(std::move(rule)) {}
  void TestBody() override {
    if (::access(program.c_str(), X_OK) != 0) GTEST_SKIP() << "SKIPPED: built without cupel-cxx";
    const bool wants = std::ranges::any_of(wants_of(contents(path_)), [this](const Want& one) { return one.rule == rule_; });
    if (!rule_.empty()) { EXPECT_EQ(wants, path_.filename().string().starts_with("fires")); }
    expect_agreement(path_, rule_);
  }

 private:
  fs::path path_;
  std::string rule_;
};

// ```cpp fires must give at least one finding of the page's rule; any other ```cpp block none.
class PageTest : public testing::Test {
 public:
  explicit PageTest(const lint::RuleEntry& entry) : entry_(entry) {}
  void TestBody() override {
    if (::access(program.c_str(), X_OK) != 0) GTEST_SKIP() << "SKIPPED: built without cupel-cxx";
    std::string_view rest = entry_.documentation;
    for (std::size_t begin = rest.find("```cpp"); begin != std::string_view::npos; begin = rest.find("```cpp")) {
      rest.remove_prefix(begin + 6);
      const std::size_t line_end = rest.find('\n');
      const std::size_t end = rest.find("```", line_end);
      ASSERT_NE(end, std::string_view::npos);
      const bool fires = rest.substr(0, line_end).find("fires") != std::string_view::npos;
      const test::TemporaryFolder folder;
      const fs::path file = folder.write("page.cpp", rest.substr(line_end + 1, end - line_end - 1));
      const lint::LintResult result = lint_file(file, entry_.id);
      EXPECT_EQ(std::ranges::count(result.findings, entry_.id, &lint::Finding::rule) > 0, fires) << rest.substr(0, end);
      rest.remove_prefix(end + 3);
    }
  }

 private:
  const lint::RuleEntry& entry_;
};

// A page of docs/cpp.
class DocumentTest : public testing::Test {
 public:
  explicit DocumentTest(fs::path path) : path_(std::move(path)) {}
  void TestBody() override {
    if (::access(program.c_str(), X_OK) != 0) GTEST_SKIP() << "SKIPPED: built without cupel-cxx";
    const std::string text = contents(path_);
    static const std::regex block("```(cpp|c)\n([^`]*)```");
    int silent = 0;
    int all = 0;
    for (std::sregex_iterator it(text.begin(), text.end(), block); it != std::sregex_iterator(); ++it, ++all) {
      const std::string source = (*it)[2].str();
      const std::vector<std::string> expected = wanted(source);
      const test::TemporaryFolder folder;
      const lint::LintResult result = lint_file(folder.write("page." + (*it)[1].str(), source), "");
      std::vector<std::string> found;
      for (const lint::Finding& finding : result.findings) {
        if (finding.suppressed || finding.severity == lint::Severity::info) continue;
        found.push_back(fmt::format("{}: {}", result.sources[finding.source]->position(finding.span.begin).line, finding.rule));
      }
      EXPECT_THAT(found, testing::UnorderedElementsAreArray(expected)) << source;
      silent += expected.empty() ? 1 : 0;
    }
    EXPECT_GE(all - silent, 1) << "nothing to see before";
    EXPECT_GE(silent, 1) << "and nothing afterwards";
  }

 private:
  // "line: rule" for each rule in a comment.
  static std::vector<std::string> wanted(const std::string& source) {
    std::vector<std::string> expected;
    static const std::regex mark(R"((?://|/\*) ([a-z0-9-]+(?:, [a-z0-9-]+)*)(?: \*/)?$)");
    static const std::regex one("[a-z0-9-]+");
    std::istringstream lines(source);
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
      std::smatch found;
      if (!std::regex_search(line, found, mark)) continue;
      const std::string rules = found[1].str();
      for (std::sregex_iterator it(rules.begin(), rules.end(), one); it != std::sregex_iterator(); ++it) {
        if (lint::find_rule(it->str()) != nullptr) expected.push_back(fmt::format("{}: {}", number, it->str()));
      }
    }
    return expected;
  }

  fs::path path_;
};

std::string test_name(std::string name) {
  std::ranges::replace_if(
      name, [](char c) { return c == '-' || c == '.' || c == '/'; }, '_');
  return name;
}

}  // namespace

static void register_cxx_fixtures() {
  const fs::path root(CUPEL_SOURCE_DIR);
  const auto add = [](const std::string& suite, const fs::path& path, const std::string& rule, const std::string& name) {
    testing::RegisterTest(suite.c_str(), test_name(name).c_str(), nullptr, nullptr, __FILE__, __LINE__,
                          [path, rule]() -> testing::Test* { return new FixtureTest(path, rule); });
  };
  std::vector<fs::path> paths;
  for (const auto& file : fs::directory_iterator(root / "fixtures" / "cxx")) {
    if (file.is_regular_file()) paths.push_back(file.path());
  }
  std::ranges::sort(paths);
  for (const fs::path& path : paths) add("CxxFixture", path, "", path.filename().string());
  for (const auto& page : fs::directory_iterator(root / "docs" / "cpp")) {
    testing::RegisterTest("CxxDocument", test_name(page.path().stem().string()).c_str(), nullptr, nullptr, __FILE__, __LINE__,
                          [path = page.path()]() -> testing::Test* { return new DocumentTest(path); });
  }
  for (const lint::RuleEntry& entry : lint::rule_table()) {
    const std::string id(entry.id);
    for (const auto& file : fs::directory_iterator(root / "rules" / id)) {
      if (file.path().extension() == ".cpp" && file.path().filename() != "rule.cpp") {
        add("CxxRuleFixture", file.path(), id, id + "_" + file.path().filename().string());
      }
    }
    if (entry.documentation.find("```cpp") == std::string_view::npos) continue;
    testing::RegisterTest("CxxPage", test_name(id).c_str(), nullptr, nullptr, __FILE__, __LINE__,
                          [&entry]() -> testing::Test* { return new PageTest(entry); });
  }
}

}  // namespace cupel::embedded

int main(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  cupel::embedded::register_cxx_fixtures();
  return RUN_ALL_TESTS();
}
