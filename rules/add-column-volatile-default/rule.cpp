#include "lint/companions.h"
#include "lint/pass.h"

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: ALTER TABLE, Notes", "squawk/adding-field-with-default",
                                        "strong_migrations/add_column_default", "atlas/PG302", "pgfence/add-column-non-constant-default"};

void check(lint::Pass& pass) {
  const auto& alter = *pass.as<sql::AlterTable>();
  const schema::Relation* table = pass.find(alter.name);
  if (!pass.keeps_others_waiting(table)) return;
  for (const effects::Work& work : pass.effects().work) {
    if (work.kind != effects::WorkKind::rewrite || work.cause != effects::Cause::volatile_default || work.command < 0) continue;
    const sql::AlterTableCommand& command = alter.commands[static_cast<std::size_t>(work.command)];
    if (!command.column) continue;
    const sql::ColumnDefinition& column = *command.column;
    const std::string name = sql::quote_identifier(column.name);
    const std::string value = column.default_value.text();
    const std::string type = sql::to_sql(column.type);
    const std::string target = pass.sql(alter.name);
    const std::string steps =
        fmt::format("ALTER TABLE {0} ADD COLUMN {1} {2};\nALTER TABLE {0} ALTER COLUMN {1} SET DEFAULT {3};\n{4}\n{5}", target, name, type,
                    value, pass.batched_update(alter.name, fmt::format("{} = {}", name, value), name + " IS NULL"),
                    lint::rest_of_new_column(pass, column, column.not_null));
    pass.report(pass.span_of(work.command),
                fmt::format("adding column {} with the volatile default {} rewrites {} while nobody can read or write it", name, value,
                            pass.display(alter.name)))
        .why("A volatile default has another value in each row, so every row and every index is written anew under ACCESS EXCLUSIVE.")
        .command(work.command)
        .certainty(lint::Certainty::assumes_rows)
        .grows_with(table)
        .advice("add the column without a default, set the default for new rows, and fill the old rows in batches")
        .safe_sql(lint::trimmed(steps));
  }
}

}  // namespace

CUPEL_RULE(add_column_volatile_default) = {
    .title = "Column added with a default that rewrites the table",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::locks,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::AlterTable>(),
    .check = check,
};
