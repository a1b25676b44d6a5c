#include "lint/pass.h"

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: 5.4 Generated Columns; ALTER TABLE, Notes", "squawk/adding-field-with-default",
                                        "eugene/E11", "strong_migrations/add_column_generated_stored"};

void check(lint::Pass& pass) {
  const auto& alter = *pass.as<sql::AlterTable>();
  const schema::Relation* table = pass.find(alter.name);
  if (!pass.keeps_others_waiting(table)) return;
  for (const effects::Work& work : pass.effects().work) {
    if (work.kind != effects::WorkKind::rewrite || work.cause != effects::Cause::generated_stored || work.command < 0) continue;
    const sql::AlterTableCommand& command = alter.commands[static_cast<std::size_t>(work.command)];
    if (!command.column) continue;
    const sql::ColumnDefinition& column = *command.column;
    const std::string name = sql::quote_identifier(column.name);
    const std::string type = sql::to_sql(column.type);
    const std::string value = column.generated_as.text();
    const std::string target = pass.sql(alter.name);
    lint::Report report = pass.report(
        pass.span_of(work.command),
        fmt::format("adding stored generated column {} rewrites {} while nobody can read or write it", name, pass.display(alter.name)));
    report.why("The value is computed for every row and stored, so every row and index is written anew under ACCESS EXCLUSIVE.")
        .command(work.command)
        .certainty(lint::Certainty::assumes_rows)
        .grows_with(table);
    if (pass.postgres_version() >= 18) {
      report.advice("a virtual generated column is computed when read and rewrites nothing (PostgreSQL 18)")
          .safe_sql(fmt::format("ALTER TABLE {} ADD COLUMN {} {} GENERATED ALWAYS AS ({}) VIRTUAL;", target, name, type, value));
    } else {
      report.advice("add a plain column, keep it up to date with a trigger, and fill the old rows in batches")
          .safe_sql(fmt::format("ALTER TABLE {} ADD COLUMN {} {};\n-- a BEFORE INSERT OR UPDATE trigger sets it for new rows, then:\n{}",
                                target, name, type,
                                pass.batched_update(alter.name, fmt::format("{} = {}", name, value), name + " IS NULL")));
    }
  }
}

}  // namespace

CUPEL_RULE(add_column_generated_stored) = {
    .title = "Stored generated column added to a table with rows",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::locks,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::AlterTable>(),
    .check = check,
};
