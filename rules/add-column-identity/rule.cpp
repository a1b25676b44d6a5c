#include <fmt/format.h>

#include "lint/companions.h"
#include "lint/pass.h"

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: ALTER TABLE, Notes", "squawk/adding-field-with-default", "pgsafe/add-column-identity"};

void check(lint::Pass& pass) {
  const auto& alter = *pass.as<sql::AlterTable>();
  const schema::Relation* table = pass.find(alter.name);
  if (!pass.is_live(table) || !pass.may_have_rows(table)) return;
  for (const effects::Work& work : pass.effects().work) {
    if (work.kind != effects::WorkKind::rewrite || work.cause != effects::Cause::identity || work.command < 0) continue;
    const sql::AlterTableCommand& command = alter.commands[static_cast<std::size_t>(work.command)];
    if (!command.column) continue;
    const sql::ColumnDefinition& column = *command.column;
    const std::string name = sql::quote_identifier(column.name);
    const std::string target = pass.sql(alter.name);
    const std::string proof = lint::Pass::object_name(alter.name.name, column.name, "not_null");
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
        .advice("add a plain column, number the old rows in batches, prove NOT NULL with a validated CHECK, then make it an identity column")
        .safe_sql(fmt::format("ALTER TABLE {0} ADD COLUMN {1} {2};\nCREATE SEQUENCE {5} OWNED BY {0}.{1};\n"
                              "ALTER TABLE {0} ALTER COLUMN {1} SET DEFAULT nextval({6});\n"
                              "{7}\n"
                              "-- then, in migrations of their own:\nALTER TABLE {0} ADD CONSTRAINT {3} CHECK ({1} IS NOT NULL) NOT VALID;\n"
                              "ALTER TABLE {0} VALIDATE CONSTRAINT {3};\nALTER TABLE {0} ALTER COLUMN {1} SET NOT NULL;\n"
                              "ALTER TABLE {0} DROP CONSTRAINT {3};\n"
                              "ALTER TABLE {0} ALTER COLUMN {1} DROP DEFAULT, ALTER COLUMN {1} ADD GENERATED {4} AS IDENTITY;\n"
                              "DROP SEQUENCE {5};\n"
                              "-- and let the identity's sequence go on after the highest number (setval)",
                              target, name, sql::to_sql(column.type), proof, kind, sequence, fill, pass.batched_update(alter.name, fmt::format("{} = nextval({})", name, fill), name + " IS NULL")));
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
