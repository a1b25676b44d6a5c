// Any bytes as the stream that a language server reads, cut where the first byte says, and any bodies as its messages.
#include "lsp/message_reader.h"
#include "lsp/server.h"
#include "lsp/uri.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cupel;
  if (size == 0) return 0;
  const std::size_t piece = 1 + data[0];
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);

  lsp::Surroundings surroundings;
  surroundings.read_project = [](const std::string&) -> Result<lsp::ProjectSettings> { return lsp::ProjectSettings(); };
  surroundings.rule_url = [](std::string_view) { return std::string(); };
  surroundings.version = "fuzz";
  lsp::Server server(std::move(surroundings), [](const std::string& body) {
    if (!nlohmann::json::accept(body)) __builtin_trap();
  });
  lsp::MessageReader reader;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    reader.feed(bytes.substr(at, piece));
    while (const auto message = reader.next()) {
      if (*message) server.receive(**message);
      else server.refuse(message->error().message);
    }
  }
  // One body that needs no header: the fuzzer gets further with it.
  server.receive(bytes);
  for (int i = 0; i < 64 && server.has_work() && !server.is_over(); ++i) server.work();
  return 0;
}
