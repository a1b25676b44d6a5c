#include "lint/companions.h"
#include "lint/pass.h"

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: 8.1.4 Serial Types; ALTER TABLE, Notes", "eugene/E11",
                                        "strong_migrations/add_column_auto_incrementing", "migrationpilot/MP015",
                                        "pgfence/add-column-serial"};

void check(lint::Pass& pass) {
  const auto& alter = *pass.as<sql::AlterTable>();
  const schema::Relation* table = pass.find(alter.name);
  if (!pass.keeps_others_waiting(table)) return;
  for (const effects::Work& work : pass.effects().work) {
    if (work.kind != effects::WorkKind::rewrite || work.cause != effects::Cause::serial || work.command < 0) continue;
    const sql::AlterTableCommand& command = alter.commands[static_cast<std::size_t>(work.command)];
    if (!command.column) continue;
    const sql::ColumnDefinition& column = *command.column;
    const std::string name = sql::quote_identifier(column.name);
    const std::string_view written = column.type.name;
    const std::string_view type = written == "bigserial" || written == "serial8"     ? "bigint"
                                  : written == "smallserial" || written == "serial2" ? "smallint"
                                                                                     : "integer";
    // A sequence is in the schema of the table that owns it, and counts in the column's type (manual 8.1.4).
    const std::string sequence = lint::beside(alter.name, lint::Pass::object_name(alter.name.name, column.name, "seq"));
    const std::string target = pass.sql(alter.name);
    const std::string steps = fmt::format(
        "ALTER TABLE {0} ADD COLUMN {1} {2};\nCREATE SEQUENCE {3} AS {2} OWNED BY {0}.{1};\n"
        "ALTER TABLE {0} ALTER COLUMN {1} SET DEFAULT nextval({4});\n{5}\n{6}",
        target, name, type, sequence, sql::quote_literal(sequence),
        pass.batched_update(alter.name, fmt::format("{} = nextval({})", name, sql::quote_literal(sequence)), name + " IS NULL"),
        lint::rest_of_new_column(pass, column, true));
    pass.report(pass.span_of(work.command), fmt::format("adding column {} of type {} rewrites {} while nobody can read or write it", name,
                                                        written, pass.display(alter.name)))
        .why(
            "serial is a volatile default (nextval): every row gets its own number, so every row and index is written anew under ACCESS "
            "EXCLUSIVE.")
        .command(work.command)
        .certainty(lint::Certainty::assumes_rows)
        .grows_with(table)
        .advice("add a plain column, attach the sequence for new rows, and number the old rows in batches")
        .safe_sql(lint::trimmed(steps));
  }
}

}  // namespace

CUPEL_RULE(add_column_serial) = {
    .title = "Serial column added to a table with rows",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::locks,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::AlterTable>(),
    .check = check,
};
