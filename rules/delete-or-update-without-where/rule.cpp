#include "lint/batches.h"
#include "lint/pass.h"

#include <fmt/format.h>

namespace {

using namespace cupel;
using sql::ExpressionKind;

constexpr std::string_view sources[] = {"manual: UPDATE; DELETE; 13.3.2 Row-Level Locks", "migrationpilot/MP011",
                                        "pgfence/unbatched-update", "gitlab/update_large_table"};

// No condition, or one that is always true: TRUE, 1 = 1.
bool picks_all(const sql::Expression& where) {
  if (!where) return true;
  if (where.kind() == ExpressionKind::literal) return where.literal() == "true";
  if (where.kind() != ExpressionKind::operator_call || where.last_name() != "=") return false;
  const std::vector<sql::Expression> sides = where.children();
  return sides.size() == 2 && sides[0].kind() == ExpressionKind::literal && sides[1].kind() == ExpressionKind::literal &&
         sides[0].equals(sides[1]);
}

void check_table(lint::Pass& pass, const sql::QualifiedName& name, std::string_view message, std::string_view why, std::string safe) {
  const schema::Relation* table = pass.find(name);
  if (!pass.keeps_others_waiting(table)) return;
  lint::Report report = pass.report(fmt::format(fmt::runtime(message), pass.display(name)));
  report.why(std::string(why)).certainty(lint::Certainty::assumes_rows).changes_rows_of(table);
  report.advice("do it in batches, each in its own transaction, outside the migration that changes the schema");
  if (!safe.empty()) report.safe_sql(std::move(safe));
}

void check(lint::Pass& pass) {
  if (pass.effects().failure && pass.effects().failure->certain) return;
  if (const auto* update = pass.as<sql::Update>(); update != nullptr && !update->has_from && picks_all(update->where)) {
    check_table(pass, update->table, "updating every row of {} keeps all of them locked against writes until the transaction ends",
                "Each row is written anew, also to its indexes: that takes long, fills the WAL and doubles the table, and other writers of "
                "these rows wait.",
                lint::in_batches(pass, *update));
  }
  if (const auto* deletion = pass.as<sql::Delete>(); deletion != nullptr && !deletion->has_using && picks_all(deletion->where)) {
    const schema::Relation* table = pass.find(deletion->table);
    if (table != nullptr && pass.undoes_upgrade(table->created_epoch)) return;
    check_table(
        pass, deletion->table, "deleting every row of {} loses its data, and keeps all rows locked until the transaction ends",
        "The rows are gone when the transaction commits. Until then their writers wait, and the space is only free again after a VACUUM.",
        lint::in_batches(pass, *deletion));
  }
}

}  // namespace

CUPEL_RULE(delete_or_update_without_where) = {
    .title = "Every row of a table updated or deleted in one statement",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::data_changes,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::Update, cupel::sql::Delete>(),
    .check = check,
};
