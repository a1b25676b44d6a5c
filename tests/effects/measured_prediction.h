// What the effects module says of one row of fixtures/effects, in the words of the data's columns.
#pragma once

#include "tests/effects/measured_rows.h"

#include <optional>
#include <set>
#include <string>

namespace cupel::effects {

struct PredictedRow {
  bool parsed = true;  // false: this build's grammar does not know the statement or its set-up
  bool allowed_in_transaction = true;
  std::string sqlstate;  // of a certain failure
  std::set<std::string> possible_sqlstates;
  std::string on_target;  // mode
  Strongest on_other, on_index;
  bool rewrite = false, index_rebuild = false, full_scan = false;
  std::set<std::string> reads_blocked, writes_blocked;
};

PredictedRow predict_row(const Row& row, int postgres_version);

}  // namespace cupel::effects
