// Any bytes as a migration: parsed, replayed, judged, and reported in every format.
#include "lint/engine.h"
#include "migrations/layout.h"
#include "report/report.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cupel;
  if (size == 0) return 0;
  lint::Settings settings;
  settings.threads = 1;
  settings.postgres_version = 13 + data[0] % 6;
  const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Result<migrations::MigrationSet> set = migrations::read_text("20240101_000000_fuzz.sql", bytes, {});
  if (!set) return 0;
  const lint::LintResult result = lint::lint({&*set, 1}, lint::rule_table(), settings);
  const report::ReportContext context{{}, "0"};
  if (report::text(result, {report::Color::always, 80}).empty() || report::json(result, context).empty() ||
      report::sarif(result, context).empty()) {
    __builtin_trap();
  }
  for (const lint::Finding& finding : result.findings) {
    if (finding.span.begin > finding.span.end || finding.span.end > result.sources[finding.source]->text().size()) __builtin_trap();
  }
  return 0;
}
