// Findings as the user wants to see them; shared by everything that lints.
#pragma once

#include "cli/configuration.h"
#include "lint/finding.h"
#include "lint/settings.h"

#include <string>

namespace cupel::cli {

struct LintOutput {
  std::string format = "text";  // text, json, sarif
  std::string output;           // the file it is for; empty or "-": standard output
  std::string color = "auto";
};
std::string render(const LintOutput& options, const lint::LintResult& result, const lint::Settings& settings);

// Something at or above the level was found and not suppressed.
bool fails(const lint::LintResult& result, FailOn fail_on);

}  // namespace cupel::cli
