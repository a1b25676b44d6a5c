// A client that talks to a server in the same process.
#pragma once

#include "lsp/server.h"
#include "tests/temporary_folder.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace cupel::lsp {

class Conversation {
 public:
  Conversation();

  // ---- files of the workspace, which is a folder of its own ---------------------------------------------------------
  [[nodiscard]] std::string write(const std::string& file, std::string_view text) { return folder_.write(file, text), uri(file); }
  [[nodiscard]] std::string uri(const std::string& file) const;
  [[nodiscard]] const test::TemporaryFolder& folder() const { return folder_; }

  // ---- what the client sends; everything is worked off before these return --------------------------------------------
  // With `initialized` behind it. The result.
  nlohmann::json initialize(nlohmann::json capabilities = nlohmann::json::object());
  // The whole answer.
  nlohmann::json request(std::string_view method, nlohmann::json params);
  // The result; a failure of the test when it is an error.
  nlohmann::json result(std::string_view method, nlohmann::json params);
  void notify(std::string_view method, nlohmann::json params);
  void open(const std::string& uri, std::string_view text, std::int64_t version = 1);
  void change(const std::string& uri, std::string_view text, std::int64_t version = 2);
  void close(const std::string& uri);

  // ---- what it has been told -------------------------------------------------------------------------------------------
  // The last diagnostics of a document; null: there were none. Their rules, or messages of those without one.
  [[nodiscard]] nlohmann::json diagnostics(const std::string& uri) const;
  [[nodiscard]] std::vector<std::string> rules(const std::string& uri) const;
  // All messages since the last call.
  std::vector<nlohmann::json> take_sent();
  void work();

  ProjectSettings settings;                   // of every folder
  std::optional<std::string> settings_error;  // in place of them
  std::string rules_url;                      // where pages are; empty: nowhere
  Server server;

 private:
  test::TemporaryFolder folder_;
  std::vector<nlohmann::json> sent_;
  std::size_t taken_ = 0;
  std::int64_t next_id_ = 1;
};

}  // namespace cupel::lsp
