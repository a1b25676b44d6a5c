#include "lsp/json_rpc.h"

#include <utility>

namespace cupel::lsp {
namespace {

using nlohmann::json;

// Words of findings may quote bytes of a file that are no UTF-8.
std::string text_of(const json& message) { return message.dump(-1, ' ', false, json::error_handler_t::replace); }

bool is_id(const json& id) { return id.is_string() || id.is_number_integer(); }

}  // namespace

std::string response(const json& id, json result) { return text_of({{"jsonrpc", "2.0"}, {"id", id}, {"result", std::move(result)}}); }

std::string error_response(const json& id, RpcError code, std::string_view message) {
  return text_of({{"jsonrpc", "2.0"}, {"id", id}, {"error", {{"code", static_cast<int>(code)}, {"message", message}}}});
}

std::string notification(std::string_view method, json params) {
  return text_of({{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}});
}

std::string request(std::int64_t id, std::string_view method, json params) {
  return text_of({{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", std::move(params)}});
}

MessageReading read_message(std::string_view body) {
  const auto refuse = [](const json& id, RpcError code, std::string_view words) {
    return MessageReading{std::nullopt, error_response(id, code, words)};
  };
  json told = json::parse(body, nullptr, false);
  if (told.is_discarded()) return refuse(nullptr, RpcError::parse_error, "the message is no JSON in UTF-8");
  if (!told.is_object()) return refuse(nullptr, RpcError::invalid_request, "a message is one JSON object; LSP knows no batches");
  const json id = told.contains("id") ? told["id"] : json();
  if (!told.contains("method")) {
    if (told.contains("result") || told.contains("error")) return {};
    return refuse(is_id(id) ? id : json(), RpcError::invalid_request, "the message names no method");
  }
  if (!told["method"].is_string()) return refuse(is_id(id) ? id : json(), RpcError::invalid_request, "the method's name is no string");
  if (told.contains("id") && !is_id(id)) return refuse(nullptr, RpcError::invalid_request, "the id is neither a string nor an integer");
  Message message{id, told["method"].get<std::string>(), json()};
  if (told.contains("params")) message.params = std::move(told["params"]);
  return {std::move(message), {}};
}

}  // namespace cupel::lsp
