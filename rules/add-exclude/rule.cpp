#include "lint/pass.h"

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: CREATE TABLE, EXCLUDE; ALTER TABLE, ADD table_constraint", "eugene/E8",
                                        "strong_migrations/add_exclusion_constraint"};

void check(lint::Pass& pass) {
  const auto& alter = *pass.as<sql::AlterTable>();
  const schema::Relation* table = pass.find(alter.name);
  if (!pass.keeps_others_waiting(table)) return;
  for (const effects::Work& work : pass.effects().work) {
    if (work.kind != effects::WorkKind::index_build || work.cause != effects::Cause::add_exclude || work.command < 0) continue;
    const sql::AlterTableCommand& command = alter.commands[static_cast<std::size_t>(work.command)];
    if (!command.constraint || pass.is_reported(work.command)) continue;
    const std::string name = command.constraint->name.empty() ? "an exclusion constraint"
                                                              : "exclusion constraint " + sql::quote_identifier(command.constraint->name);
    pass.report(pass.span_of(work.command),
                fmt::format("adding {} builds and checks its index while nobody can read or write {}", name, pass.display(alter.name)))
        .why(
            "An exclusion constraint has neither NOT VALID nor USING INDEX: the index is built over every row under ACCESS EXCLUSIVE, "
            "whatever is done.")
        .command(work.command)
        .certainty(lint::Certainty::assumes_rows)
        .grows_with(table)
        .advice("create a new table that has the constraint, copy the rows in batches, and swap the names; or take a maintenance window");
  }
}

}  // namespace

CUPEL_RULE(add_exclude) = {
    .title = "Exclusion constraint added to a table with rows",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::locks,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::AlterTable>(),
    .check = check,
};
