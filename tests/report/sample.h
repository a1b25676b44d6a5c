// A made-up lint result that has everything a report can show: several files and layouts, non-ASCII text, CRLF, tabs,
// spans over several lines, related places, fixes, a suppressed finding and one about a whole file.
#pragma once

#include "lint/finding.h"
#include "report/report.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::report {

lint::LintResult sample_result();
ReportContext sample_context();

// One text and a span for each finding in it.
lint::LintResult result_of(std::string bytes, const std::vector<Span>& spans);
// The span of the first `part` in `bytes`.
Span span_of(std::string_view bytes, std::string_view part);

// The content of fixtures/report/<name>. With UPDATE_GOLDEN set, it is first replaced by `actual`.
std::string golden(std::string_view name, std::string_view actual);
std::string read_file(const std::string& path);

}  // namespace cupel::report
