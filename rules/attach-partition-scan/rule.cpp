#include "lint/partition_sql.h"
#include "lint/pass.h"

#include <string>

#include <fmt/format.h>

namespace {

using namespace cupel;
using effects::Cause;

constexpr std::string_view sources[] = {"manual: ALTER TABLE, ATTACH PARTITION; 5.12.2.2 Partition Maintenance", "pgfence/attach-partition",
                                        "pg-migration-lint/PML005"};

// The relation of that work, if somebody uses it and it may have rows. `found`: there is such work at all.
struct Scanned {
  bool found = false;
  const schema::Relation* relation = nullptr;
};

Scanned scanned(const lint::Pass& pass, Cause cause, effects::CommandIndex command) {
  for (const effects::Work& work : pass.effects().work) {
    if (work.cause != cause || work.command != command) continue;
    if (work.relation == schema::RelationId::none) return {true, nullptr};
    const schema::Relation& relation = pass.database().relation(work.relation);
    if (pass.is_live(&relation) && pass.may_have_rows(&relation)) return {true, &relation};
  }
  return {};
}

// Proves `condition` of `table` beforehand, without blocking anybody, and lets the proof go afterwards.
std::string with_proof(const std::string& table, const std::string& proof, const std::string& condition, std::string_view attach) {
  return fmt::format(
      "ALTER TABLE {0} ADD CONSTRAINT {1} CHECK ({2}) NOT VALID;\n-- then, in migrations of their own:\nALTER TABLE {0} VALIDATE "
      "CONSTRAINT {1};\n{3};\n"
      "ALTER TABLE {0} DROP CONSTRAINT {1};",
      table, proof, condition, attach);
}

void check_command(lint::Pass& pass, const sql::AlterTable& alter, effects::CommandIndex index) {
  const sql::AlterTableCommand& command = alter.commands[static_cast<std::size_t>(index)];
  const schema::Relation* parent = pass.find(alter.name);
  const sql::PartitionKey* key = parent != nullptr && parent->partition_key ? &*parent->partition_key : nullptr;
  const std::string name = pass.display(*command.relation);
  const std::string attach =
      fmt::format("ALTER TABLE {} ATTACH PARTITION {} {}", pass.sql(alter.name), pass.sql(*command.relation), lint::to_sql(*command.bound));

  if (const Scanned child = scanned(pass, Cause::partition_check, index); child.found) {
    lint::Report report = pass.report(
        pass.span_of(index),
        fmt::format("attaching {} to {} blocks reads and writes of {} while every row is checked", name, pass.display(alter.name), name));
    report.why("No valid CHECK constraint proves that its rows belong into the partition, so each row is read under ACCESS EXCLUSIVE.")
        .command(index)
        .certainty(lint::Certainty::assumes_rows)
        .grows_with(child.relation)
        .advice("prove it first with a CHECK constraint that is validated while reads and writes go on");
    const std::optional<std::string> condition = key == nullptr ? std::nullopt : lint::condition_of(*key, *command.bound);
    if (condition)
      report.safe_sql(
          with_proof(pass.sql(*command.relation), lint::Pass::object_name(command.relation->name, "", "bound"), *condition, attach));
  }
  if (const Scanned rest = scanned(pass, Cause::default_partition_check, index); rest.found && rest.relation != nullptr) {
    const std::string shown = pass.display(*rest.relation);
    lint::Report report =
        pass.report(pass.span_of(index),
                    fmt::format("attaching {} to {} blocks reads and writes of the default partition {} while every row is checked", name,
                                pass.display(alter.name), shown));
    report
        .why(
            "No valid CHECK constraint proves that none of its rows belongs into the new partition, so each row is read under ACCESS "
            "EXCLUSIVE; queries of the partitioned table that touch it wait.")
        .command(index)
        .certainty(lint::Certainty::assumes_rows)
        .grows_with(rest.relation)
        .advice("prove it first with a CHECK constraint on the default partition, validated while reads and writes go on");
    const std::optional<std::string> condition = key == nullptr ? std::nullopt : lint::condition_outside(*key, *command.bound);
    if (condition) report.safe_sql(with_proof(shown, lint::Pass::object_name(command.relation->name, "", "excluded"), *condition, attach));
  }
}

void check(lint::Pass& pass) {
  const auto& alter = *pass.as<sql::AlterTable>();
  if (pass.effects().failure && pass.effects().failure->certain) return;
  for (std::size_t i = 0; i < alter.commands.size(); ++i) {
    const sql::AlterTableCommand& command = alter.commands[i];
    if (command.action != sql::AlterTableAction::attach_partition || !command.relation || !command.bound) continue;
    check_command(pass, alter, static_cast<effects::CommandIndex>(i));
  }
}

}  // namespace

CUPEL_RULE(attach_partition_scan) = {
    .title = "Table with rows attached as a partition without proof",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::locks,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::AlterTable>(),
    .check = check,
};
