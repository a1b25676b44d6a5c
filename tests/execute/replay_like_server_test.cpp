// What the replay makes of statements is what a real server makes of them: for every set-up whose effects were measured, what
// the measured statement does to it, and the examples of all rules.
#include "tests/execute/replay_and_server.h"

#include <iostream>
#include <regex>
#include <set>
#include <tuple>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace cupel::execute {
namespace {

// Few rows do: it is definitions that are compared.
std::string with_few_rows(const std::string& sql) {
  return std::regex_replace(sql, std::regex(R"(generate_series\(1, ?\d+\))"), "generate_series(1, 3)");
}

class Comparisons {
 public:
  // An unsure difference is no failure, but there should be few.
  void compare(ReplayAndServer& both, const std::string& what) {
    ++compared_;
    const ReplayAndServer::Differences differences = both.differences();
    EXPECT_EQ(differences.certain, "") << what;
    if (differences.unsure.empty()) return;
    ++unsure_;
    std::cout << "unsure: " << what << "\n" << differences.unsure;
  }
  ~Comparisons() { std::cout << compared_ << " comparisons, " << unsure_ << " with something unsure\n"; }

 private:
  std::size_t compared_ = 0, unsure_ = 0;
};

// In parts, to be run side by side.
constexpr std::size_t parts = 4;
class ReplayLikeServerMeasured : public testing::TestWithParam<std::tuple<int, std::size_t>> {};
INSTANTIATE_TEST_SUITE_P(VersionsAndParts, ReplayLikeServerMeasured,
                         testing::Combine(testing::ValuesIn(outer_server_versions()), testing::Range(std::size_t{0}, parts)),
                         [](const auto& one) { return fmt::format("{}_{}", std::get<0>(one.param), std::get<1>(one.param)); });

TEST_P(ReplayLikeServerMeasured, SetUpsAndStatements) {
  const auto [major, part] = GetParam();
  ReplayAndServer both(major);
  Comparisons comparisons;
  std::set<std::string> seen;
  for (const std::vector<std::string>& row : read_csv(fmt::format("{}/fixtures/effects/effects-{}.csv", CUPEL_SOURCE_DIR, major))) {
    if (row[2].size() % parts != part) continue;
    // Before 15 the generated column went with what it is made of; the replay does as later versions do, which refuse.
    if (major < 15 && row[0] == "drop_column.generated_stored_base") continue;
    // Statements that changed nothing, and those on the same set-up that were refused, tell nothing new.
    const bool refused = !row[7].empty();
    if (refused && seen.contains(row[2])) continue;
    both.reset();
    both.run(with_few_rows(row[2]));
    if (seen.insert(row[2]).second) comparisons.compare(both, row[2]);
    if (refused) continue;
    if (both.run(row[3]) > 0) comparisons.compare(both, row[0] + ": " + row[2] + " " + row[3]);
  }
}

class ReplayLikeServerOf : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Versions, ReplayLikeServerOf, testing::ValuesIn(outer_server_versions()), testing::PrintToStringParamName());

TEST_P(ReplayLikeServerOf, ExamplesOfRules) {
  ReplayAndServer both(GetParam());
  Comparisons comparisons;
  for (const std::string& path : files_below("rules", "fires", ".sql")) {
    both.reset();
    both.run(read_file(path));
    comparisons.compare(both, path);
  }
}

TEST_P(ReplayLikeServerOf, ExampleProjects) {
  ReplayAndServer both(GetParam());
  Comparisons comparisons;
  for (const std::string folder : {"fixtures/demo/migrations", "fixtures/layouts/cupel"}) {
    both.reset();
    for (const std::string& path : files_below(folder, "", ".sql")) {
      // Without the part that takes the migration back.
      std::string text = read_file(path);
      for (const std::string_view mark : {"-- cupel:downgrade", "-- +goose Down"}) text = text.substr(0, text.find(mark));
      both.run(text);
    }
    comparisons.compare(both, folder);
  }
}

}  // namespace
}  // namespace cupel::execute
