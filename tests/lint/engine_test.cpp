// The engine: which rules run, what becomes of what they report, and that nothing but the input decides it.
#include "lint/engine.h"

#include "lint/pass.h"
#include "report/report.h"
#include "tests/lint/lint_test_support.h"

#include <algorithm>
#include <random>
#include <tuple>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::lint {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Rules made for these tests. Each speaks about every DROP, CREATE TABLE …
void report_statement(Pass& pass) { pass.report("says something"); }
void report_first_half(Pass& pass) { pass.report({pass.statement().span.begin, pass.statement().span.begin + 4}, "half of it"); }
void report_end(Pass& pass) { pass.report({pass.statement().span.end - 1, pass.statement().span.end}, "its end"); }

constexpr std::string_view specific_rule[] = {"specific"};
constexpr std::string_view former_general[] = {"old-general"};

const Rule general = {.title = "General",
                      .former_ids = former_general,
                      .yields_to = specific_rule,
                      .on = StatementKinds::of<sql::DropObjects, sql::Truncate>(),
                      .check = report_statement};
const Rule specific = {.title = "Specific",
                       .severity = Severity::error,
                       .group = Group::data_loss,
                       .on = StatementKinds::of<sql::DropObjects>(),
                       .check = report_first_half};
const Rule elsewhere = {
    .title = "Elsewhere", .yields_to = specific_rule, .on = StatementKinds::of<sql::DropObjects>(), .check = report_end};
const Rule once = {
    .title = "Once", .severity = Severity::info, .repeat = Repeat::once_per_run, .on = StatementKinds::all(), .check = report_statement};
const Rule each_part = {
    .title = "Each part", .repeat = Repeat::once_per_part, .on = StatementKinds::of<sql::Select>(), .check = report_statement};
const Rule off = {.title = "Off", .enabled = false, .on = StatementKinds::all(), .check = report_statement};
const Rule old_servers = {.title = "Old servers", .postgres = {13, 14}, .on = StatementKinds::all(), .check = report_statement};
const Rule undone = {.title = "Downgrades", .check_migration = [](MigrationPass& pass) {
                       if (!pass.downgrade().empty()) pass.report(pass.upgrade().front().statement->span, "has a downgrade");
                     }};

const RuleEntry table[] = {
    {"each-part", &each_part, ""},     {"elsewhere", &elsewhere, ""}, {"general", &general, ""},   {"off", &off, ""},
    {"old-servers", &old_servers, ""}, {"once", &once, ""},           {"specific", &specific, ""}, {"undone", &undone, ""}};

Settings only(std::initializer_list<std::string> rules) {
  Settings settings;
  settings.only.insert(rules.begin(), rules.end());
  return settings;
}

TEST(Engine, CallsRulesForTheirKindsOfStatement) {
  const auto set = make_set({{"001", "DROP TABLE a;\nTRUNCATE b;\nSELECT 1;"}});
  const LintResult result = lint_with(only({"general"}), set, table);
  EXPECT_THAT(summary(result), ElementsAre("general 1", "general 2"));
  EXPECT_EQ(result.statements, 3U);
  EXPECT_EQ(result.findings[0].statement, "DROP TABLE");
  EXPECT_EQ(result.findings[0].revision, "001");
}

TEST(Engine, ATableThatMigrationsWroteRowByRowLooksSmall) {
  const Rule changes = {.title = "Changes", .severity = Severity::error, .on = StatementKinds::of<sql::Update>(), .check = [](Pass& pass) {
                          pass.report("changes rows").changes_rows_of(pass.find(pass.as<sql::Update>()->table));
                        }};
  const RuleEntry entries[] = {{"changes", &changes, ""}};
  const auto severity = [&](const std::string& filling, const Settings& settings) {
    const auto set = make_set({{"001", "CREATE TABLE kinds (n int);" + filling}, {"002", "UPDATE kinds SET n = 1;"}});
    return lint_with(settings, set, entries).findings.at(0).severity;
  };
  const std::string five = "INSERT INTO kinds VALUES (1), (2), (3); INSERT INTO kinds VALUES (4), (5);";
  Settings settings = only({"changes"});
  EXPECT_EQ(severity(five, settings), Severity::info);
  EXPECT_EQ(severity("INSERT INTO kinds VALUES (1);", settings), Severity::error);  // a first user
  EXPECT_EQ(severity(five + "INSERT INTO kinds SELECT n FROM events;", settings), Severity::error);
  settings.tables["kinds"].rows = 1'000'000;
  EXPECT_EQ(severity(five, settings), Severity::error);
}

TEST(Engine, AGeneralRuleIsSilentWhereASpecificOneSpoke) {
  const auto set = make_set({{"001", "DROP TABLE a;\nTRUNCATE b;"}});
  EXPECT_THAT(summary(lint_with(only({"general", "specific"}), set, table)), ElementsAre("specific 1", "general 2"));
  // Another place of the same statement is another matter.
  EXPECT_THAT(summary(lint_with(only({"elsewhere", "specific"}), set, table)), ElementsAre("specific 1", "elsewhere 1"));
  // With the specific one switched off the general one speaks.
  EXPECT_THAT(summary(lint_with(only({"general"}), set, table)), ElementsAre("general 1", "general 2"));
}

TEST(Engine, SaysOnceARunWhatIsToBeSaidOnce) {
  const auto set = make_set({{"001", "SELECT 1;\nSELECT 2;"}, {"002", "SELECT 3;"}});
  const LintResult result = lint_with(only({"once"}), set, table);
  EXPECT_THAT(summary(result), ElementsAre("once 1"));
  EXPECT_THAT(result.findings[0].message, HasSubstr("2 more statements"));
  const migrations::MigrationSet two[] = {set, set};
  EXPECT_EQ(lint(two, table, only({"once"})).findings.size(), 1U);
}

TEST(Engine, SaysOnceAPartWhatIsToBeSaidOnceAPart) {
  const auto set = make_set({{"001", "SELECT 1;\nSELECT 2;", "SELECT 3;"}, {"002", "SELECT 4;"}});
  const LintResult result = lint_with(only({"each-part"}), set, table);
  EXPECT_THAT(summary(result), ElementsAre("each-part 1", "each-part 1", "each-part 1"));
  EXPECT_THAT(result.findings[0].message, HasSubstr("1 more statement of this migration"));
  EXPECT_EQ(result.findings[2].message, "says something");
  // One more of them makes no other finding.
  const auto longer = make_set({{"001", "SELECT 1;\nSELECT 2;\nSELECT 5;", "SELECT 3;"}, {"002", "SELECT 4;"}});
  EXPECT_EQ(lint_with(only({"each-part"}), longer, table).findings[0].fingerprint, result.findings[0].fingerprint);
}

TEST(Engine, ASuppressedPlaceDoesNotSpeakForTheOthers) {
  const auto set = make_set({{"001", "-- cupel:ignore once: known\nSELECT 1;\nSELECT 2;\nSELECT 3;"}});
  const LintResult result = lint_with(only({"once"}), set, table);
  EXPECT_THAT(summary(result), ElementsAre("once 2 (suppressed: known)", "once 3"));
  EXPECT_THAT(result.findings[1].message, HasSubstr("1 more"));
}

TEST(Engine, RunsWhatTheSettingsEnable) {
  const auto set = make_set({{"001", "DROP TABLE a;"}});
  const auto rules_of = [&](const Settings& settings) {
    std::vector<std::string> ids;
    for (const Finding& finding : lint_with(settings, set, table).findings) ids.emplace_back(finding.rule);
    std::ranges::sort(ids);
    return ids;
  };
  EXPECT_THAT(rules_of({}), ElementsAre("elsewhere", "once", "specific"));  // 18 is no old server, off is off
  Settings settings;
  settings.postgres_version = 13;
  settings.severities["off"] = Severity::warning;
  settings.skip = {"once"};
  EXPECT_THAT(rules_of(settings), ElementsAre("elsewhere", "off", "old-servers", "specific"));
  settings.severities["specific"] = std::nullopt;
  settings.groups[Group::locks] = false;
  EXPECT_THAT(rules_of(settings), ElementsAre("off"));
  settings.only = {"once"};  // skipping is stronger than asking for
  EXPECT_THAT(rules_of(settings), IsEmpty());
}

TEST(Engine, SeveritiesAreTheConfigurationsChoice) {
  Settings settings = only({"specific"});
  const auto set = make_set({{"001", "DROP TABLE a;"}});
  EXPECT_EQ(lint_with(settings, set, table).findings[0].severity, Severity::error);
  settings.severities["specific"] = Severity::info;
  EXPECT_EQ(lint_with(settings, set, table).findings[0].severity, Severity::info);
}

TEST(Engine, DowngradesAreJudgedAndMarked) {
  const auto set = make_set({{"001", "CREATE TABLE a (n int);", "DROP TABLE a;"}, {"002", "TRUNCATE a;"}});
  const LintResult result = lint_with(only({"specific", "general", "undone"}), set, table);
  EXPECT_THAT(summary(result), ElementsAre("undone 1", "specific 1", "general 1"));
  EXPECT_FALSE(result.findings[0].downgrade);
  EXPECT_TRUE(result.findings[1].downgrade);
  EXPECT_EQ(result.findings[1].revision, "001");
  EXPECT_FALSE(result.findings[2].downgrade);
  EXPECT_EQ(result.findings[2].revision, "002");
}

TEST(Engine, StatementsOfADoBlockAreJudged) {
  const auto set = make_set({{"001", "DO $$ BEGIN\n  DROP TABLE a;\n  EXECUTE 'TRUNCATE b';\nEND $$;"}});
  EXPECT_THAT(summary(lint_with(only({"general"}), set, table)), ElementsAre("general 2", "general 3"));
}

TEST(Engine, ProblemsOfTheSetBecomeFindings) {
  auto first = make_set({{"001", "SELECT 1;"}});
  auto second = make_set({{"002", "SELECT 2;"}, {"003", "SELECT 3;"}});
  migrations::Problem problem;
  problem.rule = "duplicate-version";
  problem.source = 1;
  problem.message = "twice";
  problem.related.push_back({0, {}, "the other one"});
  second.problems.push_back(problem);
  problem.rule = "no-such-rule";
  second.problems.push_back(problem);
  const migrations::MigrationSet sets[] = {std::move(first), std::move(second)};
  const LintResult result = lint(sets, rule_table(), only({"duplicate-version"}));
  ASSERT_EQ(result.findings.size(), 1U);
  EXPECT_EQ(result.sources[result.findings[0].source]->name(), "db/003.sql");
  ASSERT_EQ(result.findings[0].related.size(), 1U);
  EXPECT_EQ(result.sources[result.findings[0].related[0].source]->name(), "db/002.sql");
  EXPECT_EQ(result.findings[0].severity, Severity::error);
}

TEST(Engine, ASyntaxErrorIsOneFindingAndTheRestIsJudged) {
  EXPECT_THAT(summary(lint_text("DROP TABLE a;\nDROP TABEL b;\nDROP TABLE c;", {"parse-error", "drop-table"})),
              ElementsAre("drop-table 1", "parse-error 2", "drop-table 3"));
}

TEST(Engine, AnEmptyInputIsAnEmptyResult) {
  EXPECT_THAT(lint({}, rule_table(), {}).findings, IsEmpty());
  EXPECT_THAT(lint_text("").findings, IsEmpty());
  EXPECT_THAT(lint_text("-- nothing").findings, IsEmpty());
}

// A history that touches many rules, long enough to be worth several threads.
migrations::MigrationSet long_history() {
  std::vector<TestFile> files;
  for (int i = 0; i < 60; ++i) {
    const std::string n = std::to_string(i);
    std::string upgrade = "CREATE TABLE t" + n + " (id bigint PRIMARY KEY, a int, b text, CHECK (a > 0));\n";
    for (int k = 0; k < 40; ++k)
      upgrade += "COMMENT ON TABLE t" + n + " IS 'comment number " + std::to_string(k) + " of a long history';\n";
    if (i > 0) {
      const std::string before = std::to_string(i - 1);
      upgrade += "ALTER TABLE t" + before + " ADD COLUMN c" + n + " int NOT NULL;\n";
      upgrade += "-- cupel:ignore add-index-non-concurrent: small\nCREATE INDEX ON t" + before + " (a);\n";
      upgrade += "ALTER TABLE t" + before + " ALTER COLUMN b TYPE varchar(9), ADD UNIQUE (a), ADD FOREIGN KEY (a) REFERENCES t" + n + ";\n";
      upgrade += "UPDATE t" + before + " SET a = 1;\nDROP TABEL x;\nDO $$ BEGIN EXECUTE 'DROP TABLE ' || name; END $$;\n";
      upgrade += "ALTER TABLE t" + before + " RENAME COLUMN b TO d;\nCREATE INDEX CONCURRENTLY i" + n + " ON t" + before + " (a);\n";
    }
    std::string number = n;
    number.insert(0, 3 - number.size(), '0');
    files.push_back({number, upgrade, "DROP TABLE t" + n + ";"});
  }
  return make_set(files, migrations::TransactionMode::per_file);
}

TEST(Engine, FindingsAreInOneTotalOrder) {
  const LintResult result = lint_with({}, long_history());
  ASSERT_GT(result.findings.size(), 200U);
  const auto key = [](const Finding& f) { return std::tie(f.source, f.span.begin, f.span.end, f.rule, f.message); };
  for (std::size_t i = 1; i < result.findings.size(); ++i) {
    EXPECT_LT(key(result.findings[i - 1]), key(result.findings[i])) << result.findings[i].message;
  }
}

TEST(Engine, FingerprintsAreMadeOnRequestOnly) {
  const auto set = make_set({{"001", "DROP TABLE a;"}});
  Settings settings;
  EXPECT_FALSE(lint_with(settings, set).findings.front().fingerprint.empty());
  settings.fingerprints = false;
  EXPECT_TRUE(lint_with(settings, set).findings.front().fingerprint.empty());
}

TEST(Engine, ThreadsDoNotChangeAByte) {
  const migrations::MigrationSet set = long_history();
  const auto bytes = [&set](unsigned threads) {
    Settings settings;
    settings.threads = threads;
    const LintResult result = lint_with(settings, set);
    EXPECT_GE(result.bytes, 2U * 64 * 1024);  // or there would be no second thread
    return report::json(result, {{}, "test"}) + report::text(result, {}) + report::sarif(result, {{}, "test"});
  };
  const std::string one = bytes(1);
  EXPECT_EQ(one, bytes(8));
  EXPECT_EQ(one, bytes(3));
}

TEST(Engine, TheOrderOfTheRulesDoesNotChangeAByte) {
  const migrations::MigrationSet set = long_history();
  std::vector<RuleEntry> rules(rule_table().begin(), rule_table().end());
  const std::string sorted = report::json(lint_with({}, set, rules), {{}, "test"});
  std::mt19937 generator(20260101);  // NOLINT: the same shuffles at each run
  for (int i = 0; i < 3; ++i) {
    std::ranges::shuffle(rules, generator);
    EXPECT_EQ(sorted, report::json(lint_with({}, set, rules), {{}, "test"}));
  }
}

TEST(Engine, ASchemaDumpIsReplayedAndNeverJudged) {
  migrations::MigrationSet set =
      make_set({{"schema", "CREATE TABLE a (i int); DROP TABLE b; SELEC 1;"}, {"v1", "TRUNCATE a; TRUNCATE b;"}});
  set.migrations[0].schema_dump = true;
  const LintResult result = lint_with({}, set, table);
  EXPECT_EQ(result.layouts.at(0).migrations, 1U);
  EXPECT_EQ(result.layouts.at(0).schema_dumps, 1U);
  EXPECT_EQ(result.statements, 2U);
  EXPECT_FALSE(result.findings.empty());
  for (const Finding& finding : result.findings) EXPECT_EQ(result.sources[finding.source]->name(), "db/v1.sql") << finding.message;
}

// What the program did to the table may be what this statement is about.
TEST(Engine, NothingIsCertainBehindAMigrationInAnotherLanguage) {
  const auto messages = [](const char* language) {
    migrations::MigrationSet set = make_set({{"v1", "CREATE TABLE a (i int);"}, {"v2", ""}, {"v3", "ALTER TABLE a DROP COLUMN n;"}});
    set.migrations[1].unread = language;
    const LintResult result = lint_with({}, set);
    EXPECT_EQ(result.layouts.at(0).migrations, 3U);
    EXPECT_EQ(result.layouts.at(0).unread, *language == 0 ? 0U : 1U);
    return std::ranges::count(result.findings, "statement-fails", &Finding::rule);
  };
  EXPECT_EQ(messages(""), 1);
  EXPECT_EQ(messages("Go"), 0);
}

}  // namespace
}  // namespace cupel::lint
