#include "lint/companions.h"
#include "lint/pass.h"

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: ALTER TABLE, Notes", "squawk/adding-field-with-default", "pgsafe/add-column-identity"};

void check(lint::Pass& pass) {
  const auto& alter = *pass.as<sql::AlterTable>();
  const schema::Relation* table = pass.find(alter.name);
  if (!pass.keeps_others_waiting(table)) return;
  for (const effects::Work& work : pass.effects().work) {
    if (work.kind != effects::WorkKind::rewrite || work.cause != effects::Cause::identity || work.command < 0) continue;
    const sql::AlterTableCommand& command = alter.commands[static_cast<std::size_t>(work.command)];
    if (!command.column) continue;
    const sql::ColumnDefinition& column = *command.column;
    const std::string name = sql::quote_identifier(column.name);
    const std::string target = pass.sql(alter.name);
    // In the schema of the table that owns it.
    const std::string sequence = lint::beside(alter.name, lint::Pass::object_name(alter.name.name, column.name, "fill_seq"));
    const std::string fill = sql::quote_literal(sequence);
    const std::string_view kind = column.identity == sql::Identity::always ? "ALWAYS" : "BY DEFAULT";
    pass.report(pass.span_of(work.command),
                fmt::format("adding identity column {} rewrites {} while nobody can read or write it", name, pass.display(alter.name)))
        .why("Every existing row is numbered from the column's sequence, so every row and index is written anew under ACCESS EXCLUSIVE.")
        .command(work.command)
        .certainty(lint::Certainty::assumes_rows)
        .grows_with(table)
        .advice(
            "add a plain column, number the old rows in batches, prove NOT NULL with a validated CHECK, then make it an identity column")
        .safe_sql(fmt::format(
            "ALTER TABLE {0} ADD COLUMN {1} {2};\nCREATE SEQUENCE {4} OWNED BY {0}.{1};\n"
            "ALTER TABLE {0} ALTER COLUMN {1} SET DEFAULT nextval({5});\n"
            "{6}\n{7}"
            "-- at last, in one transaction:\n"
            "ALTER TABLE {0} ALTER COLUMN {1} DROP DEFAULT, ALTER COLUMN {1} ADD GENERATED {3} AS IDENTITY;\nDROP SEQUENCE {4};\n"
            "SELECT setval(pg_get_serial_sequence({8}, {9}), max({1})) FROM {0};",
            target, name, sql::to_sql(column.type), kind, sequence, fill,
            pass.batched_update(alter.name, fmt::format("{} = nextval({})", name, fill), name + " IS NULL"),
            lint::rest_of_new_column(pass, column, true), sql::quote_literal(target), sql::quote_literal(column.name)));
  }
}

}  // namespace

CUPEL_RULE(add_column_identity) = {
    .title = "Identity column added to a table with rows",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::locks,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::AlterTable>(),
    .check = check,
};
