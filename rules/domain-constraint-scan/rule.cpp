#include "lint/pass.h"

#include <set>
#include <string>

#include <fmt/format.h>

namespace {

using namespace cupel;
using Action = sql::AlterDomain::Action;

constexpr std::string_view sources[] = {"manual: ALTER DOMAIN, Notes; 13.3.1 Table-Level Locks (SHARE)",
                                        "squawk/ban-alter-domain-with-add-constraint", "pgfence/alter-domain", "migrationpilot/MP043"};

void check(lint::Pass& pass) {
  const auto& alter = *pass.as<sql::AlterDomain>();
  if (pass.effects().failure && pass.effects().failure->certain) return;
  // To validate is the second, careful step: nothing better is left.
  if (alter.action != Action::add_constraint && alter.action != Action::set_not_null) return;
  std::set<std::string> tables;
  const schema::Relation* some = nullptr;
  for (const effects::Work& work : pass.effects().work) {
    if (work.cause != effects::Cause::domain_constraint || work.relation == schema::RelationId::none) continue;
    const schema::Relation& table = pass.database().relation(work.relation);
    if (!pass.keeps_others_waiting(&table)) continue;
    tables.insert(pass.display(table));
    some = &table;
  }
  if (tables.empty()) return;
  lint::Report report = pass.report(fmt::format("the new constraint of domain {} blocks writes to {} while every row is read",
                                                pass.display(alter.name), fmt::join(tables, ", ")));
  report
      .why(
          "Each table with a column of the domain is locked with SHARE and checked, one after the other; all stay locked until the "
          "transaction ends.")
      .certainty(lint::Certainty::assumes_rows);
  if (tables.size() == 1) report.grows_with(some);
  if (alter.action == Action::set_not_null || !alter.constraint) {
    report
        .advice("SET NOT NULL of a domain cannot be done in two steps: use a CHECK (VALUE IS NOT NULL) that is NOT VALID, and validate it")
        .safe_sql(fmt::format("ALTER DOMAIN {0} ADD CONSTRAINT {1} CHECK (VALUE IS NOT NULL) NOT VALID;\n"
                              "-- in a later transaction, when little is written:\nALTER DOMAIN {0} VALIDATE CONSTRAINT {1};",
                              pass.sql(alter.name), lint::Pass::object_name(alter.name.name, "", "not_null")));
    return;
  }
  const std::string name = alter.constraint->name.empty() ? lint::Pass::object_name(alter.name.name, "", "check")
                                                          : sql::quote_identifier(alter.constraint->name);
  const std::string check = alter.constraint->expression.text();
  report.advice("add it NOT VALID, which reads no rows and holds for new values at once, and validate it in a transaction of its own");
  if (alter.constraint->kind == sql::ConstraintKind::check && !check.empty())
    report.safe_sql(
        fmt::format("ALTER DOMAIN {0} ADD CONSTRAINT {1} CHECK ({2}) NOT VALID;\n"
                    "-- in a later transaction, when little is written:\nALTER DOMAIN {0} VALIDATE CONSTRAINT {1};",
                    pass.sql(alter.name), name, check));
}

}  // namespace

CUPEL_RULE(domain_constraint_scan) = {
    .title = "Domain constraint checked while writes are blocked",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::locks,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::AlterDomain>(),
    .check = check,
};
