// What the client tells about documents and files, and what it asks about a place in one.
#include "lsp/code_actions.h"
#include "lsp/hover.h"
#include "lsp/server.h"
#include "lsp/uri.h"
#include "migrations/file_name.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace cupel::lsp {
namespace {

using nlohmann::json;

TextPosition position_of(const json& position) {
  return {position.at("line").get<std::uint32_t>(), position.at("character").get<std::uint32_t>()};
}

TextRange range_of(const json& range) { return {position_of(range.at("start")), position_of(range.at("end"))}; }

// Kinds are a hierarchy: whoever asks for "quickfix" asks for "quickfix.this", too, and "" for all.
bool wants_quick_fixes(const json& context) {
  if (!context.contains("only") || context["only"].is_null()) return true;
  return std::ranges::any_of(context["only"], [](const json& kind) { return kind == "quickfix" || kind == ""; });
}

}  // namespace

Document* Server::document(const json& params) {
  const std::optional<std::string> path = path_of(params.at("textDocument").at("uri").get<std::string>());
  return path ? workspace_.find(*path) : nullptr;
}

bool Server::is_settings_file(const std::string& path) const {
  return std::ranges::find(surroundings_.settings_files, migrations::base_name(path)) != surroundings_.settings_files.end();
}

void Server::did_open(const json& params) {
  const json& told = params.at("textDocument");
  Document opened;
  opened.uri = told.at("uri").get<std::string>();
  opened.version = told.at("version").get<std::int64_t>();
  opened.text = told.at("text").get<std::string>();
  const std::optional<std::string> path = path_of(opened.uri);
  if (!path) return;  // no file of this machine: it belongs to no folder of migrations
  opened.path = *path;
  workspace_.open(std::move(opened));
  if (!client_.registers_watchers) workspace_.forget_disk();
  judged_.erase(*path);
  judge_soon(*path);
}

void Server::did_change(const json& params) {
  Document* const changed = document(params);
  if (changed == nullptr) return;
  const json& changes = params.at("contentChanges");
  // All of it is looked at before any of it is done: half a change would leave another text than the client has.
  for (const json& change : changes) {
    static_cast<void>(change.at("text").get_ref<const std::string&>());
    if (change.contains("range")) range_of(change["range"]);
  }
  for (const json& change : changes) {
    const auto& text = change["text"].get_ref<const std::string&>();
    if (change.contains("range")) replace(*changed, range_of(change["range"]), text, client_.encoding);
    else changed->text = text;
  }
  const json& identifier = params.at("textDocument");
  if (identifier.contains("version") && identifier["version"].is_number_integer())
    changed->version = identifier["version"].get<std::int64_t>();
  workspace_.note_change();
  judge_soon(changed->path);
}

void Server::did_close(const json& params) {
  const Document* const closed = document(params);
  if (closed == nullptr) return;
  const std::string path = closed->path;
  send_(notification("textDocument/publishDiagnostics", {{"uri", closed->uri}, {"diagnostics", json::array()}}));
  judge_soon(path);  // others, which see the disk's text of it from now on
  std::erase(unjudged_, path);
  judged_.erase(path);
  workspace_.close(path);
}

void Server::did_save(const json& params) {
  const std::optional<std::string> path = path_of(params.at("textDocument").at("uri").get<std::string>());
  if (!path) return;
  if (is_settings_file(*path)) {
    workspace_.forget_projects();
    judge_all_soon();
    return;
  }
  if (!client_.registers_watchers) workspace_.forget_disk();
  workspace_.note_change_on_disk(*path, false);
  judge_soon(*path);
}

void Server::did_change_watched_files(const json& params) {
  constexpr int changed = 2;  // FileChangeType; 1 is created, 3 deleted
  for (const json& change : params.at("changes")) {
    const std::optional<std::string> path = path_of(change.at("uri").get<std::string>());
    if (!path) continue;
    if (is_settings_file(*path)) workspace_.forget_projects();
    else workspace_.note_change_on_disk(*path, change.value("type", changed) != changed);
  }
  judge_all_soon();
}

void Server::did_change_folders(const json& params) {
  const auto each = [&](const char* which, auto use) {
    const json& event = params.at("event");
    if (!event.contains(which)) return;
    for (const json& folder : event[which]) {
      if (std::optional<std::string> path = path_of(folder.at("uri").get<std::string>())) use(std::move(*path));
    }
  };
  each("removed", [this](const std::string& folder) { workspace_.remove_folder(folder); });
  each("added", [this](std::string folder) { workspace_.add_folder(std::move(folder)); });
  judge_all_soon();
}

json Server::hover(const json& params) {
  const TextPosition position = position_of(params.at("position"));
  const Document* const at = document(params);
  if (at == nullptr) return nullptr;
  Judgement& judgement = judge(*at);
  const Result<History*> history = workspace_.history_of(at->path);
  if (!history || *history == nullptr) return nullptr;
  const Lines lines(at->text, client_.encoding);
  std::optional<HoverText> text =
      lsp::hover(**history, at->path, lines.offset(position), judgement.result.findings,
                 [this](std::string_view rule) { return opens_pages() && !surroundings_.rule_url(rule).empty(); });
  if (!text) return nullptr;
  const char* const kind = client_.plain_hover ? "plaintext" : "markdown";
  return {{"contents", {{"kind", kind}, {"value", std::move(text->markdown)}}}, {"range", as_json(lines.range(text->span))}};
}

json Server::code_action(const json& params) {
  const TextRange range = range_of(params.at("range"));
  const bool wanted = wants_quick_fixes(params.at("context"));
  const Document* const at = document(params);
  if (at == nullptr || !wanted || !client_.code_action_literals) return json::array();
  const Judgement& judgement = judge(*at);
  const auto page = [this](std::string_view rule) { return opens_pages() ? surroundings_.rule_url(rule) : std::string(); };
  return code_actions({.document = *at,
                       .result = judgement.result,
                       .diagnostics = judgement.diagnostics,
                       .range = Lines(at->text, client_.encoding).span(range),
                       .encoding = client_.encoding,
                       .versioned_edits = client_.versioned_edits,
                       .page = page});
}

json Server::execute_command(const json& params) {
  const std::string page = surroundings_.rule_url(params.at("arguments").at(0).get<std::string>());
  if (!page.empty()) send_(request(next_id_++, "window/showDocument", {{"uri", page}, {"external", true}}));
  return nullptr;
}

}  // namespace cupel::lsp
