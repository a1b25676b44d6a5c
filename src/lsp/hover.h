// What the statement under the cursor does to a live server, in Markdown: what `cupel effects` shows, in an editor.
#pragma once

#include "lint/finding.h"
#include "lsp/history.h"

#include <optional>
#include <string>
#include <vector>

namespace cupel::lsp {

struct HoverText {
  Span span;  // of the statement, or of the finding where there is none
  std::string markdown;
};

// `findings`: those of the file. `explain`: with the pages of their rules, for clients that cannot open them.
std::optional<HoverText> hover(History& history, const std::string& path, std::uint32_t offset, const std::vector<lint::Finding>& findings,
                               bool explain);

}  // namespace cupel::lsp
