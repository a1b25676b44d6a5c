// Life and dispatch: what comes in goes to the function that knows it. src/lsp/server_documents.cpp has the functions about documents.
#include "lsp/server.h"

#include "lsp/code_actions.h"
#include "lsp/uri.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace cupel::lsp {
namespace {

using nlohmann::json;

// What may make a folder another one than it was: migrations, what runners keep beside them, cupel's own files.
constexpr std::string_view watched_files = "**/*.{sql,pgsql,psql,ddl,postgres,toml,json,conf,lock,mod,plan,sh,bash,in}";

}  // namespace

void Server::receive(std::string_view body) {
  MessageReading reading = read_message(body);
  if (!reading.refusal.empty()) send_(reading.refusal);
  if (!reading.message) return;
  if (reading.message->method != "$/cancelRequest") {
    messages_.push_back(std::move(*reading.message));
    return;
  }
  const json& params = reading.message->params;
  const json id = params.is_object() && params.contains("id") ? params["id"] : json();
  const auto cancelled = std::ranges::find_if(messages_, [&](const Message& waiting) { return waiting.is_request() && waiting.id == id; });
  if (cancelled == messages_.end()) return;  // it was answered already
  send_(error_response(id, RpcError::request_cancelled, "cancelled"));
  messages_.erase(cancelled);
}

void Server::refuse(std::string_view problem) { send_(error_response(nullptr, RpcError::parse_error, problem)); }

void Server::work() {
  if (!messages_.empty()) {
    const Message message = std::move(messages_.front());
    messages_.pop_front();
    handle(message);
    return;
  }
  if (unjudged_.empty()) return;
  const std::string path = unjudged_.front();
  unjudged_.erase(unjudged_.begin());
  if (const Document* open = workspace_.find(path); open != nullptr) publish(*open, judge(*open));
}

void Server::handle(const Message& message) {
  if (message.method == "exit") {
    over_ = true;
    messages_.clear();
    unjudged_.clear();
    return;
  }
  // LSP 3.17, "initialize" and "shutdown": before the one and after the other, requests are refused and notifications dropped.
  const bool early = state_ == State::uninitialised && message.method != "initialize";
  if (early || state_ == State::shut_down) {
    if (!message.is_request()) return;
    send_(early ? error_response(message.id, RpcError::server_not_initialized, "`initialize` has to come first")
                : error_response(message.id, RpcError::invalid_request, "the server was shut down; only `exit` may follow"));
    return;
  }
  // Parameters of another shape than LSP says throw where they are looked at.
  try {
    if (message.is_request()) answer(message);
    else note(message);
  } catch (const json::exception& error) {
    const std::string words = fmt::format("{}: the parameters are not those of LSP ({})", message.method, error.what());
    if (message.is_request()) send_(error_response(message.id, RpcError::invalid_params, words));
    else log(words);
  }
}

void Server::answer(const Message& request) {
  if (request.method == "initialize") {
    if (state_ != State::uninitialised) {
      send_(error_response(request.id, RpcError::invalid_request, "`initialize` comes only once"));
      return;
    }
    send_(response(request.id, initialize(request.params)));
  } else if (request.method == "shutdown") {
    state_ = State::shut_down;
    unjudged_.clear();
    send_(response(request.id, nullptr));
  } else if (request.method == "textDocument/hover") {
    send_(response(request.id, hover(request.params)));
  } else if (request.method == "textDocument/codeAction") {
    send_(response(request.id, code_action(request.params)));
  } else if (request.method == "workspace/executeCommand") {
    const std::string command = request.params.at("command").get<std::string>();
    if (command != open_page_command) {
      send_(error_response(request.id, RpcError::invalid_params, fmt::format("there is no command \"{}\"", command)));
      return;
    }
    send_(response(request.id, execute_command(request.params)));
  } else {
    send_(error_response(request.id, RpcError::method_not_found, fmt::format("cupel does not know the method \"{}\"", request.method)));
  }
}

void Server::note(const Message& notification) {
  // Others are about what this server does not do, and may be dropped ("$/" ones without a word: LSP 3.17).
  if (notification.method == "initialized") initialized();
  else if (notification.method == "textDocument/didOpen") did_open(notification.params);
  else if (notification.method == "textDocument/didChange") did_change(notification.params);
  else if (notification.method == "textDocument/didClose") did_close(notification.params);
  else if (notification.method == "textDocument/didSave") did_save(notification.params);
  else if (notification.method == "workspace/didChangeWatchedFiles") did_change_watched_files(notification.params);
  else if (notification.method == "workspace/didChangeWorkspaceFolders") did_change_folders(notification.params);
}

json Server::initialize(const json& params) {
  client_ = read_client(params);
  workspace_.set_folders(client_.folders);
  state_ = State::running;
  json capabilities = {
      {"positionEncoding", client_.encoding == PositionEncoding::utf8 ? "utf-8" : "utf-16"},
      {"textDocumentSync", {{"openClose", true}, {"change", 2 /* incremental */}, {"save", {{"includeText", false}}}}},
      {"hoverProvider", true},
      {"codeActionProvider", {{"codeActionKinds", json::array({"quickfix"})}}},
      {"workspace", {{"workspaceFolders", {{"supported", true}, {"changeNotifications", true}}}}},
  };
  if (opens_pages()) capabilities["executeCommandProvider"] = {{"commands", json::array({open_page_command})}};
  return {{"capabilities", std::move(capabilities)}, {"serverInfo", {{"name", "cupel"}, {"version", surroundings_.version}}}};
}

void Server::initialized() {
  if (!client_.registers_watchers) return;
  const json watcher = {{"globPattern", watched_files}};
  const json registration = {
      {"id", "watched-files"}, {"method", "workspace/didChangeWatchedFiles"}, {"registerOptions", {{"watchers", json::array({watcher})}}}};
  send_(request(next_id_++, "client/registerCapability", {{"registrations", json::array({registration})}}));
}

void Server::judge_soon(const std::string& path) {
  std::vector<std::string> order;
  if (workspace_.find(path) != nullptr) order.push_back(path);
  for (const auto& [other, document] : workspace_.documents()) {
    if (other == path) continue;
    const bool waits = std::ranges::find(unjudged_, other) != unjudged_.end();
    if (waits || workspace_.is_concerned(other, path)) order.push_back(other);
  }
  for (const std::string& waiting : order) judged_[waiting].current = false;
  unjudged_ = std::move(order);
}

void Server::judge_all_soon() {
  for (const auto& [path, document] : workspace_.documents()) {
    judged_[path].current = false;
    if (std::ranges::find(unjudged_, path) == unjudged_.end()) unjudged_.push_back(path);
  }
}

Server::Judgement& Server::judge(const Document& document) {
  Judgement& judgement = judged_[document.path];
  if (judgement.current) return judgement;
  judgement.current = true;
  judgement.result = {};
  judgement.diagnostics = json::array();
  Result<History*> history = workspace_.history_of(document.path);
  if (!history) {
    // The one thing that can be said is that nothing can be.
    const Lines lines(document.text, client_.encoding);
    judgement.diagnostics.push_back({{"range", as_json(lines.range(lines.line_around(0)))},
                                     {"severity", 1},
                                     {"source", "cupel"},
                                     {"message", fmt::format("not checked: {}", history.error().message)}});
    return judgement;
  }
  if (*history == nullptr) return judgement;
  judgement.result = (*history)->judge(document.path);
  if (judgement.result.findings.empty()) return judgement;
  const Lines lines(document.text, client_.encoding);
  const DiagnosticContext told = context();
  for (const lint::Finding& finding : judgement.result.findings) {
    judgement.diagnostics.push_back(diagnostic(finding, judgement.result, lines, told));
  }
  return judgement;
}

void Server::publish(const Document& document, Judgement& judgement) {
  json params = {{"uri", document.uri}, {"diagnostics", judgement.diagnostics}};
  if (client_.diagnostic_versions) params["version"] = document.version;
  std::string message = notification("textDocument/publishDiagnostics", std::move(params));
  if (message == judgement.published) return;
  send_(message);
  judgement.published = std::move(message);
}

void Server::log(std::string_view words) { send_(notification("window/logMessage", {{"type", 2 /* warning */}, {"message", words}})); }

DiagnosticContext Server::context() const {
  DiagnosticContext told;
  told.encoding = client_.encoding;
  told.related_information = client_.related_information;
  told.rule_url = surroundings_.rule_url;
  // An open file as the client spells it.
  told.uri = [this](const std::string& path) {
    const auto open = workspace_.documents().find(path);
    return open == workspace_.documents().end() ? uri_of(path) : open->second.uri;
  };
  return told;
}

}  // namespace cupel::lsp
