// Findings as LSP's diagnostics.
#pragma once

#include "lint/finding.h"
#include "lsp/positions.h"

#include <functional>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace cupel::lsp {

struct DiagnosticContext {
  PositionEncoding encoding = PositionEncoding::utf16;
  bool related_information = true;                             // the client shows places besides the finding's own
  std::function<std::string(std::string_view rule)> rule_url;  // of its page on the web; empty: it has none
  std::function<std::string(const std::string& path)> uri;     // as the client calls the file
};

// `lines`: of the finding's own source, which is one of `result`.
nlohmann::json diagnostic(const lint::Finding& finding, const lint::LintResult& result, const Lines& lines,
                          const DiagnosticContext& context);

// Where an editor marks the finding: one about a whole file at its first line.
Span marked_span(const lint::Finding& finding, const Lines& lines);

nlohmann::json as_json(TextRange range);

}  // namespace cupel::lsp
