// SELECT and the commands that change data, as typed statements; what queries touch.
#include "tests/sql/statement_test_support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::sql {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// "name use" of each relation: r(ead), l(ocked), i(nsert), u(pdate), d(elete), m(erge)
std::vector<std::string> relations(const Query& query) {
  std::vector<std::string> result;
  for (const RelationReference& reference : query.relations) {
    const char* const uses[] = {"r", "l", "i", "u", "d", "m", "t"};
    result.push_back(to_sql(reference.name) + " " + uses[static_cast<int>(reference.use)]);
  }
  return result;
}
std::vector<std::string> relations(const char* select) { return relations(Sql(select).as<Select>().query); }

TEST(Query, RelationsOfAllLevels) {
  EXPECT_THAT(relations("SELECT (SELECT 1 FROM a) FROM s.b, LATERAL (SELECT * FROM c) x LEFT JOIN d USING (i) WHERE "
                        "EXISTS (TABLE e)"),
              ElementsAre("s.b r", "c r", "d r", "a r", "e r"));
  EXPECT_THAT(relations("SELECT 1 FROM a UNION ALL SELECT 2 FROM b ORDER BY (SELECT max(x) FROM c)"), ElementsAre("a r", "b r", "c r"));
  EXPECT_THAT(relations("VALUES (1)"), IsEmpty());
}

TEST(Query, CommonTableExpressionsAreNotRelations) {
  EXPECT_THAT(relations("WITH a AS (SELECT * FROM a), b AS (SELECT * FROM a) SELECT * FROM a, b, s.a"), ElementsAre("a r", "s.a r"));
  EXPECT_THAT(relations("WITH RECURSIVE a AS (SELECT 1 UNION SELECT * FROM a) SELECT * FROM a"), IsEmpty());
  EXPECT_THAT(relations("SELECT * FROM (WITH a AS (SELECT 1) SELECT * FROM a) x, a"), ElementsAre("a r"));
}

TEST(Query, DataModifyingCommonTableExpressions) {
  const Sql sql("WITH w AS (DELETE FROM a USING b RETURNING *), v AS (UPDATE u SET x = 1) INSERT INTO w SELECT * FROM w");
  EXPECT_THAT(relations(sql.as<Insert>().query), ElementsAre("a d", "b r", "u u", "w i"));
}

TEST(Query, LockedRows) {
  EXPECT_THAT(relations("SELECT * FROM a, b FOR UPDATE"), ElementsAre("a l", "b l"));
  EXPECT_THAT(relations("SELECT * FROM a x, b, c FOR SHARE OF x FOR UPDATE OF c"), ElementsAre("a l", "b r", "c l"));
  EXPECT_THAT(relations("SELECT * FROM (SELECT * FROM a WHERE i IN (SELECT 1 FROM c)) x, b FOR UPDATE OF x"),
              ElementsAre("a l", "c r", "b r"));
  EXPECT_THAT(relations("WITH w AS (SELECT * FROM a) SELECT * FROM w, b FOR UPDATE"), ElementsAre("a r", "b l"));
}

TEST(Query, CallsAndLimit) {
  const Sql sql("SELECT set_config('a', lower('B'), false), count(*) FROM generate_series(1, 2) g LIMIT 5; SELECT 1 LIMIT ALL");
  const Query& query = sql.as<Select>().query;
  EXPECT_TRUE(query.has_limit);
  std::vector<std::string> calls;
  for (const Expression& call : query.calls) calls.emplace_back(call.last_name());
  EXPECT_THAT(calls, ElementsAre("generate_series", "set_config", "lower", "count"));
  EXPECT_FALSE(sql.as<Select>(1).query.has_limit);
}

TEST(Query, SpansOfRelations) {
  const Sql sql("-- é\nSELECT 'é' FROM S.\"Tä\" AS x");
  EXPECT_EQ(shown(sql, sql.as<Select>().query.relations.at(0).name), "s.Tä @ S.\"Tä\"");
}

TEST(Insert, Fields) {
  const Sql sql(
      "INSERT INTO s.t (a, b) VALUES (1, DEFAULT), (f(2), 'x') ON CONFLICT DO NOTHING; INSERT INTO t SELECT * FROM o; "
      "INSERT INTO t DEFAULT VALUES");
  const auto& insert = sql.as<Insert>(0);
  EXPECT_EQ(shown(sql, insert.table), "s.t @ s.t");
  EXPECT_THAT(insert.columns, ElementsAre("a", "b"));
  EXPECT_TRUE(insert.from_values && insert.on_conflict);
  ASSERT_THAT(insert.values, SizeIs(2));
  EXPECT_EQ(insert.values[0].at(1).kind(), ExpressionKind::default_);
  EXPECT_EQ(insert.values[1].at(0).text(), "f(2)");
  EXPECT_THAT(insert.query.calls, SizeIs(1));
  EXPECT_FALSE(sql.as<Insert>(1).from_values || sql.as<Insert>(1).on_conflict);
  EXPECT_THAT(relations(sql.as<Insert>(1).query), ElementsAre("t i", "o r"));
  EXPECT_TRUE(sql.as<Insert>(2).from_values);
}

TEST(Insert, ManyRowsAreCut) {
  std::string text = "INSERT INTO t VALUES (0)";
  for (int i = 1; i < 1000; ++i) text += ", (" + std::to_string(i) + ")";
  const Sql sql(text);
  EXPECT_THAT(sql.as<Insert>().values, SizeIs(200));
}

TEST(Update, Fields) {
  const Sql sql(
      "UPDATE ONLY s.t SET a = 1, (b, c) = (2, f(3)), (d, e) = (SELECT 4, 5 FROM o) FROM p WHERE t.a > 0; UPDATE t SET "
      "a = DEFAULT;"
      "UPDATE t SET a = 1 WHERE CURRENT OF cur");
  const auto& update = sql.as<Update>(0);
  EXPECT_EQ(shown(sql, update.table), "s.t @ s.t");
  EXPECT_TRUE(update.only && update.has_from);
  EXPECT_EQ(update.where.text(), "t.a > 0");
  EXPECT_THAT(update.columns, ElementsAre("a", "b", "c", "d", "e"));
  EXPECT_EQ(update.values.at(0).literal(), "1");
  EXPECT_EQ(update.values.at(1).literal(), "2");
  EXPECT_EQ(update.values.at(2).text(), "f(3)");
  EXPECT_EQ(update.values.at(3).kind(), ExpressionKind::subquery);
  EXPECT_EQ(update.values.at(4).kind(), ExpressionKind::subquery);
  EXPECT_THAT(relations(update.query), testing::Contains("p r"));
  EXPECT_FALSE(sql.as<Update>(1).where);
  EXPECT_FALSE(sql.as<Update>(1).has_from);
  EXPECT_TRUE(sql.as<Update>(2).where_current_of);
}

TEST(Delete, Fields) {
  const Sql sql("DELETE FROM ONLY s.t USING u WHERE t.i = u.i; DELETE FROM t; DELETE FROM t WHERE CURRENT OF c");
  EXPECT_EQ(shown(sql, sql.as<Delete>(0).table), "s.t @ s.t");
  EXPECT_TRUE(sql.as<Delete>(0).only && sql.as<Delete>(0).has_using);
  EXPECT_EQ(sql.as<Delete>(0).where.text(), "t.i = u.i");
  EXPECT_THAT(relations(sql.as<Delete>(0).query), ElementsAre("s.t d", "u r"));
  EXPECT_FALSE(sql.as<Delete>(1).where);
  EXPECT_TRUE(sql.as<Delete>(2).where_current_of);
}

TEST(Merge, Fields) {
  const Sql sql("MERGE INTO s.t USING u ON t.i = u.i WHEN MATCHED THEN UPDATE SET a = f(u.a) WHEN NOT MATCHED THEN DO NOTHING");
  EXPECT_EQ(shown(sql, sql.as<Merge>().table), "s.t @ s.t");
  EXPECT_THAT(relations(sql.as<Merge>().query), ElementsAre("s.t m", "u r"));
  EXPECT_THAT(sql.as<Merge>().query.calls, SizeIs(1));
}

TEST(Copy, Fields) {
  const Sql sql(
      "COPY s.t TO STDOUT; COPY t FROM PROGRAM 'x' WITH (FREEZE); COPY (SELECT * FROM a) TO '/f'; COPY t FROM '/f' "
      "FREEZE");
  EXPECT_EQ(shown(sql, *sql.as<Copy>(0).table), "s.t @ s.t");
  EXPECT_FALSE(sql.as<Copy>(0).from || sql.as<Copy>(0).from_stdin);
  EXPECT_THAT(relations(sql.as<Copy>(0).query), ElementsAre("s.t r"));
  EXPECT_TRUE(sql.as<Copy>(1).from && sql.as<Copy>(1).to_or_from_program && sql.as<Copy>(1).freeze);
  EXPECT_FALSE(sql.as<Copy>(1).from_stdin);
  EXPECT_THAT(relations(sql.as<Copy>(1).query), ElementsAre("t i"));
  EXPECT_FALSE(sql.as<Copy>(2).table);
  EXPECT_THAT(relations(sql.as<Copy>(2).query), ElementsAre("a r"));
  EXPECT_TRUE(sql.as<Copy>(3).freeze);
}

TEST(Copy, FromStandardInput) {
  const Sql sql("COPY t FROM STDIN;\n1\n\\.\nSELECT 1;");
  EXPECT_TRUE(sql.as<Copy>(0).from_stdin);
}

}  // namespace
}  // namespace cupel::sql
