// Life of a connection: what is refused, cancelled and outlived.
#include "tests/lsp/conversation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::lsp {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::SizeIs;

int code_of(const json& answer) { return answer.contains("error") ? answer["error"]["code"].get<int>() : 0; }

TEST(Protocol, SaysWhatTheServerCanDo) {
  Conversation talk;
  const json told = talk.initialize();
  EXPECT_EQ(told["serverInfo"], (json{{"name", "cupel"}, {"version", "1.2.3"}}));
  const json& can = told["capabilities"];
  EXPECT_EQ(can["positionEncoding"], "utf-16");
  EXPECT_EQ(can["textDocumentSync"]["change"], 2);
  EXPECT_EQ(can["hoverProvider"], true);
  EXPECT_EQ(can["codeActionProvider"]["codeActionKinds"], json::array({"quickfix"}));
  EXPECT_FALSE(can.contains("executeCommandProvider")) << "the client cannot show a page";
}

TEST(Protocol, CountsBytesForAClientThatCan) {
  Conversation talk;
  const json told = talk.initialize({{"general", {{"positionEncodings", {"utf-32", "utf-8", "utf-16"}}}}});
  EXPECT_EQ(told["capabilities"]["positionEncoding"], "utf-8");
}

TEST(Protocol, AsksForFileEventsOnlyWhereTheClientTakesSuchARequest) {
  Conversation without;
  without.initialize();
  EXPECT_THAT(without.take_sent(), SizeIs(1));
  Conversation with;
  with.initialize({{"workspace", {{"didChangeWatchedFiles", {{"dynamicRegistration", true}}}}}});
  const std::vector<json> sent = with.take_sent();
  ASSERT_THAT(sent, SizeIs(2));
  EXPECT_EQ(sent[1]["method"], "client/registerCapability");
  // The answer is taken without a word.
  with.server.receive(json{{"jsonrpc", "2.0"}, {"id", sent[1]["id"]}, {"result", nullptr}}.dump());
  with.work();
  EXPECT_THAT(with.take_sent(), SizeIs(0));
}

TEST(Protocol, RefusesWhatComesTooEarlyOrTooLate) {
  Conversation talk;
  EXPECT_EQ(code_of(talk.request("textDocument/hover", json::object())), -32002);
  talk.open("file:///a.sql", "DROP TABLE a;");
  EXPECT_EQ(talk.diagnostics("file:///a.sql"), nullptr);
  talk.initialize();
  EXPECT_EQ(code_of(talk.request("initialize", json::object())), -32600);
  EXPECT_EQ(talk.result("shutdown", nullptr), nullptr);
  EXPECT_EQ(code_of(talk.request("textDocument/hover", json::object())), -32600);
  EXPECT_FALSE(talk.server.is_over());
  talk.notify("exit", nullptr);
  EXPECT_TRUE(talk.server.is_over());
  EXPECT_EQ(talk.server.exit_code(), 0);
}

TEST(Protocol, ExitWithoutShutdownIsAFailure) {
  Conversation talk;
  talk.initialize();
  talk.notify("exit", nullptr);
  EXPECT_TRUE(talk.server.is_over());
  EXPECT_EQ(talk.server.exit_code(), 1);
}

TEST(Protocol, ExitIsHeardBeforeInitialize) {
  Conversation talk;
  talk.notify("exit", nullptr);
  EXPECT_TRUE(talk.server.is_over());
}

TEST(Protocol, RefusesUnknownMethodsAndDropsUnknownNotifications) {
  Conversation talk;
  talk.initialize();
  talk.take_sent();
  const json answer = talk.request("textDocument/definition", json::object());
  EXPECT_EQ(code_of(answer), -32601);
  EXPECT_THAT(answer["error"]["message"].get<std::string>(), HasSubstr("textDocument/definition"));
  EXPECT_EQ(code_of(talk.request("$/unknown", nullptr)), -32601);
  talk.take_sent();
  talk.notify("$/setTrace", {{"value", "off"}});
  talk.notify("workspace/didChangeConfiguration", {{"settings", nullptr}});
  EXPECT_THAT(talk.take_sent(), SizeIs(0));
}

TEST(Protocol, RefusesWhatIsNoMessage) {
  Conversation talk;
  talk.initialize();
  const auto code = [&talk](std::string_view body) {
    talk.take_sent();
    talk.server.receive(body);
    talk.work();
    const std::vector<json> sent = talk.take_sent();
    return sent.size() == 1 ? code_of(sent.front()) : 1;
  };
  EXPECT_EQ(code("{\"jsonrpc\":\"2.0\",\"id\":1"), -32700);
  EXPECT_EQ(code(""), -32700);
  EXPECT_EQ(code("{\"method\":\"\xff\"}"), -32700);
  EXPECT_EQ(code(std::string(100'000, '[')), -32700);
  EXPECT_EQ(code(std::string(100'000, '[') + std::string(100'000, ']')), -32600);
  EXPECT_EQ(code("[]"), -32600);
  EXPECT_EQ(code("3"), -32600);
  EXPECT_EQ(code("{}"), -32600);
  EXPECT_EQ(code("{\"id\":1,\"method\":2}"), -32600);
  EXPECT_EQ(code("{\"id\":{},\"method\":\"shutdown\"}"), -32600);
  EXPECT_EQ(code("{\"id\":\"a\",\"method\":\"shutdown\"}"), 0) << "after all that, it still answers";
}

TEST(Protocol, RefusesParametersOfAnotherShape) {
  Conversation talk;
  talk.initialize();
  for (const json& params : {json(), json(3), json::array(), json::object(), json{{"textDocument", 3}},
                             json{{"textDocument", {{"uri", 3}}}}, json{{"textDocument", {{"uri", "file:///a"}}}, {"position", "here"}},
                             json{{"textDocument", {{"uri", "file:///a"}}}, {"position", {{"line", "x"}, {"character", 1}}}}}) {
    EXPECT_EQ(code_of(talk.request("textDocument/hover", params)), -32602) << params;
    EXPECT_EQ(code_of(talk.request("textDocument/codeAction", params)), -32602) << params;
    for (const char* method : {"textDocument/didOpen", "textDocument/didChange", "textDocument/didClose", "textDocument/didSave",
                               "workspace/didChangeWatchedFiles", "workspace/didChangeWorkspaceFolders"}) {
      talk.notify(method, params);
    }
  }
  EXPECT_EQ(code_of(talk.request("workspace/executeCommand", {{"command", "rm"}})), -32602);
}

TEST(Protocol, ACancelledRequestIsAnsweredAsSuch) {
  Conversation talk;
  talk.initialize();
  talk.take_sent();
  talk.server.receive(R"({"jsonrpc":"2.0","id":"x","method":"textDocument/hover","params":{}})");
  talk.server.receive(R"({"jsonrpc":"2.0","id":"y","method":"unknown"})");
  talk.server.receive(R"({"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":"x"}})");
  talk.server.receive(R"({"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":"never asked"}})");
  talk.server.receive(R"({"jsonrpc":"2.0","method":"$/cancelRequest"})");
  talk.work();
  const std::vector<json> sent = talk.take_sent();
  ASSERT_THAT(sent, SizeIs(2));
  EXPECT_EQ(sent[0]["id"], "x");
  EXPECT_EQ(code_of(sent[0]), -32800);
  EXPECT_EQ(sent[1]["id"], "y");
}

}  // namespace
}  // namespace cupel::lsp
