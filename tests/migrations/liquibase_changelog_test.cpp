#include "tests/migrations/memory_folder.h"

#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::migrations {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* xml_changelog = R"xml(<?xml version="1.0"?>
<databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog">
  <changeSet id="1" author="ann">
    <preConditions><sqlCheck expectedResult="0">SELECT 0</sqlCheck></preConditions>
    <sql>CREATE TABLE t (a int CHECK (a &lt;&gt; 1 AND a&#62;0));</sql>
    <rollback>DROP TABLE t;</rollback>
  </changeSet>
  <changeSet id="2" author="ann" runInTransaction="false">
    <comment>why</comment>
    <sql splitStatements="true"><![CDATA[CREATE INDEX CONCURRENTLY i ON t (a);]]></sql>
  </changeSet>
  <changeSet id="3" author="ann"><createTable tableName="u"/><sql>INSERT INTO u VALUES (1)</sql></changeSet>
  <changeSet id="4" author="ann" dbms="h2"><sql>SELECT 4</sql></changeSet>
  <changeSet id="5" author="ann"><sql dbms="h2">SELECT 5</sql><sql dbms="postgresql">SELECT <!-- no -->${six}</sql></changeSet>
  <changeSet id="6" author="ann"><sql endDelimiter="\nGO">SELECT 1;
GO
SELECT 2;
GO</sql></changeSet>
  <changeSet id="7" author="ann"><tagDatabase tag="v1"/></changeSet>
</databaseChangeLog>
)xml";

TEST(LiquibaseChangelogs, ReadsTheSqlOfXml) {
  const MigrationSet set = read_with("liquibase", {{"changelog.xml", xml_changelog}});
  EXPECT_THAT(problems_of(set), IsEmpty());
  ASSERT_THAT(revisions_of(set), ElementsAre("changelog.xml::1::ann", "changelog.xml::2::ann", "changelog.xml::3::ann",
                                             "changelog.xml::5::ann", "changelog.xml::6::ann", "changelog.xml::7::ann"));
  const SourceText& shown = *set.sources[0];
  EXPECT_EQ(shown.text().size(), std::string_view(xml_changelog).size());
  const Migration& one = set.migrations[0];
  // In its own line; behind an entity everything moves to the left, up to the next blank.
  EXPECT_THAT(chunks_of(set, *one.upgrade), ElementsAre("CREATE TABLE t (a int CHECK (a <>       1 AND a>0));    "));
  EXPECT_EQ(shown.position(one.upgrade->chunks[0].begin).line, 5U);
  EXPECT_EQ(shown.position(one.upgrade->chunks[0].begin).column, 10U);
  EXPECT_THAT(chunks_of(set, *one.downgrade), ElementsAre("DROP TABLE t;"));
  EXPECT_EQ(one.unread, "");
  const Migration& two = set.migrations[1];
  EXPECT_THAT(chunks_of(set, *two.upgrade), ElementsAre("CREATE INDEX CONCURRENTLY i ON t (a);"));
  EXPECT_EQ(two.upgrade->mode, TransactionMode::none);
  EXPECT_EQ(two.upgrade->mode_marker.of(shown.text()), "runInTransaction");
  EXPECT_EQ(set.migrations[2].unread, "XML");
  EXPECT_THAT(chunks_of(set, *set.migrations[2].upgrade), ElementsAre("INSERT INTO u VALUES (1)"));
  const Part& five = *set.migrations[3].upgrade;
  EXPECT_THAT(chunks_of(set, five), ElementsAre("SELECT            ${six}"));
  ASSERT_THAT(five.placeholders, SizeIs(1));
  EXPECT_EQ(five.placeholders[0].of(shown.text()), "${six}");
  EXPECT_THAT(chunks_of(set, *set.migrations[4].upgrade), ElementsAre("SELECT 1;\n", "\nSELECT 2;\n"));
  EXPECT_EQ(set.migrations[5].unread, "");
}

constexpr const char* yaml_changelog = R"yaml(databaseChangeLog:
- property: {name: s, value: app}
- changeSet:
    id: 1
    author: bob
    changes:
    - sql:
        sql: |
          CREATE TABLE t (a int);

          COMMENT ON TABLE t IS 'it''s';
    - sql: {sql: "SELECT \"a\"\nFROM t;"}
    rollback:
    - sql: 'COMMENT ON TABLE t IS ''x'''
    - sql: DROP TABLE
        t
- changeSet:
    id: 2
    author: bob
    runInTransaction: false
    changes:
    - sqlFile: {path: two.sql, relativeToChangelogFile: true}
    rollback: DROP INDEX i
- changeSet:
    id: 3
    author: bob
)yaml";

TEST(LiquibaseChangelogs, ReadsTheSqlOfYaml) {
  const MigrationSet set = read_with(
      "liquibase", {{"master.yaml", yaml_changelog}, {"two.sql", "CREATE INDEX CONCURRENTLY i ON t (a);"}, {"other.sql", "SELECT 1;"}});
  EXPECT_THAT(problems_of(set), IsEmpty());
  ASSERT_THAT(revisions_of(set), ElementsAre("master.yaml::1::bob", "master.yaml::2::bob", "master.yaml::3::bob"));
  const Migration& one = set.migrations[0];
  EXPECT_THAT(chunks_of(set, *one.upgrade),
              ElementsAre("CREATE TABLE t (a int);\n\n          COMMENT ON TABLE t IS 'it''s';", "SELECT \"a\"  \r FROM t;"));
  EXPECT_EQ(set.sources[0]->position(one.upgrade->chunks[0].begin).line, 9U);
  EXPECT_THAT(chunks_of(set, *one.downgrade), ElementsAre("COMMENT ON TABLE t IS 'x'  ", "DROP TABLE\n        t"));
  EXPECT_TRUE(one.unread.empty());
  const Migration& two = set.migrations[1];
  EXPECT_EQ(set.sources[two.upgrade->source]->name(), "db/two.sql");
  EXPECT_THAT(chunks_of(set, *two.upgrade), ElementsAre("CREATE INDEX CONCURRENTLY i ON t (a);"));
  EXPECT_EQ(two.upgrade->mode, TransactionMode::none);
  EXPECT_THAT(chunks_of(set, *two.downgrade), ElementsAre("DROP INDEX i"));
  EXPECT_EQ(two.downgrade->mode_marker.of(yaml_changelog), "runInTransaction");
}

TEST(LiquibaseChangelogs, ReadsTheSqlOfJson) {
  const MigrationSet set = read_with("liquibase", {{"changelog.json", R"json({ "databaseChangeLog": [
	{ "changeSet": { "id": "1", "author": "eve", "changes": [
		{ "sql": { "sql": "SELECT '\u00e9' || 1\/2" } },
		{ "dropTable": { "tableName": "t" } } ] } }
] }
)json"}});
  EXPECT_THAT(problems_of(set), IsEmpty());
  ASSERT_THAT(revisions_of(set), ElementsAre("changelog.json::1::eve"));
  EXPECT_THAT(chunks_of(set, *set.migrations[0].upgrade), ElementsAre("SELECT '\xC3\xA9'     || 1/2 "));
  EXPECT_EQ(set.migrations[0].unread, "JSON");
}

TEST(LiquibaseChangelogs, RunsWhatIsInSeveralFilesOneAfterTheOther) {
  const MigrationSet set = read_with(
      "liquibase", {{"changelog.xml",
                     "<databaseChangeLog><changeSet id='1' author='a'><sql>SELECT 1</sql><sqlFile path='b.sql'/><sql>SELECT 3</sql>"
                     "<rollback><sqlFile path='down.sql'/></rollback></changeSet></databaseChangeLog>"},
                    {"b.sql", "SELECT 2"},
                    {"down.sql", "SELECT 0"}});
  ASSERT_THAT(revisions_of(set), ElementsAre("changelog.xml::1::a", "changelog.xml::1::a#2", "changelog.xml::1::a#3"));
  EXPECT_THAT(chunks_of(set, *set.migrations[1].upgrade), ElementsAre("SELECT 2"));
  EXPECT_FALSE(set.migrations[1].downgrade);
  ASSERT_TRUE(set.migrations[2].downgrade);
  EXPECT_THAT(chunks_of(set, *set.migrations[2].downgrade), ElementsAre("SELECT 0"));
}

TEST(LiquibaseChangelogs, SaysWhereOneCannotBeRead) {
  const auto problems = [](const char* file, const std::string& text) {
    return problems_of(read_with("liquibase", {{file, text}, {"a.sql", "--liquibase formatted sql\n"}}));
  };
  const auto refused = ElementsAre(HasSubstr("layout-error: liquibase refuses this file: "));
  EXPECT_THAT(problems("changelog.xml", "<databaseChangeLog><changeSet>"), refused);
  EXPECT_THAT(problems("changelog.yaml", "databaseChangeLog: [\n"), refused);
  EXPECT_THAT(problems("changelog.xml", std::string("databaseChangeLog\0\xff<", 20)), refused);
  EXPECT_THAT(problems("changelog.yaml", "databaseChangeLog:\n- changeSet: {id: 1, author: a, changes: [{sqlFile: {path: no.sql}}]}\n"),
              ElementsAre(HasSubstr("layout-error: the file no.sql that this changeset sends is not here")));
  // Another program's.
  EXPECT_THAT(problems("changelog.yaml", "- {{ template }}\n"), IsEmpty());
}

TEST(LiquibaseChangelogs, EndsForDeepAndAliasedOnes) {
  const auto problems = [](const char* file, const std::string& text) { return problems_of(read_with("liquibase", {{file, text}})); };
  EXPECT_THAT(problems("changelog.yaml", "databaseChangeLog: " + std::string(100'000, '[')), SizeIs(1));
  std::string deep;
  for (int i = 0; i < 50'000; ++i) deep += "<a>";
  for (int i = 0; i < 50'000; ++i) deep += "</a>";
  EXPECT_THAT(problems("changelog.xml", "<databaseChangeLog>" + deep + "</databaseChangeLog>"), IsEmpty());
  EXPECT_THAT(problems("changelog.yaml", "databaseChangeLog: &a [*a, *a, *a]\n"), IsEmpty());
}

TEST(LiquibaseChangelogs, KeepTheLinesOfTheFile) {
  const MigrationSet set = read_with("liquibase", {{"changelog.xml",
                                                    "<databaseChangeLog><changeSet id='1' author='a'>\n"
                                                    "<sql>SELECT 1 -- one&#10;FROM t;</sql>\n"
                                                    "<sql>SELECT 2</sql></changeSet></databaseChangeLog>"}});
  const Part& part = *set.migrations.at(0).upgrade;
  EXPECT_THAT(chunks_of(set, part), ElementsAre("SELECT 1 -- one\r    FROM t;", "SELECT 2"));
  EXPECT_EQ(set.sources[part.source]->position(part.chunks[1].begin).line, 3U);
}

// Those that nothing includes, too.
TEST(LiquibaseChangelogs, MayBeNumbered) {
  const auto changelog = [](const std::string& id) {
    return "databaseChangeLog:\n- changeSet: {id: " + id + ", author: a, changes: [{sql: {sql: SELECT 1}}]}\n";
  };
  const MigrationSet set = read_with("liquibase", {{"01-changelog.yaml", changelog("x")}, {"02-changelog.yaml", changelog("y")}});
  EXPECT_THAT(revisions_of(set), ElementsAre("01-changelog.yaml::x::a", "02-changelog.yaml::y::a"));
}

TEST(LiquibaseChangelogs, AreToldByWhatIsInThem) {
  const auto recognised = [](const char* file, const char* text) {
    return find_layout("liquibase")->recognise(MemoryFolder(MemoryFolder::Files{{file, text}}));
  };
  EXPECT_EQ(recognised("changelog.xml", xml_changelog), Recognition::certain);
  EXPECT_EQ(recognised("changelog.yaml", "a: 1\n"), Recognition::no);
  EXPECT_EQ(recognised("db/changelog.xml", xml_changelog), Recognition::no);
}

}  // namespace
}  // namespace cupel::migrations
