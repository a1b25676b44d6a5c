// Predictions against what real servers of versions 13 to 18 did (fixtures/effects/README.md), field by field.
// CUPEL_MEASURED_VERBOSE=1 prints each mismatch.
#include "effects/effects.h"
#include "sql/script.h"
#include "tests/effects/measured_prediction.h"
#include "tests/effects/measured_rows.h"

#include <array>
#include <cstdlib>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace cupel::effects {
namespace {

// Rows wholly right, in percent, that each version must reach. Only ever raised.
constexpr std::array<double, 6> floors = {98.8, 98.7, 99.3, 99.1, 99.3, 99.3};

struct Tally {
  int rows = 0, right = 0, skipped = 0;
  std::map<std::string, int> mismatches;
};

class Comparison {
 public:
  Comparison(const Row& row, Tally& tally) : row_(row), tally_(tally) {}

  void field(const std::string& name, const std::string& predicted, const std::string& observed) {
    if (predicted == observed) return;
    right_ = false;
    ++tally_.mismatches[name];
    if (std::getenv("CUPEL_MEASURED_VERBOSE") != nullptr) {
      fmt::print("{} {}: {} predicted '{}', observed '{}'\n", row_.at("server_version"), row_.at("case_id"), name, predicted, observed);
    }
  }
  void flag(const std::string& name, bool predicted) { field(name, predicted ? "yes" : "no", row_.at(name)); }
  void blocked(const std::string& name, const std::set<std::string>& predicted) {
    if (row_.at(name) != "not probed") field(name, to_text(predicted), to_text(blocked_of(row_.at(name))));
  }
  [[nodiscard]] bool right() const { return right_; }

 private:
  const Row& row_;
  Tally& tally_;
  bool right_ = true;
};

void compare(const Row& row, const PredictedRow& predicted, Tally& tally) {
  Comparison comparison(row, tally);
  comparison.field("allowed_in_tx", predicted.allowed_in_transaction ? "yes" : "no", row.at("allowed_in_tx"));
  const std::string& observed = row.at("sqlstate");
  const bool possible = predicted.sqlstate.empty() && predicted.possible_sqlstates.count(observed) != 0;
  if (!possible) comparison.field("sqlstate", predicted.sqlstate, observed);
  comparison.field("strongest_lock_on_target", predicted.on_target, strongest_of(row.at("strongest_lock_on_target")).mode);
  comparison.field("strongest_lock_on_other", to_text(predicted.on_other), to_text(strongest_of(row.at("strongest_lock_on_other"))));
  comparison.field("strongest_lock_on_index", to_text(predicted.on_index), to_text(strongest_index_of(row.at("strongest_lock_on_index"))));
  comparison.flag("rewrite", predicted.rewrite);
  comparison.flag("index_rebuild", predicted.index_rebuild);
  comparison.flag("full_scan", predicted.full_scan);
  comparison.blocked("reads_blocked", predicted.reads_blocked);
  comparison.blocked("writes_blocked", predicted.writes_blocked);
  if (comparison.right()) ++tally.right;
}

Tally compare_version(int version) {
  Tally tally;
  for (const Row& row : measured_rows(version)) {
    if (row.at("allowed_in_tx") == "n/a") continue;  // the version has no such syntax
    const PredictedRow predicted = predict_row(row, version);
    if (!predicted.parsed) {
      ++tally.skipped;
      fmt::print("{} {}: skipped, the grammar of {} does not know it\n", version, row.at("case_id"), sql::parser_version());
      continue;
    }
    ++tally.rows;
    compare(row, predicted, tally);
  }
  return tally;
}

class Measured : public testing::TestWithParam<int> {};

TEST_P(Measured, PredictionsHold) {
  const int version = GetParam();
  const Tally tally = compare_version(version);
  ASSERT_GT(tally.rows, 600);
  const double percent = 100.0 * tally.right / tally.rows;
  fmt::print("PostgreSQL {}: {} of {} rows wholly right ({:.1f} %), {} skipped; mismatches:", version, tally.right, tally.rows, percent,
             tally.skipped);
  for (const auto& [field, count] : tally.mismatches) fmt::print(" {} {}", field, count);
  fmt::print("\n");
  EXPECT_GE(percent, floors[static_cast<std::size_t>(version - first_version)]);
}

INSTANTIATE_TEST_SUITE_P(Versions, Measured, testing::Range(first_version, last_version + 1));

}  // namespace
}  // namespace cupel::effects
