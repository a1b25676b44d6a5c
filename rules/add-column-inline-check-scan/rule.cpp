#include "lint/pass.h"

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: ALTER TABLE, Notes"};

void check(lint::Pass& pass) {
  const auto& alter = *pass.as<sql::AlterTable>();
  const schema::Relation* table = pass.find(alter.name);
  if (!pass.keeps_others_waiting(table)) return;
  for (const effects::Work& work : pass.effects().work) {
    if (work.kind != effects::WorkKind::scan || work.cause != effects::Cause::inline_check || work.command < 0) continue;
    const sql::AlterTableCommand& command = alter.commands[static_cast<std::size_t>(work.command)];
    if (!command.column) continue;
    const sql::ColumnDefinition& column = *command.column;
    const std::string name = sql::quote_identifier(column.name);
    const std::string target = pass.sql(alter.name);
    std::string definition = fmt::format("ALTER TABLE {} ADD COLUMN {} {}", target, name, sql::to_sql(column.type));
    if (column.default_value) definition += " DEFAULT " + column.default_value.text();
    if (column.not_null) definition += " NOT NULL";
    std::string steps = definition + ";\n";
    std::string later;
    for (const sql::Constraint& constraint : column.constraints) {
      if (constraint.kind != sql::ConstraintKind::check) continue;
      const std::string constraint_name =
          constraint.name.empty() ? lint::Pass::object_name(alter.name.name, column.name, "check") : sql::quote_identifier(constraint.name);
      steps +=
          fmt::format("ALTER TABLE {} ADD CONSTRAINT {} CHECK ({}) NOT VALID;\n", target, constraint_name, constraint.expression.text());
      later += fmt::format("ALTER TABLE {} VALIDATE CONSTRAINT {};\n", target, constraint_name);
    }
    steps += "-- in the next migration, outside this transaction:\n" + later;
    pass.report(pass.span_of(work.command),
                fmt::format("the CHECK of new column {} reads every row of {} while nobody can read or write it", name,
                            pass.display(alter.name)))
        .why("Although all old rows hold the same value, PostgreSQL checks each of them, under the ACCESS EXCLUSIVE that ADD COLUMN takes.")
        .command(work.command)
        .certainty(lint::Certainty::assumes_rows)
        .grows_with(table)
        .advice("add the column alone, then the CHECK as NOT VALID, and validate it in the next migration")
        .safe_sql(std::move(steps));
  }
}

}  // namespace

CUPEL_RULE(add_column_inline_check_scan) = {
    .title = "Column added with a CHECK that reads the whole table",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::locks,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::AlterTable>(),
    .check = check,
};
