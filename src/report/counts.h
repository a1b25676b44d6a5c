// How many findings of which kind: the summary of every format.
#pragma once

#include "lint/finding.h"

#include <array>
#include <cstddef>

namespace cupel::report {

struct Counts {
  std::array<std::size_t, 3> by_severity{};  // without the suppressed and the known ones
  std::size_t suppressed = 0;
  std::size_t known = 0;
  std::size_t migrations = 0;

  [[nodiscard]] std::size_t of(lint::Severity severity) const { return by_severity[static_cast<std::size_t>(severity)]; }
};

inline Counts count(const lint::LintResult& result) {
  Counts counts;
  for (const lint::Finding& finding : result.findings) {
    if (finding.suppressed) ++counts.suppressed;
    else if (finding.known) ++counts.known;
    else ++counts.by_severity[static_cast<std::size_t>(finding.severity)];
  }
  for (const lint::LayoutUse& use : result.layouts) counts.migrations += use.migrations;
  return counts;
}

}  // namespace cupel::report
