// pgmigrate: told from Flyway, its transactions by name, and what it refuses.
#include "tests/migrations/memory_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::migrations {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(PgmigrateLayout, IsFlywaysNamesBelowItsConfiguration) {
  MemoryFolder folder(MemoryFolder::Files{{"V0001__a.sql", "SELECT 1;"}});
  EXPECT_EQ(find_layout("pgmigrate")->recognise(folder), Recognition::no);
  EXPECT_EQ(find_layout("flyway")->recognise(folder), Recognition::certain);
  folder.set_above("migrations.yml");
  EXPECT_EQ(find_layout("pgmigrate")->recognise(folder), Recognition::certain);
  EXPECT_EQ(find_layout("flyway")->recognise(folder), Recognition::possible);
  MemoryFolder others(MemoryFolder::Files{{"V1_2__a.sql", "SELECT 1;"}});
  others.set_above("migrations.yml");
  EXPECT_EQ(find_layout("pgmigrate")->recognise(others), Recognition::no);
  EXPECT_EQ(find_layout("flyway")->recognise(others), Recognition::possible);
}

TEST(PgmigrateLayout, RunsAllInOneTransactionButWhatIsNamedNontransactional) {
  const MigrationSet set = read_with("pgmigrate", {{"V0010__c.sql", "SELECT 3;"},
                                                   {"V2__NONTRANSACTIONAL_b.sql", "SELECT 2;"},
                                                   {"deep/V0001__a_b.sql", "SELECT 1;"},
                                                   {"seed.sql", "SELECT 0;"}});
  EXPECT_THAT(revisions_of(set), ElementsAre("0001", "2", "0010"));
  EXPECT_EQ(set.migrations[0].title, "a_b");
  EXPECT_EQ(set.migrations[0].upgrade->mode, TransactionMode::batch);
  EXPECT_EQ(set.migrations[1].upgrade->mode, TransactionMode::none);
  EXPECT_EQ(set.migrations[2].upgrade->mode, TransactionMode::batch);
  EXPECT_FALSE(set.migrations[0].downgrade_expected);
  EXPECT_THAT(problems_of(set), IsEmpty());
}

TEST(PgmigrateLayout, SaysWhatTheRunnerRefusesAndPassesOver) {
  const MigrationSet set =
      read_with("pgmigrate", {{"V1__NONTRANSACTIONAL_a.sql", ""}, {"V2__b.sql", ""}, {"V02__c.sql", ""}, {"V3_d.sql", ""}});
  EXPECT_THAT(problems_of(set), testing::UnorderedElementsAre(HasSubstr("layout-error: pgmigrate passes over V3_d.sql"),
                                                              HasSubstr("duplicate-version: version 2 has two upgrades"),
                                                              HasSubstr("must not be NONTRANSACTIONAL")));
}

TEST(PgmigrateLayout, OtherCharactersThanAsciiMustBeDeclared) {
  const MigrationSet set =
      read_with("pgmigrate", {{"V1__a.sql", "SELECT '\xC3\xA9';"}, {"V2__b.sql", "/* pgmigrate-encoding: utf-8 */ SELECT '\xC3\xA9';"}});
  ASSERT_THAT(problems_of(set), ElementsAre(HasSubstr("layout-error: pgmigrate refuses this file")));
  EXPECT_EQ(set.sources[set.problems[0].source]->name(), "db/V1__a.sql");
  EXPECT_EQ(set.problems[0].span.begin, 8U);
}

}  // namespace
}  // namespace cupel::migrations
