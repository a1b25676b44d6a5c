// Findings as the user wants to see them; shared by everything that lints.
#pragma once

#include "base/result.h"
#include "cli/configuration.h"
#include "lint/finding.h"
#include "lint/settings.h"

#include <string>
#include <string_view>
#include <vector>

namespace cupel::cli {

// text, compact, json, …: what --format takes.
const std::vector<std::string>& format_names();

struct LintOutput {
  std::string format = "text";  // one of format_names()
  std::string output;           // the file it is for; empty or "-": standard output
  std::string color = "auto";
  // Whether the findings need fingerprints, or the result an outline of its revisions.
  [[nodiscard]] bool needs_fingerprints() const;
  [[nodiscard]] bool needs_outline() const { return format == "html"; }
};

// What --output asks for: each a FILE (in `format`), a FORMAT (to standard output) or FORMAT:FILE. A `format` that none of them is in
// is what standard output gets, text if it is empty and there are no outputs. Errors: two reports for one place.
Result<std::vector<LintOutput>> parse_outputs(const std::vector<std::string>& outputs, const std::string& format, const std::string& color);

std::string render(const LintOutput& options, const lint::LintResult& result, const lint::Settings& settings);

// Something at or above the level was found, and is neither suppressed nor known.
bool fails(const lint::LintResult& result, FailOn fail_on);

}  // namespace cupel::cli
