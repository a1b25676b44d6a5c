#include "lint/pass.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: SET CONSTRAINTS; CREATE TABLE, INITIALLY DEFERRED"};

// The table that the statement cannot touch: the one with events that wait.
const schema::Relation* waiting(const lint::Pass& pass) {
  const auto table = [&](const sql::QualifiedName& name) -> const schema::Relation* {
    const schema::Relation* relation = pass.find(name);
    return relation != nullptr && pass.transaction().has_pending_events(relation->id) ? relation : nullptr;
  };
  if (const auto* alter = pass.as<sql::AlterTable>()) return table(alter->name);
  if (const auto* index = pass.as<sql::CreateIndex>()) return table(index->table);
  const auto* drop = pass.as<sql::DropObjects>();
  for (const sql::QualifiedName& name : drop != nullptr ? drop->names : pass.as<sql::Truncate>()->names) {
    if (const schema::Relation* found = table(name)) return found;
  }
  return nullptr;
}

void check(lint::Pass& pass) {
  const std::optional<effects::Failure>& failure = pass.effects().failure;
  if (!failure || !failure->certain || failure->sqlstate != "55006") return;
  // Its conditions are not followed there. Several downgrades are often taken together, as for statement-fails.
  if (pass.in_do_block() || pass.downgrade()) return;
  const schema::Relation* table = waiting(pass);
  if (table == nullptr) return;
  const std::string name = pass.display(*table);
  lint::Report report = pass.report(fmt::format("the statement fails: {}", failure->message));
  report
      .why(fmt::format(
          "Rows were put into {} earlier in the transaction, and its deferred foreign keys or constraint triggers look at them "
          "when the transaction ends. Until then PostgreSQL refuses to change the table (SQLSTATE 55006), and with it the whole "
          "transaction.",
          name))
      .no_effects()
      .advice("have the checks done first, or change the table in a transaction of its own")
      .safe_sql(fmt::format("SET CONSTRAINTS ALL IMMEDIATE;\n{};", pass.text()));
  for (const lint::StatementPlace& place : pass.earlier_in_transaction()) {
    const auto* insert = place.statement->as<sql::Insert>();
    if (insert != nullptr && pass.find(insert->table) == table)
      return void(report.related(place, fmt::format("these rows of {} wait for their check", name)));
  }
}

}  // namespace

CUPEL_RULE(dml_then_ddl_pending_trigger_events) = {
    .title = "Table changed while deferred checks of its rows wait",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::failure,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::AlterTable, cupel::sql::CreateIndex, cupel::sql::DropObjects, cupel::sql::Truncate>(),
    .check = check,
};
