#include "lint/pass.h"

#include <algorithm>

namespace {

using namespace cupel;
using Kind = sql::Transaction::Kind;

constexpr std::string_view sources[] = {"manual: BEGIN", "squawk/ban-uncommitted-transaction"};

// COMMIT; CREATE INDEX CONCURRENTLY …; BEGIN: somebody outside began the transaction that the first COMMIT ends, and will end the last.
bool somebody_else_began(const lint::Pass& pass) {
  for (std::size_t i = 0; i < pass.number(); ++i) {
    const auto* earlier = pass.statements()[i].statement->as<sql::Transaction>();
    if (earlier == nullptr) continue;
    if (earlier->kind == Kind::begin) return false;
    if (earlier->kind == Kind::commit || earlier->kind == Kind::rollback) return true;
  }
  return false;
}

void check(lint::Pass& pass) {
  const auto& control = *pass.as<sql::Transaction>();
  if (control.kind != Kind::begin || pass.transaction().kind() == effects::TransactionKind::runner ||
      pass.transaction().kind() == effects::TransactionKind::explicit_block)
    return;
  // After a COMMIT of the migration's own, the runner's at the end commits what BEGIN opens.
  if (pass.part().mode == migrations::TransactionMode::per_file || somebody_else_began(pass)) return;
  const std::vector<lint::StatementPlace>& all = pass.statements();
  const bool ends = std::any_of(all.begin() + static_cast<std::ptrdiff_t>(pass.number()) + 1, all.end(), [](const auto& place) {
    const auto* later = place.statement->template as<sql::Transaction>();
    return later != nullptr && (later->kind == Kind::commit || later->kind == Kind::rollback || later->kind == Kind::prepare);
  });
  if (ends) return;
  // Several migrations in one text are one session, and a later one may end the transaction.
  const auto same_source = std::ranges::count_if(pass.set().migrations, [&](const migrations::Migration& migration) {
    return migration.upgrade && migration.upgrade->source == pass.part().source;
  });
  if (same_source > 1) return;
  pass.report("the transaction that BEGIN opens here is never committed, so that everything after it is undone when the session ends")
      .why(
          "The statements seem to succeed. A runner that goes on in the same session writes its own note into the open transaction, and "
          "loses it, too.")
      .no_effects()
      .advice("end the file with COMMIT, or leave BEGIN out")
      .safe_sql("COMMIT;");
}

}  // namespace

CUPEL_RULE(uncommitted_transaction) = {
    .title = "Transaction that is never committed",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::transactions,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::Transaction>(),
    .check = check,
};
