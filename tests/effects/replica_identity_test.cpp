// What is expected was seen on servers of 15 to 18, without column lists and row filters also on 14.
#include "effects/effects.h"
#include "sql/script.h"

#include <string>

#include <gtest/gtest.h>

namespace cupel::effects {
namespace {

const std::string tables =
    "CREATE TABLE k (id int PRIMARY KEY, a int NOT NULL, b text); CREATE TABLE n (id int, a int);"
    "CREATE TABLE d (id int PRIMARY KEY DEFERRABLE); CREATE UNLOGGED TABLE fast (a int);"
    "CREATE UNIQUE INDEX k_a ON k (a); ";

std::string failure_of(const std::string& setup, const std::string& statement) {
  const SourceText text("statements", tables + setup + "; " + statement);
  const sql::Script script = sql::Script::parse(text);
  EXPECT_TRUE(script.errors().empty()) << setup << statement;
  schema::Database database(schema::RowAssumption::replay_is_complete);
  const auto statements = script.statements();
  for (const sql::Statement& each : statements.first(statements.size() - 1)) database.apply(each, script);
  const Effects effects = predict(statements.back(), Context{database, script, last_version, nullptr});
  return effects.failure && effects.failure->certain ? effects.failure->sqlstate + " " + effects.failure->message : std::string();
}

TEST(ReplicaIdentity, RowsThatCannotBeToldApart) {
  const std::string all = "CREATE PUBLICATION p FOR ALL TABLES";
  EXPECT_EQ(failure_of(all, "UPDATE n SET a = 1"),
            "55000 cannot update table \"n\" because it does not have a replica identity and publishes updates");
  EXPECT_EQ(failure_of(all, "DELETE FROM n WHERE id = 1"),
            "55000 cannot delete from table \"n\" because it does not have a replica identity and publishes deletes");
  EXPECT_EQ(failure_of(all, "DELETE FROM d").substr(0, 5), "55000");
  EXPECT_EQ(failure_of(all, "UPDATE k SET b = ''"), "");
  EXPECT_EQ(failure_of(all, "UPDATE fast SET a = 1"), "");
  EXPECT_EQ(failure_of(all, "INSERT INTO n VALUES (1)"), "");
  EXPECT_EQ(failure_of("CREATE PUBLICATION p FOR TABLE k", "UPDATE n SET a = 1"), "");
  EXPECT_EQ(failure_of(all + " WITH (publish = 'insert, delete')", "UPDATE n SET a = 1"), "");
}

TEST(ReplicaIdentity, OfRowsThatAreChangedByTheWay) {
  const std::string all = "CREATE UNIQUE INDEX n_id ON n (id); CREATE PUBLICATION p FOR ALL TABLES";
  const std::string merge = "MERGE INTO n USING (SELECT 1 AS id) s ON n.id = s.id WHEN ";
  EXPECT_EQ(failure_of(all, "INSERT INTO n VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET a = 2"),
            "55000 cannot update table \"n\" because it does not have a replica identity and publishes updates");
  EXPECT_EQ(failure_of(all, "INSERT INTO n VALUES (1, 1) ON CONFLICT (id) DO NOTHING"), "");
  EXPECT_EQ(failure_of(all + " WITH (publish = 'insert')", "INSERT INTO n VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET a = 2"), "");
  EXPECT_EQ(failure_of(all, merge + "MATCHED THEN UPDATE SET a = 3").substr(0, 5), "55000");
  EXPECT_EQ(failure_of(all, merge + "MATCHED THEN DELETE"),
            "55000 cannot delete from table \"n\" because it does not have a replica identity and publishes deletes");
  EXPECT_EQ(failure_of(all, merge + "NOT MATCHED THEN INSERT VALUES (5, 5)"), "");
  EXPECT_EQ(failure_of(all, merge + "MATCHED THEN DO NOTHING"), "");
}

TEST(ReplicaIdentity, SaidOfTheTable) {
  const std::string all = "CREATE PUBLICATION p FOR ALL TABLES; ALTER TABLE ";
  EXPECT_EQ(failure_of(all + "n REPLICA IDENTITY FULL", "UPDATE n SET a = 1"), "");
  EXPECT_EQ(failure_of(all + "k REPLICA IDENTITY NOTHING", "UPDATE k SET a = 1").substr(0, 5), "55000");
  EXPECT_EQ(failure_of(all + "k REPLICA IDENTITY USING INDEX k_a", "UPDATE k SET a = 1"), "");
  EXPECT_EQ(failure_of(all + "k REPLICA IDENTITY USING INDEX k_a; DROP INDEX k_a", "UPDATE k SET a = 1").substr(0, 5), "55000");
  EXPECT_EQ(failure_of(all + "k DROP CONSTRAINT k_pkey", "UPDATE k SET a = 1").substr(0, 5), "55000");
}

TEST(ReplicaIdentity, WithinListsAndFilters) {
  const std::string table = "CREATE PUBLICATION p FOR TABLE ";
  EXPECT_EQ(failure_of(table + "k (b)", "UPDATE k SET a = 1"), "42P10 cannot update table \"k\"");
  EXPECT_EQ(failure_of(table + "k (id)", "UPDATE k SET a = 1"), "");
  EXPECT_EQ(failure_of(table + "k WHERE (a > 0)", "DELETE FROM k"), "42P10 cannot delete from table \"k\"");
  EXPECT_EQ(failure_of(table + "k WHERE (id > 0)", "DELETE FROM k"), "");
  EXPECT_EQ(failure_of(table + "k (id, a) WHERE (a > 0)", "UPDATE k SET a = 1").substr(0, 5), "42P10");
  EXPECT_EQ(failure_of(table + "k (id, a, b); ALTER TABLE k REPLICA IDENTITY FULL", "UPDATE k SET a = 1").substr(0, 5), "42P10");
  EXPECT_EQ(failure_of(table + "n (a)", "UPDATE n SET a = 1").substr(0, 5), "55000");
  EXPECT_EQ(failure_of(table + "n WHERE (a > 0)", "UPDATE n SET a = 1").substr(0, 5), "42P10");
}

TEST(Publications, OneOfAName) {
  EXPECT_EQ(failure_of("CREATE PUBLICATION p", "CREATE PUBLICATION p FOR ALL TABLES"), "42710 publication \"p\" already exists");
  EXPECT_EQ(failure_of("CREATE PUBLICATION p; DROP PUBLICATION p", "CREATE PUBLICATION p"), "");
}

TEST(ReplicaIdentity, ListsAndFiltersHoldTheirColumns) {
  const std::string publication = "CREATE PUBLICATION p FOR TABLE k (id, b) WHERE (a > 0)";
  EXPECT_EQ(failure_of(publication, "ALTER TABLE k DROP COLUMN b").substr(0, 5), "2BP01");
  EXPECT_EQ(failure_of(publication, "ALTER TABLE k DROP COLUMN a").substr(0, 5), "2BP01");
  EXPECT_EQ(failure_of(publication, "ALTER TABLE k DROP COLUMN b CASCADE"), "");
  EXPECT_EQ(failure_of(publication, "ALTER TABLE k ALTER COLUMN b TYPE varchar(9)").substr(0, 5), "0A000");
  EXPECT_EQ(failure_of("CREATE PUBLICATION p FOR TABLE k", "ALTER TABLE k DROP COLUMN b"), "");
}

}  // namespace
}  // namespace cupel::effects
