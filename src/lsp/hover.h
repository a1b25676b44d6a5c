// What the statement under the cursor does to a live server, in Markdown: what `cupel effects` shows, in an editor.
#pragma once

#include "lint/finding.h"
#include "lsp/history.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::lsp {

struct HoverText {
  Span span;  // of the statement, or of the finding where there is none
  std::string markdown;
};

// `findings`: those of the file. Each comes with the page of its rule, unless
// `has_page` says that the client can open it.
std::optional<HoverText> hover(History& history, const std::string& path, std::uint32_t offset, const std::vector<lint::Finding>& findings,
                               const std::function<bool(std::string_view rule)>& has_page);

}  // namespace cupel::lsp
