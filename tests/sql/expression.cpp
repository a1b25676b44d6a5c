// Expression: kinds, parts, places, comparisons and proofs.
#include "tests/sql/statement_test_support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::sql {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// An expression with what it lives in.
class Parsed {
 public:
  explicit Parsed(const std::string& text) : sql_("DELETE FROM t WHERE " + text), expression_(sql_.as<Delete>().where) {}
  const Expression* operator->() const { return &expression_; }
  const Expression& operator*() const { return expression_; }

 private:
  Sql sql_;
  Expression expression_;
};

struct KindCase {
  const char* text;
  ExpressionKind kind;
  std::vector<std::string> children;
  const char* last_name;
};
void PrintTo(const KindCase& tested, std::ostream* out) { *out << tested.text; }
class ExpressionKinds : public testing::TestWithParam<KindCase> {};

TEST_P(ExpressionKinds, KindChildrenAndName) {
  const KindCase& expected = GetParam();
  const Parsed parsed(expected.text);
  EXPECT_EQ(parsed->kind(), expected.kind);
  EXPECT_EQ(texts(parsed->children()), expected.children);
  EXPECT_EQ(parsed->last_name(), expected.last_name);
  EXPECT_EQ(parsed->location(), 20u);
}

INSTANTIATE_TEST_SUITE_P(
    Each, ExpressionKinds,
    testing::Values(
        KindCase{"NULL", ExpressionKind::null, {}, ""}, KindCase{"'x'", ExpressionKind::literal, {}, ""},
        KindCase{"true", ExpressionKind::literal, {}, ""}, KindCase{"-5", ExpressionKind::literal, {}, ""},
        KindCase{"a.b", ExpressionKind::column, {}, "b"}, KindCase{"$1", ExpressionKind::parameter, {}, ""},
        KindCase{"s.f(a, n => 2)", ExpressionKind::function, {"a", "2"}, "f"},
        KindCase{"count(a ORDER BY b) FILTER (WHERE c)", ExpressionKind::function, {"a", "b", "c"}, "count"},
        KindCase{"a + 1 * 2", ExpressionKind::operator_call, {"a", "1 * 2"}, "+"},
        KindCase{"a OPERATOR(s.@@) b", ExpressionKind::operator_call, {"a", "b"}, "@@"},
        KindCase{"a AND b AND c", ExpressionKind::and_, {"a", "b", "c"}, ""}, KindCase{"a OR b", ExpressionKind::or_, {"a", "b"}, ""},
        KindCase{"NOT a", ExpressionKind::not_, {"a"}, ""}, KindCase{"a IS NULL", ExpressionKind::is_null, {"a"}, ""},
        KindCase{"a NOTNULL", ExpressionKind::is_not_null, {"a"}, ""}, KindCase{"a IS TRUE", ExpressionKind::is_true, {"a"}, ""},
        KindCase{"a IS NOT TRUE", ExpressionKind::is_not_true, {"a"}, ""}, KindCase{"a IS FALSE", ExpressionKind::is_false, {"a"}, ""},
        KindCase{"a IS NOT FALSE", ExpressionKind::is_not_false, {"a"}, ""},
        KindCase{"a IS UNKNOWN", ExpressionKind::is_unknown, {"a"}, ""},
        KindCase{"a IS NOT UNKNOWN", ExpressionKind::is_not_unknown, {"a"}, ""},
        KindCase{"a IS DISTINCT FROM b", ExpressionKind::is_distinct, {"a", "b"}, "="},
        KindCase{"a IS NOT DISTINCT FROM b", ExpressionKind::is_not_distinct, {"a", "b"}, "="},
        KindCase{"a IN (1, 2)", ExpressionKind::in_list, {"a", "1", "2"}, "="},
        KindCase{"a NOT IN (1)", ExpressionKind::not_in_list, {"a", "1"}, "<>"},
        KindCase{"a IN (SELECT b FROM c WHERE d)", ExpressionKind::subquery, {"a", "b", "d"}, ""},
        KindCase{"EXISTS (SELECT 1)", ExpressionKind::subquery, {"1"}, ""},
        KindCase{"a = ANY (b)", ExpressionKind::any_of, {"a", "b"}, "="}, KindCase{"a < ALL (b)", ExpressionKind::all_of, {"a", "b"}, "<"},
        KindCase{"a BETWEEN 1 AND 2", ExpressionKind::between, {"a", "1", "2"}, "BETWEEN"},
        KindCase{"a NOT BETWEEN SYMMETRIC 1 AND 2", ExpressionKind::not_between, {"a", "1", "2"}, "NOT BETWEEN SYMMETRIC"},
        KindCase{"a NOT ILIKE 'x'", ExpressionKind::like, {"a", "'x'"}, "!~~*"},
        KindCase{"CAST(a AS int)", ExpressionKind::cast, {"a"}, ""}, KindCase{"a::varchar(3)", ExpressionKind::cast, {"a"}, ""},
        KindCase{"date '2000-01-01'", ExpressionKind::cast, {"'2000-01-01'"}, ""},
        KindCase{"a COLLATE \"C\"", ExpressionKind::collate, {"a"}, "C"},
        KindCase{"COALESCE(a, 1)", ExpressionKind::coalesce, {"a", "1"}, ""},
        KindCase{"GREATEST(a, 1)", ExpressionKind::greatest_least, {"a", "1"}, ""},
        KindCase{"NULLIF(a, 1)", ExpressionKind::nullif, {"a", "1"}, "="},
        KindCase{"CASE a WHEN 1 THEN b ELSE c END", ExpressionKind::case_when, {"a", "1", "b", "c"}, ""},
        KindCase{"ARRAY[a, 1]", ExpressionKind::array, {"a", "1"}, ""}, KindCase{"(a, 1)", ExpressionKind::row, {"a", "1"}, ""},
        KindCase{"CURRENT_TIMESTAMP(3)", ExpressionKind::value_function, {}, "current_timestamp"},
        KindCase{"user", ExpressionKind::value_function, {}, "user"}, KindCase{"a[1]", ExpressionKind::subscript, {"a", "1"}, ""}));

TEST(Expression, EmptyOne) {
  const Expression none;
  EXPECT_FALSE(none);
  EXPECT_EQ(none.kind(), ExpressionKind::other);
  EXPECT_EQ(none.text(), "");
  EXPECT_FALSE(none.location());
  EXPECT_THAT(none.children(), IsEmpty());
  EXPECT_FALSE(none.implies_not_null("a"));
  EXPECT_TRUE(none.equals(Expression()));
  EXPECT_FALSE(none.equals(*Parsed("a")));
}

TEST(Expression, FieldsAndStars) {
  EXPECT_EQ(Parsed("(a).f")->kind(), ExpressionKind::field);
  EXPECT_THAT(Parsed("s.t.a")->name(), ElementsAre("s", "t", "a"));
  const Sql sql("SELECT t.*");
  EXPECT_EQ(sql.as<Select>().query.calls.size(), 0u);
}

TEST(Expression, Literals) {
  EXPECT_EQ(Parsed("'it''s é'")->literal(), "it's é");
  EXPECT_TRUE(Parsed("'1'")->is_string_literal());
  EXPECT_FALSE(Parsed("1")->is_string_literal());
  EXPECT_EQ(Parsed("-5")->literal(), "-5");
  EXPECT_EQ(Parsed("99999999999")->literal(), "99999999999");
  EXPECT_EQ(Parsed("1.50")->literal(), "1.50");
  EXPECT_EQ(Parsed("false")->literal(), "false");
  EXPECT_EQ(Parsed("b'101'")->literal(), "b101");
  EXPECT_EQ(Parsed("NULL")->literal(), "");
}

TEST(Expression, TypeOfCast) {
  const Parsed cast("a::pg_catalog.varchar(3)[]");
  const TypeName type = cast->type();
  EXPECT_EQ(type.schema, "pg_catalog");
  EXPECT_EQ(type.name, "varchar");
  EXPECT_THAT(type.modifiers, ElementsAre(3));
  EXPECT_EQ(type.array_dimensions, 1);
  EXPECT_EQ(Parsed("a")->type().name, "");
}

TEST(Expression, LocationIsInBytes) {
  const Sql sql("/* é */ DELETE FROM t WHERE 'é' = a + 1");
  const Expression where = sql.as<Delete>().where;
  EXPECT_EQ(where.location(), 29u);
  EXPECT_EQ(where.children().at(1).location(), 36u);
}

TEST(Expression, EqualsIgnoresPlaces) {
  EXPECT_TRUE(Parsed("a +  f( 1 )")->equals(*Parsed("a + f(1)")));
  EXPECT_FALSE(Parsed("a + 1")->equals(*Parsed("a + 2")));
  EXPECT_FALSE(Parsed("a")->equals(*Parsed("1")));
  EXPECT_TRUE(Parsed("a IN (SELECT 1)")->equals(*Parsed("A in (select 1)")));
}

TEST(Expression, TextIsPostgresOwnSpelling) {
  EXPECT_EQ(Parsed("a   is  NOT null and B=1")->text(), "a IS NOT NULL AND b = 1");
  EXPECT_EQ(Parsed("\"Ä\"")->text(), "\"Ä\"");
  EXPECT_EQ(Parsed("(1, 2)")->text(), "(1, 2)");
}

TEST(Expression, Columns) {
  EXPECT_THAT(Parsed("t.a = b AND a > (SELECT max(c) FROM u WHERE u.d = t.a)")->columns(), ElementsAre("a", "b", "c", "d"));
}

TEST(Expression, WalkStops) {
  int seen = 0;
  EXPECT_FALSE(Parsed("a AND b AND c")->walk([&seen](const Expression&) { return ++seen < 3; }));
  EXPECT_EQ(seen, 3);
}

TEST(Expression, ProofsOfNotNull) {
  const auto proves = [](const char* check) { return Parsed(check)->implies_not_null("a"); };
  EXPECT_TRUE(proves("a IS NOT NULL"));
  EXPECT_TRUE(proves("t.a IS NOT NULL"));
  EXPECT_TRUE(proves("NOT (a IS NULL)"));
  EXPECT_TRUE(proves("NOT NOT a IS NOT NULL"));
  EXPECT_TRUE(proves("a IS DISTINCT FROM NULL"));
  EXPECT_TRUE(proves("NULL IS DISTINCT FROM a"));
  EXPECT_TRUE(proves("NOT a IS NOT DISTINCT FROM NULL"));
  EXPECT_TRUE(proves("b > 0 AND a IS NOT NULL"));
  EXPECT_TRUE(proves("(a IS NOT NULL AND b) OR (c AND a IS NOT NULL)"));
  EXPECT_TRUE(proves("NOT (a IS NULL OR b)"));
  EXPECT_FALSE(proves("a IS NULL"));
  EXPECT_FALSE(proves("b IS NOT NULL"));
  EXPECT_FALSE(proves("a > 0"));  // NULL passes a CHECK
  EXPECT_FALSE(proves("a <> ''"));
  EXPECT_FALSE(proves("a IS NOT NULL OR b IS NOT NULL"));
  EXPECT_FALSE(proves("NOT (a IS NULL AND b)"));
  EXPECT_FALSE(proves("coalesce(a, b) IS NOT NULL"));
  EXPECT_FALSE(proves("a IS DISTINCT FROM b"));
}

}  // namespace
}  // namespace cupel::sql
