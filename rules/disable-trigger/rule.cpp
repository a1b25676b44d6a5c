#include "lint/pass.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

namespace {

using namespace cupel;
using sql::AlterTableAction;
using sql::AlterTableCommand;

constexpr std::string_view sources[] = {"manual: ALTER TABLE, DISABLE TRIGGER; 19.11.1 Statement Behavior, session_replication_role",
                                        "migrationpilot/MP064", "pg-migration-lint/PML020"};

bool enables(const sql::Statement& statement, const sql::QualifiedName& table, const AlterTableCommand& disabled) {
  if (const auto* drop = statement.as<sql::DropObjects>()) {
    for (std::size_t i = 0; i < drop->names.size(); ++i) {
      if (drop->kind == sql::ObjectKind::table && drop->names[i].name == table.name) return true;
      if (drop->kind == sql::ObjectKind::trigger && drop->names[i].name == table.name && i < drop->sub_names.size() &&
          drop->sub_names[i] == disabled.name)
        return true;
    }
    return false;
  }
  const auto* alter = statement.as<sql::AlterTable>();
  if (alter == nullptr || alter->name.name != table.name) return false;
  return std::ranges::any_of(alter->commands, [&](const AlterTableCommand& command) {
    if (command.action != AlterTableAction::enable_trigger && command.action != AlterTableAction::enable_always_trigger &&
        command.action != AlterTableAction::enable_replica_trigger)
      return false;
    if (command.all_triggers) return true;
    if (disabled.all_triggers) return false;
    return command.user_triggers || (!disabled.user_triggers && command.name == disabled.name);
  });
}

template <class Places>
bool any_enables(const Places& places, const sql::QualifiedName& table, const AlterTableCommand& disabled) {
  return std::any_of(places.begin(), places.end(),
                     [&](const lint::StatementPlace& place) { return enables(*place.statement, table, disabled); });
}

std::string words(const AlterTableCommand& command) {
  if (command.all_triggers) return "all triggers";
  if (command.user_triggers) return "the triggers";
  return fmt::format("trigger {}", sql::quote_identifier(command.name));
}

void check_table(lint::Pass& pass, const sql::AlterTable& alter) {
  const schema::Relation* table = pass.find(alter.name);
  if (!pass.is_live(table) || (pass.effects().failure && pass.effects().failure->certain)) return;
  for (std::size_t i = 0; i < alter.commands.size(); ++i) {
    const AlterTableCommand& command = alter.commands[i];
    if (command.action != AlterTableAction::disable_trigger) continue;
    // Writers wait from DISABLE TRIGGER (SHARE ROW EXCLUSIVE) to the end of the transaction: none of them misses a trigger.
    if (any_enables(pass.later_in_transaction(), alter.name, command)) continue;
    const std::span<const lint::StatementPlace> all(pass.statements());
    const bool later = any_enables(all.subspan(pass.number() + 1), alter.name, command);
    const auto index = static_cast<effects::CommandIndex>(i);
    const std::string which = command.all_triggers    ? "ALL"
                              : command.user_triggers ? "USER"
                                                      : std::string(sql::quote_identifier(command.name));
    pass.report(pass.span_of(index),
                later ? fmt::format("until they are enabled again, {} of {} do not fire for anybody's writes", words(command),
                                    pass.display(alter.name))
                      : fmt::format("{} of {} stay disabled: nothing enables them again", words(command), pass.display(alter.name)))
        .why(command.all_triggers
                 ? "What other sessions write meanwhile is neither audited nor copied, and foreign keys are not checked: with ALL their "
                   "triggers are off, too. Nothing checks these rows later."
                 : "What is written meanwhile, by any session, misses what the trigger does, and nothing makes up for it later.")
        .command(index)
        .no_effects()
        .advice(
            "disable and enable in one transaction, which keeps other writers waiting; or set session_replication_role for the "
            "migration's own session only")
        .safe_sql(
            fmt::format("-- in one transaction:\nALTER TABLE {0} DISABLE TRIGGER {1};\n-- the change\nALTER TABLE {0} ENABLE TRIGGER {1};",
                        pass.sql(alter.name), which));
  }
}

void check_session(lint::Pass& pass, const sql::SetVariable& set) {
  if (set.name != "session_replication_role" || set.kind != sql::SetVariable::Kind::set || set.values.empty()) return;
  if (set.values[0] != "replica" || (set.local && pass.transaction().in_transaction())) return;
  const std::vector<lint::StatementPlace>& all = pass.statements();
  const bool reset = std::any_of(all.begin() + static_cast<std::ptrdiff_t>(pass.number()) + 1, all.end(), [](const auto& place) {
    const auto* later = place.statement->template as<sql::SetVariable>();
    return later != nullptr && (later->name == "session_replication_role" || later->kind == sql::SetVariable::Kind::reset_all);
  });
  if (reset || set.local) return;
  pass.report("session_replication_role stays replica: triggers and foreign keys are off for the rest of the session")
      .why(
          "Whatever the runner does next in this session, further migrations and its own table, is written without triggers and without "
          "foreign key checks.")
      .no_effects()
      .advice("set it for the transaction only, or reset it at the end")
      .safe_sql("-- in a transaction:\nSET LOCAL session_replication_role = replica;");
}

void check(lint::Pass& pass) {
  if (const auto* alter = pass.as<sql::AlterTable>()) return check_table(pass, *alter);
  check_session(pass, *pass.as<sql::SetVariable>());
}

}  // namespace

CUPEL_RULE(disable_trigger) = {
    .title = "Triggers left disabled",
    .severity = cupel::lint::Severity::warning,
    .group = cupel::lint::Group::data_changes,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::AlterTable, cupel::sql::SetVariable>(),
    .check = check,
};
