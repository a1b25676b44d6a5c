#include "lint/pass.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

namespace {

using namespace cupel;
using sql::AlterTableAction;

constexpr std::string_view sources[] = {"manual: 5.2 Default Values; ALTER TABLE, DROP DEFAULT", "django-migration-linter/NOT_NULL",
                                        "django-migration-linter#115"};

struct AddedColumn {
  bool not_null = false;
};

// By an earlier subcommand, or by an earlier statement of the migration. nullopt: it is older.
std::optional<AddedColumn> added(const lint::Pass& pass, const sql::AlterTable& alter, std::size_t command, const schema::Relation* table) {
  const std::string_view name = alter.commands[command].name;
  for (std::size_t i = 0; i < command; ++i) {
    const sql::AlterTableCommand& earlier = alter.commands[i];
    if (earlier.action == AlterTableAction::add_column && earlier.column && earlier.column->name == name)
      return AddedColumn{earlier.column->not_null};
  }
  const schema::Column* column = table == nullptr ? nullptr : table->find_column(name);
  if (column == nullptr || column->created_epoch != pass.database().epoch()) return std::nullopt;
  return AddedColumn{column->not_null};
}

bool concerns(const sql::Statement& statement, const sql::QualifiedName& table) {
  const auto* alter = statement.as<sql::AlterTable>();
  return alter != nullptr && alter->name.name == table.name;
}

// The column gets a value in another way, or goes.
bool is_taken_care_of(const sql::AlterTable& alter, std::size_t from, std::string_view column) {
  return std::any_of(alter.commands.begin() + static_cast<std::ptrdiff_t>(from), alter.commands.end(), [&](const auto& command) {
    if (command.name != column) return false;
    return command.action == AlterTableAction::set_default || command.action == AlterTableAction::add_identity ||
           command.action == AlterTableAction::drop_column || command.action == AlterTableAction::drop_not_null;
  });
}

bool is_taken_care_of(const lint::Pass& pass, const sql::AlterTable& alter, std::size_t command) {
  if (is_taken_care_of(alter, command + 1, alter.commands[command].name)) return true;
  for (std::size_t i = pass.number() + 1; i < pass.statements().size(); ++i) {
    const sql::Statement& later = *pass.statements()[i].statement;
    if (concerns(later, alter.name) && is_taken_care_of(*later.as<sql::AlterTable>(), 0, alter.commands[command].name)) return true;
    if (const auto* trigger = later.as<sql::CreateTrigger>();
        trigger != nullptr && trigger->table.name == alter.name.name && trigger->row && trigger->on_insert)
      return true;
    // Takes the place of a column that code writes already.
    if (const auto* rename = later.as<sql::Rename>();
        rename != nullptr && rename->name.name == alter.name.name && rename->sub_name == alter.commands[command].name)
      return true;
    // The function that fills the table changes with it.
    if (const auto* function = later.as<sql::CreateFunction>();
        function != nullptr && function->body && function->body->text.find(alter.name.name) != std::string_view::npos)
      return true;
  }
  return false;
}

// No running code knows the table by this name.
bool has_new_name(const lint::Pass& pass, const sql::QualifiedName& table) {
  for (std::size_t i = 0; i < pass.number(); ++i) {
    const auto* rename = pass.statements()[i].statement->as<sql::Rename>();
    if (rename != nullptr && rename->sub_name.empty() && rename->new_name == table.name) return true;
  }
  return false;
}

// Which columns it fills is not known.
bool may_be_filled_by_trigger(const schema::Relation* table) {
  return table != nullptr && std::ranges::any_of(table->triggers, [](const schema::Trigger& trigger) {
           return trigger.row && trigger.on_insert && trigger.timing == sql::TriggerTiming::before;
         });
}

void check(lint::Pass& pass) {
  const auto& alter = *pass.as<sql::AlterTable>();
  if (alter.kind != sql::ObjectKind::table || pass.downgrade()) return;
  const schema::Relation* table = pass.find(alter.name);
  if (!pass.is_live(table) || may_be_filled_by_trigger(table) || has_new_name(pass, alter.name) ||
      (pass.effects().failure && pass.effects().failure->certain))
    return;
  for (std::size_t i = 0; i < alter.commands.size(); ++i) {
    const sql::AlterTableCommand& command = alter.commands[i];
    if (command.action != AlterTableAction::drop_default) continue;
    const std::optional<AddedColumn> column = added(pass, alter, i, table);
    if (!column || !column->not_null || is_taken_care_of(pass, alter, i)) continue;
    const std::string name = sql::quote_identifier(command.name);
    const auto index = static_cast<effects::CommandIndex>(i);
    pass.report(pass.span_of(index),
                fmt::format("INSERTs of running code into {} fail from here on: the new column {} is NOT NULL and loses its default",
                            pass.display(alter.name), name))
        .why(
            "The default fills the column for code that does not know it yet. Without it, such an INSERT violates the NOT NULL constraint "
            "(23502) until the new code runs everywhere, and again if it is rolled back.")
        .command(index)
        .no_effects()
        .advice("keep the default until all running code writes the column")
        .safe_sql(fmt::format("-- in a later migration, when all running code writes {1}:\nALTER TABLE {0} ALTER COLUMN {1} DROP DEFAULT;",
                              pass.sql(alter.name), name));
  }
}

}  // namespace

CUPEL_RULE(drop_default_after_add) = {
    .title = "Default of a new NOT NULL column dropped at once",
    .severity = cupel::lint::Severity::warning,
    .group = cupel::lint::Group::compatibility,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::AlterTable>(),
    .check = check,
};
