// What other runners' own tables say, as these runners make them, on a real server.
#include "execute/runner_record.h"

#include "tests/execute/scratch_database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::execute {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

RunnerRecord read(const char* layout, std::string_view sql) {
  const ScratchDatabase database;
  EXPECT_EQ(database.ask(sql), "");
  PgSession session = database.connect();
  Result<std::optional<RunnerRecord>> record = read_runner_record(session, *migrations::find_layout(layout));
  if (!record || !*record) {
    ADD_FAILURE() << (record ? "no record" : record.error().message);
    return {};
  }
  return **std::move(record);
}

migrations::MigrationSet set_of(std::initializer_list<const char*> revisions) {
  migrations::MigrationSet set;
  for (const char* revision : revisions) set.migrations.emplace_back().revision = revision;
  return set;
}

TEST(RunnerRecord, OfARunnerThatNeverRanThereIsNone) {
  const ScratchDatabase database;
  PgSession session = database.connect();
  for (const migrations::Layout* layout : migrations::layouts()) {
    const auto record = read_runner_record(session, *layout);
    ASSERT_TRUE(record) << layout->name << ": " << record.error().message;
    EXPECT_FALSE(*record) << layout->name;
  }
}

TEST(RunnerRecord, GolangMigrateKnowsOnePlace) {
  constexpr std::string_view table = "CREATE TABLE schema_migrations (version bigint NOT NULL PRIMARY KEY, dirty boolean NOT NULL);";
  const RunnerRecord at_two = read("golang-migrate", std::string(table) + "INSERT INTO schema_migrations VALUES (2, false)");
  EXPECT_THAT(applied_by(at_two, set_of({"001", "002", "010"})), ElementsAre(true, true, false));
  const RunnerRecord dirty = read("golang-migrate", std::string(table) + "INSERT INTO schema_migrations VALUES (10, true)");
  EXPECT_THAT(dirty.unfinished, ElementsAre("10"));
  EXPECT_THAT(applied_by(dirty, set_of({"001", "002", "010"})), ElementsAre(true, true, false));
  const RunnerRecord nothing = read("golang-migrate", std::string(table) + "INSERT INTO schema_migrations VALUES (-1, false)");
  EXPECT_THAT(applied_by(nothing, set_of({"001"})), ElementsAre(false));
  // A file that is no longer there.
  std::vector<std::string> unknown;
  EXPECT_THAT(applied_by(at_two, set_of({"1", "3"}), &unknown), ElementsAre(true, false));
  EXPECT_THAT(unknown, ElementsAre("2"));
}

TEST(RunnerRecord, SqitchNotesEachOccurrenceOfAReworkedChange) {
  const RunnerRecord record =
      read("sqitch",
           "CREATE SCHEMA sqitch;"
           "CREATE TABLE sqitch.changes (change_id text PRIMARY KEY, script_hash text, change text NOT NULL, project text NOT NULL, "
           "committed_at timestamptz NOT NULL, UNIQUE (project, script_hash));"
           "INSERT INTO sqitch.changes VALUES ('3', 'z', 'a', 'shop', '2026-01-03'), ('1', 'x', 'a', 'shop', '2026-01-01'), "
           "('2', 'y', 'b', 'shop', '2026-01-02'), ('4', 'w', 'b', 'other', '2026-01-04')");
  EXPECT_THAT(record.applied, UnorderedElementsAre("a", "a#2", "b", "b"));
  EXPECT_THAT(applied_by(record, set_of({"a", "b", "a#2", "a#3", "c"})), ElementsAre(true, true, true, false, false));
}

TEST(RunnerRecord, ThoseWithATableOfTheirOwnShape) {
  const RunnerRecord atlas = read(
      "atlas",
      "CREATE SCHEMA atlas_schema_revisions; CREATE TABLE atlas_schema_revisions.atlas_schema_revisions (version varchar PRIMARY KEY, "
      "description varchar NOT NULL, type bigint NOT NULL DEFAULT 2, applied bigint NOT NULL DEFAULT 0, total bigint NOT NULL DEFAULT 0);"
      "INSERT INTO atlas_schema_revisions.atlas_schema_revisions VALUES ('1', 'a', 2, 3, 3), ('2', 'b', 2, 1, 2), "
      "('.atlas_cloud_identifier', 'x', 2, 0, 0)");
  EXPECT_THAT(atlas.applied, ElementsAre("1"));
  EXPECT_THAT(atlas.unfinished, ElementsAre("2"));
  EXPECT_THAT(
      read("supabase",
           "CREATE SCHEMA supabase_migrations; CREATE TABLE supabase_migrations.schema_migrations (version text PRIMARY KEY, statements "
           "text[], name text); INSERT INTO supabase_migrations.schema_migrations VALUES ('20240101120000', '{}', 'a')")
          .applied,
      ElementsAre("20240101120000"));
  EXPECT_THAT(read("refinery",
                   "CREATE TABLE refinery_schema_history (version int4 PRIMARY KEY, name varchar(255), applied_on varchar(255), checksum "
                   "varchar(255)); INSERT INTO refinery_schema_history VALUES (1, 'a', '', '')")
                  .applied,
              ElementsAre("1"));
  EXPECT_THAT(
      read("sql-migrate",
           "CREATE TABLE gorp_migrations (id text PRIMARY KEY, applied_at timestamptz); INSERT INTO gorp_migrations VALUES ('1_a.sql')")
          .applied,
      ElementsAre("1_a.sql"));
  EXPECT_THAT(read("node-pg-migrate",
                   "CREATE TABLE pgmigrations (id serial PRIMARY KEY, name varchar(255) NOT NULL, run_on timestamp NOT NULL);"
                   "INSERT INTO pgmigrations (name, run_on) VALUES ('1704106800000_a', now())")
                  .applied,
              ElementsAre("1704106800000_a"));
  EXPECT_THAT(read("graphile-migrate",
                   "CREATE SCHEMA graphile_migrate; CREATE TABLE graphile_migrate.migrations (hash text PRIMARY KEY, previous_hash text "
                   "REFERENCES graphile_migrate.migrations, filename text NOT NULL, date timestamptz NOT NULL DEFAULT now());"
                   "INSERT INTO graphile_migrate.migrations VALUES ('sha1:a', NULL, '000001-a.sql')")
                  .applied,
              ElementsAre("000001-a.sql"));
  EXPECT_THAT(
      read("liquibase",
           "CREATE TABLE databasechangelog (id varchar(255) NOT NULL, author varchar(255) NOT NULL, filename varchar(255) NOT NULL, "
           "dateexecuted timestamp NOT NULL, orderexecuted int NOT NULL, exectype varchar(10) NOT NULL);"
           "INSERT INTO databasechangelog VALUES ('1', 'alice', 'db/changelog/a.sql', now(), 1, 'EXECUTED')")
          .applied,
      ElementsAre("a.sql::1::alice"));
}

TEST(RunnerRecord, PopNotesEachVersion) {
  const RunnerRecord record = read("golang-migrate",
                                   "CREATE TABLE schema_migration (version varchar(14) NOT NULL);"
                                   "INSERT INTO schema_migration VALUES ('20240101000000'), ('20240301000000')");
  EXPECT_THAT(applied_by(record, set_of({"20240101000000", "20240201000000", "20240301000000"})), ElementsAre(true, false, true));
}

TEST(RunnerRecord, OfGooseTheLastRowOfAVersionTells) {
  const RunnerRecord record =
      read("goose",
           "CREATE TABLE goose_db_version (id integer PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY, version_id bigint "
           "NOT NULL, is_applied boolean NOT NULL, tstamp timestamp NOT NULL DEFAULT now());"
           "INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, true), (1, true), (2, true), (2, false)");
  EXPECT_THAT(record.applied, ElementsAre("1"));
}

TEST(RunnerRecord, ThoseWithARowPerVersion) {
  EXPECT_THAT(
      read("dbmate", "CREATE TABLE schema_migrations (version varchar PRIMARY KEY); INSERT INTO schema_migrations VALUES ('7'), ('9')")
          .applied,
      UnorderedElementsAre("7", "9"));
  EXPECT_THAT(read("diesel",
                   "CREATE TABLE __diesel_schema_migrations (version varchar(50) PRIMARY KEY, run_on timestamp NOT NULL DEFAULT now());"
                   "INSERT INTO __diesel_schema_migrations VALUES ('00000000000000')")
                  .applied,
              ElementsAre("00000000000000"));
  const RunnerRecord sqlx =
      read("sqlx",
           "CREATE TABLE _sqlx_migrations (version bigint PRIMARY KEY, description text NOT NULL, installed_on timestamptz "
           "NOT NULL DEFAULT now(), success boolean NOT NULL, checksum bytea NOT NULL, execution_time bigint NOT NULL);"
           "INSERT INTO _sqlx_migrations VALUES (1, 'a', now(), true, '', 0), (2, 'b', now(), false, '', 0)");
  EXPECT_THAT(sqlx.applied, ElementsAre("1"));
  EXPECT_THAT(sqlx.unfinished, ElementsAre("2"));
}

TEST(RunnerRecord, OfPgmigrateABaselineStandsForAllBeforeIt) {
  const RunnerRecord record =
      read("pgmigrate",
           "CREATE TYPE schema_version_type AS ENUM ('auto', 'manual');"
           "CREATE TABLE schema_version (version bigint NOT NULL PRIMARY KEY, description text NOT NULL, type schema_version_type NOT NULL "
           "DEFAULT 'auto', installed_by text NOT NULL, installed_on timestamp NOT NULL DEFAULT now());"
           "INSERT INTO schema_version (version, description, type, installed_by) VALUES (2, 'Forced baseline', 'manual', 'me'), (4, 'd', "
           "'auto', 'me')");
  EXPECT_THAT(applied_by(record, set_of({"0001", "0002", "0003", "0004", "0005"})), ElementsAre(true, true, false, true, false));
}

TEST(RunnerRecord, OfPrismaWhatWasRolledBackIsPendingAndWhatHasNotEndedUnfinished) {
  const RunnerRecord record = read(
      "prisma",
      "CREATE TABLE _prisma_migrations (id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz, migration_name "
      "varchar(255) NOT NULL, logs text, rolled_back_at timestamptz, started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count "
      "integer NOT NULL DEFAULT 0);"
      "INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, rolled_back_at) VALUES ('1', '', now(), '1_a', NULL), "
      "('2', '', NULL, '2_b', now()), ('3', '', NULL, '3_c', NULL)");
  EXPECT_THAT(record.applied, ElementsAre("1_a"));
  EXPECT_THAT(record.unfinished, ElementsAre("3_c"));
}

TEST(RunnerRecord, OfFlywayWhatWasUndoneIsPendingAndABaselineStandsForAllBeforeIt) {
  const RunnerRecord record = read("flyway",
                                   "CREATE TABLE flyway_schema_history (installed_rank integer PRIMARY KEY, version varchar(50), "
                                   "description varchar(200) NOT NULL, type "
                                   "varchar(20) NOT NULL, script varchar(1000) NOT NULL, checksum integer, installed_by varchar(100) NOT "
                                   "NULL, installed_on timestamp NOT "
                                   "NULL DEFAULT now(), execution_time integer NOT NULL, success boolean NOT NULL);"
                                   "INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, installed_by, "
                                   "execution_time, success) VALUES "
                                   "(1, '2', '<< Flyway Baseline >>', 'BASELINE', '', '', 0, true), (2, '3', 'c', 'SQL', '', '', 0, true), "
                                   "(3, '4', 'd', 'SQL', '', '', 0, true), (4, '4', 'd', 'UNDO_SQL', '', '', 0, true), "
                                   "(5, NULL, 'all views', 'SQL', '', '', 0, true), (6, '5', 'e', 'SQL', '', '', 0, false)");
  EXPECT_THAT(record.unfinished, ElementsAre("5"));
  EXPECT_THAT(applied_by(record, set_of({"1", "1.1", "2.1", "3", "4", "5", "R__all_views", "R__others"})),
              ElementsAre(true, true, false, true, false, false, true, false));
}

TEST(RunnerRecord, ATableOfThatNameThatIsSomethingElseIsAnError) {
  const ScratchDatabase database;
  EXPECT_EQ(database.ask("CREATE TABLE goose_db_version (name text)"), "");
  PgSession session = database.connect();
  const auto record = read_runner_record(session, *migrations::find_layout("goose"));
  ASSERT_FALSE(record);
  EXPECT_THAT(record.error().message, testing::HasSubstr("cannot read goose_db_version"));
}

}  // namespace
}  // namespace cupel::execute
