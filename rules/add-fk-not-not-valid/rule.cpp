#include "lint/companions.h"
#include "lint/pass.h"

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: ALTER TABLE, ADD table_constraint [ NOT VALID ]", "squawk/adding-foreign-key-constraint",
                                        "strong_migrations/add_foreign_key", "eugene/E4"};

std::string joined(const std::vector<std::string_view>& names) {
  std::string list;
  for (const std::string_view name : names) list += (list.empty() ? "" : ", ") + sql::quote_identifier(name);
  return list;
}

// a_b: the columns' part of the name that PostgreSQL would choose, since 12 of all columns.
std::string joined_name(const std::vector<std::string_view>& names) {
  std::string name;
  for (const std::string_view part : names) name.append(name.empty() ? "" : "_").append(part);
  return name;
}

std::string_view action(sql::ForeignKeyAction action) {
  switch (action) {
    case sql::ForeignKeyAction::no_action: return "NO ACTION";
    case sql::ForeignKeyAction::restrict_: return "RESTRICT";
    case sql::ForeignKeyAction::cascade: return "CASCADE";
    case sql::ForeignKeyAction::set_null: return "SET NULL";
    case sql::ForeignKeyAction::set_default: return "SET DEFAULT";
  }
  return "";
}

bool keeps_readers_out(const lint::Pass& pass, const schema::Relation* relation) {
  if (relation == nullptr) return false;
  const std::optional<effects::LockMode> lock = pass.effects().strongest(relation->id);
  return lock && effects::blocks_reads(*lock);
}

// Who waits while the rows are checked. SHARE ROW EXCLUSIVE on both tables (13 to 18) keeps writers out; a stronger lock
// that another command of the statement takes, DROP CONSTRAINT of the old key on both tables, keeps readers out too.
std::string who_waits(const lint::Pass& pass, const schema::Relation* table, const sql::QualifiedName& name,
                      const sql::QualifiedName& referenced_name) {
  const schema::Relation* referenced = pass.find(referenced_name);
  const std::string shown = pass.display(name);
  const std::string other = pass.display(referenced_name);
  const bool reads = keeps_readers_out(pass, table);
  const bool other_reads = keeps_readers_out(pass, referenced);
  const auto what = [](bool both) { return both ? "reads and writes of" : "writes to"; };
  if (!pass.is_live(table)) return fmt::format("{} {}", what(other_reads), other);
  if (other == shown || !pass.is_live(referenced)) return fmt::format("{} {}", what(reads), shown);
  if (reads != other_reads) return fmt::format("{} {} and {} {}", what(reads), shown, what(other_reads), other);
  return reads ? fmt::format("reads and writes of {} and {}", shown, other) : fmt::format("writes to {} and {}", shown, other);
}

void check(lint::Pass& pass) {
  const auto& alter = *pass.as<sql::AlterTable>();
  const schema::Relation* table = pass.find(alter.name);
  if (!pass.may_have_rows(table) || lint::fails_with_rows(pass)) return;
  const bool new_table = !pass.is_live(table);
  for (const effects::Work& work : pass.effects().work) {
    const bool foreign_key = work.cause == effects::Cause::add_foreign_key || work.cause == effects::Cause::inline_foreign_key;
    if (work.kind != effects::WorkKind::scan || !foreign_key || work.command < 0) continue;
    // The scan of the referenced table belongs to the same finding.
    if (table != nullptr && work.relation != table->id && work.relation != schema::RelationId::none && !table->is_partition &&
        table->kind != schema::RelationKind::partitioned_table) {
      continue;
    }
    const sql::AlterTableCommand& command = alter.commands[static_cast<std::size_t>(work.command)];
    const sql::Constraint* key = command.constraint ? &*command.constraint : nullptr;
    if (key == nullptr && command.column) {
      for (const sql::Constraint& constraint : command.column->constraints) {
        if (constraint.kind == sql::ConstraintKind::foreign_key) key = &constraint;
      }
    }
    if (key == nullptr || pass.is_reported(work.command)) continue;
    // Nobody waits for a new table, but writers of the old one that it refers to do, while a query's many rows are checked.
    if (new_table && (!pass.is_live(key->referenced) || pass.database().has_few_rows(*table))) continue;
    const std::string target = pass.sql(alter.name);
    const std::vector<std::string_view> columns = !key->columns.empty() ? key->columns
                                                  : command.column      ? std::vector<std::string_view>{command.column->name}
                                                                        : std::vector<std::string_view>{};
    const std::string name =
        key->name.empty() ? lint::Pass::object_name(alter.name.name, joined_name(columns), "fkey") : sql::quote_identifier(key->name);
    std::string definition = fmt::format("FOREIGN KEY ({}) REFERENCES {}", joined(columns), pass.sql(key->referenced));
    if (!key->referenced_columns.empty()) definition += fmt::format(" ({})", joined(key->referenced_columns));
    if (key->match_full) definition += " MATCH FULL";
    if (key->on_delete_written) definition += fmt::format(" ON DELETE {}", action(key->on_delete));
    if (key->on_update != sql::ForeignKeyAction::no_action) definition += fmt::format(" ON UPDATE {}", action(key->on_update));
    definition += lint::deferring(*key);
    std::string steps = lint::added_columns(pass, work.command, columns);
    if (command.column) {
      const sql::ColumnDefinition& column = *command.column;
      steps = fmt::format("ALTER TABLE {} ADD COLUMN {} {}", target, sql::quote_identifier(column.name), sql::to_sql(column.type));
      if (column.default_value) steps += " DEFAULT " + column.default_value.text();
      if (column.not_null) steps += " NOT NULL";
      steps += ";\n";
    }
    steps += fmt::format(
        "ALTER TABLE {0} {3}ADD CONSTRAINT {1} {2} NOT VALID;\n-- in the next migration, outside this transaction:\n"
        "ALTER TABLE {0} VALIDATE CONSTRAINT {1};",
        target, name, definition, lint::dropped_constraints(pass, work.command, name));
    pass.report(pass.span_of(work.command), fmt::format("adding foreign key {} checks every row of {} while {} are blocked", name,
                                                        pass.display(alter.name), who_waits(pass, table, alter.name, key->referenced)))
        .why("Without NOT VALID every row is looked up in the referenced table, and both tables are locked against writers until the end.")
        .command(work.command)
        .certainty(lint::Certainty::assumes_rows)
        .grows_with(table)
        .advice("add it as NOT VALID (new rows are checked from then on), and validate it in the next migration")
        .safe_sql(std::move(steps));
  }
}

}  // namespace

CUPEL_RULE(add_fk_not_not_valid) = {
    .title = "Foreign key checks the whole table while writes are blocked",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::locks,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::AlterTable>(),
    .check = check,
};
