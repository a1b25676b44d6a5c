#include "tests/report/sample.h"

#include <cstdlib>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

namespace cupel::report {
namespace {

constexpr std::string_view index_file =
    "-- Größe und Menge\r\n"
    "\r\n"
    "CREATE INDEX orders_größe_idx ON orders (größe);\r\n"
    "SELECT '注文', '😀'; CREATE INDEX ON 注文 (id);\r\n";

constexpr std::string_view column_file =
    "BEGIN;\n"
    "\tALTER TABLE orders\n"
    "\t\tADD COLUMN code uuid DEFAULT gen_random_uuid(),\n"
    "\t\tADD COLUMN note text;\n"
    "COMMIT;\n"
    "-- down\n"
    "DROP TABLE orders;\n";

constexpr std::string_view index_documentation =
    "# Index built while writes are blocked\n\n"
    "## What it flags\n\n`CREATE INDEX` without `CONCURRENTLY` on a table\nthat exists already.\n\n"
    "## Safer way\n\n```sql\nCREATE INDEX CONCURRENTLY i ON t (a);\n```\n";

const RuleDescription rules[] = {
    {"add-column-volatile-default", "Column default that rewrites the table", lint::Severity::error, "rewrites", ""},
    {"add-index-non-concurrent", "Index built while writes are blocked", lint::Severity::error, "locks", index_documentation,
     "https://example.org/rules/add-index-non-concurrent"},
    {"drop-table", "Table dropped", lint::Severity::warning, "", "## What it flags\n\n`DROP TABLE`.\n"},
    {"missing-down", "Migration without a downgrade", lint::Severity::info, "", "No way back.\n"},
};

lint::Finding index_finding() {
  lint::Finding finding;
  finding.rule = "add-index-non-concurrent";
  finding.severity = lint::Severity::error;
  finding.certainty = lint::Certainty::assumes_rows;
  finding.span = span_of(index_file, "CREATE INDEX orders_größe_idx ON orders (größe)");
  finding.message = "building index \"orders_größe_idx\" blocks writes to orders until it is built";
  finding.why = "Every INSERT, UPDATE and DELETE on orders waits, for as long as reading and sorting the table takes.";
  finding.effects = {{"orders", "SHARE", "writes", "while every row is read"}};
  finding.advice = "build it concurrently, in a migration that runs outside a transaction";
  finding.safe_sql = "CREATE INDEX CONCURRENTLY orders_größe_idx ON orders (größe);";
  finding.revision = "0007";
  finding.statement = "CREATE INDEX";
  finding.fingerprint = "5d3f0c2ab1e47690";
  const auto after_keywords = finding.span.begin + static_cast<std::uint32_t>(std::string_view("CREATE INDEX").size());
  lint::Fix fix;
  fix.title = "add CONCURRENTLY";
  fix.edits.push_back({{after_keywords, after_keywords}, " CONCURRENTLY"});
  finding.fixes.push_back(fix);
  return finding;
}

lint::Finding wide_finding() {
  lint::Finding finding = index_finding();
  finding.span = span_of(index_file, "注文 (id)");
  finding.message = "building an index on 注文 blocks writes to it until it is built";
  finding.why = "";
  finding.effects = {{"注文", "SHARE", "writes", "while every row is read"}};
  finding.safe_sql = "CREATE INDEX CONCURRENTLY ON 注文 (id);";
  finding.fixes.clear();
  return finding;
}

lint::Finding column_finding() {
  lint::Finding finding;
  finding.rule = "add-column-volatile-default";
  finding.severity = lint::Severity::error;
  finding.source = 1;
  finding.span = span_of(column_file, "ALTER TABLE orders\n\t\tADD COLUMN code uuid DEFAULT gen_random_uuid(),\n\t\tADD COLUMN note text");
  finding.message = "adding column \"code\" with a volatile default rewrites orders";
  finding.effects = {{"orders", "ACCESS EXCLUSIVE", "reads and writes", "while every row is rewritten"},
                     {"orders_customer_id_fkey's customers", "", "", "read once"}};
  finding.advice = "add the column without a default, then set the default, then fill old rows in batches";
  finding.safe_sql =
      "ALTER TABLE orders ADD COLUMN code uuid;\n"
      "ALTER TABLE orders ALTER COLUMN code SET DEFAULT gen_random_uuid();";
  finding.related = {{0, span_of(index_file, "orders"), "orders is used {here} [too](1)"}, {1, {0, 0}, "and in this file"}};
  finding.revision = "0008";
  finding.statement = "ALTER TABLE";
  finding.fingerprint = "0a1b2c3d4e5f6071";
  return finding;
}

}  // namespace

Span span_of(std::string_view bytes, std::string_view part) {
  const std::size_t begin = bytes.find(part);
  EXPECT_NE(begin, std::string_view::npos) << part;
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(begin + part.size())};
}

lint::LintResult sample_result() {
  lint::LintResult result;
  result.sources = {std::make_shared<SourceText>("migrations/0007 größe.sql", std::string(index_file)),
                    std::make_shared<SourceText>("./migrations/0008_code.sql", std::string(column_file))};

  lint::Finding suppressed = wide_finding();
  suppressed.suppressed = "the table is \"tiny\"";
  result.findings = {index_finding(), wide_finding(), suppressed, column_finding()};

  lint::Finding drop;
  drop.rule = "drop-table";
  drop.certainty = lint::Certainty::opaque;
  drop.source = 1;
  drop.span = span_of(column_file, "DROP TABLE orders");
  drop.message = "dropping orders loses its rows";
  drop.revision = "0008";
  drop.downgrade = true;
  drop.statement = "DROP TABLE";
  drop.fingerprint = "1122334455667788";
  result.findings.push_back(drop);

  lint::Finding missing;
  missing.rule = "missing-down";
  missing.severity = lint::Severity::info;
  missing.message = "migration 0007 has no downgrade";
  missing.revision = "0007";
  result.findings.push_back(missing);

  lint::Finding unlisted;
  unlisted.rule = "not-in-the-table";
  unlisted.source = 99;
  unlisted.message = "a finding without a place";
  result.findings.push_back(unlisted);

  result.layouts = {{"migrations", "golang-migrate", 12}, {"other", "goose", 3}, {"more", "golang-migrate", 1}};
  result.statements = 84;
  result.bytes = index_file.size() + column_file.size();
  result.postgres_version = 16;
  result.seconds = 0.004;
  return result;
}

ReportContext sample_context() { return {.rules = rules, .tool_version = "0.1.0", .tool_url = "https://example.org/cupel"}; }

lint::LintResult result_of(std::string bytes, const std::vector<Span>& spans) {
  lint::LintResult result;
  result.sources = {std::make_shared<SourceText>("a.sql", std::move(bytes))};
  for (const Span span : spans) {
    lint::Finding finding;
    finding.rule = "some-rule";
    finding.span = span;
    finding.message = "something happens";
    result.findings.push_back(finding);
  }
  result.layouts = {{".", "plain", 1}};
  return result;
}

std::string read_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

std::string golden(std::string_view name, std::string_view actual) {
  const std::string path = CUPEL_SOURCE_DIR "/fixtures/report/" + std::string(name);
  if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << actual;
  return read_file(path);
}

}  // namespace cupel::report
