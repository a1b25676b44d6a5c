// Nothing of PostgreSQL's grammar is forgotten: its own list of nodes is held against ours.
#include "tests/sql/grammar_samples.h"
#include "tests/sql/statement_test_support.h"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pg_query.h>

namespace cupel::sql {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// The description of the parse tree that comes with libpg_query.
std::string tree_description() {
  std::ifstream file(CUPEL_PG_QUERY_PROTO);
  std::string text(std::istreambuf_iterator<char>(file), {});
  if (text.empty()) std::cerr << "SKIPPED: pg_query.proto is not installed with this libpg_query\n";
  return text;
}

// The words of the block that begins with `head` that `is_wanted`.
template <class Predicate>
std::set<std::string> words_of_block(const std::string& description, const std::string& head, Predicate is_wanted) {
  const std::size_t begin = description.find(head);
  if (begin == std::string::npos) return {};
  std::istringstream block(description.substr(begin, description.find('}', begin) - begin));
  std::set<std::string> wanted;
  for (std::string word; block >> word;) {
    if (is_wanted(word)) wanted.insert(word);
  }
  return wanted;
}

template <class Samples>
std::set<std::string> nodes_of(const Samples& samples) {
  std::set<std::string> nodes;
  for (const GrammarSample& sample : samples) nodes.emplace(sample.node);
  return nodes;
}

// libpg_query's own account of the tree, as JSON.
std::string tree_of(std::string_view statement) {
  PgQueryParseResult result = pg_query_parse(std::string(statement).c_str());
  std::string tree = result.error != nullptr ? result.error->message : result.parse_tree;
  pg_query_free_parse_result(result);
  return tree;
}

TEST(Grammar, EveryStatementHasASample) {
  const std::string description = tree_description();
  if (description.empty()) GTEST_SKIP();
  const auto known = words_of_block(description, "message Node", [](const std::string& word) { return word.ends_with("Stmt"); });
  ASSERT_THAT(known, Not(IsEmpty())) << CUPEL_PG_QUERY_PROTO;
  EXPECT_EQ(nodes_of(statement_samples), known);
  for (const GrammarSample& sample : statement_samples) {
    EXPECT_EQ(sample.statement.empty(), !sample.why.empty()) << sample.node;
    if (sample.statement.empty()) continue;
    EXPECT_THAT(tree_of(sample.statement), HasSubstr("\"" + std::string(sample.node) + "\":{")) << sample.statement;
    const Sql sql{std::string(sample.statement)};
    ASSERT_EQ(sql.script().statements().size(), 1U) << sample.statement;
    EXPECT_NE(sql.statement().tag(), "???") << sample.statement;
  }
}

TEST(Grammar, EverySubcommandOfAlterTableIsKnown) {
  const std::string description = tree_description();
  if (description.empty()) GTEST_SKIP();
  const auto known = words_of_block(description, "enum AlterTableType", [](const std::string& word) { return word.starts_with("AT_"); });
  ASSERT_THAT(known, Not(IsEmpty())) << CUPEL_PG_QUERY_PROTO;
  EXPECT_EQ(nodes_of(alter_table_samples), known);
  for (const GrammarSample& sample : alter_table_samples) {
    EXPECT_EQ(sample.statement.empty(), !sample.why.empty()) << sample.node;
    if (sample.statement.empty()) continue;
    EXPECT_THAT(tree_of(sample.statement), HasSubstr("\"subtype\":\"" + std::string(sample.node) + "\"")) << sample.statement;
    const Sql sql{std::string(sample.statement)};
    const auto& alter = sql.as<AlterTable>();
    ASSERT_EQ(alter.commands.size(), 1U) << sample.statement;
    EXPECT_NE(alter.commands[0].action, AlterTableAction::other) << sample.statement;
  }
}

}  // namespace
}  // namespace cupel::sql
