#include "lint/pass.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: 5.9 Row Security Policies", "migrationpilot/MP057", "splinter/rls_enabled_no_policy"};

bool brings_policy(const sql::Statement& statement, std::string_view table) {
  const auto* policy = statement.as<sql::CreatePolicy>();
  return policy != nullptr && policy->table.name == table;
}

bool disables(const sql::Statement& statement, std::string_view table) {
  const auto* alter = statement.as<sql::AlterTable>();
  return alter != nullptr && alter->name.name == table && std::ranges::any_of(alter->commands, [](const auto& command) {
           return command.action == sql::AlterTableAction::disable_row_security;
         });
}

void check(lint::Pass& pass) {
  const auto& alter = *pass.as<sql::AlterTable>();
  if (pass.downgrade() || (pass.effects().failure && pass.effects().failure->certain)) return;
  // A table that is new has no users yet, and one whose history is not known may have policies.
  const schema::Relation* table = pass.find(alter.name);
  if (table == nullptr || table->incomplete || !pass.is_live(table) || table->row_security || !table->policies.empty()) return;
  for (std::size_t i = 0; i < alter.commands.size(); ++i) {
    if (alter.commands[i].action != sql::AlterTableAction::enable_row_security) continue;
    const auto& all = pass.statements();
    if (std::any_of(all.begin() + static_cast<std::ptrdiff_t>(pass.number()), all.end(), [&](const auto& place) {
          return brings_policy(*place.statement, alter.name.name) || disables(*place.statement, alter.name.name);
        }))
      return;
    const auto index = static_cast<effects::CommandIndex>(i);
    pass.report(pass.span_of(index), fmt::format("without a policy, row level security hides every row of {} from all roles but its owner",
                                                 pass.display(alter.name)))
        .why(
            "Where row security is enabled and no policy applies, nothing may be read or written: queries return no rows without an error, "
            "and "
            "INSERT fails. Only the owner, superusers and roles with BYPASSRLS are exempt.")
        .command(index)
        .no_effects()
        .advice("create the policies in the same transaction, before row security is enabled")
        .safe_sql(fmt::format("-- in one transaction; the condition is an example:\nCREATE POLICY {} ON {} USING (true);\nALTER TABLE {} "
                              "ENABLE ROW LEVEL SECURITY;",
                              lint::Pass::object_name(alter.name.name, "", "policy"), pass.sql(alter.name), pass.sql(alter.name)));
  }
}

}  // namespace

CUPEL_RULE(rls_enabled_no_policy) = {
    .title = "Row level security enabled without a policy",
    .severity = cupel::lint::Severity::warning,
    .group = cupel::lint::Group::compatibility,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::AlterTable>(),
    .check = check,
};
