#include "lint/pass.h"

#include <string>

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: 43.8 Transaction Management; DO, Notes", "e2b-dev/infra#1860", "TarkovTracker#649"};

bool is_word(std::string_view text, std::string_view upper_case) {
  if (text.size() != upper_case.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i] >= 'a' && text[i] <= 'z' ? static_cast<char>(text[i] - 'a' + 'A') : text[i];
    if (c != upper_case[i]) return false;
  }
  return true;
}

bool has_word(std::string_view text, std::string_view upper_case) {
  for (const sql::Token& token : sql::tokens(text)) {
    if (token.kind == sql::TokenKind::word && is_word(token.span.of(text), upper_case)) return true;
  }
  return false;
}

// The DO block around the statement, or nullptr.
const sql::Statement* block_around(const lint::Pass& pass) {
  for (std::size_t i = pass.number(); i > 0; --i) {
    const sql::Statement& earlier = *pass.statements()[i - 1].statement;
    if (earlier.as<sql::DoBlock>() != nullptr) return earlier.span.contains(pass.statement().span.begin) ? &earlier : nullptr;
  }
  return nullptr;
}

void check(lint::Pass& pass) {
  if (!pass.statement().in_loop || (pass.effects().failure && pass.effects().failure->certain)) return;
  const auto* update = pass.as<sql::Update>();
  const auto* deletion = pass.as<sql::Delete>();
  const sql::QualifiedName& name = update != nullptr ? update->table : deletion->table;
  const schema::Relation* table = pass.find(name);
  if (!pass.keeps_others_waiting(table)) return;
  // A bounded number of rows at a time: somebody meant to keep the locks short.
  if (!has_word(pass.text(), "LIMIT") && !has_word(pass.text(), "CTID")) return;
  const sql::Statement* block = block_around(pass);
  // With a COMMIT the batches end, if the block may contain one: that is commit-in-runner-transaction's.
  if (block == nullptr || has_word(block->as<sql::DoBlock>()->body.text, "COMMIT")) return;
  lint::Report report =
      pass.report(fmt::format("the batches of this loop are one transaction: all rows of {} that it {} stay locked until the DO block ends",
                              pass.display(name), update != nullptr ? "updates" : "deletes"));
  report
      .why(
          "Without COMMIT between them, batches free no locks, let VACUUM clean up nothing, and are all lost when the last one fails: the "
          "loop costs more than one big statement and gains nothing.")
      .certainty(lint::Certainty::assumes_rows)
      .changes_rows_of(table)
      .advice(
          "run the batches outside the migration, each in its own transaction, or COMMIT in the loop of a DO block that runs outside a "
          "transaction");
  // Its variables mean nothing outside the block.
  if (!has_word(block->as<sql::DoBlock>()->body.text, "DECLARE"))
    report.safe_sql(fmt::format("-- outside a transaction, again and again until it changes no row:\n{};", pass.text()));
}

constexpr std::string_view more_specific[] = {"unbatched-update", "delete-or-update-without-where"};

}  // namespace

CUPEL_RULE(do_loop_batch_without_commit) = {
    .title = "Batched loop in one transaction",
    .severity = cupel::lint::Severity::warning,
    .group = cupel::lint::Group::data_changes,
    .sources = sources,
    .yields_to = more_specific,
    .on = cupel::lint::StatementKinds::of<cupel::sql::Update, cupel::sql::Delete>(),
    .check = check,
};
