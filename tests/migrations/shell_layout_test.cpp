// SQL in the heredocs of shell scripts.
#include "migrations/file_name.h"
#include "migrations/shell_heredocs.h"
#include "tests/migrations/memory_folder.h"
#include "tests/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::migrations {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> bodies_of(std::string_view text) {
  std::vector<std::string> bodies;
  const ShellScript script = parse_shell_script(text);
  for (const ShellScript::Heredoc& heredoc : script.heredocs) bodies.emplace_back(heredoc.body.of(script.text));
  return bodies;
}

std::vector<std::string> placeholders_of(std::string_view body) {
  const std::string text = "psql <<EOF\n" + std::string(body) + "\nEOF\n";
  std::vector<std::string> placeholders;
  for (const Span span : parse_shell_script(text).placeholders) placeholders.emplace_back(span.of(text));
  return placeholders;
}

// What psql reads, with blanks for what the shell drops.
std::string expanded(std::string_view body) {
  const std::string text = "psql <<EOF\n" + std::string(body) + "\nEOF\n";
  const ShellScript script = parse_shell_script(text);
  EXPECT_EQ(script.text.size(), text.size());
  std::string result(script.heredocs.front().body.of(script.text));
  result.pop_back();
  return result;
}

TEST(ShellHeredocs, FindsThoseOfPsql) {
  EXPECT_THAT(bodies_of("#!/bin/sh\npsql \"$@\" >/dev/null <<EOF\nSELECT 1;\nEOF\necho done\n"), ElementsAre("SELECT 1;\n"));
  EXPECT_THAT(bodies_of("cat << 'END SQL' | run_psql -q\nSELECT 1;\nEND SQL\n"), ElementsAre("SELECT 1;\n"));
  EXPECT_THAT(bodies_of("if x; then\n\t\"$PSQL\" -v a=1 \\\n\t  -d db <<-EOSQL\n\tSELECT 1;\n\tEOSQL\nfi\n"), ElementsAre("\tSELECT 1;\n"));
  EXPECT_THAT(bodies_of("psql <<\\A\n1\nA\npsql <<\"B\"\n2\nB\n"), ElementsAre("1\n", "2\n"));
  EXPECT_THAT(bodies_of("psql <<EOF\nEOF\n"), ElementsAre(""));
}

TEST(ShellHeredocs, TakesNothingElseForOne) {
  EXPECT_THAT(bodies_of("mysql <<EOF\nSELECT 1;\nEOF\ncat >x.sql <<EOF\nSELECT 1;\nEOF\n"), IsEmpty());
  EXPECT_THAT(bodies_of("# psql <<EOF\nEOF\necho 'psql <<EOF'\nEOF\npsql <<<EOF\nEOF\necho psql $((1 << 2))\n2\n"), IsEmpty());
  // What a heredoc of another program says is not the script's.
  EXPECT_THAT(bodies_of("cat <<USAGE\npsql <<EOF\nUSAGE\nEOF\n"), IsEmpty());
  // Nothing ends these; the second ends elsewhere than <<- would.
  EXPECT_THAT(bodies_of("psql <<EOF\nSELECT 1;\n"), IsEmpty());
  EXPECT_THAT(bodies_of("psql <<EOF\nSELECT 1;\n\tEOF\n"), IsEmpty());
  EXPECT_THAT(bodies_of("psql <<\npsql <<'EOF\n"), IsEmpty());
}

TEST(ShellHeredocs, WhatTheShellReplacesIsAPlaceholder) {
  EXPECT_THAT(placeholders_of("SELECT $a, ${b:-${c}}, $(date +'%s' | (cat)), `id`, $1, $@;"),
              ElementsAre("$a", "${b:-${c}}", "$(date +'%s' | (cat))", "`id`", "$1", "$@"));
  EXPECT_THAT(placeholders_of("SELECT '^a$' , \\$b, \\`c\\`, $ d, ${e"), IsEmpty());
  EXPECT_THAT(parse_shell_script("psql <<'EOF'\nSELECT $a, $$b$$, `c`;\nEOF\n").placeholders, IsEmpty());
}

TEST(ShellHeredocs, EscapesKeepEachOffset) {
  EXPECT_EQ(expanded("AS \\$\\$ BEGIN \\$\\$;"), "AS $$   BEGIN $$  ;");
  EXPECT_EQ(expanded("AS \\$a_1\\$ x \\$a_1\\$;"), "AS $a_1$   x $a_1$  ;");
  EXPECT_EQ(expanded("SELECT \\$1 + 2, '^a\\$'"), "SELECT $1  + 2, '^a $'");
  EXPECT_EQ(expanded("E'\\\\\\\\x00' \\`a \\\nb '\\x00'"), "E'  \\\\x00'  `a  \nb '\\x00'");
  const std::string quoted = "psql <<'EOF'\n\\$\\$\nEOF\n";
  EXPECT_EQ(parse_shell_script(quoted).text, quoted);
}

TEST(ShellLayout, NumberedScriptsAreMigrations) {
  const MemoryFolder::Files files = {
      {"create.sql", "CREATE TABLE a ();"},
      {"upgrade_001.0_to_002.0.sh.in", "psql <<EOF\nSELECT 1;\nEOF\npsql <<EOF\nSELECT \\$\\$a\\$\\$, $b;\nEOF\n"},
      {"upgrade_002.0_to_003.0.sh.in", "psql -q -1 <<EOF\nSELECT 3;\nEOF\n"},
      {"upgrade_003.0_check.sh", "echo\n"},
      {"wipe.sh", "psql <<EOF\nDROP TABLE a;\nEOF\n"}};
  EXPECT_EQ(find_layout("shell")->recognise(MemoryFolder(files)), Recognition::possible);
  const MigrationSet set = read_with("shell", files);
  EXPECT_THAT(revisions_of(set), ElementsAre("upgrade_001.0_to_002.0", "upgrade_002.0_to_003.0"));
  EXPECT_THAT(chunks_of(set, *set.migrations[0].upgrade), ElementsAre("SELECT 1;\n", "SELECT $$  a$$  , $b;\n"));
  EXPECT_EQ(set.migrations[0].upgrade->placeholders.size(), 1U);
  EXPECT_EQ(set.migrations[0].upgrade->mode, TransactionMode::none);
  EXPECT_EQ(set.migrations[1].upgrade->mode, TransactionMode::per_file);
  EXPECT_THAT(problems_of(set), IsEmpty());
}

TEST(ShellLayout, ScriptsWithoutNumbersCountWhereNothingElseIsSql) {
  const auto recognise = [](const MemoryFolder::Files& files) { return find_layout("shell")->recognise(MemoryFolder(files)); };
  const std::string script = "psql <<EOF\nSELECT 1;\nEOF\n";
  EXPECT_EQ(recognise({{"init.sh", script}}), Recognition::possible);
  EXPECT_EQ(recognise({{"init.sh", script}, {"a.sql", ""}}), Recognition::no);
  EXPECT_EQ(recognise({{"1.sh", "echo 'psql'\n"}}), Recognition::no);
  EXPECT_EQ(recognise({{"below/1.sh", script}}), Recognition::no);
}

TEST(ShellLayout, IsReadBesideSqlAndWhenOneScriptIsNamed) {
  const test::TemporaryFolder folder;
  folder.write("db/create.sql", "CREATE TABLE a ();");
  const std::string first = folder.write("db/1.sh.in", "psql <<EOF\nDO \\$\\$ BEGIN END \\$\\$;\nEOF\n");
  folder.write("db/2.sh.in", "psql <<EOF\nSELECT 2;\nEOF\n");
  const auto both = read_path(folder.path("db"), "");
  ASSERT_TRUE(both);
  ASSERT_EQ(both->size(), 2U);
  EXPECT_EQ((*both)[0].layout, "shell");
  EXPECT_THAT(revisions_of((*both)[1]), ElementsAre("create"));
  const auto one = read_path(first, "");
  ASSERT_TRUE(one) << one.error().message;
  ASSERT_EQ(one->size(), 1U);
  EXPECT_EQ(one->front().layout, "shell");
  EXPECT_THAT(revisions_of(one->front()), ElementsAre("1"));
  // A folder's own layout keeps its folder.
  folder.write("goose/00001_a.sql", "-- +goose Up\nSELECT 1;\n");
  folder.write("goose/1.sh", "psql <<EOF\nSELECT 2;\nEOF\n");
  const auto goose = read_path(folder.path("goose"), "");
  ASSERT_TRUE(goose);
  ASSERT_EQ(goose->size(), 1U);
  EXPECT_EQ(goose->front().layout, "goose");
}

TEST(ShellLayout, FilesByTheirNames) {
  EXPECT_TRUE(is_shell_script("a/b.sh"));
  EXPECT_TRUE(is_shell_script("b.bash"));
  EXPECT_TRUE(is_shell_script("b.sh.in"));
  EXPECT_FALSE(is_shell_script("b.sql.in"));
  EXPECT_FALSE(is_shell_script("b.sh.sql"));
}

}  // namespace
}  // namespace cupel::migrations
