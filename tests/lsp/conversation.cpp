#include "tests/lsp/conversation.h"

#include "lsp/uri.h"

#include <utility>

#include <gtest/gtest.h>

namespace cupel::lsp {

using nlohmann::json;

Conversation::Conversation()
    : server({.read_project = [this](const std::string&) -> Result<ProjectSettings> {
                if (settings_error) return Error{ErrorCode::usage, *settings_error};
                return settings;
              },
              .settings_files = {"cupel.toml"},
              .rule_url = [this](std::string_view rule) { return rules_url.empty() ? std::string() : rules_url + std::string(rule); },
              .version = "1.2.3"},
             [this](const std::string& body) { sent_.push_back(json::parse(body)); }) {
  std::filesystem::create_directory(folder_.path() / ".git");
}

std::string Conversation::uri(const std::string& file) const { return uri_of(folder_.path(file)); }

json Conversation::initialize(json capabilities) {
  const json told = result(
      "initialize", {{"processId", nullptr}, {"rootUri", uri_of(folder_.path().string())}, {"capabilities", std::move(capabilities)}});
  notify("initialized", json::object());
  return told;
}

void Conversation::work() {
  while (server.has_work()) server.work();
}

json Conversation::request(std::string_view method, json params) {
  const std::int64_t id = next_id_++;
  server.receive(json{{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", std::move(params)}}.dump());
  work();
  for (const json& message : sent_) {
    if (message.value("id", json()) == id && !message.contains("method")) return message;
  }
  ADD_FAILURE() << "no answer to " << method;
  return json::object();
}

json Conversation::result(std::string_view method, json params) {
  const json answer = request(method, std::move(params));
  if (!answer.contains("result")) ADD_FAILURE() << answer;
  return answer.value("result", json());
}

void Conversation::notify(std::string_view method, json params) {
  server.receive(json{{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}}.dump());
  work();
}

void Conversation::open(const std::string& uri, std::string_view text, std::int64_t version) {
  notify("textDocument/didOpen", {{"textDocument", {{"uri", uri}, {"languageId", "sql"}, {"version", version}, {"text", text}}}});
}

void Conversation::change(const std::string& uri, std::string_view text, std::int64_t version) {
  notify("textDocument/didChange",
         {{"textDocument", {{"uri", uri}, {"version", version}}}, {"contentChanges", json::array({{{"text", text}}})}});
}

void Conversation::close(const std::string& uri) { notify("textDocument/didClose", {{"textDocument", {{"uri", uri}}}}); }

json Conversation::diagnostics(const std::string& uri) const {
  json last;
  for (const json& message : sent_) {
    if (message.value("method", "") != "textDocument/publishDiagnostics" || message["params"]["uri"] != uri) continue;
    last = message["params"]["diagnostics"];
  }
  return last;
}

std::vector<std::string> Conversation::rules(const std::string& uri) const {
  std::vector<std::string> rules;
  for (const json& diagnostic : diagnostics(uri)) {
    rules.push_back(diagnostic.contains("code") ? diagnostic["code"].get<std::string>() : diagnostic["message"].get<std::string>());
  }
  return rules;
}

std::vector<json> Conversation::take_sent() {
  const std::size_t first = std::exchange(taken_, sent_.size());
  return {sent_.begin() + static_cast<std::ptrdiff_t>(first), sent_.end()};
}

}  // namespace cupel::lsp
