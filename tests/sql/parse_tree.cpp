// ParseTree: spans of statements, places of errors, threads, and trees as deep as anyone can write them.
#include "sql/parse_tree.h"

#include "tests/sql/statement_test_support.h"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::sql {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

std::vector<std::string> statement_texts(const std::string& text) {
  std::vector<Statement> statements;
  const ParseTree tree = ParseTree::parse(text.c_str());
  EXPECT_FALSE(tree.error());
  tree.convert(text, 0, true, {}, statements);
  std::vector<std::string> result;
  for (const Statement& statement : statements) result.emplace_back(statement.span.of(text));
  return result;
}

TEST(ParseTree, SpansAreTrimmed) {
  EXPECT_THAT(statement_texts("\n-- é\n /* x */ SELECT 1 -- a;\n ; /* b */ SELECT\n'--'  /* c */"),
              ElementsAre("SELECT 1", "SELECT\n'--'"));
  EXPECT_THAT(statement_texts("SELECT 1 /* a */ ;;; SELECT 2 -- é"), ElementsAre("SELECT 1", "SELECT 2"));
  EXPECT_THAT(statement_texts(" -- nothing"), SizeIs(0));
}

TEST(ParseTree, ErrorsArePlacedInBytes) {
  const ParseTree tree = ParseTree::parse("SELECT 'éé€😀' FORM FORM x");
  ASSERT_TRUE(tree.error());
  EXPECT_EQ(tree.error()->message, "syntax error at or near \"FORM\"");
  EXPECT_EQ(tree.error()->offset, 26u);
  const ParseTree at_end = ParseTree::parse("SELECT é (");
  EXPECT_EQ(at_end.error()->message, "syntax error at end of input");
  EXPECT_EQ(at_end.error()->offset, 11u);
  EXPECT_EQ(ParseTree::parse("SELECT '").error()->message, "unterminated quoted string at or near \"'\"");
  const ParseTree invalid = ParseTree::parse("SELECT '\xff\xc3' FORM FORM FORM");
  EXPECT_TRUE(invalid.error());
}

TEST(ParseTree, PlacesInPartOfAFile) {
  const std::string file = "é: ALTER TABLE t DROP a; é";
  std::vector<Statement> statements;
  const ParseTree tree = ParseTree::parse("ALTER TABLE t DROP a");
  tree.convert(file, 4, true, {}, statements);
  ASSERT_THAT(statements, SizeIs(1));
  EXPECT_EQ(statements[0].span.of(file), "ALTER TABLE t DROP a");
  EXPECT_EQ(statements[0].location_shift, 4);
  EXPECT_EQ(statements[0].as<AlterTable>()->name.span.of(file), "t");
  EXPECT_EQ(statements[0].as<AlterTable>()->commands.at(0).span.of(file), "DROP a");
}

TEST(ParseTree, WithoutPlaces) {
  const std::string file = "EXECUTE 'DROP TABLE it''s'";
  const Span fallback{8, 26};
  std::vector<Statement> statements;
  const ParseTree tree = ParseTree::parse(
      "CREATE SCHEMA s CREATE TABLE t (a int REFERENCES o ON DELETE NO ACTION, CHECK (true)); CREATE INDEX i ON t (a);"
      "DROP TABLE t; ALTER TABLE t DROP a; DO 'x'; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS ''; SELECT * FROM q;"
      "CREATE TRIGGER g AFTER INSERT ON t EXECUTE FUNCTION f()");
  tree.convert(file, 0, false, fallback, statements);
  ASSERT_THAT(statements, SizeIs(9));
  for (const Statement& statement : statements) EXPECT_EQ(statement.span, fallback);
  const auto* table = statements[1].as<CreateTable>();
  EXPECT_EQ(table->columns.at(0).span, fallback);
  EXPECT_EQ(table->columns.at(0).constraints.at(0).span, fallback);
  EXPECT_EQ(table->columns.at(0).constraints.at(0).referenced.span, fallback);
  EXPECT_EQ(table->columns.at(0).type.span, fallback);
  EXPECT_EQ(table->constraints.at(0).span, fallback);
  EXPECT_EQ(statements[2].as<CreateIndex>()->name_span, fallback);
  EXPECT_EQ(statements[3].as<DropObjects>()->names.at(0).span, fallback);
  EXPECT_EQ(statements[4].as<AlterTable>()->commands.at(0).span, fallback);
  EXPECT_EQ(statements[5].as<DoBlock>()->body.span, fallback);
  EXPECT_FALSE(statements[5].as<DoBlock>()->body.verbatim);
  EXPECT_EQ(statements[7].as<Select>()->query.relations.at(0).name.span, fallback);
  EXPECT_EQ(statements[8].as<CreateTrigger>()->function.span, fallback);
}

TEST(ParseTree, OutlivesTheThreadThatMadeIt) {
  std::vector<ParseTree> trees;
  std::vector<Statement> statements;
  const std::string text = "SELECT f(1) FROM t";
  for (int i = 0; i < 20; ++i) {
    std::thread([&] {
      trees.push_back(ParseTree::parse(text.c_str()));
      trees.back().convert(text, 0, true, {}, statements);
    }).join();
  }
  for (const Statement& statement : statements) EXPECT_EQ(statement.as<Select>()->query.calls.at(0).text(), "f(1)");
  // Freed by a thread that has never parsed, after others did the same.
  std::thread([&] { trees.clear(); }).join();
  EXPECT_FALSE(ParseTree::parse("SELECT 1").error());
}

TEST(ParseTree, MovesOwnership) {
  ParseTree tree = ParseTree::parse("SELECT 1");
  ParseTree other = ParseTree::parse("SELECT (");
  tree = std::move(other);
  EXPECT_TRUE(tree.error());
  const ParseTree third(std::move(tree));
  EXPECT_TRUE(third.error());
}

// Asks everything of an expression that might recurse.
void exercise(const Expression& expression) {
  expression.walk([](const Expression& part) {
    static_cast<void>(part.kind());
    return true;
  });
  static_cast<void>(expression.columns());
  static_cast<void>(expression.implies_not_null("a"));
  static_cast<void>(expression.location());
  static_cast<void>(expression.text());
  static_cast<void>(expression.equals(expression.children().empty() ? Expression() : expression.children()[0]));
}

std::string repeated(const std::string& text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

void parse_and_exercise(const std::string& text) {
  const SourceText source("deep.sql", text);
  const Script script = Script::parse(source);
  EXPECT_GT(script.statements().size() + script.errors().size(), 0u);
  for (const Statement& statement : script.statements()) {
    if (const auto* deletion = statement.as<Delete>()) exercise(deletion->where);
    if (const auto* insert = statement.as<Insert>()) exercise(insert->values.at(0).at(0));
    if (const auto* table = statement.as<CreateTable>()) exercise(table->columns.at(0).default_value);
    static_cast<void>(script.deparse(statement));
  }
}

class Deep : public testing::TestWithParam<int> {};

TEST_P(Deep, TreesNeverCrash) {
  const int depth = GetParam();
  const std::string query = "DELETE FROM t WHERE ";
  for (const std::string& text : {
           query + std::string(static_cast<std::size_t>(depth), '(') + "a" + std::string(static_cast<std::size_t>(depth), ')'),
           query + "a" + repeated("+1", depth),
           query + "a" + repeated(" AND a", depth),
           query + repeated("NOT ", depth) + "a IS NULL",
           query + repeated("(SELECT ", depth) + "1" + repeated(")", depth),
           query + repeated("f(", depth) + "a" + repeated(")", depth),
           query + repeated("CASE WHEN ", depth) + "a" + repeated(" THEN 1 END", depth),
           query + "a" + repeated("::int", depth),
           query + "(a)" + repeated("[1]", depth),
           "SELECT 1" + repeated(" UNION SELECT 1", depth),
           "SELECT * FROM " + repeated("(SELECT * FROM ", depth) + "t" + repeated(") x", depth),
           "SELECT * FROM a" + repeated(" JOIN b ON true", depth),
           repeated("WITH a AS (", depth) + "SELECT 1" + repeated(") SELECT 1", depth),
           "INSERT INTO t VALUES (" + repeated("-", depth) + "a)",
           "CREATE TABLE t (a int DEFAULT 1" + repeated("+1", depth) + ")",
           "CREATE TABLE t (a numeric(1" + repeated("+1", depth) + "))",
           "CREATE FUNCTION f(a int DEFAULT " + repeated("NOT ", depth) + "true) RETURNS int RETURN 1" + repeated("+1", depth),
           "ALTER TABLE t ALTER a TYPE int USING 1" + repeated("+1", depth) + ", ADD CHECK (" + repeated("NOT ", depth) + "true)",
           "CREATE POLICY p ON t USING (true" + repeated(" IS TRUE", depth) + ")",
           "CREATE VIEW v AS SELECT " + repeated("coalesce(", depth) + "1" + repeated(")", depth),
       }) {
    parse_and_exercise(text);
  }
}

INSTANTIATE_TEST_SUITE_P(Depths, Deep, testing::Values(10, 1000, 1990, 2010, 3000, 9000, 30000));

TEST(Deep, OnAWorkerThread) {
  std::thread([] { parse_and_exercise("DELETE FROM t WHERE " + repeated("NOT ", 1990) + "a IS NULL"); }).join();
  std::thread([] { parse_and_exercise("DELETE FROM t WHERE a" + repeated("||1", 200000)); }).join();
}

}  // namespace
}  // namespace cupel::sql
