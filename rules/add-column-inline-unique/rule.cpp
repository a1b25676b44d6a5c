#include "lint/pass.h"

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: ALTER TABLE, ADD COLUMN; ADD table_constraint_using_index",
                                        "squawk/disallowed-unique-constraint"};
// Where the column itself rewrites the table, its index is the smaller part of the same hazard.
constexpr std::string_view yields_to[] = {"add-column-serial", "add-column-identity", "add-column-volatile-default",
                                          "add-column-generated-stored"};

void check(lint::Pass& pass) {
  const auto& alter = *pass.as<sql::AlterTable>();
  const schema::Relation* table = pass.find(alter.name);
  if (!pass.keeps_others_waiting(table)) return;
  for (const effects::Work& work : pass.effects().work) {
    const bool primary = work.cause == effects::Cause::inline_primary_key;
    if (work.kind != effects::WorkKind::index_build || (!primary && work.cause != effects::Cause::inline_unique) || work.command < 0)
      continue;
    const sql::AlterTableCommand& command = alter.commands[static_cast<std::size_t>(work.command)];
    if (!command.column || pass.is_reported(work.command)) continue;
    const sql::ColumnDefinition& column = *command.column;
    const std::string name = sql::quote_identifier(column.name);
    const std::string target = pass.sql(alter.name);
    const std::string index =
        lint::Pass::object_name(alter.name.name, primary ? std::string_view{} : column.name, primary ? "pkey" : "key");
    std::string definition = fmt::format("ALTER TABLE {} ADD COLUMN {} {}", target, name, sql::to_sql(column.type));
    if (column.default_value) definition += " DEFAULT " + column.default_value.text();
    if (column.not_null) definition += " NOT NULL";
    pass.report(pass.span_of(work.command), fmt::format("the {} of new column {} builds an index while nobody can read or write {}",
                                                        primary ? "primary key" : "unique constraint", name, pass.display(alter.name)))
        .why("The index is built over every row, under the ACCESS EXCLUSIVE that ADD COLUMN takes.")
        .command(work.command)
        .certainty(lint::Certainty::assumes_rows)
        .grows_with(table)
        .advice("add the column, build the unique index concurrently, then make it the constraint's")
        .safe_sql(fmt::format("{0};\n-- outside a transaction:\nCREATE UNIQUE INDEX CONCURRENTLY {1} ON {2} ({3});\n-- then:\n"
                              "ALTER TABLE {2} ADD CONSTRAINT {1} {4} USING INDEX {1};",
                              definition, index, target, name, primary ? "PRIMARY KEY" : "UNIQUE"));
  }
}

}  // namespace

CUPEL_RULE(add_column_inline_unique) = {
    .title = "Unique column added: the index is built under an exclusive lock",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::locks,
    .sources = sources,
    .yields_to = yields_to,
    .on = cupel::lint::StatementKinds::of<cupel::sql::AlterTable>(),
    .check = check,
};
