#include "lint/bounded_rows.h"
#include "lint/pass.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: 37.1 Overview of Trigger Behavior; 19.11.1 Statement Behavior, session_replication_role"};

// Whoever makes a trigger and then changes all rows may well do that for the trigger's sake.
bool is_new(const lint::Pass& pass, const sql::QualifiedName& table, std::string_view trigger) {
  return std::ranges::any_of(pass.statements(), [&](const lint::StatementPlace& place) {
    const auto* create = place.statement->as<sql::CreateTrigger>();
    return create != nullptr && create->name == trigger && create->table.name == table.name;
  });
}

bool names_one_of(const std::vector<std::string>& columns, const std::vector<std::string_view>& changed) {
  return std::ranges::any_of(columns, [&](const std::string& column) { return std::ranges::find(changed, column) != changed.end(); });
}

bool fires(const schema::Trigger& trigger, const sql::Update* update) {
  if (!trigger.row || !trigger.enabled || trigger.function.name == "suppress_redundant_updates_trigger") return false;
  if (update == nullptr) return trigger.on_delete;
  return trigger.on_update && (trigger.update_columns.empty() || names_one_of(trigger.update_columns, update->columns));
}

void check(lint::Pass& pass) {
  const effects::Effects& effects = pass.effects();
  if (pass.downgrade() || !effects.has(effects::WorkKind::data_change) || (effects.failure && effects.failure->certain)) return;
  const auto* update = pass.as<sql::Update>();
  const auto* deletion = pass.as<sql::Delete>();
  const sql::QualifiedName& name = update != nullptr ? update->table : deletion->table;
  const schema::Relation* table = pass.find(name);
  if (table == nullptr || !pass.keeps_others_waiting(table)) return;
  if (lint::has_bounded_rows(pass, name, update != nullptr ? update->where : deletion->where)) return;
  if (pass.database().settings().find("session_replication_role").value_or("origin") == "replica") return;
  std::vector<std::string> triggers;
  for (const schema::Trigger& trigger : table->triggers) {
    if (fires(trigger, update) && !is_new(pass, name, trigger.name)) triggers.push_back(sql::quote_identifier(trigger.name));
  }
  if (triggers.empty()) return;
  const bool single = triggers.size() == 1;
  pass.report(fmt::format("{} an unbounded number of rows of {} fires {} {} once for each", update != nullptr ? "updating" : "deleting",
                          pass.display(name), single ? "trigger" : "triggers", fmt::join(triggers, ", ")))
      .why(fmt::format(
          "Whatever {} for one row happens for all of them: a time of change that no user made, copies of rows in other tables, "
          "messages to other systems. The statement takes that much longer, and the rows stay locked that much longer.",
          single ? "it does" : "they do"))
      .certainty(lint::Certainty::assumes_rows)
      .changes_rows_of(table)
      .no_effects()
      .advice(
          "if that is not meant, switch triggers off for this session alone; foreign keys are not checked then either, and it needs a "
          "superuser, or from 15 on the right to SET it")
      .safe_sql(fmt::format("-- in a transaction:\nSET LOCAL session_replication_role = replica;\n{};", pass.text()));
}

}  // namespace

CUPEL_RULE(backfill_fires_triggers) = {
    .title = "Backfill fires a trigger for every row",
    .severity = cupel::lint::Severity::info,
    .group = cupel::lint::Group::data_changes,
    .sources = sources,
    .repeat = cupel::lint::Repeat::once_per_part,
    .on = cupel::lint::StatementKinds::of<cupel::sql::Update, cupel::sql::Delete>(),
    .check = check,
};
