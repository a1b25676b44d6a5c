// What operations become is SQL that our parser reads and that PostgreSQL carries out.
#include "op/quote.h"
#include "sql/script.h"
#include "tests/execute/operation_samples.h"
#include "tests/execute/scratch_database.h"

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace cupel::execute {
namespace {

TEST(Operations, are_parsed) {
  for (const OperationSample& sample : operation_samples()) {
    for (const std::string& sql : sample.sql) {
      const SourceText text(sample.name, sql);
      const sql::Script script = sql::Script::parse(text, {});
      EXPECT_TRUE(script.errors().empty()) << sample.name << ": " << sql;
      EXPECT_EQ(script.statements().size(), 1U) << sample.name << ": " << sql;
    }
  }
}

TEST(Operations, run_on_servers) {
  for (const int major : outer_server_versions()) {
    const ScratchDatabase database(major);
    const bool has_gist = !database.ask("CREATE EXTENSION IF NOT EXISTS btree_gist").starts_with("ERROR");
    const bool has_uuid = !database.ask("CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\"; DROP EXTENSION \"uuid-ossp\"").starts_with("ERROR");
    for (const OperationSample& sample : operation_samples()) {
      // Servers of the tests may come without the contributed extensions.
      if (!has_gist && sample.before.find("btree_gist") != std::string::npos) continue;
      if (!has_uuid && sample.name == "extension") continue;
      if (!sample.before.empty()) {
        const std::string answer = database.ask(sample.before);
        EXPECT_FALSE(answer.starts_with("ERROR")) << sample.name << ": " << answer;
      }
      for (const std::string& sql : sample.sql) {
        std::string statement = sql;
        // The role of the samples is not there on every server.
        if (const std::size_t role = statement.find("AUTHORIZATION postgres"); role != std::string::npos)
          statement.replace(role, std::string_view("AUTHORIZATION postgres").size(),
                            "AUTHORIZATION " + database.ask("SELECT quote_ident(current_user)"));
        const std::string answer = database.ask(statement);
        EXPECT_FALSE(answer.starts_with("ERROR")) << major << ": " << sample.name << ": " << statement << "\n" << answer;
      }
    }
  }
}

TEST(Operations, names_and_texts_are_quoted_as_the_server_does) {
  for (const int major : outer_server_versions()) {
    const ScratchDatabase database(major);
    std::string names;
    for (const std::string word : {"plain", "Upper", "a b", "a\"b", "1a", "_x", "a$b", "über", "select", "between", "int", "left", "name"})
      names += fmt::format("{}({})", names.empty() ? "" : ",", op::quote_literal(word));
    const std::string all =
        "SELECT w, quote_ident(w) FROM (VALUES " + names + ") AS v(w) UNION ALL SELECT word, quote_ident(word) FROM pg_get_keywords()";
    const std::string answer = database.ask(all);
    std::size_t count = 0;
    for (std::size_t begin = 0; begin < answer.size(); ++count) {
      const std::size_t end = std::min(answer.find('\n', begin), answer.size());
      const std::size_t bar = answer.find('|', begin);
      const std::string quoted = op::quote_identifier(answer.substr(begin, bar - begin));
      const std::string expected = answer.substr(bar + 1, end - bar - 1);
      // Key words come and go between versions; a name in quotes is right in all of them.
      if (expected.starts_with('"') || major == server_versions().back()) { EXPECT_EQ(quoted, expected) << major; }
      begin = end + 1;
    }
    EXPECT_GT(count, 400U);
    for (const std::string text : {"it's", "a\\b", "", "é\n"}) {
      EXPECT_EQ(database.ask("SELECT " + op::quote_literal(text)), text);
      EXPECT_EQ(database.ask("SET standard_conforming_strings = off; SELECT " + op::quote_literal(text)), text);
    }
  }
}

}  // namespace
}  // namespace cupel::execute
