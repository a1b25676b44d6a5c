// -- cupel:backfill: the statement below it runs in batches, each in a transaction of its own; docs/execution.md.
#pragma once

#include "base/result.h"
#include "base/span.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::migrations {

struct Backfill {
  Span comment;                               // the directive, in the file
  std::string table;                          // as written; empty: the statement's own
  std::string key;                            // a unique column that batches go along
  std::uint32_t batch = 1000;                 // rows looked at in one transaction
  std::chrono::milliseconds pause{0};         // between two batches
  std::chrono::milliseconds max_lag{10'000};  // a replica further behind is waited for; 0: not looked at
};

// The directive's value: "table=orders key=id batch=500 pause=50ms max-lag=5s". An error says what is wrong with it.
Result<Backfill> parse_backfill(std::string_view value);

// The one that the statement at `statement_begin` belongs to: nothing but white space and comments lies between.
const Backfill* backfill_before(const std::vector<Backfill>& backfills, std::string_view text, std::uint32_t statement_begin);

}  // namespace cupel::migrations
