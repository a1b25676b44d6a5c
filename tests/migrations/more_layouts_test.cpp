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

}  // namespace
}  // namespace cupel::migrations
