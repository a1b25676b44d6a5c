#include "lint/companions.h"
#include "lint/pass.h"

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: ALTER TABLE, ADD table_constraint_using_index", "squawk/adding-serial-primary-key-field",
                                        "pgfence/add-primary-key", "atlas/PG104"};

void check(lint::Pass& pass) {
  const auto& alter = *pass.as<sql::AlterTable>();
  const schema::Relation* table = pass.find(alter.name);
  if (!pass.keeps_others_waiting(table) || lint::fails_with_rows(pass)) return;
  for (const effects::Work& work : pass.effects().work) {
    if (work.kind != effects::WorkKind::index_build || work.cause != effects::Cause::add_primary_key || work.command < 0) continue;
    const sql::AlterTableCommand& command = alter.commands[static_cast<std::size_t>(work.command)];
    if (!command.constraint || pass.is_reported(work.command)) continue;
    const sql::Constraint& constraint = *command.constraint;
    // makeObjectName (indexcmds.c) cuts the table's name, not the suffix.
    const std::string name = !constraint.name.empty() ? std::string(constraint.name) : std::string(alter.name.name.substr(0, 58)) + "_pkey";
    lint::Report report =
        pass.report(pass.span_of(work.command), fmt::format("adding primary key {} builds an index while nobody can read or write {}",
                                                            sql::quote_identifier(name), pass.display(alter.name)));
    report.why("The constraint's index is built over every row under ACCESS EXCLUSIVE.")
        .command(work.command)
        .certainty(lint::Certainty::assumes_rows)
        .grows_with(table);
    if (table != nullptr && table->kind == schema::RelationKind::partitioned_table) {
      // USING INDEX is refused on a partitioned table (0A000); an index ON ONLY it becomes valid once each partition's is attached.
      report.advice(
          "a partitioned table takes no existing index: add the constraint with ALTER TABLE ONLY, build each partition's unique index "
          "concurrently, make it that partition's constraint, and attach it");
      continue;
    }
    // A constraint WITHOUT OVERLAPS (18) is like an exclusion constraint: it takes no index that exists.
    if (constraint.without_overlaps) continue;
    report.advice("build the unique index concurrently, then make it the constraint's")
        .safe_sql(lint::key_by_index(pass, work.command, constraint, name));
  }
}

}  // namespace

CUPEL_RULE(add_pk_without_index) = {
    .title = "Primary key builds its index under an exclusive lock",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::locks,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::AlterTable>(),
    .check = check,
};
