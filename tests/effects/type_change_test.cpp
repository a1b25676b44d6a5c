#include "effects/type_change.h"

#include "effects/effects.h"
#include "sql/script.h"

#include <memory>
#include <string>

#include <gtest/gtest.h>

namespace cupel::effects {
namespace {

using enum TypeChangeOutcome;

class TypeChangeTest : public ::testing::Test {
 protected:
  // Of column v of type `from` after `ALTER TABLE t ALTER v TYPE` + `to`.
  TypeChange change(const std::string& from, const std::string& to, const std::string& time_zone = "", int version = last_version) {
    text_ = std::make_unique<SourceText>("statements", types_ + "CREATE TABLE t (v " + from + "); ALTER TABLE t ALTER v TYPE " + to);
    script_ = std::make_unique<sql::Script>(sql::Script::parse(*text_));
    EXPECT_TRUE(script_->errors().empty()) << from << " → " << to;
    schema::Database database(schema::RowAssumption::replay_is_complete);
    auto statements = script_->statements();
    for (const sql::Statement& statement : statements.first(statements.size() - 1)) database.apply(statement, *script_);
    const sql::AlterTableCommand& command = statements.back().as<sql::AlterTable>()->commands.front();
    const schema::Column& column = *database.find("public", "t")->find_column("v");
    TypeChangeQuestion question;
    question.from = column.type;
    question.to = database.resolve(command.column->type);
    question.from_collation = column.collation;
    question.to_collation = command.column->collation;
    question.using_expression = command.expression;
    question.column = "v";
    question.time_zone = time_zone;
    question.postgres_version = version;
    return type_change(question, database);
  }

  void expect(const char* from, const char* to, TypeChangeOutcome outcome, const char* sqlstate = "") {
    TypeChange result = change(from, to);
    EXPECT_EQ(result.outcome, outcome) << from << " → " << to << ": " << result.reason;
    EXPECT_EQ(result.failure_sqlstate, sqlstate) << from << " → " << to;
  }

  const std::string types_ =
      "CREATE DOMAIN plain AS text; CREATE DOMAIN checked AS text CHECK (VALUE <> ''); CREATE DOMAIN filled AS text "
      "NOT NULL; "
      "CREATE DOMAIN short AS varchar(20); CREATE DOMAIN above AS plain; CREATE DOMAIN numbers AS int[]; "
      "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TYPE mood2 AS ENUM ('sad', 'ok'); ";

 private:
  std::unique_ptr<SourceText> text_;
  std::unique_ptr<sql::Script> script_;
};

TEST_F(TypeChangeTest, Lengths) {
  expect("varchar(20)", "varchar(30)", catalog_only);
  expect("varchar(20)", "varchar(20)", catalog_only);
  expect("varchar(20)", "varchar", catalog_only);
  expect("varchar(20)", "text", catalog_only);
  expect("text", "varchar", catalog_only);
  expect("varchar(20)", "varchar(10)", rewrite, "22001");
  expect("text", "varchar(100)", rewrite, "22001");
  expect("char(10)", "char(20)", rewrite);
  expect("char(10)", "text", rewrite);
  expect("name", "text", rewrite);
  expect("varbit(8)", "varbit(16)", catalog_only);
  expect("varbit(16)", "varbit(8)", rewrite, "22001");
  expect("bit(8)", "bit(16)", rewrite, "22026");
  expect("bit(8)", "varbit", catalog_only);
  expect("bit(8)", "varbit(8)", rewrite, "22001");
}

TEST_F(TypeChangeTest, Numbers) {
  expect("numeric(10, 2)", "numeric(12, 2)", catalog_only);
  expect("numeric(10, 2)", "numeric", catalog_only);
  expect("numeric(10)", "numeric(12, 0)", catalog_only);
  expect("numeric(10, 2)", "numeric(12, 4)", rewrite);
  expect("numeric(10, 2)", "numeric(10, 4)", rewrite, "22003");
  expect("numeric(10, 2)", "numeric(8, 2)", rewrite, "22003");
  expect("numeric", "numeric(10, 2)", rewrite, "22003");
  expect("int", "bigint", rewrite);
  expect("bigint", "int", rewrite, "22003");
  expect("int", "oid", catalog_only);
  expect("int", "text", rewrite);
  expect("int", "boolean", fails, "42804");
  expect("text", "int", fails, "42804");
  expect("text", "int USING v::int", rewrite, "22P02");
  expect("date", "int USING v::int", fails, "42846");
}

TEST_F(TypeChangeTest, Times) {
  expect("timestamp(3)", "timestamp(6)", catalog_only);
  expect("timestamp", "timestamp(6)", catalog_only);
  expect("timestamp(3)", "timestamp", catalog_only);
  expect("timestamp", "timestamp(3)", rewrite);
  expect("time(3)", "time(4)", catalog_only);
  expect("interval(3)", "interval(6)", catalog_only);
  expect("interval", "interval(3)", rewrite);
  expect("interval year", "interval year to month", catalog_only);
  expect("interval day to second", "interval day", rewrite);
  expect("date", "timestamp", rewrite);
}

TEST_F(TypeChangeTest, TimeZoneDecides) {
  TypeChange utc = change("timestamp", "timestamptz", "UTC");
  EXPECT_EQ(utc.outcome, catalog_only);
  EXPECT_TRUE(utc.depends_on_time_zone);
  EXPECT_TRUE(utc.rebuilds_indexes);
  EXPECT_EQ(change("timestamptz", "timestamp", "Etc/UTC").outcome, catalog_only);
  EXPECT_EQ(change("timestamp", "timestamptz USING v::timestamptz", "UTC").outcome, catalog_only);
  EXPECT_EQ(change("timestamp", "timestamptz USING v AT TIME ZONE 'UTC'", "UTC").outcome, rewrite);
  EXPECT_EQ(change("timestamp", "timestamptz(3)", "UTC").outcome, rewrite);
  EXPECT_EQ(change("timestamp", "timestamptz", "Europe/London").outcome, rewrite);
  EXPECT_EQ(change("timestamp", "timestamptz").outcome, rewrite);
}

TEST_F(TypeChangeTest, Using) {
  expect("varchar(20)", "varchar(30) USING v", catalog_only);
  expect("varchar(20)", "text USING v::text", catalog_only);
  expect("varchar(20)", "text USING trim(v)", rewrite);
  expect("int", "bigint USING v::bigint", rewrite);
  expect("int", "int USING v + 1", rewrite);
  expect("mood", "mood2 USING v::text::mood2", rewrite, "22P02");
}

TEST_F(TypeChangeTest, Arrays) {
  expect("int[]", "int[]", catalog_only);
  expect("int[]", "bigint[]", rewrite);
  expect("varchar(10)[]", "varchar(20)[]", rewrite);
  expect("varchar(10)[]", "varchar[]", catalog_only);
  expect("varchar(10)[]", "text[]", rewrite);
  expect("int[]", "text", rewrite);
  expect("int[]", "int", fails, "42804");
  expect("int[]", "numbers", catalog_only);
  EXPECT_TRUE(change("int[]", "numbers").rebuilds_indexes);
}

TEST_F(TypeChangeTest, Domains) {
  expect("text", "plain", catalog_only);
  expect("plain", "text", catalog_only);
  expect("checked", "text", catalog_only);
  expect("text", "checked", rewrite, "23514");
  expect("text", "filled", rewrite, "23502");
  expect("text", "above", catalog_only);
  expect("varchar(20)", "short", catalog_only);
  // The length of a domain's values is not known outside it.
  expect("short", "varchar(20)", rewrite, "22001");
  expect("short", "varchar", catalog_only);
}

TEST_F(TypeChangeTest, EnumsAndOthers) {
  expect("mood", "text", rewrite);
  expect("text", "mood", fails, "42804");
  expect("mood", "mood", catalog_only);
  expect("mood", "mood2", fails, "42804");
  expect("cidr", "inet", catalog_only);
  expect("inet", "cidr", rewrite);
  expect("json", "jsonb", rewrite);
  expect("xml", "text", catalog_only);
  expect("citext", "text", catalog_only);
  expect("text", "citext", catalog_only);
}

TEST_F(TypeChangeTest, IndexesAreRebuiltWhenTheirOrderChanges) {
  EXPECT_FALSE(change("varchar(20)", "text").rebuilds_indexes);
  EXPECT_TRUE(change("int", "oid").rebuilds_indexes);
  EXPECT_TRUE(change("citext", "text").rebuilds_indexes);
  EXPECT_TRUE(change("text", "text COLLATE \"C\"").rebuilds_indexes);
  EXPECT_TRUE(change("text COLLATE \"C\"", "text").rebuilds_indexes);
  EXPECT_FALSE(change("cidr", "inet").rebuilds_indexes);
}

TEST_F(TypeChangeTest, WhatNobodyKnows) {
  expect("geometry", "geometry", unknown);
  expect("geometry", "text", unknown);
  expect("text", "geometry", unknown);
}

TEST_F(TypeChangeTest, TellsWhy) {
  EXPECT_EQ(change("varchar(20)", "text").reason, "character varying(20) → text needs no rewrite");
  EXPECT_EQ(change("int", "bigint").reason, "integer → bigint rewrites every row");
}

}  // namespace
}  // namespace cupel::effects
