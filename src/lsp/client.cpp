#include "lsp/client.h"

#include "lsp/uri.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include <nlohmann/json.hpp>

namespace cupel::lsp {
namespace {

using nlohmann::json;

const json& at(const json& value, const char* pointer) {
  static const json none;
  const json::json_pointer place(pointer);
  return value.contains(place) ? value.at(place) : none;
}

bool says_yes(const json& capabilities, const char* pointer) {
  const json& value = at(capabilities, pointer);
  return value.is_boolean() && value.get<bool>();
}

bool lists(const json& values, std::string_view word) {
  return values.is_array() && std::ranges::any_of(values, [word](const json& value) { return value.is_string() && value == word; });
}

void add_folder(const json& uri, std::vector<std::string>& folders) {
  if (!uri.is_string()) return;
  if (const std::optional<std::string> path = path_of(uri.get_ref<const std::string&>())) folders.push_back(*path);
}

}  // namespace

Client read_client(const json& params) {
  Client client;
  const json& can = at(params, "/capabilities");
  if (lists(at(can, "/general/positionEncodings"), "utf-8")) client.encoding = PositionEncoding::utf8;
  client.related_information = says_yes(can, "/textDocument/publishDiagnostics/relatedInformation");
  client.diagnostic_versions = says_yes(can, "/textDocument/publishDiagnostics/versionSupport");
  client.code_action_literals = at(can, "/textDocument/codeAction/codeActionLiteralSupport").is_object();
  client.versioned_edits = says_yes(can, "/workspace/workspaceEdit/documentChanges");
  client.shows_documents = says_yes(can, "/window/showDocument/support");
  client.registers_watchers = says_yes(can, "/workspace/didChangeWatchedFiles/dynamicRegistration");
  const json& formats = at(can, "/textDocument/hover/contentFormat");
  client.plain_hover = formats.is_array() && !formats.empty() && !lists(formats, "markdown");
  // Newer clients name all folders; rootUri is what came before (LSP 3.17, "WorkspaceFoldersServerCapabilities").
  if (const json& folders = at(params, "/workspaceFolders"); folders.is_array()) {
    for (const json& folder : folders) add_folder(at(folder, "/uri"), client.folders);
  } else {
    add_folder(at(params, "/rootUri"), client.folders);
  }
  return client;
}

}  // namespace cupel::lsp
