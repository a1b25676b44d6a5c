// What psql does with a file before the server sees it: its own lines, variables, COPY data.
#include "sql/script.h"
#include "tests/sql/script_test_support.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::sql {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<std::string> commands(const Script& script) {
  std::vector<std::string> found;
  for (const MetaCommand& command : script.meta_commands()) {
    found.push_back(std::string(command.name) + "|" + std::string(command.arguments));
  }
  return found;
}

TEST(ScriptPsql, LinesAreCommands) {
  const SourceText source("a.sql",
                          "\\restrict abc'def\n"
                          "\\set ON_ERROR_STOP on  \r\n"
                          "SELECT 1;\n"
                          "  \\connect - it's\n"
                          "SELECT 2; \\echo done; SELECT 3;\n"
                          "\\! rm x\n"
                          "\\unrestrict");
  const Script script = Script::parse(source);
  EXPECT_THAT(texts(script), ElementsAre("SELECT 1", "SELECT 2"));
  EXPECT_THAT(script.errors(), IsEmpty());
  EXPECT_THAT(commands(script),
              ElementsAre("restrict|abc'def", "set|ON_ERROR_STOP on", "connect|- it's", "echo|done; SELECT 3;", "!|rm x", "unrestrict|"));
  EXPECT_EQ(script.meta_commands()[1].span.of(source.text()), "\\set ON_ERROR_STOP on");
}

TEST(ScriptPsql, CommandsThatSendTheStatement) {
  const SourceText source("a.sql",
                          "SELECT 1 \\gset\n"
                          "SELECT 2\n\\gexec\n"
                          "SELECT 3 \\; SELECT 4;\n"
                          "SELECT 5\n\\echo between\n+ 6;\n");
  const Script script = Script::parse(source);
  EXPECT_THAT(texts(script), ElementsAre("SELECT 1", "SELECT 2", "SELECT 3", "SELECT 4", "SELECT 5\n\\echo between\n+ 6"));
  EXPECT_THAT(script.errors(), IsEmpty());
  EXPECT_THAT(commands(script), ElementsAre("gset|", "gexec|", "echo|between"));
}

TEST(ScriptPsql, BackslashesInLiteralsAreNoCommands) {
  const SourceText source("a.sql", "SELECT '\n\\d\n', $$\n\\x\n$$, E'\\\\d';\n-- \\d\n/*\n\\d\n*/\nSELECT 2;");
  const Script script = Script::parse(source);
  EXPECT_THAT(script.statements(), SizeIs(2));
  EXPECT_THAT(script.errors(), IsEmpty());
  EXPECT_THAT(script.meta_commands(), IsEmpty());
}

TEST(ScriptPsql, DataOfCopyIsNotSql) {
  const std::string data = "1\tit's; DROP TABLE t;\n2\t\\N\n";
  const SourceText source("a.sql", "COPY public.t (a, b) FROM stdin;\n" + data + "\\.\n\nSELECT 1;\n");
  const Script script = Script::parse(source);
  EXPECT_THAT(texts(script), ElementsAre("COPY public.t (a, b) FROM stdin", "SELECT 1"));
  EXPECT_THAT(script.errors(), IsEmpty());
  ASSERT_THAT(script.copy_data(), SizeIs(1));
  EXPECT_EQ(script.copy_data()[0].of(source.text()), data);
}

TEST(ScriptPsql, DataOfCopyWithCarriageReturnsAndWithoutAnEnd) {
  const SourceText source("a.sql",
                          "copy t from STDIN with (format csv); -- data\r\n1\r\n\\.\r\nSELECT 1;\r\n"
                          "COPY u FROM stdin;\nSELECT 2;\n");
  const Script script = Script::parse(source);
  EXPECT_THAT(texts(script), ElementsAre("copy t from STDIN with (format csv)", "SELECT 1", "COPY u FROM stdin"));
  EXPECT_THAT(script.errors(), IsEmpty());
  ASSERT_THAT(script.copy_data(), SizeIs(2));
  EXPECT_EQ(script.copy_data()[0].of(source.text()), "1\r\n");
  EXPECT_EQ(script.copy_data()[1].of(source.text()), "SELECT 2;\n");
}

TEST(ScriptPsql, BackslashCopyHasDataToo) {
  const SourceText source("a.sql", "\\copy t from stdin\n1\n\\.\n\\copy t from 'file'\nSELECT 1;");
  const Script script = Script::parse(source);
  EXPECT_THAT(texts(script), ElementsAre("SELECT 1"));
  EXPECT_THAT(script.errors(), IsEmpty());
  ASSERT_THAT(script.copy_data(), SizeIs(1));
  EXPECT_EQ(script.copy_data()[0].of(source.text()), "1\n");
}

TEST(ScriptPsql, NoDataWithoutStdin) {
  const SourceText source("a.sql", "COPY t TO stdout;\nCOPY t FROM '/stdin';\nSELECT 1;\nSELEC;");
  const Script script = Script::parse(source);
  EXPECT_THAT(script.statements(), SizeIs(3));
  EXPECT_THAT(script.copy_data(), IsEmpty());
}

TEST(ScriptPsql, VariablesStandForSomething) {
  const SourceText source("a.sql",
                          "CREATE TABLE :schema.t (a text DEFAULT :'value', :\"column\" int);\n"
                          "ALTER SEQUENCE s RESTART WITH :start;\n"
                          "SELECT a[1:2]::text, ':x';\n");
  const Script script = Script::parse(source);
  EXPECT_THAT(script.errors(), IsEmpty());
  EXPECT_THAT(texts(script), ElementsAre("CREATE TABLE :schema.t (a text DEFAULT :'value', :\"column\" int)",
                                         "ALTER SEQUENCE s RESTART WITH :start", "SELECT a[1:2]::text, ':x'"));
  EXPECT_EQ(script.statements()[0].as<CreateTable>()->name.schema, "_schema");
}

TEST(ScriptPsql, VariablesDoNotHideErrors) {
  const SourceText source("a.sql", "SELECT :x FORM t u;\nSELECT 1;\n");
  const Script script = Script::parse(source);
  EXPECT_THAT(texts(script), ElementsAre("SELECT 1"));
  EXPECT_THAT(described(script.errors()), ElementsAre("15-16 syntax error at or near \"t\""));
}

}  // namespace
}  // namespace cupel::sql
