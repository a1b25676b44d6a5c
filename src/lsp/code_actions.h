// What an editor offers to do about a finding: to say why it is all right here, to have the safer way as a comment, to read
// the rule's page. Nothing that runs is changed.
#pragma once

#include "lint/finding.h"
#include "lsp/positions.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace cupel::lsp {

inline constexpr std::string_view open_page_command = "cupel.openRulePage";

struct CodeActionRequest {
  const Document& document;
  const lint::LintResult& result;     // of the document as it is, with Settings::outline
  const nlohmann::json& diagnostics;  // of result.findings, in their order
  Span range;                         // where the cursor or the selection is
  PositionEncoding encoding = PositionEncoding::utf16;
  bool versioned_edits = false;
  std::function<std::string(std::string_view rule)> page;  // its address where the client can open one; else empty
};

nlohmann::json code_actions(const CodeActionRequest& request);

// A comment of whole lines to stand above the statement that begins at `offset`, with its indentation.
struct Insertion {
  std::uint32_t offset = 0;
  std::string text;
};
// `comment`: its lines separated by \n, none at its end.
Insertion comment_above(std::string_view text, std::uint32_t offset, std::string_view comment);

}  // namespace cupel::lsp
