// Operations as SQL. Whether PostgreSQL takes that SQL is asked of servers, by tests/execute.
#include "op/render.h"

#include "op/quote.h"
#include "tests/op/recorded.h"
#include "tests/op/samples.h"

#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>

namespace cupel::op {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

TEST(Render, everything_that_a_migration_can_ask_for) {
  for (const Sample& sample : samples()) {
    const Recorded recorded = record(sample.run);
    EXPECT_EQ(recorded.error, "") << sample.name;
    EXPECT_EQ(recorded.sql, sample.sql) << sample.name;
  }
}

TEST(Render, samples_have_every_kind) {
  std::set<std::string> seen;
  for (const Sample& sample : samples()) {
    for (const RecordedOperation& operation : record(sample.run).operations) seen.insert(name(operation.kind));
  }
  for (unsigned short number = 1; number < 100; ++number) {
    const std::string kind = name(static_cast<request_kind>(number));
    EXPECT_TRUE(kind.empty() || seen.contains(kind)) << kind;
  }
}

TEST(Render, what_means_nothing_is_refused) {
  const auto error = [](auto function) {
    const Recorded recorded = record(function);
    EXPECT_THAT(recorded.sql, IsEmpty());
    return recorded.error;
  };
  EXPECT_THAT(error([](operations& op) { op.drop_table(""); }), HasSubstr("drop_table: a name is empty"));
  EXPECT_THAT(error([](operations& op) { op.execute(" \n"); }), HasSubstr("SQL is empty"));
  EXPECT_THAT(error([](operations& op) { op.drop_table(std::string("a\0b", 3)); }), HasSubstr("NUL byte"));
  EXPECT_THAT(error([](operations& op) { op.alter_column("t", "c", {}); }), HasSubstr("nothing to change"));
  EXPECT_THAT(error([](operations& op) { op.alter_column("t", "c", {.using_expression = "x"}); }), HasSubstr("go with a type"));
  EXPECT_THAT(error([](operations& op) { op.bulk_insert("t", {"a", "b"}, {{1, 2}, {3}}); }), HasSubstr("row 2 has 1 values for 2 columns"));
  EXPECT_THAT(error([](operations& op) { op.bulk_insert("t", {}, {{1}}); }), HasSubstr("columns' names"));
  EXPECT_THAT(error([](operations& op) { op.create_unique_constraint("u", "t", {"a"}, {.not_valid = true}); }),
              HasSubstr("not_valid is an option of foreign keys and checks"));
  EXPECT_THAT(error([](operations& op) { op.create_check_constraint("u", "t", "a > 0", {.ondelete = cascade}); }),
              HasSubstr("ondelete or onupdate is an option of foreign keys"));
  EXPECT_THAT(error([](operations& op) { op.create_unique_constraint("u", "t", {"a"}, {.using_index = "i"}); }),
              HasSubstr("the index says which columns"));
  EXPECT_THAT(error([](operations& op) { op.create_unique_constraint("u", "t", {}); }), HasSubstr("no columns"));
  EXPECT_THAT(error([](operations& op) { op.create_index("i", "t", {}); }), HasSubstr("no columns"));
  EXPECT_THAT(error([](operations& op) { op.add_enum_value("t", "a", {.before = "b", .after = "c"}); }), HasSubstr("not both"));
  EXPECT_THAT(error([](operations& op) { op.create_view("v", "SELECT 1", {.or_replace = true, .materialized = true}); }),
              HasSubstr("cannot be replaced"));
  EXPECT_THAT(error([](operations& op) { op.create_sequence("s", {.start = "1"}); }), HasSubstr("integers"));
  EXPECT_THAT(error([](operations& op) { op.create_sequence("s", {.owned_by_table = "t"}); }), HasSubstr("go together"));
  EXPECT_THAT(error([](operations& op) { op.backfill("t", {.set = "a = 1"}); }), HasSubstr("needs .key"));
  EXPECT_THAT(error([](operations& op) { op.backfill("t", {.set = "a = 1", .key = "id", .batch = 0}); }), HasSubstr("1 to 1000000"));
  EXPECT_THAT(error([](operations& op) { op.drop_schema("a", {.schema = "b"}); }), HasSubstr("in no schema"));
  EXPECT_THAT(error([](operations& op) { op.add_column("t", column("c", text()).references("u", "id", {.not_valid = true})); }),
              HasSubstr("use create_foreign_key"));
  EXPECT_THAT(error([](operations& op) { op.autocommit([&] { op.autocommit([] {}); }); }), HasSubstr("within autocommit"));
  request unknown;
  unknown.kind = static_cast<request_kind>(999);
  EXPECT_THAT(render(unknown).error, HasSubstr("does not know"));
}

TEST(Render, errors_say_where) {
  EXPECT_THAT(record([](operations& op) { op.drop_table(""); }).error, HasSubstr("render_test.cpp:"));
}

TEST(Render, numbers_stay_what_they_are) {
  const auto inserted = [](const value& number) {
    const std::string sql = record([&](operations& op) { op.bulk_insert("t", {"a"}, {{number}}); }).sql.at(0);
    const std::size_t begin = sql.rfind("\n  (") + 4;
    return sql.substr(begin, sql.size() - begin - 1);
  };
  EXPECT_EQ(inserted(std::numeric_limits<long long>::min()), "-9223372036854775808");
  EXPECT_EQ(inserted(std::numeric_limits<unsigned long long>::max()), "18446744073709551615");
  EXPECT_EQ(inserted(std::size_t{7}), "7");
  EXPECT_EQ(inserted(0.1), "0.1");
  EXPECT_EQ(inserted(5.0), "5.0");
  EXPECT_EQ(inserted(std::nan("")), "'NaN'::float8");
  EXPECT_EQ(inserted(-INFINITY), "'-Infinity'::float8");
  EXPECT_EQ(inserted(true), "true");
  EXPECT_EQ(inserted(nullptr), "NULL");
  EXPECT_EQ(inserted(std::string("it's")), "'it''s'");
  EXPECT_EQ(inserted(sql("now()")), "now()");
}

TEST(Render, fragments_tell_which_text_became_what) {
  const std::string table = "Users";
  const std::string condition = "a > 0";
  request operation;
  operation.kind = request_kind::create_check_constraint;
  operation.table = table;
  const check constraint("c", condition);
  const table_element element(constraint);
  operation.elements = {&element, 1};
  const Rendered rendered = render(operation);
  ASSERT_EQ(rendered.statements.size(), 1U);
  const RenderedStatement& statement = rendered.statements[0];
  EXPECT_EQ(statement.sql, "ALTER TABLE \"Users\" ADD CONSTRAINT c CHECK (a > 0)");
  ASSERT_EQ(statement.fragments.size(), 3U);
  const auto text = [&](const Fragment& fragment) { return statement.sql.substr(fragment.begin, fragment.end - fragment.begin); };
  EXPECT_EQ(text(statement.fragments[0]), "\"Users\"");
  EXPECT_EQ(statement.fragments[0].text.data, table.data());
  EXPECT_FALSE(statement.fragments[0].verbatim);
  EXPECT_EQ(text(statement.fragments[2]), "a > 0");
  EXPECT_EQ(statement.fragments[2].text.data, condition.data());
  EXPECT_TRUE(statement.fragments[2].verbatim);
}

TEST(Quote, only_where_it_has_to_be) {
  EXPECT_EQ(quote_identifier("orders_2"), "orders_2");
  EXPECT_EQ(quote_identifier("Orders"), "\"Orders\"");
  EXPECT_EQ(quote_identifier("2nd"), "\"2nd\"");
  EXPECT_EQ(quote_identifier("a\"b"), "\"a\"\"b\"");
  EXPECT_EQ(quote_identifier("user"), "\"user\"");
  EXPECT_EQ(quote_identifier("between"), "\"between\"");
  EXPECT_EQ(quote_identifier("name"), "name");
  EXPECT_EQ(quote_identifier("größe"), "\"größe\"");
  EXPECT_EQ(quote_literal("a\\b'"), "E'a\\\\b'''");
}

}  // namespace
}  // namespace cupel::op
