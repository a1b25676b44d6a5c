#include "lint/pass.h"

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: ALTER TABLE, ADD table_constraint_using_index", "eugene/W14", "atlas/PG304",
                                        "pg-migration-lint/PML016"};
constexpr std::string_view yields_to[] = {"add-pk-without-index"};

void check(lint::Pass& pass) {
  const auto& alter = *pass.as<sql::AlterTable>();
  const schema::Relation* table = pass.find(alter.name);
  if (!pass.keeps_others_waiting(table)) return;
  for (const effects::Work& work : pass.effects().work) {
    if (work.kind != effects::WorkKind::scan || work.cause != effects::Cause::implied_not_null || work.command < 0) continue;
    const sql::AlterTableCommand& command = alter.commands[static_cast<std::size_t>(work.command)];
    if (!command.constraint || command.constraint->using_index.empty() || pass.is_reported(work.command)) continue;
    const std::string target = pass.sql(alter.name);
    const std::string column = sql::quote_identifier(work.column);
    const std::string index = sql::quote_identifier(command.constraint->using_index);
    const std::string name = command.constraint->name.empty() ? index : sql::quote_identifier(command.constraint->name);
    const std::string proof = lint::Pass::object_name(alter.name.name, work.column, "not_null");
    pass.report(pass.span_of(work.command),
                fmt::format("the primary key reads every row of {} while nobody can read or write it, because {} may be NULL",
                            pass.display(alter.name), column))
        .why(
            "USING INDEX spares building the index, but a primary key makes its columns NOT NULL, and that reads the whole table under "
            "ACCESS EXCLUSIVE.")
        .command(work.command)
        .certainty(lint::Certainty::assumes_rows)
        .grows_with(table)
        .advice("make the column NOT NULL first, with a validated CHECK as proof")
        .safe_sql(fmt::format(
            "ALTER TABLE {0} ADD CONSTRAINT {1} CHECK ({2} IS NOT NULL) NOT VALID;\n-- in the next migration, outside this transaction:\n"
            "ALTER TABLE {0} VALIDATE CONSTRAINT {1};\n-- then:\nALTER TABLE {0} ALTER COLUMN {2} SET NOT NULL;\n"
            "ALTER TABLE {0} DROP CONSTRAINT {1};\nALTER TABLE {0} ADD CONSTRAINT {3} PRIMARY KEY USING INDEX {4};",
            target, proof, column, name, index));
  }
}

}  // namespace

CUPEL_RULE(pk_using_index_nullable_scan) = {
    .title = "Primary key over an index reads the table to set NOT NULL",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::locks,
    .sources = sources,
    .yields_to = yields_to,
    .on = cupel::lint::StatementKinds::of<cupel::sql::AlterTable>(),
    .check = check,
};
