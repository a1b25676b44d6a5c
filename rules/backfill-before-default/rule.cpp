#include "lint/pass.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

namespace {

using namespace cupel;
using sql::AlterTableAction;

constexpr std::string_view sources[] = {"manual: ALTER TABLE, SET DEFAULT", "pgroll#583", "gitlab/background migrations, new columns"};

bool has(const std::vector<std::string_view>& columns, std::string_view column) {
  return std::find(columns.begin(), columns.end(), column) != columns.end();
}

// Fills the column wherever it is empty, or everywhere.
bool fills(const sql::Statement& statement, const sql::QualifiedName& table, std::string_view column) {
  const auto* update = statement.as<sql::Update>();
  if (update == nullptr || update->table.name != table.name || !has(update->columns, column)) return false;
  return !update->where || has(update->where.columns(), column);
}

bool creates_trigger(const sql::Statement& statement, const sql::QualifiedName& table) {
  const auto* trigger = statement.as<sql::CreateTrigger>();
  return trigger != nullptr && trigger->table.name == table.name && trigger->row && trigger->on_insert;
}

// Since before that statement, the transaction keeps writers out.
bool writers_kept_out(const lint::Pass& pass, const schema::Relation* table, std::size_t since) {
  return std::ranges::any_of(pass.transaction().held(), [&](const effects::HeldLock& held) {
    return table != nullptr && held.lock.relation == table->id && effects::blocks_writes(held.lock.mode) &&
           (held.statement < since || held.statement == effects::HeldLock::earlier_part);
  });
}

// Code that leaves the column out fails: what is inserted has a value.
bool must_be_given(const schema::Relation* table, std::string_view name) {
  const schema::Column* column = table == nullptr ? nullptr : table->find_column(name);
  if (column == nullptr || column->has_default) return false;
  return column->not_null || std::ranges::any_of(table->constraints, [name](const schema::Constraint& constraint) {
           return constraint.kind == schema::ConstraintKind::check && constraint.enforced && constraint.implies_not_null(name);
         });
}

void check(lint::Pass& pass) {
  const auto& alter = *pass.as<sql::AlterTable>();
  if (alter.kind != sql::ObjectKind::table || pass.downgrade()) return;
  const schema::Relation* table = pass.find(alter.name);
  if (!pass.is_live(table) || (pass.effects().failure && pass.effects().failure->certain)) return;
  const std::vector<lint::StatementPlace>& statements = pass.statements();
  for (std::size_t i = 0; i < alter.commands.size(); ++i) {
    const sql::AlterTableCommand& command = alter.commands[i];
    if (command.action != AlterTableAction::set_default || !command.expression || command.expression.kind() == sql::ExpressionKind::null)
      continue;
    // A new column with a default at once, whose default only changes, has no gap.
    std::size_t first = pass.number();
    for (std::size_t each = pass.number(); each > 0; --each) {
      if (fills(*statements[each - 1].statement, alter.name, command.name)) first = each - 1;
      if (creates_trigger(*statements[each - 1].statement, alter.name)) return;
    }
    if (first == pass.number() || writers_kept_out(pass, table, first) || must_be_given(table, command.name)) continue;
    const bool again = std::any_of(statements.begin() + static_cast<std::ptrdiff_t>(pass.number()) + 1, statements.end(),
                                   [&](const auto& later) { return fills(*later.statement, alter.name, command.name); });
    if (again) continue;
    const std::string column = sql::quote_identifier(command.name);
    const auto index = static_cast<effects::CommandIndex>(i);
    lint::Report report =
        pass.report(pass.span_of(index),
                    fmt::format("rows that running code inserts into {} between the backfill of {} and this default get neither value",
                                pass.display(alter.name), column));
    report.why("The backfill sees the rows of its moment; what is inserted until the default is in force is filled by neither.")
        .command(index)
        .no_effects()
        .advice("set the default first, then fill the rows that exist")
        .safe_sql(fmt::format("ALTER TABLE {} ALTER COLUMN {} SET DEFAULT {};\n-- then, in batches:\n{};", pass.sql(alter.name), column,
                              command.expression.text(), pass.script().text(*statements[first].statement)))
        .related(statements[first], "the backfill");
    // In one transaction the gap lasts as long as the UPDATE itself; outside it is open from then on.
    if (pass.transaction().in_transaction()) report.severity(lint::Severity::info);
  }
}

}  // namespace

CUPEL_RULE(backfill_before_default) = {
    .title = "Rows filled before the default is set",
    .severity = cupel::lint::Severity::warning,
    .group = cupel::lint::Group::data_changes,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::AlterTable>(),
    .check = check,
};
