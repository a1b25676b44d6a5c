// What each layout makes of a folder: order, parts, transactions, and what its runner would refuse.
#include "tests/migrations/memory_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::migrations {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Layouts, EachHasANameATitleAndASentence) {
  EXPECT_GE(layouts().size(), 10U);
  for (const Layout* layout : layouts()) {
    EXPECT_EQ(find_layout(layout->name), layout);
    EXPECT_FALSE(layout->title.empty()) << layout->name;
    EXPECT_TRUE(layout->transactions.ends_with('.')) << layout->name;
  }
  EXPECT_EQ(find_layout("nothing"), nullptr);
}

TEST(Layouts, AFileThatCannotBeReadIsAProblemAndTheOthersAreRead) {
  for (const auto& [layout, good, bad] :
       std::vector<std::tuple<const char*, const char*, const char*>>{{"plain", "1.sql", "2.sql"},
                                                                      {"goose", "1_a.sql", "2_b.sql"},
                                                                      {"dbmate", "1_a.sql", "2_b.sql"},
                                                                      {"sqlx", "1_a.sql", "2_b.sql"},
                                                                      {"cupel", "20260101_000000_a.sql", "20260102_000000_b.sql"},
                                                                      {"golang-migrate", "1_a.up.sql", "2_b.up.sql"},
                                                                      {"diesel", "1_a/up.sql", "2_b/up.sql"},
                                                                      {"prisma", "1_a/migration.sql", "2_b/migration.sql"},
                                                                      {"drizzle", "0000_a.sql", "0001_b.sql"},
                                                                      {"flyway", "V1__a.sql", "V2__b.sql"}}) {
    const MigrationSet set = read_with(layout, {{good, "-- +goose Up\n-- migrate:up\n-- migrate:down\n"}, {bad, std::nullopt}});
    EXPECT_EQ(set.migrations.size(), 1U) << layout;
    ASSERT_EQ(set.problems.size(), 1U) << layout;
    EXPECT_EQ(set.problems[0].rule, "unreadable-file");
    EXPECT_EQ(set.sources[set.problems[0].source]->name(), std::string("db/") + bad);
  }
}

TEST(Drizzle, CutsAtBreakpointsWithOrWithoutSemicolon) {
  const MigrationSet set = read_with("drizzle", {{"0001_b.sql", "SELECT 2"},
                                                 {"0000_a.sql", "SELECT 1\n--> statement-breakpoint\nSELECT 11;--> statement-breakpoint\n"},
                                                 {"0001_leftover.sql", "SELECT 3"},
                                                 {"meta/_journal.json", R"({"entries": [{"tag": "0000_a"}, {"tag": "0001_b"}]})"},
                                                 {"seed.sql", "SELECT 0"}});
  EXPECT_THAT(revisions_of(set), ElementsAre("0000_a", "0001_b"));
  EXPECT_THAT(chunks_of(set, *set.migrations[0].upgrade), ElementsAre("SELECT 1\n", "\nSELECT 11;", "\n"));
  EXPECT_EQ(set.migrations[0].upgrade->mode, TransactionMode::batch);
  EXPECT_FALSE(set.migrations[0].downgrade_expected);
  EXPECT_THAT(problems_of(set), IsEmpty());
}

TEST(GolangMigrate, OrdersByNumberAndJoinsDirections) {
  const MigrationSet set =
      read_with("golang-migrate",
                {{"10_c.up.sql", "SELECT 3"}, {"2_b.down.sql", "SELECT -2"}, {"2_b.up.sql", "SELECT 2"}, {"0001_a.up.sql", "SELECT 1"}});
  EXPECT_THAT(revisions_of(set), ElementsAre("0001", "2", "10"));
  EXPECT_THAT(set.migrations[2].parents, ElementsAre("2"));
  EXPECT_THAT(set.heads, ElementsAre("10"));
  EXPECT_EQ(set.migrations[1].title, "b");
  ASSERT_TRUE(set.migrations[1].downgrade);
  EXPECT_EQ(set.migrations[1].upgrade->mode, TransactionMode::implicit);
  EXPECT_THAT(chunks_of(set, *set.migrations[1].downgrade), ElementsAre("SELECT -2"));
  EXPECT_THAT(problems_of(set), IsEmpty());
}

TEST(GolangMigrate, TwoUpgradesOfOneVersionAreOneProblemWithBothNames) {
  const MigrationSet set =
      read_with("golang-migrate", {{"1_a.up.sql", ""}, {"1_a.down.sql", "a"}, {"01_b.up.sql", ""}, {"01_b.down.sql", "b"}});
  ASSERT_EQ(set.problems.size(), 1U);
  EXPECT_EQ(set.problems[0].rule, "duplicate-version");
  EXPECT_THAT(set.problems[0].message, testing::AllOf(HasSubstr("1_a.up.sql"), HasSubstr("01_b.up.sql")));
  EXPECT_EQ(set.problems[0].related.size(), 1U);
  ASSERT_EQ(set.migrations.size(), 2U);
  for (const Migration& migration : set.migrations) {
    ASSERT_TRUE(migration.downgrade);
    EXPECT_THAT(chunks_of(set, *migration.downgrade), ElementsAre(migration.title));
  }
}

TEST(GolangMigrate, ADowngradeWithoutUpgradeIsAProblem) {
  const MigrationSet set = read_with("golang-migrate", {{"1_a.up.sql", ""}, {"2_b.down.sql", ""}, {"3_c.sql", ""}, {"helper.sql", ""}});
  EXPECT_THAT(problems_of(set), ElementsAre(HasSubstr("golang-migrate ignores 3_c.sql"), HasSubstr("without running anything")));
}

TEST(GolangMigrate, PopTakesPostgresFilesFirstAndKnowsAutocommit) {
  const MigrationSet set = read_with("golang-migrate", {{"1_a.down.sql", "down"},
                                                        {"1_a.mysql.up.sql", "mysql"},
                                                        {"1_a.postgres.up.sql", "postgres"},
                                                        {"1_a.up.sql", "any"},
                                                        {"2_b.autocommit.up.sql", "alone"},
                                                        {"3_c.sqlite3.up.sql", "sqlite"}});
  EXPECT_THAT(revisions_of(set), ElementsAre("1", "2"));
  EXPECT_THAT(chunks_of(set, *set.migrations[0].upgrade), ElementsAre("postgres"));
  EXPECT_EQ(set.migrations[0].upgrade->mode, TransactionMode::per_file);
  EXPECT_EQ(set.migrations[1].upgrade->mode, TransactionMode::implicit);
  EXPECT_THAT(set.left_out, ElementsAre("1_a.mysql.up.sql", "1_a.up.sql", "3_c.sqlite3.up.sql"));
  EXPECT_THAT(problems_of(set), IsEmpty());
}

TEST(GolangMigrate, FoldersOfMajorVersionsRunInOneTransaction) {
  const MigrationSet set =
      read_with("golang-migrate", {{"10/01_c.up.sql", "c"}, {"2/07_b.up.sql", "-- b\nbegin;\n  b;\ncommit;\n"}, {"2/10_d.up.sql", "d"}});
  EXPECT_THAT(revisions_of(set), ElementsAre("2007", "2010", "10001"));
  EXPECT_EQ(set.migrations[0].upgrade->mode, TransactionMode::batch);
  EXPECT_THAT(chunks_of(set, *set.migrations[0].upgrade), ElementsAre("\n  b;\n"));
  EXPECT_FALSE(set.migrations[0].downgrade_expected);
}

TEST(Goose, CutsStatementsAsItsParserDoes) {
  const MigrationSet set = read_with("goose", {{"1_a.sql",
                                                "-- +goose Up\n-- about a\nSELECT 1; -- one\nSELECT\n  -- two\n  2;\n\n"
                                                "-- +goose StatementBegin\nDO $$ BEGIN\n  x;\nEND $$\n-- +goose StatementEnd\n"
                                                "-- +goose Down\nSELECT 'a;\nb';\n"}});
  ASSERT_EQ(set.migrations.size(), 1U);
  EXPECT_THAT(chunks_of(set, *set.migrations[0].upgrade),
              ElementsAre("SELECT 1; -- one", "SELECT\n  -- two\n  2;", "DO $$ BEGIN\n  x;\nEND $$"));
  // A semicolon at the end of a line ends a statement even in a literal: that is what StatementBegin is for.
  EXPECT_THAT(chunks_of(set, *set.migrations[0].downgrade), ElementsAre("SELECT 'a;", "b';"));
  EXPECT_EQ(set.migrations[0].upgrade->mode, TransactionMode::per_file);
  EXPECT_THAT(problems_of(set), IsEmpty());
}

TEST(Goose, NoTransactionCountsForBothDirectionsWhereverItStands) {
  const MigrationSet set = read_with("goose", {{"1_a.sql", "-- +goose Up\r\nSELECT 1;\r\n-- +goose Down\r\n-- +goose no transaction\r\n"}});
  ASSERT_TRUE(set.migrations[0].downgrade);
  for (const Part& part : {*set.migrations[0].upgrade, *set.migrations[0].downgrade}) {
    EXPECT_EQ(part.mode, TransactionMode::none);
    EXPECT_EQ(part.mode_marker.of(set.sources[0]->text()), "-- +goose no transaction");
  }
  EXPECT_THAT(chunks_of(set, *set.migrations[0].upgrade), ElementsAre("SELECT 1;"));
  EXPECT_THAT(chunks_of(set, *set.migrations[0].downgrade), ElementsAre(""));
}

TEST(Goose, MigrationsInGoHaveTheirPlace) {
  const MigrationSet set = read_with("goose", {{"1_a.sql", "-- +goose Up\nSELECT 1;\n"},
                                               {"2_b.go", "package migrations\n"},
                                               {"2_b_test.go", ""},
                                               {"helper.go", ""},
                                               {"3_c.sql", "-- +goose Up\nSELECT 3;\n"}});
  ASSERT_THAT(revisions_of(set), ElementsAre("1", "2", "3"));
  EXPECT_EQ(set.migrations[0].unread, "");
  EXPECT_EQ(set.migrations[1].unread, "Go");
  EXPECT_FALSE(set.migrations[1].downgrade_expected);
  EXPECT_THAT(chunks_of(set, *set.migrations[1].upgrade), ElementsAre(""));
  EXPECT_THAT(problems_of(set), IsEmpty());
}

TEST(Goose, SaysWhatGooseRefuses) {
  const auto message = [](const char* text) {
    const MigrationSet set = read_with("goose", {{"1_a.sql", text}});
    return set.problems.empty() ? std::string() : set.problems[0].message;
  };
  EXPECT_THAT(message("SELECT 1;\n-- +goose Up\n"), HasSubstr("SQL before"));
  EXPECT_THAT(message("-- +goose Up\nSELECT 1\n-- +goose Down\n"), HasSubstr("semicolon"));
  EXPECT_THAT(message("-- +goose Up\n-- +goose StatementBegin\nSELECT 1;\n"), HasSubstr("no '-- +goose StatementEnd'"));
  EXPECT_THAT(message("-- +goose Up\n-- +goose Downn\n"), HasSubstr("did you mean 'Down'?"));
  EXPECT_THAT(message("SELECT 1;\n"), HasSubstr("SQL before"));
  EXPECT_THAT(message(""), HasSubstr("no '-- +goose Up'"));
  EXPECT_THAT(message("  -- +goose Up\nSELECT 1;\n"), HasSubstr("indented"));
}

TEST(Goose, SubstitutedVariablesAreKnown) {
  const MigrationSet set =
      read_with("goose", {{"1_a.sql", "-- +goose ENVSUB ON\n-- +goose Up\nSELECT ${A};\n-- +goose ENVSUB OFF\nSELECT ${B};\n"}});
  ASSERT_EQ(set.migrations[0].upgrade->placeholders.size(), 1U);
  EXPECT_EQ(set.migrations[0].upgrade->placeholders[0].of(set.sources[0]->text()), "${A}");
}

TEST(Dbmate, SectionsAndOptions) {
  const MigrationSet set = read_with("dbmate", {{"1_a.sql", "-- migrate:up\nSELECT 1;\n-- migrate:down transaction:false\nSELECT 2;\n"},
                                                {"2_b.sql", "--migrate:up transaction:false\nx\n--migrate:down"}});
  ASSERT_EQ(set.migrations.size(), 2U);
  EXPECT_THAT(chunks_of(set, *set.migrations[0].upgrade), ElementsAre("SELECT 1;\n"));
  EXPECT_THAT(chunks_of(set, *set.migrations[0].downgrade), ElementsAre("SELECT 2;\n"));
  EXPECT_EQ(set.migrations[0].upgrade->mode, TransactionMode::per_file);
  EXPECT_EQ(set.migrations[0].downgrade->mode, TransactionMode::implicit);
  EXPECT_EQ(set.migrations[1].upgrade->mode_marker.of(set.sources[1]->text()), "transaction:false");
  EXPECT_THAT(chunks_of(set, *set.migrations[1].downgrade), ElementsAre(""));
  EXPECT_THAT(problems_of(set), IsEmpty());
}

TEST(Dbmate, SaysWhatDbmateRefuses) {
  const auto message = [](const char* text) {
    const MigrationSet set = read_with("dbmate", {{"1_a.sql", text}});
    return set.problems.empty() ? std::string() : set.problems[0].message;
  };
  EXPECT_THAT(message("-- migrate:up\nSELECT 1;\n"), HasSubstr("no '-- migrate:down'"));
  EXPECT_THAT(message("SELECT 1;\n-- migrate:up\n-- migrate:down\n"), HasSubstr("before '-- migrate:up'"));
  EXPECT_THAT(message("-- migrate:down\n-- migrate:up\n"), HasSubstr("no '-- migrate:up' before it"));
  EXPECT_THAT(message("SELECT 1;\n"), HasSubstr("SQL before"));
  EXPECT_EQ(message("-- migrate:up\n-- migrate:down\n-- migrate:up\n-- migrate:down\n"), "");
}

TEST(Diesel, FoldersVersionsAndMetadata) {
  const MigrationSet set = read_with("diesel", {{"2026-01-02-000000_b/metadata.toml", "run_in_transaction = false # for the index\n"},
                                                {"2026-01-02-000000_b/up.sql", "b"},
                                                {"2026-01-01-000000_a/down.sql", "-a"},
                                                {"2026-01-01-000000_a/up.sql", "a"},
                                                {"2026-01-03-000000_c/metadata.toml", "# nothing\n"},
                                                {"2026-01-03-000000_c/up.sql", "c"},
                                                {"2026-01-04-000000_d/metadata.toml", "run_in_transaction=true"},
                                                {"2026-01-04-000000_d/up.sql", ""}});
  EXPECT_THAT(revisions_of(set), ElementsAre("20260101000000", "20260102000000", "20260103000000", "20260104000000"));
  EXPECT_EQ(set.migrations[0].upgrade->mode, TransactionMode::per_file);
  EXPECT_EQ(set.migrations[1].upgrade->mode, TransactionMode::implicit);
  EXPECT_EQ(set.migrations[2].upgrade->mode, TransactionMode::implicit);
  EXPECT_EQ(set.migrations[3].upgrade->mode, TransactionMode::per_file);
  EXPECT_THAT(problems_of(set), ElementsAre(HasSubstr("empty file")));
}

TEST(Sqlx, MarkerOnTheFirstLineOnly) {
  const MigrationSet set = read_with("sqlx", {{"1_a.sql", "-- no-transaction\nx"}, {"2_b.sql", "\n-- no-transaction\nx"}});
  EXPECT_EQ(set.migrations[0].upgrade->mode, TransactionMode::implicit);
  EXPECT_EQ(set.migrations[1].upgrade->mode, TransactionMode::per_file);
  EXPECT_FALSE(set.migrations[0].downgrade_expected);
}

TEST(Sqlx, ReversibleFoldersExpectDowngrades) {
  const MigrationSet set = read_with("sqlx", {{"1_a.up.sql", ""}, {"1_a.down.sql", ""}, {"2_b.up.sql", ""}, {"3_c.down.sql", ""}});
  EXPECT_TRUE(set.migrations[1].downgrade_expected);
  EXPECT_THAT(problems_of(set), ElementsAre(HasSubstr("version 3 has a downgrade but no upgrade")));
}

TEST(Sqlx, IsToldFromOthersWithTheSameNames) {
  const auto recognise = [](MemoryFolder::Files files, std::string above) {
    MemoryFolder folder(std::move(files));
    folder.set_above(std::move(above));
    return find_layout("sqlx")->recognise(folder);
  };
  EXPECT_EQ(recognise({{"1_a.sql", "-- Add migration script here\n"}}, ""), Recognition::certain);
  EXPECT_EQ(recognise({{"20260101000000_a.sql", ""}}, ""), Recognition::likely);
  EXPECT_EQ(recognise({{"1_a.sql", ""}}, ""), Recognition::no);
  EXPECT_EQ(recognise({{"1_a.sql", ""}}, "Cargo.toml"), Recognition::likely);
  EXPECT_EQ(recognise({{"1_a.up.sql", ""}}, "Cargo.toml"), Recognition::certain);
  EXPECT_EQ(recognise({{"1_a.up.sql", ""}}, "go.mod"), Recognition::no);
  EXPECT_EQ(recognise({{"20260101000000_a.sql", ""}, {"atlas.sum", ""}}, ""), Recognition::no);
  EXPECT_EQ(recognise({{"20260101000000_a.sql", "-- +migrate Up\n"}}, ""), Recognition::no);
}

TEST(Prisma, NoDowngradesButAFileWrittenByHand) {
  const MigrationSet set =
      read_with("prisma", {{"20260101_a/down.sql", "-a"}, {"20260101_a/migration.sql", "a"}, {"20260102_b/migration.sql", "b"}});
  EXPECT_THAT(revisions_of(set), ElementsAre("20260101_a", "20260102_b"));
  EXPECT_EQ(set.migrations[0].upgrade->mode, TransactionMode::implicit);
  EXPECT_TRUE(set.migrations[0].downgrade);
  EXPECT_FALSE(set.migrations[1].downgrade_expected);
}

TEST(Flyway, OrdersVersionsByNumbersAndRepeatablesLast) {
  const MigrationSet set = read_with("flyway", {{"V1_10__c.sql", "c"},
                                                {"V1.2__b.sql", "b"},
                                                {"sub/V01__a.sql", "a"},
                                                {"V2__d.sql", "d"},
                                                {"R__view.sql", "v"},
                                                {"U2__d.sql", "-d"},
                                                {"B2__base.sql", "base"},
                                                {"V3_typo.sql", "x"},
                                                {"afterMigrate.sql", "y"}});
  EXPECT_THAT(revisions_of(set), ElementsAre("01", "1.2", "1.10", "2", "R__view"));
  EXPECT_TRUE(set.migrations[3].downgrade);
  EXPECT_TRUE(set.migrations[4].repeatable);
  EXPECT_THAT(set.migrations[4].parents, IsEmpty());
  EXPECT_THAT(set.heads, ElementsAre("2"));
  EXPECT_THAT(set.left_out, ElementsAre("B2__base.sql"));
  EXPECT_THAT(problems_of(set), ElementsAre(HasSubstr("Flyway ignores V3_typo.sql")));
}

TEST(Flyway, TrailingZerosDoNotMakeAVersion) {
  const MigrationSet set = read_with("flyway", {{"V1__a.sql", ""}, {"V1.0__b.sql", ""}, {"U7__x.sql", ""}});
  EXPECT_THAT(problems_of(set), ElementsAre(HasSubstr("duplicate-version: version"), HasSubstr("an undo but no upgrade")));
  EXPECT_EQ(set.migrations.size(), 2U);
}

TEST(Flyway, FindsOutWhatCannotRunInATransaction) {
  const auto mode = [](const std::string& text) {
    const MigrationSet set = read_with("flyway", {{"V1__a.sql", text}});
    return std::pair(set.migrations[0].upgrade->mode, set.problems.size());
  };
  using enum TransactionMode;
  EXPECT_EQ(mode("CREATE INDEX CONCURRENTLY i ON t (a);\n"), std::pair(none, 0UL));
  EXPECT_EQ(mode("create unique index concurrently i on t (a); VACUUM t"), std::pair(none, 0UL));
  EXPECT_EQ(mode("CREATE INDEX CONCURRENTLY i ON t (a);\nSELECT 1;"), std::pair(none, 1UL));
  EXPECT_EQ(mode("CREATE INDEX i ON t (a); -- not CONCURRENTLY\n"), std::pair(per_file, 0UL));
  // Its parser does not know this one: it fails in the transaction.
  EXPECT_EQ(mode("REINDEX INDEX CONCURRENTLY i;"), std::pair(per_file, 0UL));
  EXPECT_EQ(mode("ALTER SYSTEM SET a = 1;"), std::pair(none, 0UL));
}

TEST(Flyway, ScriptConfigurationWins) {
  const MigrationSet set = read_with("flyway", {{"V1__a.sql", "CREATE INDEX CONCURRENTLY i ON t (a); SELECT 1;"},
                                                {"V1__a.sql.conf", "executeInTransaction=false\n"},
                                                {"V2__b.sql", "SELECT ${x};"},
                                                {"V2__b.sql.conf", "executeInTransaction = true\n"}});
  EXPECT_EQ(set.migrations[0].upgrade->mode, TransactionMode::none);
  EXPECT_EQ(set.migrations[1].upgrade->mode, TransactionMode::per_file);
  EXPECT_EQ(set.migrations[1].upgrade->placeholders.size(), 1U);
  EXPECT_THAT(problems_of(set), IsEmpty());
}

TEST(AlembicSql, StatementsBelongToRevisions) {
  const auto set = read_text("<stdin>",
                             "BEGIN;\n-- Running upgrade  -> a\nA;\n-- Running upgrade a -> b\nB;\n-- Running upgrade a -> c\nC;\n"
                             "-- Running upgrade b, c -> d\nD;\nCOMMIT;\n",
                             "");
  ASSERT_TRUE(set);
  EXPECT_EQ(set->layout, "alembic-sql");
  EXPECT_EQ(set->path, "<stdin>");
  EXPECT_THAT(revisions_of(*set), ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(set->migrations[3].parents, ElementsAre("b", "c"));
  EXPECT_THAT(set->heads, ElementsAre("d"));
  EXPECT_THAT(chunks_of(*set, *set->migrations[0].upgrade), ElementsAre("BEGIN;\n-- Running upgrade  -> a\nA;\n"));
  EXPECT_EQ(set->migrations[0].upgrade->mode, TransactionMode::none);
}

TEST(AlembicSql, Downgrades) {
  const auto set = read_text("<stdin>", "-- Running downgrade b -> a\nB;\n-- Running downgrade a -> \nA;\n", "");
  ASSERT_TRUE(set);
  EXPECT_THAT(revisions_of(*set), ElementsAre("b", "a"));
  EXPECT_FALSE(set->migrations[0].upgrade);
  EXPECT_THAT(set->migrations[0].parents, ElementsAre("a"));
}

TEST(Plain, NamesAndMarkersTellDowngrades) {
  const MigrationSet set = read_with("plain", {{"1_a.sql", "a"},
                                               {"1_a.down.sql", "-a"},
                                               {"2_b_up.sql", "b"},
                                               {"2_b_down.sql", "-b"},
                                               {"3_slow_down.sql", "c"},
                                               {"4_d.sql", "-- +migrate Up\nd\n-- +migrate Down\n-d\n"},
                                               {"deploy/e.sql", "e"},
                                               {"revert/e.sql", "-e"},
                                               {"revert/f.sql", "-f"},
                                               {"verify/e.sql", "?"}});
  EXPECT_THAT(revisions_of(set), ElementsAre("1_a", "2_b_up", "3_slow_down", "4_d", "deploy/e", "revert/f.sql"));
  EXPECT_THAT(chunks_of(set, *set.migrations[3].upgrade), ElementsAre("-- +migrate Up\nd\n"));
  EXPECT_THAT(chunks_of(set, *set.migrations[4].downgrade), ElementsAre("-e"));
  EXPECT_EQ(set.migrations[0].upgrade->mode, TransactionMode::none);
  EXPECT_FALSE(set.migrations[2].downgrade);
  EXPECT_THAT(set.left_out, ElementsAre("verify/e.sql"));
}

// django/core/management/commands/sqlmigrate.py of Django 3.0: BEGIN and COMMIT around an atomic migration, a comment of three
// lines before each operation's statements.
TEST(Plain, DjangosOutputHasItsOwnTransaction) {
  const auto set =
      read_text("<stdin>", "BEGIN;\n--\n-- Add field nickname to account\n--\nALTER TABLE \"a\" ADD COLUMN \"b\" text;\nCOMMIT;\n", "");
  ASSERT_TRUE(set);
  EXPECT_EQ(set->layout, "plain");
  ASSERT_EQ(set->migrations.size(), 1U);
  EXPECT_EQ(set->migrations[0].upgrade->mode, TransactionMode::none);
  EXPECT_THAT(set->migrations[0].upgrade->chunks, IsEmpty());
}

TEST(Plain, WhatPgDumpWroteIsNoMigrationUnlessItHasAVersion) {
  const std::string dump = "SET lock_timeout = 0;\nSELECT pg_catalog.set_config('search_path', '', false);\nCREATE TABLE public.a ();\n";
  const MigrationSet set =
      read_with("plain", {{"1_baseline.sql", dump}, {"V2__more.sql", dump}, {"db/structure.sql", dump}, {"x.sql", "SELECT 1"}});
  std::vector<bool> dumps;
  for (const Migration& migration : set.migrations) dumps.push_back(migration.schema_dump);
  EXPECT_THAT(revisions_of(set), ElementsAre("1_baseline", "V2__more", "db/structure", "x"));
  EXPECT_THAT(dumps, ElementsAre(false, false, true, false));

  const auto alone = read_text("structure.sql", dump, "");
  ASSERT_TRUE(alone);
  EXPECT_FALSE(alone->migrations.at(0).schema_dump);
}

// As synapse has them: what is for every database, then what only PostgreSQL gets.
TEST(Plain, AFileForPostgresRunsBesideItsTwinForAll) {
  const MigrationSet set = read_with("plain", {{"54/a.sql", "a"}, {"54/a.sql.postgres", "b"}, {"54/c.sql.postgres", "c"}});
  EXPECT_THAT(revisions_of(set), ElementsAre("54/a", "54/a.sql.postgres", "54/c"));
  EXPECT_THAT(chunks_of(set, *set.migrations[1].upgrade), ElementsAre("b"));
  EXPECT_THAT(set.migrations[2].parents, ElementsAre("54/a.sql.postgres"));
  EXPECT_THAT(set.left_out, IsEmpty());
}

}  // namespace
}  // namespace cupel::migrations
