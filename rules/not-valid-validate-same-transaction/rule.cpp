#include "lint/pass.h"

#include <algorithm>

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: ALTER TABLE, VALIDATE CONSTRAINT", "squawk/constraint-missing-not-valid",
                                        "strong_migrations/validate_check_constraint"};

// The strongest lock on the table while the rows are read: of this statement, or of an earlier one of the transaction.
effects::LockMode lock_on(const lint::Pass& pass, const schema::Relation* table, bool foreign_key) {
  effects::LockMode mode = foreign_key ? effects::LockMode::share_row_exclusive : effects::LockMode::access_exclusive;
  if (table == nullptr) return mode;
  if (const auto own = pass.effects().strongest(table->id)) mode = std::max(mode, *own);
  if (const effects::HeldLock* held = pass.transaction().held_on(table->id)) mode = std::max(mode, held->lock.mode);
  return mode;
}

void check(lint::Pass& pass) {
  const auto& alter = *pass.as<sql::AlterTable>();
  const schema::Relation* table = pass.find(alter.name);
  if (!pass.keeps_others_waiting(table)) return;
  for (std::size_t i = 0; i < alter.commands.size(); ++i) {
    const sql::AlterTableCommand& command = alter.commands[i];
    if (command.action != sql::AlterTableAction::validate_constraint) continue;
    // Added by an earlier statement of this transaction, or by another command of this statement.
    const schema::Constraint* constraint = table == nullptr ? nullptr : table->find_constraint(command.name);
    bool foreign_key = false;
    bool added_here = false;
    if (constraint != nullptr && !constraint->validated && pass.transaction().in_transaction()) {
      added_here = constraint->created_transaction == pass.database().transaction();
      foreign_key = constraint->kind == schema::ConstraintKind::foreign_key;
    }
    for (const sql::AlterTableCommand& other : alter.commands) {
      if (other.action != sql::AlterTableAction::add_constraint || !other.constraint || other.constraint->name != command.name) continue;
      added_here = true;
      foreign_key = other.constraint->kind == sql::ConstraintKind::foreign_key;
    }
    if (!added_here) continue;
    const std::string name = sql::quote_identifier(command.name);
    const std::string shown = pass.display(alter.name);
    const effects::LockMode mode = lock_on(pass, table, foreign_key);
    pass.report(pass.span_of(static_cast<effects::CommandIndex>(i)),
                fmt::format("validating {} in the transaction that added it reads every row of {} while {}", name, shown,
                            effects::blocks_reads(mode) ? "nobody can read or write it" : "writes are blocked"))
        .why(fmt::format(
            "The table is locked with {} until the transaction ends: the scan that NOT VALID put off happens under it after all.",
            effects::sql_name(mode)))
        .command(static_cast<effects::CommandIndex>(i))
        .certainty(lint::Certainty::assumes_rows)
        .grows_with(table)
        .advice("validate it in a migration of its own, after this transaction has ended")
        .safe_sql(fmt::format("-- in the next migration:\nALTER TABLE {} VALIDATE CONSTRAINT {};", pass.sql(alter.name), name));
  }
}

}  // namespace

CUPEL_RULE(not_valid_validate_same_transaction) = {
    .title = "Constraint validated in the transaction that added it",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::locks,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::AlterTable>(),
    .check = check,
};
