// Functions, triggers, policies; queries and data; session commands: as typed statements.
#include "tests/sql/statement_test_support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::sql {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

TEST(CreateFunction, Fields) {
  const Sql sql(
      "/* é */ CREATE OR REPLACE FUNCTION s.f(IN a int DEFAULT 1 + 1, OUT b text, VARIADIC c int[]) RETURNS SETOF "
      "record LANGUAGE PLpgSQL"
      " STABLE STRICT SECURITY DEFINER SET search_path = '' AS $x$ begin end $x$");
  const auto& function = sql.as<CreateFunction>();
  EXPECT_EQ(shown(sql, function.name), "s.f @ s.f");
  EXPECT_FALSE(function.procedure);
  EXPECT_TRUE(function.or_replace && function.strict && function.security_definer && function.sets_search_path);
  ASSERT_THAT(function.arguments, SizeIs(3));
  EXPECT_EQ(function.arguments[0].name, "a");
  EXPECT_EQ(function.arguments[0].type.name, "int4");
  EXPECT_EQ(function.arguments[0].default_value.text(), "1 + 1");
  EXPECT_FALSE(function.arguments[1].input);
  EXPECT_TRUE(function.arguments[2].input);
  EXPECT_EQ(function.arguments[2].type.array_dimensions, 1);
  EXPECT_TRUE(function.returns->set_of);
  EXPECT_EQ(function.volatility, Volatility::stable);
  EXPECT_EQ(function.body->language, "plpgsql");
  EXPECT_EQ(function.body->text, " begin end ");
  EXPECT_EQ(sql.at(function.body->span), " begin end ");
  EXPECT_TRUE(function.body->verbatim);
}

TEST(CreateFunction, BodiesThatAreNotVerbatimAndOtherForms) {
  const Sql sql(
      "CREATE FUNCTION f() RETURNS text LANGUAGE 'SQL' AS 'SELECT ''x'''; CREATE FUNCTION g() RETURNS int RETURN 1;"
      "CREATE PROCEDURE p() BEGIN ATOMIC INSERT INTO t VALUES (1); END; CREATE FUNCTION c() RETURNS int LANGUAGE c AS "
      "'lib', 'sym';"
      "CREATE FUNCTION h() RETURNS t.c%TYPE LANGUAGE sql IMMUTABLE AS E'SELECT 1'");
  EXPECT_EQ(sql.as<CreateFunction>(0).body->language, "sql");
  EXPECT_EQ(sql.as<CreateFunction>(0).body->text, "SELECT 'x'");
  EXPECT_EQ(sql.at(sql.as<CreateFunction>(0).body->span), "SELECT ''x''");
  EXPECT_FALSE(sql.as<CreateFunction>(0).body->verbatim);
  EXPECT_FALSE(sql.as<CreateFunction>(0).volatility);
  EXPECT_EQ(sql.as<CreateFunction>(1).return_expression.literal(), "1");
  EXPECT_FALSE(sql.as<CreateFunction>(1).body);
  EXPECT_FALSE(sql.as<CreateFunction>(1).sql_body);
  EXPECT_TRUE(sql.as<CreateFunction>(2).procedure);
  EXPECT_TRUE(sql.as<CreateFunction>(2).sql_body);
  EXPECT_EQ(sql.statement(2).tag(), "CREATE PROCEDURE");
  EXPECT_FALSE(sql.as<CreateFunction>(3).body);
  EXPECT_TRUE(sql.as<CreateFunction>(4).returns->percent_type);
  EXPECT_TRUE(sql.as<CreateFunction>(4).body->verbatim);
}

TEST(AlterFunction, Volatility) {
  const Sql sql("ALTER FUNCTION s.f(int) IMMUTABLE; ALTER PROCEDURE p SET a = 1");
  EXPECT_EQ(shown(sql, sql.as<AlterFunction>(0).name), "s.f @ s.f");
  EXPECT_EQ(sql.as<AlterFunction>(0).volatility, Volatility::immutable);
  EXPECT_FALSE(sql.as<AlterFunction>(1).volatility);
}

TEST(DoBlock, BodyAndLanguage) {
  const Sql sql("-- é\nDO $$é$$; DO LANGUAGE plperl $a$x$a$");
  EXPECT_EQ(sql.as<DoBlock>(0).body.language, "plpgsql");
  EXPECT_EQ(sql.as<DoBlock>(0).body.text, "é");
  EXPECT_EQ(sql.at(sql.as<DoBlock>(0).body.span), "é");
  EXPECT_EQ(sql.as<DoBlock>(1).body.language, "plperl");
  EXPECT_EQ(sql.at(sql.as<DoBlock>(1).body.span), "x");
}

TEST(CreateTrigger, Fields) {
  const Sql sql(
      "CREATE OR REPLACE TRIGGER g BEFORE INSERT OR UPDATE OF a, b ON s.t FOR EACH ROW WHEN (new.a > 0) EXECUTE "
      "FUNCTION s.g();"
      "CREATE CONSTRAINT TRIGGER g AFTER DELETE ON t FROM o DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE "
      "FUNCTION g();"
      "CREATE TRIGGER g INSTEAD OF TRUNCATE ON t EXECUTE PROCEDURE f()");
  const auto& trigger = sql.as<CreateTrigger>(0);
  EXPECT_EQ(trigger.name, "g");
  EXPECT_EQ(shown(sql, trigger.table), "s.t @ s.t");
  EXPECT_EQ(shown(sql, trigger.function), "s.g @ s.g");
  EXPECT_TRUE(trigger.or_replace && trigger.row && trigger.on_insert && trigger.on_update);
  EXPECT_FALSE(trigger.on_delete || trigger.on_truncate || trigger.constraint);
  EXPECT_EQ(trigger.timing, TriggerTiming::before);
  EXPECT_THAT(trigger.update_columns, ElementsAre("a", "b"));
  EXPECT_EQ(trigger.when.text(), "new.a > 0");
  const auto& constraint = sql.as<CreateTrigger>(1);
  EXPECT_TRUE(constraint.constraint && constraint.deferrable && constraint.initially_deferred && constraint.on_delete);
  EXPECT_EQ(constraint.timing, TriggerTiming::after);
  EXPECT_EQ(shown(sql, *constraint.constraint_from), "o @ o");
  EXPECT_EQ(constraint.function.span.end, sql.statement(1).span.end - 2);
  EXPECT_EQ(sql.as<CreateTrigger>(2).timing, TriggerTiming::instead_of);
  EXPECT_TRUE(sql.as<CreateTrigger>(2).on_truncate);
  EXPECT_FALSE(sql.as<CreateTrigger>(2).row);
}

TEST(RulesAndPolicies, Fields) {
  const Sql sql(
      "CREATE OR REPLACE RULE r AS ON INSERT TO s.t DO INSTEAD NOTHING; CREATE POLICY p ON s.t USING (a = 1) WITH "
      "CHECK (b); ALTER POLICY p ON t USING (true)");
  EXPECT_EQ(sql.as<CreateRule>(0).name, "r");
  EXPECT_TRUE(sql.as<CreateRule>(0).or_replace);
  EXPECT_EQ(shown(sql, sql.as<CreateRule>(0).table), "s.t @ s.t");
  EXPECT_EQ(sql.as<CreatePolicy>(1).name, "p");
  EXPECT_EQ(shown(sql, sql.as<CreatePolicy>(1).table), "s.t @ s.t");
  EXPECT_EQ(sql.as<CreatePolicy>(1).using_expression.text(), "a = 1");
  EXPECT_EQ(sql.as<CreatePolicy>(1).with_check.text(), "b");
  EXPECT_EQ(sql.as<AlterPolicy>(2).name, "p");
  EXPECT_EQ(sql.as<AlterPolicy>(2).using_expression.literal(), "true");
}

TEST(Transaction, Kinds) {
  const Sql sql(
      "BEGIN; START TRANSACTION; COMMIT AND CHAIN; ROLLBACK; SAVEPOINT s; RELEASE s; ROLLBACK TO s; PREPARE "
      "TRANSACTION 'g'; COMMIT PREPARED 'g';"
      "ROLLBACK PREPARED 'g'; END; ABORT");
  using Kind = Transaction::Kind;
  const Kind kinds[] = {Kind::begin,       Kind::begin,   Kind::commit,          Kind::rollback,          Kind::savepoint, Kind::release,
                        Kind::rollback_to, Kind::prepare, Kind::commit_prepared, Kind::rollback_prepared, Kind::commit,    Kind::rollback};
  for (std::size_t i = 0; i < std::size(kinds); ++i) EXPECT_EQ(sql.as<Transaction>(i).kind, kinds[i]) << i;
  EXPECT_TRUE(sql.as<Transaction>(2).chain);
  EXPECT_EQ(sql.as<Transaction>(4).savepoint, "s");
  EXPECT_EQ(sql.as<Transaction>(6).savepoint, "s");
  EXPECT_EQ(sql.as<Transaction>(7).savepoint, "g");
}

TEST(SetVariable, Kinds) {
  const Sql sql(
      "SET LOCAL lock_timeout = '5s'; SET search_path TO a, \"B\", 'c'; SET TIME ZONE 'UTC'; SET x TO DEFAULT; RESET "
      "x; RESET ALL; SET x FROM CURRENT;"
      "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ ONLY; SET \"Statement_Timeout\" = -1; SET a = on; SET ROLE "
      "joe; SET SESSION a.b = 1.5;"
      "SET TIME ZONE INTERVAL '1' HOUR; RESET TIME ZONE");
  using Kind = SetVariable::Kind;
  EXPECT_EQ(sql.as<SetVariable>(0).kind, Kind::set);
  EXPECT_EQ(sql.as<SetVariable>(0).name, "lock_timeout");
  EXPECT_THAT(sql.as<SetVariable>(0).values, ElementsAre("5s"));
  EXPECT_TRUE(sql.as<SetVariable>(0).local);
  EXPECT_THAT(sql.as<SetVariable>(1).values, ElementsAre("a", "B", "c"));
  EXPECT_FALSE(sql.as<SetVariable>(1).local);
  EXPECT_EQ(sql.as<SetVariable>(2).name, "timezone");
  EXPECT_THAT(sql.as<SetVariable>(2).values, ElementsAre("UTC"));
  EXPECT_EQ(sql.as<SetVariable>(3).kind, Kind::set_default);
  EXPECT_EQ(sql.as<SetVariable>(4).kind, Kind::reset);
  EXPECT_EQ(sql.as<SetVariable>(5).kind, Kind::reset_all);
  EXPECT_EQ(sql.as<SetVariable>(6).kind, Kind::set_current);
  EXPECT_EQ(sql.as<SetVariable>(7).kind, Kind::set_multi);
  EXPECT_EQ(sql.as<SetVariable>(7).name, "transaction");
  EXPECT_THAT(sql.as<SetVariable>(7).values, ElementsAre("transaction_isolation=serializable", "transaction_read_only=1"));
  EXPECT_EQ(sql.as<SetVariable>(8).name, "statement_timeout");
  EXPECT_THAT(sql.as<SetVariable>(8).values, ElementsAre("-1"));
  EXPECT_THAT(sql.as<SetVariable>(9).values, ElementsAre("on"));
  EXPECT_EQ(sql.as<SetVariable>(10).name, "role");
  EXPECT_EQ(sql.as<SetVariable>(11).name, "a.b");
  EXPECT_THAT(sql.as<SetVariable>(11).values, ElementsAre("1.5"));
  EXPECT_THAT(sql.as<SetVariable>(12).values, ElementsAre("1"));
  EXPECT_EQ(sql.as<SetVariable>(13).name, "timezone");
}

TEST(Session, LocksAndMaintenance) {
  const Sql sql(
      "SET CONSTRAINTS ALL DEFERRED; SET CONSTRAINTS a, b IMMEDIATE; LOCK TABLE ONLY a, s.b IN SHARE ROW EXCLUSIVE "
      "MODE NOWAIT; LOCK a;"
      "VACUUM (FULL, ANALYZE false) a, s.b; VACUUM ANALYZE; ANALYZE t (c); CLUSTER t USING i; CLUSTER; CALL s.p(1); "
      "DISCARD ALL;"
      "LOCK a IN ACCESS SHARE MODE");
  EXPECT_TRUE(sql.as<SetConstraints>(0).deferred && sql.as<SetConstraints>(0).all);
  EXPECT_FALSE(sql.as<SetConstraints>(1).deferred || sql.as<SetConstraints>(1).all);
  const auto& lock = sql.as<LockTable>(2);
  EXPECT_THAT(shown(sql, lock.names), ElementsAre("a @ a", "s.b @ s.b"));
  EXPECT_THAT(lock.only, ElementsAre(true, false));
  EXPECT_EQ(lock.mode, LockMode::share_row_exclusive);
  EXPECT_TRUE(lock.nowait);
  EXPECT_EQ(sql.as<LockTable>(3).mode, LockMode::access_exclusive);
  const auto& vacuum = sql.as<Vacuum>(4);
  EXPECT_TRUE(vacuum.vacuum && vacuum.full && !vacuum.analyze);
  EXPECT_THAT(shown(sql, vacuum.names), ElementsAre("a @ a", "s.b @ s.b"));
  EXPECT_TRUE(sql.as<Vacuum>(5).analyze);
  EXPECT_TRUE(sql.as<Vacuum>(6).analyze && !sql.as<Vacuum>(6).vacuum);
  EXPECT_EQ(shown(sql, *sql.as<Cluster>(7).name), "t @ t");
  EXPECT_EQ(sql.as<Cluster>(7).index, "i");
  EXPECT_FALSE(sql.as<Cluster>(8).name);
  EXPECT_EQ(shown(sql, sql.as<Call>(9).function), "s.p @ s.p");
  sql.as<Discard>(10);
  EXPECT_EQ(sql.statement(10).tag(), "DISCARD ALL");
  EXPECT_EQ(sql.as<LockTable>(11).mode, LockMode::access_share);
}

}  // namespace
}  // namespace cupel::sql
