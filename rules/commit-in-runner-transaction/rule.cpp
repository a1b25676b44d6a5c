#include "lint/pass.h"

#include <string>

#include <fmt/format.h>

namespace {

using namespace cupel;
using Kind = sql::Transaction::Kind;

constexpr std::string_view sources[] = {"manual: COMMIT; 43.8 Transaction Management", "squawk/transaction-nesting", "migrationpilot/MP053",
                                        "bytebase/statement.disallow-commit"};

bool is_commit(std::string_view word) {
  constexpr std::string_view commit = "commit";
  if (word.size() != commit.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if ((word[i] | 0x20) != commit[i]) return false;
  }
  return true;
}

bool commits(std::string_view body) {
  for (const sql::Token& token : sql::tokens(body)) {
    if (token.kind == sql::TokenKind::word && is_commit(token.span.of(body))) return true;
  }
  return false;
}

void check_block(lint::Pass& pass, const sql::DoBlock& block) {
  if (!pass.transaction().in_transaction() || block.body.language != "plpgsql" || !commits(block.body.text)) return;
  pass.report(fmt::format("the COMMIT in this DO block fails: it runs in {}", pass.transaction_words()))
      .why(
          "Code may only end a transaction that nobody outside of it began; else PostgreSQL refuses with 2D000, invalid transaction "
          "termination.")
      .no_effects()
      .advice("run the block outside a transaction: mark the migration as the runner wants it, and leave the block alone in it");
}

// COMMIT; CREATE INDEX CONCURRENTLY …; BEGIN: somebody knows what he does.
bool is_on_purpose(const lint::Pass& pass) {
  for (std::size_t i = pass.number() + 1; i < pass.statements().size(); ++i) {
    const auto* control = pass.statements()[i].statement->as<sql::Transaction>();
    if (control != nullptr && control->kind == Kind::begin) return i > pass.number() + 1;
  }
  return false;
}

void check(lint::Pass& pass) {
  if (const auto* block = pass.as<sql::DoBlock>()) return check_block(pass, *block);
  const auto& control = *pass.as<sql::Transaction>();
  if (control.kind != Kind::commit && control.kind != Kind::rollback) return;
  if (pass.transaction().kind() != effects::TransactionKind::runner || control.chain || pass.in_do_block()) return;
  const bool rollback = control.kind == Kind::rollback;
  const bool more = pass.number() + 1 < pass.statements().size();
  lint::Report report = pass.report(fmt::format("{} ends {}", rollback ? "ROLLBACK" : "COMMIT", pass.transaction_words()));
  report
      .why(rollback
               ? "What the migration did so far is undone, and the runner records it as applied nevertheless."
               : fmt::format(
                     "The runner does not know: {}what it records itself is written apart, so that a failure leaves the migration half "
                     "done or done and not recorded.",
                     more ? "the statements that follow run one by one, and " : ""))
      .no_effects()
      .advice(rollback ? "leave it out" : "leave BEGIN and COMMIT to the runner, or mark the migration to run without a transaction");
  if (rollback) report.severity(lint::Severity::error);
  else if (is_on_purpose(pass)) report.severity(lint::Severity::info);
}

}  // namespace

CUPEL_RULE(commit_in_runner_transaction) = {
    .title = "Transaction of the runner ended by the migration",
    .severity = cupel::lint::Severity::warning,
    .group = cupel::lint::Group::transactions,
    .sources = sources,
    .repeat = cupel::lint::Repeat::once_per_part,
    .on = cupel::lint::StatementKinds::of<cupel::sql::Transaction, cupel::sql::DoBlock>(),
    .check = check,
};
