#include "lint/pass.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace {

using namespace cupel;
using schema::RelationKind;

constexpr std::string_view sources[] = {"manual: CREATE TABLE, IF NOT EXISTS; CREATE INDEX, IF NOT EXISTS", "pg-migration-lint/PML403"};

std::string_view word(RelationKind kind) {
  switch (kind) {
    case RelationKind::view: return "a view";
    case RelationKind::materialized_view: return "a materialized view";
    case RelationKind::sequence: return "a sequence";
    case RelationKind::index: return "an index";
    case RelationKind::foreign_table: return "a foreign table";
    default: return "a table";
  }
}

void report(lint::Pass& pass, Span span, const std::string& what, const std::string& difference) {
  pass.report(span, fmt::format("{} does nothing: {}", what, difference))
      .why(
          "IF NOT EXISTS looks at the name only: PostgreSQL skips the statement with a notice, whatever the object that has the name is "
          "like.")
      .no_effects()
      .advice("change the object that exists with ALTER, or choose another name");
}

void check_table(lint::Pass& pass, const sql::CreateTable& create) {
  const schema::Relation* existing = pass.find(create.name);
  if (existing == nullptr || existing->incomplete) return;
  const std::string what = fmt::format("CREATE TABLE IF NOT EXISTS {}", pass.display(create.name));
  if (existing->kind != RelationKind::table && existing->kind != RelationKind::partitioned_table) {
    return report(pass, create.name.span, what, fmt::format("{} has that name", word(existing->kind)));
  }
  std::vector<std::string> missing;
  for (const sql::ColumnDefinition& column : create.columns) {
    if (existing->find_column(column.name) == nullptr) missing.push_back(sql::quote_identifier(column.name));
  }
  if (missing.empty()) return;
  report(pass, create.name.span, what,
         fmt::format("the table exists without {} {}", missing.size() == 1 ? "column" : "columns", fmt::join(missing, ", ")));
}

// The columns of a plain index; empty if it has expressions.
std::vector<std::string> columns_of(const schema::Index& index) {
  std::vector<std::string> columns;
  for (const schema::IndexKey& key : index.keys) {
    if (key.column.empty()) return {};
    columns.push_back(key.column);
  }
  return columns;
}
std::vector<std::string> columns_of(const sql::CreateIndex& create) {
  std::vector<std::string> columns;
  for (const sql::IndexElement& element : create.elements) {
    if (element.column.empty()) return {};
    columns.emplace_back(element.column);
  }
  return columns;
}

void check_index(lint::Pass& pass, const sql::CreateIndex& create) {
  if (create.name.empty()) return;
  const schema::Relation* table = pass.find(create.table);
  if (table == nullptr) return;
  // An index lives in the schema of its table.
  const schema::Relation* existing = pass.database().find(table->name.schema, create.name);
  if (existing == nullptr || existing->incomplete) return;
  const std::string what = fmt::format("CREATE INDEX IF NOT EXISTS {}", sql::quote_identifier(create.name));
  if (!existing->index) return report(pass, create.name_span, what, fmt::format("{} has that name", word(existing->kind)));
  if (existing->index->table != table->id) {
    return report(pass, create.name_span, what,
                  fmt::format("an index of {} has that name", pass.display(pass.database().relation(existing->index->table))));
  }
  const std::vector<std::string> has = columns_of(*existing->index);
  const std::vector<std::string> wants = columns_of(create);
  if (has.empty() || wants.empty()) return;
  if (has != wants) return report(pass, create.name_span, what, fmt::format("the index exists on ({})", fmt::join(has, ", ")));
  if (create.unique && !existing->index->unique) report(pass, create.name_span, what, "the index exists and is not unique");
}

void check_columns(lint::Pass& pass, const sql::AlterTable& alter) {
  const schema::Relation* table = pass.find(alter.name);
  if (table == nullptr || table->incomplete || alter.commands.size() != 1) return;
  const sql::AlterTableCommand& command = alter.commands[0];
  if (command.action != sql::AlterTableAction::add_column || !command.missing_ok || !command.column || command.column->type.is_serial())
    return;
  const schema::Column* existing = table->find_column(command.column->name);
  if (existing == nullptr || existing->type.schema.empty()) return;
  const schema::DataType type = pass.database().resolve(command.column->type);
  if (type.schema.empty() || (type.name == existing->type.name && type.schema == existing->type.schema &&
                              type.array_dimensions == existing->type.array_dimensions))
    return;
  report(pass, pass.span_of(0),
         fmt::format("ADD COLUMN IF NOT EXISTS {} of {}", sql::quote_identifier(command.column->name), pass.display(alter.name)),
         fmt::format("the column exists with type {}", existing->type.name));
}

void check(lint::Pass& pass) {
  if (pass.downgrade() || pass.statement().conditional || (pass.effects().failure && pass.effects().failure->certain)) return;
  if (const auto* table = pass.as<sql::CreateTable>()) {
    if (table->if_not_exists && !table->partition_of && table->likes.empty()) check_table(pass, *table);
  } else if (const auto* index = pass.as<sql::CreateIndex>()) {
    if (index->if_not_exists) check_index(pass, *index);
  } else {
    check_columns(pass, *pass.as<sql::AlterTable>());
  }
}

}  // namespace

CUPEL_RULE(if_not_exists_other_object) = {
    .title = "IF NOT EXISTS skips a statement: the name is something else's",
    .severity = cupel::lint::Severity::warning,
    .group = cupel::lint::Group::failure,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::CreateTable, cupel::sql::CreateIndex, cupel::sql::AlterTable>(),
    .check = check,
};
