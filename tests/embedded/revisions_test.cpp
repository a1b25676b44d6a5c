// Several revisions in one source: each is a migration, with its own operations and comments.
#include "embedded/sources.h"
#include "lint/engine.h"
#include "lint/rule.h"
#include "migrations/layout.h"
#include "tests/temporary_folder.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace cupel::embedded {
namespace {

using testing::ElementsAre;

constexpr std::string_view several =
    "#include <cupel/op.hpp>\n"
    "namespace {\n"
    "using namespace cupel;\n"
    "void make(operations& op) { op.create_table(\"t\", {column(\"id\", bigint()).primary_key()}); }\n"
    "void forget(operations& op) {\n"
    "  // cupel:ignore drop-table: nobody reads it any more\n"
    "  op.drop_table(\"old\");\n"
    "  op.drop_table(\"older\");\n"
    "}\n"
    "void make_again(operations& op) {\n"
    "  op.drop_table(\"oldest\");  // cupel:ignore drop-table: nor this\n"
    "  op.create_table(\"t\", {column(\"id\", bigint()).primary_key()});\n"
    "}\n"
    "registered first{{.id = \"a\"}, make};\n"
    "registered third{{.id = \"c\", .down = \"b\"}, make_again};\n"
    "registered second{{.id = \"b\", .down = \"a\"}, forget, make};\n"
    "}\n";

TEST(Revisions, OfOneSourceAreMigrationsOfTheirOwn) {
  FrontEnd front_end;
  front_end.program = CUPEL_BINARY_DIR "/bin/cupel-cxx";
  if (::access(front_end.program.c_str(), X_OK) != 0) GTEST_SKIP() << "SKIPPED: built without cupel-cxx";
  const test::TemporaryFolder folder;
  folder.write("shop.cpp", several);
  Sources sources(front_end);
  auto read = migrations::read_path(folder.path().string(), "cupel", [&](const std::string& path, const std::vector<std::string>& files) {
    return sources.add(path, files, false);
  });
  ASSERT_TRUE(read) << read.error().message;
  std::vector<migrations::MigrationSet>& sets = *read;
  sources.finish(sets);
  ASSERT_EQ(sets.size(), 1U);
  std::vector<std::string> revisions;
  for (const migrations::Migration& migration : sets[0].migrations) {
    revisions.push_back(
        fmt::format("{} after {}{}", migration.revision, fmt::join(migration.parents, ","), migration.downgrade ? " and back" : ""));
  }
  EXPECT_THAT(revisions, ElementsAre("a after ", "b after a and back", "c after b"));
  EXPECT_EQ(sources.account().files, 1U);
  EXPECT_EQ(sources.account().full, 6U);

  lint::Settings settings;
  settings.threads = 1;
  lint::LintResult result = lint::lint(sets, lint::rule_table(), settings);
  sources.move_findings(result);
  std::vector<std::string> found;
  for (const lint::Finding& finding : result.findings) {
    const SourceText& source = *result.sources[finding.source];
    EXPECT_TRUE(source.name().ends_with("shop.cpp"));
    if (finding.rule != "drop-table" && finding.rule != "unused-suppression" && finding.rule != "statement-fails") continue;
    const Position position = source.position(finding.span.begin);
    found.push_back(fmt::format("{}:{} {}{}", position.line, position.column, finding.rule, finding.suppressed ? " (suppressed)" : ""));
  }
  EXPECT_THAT(found,
              ElementsAre("7:18 drop-table (suppressed)", "8:18 drop-table", "11:18 drop-table (suppressed)", "12:3 statement-fails"));
}

}  // namespace
}  // namespace cupel::embedded
