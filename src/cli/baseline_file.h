// cupel-baseline.json: the findings a project had when it began with cupel. docs/baseline.md describes it.
#pragma once

#include "base/result.h"
#include "cli/configuration.h"
#include "lint/baseline.h"

#include <string>
#include <string_view>
#include <vector>

namespace cupel::cli {

inline constexpr std::string_view baseline_name = "cupel-baseline.json";

// Where the baseline is and what is in it.
struct Baseline {
  std::string file;     // as named by the user, or beside cupel.toml, or in the current folder
  bool exists = false;  // false: no such file, and none was asked for
  std::vector<lint::BaselineEntry> entries;

  // How the baseline calls a file: relative to the folder it is in itself.
  [[nodiscard]] std::string name_of(std::string_view source) const;
  [[nodiscard]] bool is_gone(const std::string& name) const;
};

// Reads `file`; empty: the file of that name beside the configuration or in the current folder, if there is one. Errors: it
// cannot be read, or was asked for and is not there, or is no baseline (with its line).
Result<Baseline> read_baseline(const std::string& file, const Configuration& configuration);
// The same, but one that does not exist yet is empty.
Result<Baseline> place_baseline(const std::string& file, const Configuration& configuration);
// The text of a baseline with these entries.
std::string baseline_text(const std::vector<lint::BaselineEntry>& entries);

}  // namespace cupel::cli
