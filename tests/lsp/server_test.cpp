// What is found, shown and offered in open documents.
#include "tests/lsp/conversation.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::lsp {
namespace {

using nlohmann::json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

constexpr std::string_view create_orders = "CREATE TABLE orders (id bigint PRIMARY KEY, total int);\n";
constexpr std::string_view add_total = "ALTER TABLE orders ADD COLUMN total int;\n";  // fails on what create_orders made
constexpr std::string_view index_orders = "CREATE INDEX orders_total ON orders (total);\n";

json range(int line, int begin, int end) {
  return {{"start", {{"line", line}, {"character", begin}}}, {"end", {{"line", line}, {"character", end}}}};
}

json place(const std::string& uri, int line, int character) {
  return {{"textDocument", {{"uri", uri}}}, {"position", {{"line", line}, {"character", character}}}};
}

// golang-migrate's names, and only the rules that a test is about.
struct Shop {
  Shop() {
    talk.settings.lint.only = {"add-index-non-concurrent", "statement-fails", "suppression-without-reason", "unused-suppression",
                               "parse-error"};
    first = talk.write("migrations/1_orders.up.sql", create_orders);
    second = talk.write("migrations/2_index.up.sql", index_orders);
  }

  Conversation talk;
  std::string first, second;
};

class Documents : public testing::Test, protected Shop {};

TEST_F(Documents, AreJudgedOnTheSchemaThatTheMigrationsBeforeThemMade) {
  talk.initialize();
  talk.open(second, index_orders);
  const json found = talk.diagnostics(second);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0]["code"], "add-index-non-concurrent");
  EXPECT_EQ(found[0]["source"], "cupel");
  EXPECT_EQ(found[0]["severity"], 1);
  EXPECT_EQ(found[0]["range"], range(0, 13, 25));
  EXPECT_EQ(found[0]["data"], (json{{"rule", "add-index-non-concurrent"}, {"revision", "2"}, {"downgrade", false}}));
  EXPECT_FALSE(found[0].contains("codeDescription")) << "this build knows no pages";
  const auto message = found[0]["message"].get<std::string>();
  EXPECT_THAT(message, StartsWith("building index orders_total blocks writes to orders"));
  EXPECT_THAT(message, HasSubstr("CREATE INDEX CONCURRENTLY"));
  EXPECT_EQ(talk.diagnostics(first), nullptr) << "it is not open";
}

TEST_F(Documents, AreJudgedAsTheyAreTyped) {
  talk.initialize();
  talk.open(second, "");
  EXPECT_THAT(talk.rules(second), IsEmpty());
  talk.change(second, index_orders);
  EXPECT_THAT(talk.rules(second), ElementsAre("add-index-non-concurrent"));
  talk.notify("textDocument/didChange", {{"textDocument", {{"uri", second}, {"version", 3}}},
                                         {"contentChanges", json::array({{{"range", range(0, 12, 12)}, {"text", " CONCURRENTLY"}},
                                                                         {{"range", range(0, 0, 0)}, {"text", "-- \xC3\xA9\n"}}})}});
  EXPECT_THAT(talk.rules(second), IsEmpty());
  talk.change(second, "CREATE INDEX ON orders (total", 4);
  EXPECT_THAT(talk.rules(second), ElementsAre("parse-error"));
  EXPECT_EQ(talk.folder().read("migrations/2_index.up.sql"), index_orders);
}

TEST_F(Documents, WhoseTextIsOnlyInTheEditorAreMigrationsToo) {
  talk.initialize();
  const std::string third = talk.uri("migrations/3_new.up.sql");
  talk.open(third, "CREATE INDEX orders_total_too ON orders (total);\n");
  EXPECT_THAT(talk.rules(third), ElementsAre("add-index-non-concurrent"));
  talk.change(third, index_orders);
  EXPECT_THAT(talk.rules(third), Contains("statement-fails")) << "the migration before it made that index";
}

TEST_F(Documents, SeeWhatIsTypedInTheOnesBeforeThem) {
  talk.initialize();
  talk.open(second, add_total);
  talk.open(first, create_orders);
  EXPECT_THAT(talk.rules(second), ElementsAre("statement-fails"));
  talk.change(first, "CREATE TABLE orders (id bigint PRIMARY KEY);\n");
  EXPECT_THAT(talk.rules(second), IsEmpty()) << "there is no such column any more";
  talk.close(first);
  EXPECT_THAT(talk.rules(second), ElementsAre("statement-fails")) << "what was typed was not saved";
}

TEST_F(Documents, ShowNothingWhenTheyAreClosed) {
  talk.initialize();
  talk.open(second, index_orders);
  ASSERT_THAT(talk.rules(second), SizeIs(1));
  talk.close(second);
  EXPECT_EQ(talk.diagnostics(second), json::array());
  talk.take_sent();
  talk.change(second, "");
  EXPECT_THAT(talk.take_sent(), IsEmpty());
}

TEST_F(Documents, ThatWereTypedOnAreJudgedOnce) {
  talk.initialize();
  talk.open(second, "");
  talk.take_sent();
  for (int version = 2; version < 9; ++version) {
    talk.server.receive(json{{"method", "textDocument/didChange"},
                             {"params",
                              {{"textDocument", {{"uri", second}, {"version", version}}},
                               {"contentChanges", json::array({{{"range", range(0, 0, 0)}, {"text", "\n"}}})}}}}
                            .dump());
  }
  talk.work();
  EXPECT_THAT(talk.take_sent(), SizeIs(0)) << "nothing was found before, and nothing after all";
  talk.change(second, index_orders);
  EXPECT_THAT(talk.take_sent(), SizeIs(1));
}

TEST_F(Documents, CarryTheirVersionForClientsThatAskForIt) {
  talk.initialize({{"textDocument", {{"publishDiagnostics", {{"versionSupport", true}}}}}});
  talk.take_sent();
  talk.open(second, index_orders, 7);
  const std::vector<json> sent = talk.take_sent();
  ASSERT_THAT(sent, SizeIs(1));
  EXPECT_EQ(sent[0]["params"]["version"], 7);
}

TEST_F(Documents, AreJudgedAgainWhenFilesChangeOnTheDisk) {
  talk.initialize({{"workspace", {{"didChangeWatchedFiles", {{"dynamicRegistration", true}}}}}});
  talk.open(second, add_total);
  const auto tell = [this](const std::string& uri, int type) {
    talk.notify("workspace/didChangeWatchedFiles", {{"changes", json::array({{{"uri", uri}, {"type", type}}})}});
  };
  static_cast<void>(talk.write("migrations/1_orders.up.sql", "SELECT 1;\n"));
  tell(first, 2);
  EXPECT_THAT(talk.rules(second), IsEmpty());
  const std::string between = talk.write("migrations/0_orders.up.sql", create_orders);
  tell(between, 1);
  EXPECT_THAT(talk.rules(second), ElementsAre("statement-fails"));
  std::filesystem::remove(talk.folder().path("migrations/0_orders.up.sql"));
  tell(between, 3);
  EXPECT_THAT(talk.rules(second), IsEmpty());
}

TEST_F(Documents, OfAClientThatTellsNothingSeeTheDiskWhenTheyAreSaved) {
  talk.initialize();
  talk.open(second, add_total);
  static_cast<void>(talk.write("migrations/1_orders.up.sql", "SELECT 1;\n"));
  talk.notify("textDocument/didSave", {{"textDocument", {{"uri", second}}}});
  EXPECT_THAT(talk.rules(second), IsEmpty());
}

TEST_F(Documents, FollowTheProjectsSettings) {
  talk.initialize();
  talk.open(second, index_orders);
  talk.settings.lint.skip = {"add-index-non-concurrent"};
  talk.notify("textDocument/didSave", {{"textDocument", {{"uri", talk.uri("cupel.toml")}}}});
  EXPECT_THAT(talk.rules(second), IsEmpty());
}

TEST_F(Documents, SayWhyTheyAreNotJudged) {
  talk.settings_error = "cupel.toml:3: unknown key \"x\"";
  talk.initialize();
  talk.open(second, index_orders);
  EXPECT_THAT(talk.rules(second), ElementsAre("not checked: cupel.toml:3: unknown key \"x\""));
  talk.settings_error.reset();
  talk.notify("workspace/didChangeWatchedFiles", {{"changes", json::array({{{"uri", talk.uri("cupel.toml")}, {"type", 2}}})}});
  EXPECT_THAT(talk.rules(second), ElementsAre("add-index-non-concurrent"));
}

TEST_F(Documents, ThatAreNoMigrationsAreLeftAlone) {
  talk.settings.paths = {talk.folder().path("migrations")};
  talk.initialize();
  const std::string query = talk.write("queries/a.sql", index_orders);
  talk.open(query, index_orders);
  talk.open("untitled:Untitled-1", index_orders);
  talk.open(talk.uri("migrations/readme.md"), "DROP TABLE orders;");
  EXPECT_EQ(talk.diagnostics(query), json::array());
  EXPECT_EQ(talk.diagnostics("untitled:Untitled-1"), nullptr);
  EXPECT_EQ(talk.diagnostics(talk.uri("migrations/readme.md")), json::array());
}

TEST_F(Documents, AreKnownUnderAnySpellingOfTheirUri) {
  talk.initialize();
  std::string spelled = second;
  spelled.replace(spelled.find("migrations"), 10, "m%69grations");
  talk.open(spelled, index_orders);
  EXPECT_THAT(talk.rules(spelled), SizeIs(1)) << "told under the name that the client uses";
  talk.change(second, "");
  EXPECT_THAT(talk.rules(spelled), IsEmpty());
}

TEST_F(Documents, MayHoldAnything) {
  talk.initialize();
  talk.open(second, std::string("\0\x01\x02", 3));
  std::string long_line = "SELECT '";
  long_line.append(5'000'000, 'x');
  talk.change(second, long_line);
  EXPECT_THAT(talk.rules(second), ElementsAre("parse-error"));
  talk.change(second, index_orders, 3);
  EXPECT_THAT(talk.rules(second), ElementsAre("add-index-non-concurrent"));
}

TEST_F(Documents, CountCharactersAsTheClientDoes) {
  const std::string text = "/* \xF0\x9F\x98\x80 */ " + std::string(index_orders);
  talk.initialize({{"general", {{"positionEncodings", {"utf-8"}}}}});
  talk.open(second, text);
  EXPECT_EQ(talk.diagnostics(second)[0]["range"], range(0, 24, 36));
  Shop other;
  other.talk.initialize();
  other.talk.open(other.second, text);
  EXPECT_EQ(other.talk.diagnostics(other.second)[0]["range"], range(0, 22, 34));
}

TEST_F(Documents, OfSeveralFoldersHaveSettledEachByItself) {
  talk.initialize();
  const std::string other = talk.write("other/migrations/1_a.up.sql", create_orders);
  talk.open(second, add_total);
  talk.open(other, create_orders);
  talk.take_sent();
  talk.change(other, add_total);
  EXPECT_THAT(talk.take_sent(), SizeIs(0)) << "nothing is known of the table there, and nothing is new here";
  EXPECT_THAT(talk.rules(second), ElementsAre("statement-fails"));
}

TEST_F(Documents, NamePlacesInOtherFiles) {
  talk.settings.lint.only = {"duplicate-version"};
  talk.initialize({{"textDocument", {{"publishDiagnostics", {{"relatedInformation", true}}}}}});
  const std::string twin = talk.write("migrations/2_twin.up.sql", "SELECT 1;\n");
  talk.open(twin, "SELECT 1;\n");
  talk.open(second, index_orders);
  std::set<std::string> pointed_at;
  for (const std::string& uri : {second, twin}) {
    for (const json& found : talk.diagnostics(uri)) {
      EXPECT_EQ(found["code"], "duplicate-version");
      for (const json& related : found["relatedInformation"]) pointed_at.insert(related["location"]["uri"].get<std::string>());
    }
  }
  EXPECT_THAT(pointed_at, SizeIs(1));
}

// ---- hover --------------------------------------------------------------------------------------------------------------

TEST_F(Documents, TellWhatAStatementDoes) {
  talk.initialize();
  talk.open(second, "SELECT 1;\n" + std::string(index_orders));
  const json told = talk.result("textDocument/hover", place(second, 1, 3));
  EXPECT_EQ(told["contents"]["kind"], "markdown");
  const auto text = told["contents"]["value"].get<std::string>();
  EXPECT_THAT(text, StartsWith("**CREATE INDEX** on PostgreSQL 18"));
  EXPECT_THAT(text, HasSubstr("| SHARE | orders | writes |"));
  EXPECT_THAT(text, HasSubstr("index build"));
  EXPECT_THAT(text, HasSubstr("**add-index-non-concurrent**"));
  EXPECT_THAT(text, Not(HasSubstr("## "))) << "the rule's page is shown on the finding only";
  EXPECT_EQ(told["range"], range(1, 0, 43));
  EXPECT_EQ(talk.result("textDocument/hover", place(talk.uri("nowhere.sql"), 0, 0)), nullptr);
  EXPECT_EQ(talk.result("textDocument/hover", place(second, 7, 0)), nullptr);
}

TEST_F(Documents, ExplainARuleWhereItsPageCannotBeOpened) {
  talk.initialize({{"window", {{"showDocument", {{"support", true}}}}}});
  talk.open(second, index_orders);
  const auto on_finding = [this] {
    return talk.result("textDocument/hover", place(second, 0, 15))["contents"]["value"].get<std::string>();
  };
  EXPECT_THAT(on_finding(), HasSubstr("## "));
  talk.rules_url = "https://example.com/";
  EXPECT_THAT(on_finding(), Not(HasSubstr("## ")));
}

TEST_F(Documents, EscapeNamesInMarkdown) {
  talk.initialize();
  const std::string odd = R"(CREATE TABLE "a|b*<i>`c" (id int);)";
  talk.open(second, odd + "\nDROP TABLE \"a|b*<i>`c\";");
  const auto text = talk.result("textDocument/hover", place(second, 1, 3))["contents"]["value"].get<std::string>();
  EXPECT_THAT(text, Not(HasSubstr("a|b*<i>`c")));
}

// ---- quick fixes --------------------------------------------------------------------------------------------------------

class QuickFixes : public Documents {
 protected:
  QuickFixes() { can["textDocument"]["codeAction"]["codeActionLiteralSupport"]["codeActionKind"]["valueSet"] = {"quickfix"}; }

  json actions(int line, int character, const json& context = {{"diagnostics", json::array()}}) {
    return talk.result("textDocument/codeAction",
                       {{"textDocument", {{"uri", second}}}, {"range", range(line, character, character)}, {"context", context}});
  }
  static json find(const json& actions, std::string_view title) {
    for (const json& action : actions) {
      if (action["title"].get<std::string>().starts_with(title)) return action;
    }
    return nullptr;
  }
  // The text after the action's edit.
  std::string applied(const json& action, std::string_view text) const {
    Document document;
    document.text = text;
    for (const json& edit : action["edit"]["changes"][second]) {
      const json& at = edit["range"]["start"];
      EXPECT_EQ(at, edit["range"]["end"]) << "nothing is replaced";
      const TextPosition position{at["line"].get<std::uint32_t>(), at["character"].get<std::uint32_t>()};
      replace(document, {position, position}, edit["newText"].get<std::string>(), PositionEncoding::utf16);
    }
    return document.text;
  }

  json can;
};

TEST_F(QuickFixes, IgnoreAFindingAboveItsStatement) {
  talk.initialize(can);
  const std::string text = "SELECT 1;\n  CREATE INDEX orders_total\n    ON orders (total);\n";
  talk.open(second, text);
  EXPECT_EQ(actions(0, 2), json::array());
  const json action = find(actions(1, 20), "Ignore add-index-non-concurrent here");
  ASSERT_NE(action, nullptr);
  EXPECT_EQ(action["kind"], "quickfix");
  EXPECT_EQ(action["diagnostics"], talk.diagnostics(second));
  const std::string ignored = applied(action, text);
  EXPECT_EQ(ignored, "SELECT 1;\n  -- cupel:ignore add-index-non-concurrent: \n  CREATE INDEX orders_total\n    ON orders (total);\n");
  talk.change(second, ignored);
  EXPECT_THAT(talk.rules(second), ElementsAre("suppression-without-reason"));
  EXPECT_EQ(actions(1, 5), json::array()) << "a missing reason is not to be ignored but written";
}

TEST_F(QuickFixes, KeepTheLineEndsAndLeaveWhatStandsBefore) {
  talk.initialize(can);
  const std::string text = "SELECT 1; CREATE INDEX orders_total ON orders (total);\r\n";
  talk.open(second, text);
  const std::string ignored = applied(find(actions(0, 25), "Ignore"), text);
  EXPECT_EQ(ignored, "SELECT 1; \r\n-- cupel:ignore add-index-non-concurrent: \r\nCREATE INDEX orders_total ON orders (total);\r\n");
  talk.change(second, ignored);
  EXPECT_THAT(talk.rules(second), ElementsAre("suppression-without-reason"));
}

TEST_F(QuickFixes, IgnoreWhatIsInABlockAboveIt) {
  talk.initialize(can);
  const std::string text = "DO $$\nBEGIN\n  CREATE INDEX orders_total ON orders (total);\nEND\n$$;\n";
  talk.open(second, text);
  ASSERT_THAT(talk.rules(second), ElementsAre("add-index-non-concurrent"));
  const std::string ignored = applied(find(actions(2, 20), "Ignore"), text);
  talk.change(second, ignored);
  EXPECT_THAT(talk.rules(second), ElementsAre("suppression-without-reason")) << ignored;
}

TEST_F(QuickFixes, IgnoreASyntaxError) {
  talk.initialize(can);
  const std::string text = "SELECT 1;\nSELEC 2;\n";
  talk.open(second, text);
  const json found = talk.diagnostics(second);
  ASSERT_THAT(talk.rules(second), ElementsAre("parse-error"));
  const json& at = found[0]["range"]["start"];
  const std::string ignored = applied(find(actions(at["line"].get<int>(), at["character"].get<int>()), "Ignore"), text);
  talk.change(second, ignored);
  EXPECT_THAT(talk.rules(second), ElementsAre("suppression-without-reason")) << ignored;
}

TEST_F(QuickFixes, IgnoreWhatIsAboutTheWholeFile) {
  talk.settings.lint.only = {"missing-down", "suppression-without-reason"};
  static_cast<void>(talk.write("migrations/1_orders.down.sql", "DROP TABLE orders;\n"));
  const std::string text = "-- there is no way back\n";
  second = talk.write("migrations/2_index.down.sql", text);
  talk.initialize(can);
  talk.open(second, text);
  ASSERT_THAT(talk.rules(second), ElementsAre("missing-down"));
  const std::string ignored = applied(find(actions(0, 3), "Ignore missing-down in this file"), text);
  EXPECT_EQ(ignored, text + "-- cupel:ignore-file missing-down: \n");
  talk.change(second, ignored);
  EXPECT_THAT(talk.rules(second), ElementsAre("suppression-without-reason"));
}

TEST_F(QuickFixes, GiveTheSaferWayAsAComment) {
  talk.initialize(can);
  talk.open(second, index_orders);
  const std::string text = applied(find(actions(0, 15), "Insert the safer way"), index_orders);
  EXPECT_THAT(text, StartsWith("-- Safer (add-index-non-concurrent):\n--   CREATE INDEX CONCURRENTLY orders_total ON orders (total);\n"));
  EXPECT_THAT(text, testing::EndsWith("\n" + std::string(index_orders)));
  talk.change(second, text);
  EXPECT_THAT(talk.rules(second), ElementsAre("add-index-non-concurrent")) << "nothing that runs has changed";
}

TEST_F(QuickFixes, OpenTheRulesPage) {
  can["window"]["showDocument"]["support"] = true;
  talk.rules_url = "https://example.com/";
  EXPECT_EQ(talk.initialize(can)["capabilities"]["executeCommandProvider"]["commands"], json::array({"cupel.openRulePage"}));
  talk.open(second, index_orders);
  EXPECT_EQ(talk.diagnostics(second)[0]["codeDescription"]["href"], "https://example.com/add-index-non-concurrent");
  const json command = find(actions(0, 15), "Open the page")["command"];
  talk.take_sent();
  EXPECT_EQ(talk.result("workspace/executeCommand", {{"command", command["command"]}, {"arguments", command["arguments"]}}), nullptr);
  const json shown = talk.take_sent().front();
  EXPECT_EQ(shown["method"], "window/showDocument");
  EXPECT_EQ(shown["params"], (json{{"uri", "https://example.com/add-index-non-concurrent"}, {"external", true}}));
}

TEST_F(QuickFixes, AreGivenToThoseWhoAskForThem) {
  talk.initialize(can);
  talk.open(second, index_orders);
  EXPECT_EQ(actions(0, 15, {{"diagnostics", json::array()}, {"only", {"source.organizeImports"}}}), json::array());
  EXPECT_THAT(actions(0, 15, {{"diagnostics", json::array()}, {"only", {"quickfix"}}}), SizeIs(2));
  Shop old;
  old.talk.initialize();
  old.talk.open(old.second, index_orders);
  EXPECT_EQ(old.talk.result(
                "textDocument/codeAction",
                {{"textDocument", {{"uri", old.second}}}, {"range", range(0, 15, 15)}, {"context", {{"diagnostics", json::array()}}}}),
            json::array())
      << "this client knows commands only";
}

TEST_F(QuickFixes, AreForOneVersionOfTheTextWhereTheClientCanTell) {
  can["workspace"]["workspaceEdit"]["documentChanges"] = true;
  talk.initialize(can);
  talk.open(second, index_orders, 5);
  const json edit = find(actions(0, 15), "Ignore")["edit"]["documentChanges"][0];
  EXPECT_EQ(edit["textDocument"], (json{{"uri", second}, {"version", 5}}));
  EXPECT_THAT(edit["edits"], SizeIs(1));
}

}  // namespace
}  // namespace cupel::lsp
