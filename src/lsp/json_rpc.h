// JSON-RPC 2.0 as LSP uses it: what a message's body says, and the bodies of answers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace cupel::lsp {

// LSP 3.17, "ErrorCodes".
enum class RpcError : int {
  parse_error = -32700,
  invalid_request = -32600,
  method_not_found = -32601,
  invalid_params = -32602,
  server_not_initialized = -32002,
  request_cancelled = -32800,
  request_failed = -32803,
};

struct Message {
  nlohmann::json id;  // null: a notification, which nobody answers
  std::string method;
  nlohmann::json params;

  [[nodiscard]] bool is_request() const { return !id.is_null(); }
};

std::string response(const nlohmann::json& id, nlohmann::json result);
std::string error_response(const nlohmann::json& id, RpcError code, std::string_view message);
std::string notification(std::string_view method, nlohmann::json params);
std::string request(std::int64_t id, std::string_view method, nlohmann::json params);

// One of the two, or neither: an answer to a request of ours, which says nothing that matters.
struct MessageReading {
  std::optional<Message> message;
  std::string refusal;  // the answer to a body that is no message
};
MessageReading read_message(std::string_view body);

}  // namespace cupel::lsp
