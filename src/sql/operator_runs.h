// Internal to src/sql: keeps PostgreSQL's scanner linear.
//
// For each operator and each nested comment the scanner reads on to the end of the run of operator characters and then
// gives most of it back (scan.l, rules `operator` and `xcstart`). Runs of many thousand characters, which nobody
// writes but anybody can send, would take it minutes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cupel::sql {

struct TamedText {
  std::optional<std::uint32_t> too_long;  // offset of an operator that PostgreSQL would refuse for its length
  std::string text;                       // same length; long runs in comments are blank
};

// Nullopt for every normal text, after looking at every thousandth byte.
std::optional<TamedText> tame_operator_runs(std::string_view text);

}  // namespace cupel::sql
