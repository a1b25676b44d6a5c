#include "effects/key_types.h"

#include "effects/effects.h"
#include "sql/script.h"

#include <string>

#include <gtest/gtest.h>

namespace cupel::effects {
namespace {

KeyFit fit(const std::string& referencing, const std::string& referenced) {
  const SourceText text("statements", "CREATE DOMAIN whole AS bigint; CREATE TYPE mood AS ENUM ('ok'); CREATE TABLE t (a " + referencing +
                                          ", b " + referenced + ")");
  const sql::Script script = sql::Script::parse(text);
  EXPECT_TRUE(script.errors().empty());
  schema::Database database(schema::RowAssumption::replay_is_complete);
  for (const sql::Statement& statement : script.statements()) database.apply(statement, script);
  const schema::Relation& table = *database.find("public", "t");
  return key_fit(table.columns[0].type, table.columns[1].type, database, last_version);
}

TEST(KeyTypes, SmallerIntegersMissSomeKeys) {
  EXPECT_EQ(fit("int", "bigint"), KeyFit::narrower);
  EXPECT_EQ(fit("smallint", "serial"), KeyFit::narrower);
  EXPECT_EQ(fit("int", "whole"), KeyFit::narrower);
  EXPECT_EQ(fit("bigint", "int"), KeyFit::fits);
  EXPECT_EQ(fit("whole", "bigint"), KeyFit::fits);
}

TEST(KeyTypes, WithoutAnOperatorTheReferencingColumnIsCast) {
  EXPECT_EQ(fit("int", "numeric"), KeyFit::cast);
  EXPECT_EQ(fit("bigint", "float8"), KeyFit::cast);
  EXPECT_EQ(fit("char(3)", "text"), KeyFit::cast);
  EXPECT_EQ(fit("varchar(3)", "text"), KeyFit::fits);
  EXPECT_EQ(fit("text", "varchar(3)"), KeyFit::fits);
  EXPECT_EQ(fit("date", "timestamptz"), KeyFit::fits);
  EXPECT_EQ(fit("numeric(5)", "numeric"), KeyFit::fits);
}

TEST(KeyTypes, NothingIsSaidOfWhatIsRefusedOrNotKnown) {
  EXPECT_EQ(fit("text", "int"), KeyFit::fits);
  EXPECT_EQ(fit("numeric", "int"), KeyFit::fits);
  EXPECT_EQ(fit("mood", "text"), KeyFit::fits);
  EXPECT_EQ(fit("int", "elsewhere"), KeyFit::fits);
  EXPECT_EQ(fit("int[]", "bigint[]"), KeyFit::fits);
}

}  // namespace
}  // namespace cupel::effects
