#include "lint/pass.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: 5.5.5 Foreign Keys",      "eugene/E15", "migrationpilot/MP016", "pg-migration-lint/PML501",
                                        "splinter/unindexed_foreign_keys", "squawk#197"};

using Names = std::vector<std::string_view>;

// The first columns of an index are those of the key, in any order.
template <class Columns>
bool leads(const Columns& index, const Names& key) {
  if (index.size() < key.size()) return false;
  return std::all_of(index.begin(), index.begin() + static_cast<std::ptrdiff_t>(key.size()),
                     [&](std::string_view column) { return std::find(key.begin(), key.end(), column) != key.end(); });
}

bool is_key(sql::ConstraintKind kind) { return kind == sql::ConstraintKind::primary_key || kind == sql::ConstraintKind::unique; }

bool brings_index(const sql::CreateIndex& index, const Names& key) {
  Names columns;
  for (const sql::IndexElement& element : index.elements) columns.push_back(element.column);
  return !index.where && leads(columns, key);
}

bool brings_index(const std::vector<sql::Constraint>& constraints, const Names& key) {
  return std::ranges::any_of(constraints, [&](const sql::Constraint& each) { return is_key(each.kind) && leads(each.columns, key); });
}

// The statement gives the table an index that serves the key.
bool brings_index(const sql::Statement& statement, const sql::QualifiedName& table, const Names& key) {
  if (const auto* index = statement.as<sql::CreateIndex>()) return index->table.name == table.name && brings_index(*index, key);
  if (const auto* create = statement.as<sql::CreateTable>()) {
    return create->name.name == table.name &&
           (brings_index(create->constraints, key) || std::ranges::any_of(create->columns, [&](const sql::ColumnDefinition& column) {
              return brings_index(column.constraints, key);
            }));
  }
  const auto* alter = statement.as<sql::AlterTable>();
  return alter != nullptr && alter->name.name == table.name &&
         std::ranges::any_of(alter->commands, [&](const sql::AlterTableCommand& command) {
           if (command.constraint && is_key(command.constraint->kind))
             return !command.constraint->using_index.empty() || leads(command.constraint->columns, key);
           return command.column && brings_index(command.column->constraints, key);
         });
}

bool has_index(const lint::Pass& pass, const schema::Relation& table, const Names& key) {
  return std::ranges::any_of(table.indexes, [&](schema::RelationId id) {
    const schema::Relation& index = pass.database().relation(id);
    if (!pass.database().exists(id) || !index.index || index.index->predicate) return false;
    Names columns;
    for (const schema::IndexKey& each : index.index->keys) columns.push_back(each.column);
    return leads(columns, key);
  });
}

void check_key(lint::Pass& pass, const sql::QualifiedName& name, Span span, const sql::Constraint& constraint) {
  if (constraint.kind != sql::ConstraintKind::foreign_key || constraint.columns.empty()) return;
  const schema::Relation* table = pass.find(name);
  if (table != nullptr && (table->incomplete || has_index(pass, *table, constraint.columns))) return;
  const auto& all = pass.statements();
  const std::size_t first = pass.as<sql::CreateTable>() != nullptr ? pass.number() : 0;
  if (std::any_of(all.begin() + static_cast<std::ptrdiff_t>(first), all.end(),
                  [&](const auto& place) { return brings_index(*place.statement, name, constraint.columns); }))
    return;
  std::vector<std::string> columns;
  for (const std::string_view column : constraint.columns) columns.push_back(sql::quote_identifier(column));
  pass.report(span, fmt::format("no index begins with {} of {}: each delete in {} reads all of it", fmt::join(columns, ", "),
                                pass.display(name), pass.display(constraint.referenced)))
      .why(
          "PostgreSQL indexes the referenced columns of a foreign key, not the referencing ones. Deleting a referenced row, or changing "
          "its key, "
          "looks for the rows that refer to it, and joins do as well.")
      .certainty(lint::Certainty::assumes_rows)
      .no_effects()
      .advice("index the columns, unless referenced rows are never deleted and nothing looks for these")
      .safe_sql(fmt::format("CREATE INDEX {}{} ON {} ({});",
                            pass.as<sql::AlterTable>() != nullptr && pass.is_live(name) ? "CONCURRENTLY " : "",
                            lint::Pass::object_name(name.name, constraint.columns[0], "idx"), pass.sql(name), fmt::join(columns, ", ")));
}

void check(lint::Pass& pass) {
  if (pass.downgrade() || pass.effects().no_op || (pass.effects().failure && pass.effects().failure->certain)) return;
  if (const auto* create = pass.as<sql::CreateTable>()) {
    if (create->partition_of || create->foreign) return;
    for (const sql::ColumnDefinition& column : create->columns) {
      for (const sql::Constraint& each : column.constraints) check_key(pass, create->name, column.span, each);
    }
    for (const sql::Constraint& each : create->constraints) check_key(pass, create->name, each.span, each);
    return;
  }
  const auto& alter = *pass.as<sql::AlterTable>();
  for (std::size_t i = 0; i < alter.commands.size(); ++i) {
    const sql::AlterTableCommand& command = alter.commands[i];
    const Span span = pass.span_of(static_cast<effects::CommandIndex>(i));
    if (command.action == sql::AlterTableAction::add_constraint && command.constraint)
      check_key(pass, alter.name, span, *command.constraint);
    if (command.action != sql::AlterTableAction::add_column || !command.column) continue;
    for (const sql::Constraint& each : command.column->constraints) check_key(pass, alter.name, span, each);
  }
}

}  // namespace

CUPEL_RULE(fk_without_index) = {
    .title = "Foreign key whose columns have no index",
    .severity = cupel::lint::Severity::info,
    .group = cupel::lint::Group::data_changes,
    .enabled = false,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::CreateTable, cupel::sql::AlterTable>(),
    .check = check,
};
