#include "lint/batches.h"
#include "lint/bounded_rows.h"
#include "lint/pass.h"

#include <string>

#include <fmt/format.h>

namespace {

using namespace cupel;
using sql::Expression;

constexpr std::string_view sources[] = {"manual: UPDATE; DELETE; 13.3.2 Row-Level Locks", "bytebase/affected-row-limit",
                                        "gitlab/update_large_table"};

void check_table(lint::Pass& pass, const sql::QualifiedName& name, const Expression& where, std::string_view verb, std::string safe) {
  const schema::Relation* table = pass.find(name);
  if (!pass.keeps_others_waiting(table) || lint::has_bounded_rows(pass, name, where)) return;
  // The transaction keeps everybody out of the table already: that is statement-after-access-exclusive's, with the same way out.
  const effects::HeldLock* held = table == nullptr ? nullptr : pass.transaction().held_on(table->id);
  if (held != nullptr && held->lock.mode == effects::LockMode::access_exclusive && held->lock.held_to_end) return;
  lint::Report report = pass.report(fmt::format(
      "{} an unbounded number of rows of {} keeps them locked against writes until the transaction ends", verb, pass.display(name)));
  report
      .why("However many rows match are changed in one go: their other writers wait, and what was done is lost if it has to be cancelled.")
      .certainty(lint::Certainty::assumes_rows)
      .changes_rows_of(table)
      .advice("do it in batches, each in its own transaction, outside the migration that changes the schema");
  if (!safe.empty()) report.safe_sql(std::move(safe));
}

void check(lint::Pass& pass) {
  const effects::Effects& effects = pass.effects();
  if (!effects.has(effects::WorkKind::data_change) || (effects.failure && effects.failure->certain)) return;
  if (migrations::backfill_before(pass.part().backfills, pass.script().source().text(), pass.statement().span.begin) != nullptr) return;
  if (const auto* update = pass.as<sql::Update>()) {
    check_table(pass, update->table, update->where, "updating", lint::in_batches(pass, *update));
  } else if (const auto* deletion = pass.as<sql::Delete>()) {
    check_table(pass, deletion->table, deletion->where, "deleting", lint::in_batches(pass, *deletion));
  }
}

constexpr std::string_view more_specific[] = {"delete-or-update-without-where"};

}  // namespace

CUPEL_RULE(unbatched_update) = {
    .title = "Unbounded number of rows changed in one statement",
    .severity = cupel::lint::Severity::warning,
    .group = cupel::lint::Group::data_changes,
    .sources = sources,
    .yields_to = more_specific,
    .on = cupel::lint::StatementKinds::of<cupel::sql::Update, cupel::sql::Delete>(),
    .check = check,
};
