#include "lint/pass.h"

#include <set>

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: 13.3.1 Table-Level Locks (SHARE ROW EXCLUSIVE); CREATE TABLE, REFERENCES",
                                        "migrationpilot/MP069", "gitlab/create_table_with_foreign_keys",
                                        "online_migrations/multiple_foreign_keys"};
constexpr std::string_view yields_to[] = {"add-fk-not-not-valid", "create-partition-of-locks-parent"};

void check(lint::Pass& pass) {
  std::set<std::string> said;
  for (const effects::RelationLock& lock : pass.effects().locks) {
    // ACCESS EXCLUSIVE on the other side comes from dropping or retyping a key: another hazard.
    if (lock.role != effects::Role::referenced || lock.mode != effects::LockMode::share_row_exclusive) continue;
    const schema::Relation* parent = lock.relation == schema::RelationId::none ? nullptr : &pass.database().relation(lock.relation);
    if (!pass.is_live(parent) || !said.insert(lock.name).second) continue;
    const lint::TableNote* note = parent == nullptr ? nullptr : pass.settings().note(parent->name.schema, parent->name.name);
    lint::Report report = pass.report(pass.span_of(lock.command),
                                      fmt::format("the foreign key blocks writes to {} until the transaction ends", pass.display(lock)));
    report
        .why("Adding a foreign key takes SHARE ROW EXCLUSIVE on the referenced table too, even if the referencing table is new and empty.")
        .command(lock.command)
        .advice("keep the transaction short, with a lock_timeout, and one such table per transaction");
    if (note != nullptr && note->hot) report.severity(lint::Severity::warning);
  }
}

}  // namespace

CUPEL_RULE(fk_locks_parent) = {
    .title = "Foreign key blocks writes to the referenced table",
    .severity = cupel::lint::Severity::info,
    .group = cupel::lint::Group::locks,
    .sources = sources,
    .yields_to = yields_to,
    .on = cupel::lint::StatementKinds::of<cupel::sql::AlterTable, cupel::sql::CreateTable>(),
    .check = check,
};
