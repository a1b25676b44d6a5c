// Names, literals and types as SQL text.
#include "tests/sql/statement_test_support.h"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::sql {
namespace {

TEST(QuoteIdentifier, OnlyWhenNeeded) {
  EXPECT_EQ(quote_identifier("users"), "users");
  EXPECT_EQ(quote_identifier("_a1"), "_a1");
  EXPECT_EQ(quote_identifier("Users"), "\"Users\"");
  EXPECT_EQ(quote_identifier("1a"), "\"1a\"");
  EXPECT_EQ(quote_identifier("a\"b"), "\"a\"\"b\"");
  EXPECT_EQ(quote_identifier("é"), "\"é\"");
  EXPECT_EQ(quote_identifier("a$"), "\"a$\"");
  EXPECT_EQ(quote_identifier(""), "\"\"");
  EXPECT_EQ(quote_identifier("select"), "\"select\"");
  EXPECT_EQ(quote_identifier("int"), "\"int\"");
  EXPECT_EQ(quote_identifier("name"), "name");  // an unreserved key word
}

TEST(QuoteLiteral, QuotesAndBackslashes) {
  EXPECT_EQ(quote_literal("a'b"), "'a''b'");
  EXPECT_EQ(quote_literal("a\\'b"), "E'a\\\\''b'");
  EXPECT_EQ(quote_literal(""), "''");
}

TEST(ToSql, QualifiedNames) {
  EXPECT_EQ(to_sql(QualifiedName{"S", "t", {}}), "\"S\".t");
  EXPECT_EQ(to_sql(QualifiedName{"", "order", {}}), "\"order\"");
}

struct TypeCase {
  const char* written;
  const char* shown;
};
class ToSqlTypes : public testing::TestWithParam<TypeCase> {};

TEST_P(ToSqlTypes, AsTheServerShowsThem) {
  const Sql sql("CREATE TABLE t (a " + std::string(GetParam().written) + ")");
  EXPECT_EQ(to_sql(sql.as<CreateTable>().columns.at(0).type), GetParam().shown);
}

INSTANTIATE_TEST_SUITE_P(
    Each, ToSqlTypes,
    testing::Values(TypeCase{"varchar(20)[]", "character varying(20)[]"}, TypeCase{"varchar", "character varying"},
                    TypeCase{"char", "character(1)"}, TypeCase{"char(3)", "character(3)"}, TypeCase{"bpchar", "bpchar"},
                    TypeCase{"\"char\"", "\"char\""}, TypeCase{"int", "integer"}, TypeCase{"int4", "integer"}, TypeCase{"bigint", "bigint"},
                    TypeCase{"float", "double precision"}, TypeCase{"real", "real"}, TypeCase{"decimal(10, 2)", "numeric(10,2)"},
                    TypeCase{"timestamptz(3)", "timestamp(3) with time zone"}, TypeCase{"timestamp", "timestamp without time zone"},
                    TypeCase{"time with time zone", "time with time zone"}, TypeCase{"interval", "interval"},
                    TypeCase{"interval(3)", "interval(3)"}, TypeCase{"interval year to month", "interval year to month"},
                    TypeCase{"interval day to second(3)", "interval day to second(3)"}, TypeCase{"bit(3)", "bit(3)"},
                    TypeCase{"bit varying(3)", "bit varying(3)"}, TypeCase{"bool", "boolean"}, TypeCase{"text[][]", "text[]"},
                    TypeCase{"serial", "serial"}, TypeCase{"s.\"T\"(1)", "s.\"T\"(1)"}, TypeCase{"geometry(1, 2)", "geometry(1,2)"},
                    TypeCase{"pg_catalog.int8", "bigint"}));

TEST(ToSql, TypesOfFunctions) {
  const Sql sql("CREATE FUNCTION f(a t.c%TYPE) RETURNS SETOF int LANGUAGE sql AS ''");
  EXPECT_EQ(to_sql(sql.as<CreateFunction>().arguments.at(0).type), "t.c%TYPE");
  EXPECT_EQ(to_sql(*sql.as<CreateFunction>().returns), "SETOF integer");
}

TEST(Parser, Version) {
  EXPECT_GE(parser_version_number(), 170000);
  // Set where the tests are linked with a second libpg_query: that it is really the one that answers.
  if (const char* expected = std::getenv("CUPEL_EXPECTED_PARSER")) { EXPECT_EQ(std::to_string(parser_version_number() / 10000), expected); }
  EXPECT_EQ(std::to_string(parser_version_number() / 10000), std::string(parser_version().substr(0, 2)));
}

}  // namespace
}  // namespace cupel::sql
