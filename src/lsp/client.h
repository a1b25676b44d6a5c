// What the other side of the connection can do, as its `initialize` says.
#pragma once

#include "lsp/positions.h"

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace cupel::lsp {

struct Client {
  PositionEncoding encoding = PositionEncoding::utf16;
  bool related_information = false;   // of diagnostics
  bool diagnostic_versions = false;   // the version of the document they were found in
  bool code_action_literals = false;  // else it takes commands only
  bool versioned_edits = false;       // documentChanges
  bool shows_documents = false;       // window/showDocument: a page in the browser
  bool registers_watchers = false;    // tells of files that change on the disk, when it is asked to
  bool plain_hover = false;           // it takes no Markdown
  std::vector<std::string> folders;   // that are open in it: paths
};

// `params`: of `initialize`. What is missing, or of another type than LSP says, the client cannot do.
Client read_client(const nlohmann::json& params);

}  // namespace cupel::lsp
