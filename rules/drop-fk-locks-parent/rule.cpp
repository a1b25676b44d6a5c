#include "lint/pass.h"

#include <algorithm>
#include <set>
#include <string>

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: 13.3.1 Table-Level Locks (ACCESS EXCLUSIVE); ALTER TABLE, DROP CONSTRAINT",
                                        "online_migrations/drop_table_multiple_foreign_keys", "Kilo-Org/cloud#5040"};

// They list these locks among their own.
constexpr std::string_view yields_to[] = {"drop-table", "drop-column"};

void check(lint::Pass& pass) {
  if (pass.downgrade() || pass.effects().no_op || (pass.effects().failure && pass.effects().failure->certain)) return;
  std::set<std::string> said;
  for (const effects::RelationLock& lock : pass.effects().locks) {
    if (lock.role != effects::Role::referenced || lock.mode != effects::LockMode::access_exclusive) continue;
    const schema::Relation* parent = lock.relation == schema::RelationId::none ? nullptr : &pass.database().relation(lock.relation);
    if (!pass.is_live(parent) || !said.insert(lock.name).second) continue;
    // It goes, too.
    if (const auto* drop = pass.as<sql::DropObjects>();
        drop != nullptr && parent != nullptr &&
        std::any_of(drop->names.begin(), drop->names.end(), [&](const auto& name) { return pass.find(name) == parent; }))
      continue;
    const lint::TableNote* note = parent == nullptr ? nullptr : pass.settings().note(parent->name.schema, parent->name.name);
    lint::Report report = pass.report(pass.span_of(lock.command),
                                      fmt::format("dropping the foreign key blocks reads and writes of {}, which it references, until "
                                                  "the transaction ends",
                                                  pass.display(lock)));
    report
        .why(
            "The triggers that guard the key are on both tables: each is locked with ACCESS EXCLUSIVE, and the second lock is waited for "
            "while the "
            "first is held, which can deadlock.")
        .command(lock.command)
        .advice("drop the foreign keys first, one per transaction, with a lock_timeout");
    if (note != nullptr && note->hot) report.severity(lint::Severity::warning);
  }
}

}  // namespace

CUPEL_RULE(drop_fk_locks_parent) = {
    .title = "Dropping a foreign key blocks the referenced table",
    .severity = cupel::lint::Severity::info,
    .group = cupel::lint::Group::locks,
    .sources = sources,
    .yields_to = yields_to,
    .repeat = cupel::lint::Repeat::once_per_part,
    .on = cupel::lint::StatementKinds::of<cupel::sql::AlterTable, cupel::sql::DropObjects>(),
    .check = check,
};
