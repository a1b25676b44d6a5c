#include "lint/partition_sql.h"
#include "lint/pass.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

namespace {

using namespace cupel;
using effects::Cause;

constexpr std::string_view sources[] = {"manual: CREATE TABLE, PARTITION OF; 5.12.2.2 Partition Maintenance", "xmtpd#1530", "citus#7540"};

// LIKE copies what ATTACH PARTITION asks for; the indexes are built on the empty table when it is attached.
std::string safe_way(const lint::Pass& pass, const sql::CreateTable& create, const schema::Relation* parent,
                     const schema::Relation* default_partition) {
  const std::string parent_sql = pass.sql(*create.partition_of);
  const std::string partition = pass.sql(create.name);
  std::string steps =
      fmt::format("CREATE TABLE {} (LIKE {} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED){}{};\n", partition, parent_sql,
                  create.partition_by ? " " : "", create.partition_by ? lint::to_sql(*create.partition_by) : "");
  const bool keyed = parent != nullptr && parent->partition_key && default_partition != nullptr;
  const std::optional<std::string> outside = keyed ? lint::condition_outside(*parent->partition_key, *create.bound) : std::nullopt;
  const std::string attach = fmt::format("ALTER TABLE {} ATTACH PARTITION {} {};", parent_sql, partition, lint::to_sql(*create.bound));
  if (!outside) return steps + attach;
  const std::string rest = pass.display(*default_partition);
  const std::string proof = lint::Pass::object_name(create.name.name, "", "excluded");
  return steps + fmt::format(
                     "ALTER TABLE {0} ADD CONSTRAINT {1} CHECK ({2}) NOT VALID;\n-- then, in migrations of their own:\nALTER TABLE {0} "
                     "VALIDATE CONSTRAINT {1};\n"
                     "{3}\nALTER TABLE {0} DROP CONSTRAINT {1};",
                     rest, proof, *outside, attach);
}

void check(lint::Pass& pass) {
  const auto& create = *pass.as<sql::CreateTable>();
  const effects::Effects& effects = pass.effects();
  if (!create.partition_of || !create.bound || effects.no_op || (effects.failure && effects.failure->certain)) return;
  const schema::Relation* parent = pass.find(*create.partition_of);
  if (!pass.is_live(parent)) return;

  const schema::Relation* scanned = nullptr;  // the default partition, whose rows are looked through
  for (const effects::Work& work : effects.work) {
    if (work.cause != Cause::default_partition_check || work.relation == schema::RelationId::none) continue;
    const schema::Relation& relation = pass.database().relation(work.relation);
    if (pass.is_live(&relation) && pass.may_have_rows(&relation)) scanned = &relation;
  }
  const schema::Relation* default_partition = parent == nullptr ? nullptr : pass.database().default_partition(*parent);
  const std::string shown = pass.display(*create.partition_of);
  const std::string name = pass.display(create.name);
  lint::Report report = scanned == nullptr
                            ? pass.report(fmt::format("creating partition {} blocks reads and writes of {}", name, shown))
                            : pass.report(fmt::format(
                                  "creating partition {} blocks reads and writes of {} while every row of its default partition {} is read",
                                  name, shown, pass.display(*scanned)));
  report
      .why(
          "PARTITION OF takes ACCESS EXCLUSIVE on the partitioned table: it waits for every query of it, and all later ones wait behind "
          "it.")
      .advice("create an ordinary table and attach it: ATTACH PARTITION lets reads and writes of the partitioned table go on")
      .safe_sql(safe_way(pass, create, parent, scanned == nullptr ? nullptr : default_partition));
  if (scanned != nullptr) report.severity(lint::Severity::error).certainty(lint::Certainty::assumes_rows).grows_with(scanned);
}

}  // namespace

CUPEL_RULE(create_partition_of_locks_parent) = {
    .title = "Partition created in place, which locks its parent",
    .severity = cupel::lint::Severity::warning,
    .group = cupel::lint::Group::locks,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::CreateTable>(),
    .check = check,
};
