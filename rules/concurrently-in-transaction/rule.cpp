#include "lint/pass.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

namespace {

using namespace cupel;
using effects::TransactionKind;

constexpr std::string_view sources[] = {
    "manual: CREATE INDEX, Building Indexes Concurrently; 55.2.2.1 Multiple Statements in a Simple Query",
    "squawk/ban-concurrent-index-creation-in-transaction", "eugene/E5", "atlas/PG103", "migrationpilot/MP025"};

bool is_concurrent(const sql::Statement& statement) {
  if (const auto* create = statement.as<sql::CreateIndex>()) return create->concurrently;
  if (const auto* drop = statement.as<sql::DropObjects>()) return drop->concurrently;
  if (const auto* reindex = statement.as<sql::Reindex>()) return reindex->concurrently;
  const auto* alter = statement.as<sql::AlterTable>();
  return alter != nullptr &&
         std::any_of(alter->commands.begin(), alter->commands.end(), [](const sql::AlterTableCommand& each) { return each.concurrently; });
}

// "CREATE INDEX CONCURRENTLY", "VACUUM"
std::string words(const sql::Statement& statement) {
  std::string text(statement.tag());
  if (statement.as<sql::AlterTable>() != nullptr) text += " … DETACH PARTITION";
  if (is_concurrent(statement)) text += " CONCURRENTLY";
  return text;
}

void check(lint::Pass& pass) {
  if (!pass.effects().refused_in_transaction) return;
  const sql::Statement& statement = pass.statement();
  const TransactionKind kind = pass.transaction().kind();
  const bool in_do_block = pass.in_do_block();
  if (!in_do_block && kind == TransactionKind::none) return;

  const std::string what = words(statement);
  lint::Report report = pass.report(in_do_block ? fmt::format("{} fails: a DO block runs in a transaction", what)
                                                : fmt::format("{} fails in {}", what, pass.transaction_words()));
  report.why("PostgreSQL refuses it in a transaction block (25001), because it commits in between or cannot be rolled back.").no_effects();
  if (in_do_block) {
    report.advice(fmt::format("write it as a statement of its own, outside the DO block, in {}", pass.outside_transaction_words()));
  } else if (kind == TransactionKind::explicit_block) {
    report.advice("write it outside BEGIN and COMMIT, where it runs by itself");
  } else {
    report.advice(fmt::format("make it the only statement of {}", pass.outside_transaction_words()));
  }
  report.safe_sql(fmt::format("-- the only statement of its migration, outside a transaction:\n{};", pass.text()));
}

}  // namespace

CUPEL_RULE(concurrently_in_transaction) = {
    .title = "Statement that PostgreSQL refuses in a transaction",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::failure,
    .sources = sources,
    .on = cupel::lint::StatementKinds::all(),
    .check = check,
};
