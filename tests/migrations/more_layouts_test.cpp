// supabase, refinery, sql-migrate, hasura: names, order and parts as their runners see them.
#include "migrations/file_name.h"
#include "tests/migrations/memory_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::migrations {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(SupabaseLayout, SendsAFileAsOneImplicitTransaction) {
  const MigrationSet set = read_with("supabase", {{"20240101120000_a.sql", "SELECT 1;"},
                                                  {"20240101120001_b.sql", "SELECT 2;"},
                                                  {"20240101120000_c.sql", "SELECT 3;"},
                                                  {"notes.sql", "SELECT 4;"}});
  EXPECT_THAT(revisions_of(set), ElementsAre("20240101120000", "20240101120000", "20240101120001"));
  EXPECT_EQ(set.migrations[0].upgrade->mode, TransactionMode::implicit);
  EXPECT_FALSE(set.migrations[0].downgrade_expected);
  EXPECT_THAT(problems_of(set), ElementsAre(HasSubstr("layout-error: supabase passes over notes.sql"), HasSubstr("duplicate-version: ")));
}

TEST(RefineryLayout, IsFlywaysNamesInARustProject) {
  MemoryFolder folder(MemoryFolder::Files{{"V1__a.sql", "SELECT 1;"}});
  EXPECT_EQ(find_layout("refinery")->recognise(folder), Recognition::no);
  EXPECT_EQ(find_layout("flyway")->recognise(folder), Recognition::certain);
  folder.set_above("Cargo.toml");
  EXPECT_EQ(find_layout("refinery")->recognise(folder), Recognition::certain);
  EXPECT_EQ(find_layout("flyway")->recognise(folder), Recognition::possible);
}

TEST(RefineryLayout, OrdersByNumber) {
  const MigrationSet set =
      read_with("refinery", {{"V10__c.sql", "SELECT 3;"}, {"V2__b.sql", "SELECT 2;"}, {"U1__a.sql", "SELECT 1;"}, {"V3_d.sql", ""}});
  EXPECT_THAT(revisions_of(set), ElementsAre("1", "2", "10"));
  EXPECT_EQ(set.migrations[0].upgrade->mode, TransactionMode::per_file);
  EXPECT_THAT(set.migrations[0].upgrade->chunks, IsEmpty());
  EXPECT_THAT(problems_of(set), ElementsAre(HasSubstr("refinery passes over V3_d.sql")));
}

TEST(SqlMigrateLayout, CutsSectionsIntoStatements) {
  const MigrationSet set = read_with("sql-migrate", {{"1_a.sql",
                                                      "-- about\n-- +migrate Up\n-- first\nSELECT 1; -- one\nSELECT\n  2;\n"
                                                      "-- +migrate StatementBegin\nDO $$ BEGIN\n  x;\nEND $$;\n-- +migrate StatementEnd\n"
                                                      "-- +migrate Down notransaction\nSELECT 3;\n"}});
  ASSERT_EQ(set.migrations.size(), 1U);
  const Migration& migration = set.migrations[0];
  EXPECT_EQ(migration.revision, "1_a.sql");
  EXPECT_EQ(migration.title, "a");
  EXPECT_THAT(chunks_of(set, *migration.upgrade), ElementsAre("SELECT 1; -- one", "SELECT\n  2;", "DO $$ BEGIN\n  x;\nEND $$;"));
  EXPECT_EQ(migration.upgrade->mode, TransactionMode::per_file);
  EXPECT_THAT(chunks_of(set, *migration.downgrade), ElementsAre("SELECT 3;"));
  EXPECT_EQ(migration.downgrade->mode, TransactionMode::none);
  EXPECT_EQ(migration.downgrade->mode_marker.of(set.sources[0]->text()), "notransaction");
  EXPECT_THAT(problems_of(set), IsEmpty());
}

TEST(SqlMigrateLayout, OrdersNumbersBeforeNames) {
  const MigrationSet set = read_with(
      "sql-migrate",
      {{"10_b.sql", "-- +migrate Up\n"}, {"9_a.sql", "-- +migrate Up\n"}, {"9_b.sql", "-- +migrate Up\n"}, {"a.sql", "-- +migrate Up\n"}});
  EXPECT_THAT(revisions_of(set), ElementsAre("9_a.sql", "9_b.sql", "10_b.sql", "a.sql"));
  EXPECT_THAT(set.heads, ElementsAre("a.sql"));
  EXPECT_THAT(problems_of(set), IsEmpty());
}

TEST(SqlMigrateLayout, SaysWhatTheRunnerRefuses) {
  const auto refusal = [](const char* text) { return problems_of(read_with("sql-migrate", {{"1_a.sql", text}})); };
  EXPECT_THAT(refusal("SELECT 1;\n"), ElementsAre(HasSubstr("there is no '-- +migrate Up'")));
  EXPECT_THAT(refusal("-- +migrate Up\nSELECT 1\n"), ElementsAre(HasSubstr("does not end with a semicolon")));
  EXPECT_THAT(refusal("-- +migrate Up\nSELECT 1\n-- +migrate Down\n"), ElementsAre(HasSubstr("does not end with a semicolon")));
  EXPECT_THAT(refusal("-- +migrate Up\n-- +migrate StatementBegin\nSELECT 1;\n"), ElementsAre(HasSubstr("no '-- +migrate StatementEnd'")));
  EXPECT_THAT(refusal("-- +migrate Up\n-- +migrate Down\n-- nothing\n"), IsEmpty());
}

TEST(RefineryLayout, MigrationsInRustHaveTheirPlace) {
  const MigrationSet set = read_with("refinery", {{"V1__a.sql", "SELECT 1"}, {"V2__b.rs", "pub fn migration()"}, {"mod.rs", ""}});
  ASSERT_THAT(revisions_of(set), ElementsAre("1", "2"));
  EXPECT_EQ(set.migrations[1].unread, "Rust");
}

TEST(RefineryLayout, PassesOverTitlesWithOtherCharacters) {
  const MigrationSet set = read_with("refinery", {{"V1__a.sql", ""}, {"V2__add-b.sql", ""}});
  EXPECT_THAT(revisions_of(set), ElementsAre("1"));
  EXPECT_THAT(problems_of(set), ElementsAre(HasSubstr("refinery passes over V2__add-b.sql")));
}

TEST(HasuraLayout, AFirstLineLeavesTheTransaction) {
  const MigrationSet set = read_with("hasura", {{"1704106800000_a/up.sql", "  -- hasura:no-transaction \r\nSELECT 1;"},
                                                {"1704106800001_b/up.sql", "\n-- hasura:no-transaction\nSELECT 1;"},
                                                {"1704106800002_c/up.sql", "-- hasura:no-transaction or not\nSELECT 1;"}});
  EXPECT_EQ(set.migrations[0].upgrade->mode, TransactionMode::implicit);
  EXPECT_EQ(set.migrations[0].upgrade->mode_marker.of(set.sources[0]->text()), "-- hasura:no-transaction");
  EXPECT_EQ(set.migrations[1].upgrade->mode, TransactionMode::per_file);
  EXPECT_EQ(set.migrations[2].upgrade->mode, TransactionMode::per_file);
}

TEST(HasuraLayout, IsToldByItsMilliseconds) {
  const auto recognised = [](const char* name) {
    return find_layout("hasura")->recognise(MemoryFolder(MemoryFolder::Files{{std::string(name) + "/up.sql", "SELECT 1;"}}));
  };
  EXPECT_EQ(recognised("1704106800000_orders"), Recognition::certain);
  EXPECT_EQ(recognised("20240101120000_orders"), Recognition::no);
  EXPECT_EQ(recognised("2024-01-01-120000_orders"), Recognition::no);
}

TEST(HasuraLayout, RunsAFileInATransaction) {
  const MigrationSet set = read_with(
      "hasura",
      {{"1704106800000_a/up.sql", "SELECT 1;"}, {"1704106800000_a/down.sql", "SELECT 2;"}, {"999999999999_old/up.sql", "SELECT 0;"}});
  EXPECT_THAT(revisions_of(set), ElementsAre("999999999999", "1704106800000"));
  EXPECT_EQ(set.migrations[1].title, "a");
  EXPECT_EQ(set.migrations[1].upgrade->mode, TransactionMode::per_file);
  EXPECT_TRUE(set.migrations[1].downgrade);
}

TEST(FileName, TheNearestFileTellsTheProjectsLanguage) {
  MemoryFolder folder(MemoryFolder::Files{{"1_a.sql", ""}});
  EXPECT_FALSE(is_nearest(folder, "Cargo.toml", {"go.mod"}));
  folder.set_above("Cargo.toml");
  EXPECT_TRUE(is_nearest(folder, "Cargo.toml", {"go.mod"}));
  EXPECT_FALSE(is_nearest(folder, "Cargo.toml", {"Cargo.toml"}));
}

TEST(SupabaseLayout, PassesOverTheFirstFileOfEarlyProjects) {
  const auto revisions = [](MemoryFolder::Files files) { return revisions_of(read_with("supabase", std::move(files))); };
  EXPECT_THAT(revisions({{"20211208000000_init.sql", ""}, {"20220101000000_init.sql", ""}}), ElementsAre("20220101000000"));
  EXPECT_THAT(revisions({{"20211207000000_a.sql", ""}, {"20211208000000_init.sql", ""}}), ElementsAre("20211207000000", "20211208000000"));
  EXPECT_THAT(revisions({{"20211209000000_init.sql", ""}}), ElementsAre("20211209000000"));
}

TEST(PgrollLayout, ReadsTheSqlOfOperations) {
  const MigrationSet set = read_with(
      "pgroll",
      {{"01_people.yaml", "operations:\n  - create_table:\n      name: people\n"},
       {"02_index.json", "{\"operations\": [\n  {\"sql\": {\"up\": \"CREATE INDEX i\\tON people (id)\", \"down\": \"DROP INDEX i\"}}\n]}"},
       {"03_done.yml", "operations:\n- rename_table: {from: a, to: b}\n- sql: {up: ANALYZE b, onComplete: true}\n"},
       {"deep/04_x.yaml", "operations: []"}});
  EXPECT_THAT(problems_of(set), IsEmpty());
  ASSERT_THAT(revisions_of(set), ElementsAre("01_people", "02_index", "03_done"));
  EXPECT_TRUE(set.runner_sets_lock_timeout);
  EXPECT_EQ(set.migrations[0].unread, "YAML");
  EXPECT_THAT(chunks_of(set, *set.migrations[0].upgrade), ElementsAre(""));
  const Migration& second = set.migrations[1];
  EXPECT_EQ(second.unread, "");
  EXPECT_EQ(second.title, "index");
  EXPECT_THAT(chunks_of(set, *second.upgrade), ElementsAre("CREATE INDEX i\t ON people (id)"));
  EXPECT_EQ(set.sources[second.upgrade->source]->position(second.upgrade->chunks[0].begin).line, 2U);
  EXPECT_EQ(second.upgrade->mode, TransactionMode::implicit);
  EXPECT_THAT(chunks_of(set, *second.downgrade), ElementsAre("DROP INDEX i"));
  EXPECT_EQ(set.migrations[2].unread, "YAML");
  EXPECT_THAT(chunks_of(set, *set.migrations[2].upgrade), ElementsAre("ANALYZE b"));
  EXPECT_FALSE(set.migrations[2].downgrade_expected);
}

TEST(PgrollLayout, SaysWhatPgrollRefuses) {
  const auto problems = [](const char* text) { return problems_of(read_with("pgroll", {{"1_a.yaml", text}})); };
  EXPECT_THAT(problems("operations:\n- sql: {up: SELECT 1}\n- drop_table: {name: t}\n"),
              ElementsAre(HasSubstr("sql cannot be executed with other operations")));
  EXPECT_THAT(problems("operations: [\n"), ElementsAre(HasSubstr("layout-error: pgroll refuses this file: ")));
  EXPECT_THAT(problems("a: 1\n"), ElementsAre(HasSubstr("it has no operations")));
}

TEST(PgrollLayout, IsToldByItsOperations) {
  const auto recognised = [](const char* file, const char* text) {
    return find_layout("pgroll")->recognise(MemoryFolder(MemoryFolder::Files{{file, text}}));
  };
  EXPECT_EQ(recognised("1_a.yaml", "operations:\n- sql: {up: SELECT 1}\n"), Recognition::certain);
  EXPECT_EQ(recognised("1_a.json", "{\"operations\": [{\"get\": {}}]}"), Recognition::no);
  EXPECT_EQ(recognised("openapi.json", "{\"operations\": [{\"sql\": {}}]}"), Recognition::no);
}

}  // namespace
}  // namespace cupel::migrations
