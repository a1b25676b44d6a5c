// Script::parse: which statements and which errors a text has, and where.
#include "sql/script.h"
#include "tests/sql/script_test_support.h"

#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::sql {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(ScriptParse, EmptyAndBlankTexts) {
  for (const char* text : {"", "\n", ";", " ;; ", "-- nothing\n", "/* nothing */"}) {
    const SourceText source("a.sql", text);
    const Script script = Script::parse(source);
    EXPECT_THAT(script.statements(), IsEmpty()) << text;
    EXPECT_THAT(script.errors(), IsEmpty()) << text;
    EXPECT_THAT(script.chunk_begins(), ElementsAre(0U)) << text;
  }
}

TEST(ScriptParse, SpansExcludeCommentsAndSemicolons) {
  const SourceText source("a.sql", "-- é\nCREATE TABLE t (a int) ; /* x */\n\n  DROP TABLE t -- end\n");
  const Script script = Script::parse(source);
  EXPECT_THAT(texts(script), ElementsAre("CREATE TABLE t (a int)", "DROP TABLE t"));
  EXPECT_THAT(script.errors(), IsEmpty());
}

TEST(ScriptParse, AnErrorDoesNotHideItsNeighbours) {
  const SourceText source("a.sql", "SELECT 1;\nALTER TABEL t ADD c int;\nDROP TABLE t;\n");
  const Script script = Script::parse(source);
  EXPECT_THAT(texts(script), ElementsAre("SELECT 1", "DROP TABLE t"));
  EXPECT_THAT(described(script.errors()), ElementsAre("16-21 syntax error at or near \"TABEL\""));
}

TEST(ScriptParse, ErrorsAreInBytesBehindOtherAlphabets) {
  const SourceText source("a.sql", "SELECT 'é𝄞';\nSELECT 'ü' FRM t x;\n");
  const Script script = Script::parse(source);
  EXPECT_THAT(texts(script), ElementsAre("SELECT 'é𝄞'"));
  ASSERT_THAT(script.errors(), SizeIs(1));
  EXPECT_EQ(script.errors()[0].span.of(source.text()), "t");
  EXPECT_EQ(source.position(script.errors()[0].span.begin), (Position{2, 16, 16}));
}

TEST(ScriptParse, AtTheEndOfInputTheLastTokenIsMeant) {
  const SourceText source("a.sql", "SELECT 1;\nCREATE TABLE t (a int, -- é\n");
  const Script script = Script::parse(source);
  EXPECT_THAT(texts(script), ElementsAre("SELECT 1"));
  EXPECT_THAT(described(script.errors()), ElementsAre("31-32 syntax error at end of input"));
}

TEST(ScriptParse, CarriageReturnsAreWhiteSpace) {
  const SourceText source("a.sql", "SELECT 1;\r\nSELEC 2;\r\n-- c\r\nSELECT 3;\r\n");
  const Script script = Script::parse(source);
  EXPECT_THAT(texts(script), ElementsAre("SELECT 1", "SELECT 3"));
  EXPECT_THAT(described(script.errors()), ElementsAre("11-16 syntax error at or near \"SELEC\""));
}

TEST(ScriptParse, AForgottenSemicolonCostsNoStatement) {
  const SourceText source("a.sql",
                          "ALTER TABLE t ADD COLUMN a int\n"
                          "CREATE INDEX i ON t (a)\n"
                          "  DROP TABLE u;\n"
                          "SELECT 1;\n");
  const Script script = Script::parse(source);
  EXPECT_THAT(texts(script), ElementsAre("ALTER TABLE t ADD COLUMN a int", "CREATE INDEX i ON t (a)", "DROP TABLE u", "SELECT 1"));
  EXPECT_THAT(described(script.errors()),
              ElementsAre("31-37 syntax error at or near \"CREATE\"", "57-61 syntax error at or near \"DROP\""));
}

TEST(ScriptParse, AForgottenParenthesisEndsAtTheSemicolon) {
  const SourceText source("a.sql", "CREATE TABLE t (a int;\nCREATE TABLE u (b int);\n");
  const Script script = Script::parse(source);
  EXPECT_THAT(texts(script), ElementsAre("CREATE TABLE u (b int)"));
  EXPECT_THAT(described(script.errors()), ElementsAre("21-22 syntax error at or near \";\""));
}

TEST(ScriptParse, SemicolonsInsideStatements) {
  const std::string rule = "CREATE RULE r AS ON UPDATE TO t DO ALSO (INSERT INTO u VALUES (1); DELETE FROM v)";
  const std::string function =
      "CREATE OR REPLACE FUNCTION f(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC\n"
      "  SELECT CASE WHEN a > 0 THEN CASE a WHEN 1 THEN 2 ELSE 3 END END;\n"
      "  SELECT 2;\nEND";
  const std::string quoted = "SELECT ';', E'\\';', \"a;b\", $x$;$y$;$x$ /* ; /* ; */ ; */ -- ;\n, 1";
  const SourceText source("a.sql", "SELEC;" + rule + ";\n" + function + ";\n" + quoted + ";");
  const Script script = Script::parse(source);
  EXPECT_THAT(texts(script), ElementsAre(rule, function, quoted));
  EXPECT_THAT(script.errors(), SizeIs(1));
}

TEST(ScriptParse, UnterminatedThingsReachToTheEnd) {
  const struct {
    const char* tail;
    const char* message;
  } cases[] = {
      {"SELECT 'it;\nSELECT 2;", "unterminated quoted string at or near \"'it;…\""},
      {"SELECT $a$ it;\nSELECT 2;", "unterminated dollar-quoted string at or near \"$a$ it;…\""},
      {"SELECT \"it;\nSELECT 2;", "unterminated quoted identifier at or near \"\"it;…\""},
  };
  for (const auto& [tail, message] : cases) {
    const SourceText source("a.sql", std::string("SELECT 1;\n") + tail);
    const Script script = Script::parse(source);
    EXPECT_THAT(texts(script), ElementsAre("SELECT 1")) << tail;
    ASSERT_THAT(script.errors(), SizeIs(1)) << tail;
    EXPECT_EQ(script.errors()[0].span.begin, 17U) << tail;
    EXPECT_EQ(source.position(script.errors()[0].span.end).line, 2U) << tail;
    EXPECT_EQ(script.errors()[0].message, message);
  }
}

TEST(ScriptParse, AnUnterminatedCommentHidesNothingBeforeIt) {
  const SourceText source("a.sql", "SELECT 1;\nSELECT 2;\n/* /* */ SELECT 3;\n");
  const Script script = Script::parse(source);
  EXPECT_THAT(texts(script), ElementsAre("SELECT 1", "SELECT 2"));
  EXPECT_THAT(described(script.errors()), ElementsAre("20-22 unterminated /* comment"));
}

TEST(ScriptParse, ChunksEndStatements) {
  const std::string text = "-- up\nSELECT 1\n-- cut\nSELECT 2;\nSELEC 3\n-- down\nDROP TABLE t";
  const SourceText source("a.sql", text);
  const auto at = [&](const char* what) { return static_cast<std::uint32_t>(text.find(what)); };
  ParseOptions options;
  options.chunks = {{0, at("-- cut")}, {at("-- cut"), at("-- down")}, {at("-- down"), static_cast<std::uint32_t>(text.size())}};
  const Script script = Script::parse(source, options);
  EXPECT_THAT(texts(script), ElementsAre("SELECT 1", "SELECT 2", "DROP TABLE t"));
  EXPECT_THAT(script.chunk_begins(), ElementsAre(0U, 1U, 2U));
  EXPECT_THAT(described(script.errors()), ElementsAre("32-37 syntax error at or near \"SELEC\""));
}

TEST(ScriptParse, ChunksLeaveOutWhatIsBetween) {
  const std::string text = "SELECT 1; garbage here; SELECT 2";
  const SourceText source("a.sql", text);
  ParseOptions options;
  options.chunks = {{0, 9}, {24, 32}, {500, 600}};
  const Script script = Script::parse(source, options);
  EXPECT_THAT(texts(script), ElementsAre("SELECT 1", "SELECT 2"));
  EXPECT_THAT(script.errors(), IsEmpty());
  EXPECT_THAT(script.chunk_begins(), ElementsAre(0U, 1U, 2U));
}

TEST(ScriptParse, MovingKeepsWhatStatementsPointTo) {
  const SourceText source("a.sql", "CREATE TABLE s.t (a int)");
  Script first = Script::parse(source);
  const Statement* statement = first.statements().data();
  const Script second = std::move(first);
  ASSERT_EQ(second.statements().data(), statement);
  const auto* table = statement->as<CreateTable>();
  ASSERT_NE(table, nullptr);
  EXPECT_EQ(table->name.name, "t");
  EXPECT_EQ(second.deparse(*statement), "CREATE TABLE s.t (a int)");
}

}  // namespace
}  // namespace cupel::sql
