#include "lint/pass.h"

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: ALTER TABLE, SET/DROP NOT NULL"};

void check(lint::Pass& pass) {
  const auto& alter = *pass.as<sql::AlterTable>();
  const schema::Relation* table = pass.find(alter.name);
  if (table == nullptr || !pass.keeps_others_waiting(table)) return;
  for (const effects::Work& work : pass.effects().work) {
    if (work.kind != effects::WorkKind::scan || work.cause != effects::Cause::set_not_null || work.command < 0) continue;
    const std::string_view column = alter.commands[static_cast<std::size_t>(work.command)].name;
    for (const sql::AlterTableCommand& command : alter.commands) {
      if (command.action != sql::AlterTableAction::drop_constraint) continue;
      const schema::Constraint* constraint = table->find_constraint(command.name);
      if (constraint == nullptr || constraint->kind != schema::ConstraintKind::check || !constraint->validated) continue;
      if (!constraint->expression.implies_not_null(column)) continue;
      const std::string target = pass.sql(alter.name);
      const std::string name = sql::quote_identifier(column);
      const std::string proof = sql::quote_identifier(command.name);
      pass.report(pass.span_of(work.command),
                  fmt::format("dropping {} in the same statement makes SET NOT NULL on {} read every row of {} again", proof, name,
                              pass.display(alter.name)))
          .why(
              "PostgreSQL drops the constraint before it looks for a proof, so the proof is gone and the whole table is read under ACCESS "
              "EXCLUSIVE.")
          .command(work.command)
          .certainty(lint::Certainty::assumes_rows)
          .grows_with(table)
          .advice("use two statements")
          .safe_sql(
              fmt::format("ALTER TABLE {0} ALTER COLUMN {1} SET NOT NULL;\nALTER TABLE {0} DROP CONSTRAINT {2};", target, name, proof));
      break;
    }
  }
}

}  // namespace

CUPEL_RULE(set_not_null_drop_check_same_command) = {
    .title = "The proof for SET NOT NULL is dropped in the same statement",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::locks,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::AlterTable>(),
    .check = check,
};
