#include "lint/pass.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace {

using namespace cupel;
using schema::RelationId;

constexpr std::string_view sources[] = {"manual: ALTER TABLE, DROP COLUMN", "squawk/ban-drop-column", "strong_migrations/remove_column",
                                        "atlas/DS103", "pg-migration-lint/PML010"};

bool has(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Indexes and constraints of other columns too, which PostgreSQL drops without a word.
std::vector<std::string> goes_with(const lint::Pass& pass, const schema::Relation& table, std::string_view column) {
  std::vector<std::string> names;
  for (const schema::Constraint& constraint : table.constraints) {
    if (constraint.kind != schema::ConstraintKind::not_null && constraint.columns.size() > 1 && has(constraint.columns, column)) {
      names.push_back("constraint " + sql::quote_identifier(constraint.name));
    }
  }
  for (const RelationId id : table.indexes) {
    const schema::Relation& index = pass.database().relation(id);
    if (!pass.database().exists(id) || !index.index || !index.index->constraint.empty()) continue;
    const std::vector<std::string> columns = index.index->mentioned_columns();
    if (columns.size() > 1 && has(columns, column)) names.push_back("index " + sql::quote_identifier(index.name.name));
  }
  return names;
}

std::string safe_way(const lint::Pass& pass, const sql::AlterTable& alter, const sql::AlterTableCommand& command,
                     const schema::Relation* table, const schema::Column* column) {
  const std::string target = pass.sql(alter.name);
  const std::string name = sql::quote_identifier(command.name);
  const schema::Constraint* key = table == nullptr ? nullptr : table->primary_key();
  const bool in_key = key != nullptr && has(key->columns, command.name);
  std::string steps;
  // Code that no longer knows the column cannot fill it.
  if (column != nullptr && column->not_null && !column->has_default && !in_key) {
    steps = fmt::format("-- before the code that no longer writes it is deployed:\nALTER TABLE {} ALTER COLUMN {} DROP NOT NULL;\n", target,
                        name);
  }
  return steps +
         fmt::format("-- in a later migration, when no running code reads or writes it:\nALTER TABLE {} DROP COLUMN {};", target, name);
}

void check(lint::Pass& pass) {
  const auto& alter = *pass.as<sql::AlterTable>();
  if (alter.kind != sql::ObjectKind::table) return;
  const schema::Relation* table = pass.find(alter.name);
  if (!pass.is_live(table)) return;
  const auto& failure = pass.effects().failure;
  for (std::size_t i = 0; i < alter.commands.size(); ++i) {
    const sql::AlterTableCommand& command = alter.commands[i];
    if (command.action != sql::AlterTableAction::drop_column) continue;
    const auto index = static_cast<effects::CommandIndex>(i);
    if (failure && failure->certain && (failure->command == index || failure->command == effects::whole_statement)) continue;
    const schema::Column* column = table == nullptr ? nullptr : table->find_column(command.name);
    if (column == nullptr && table != nullptr && !table->incomplete && command.missing_ok) continue;
    if (column != nullptr && (column->created_epoch == pass.database().epoch() || pass.undoes_upgrade(column->created_epoch))) continue;

    std::string why =
        "The values are gone when the transaction commits. Deployed code that reads or writes the column fails until it is replaced.";
    const std::vector<std::string> more = table == nullptr ? std::vector<std::string>{} : goes_with(pass, *table, command.name);
    if (!more.empty()) why += fmt::format(" Dropped with it without a word: {}.", fmt::join(more, ", "));
    pass.report(pass.span_of(index), fmt::format("dropping column {} of {} deletes its data, and running code that names it fails",
                                                 sql::quote_identifier(command.name), pass.display(alter.name)))
        .why(std::move(why))
        .command(index)
        .certainty(lint::Certainty::assumes_rows)
        .advice("deploy code that does not use the column first, then drop it in a later migration")
        .safe_sql(safe_way(pass, alter, command, table, column));
  }
}

}  // namespace

CUPEL_RULE(drop_column) = {
    .title = "Column dropped with its data",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::data_loss,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::AlterTable>(),
    .check = check,
};
