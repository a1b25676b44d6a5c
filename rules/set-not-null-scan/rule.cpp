#include "lint/pass.h"

#include <algorithm>

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: ALTER TABLE, SET/DROP NOT NULL", "squawk/adding-not-nullable-field", "eugene/E2",
                                        "strong_migrations/change_column_null", "atlas/PG303"};
constexpr std::string_view yields_to[] = {"set-not-null-drop-check-same-command"};

void check(lint::Pass& pass) {
  const auto& alter = *pass.as<sql::AlterTable>();
  const schema::Relation* table = pass.find(alter.name);
  if (!pass.keeps_others_waiting(table)) return;
  for (const effects::Work& work : pass.effects().work) {
    if (work.kind != effects::WorkKind::scan || work.cause != effects::Cause::set_not_null || work.command < 0) continue;
    const auto index = static_cast<std::size_t>(work.command);
    const std::string name = sql::quote_identifier(alter.commands[index].name);
    const std::string target = pass.sql(alter.name);
    const std::string proof = lint::Pass::object_name(alter.name.name, alter.commands[index].name, "not_null");
    lint::Report report = pass.report(
        pass.span_of(work.command),
        fmt::format("SET NOT NULL on {} reads every row of {} while nobody can read or write it", name, pass.display(alter.name)));
    report.why("PostgreSQL looks for a NULL in every row under ACCESS EXCLUSIVE, unless a valid CHECK already proves that there is none.")
        .command(work.command)
        .certainty(lint::Certainty::assumes_rows)
        .grows_with(table);
    if (pass.postgres_version() >= 18) {
      report.advice("add the NOT NULL constraint as NOT VALID, and validate it in a later migration while readers and writers go on")
          .safe_sql(fmt::format(
              "ALTER TABLE {0} ADD CONSTRAINT {1} NOT NULL {2} NOT VALID;\n-- in the next migration, outside this transaction:\n"
              "ALTER TABLE {0} VALIDATE CONSTRAINT {1};",
              target, proof, name));
    } else {
      report.advice("prove it first with a CHECK that is validated while readers and writers go on")
          .safe_sql(fmt::format(
              "ALTER TABLE {0} ADD CONSTRAINT {1} CHECK ({2} IS NOT NULL) NOT VALID;\n-- in the next migration, outside this transaction:\n"
              "ALTER TABLE {0} VALIDATE CONSTRAINT {1};\n-- then, in two statements:\nALTER TABLE {0} ALTER COLUMN {2} SET NOT NULL;\n"
              "ALTER TABLE {0} DROP CONSTRAINT {1};",
              target, proof, name));
    }
  }
}

}  // namespace

CUPEL_RULE(set_not_null_scan) = {
    .title = "SET NOT NULL reads the whole table under an exclusive lock",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::locks,
    .sources = sources,
    .yields_to = yields_to,
    .on = cupel::lint::StatementKinds::of<cupel::sql::AlterTable>(),
    .check = check,
};
