#include "lint/pass.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

namespace {

using namespace cupel;
using effects::Cause;

constexpr std::string_view sources[] = {"manual: VACUUM; CLUSTER; ALTER TABLE, SET LOGGED, SET TABLESPACE, SET ACCESS METHOD",
                                        "pgfence/vacuum-full", "pgfence/set-logged-unlogged", "migrationpilot/MP006",
                                        "pg-migration-lint/PML018"};

// VACUUM FULL and CLUSTER, of one table or of all.
void check_table(lint::Pass& pass, std::string_view statement, const sql::QualifiedName* name, std::string safe, std::string_view advice) {
  const schema::Relation* table = name == nullptr ? nullptr : pass.find(*name);
  if (name != nullptr && !pass.keeps_others_waiting(table)) return;
  const std::string what =
      name == nullptr
          ? fmt::format("{} without a table rewrites one table after the other, each while nobody can read or write it", statement)
          : fmt::format("{} rewrites {} while nobody can read or write it", statement, pass.display(*name));
  lint::Report report = name == nullptr ? pass.report(what) : pass.report(name->span, what);
  report
      .why(
          "The table is copied into a new file and all its indexes are built anew under ACCESS EXCLUSIVE; until then it needs the space "
          "twice.")
      .certainty(lint::Certainty::assumes_rows)
      .grows_with(table)
      .advice(std::string(advice));
  if (!safe.empty()) report.safe_sql(std::move(safe));
}

void check_maintenance(lint::Pass& pass) {
  if (const auto* vacuum = pass.as<sql::Vacuum>(); vacuum != nullptr && vacuum->full) {
    constexpr std::string_view advice =
        "a plain VACUUM makes the space usable again and blocks nobody; to shrink the file, use pg_repack or pg_squeeze";
    if (vacuum->names.empty()) return check_table(pass, "VACUUM FULL", nullptr, "VACUUM (ANALYZE);", advice);
    for (const sql::QualifiedName& name : vacuum->names)
      check_table(pass, "VACUUM FULL", &name, fmt::format("VACUUM (ANALYZE) {};", pass.sql(name)), advice);
  }
  if (const auto* cluster = pass.as<sql::Cluster>()) {
    check_table(pass, "CLUSTER", cluster->name ? &*cluster->name : nullptr, "",
                "pg_repack orders a table by an index while reads and writes go on");
  }
}

struct Words {
  std::string message, advice, safe;
};

Words words(const lint::Pass& pass, const sql::AlterTable& alter, const sql::AlterTableCommand& command, const effects::Work& work) {
  const std::string shown = pass.display(alter.name);
  switch (work.cause) {
    case Cause::persistence_change:
      if (command.action == sql::AlterTableAction::set_unlogged) {
        return {fmt::format("SET UNLOGGED rewrites {} while nobody can read or write it, and a crash will empty it", shown),
                "create unlogged tables as such; a table that is in use stays logged", ""};
      }
      return {fmt::format("SET LOGGED rewrites {} into the WAL while nobody can read or write it", shown),
              "fill a new logged table in batches, kept in step by a trigger, and swap the names", ""};
    case Cause::access_method_change:
      return {fmt::format("SET ACCESS METHOD rewrites {} while nobody can read or write it", shown),
              "fill a new table in batches, kept in step by a trigger, and swap the names", ""};
    default: break;
  }
  const bool index = alter.kind == sql::ObjectKind::index || !work.index_name.empty();
  if (index && pass.postgres_version() >= 14) {
    // REINDEX (TABLESPACE …) came with 14 (manual: REINDEX).
    return {fmt::format("SET TABLESPACE copies index {} while nobody can read or write its table", shown),
            "build it anew there concurrently, outside a transaction",
            fmt::format("-- outside a transaction:\nREINDEX (TABLESPACE {}) INDEX CONCURRENTLY {};", sql::quote_identifier(command.name),
                        pass.sql(alter.name))};
  }
  if (index)
    return {fmt::format("SET TABLESPACE copies index {} while nobody can read or write its table", shown),
            "create it there concurrently under another name, and drop this one", ""};
  return {fmt::format("SET TABLESPACE copies {} while nobody can read or write it", shown),
          "pg_repack --tablespace moves a table while reads and writes go on", ""};
}

void check_alter(lint::Pass& pass, const sql::AlterTable& alter) {
  effects::CommandIndex last = effects::whole_statement;
  for (const effects::Work& work : pass.effects().work) {
    const bool ours =
        work.cause == Cause::persistence_change || work.cause == Cause::tablespace_change || work.cause == Cause::access_method_change;
    if (!ours || work.command < 0 || work.command == last) continue;
    const schema::Relation* table = work.relation == schema::RelationId::none ? nullptr : &pass.database().relation(work.relation);
    if (!pass.keeps_others_waiting(table)) continue;
    last = work.command;
    Words said = words(pass, alter, alter.commands[static_cast<std::size_t>(work.command)], work);
    lint::Report report = pass.report(pass.span_of(work.command), std::move(said.message));
    report.why("Every block is written into a new file under ACCESS EXCLUSIVE.")
        .command(work.command)
        .certainty(lint::Certainty::assumes_rows)
        .grows_with(table)
        .advice(std::move(said.advice));
    if (!said.safe.empty()) report.safe_sql(std::move(said.safe));
  }
}

void check(lint::Pass& pass) {
  if (pass.effects().failure && pass.effects().failure->certain) return;
  if (const auto* alter = pass.as<sql::AlterTable>()) return check_alter(pass, *alter);
  check_maintenance(pass);
}

constexpr std::string_view more_specific[] = {"concurrently-in-transaction"};

}  // namespace

CUPEL_RULE(table_rewrite_maintenance) = {
    .title = "Maintenance that rewrites a table in use",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::locks,
    .sources = sources,
    .yields_to = more_specific,
    .on = cupel::lint::StatementKinds::of<cupel::sql::Vacuum, cupel::sql::Cluster, cupel::sql::AlterTable>(),
    .check = check,
};
