// The language server: messages in, messages out. Who runs it brings the stream, the settings and the time.
#pragma once

#include "lsp/client.h"
#include "lsp/diagnostics.h"
#include "lsp/json_rpc.h"
#include "lsp/workspace.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace cupel::lsp {

// What the server needs from the program around it.
struct Surroundings {
  ReadProject read_project;
  std::vector<std::string> settings_files;                     // names of files that read_project looks at: "cupel.toml"
  std::function<std::string(std::string_view rule)> rule_url;  // of its page on the web; empty: it has none
  std::string version;                                         // of cupel
};

class Server {
 public:
  // `send` is called with bodies, in order. LSP 3.17 is spoken.
  Server(Surroundings surroundings, std::function<void(const std::string& body)> send)
      : surroundings_(std::move(surroundings)), send_(std::move(send)), workspace_(surroundings_.read_project) {}

  // Takes in one message. All that wait are to be taken in before any work is done: a keystroke makes what was to be found in
  // the text before it worthless, and a request may be cancelled.
  void receive(std::string_view body);
  // Bytes came that are no message.
  void refuse(std::string_view problem);
  [[nodiscard]] bool has_work() const { return !messages_.empty() || !unjudged_.empty(); }
  // Does one piece of work: a message, or, when there is none, the findings of a document.
  void work();

  [[nodiscard]] bool is_over() const { return over_; }
  // 0 if the client said `shutdown` before it left (LSP 3.17, "exit").
  [[nodiscard]] int exit_code() const { return state_ == State::shut_down ? 0 : 1; }

 private:
  enum class State { uninitialised, running, shut_down };
  // What was last found in an open document.
  struct Judgement {
    lint::LintResult result;
    nlohmann::json diagnostics = nlohmann::json::array();  // of the result's findings, in their order
    std::string published;                                 // as it was sent
    bool current = false;
  };

  // ---- messages ---------------------------------------------------------------------------------------------------
  void handle(const Message& message);
  void answer(const Message& request);
  void note(const Message& notification);
  nlohmann::json initialize(const nlohmann::json& params);
  void initialized();
  void did_open(const nlohmann::json& params);
  void did_change(const nlohmann::json& params);
  void did_close(const nlohmann::json& params);
  void did_save(const nlohmann::json& params);
  void did_change_watched_files(const nlohmann::json& params);
  void did_change_folders(const nlohmann::json& params);
  nlohmann::json hover(const nlohmann::json& params);
  nlohmann::json code_action(const nlohmann::json& params);
  nlohmann::json execute_command(const nlohmann::json& params);

  // ---- findings ---------------------------------------------------------------------------------------------------
  // The document was changed or opened: it first, then those that may have come to something else by it.
  void judge_soon(const std::string& path);
  void judge_all_soon();
  // The findings in the document as it is now.
  Judgement& judge(const Document& document);
  void publish(const Document& document, Judgement& judgement);
  void log(std::string_view words);
  [[nodiscard]] Document* document(const nlohmann::json& params);
  [[nodiscard]] DiagnosticContext context() const;
  [[nodiscard]] bool opens_pages() const { return client_.shows_documents; }
  [[nodiscard]] bool is_settings_file(const std::string& path) const;

  const Surroundings surroundings_;
  const std::function<void(const std::string& body)> send_;
  State state_ = State::uninitialised;
  bool over_ = false;
  Client client_;
  Workspace workspace_;
  std::deque<Message> messages_;                          // that wait
  std::vector<std::string> unjudged_;                     // paths of documents, the most urgent first
  std::map<std::string, Judgement, std::less<>> judged_;  // by path of a document
  std::int64_t next_id_ = 1;                              // of requests to the client
};

}  // namespace cupel::lsp
