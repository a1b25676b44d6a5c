#include "effects/volatility.h"

#include "effects/effects.h"
#include "sql/script.h"

#include <memory>
#include <string>

#include <gtest/gtest.h>

namespace cupel::effects {
namespace {

class VolatilityTest : public ::testing::Test {
 protected:
  // Of `expression` as a default, after `setup`.
  ExpressionVolatility judge(const std::string& expression, const std::string& setup = "", int version = last_version) {
    setup_text_ = std::make_unique<SourceText>("setup", setup);
    setup_ = std::make_unique<sql::Script>(sql::Script::parse(*setup_text_));
    database_ = schema::Database();
    for (const sql::Statement& statement : setup_->statements()) database_.apply(statement, *setup_);
    text_ = std::make_unique<SourceText>("statement", "ALTER TABLE t ADD COLUMN c text DEFAULT (" + expression + ")");
    script_ = std::make_unique<sql::Script>(sql::Script::parse(*text_));
    EXPECT_TRUE(script_->errors().empty()) << expression;
    const auto* alter = script_->statements().front().as<sql::AlterTable>();
    return volatility(alter->commands.front().column->default_value, database_, version);
  }

 private:
  std::unique_ptr<SourceText> setup_text_, text_;
  std::unique_ptr<sql::Script> setup_, script_;
  schema::Database database_;
};

using enum VolatilityAnswer;

struct Case {
  const char* expression;
  VolatilityAnswer answer;
};

TEST_F(VolatilityTest, BuiltInFunctions) {
  const Case cases[] = {
      {"1", immutable},
      {"-1", immutable},
      {"'x'", immutable},
      {"upper('x')", immutable},
      {"ARRAY['a', 'b']", immutable},
      {"'{}'::jsonb", immutable},
      {"'now'::timestamptz", immutable},
      {"now()", stable},
      {"CURRENT_TIMESTAMP", stable},
      {"CURRENT_DATE", stable},
      {"CURRENT_USER", stable},
      {"LOCALTIMESTAMP", stable},
      {"now() - interval '1 day'", stable},
      {"now() AT TIME ZONE 'utc'", stable},
      {"timezone('utc', now())", stable},
      {"pg_catalog.now()", stable},
      {"txid_current()", stable},
      {"jsonb_build_object('a', 1)", stable},
      {"extract(epoch FROM now())", stable},
      {"CURRENT_TIME AT TIME ZONE 'utc'", stable},
      {"random()", volatile_},
      {"random() * 10", volatile_},
      {"(random() * 10)::int", volatile_},
      {"clock_timestamp()", volatile_},
      {"timeofday()", volatile_},
      {"gen_random_uuid()", volatile_},
      {"gen_random_uuid()::text", volatile_},
      {"nextval('s')", volatile_},
      {"'x' || nextval('s')", volatile_},
      {"COALESCE(NULL, random())", volatile_},
      {"CASE WHEN true THEN 1 ELSE random() END", volatile_},
      {"uuid_generate_v4()", volatile_},
      {"public.uuid_generate_v4()", volatile_},
      {"uuid_generate_v5(uuid_ns_url(), 'x')", immutable},
      {"gen_random_bytes(8)", volatile_},
      {"encode(gen_random_bytes(8), 'hex')", volatile_},
      {"nobody_knows()", unknown},
      {"nobody_knows() || random()", volatile_},
      {"pg_catalog.nobody_knows()", unknown},
  };
  for (const Case& each : cases) EXPECT_EQ(judge(each.expression).answer, each.answer) << each.expression;
}

TEST_F(VolatilityTest, NamesTheFunctionThatDecides) {
  EXPECT_EQ(judge("upper(gen_random_uuid()::text)").function, "gen_random_uuid");
  EXPECT_EQ(judge("now() - interval '1 day' * random()").function, "random");
  EXPECT_EQ(judge("1").function, "");
}

TEST_F(VolatilityTest, FollowsTheServersVersion) {
  EXPECT_EQ(judge("uuidv7()", "", 18).answer, volatile_);
  EXPECT_EQ(judge("uuidv7()", "", 17).answer, unknown);
  EXPECT_EQ(judge("random(1, 10)", "", 17).answer, volatile_);
  EXPECT_EQ(judge("random(1, 10)", "", 16).answer, unknown);
  EXPECT_EQ(judge("extract(year FROM date '2020-01-01')", "", 13).answer, stable);
  // timezone(text, timetz) was VOLATILE before 17.
  EXPECT_EQ(judge("CURRENT_TIME AT TIME ZONE 'utc'", "", 16).answer, volatile_);
  EXPECT_EQ(judge("now() AT TIME ZONE 'utc'", "", 16).answer, stable);
  // A version of the future has what the newest known one has.
  EXPECT_EQ(judge("uuidv7()", "", 19).answer, volatile_);
}

TEST_F(VolatilityTest, UserFunctionsAsDeclared) {
  const std::string body = " LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'";
  EXPECT_EQ(judge("f()", "CREATE FUNCTION f() RETURNS int" + body).answer, volatile_);
  EXPECT_EQ(judge("f()", "CREATE FUNCTION f() RETURNS int STABLE" + body).answer, stable);
  EXPECT_EQ(judge("f()", "CREATE FUNCTION f() RETURNS int IMMUTABLE" + body).answer, immutable);
  EXPECT_EQ(judge("f(random())", "CREATE FUNCTION f(float8) RETURNS int IMMUTABLE" + body).answer, volatile_);
  EXPECT_EQ(judge("f(1)", "CREATE FUNCTION f() RETURNS int" + body).answer, unknown);
  EXPECT_EQ(judge("app.f()", "CREATE SCHEMA app; CREATE FUNCTION app.f() RETURNS int STABLE" + body).answer, stable);
}

TEST_F(VolatilityTest, SqlFunctionsThatAreInlined) {
  EXPECT_EQ(judge("f(1)", "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT $1 * 2'").answer, immutable);
  EXPECT_EQ(judge("f()", "CREATE FUNCTION f() RETURNS float8 LANGUAGE sql AS 'SELECT random()'").answer, volatile_);
  EXPECT_EQ(judge("f()", "CREATE FUNCTION f() RETURNS timestamptz LANGUAGE sql AS 'SELECT now()'").answer, stable);
  // Not inlined, for that would make it more volatile than it was declared: the declaration counts.
  EXPECT_EQ(judge("f()", "CREATE FUNCTION f() RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT random()::text'").answer, immutable);
  EXPECT_EQ(judge("f()", "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'").answer, volatile_);
  EXPECT_EQ(judge("f(random())", "CREATE FUNCTION f(float8) RETURNS float8 LANGUAGE sql AS 'SELECT $1 + $1'").answer, volatile_);
  EXPECT_EQ(judge("g()",
                  "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION g() RETURNS int "
                  "LANGUAGE sql AS 'SELECT f()'")
                .answer,
            immutable);
  // A function that calls itself is never inlined without end.
  EXPECT_EQ(judge("f()", "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT f()'").answer, volatile_);
}

TEST(BuiltinVolatility, ByNameAndNumberOfArguments) {
  EXPECT_EQ(builtin_volatility("now", 0, 18), sql::Volatility::stable);
  EXPECT_EQ(builtin_volatility("now", 1, 18), std::nullopt);
  EXPECT_EQ(builtin_volatility("concat", 40, 18), sql::Volatility::stable);
  EXPECT_EQ(builtin_volatility("", 0, 18), std::nullopt);
  EXPECT_EQ(builtin_volatility("zzz", 0, 18), std::nullopt);
  EXPECT_EQ(extension_volatility("gen_salt", 1), sql::Volatility::volatile_);
}

}  // namespace
}  // namespace cupel::effects
