#include "lint/pass.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

namespace {

using namespace cupel;
using sql::AlterTableAction;
using sql::AlterTableCommand;

constexpr std::string_view sources[] = {"manual: 29.1.1 Replica Identity; ALTER TABLE, REPLICA IDENTITY", "migrationpilot/MP055",
                                        "windmill#11036", "pgcopydb#738"};

bool names_key(const AlterTableCommand& command) {
  if (command.action == AlterTableAction::replica_identity) return command.replica_identity != 'n';
  return command.action == AlterTableAction::add_constraint && command.constraint &&
         command.constraint->kind == sql::ConstraintKind::primary_key;
}

// The table gets a replica identity again, in this statement or later in the migration; or it goes.
bool identified_again(const lint::Pass& pass, const sql::QualifiedName& table, std::size_t from) {
  for (std::size_t i = from; i < pass.statements().size(); ++i) {
    const sql::Statement& later = *pass.statements()[i].statement;
    if (const auto* alter = later.as<sql::AlterTable>();
        alter != nullptr && alter->name.name == table.name && std::ranges::any_of(alter->commands, names_key))
      return true;
    if (const auto* drop = later.as<sql::DropObjects>();
        drop != nullptr && drop->kind == sql::ObjectKind::table &&
        std::ranges::any_of(drop->names, [&](const auto& each) { return each.name == table.name; }))
      return true;
    if (const auto* rename = later.as<sql::Rename>(); rename != nullptr && rename->sub_name.empty() && rename->name.name == table.name)
      return true;
  }
  return false;
}

// A publication that the migrations made, and that sends updates or deletes of the table; nullptr: none is known.
const schema::Publication* publication_of(const lint::Pass& pass, const schema::Relation* table) {
  if (table == nullptr) return nullptr;
  for (const schema::Database::Published& each : pass.database().published_by(*table)) {
    if (each.publication->updates || each.publication->deletes) return each.publication;
  }
  return nullptr;
}

lint::Report report(lint::Pass& pass, Span span, std::string what, const std::string& name, const schema::Relation* table) {
  const schema::Publication* publication = publication_of(pass, table);
  lint::Report report = pass.report(span, publication == nullptr
                                              ? fmt::format("{}: if {} is published, UPDATE and DELETE on it fail from then on", what, name)
                                              : fmt::format("{}: publication {} makes UPDATE and DELETE on {} fail from then on", what,
                                                            sql::quote_identifier(publication->name), name));
  report
      .why(
          "Logical replication tells changed rows by the replica identity. Without one, a publication of updates or deletes makes the "
          "publisher refuse them (55000), and no longer only the subscriber suffers.")
      .no_effects();
  return report;
}

bool is_identity_index(const schema::Relation& relation) { return relation.index && relation.index->replica_identity; }

void check_alter(lint::Pass& pass, const sql::AlterTable& alter) {
  if (alter.kind != sql::ObjectKind::table) return;
  const schema::Relation* table = pass.find(alter.name);
  if (!pass.is_live(table)) return;
  for (std::size_t i = 0; i < alter.commands.size(); ++i) {
    const AlterTableCommand& command = alter.commands[i];
    const auto index = static_cast<effects::CommandIndex>(i);
    const std::string name = pass.display(alter.name);
    if (command.action == AlterTableAction::replica_identity && command.replica_identity == 'n') {
      if (identified_again(pass, alter.name, pass.number() + 1)) continue;
      report(pass, pass.span_of(index), "REPLICA IDENTITY NOTHING", name, table)
          .command(index)
          .no_effects()
          .advice("name a key by which rows are told apart")
          .safe_sql(fmt::format("ALTER TABLE {} REPLICA IDENTITY DEFAULT;", pass.sql(alter.name)));
      continue;
    }
    if (command.action != AlterTableAction::drop_constraint || table == nullptr) continue;
    const schema::Constraint* constraint = table->find_constraint(command.name);
    if (constraint == nullptr || constraint->index == schema::RelationId::none) continue;
    const bool identity = is_identity_index(pass.database().relation(constraint->index));
    const bool key = constraint->kind == schema::ConstraintKind::primary_key && table->replica_identity == 'd';
    if ((!identity && !key) || pass.undoes_upgrade(constraint->created_epoch) || identified_again(pass, alter.name, pass.number()))
      continue;
    lint::Report finding =
        report(pass, pass.span_of(index),
               fmt::format("dropping {} takes the replica identity of {} away", sql::quote_identifier(command.name), name), name, table);
    finding.command(index)
        .no_effects()
        .advice("give it another one in the same transaction")
        .safe_sql(fmt::format("ALTER TABLE {} REPLICA IDENTITY FULL;\nALTER TABLE {} DROP CONSTRAINT {};", pass.sql(alter.name),
                              pass.sql(alter.name), sql::quote_identifier(command.name)));
    // Who chose an index for it most likely publishes the table, even if the migrations do not show it.
    if (!identity && publication_of(pass, table) == nullptr) finding.severity(lint::Severity::info);
  }
}

void check_drop(lint::Pass& pass, const sql::DropObjects& drop) {
  if (drop.kind != sql::ObjectKind::index) return;
  for (const sql::QualifiedName& name : drop.names) {
    const schema::Relation* index = pass.find(name);
    if (index == nullptr || !is_identity_index(*index)) continue;
    const schema::Relation& table = pass.database().relation(index->index->table);
    if (!pass.is_live(&table) || identified_again(pass, {{}, table.name.name, {}}, pass.number() + 1)) continue;
    report(pass, name.span, fmt::format("dropping index {} takes the replica identity of {} away", pass.display(name), pass.display(table)),
           pass.display(table), &table)
        .advice("give the table another one first")
        .safe_sql(fmt::format("ALTER TABLE {} REPLICA IDENTITY DEFAULT;\n{};", pass.display(table), pass.text()));
  }
}

void check(lint::Pass& pass) {
  if (pass.effects().failure && pass.effects().failure->certain) return;
  if (const auto* alter = pass.as<sql::AlterTable>()) return check_alter(pass, *alter);
  check_drop(pass, *pass.as<sql::DropObjects>());
}

}  // namespace

CUPEL_RULE(replica_identity_break) = {
    .title = "Replica identity taken away",
    .severity = cupel::lint::Severity::warning,
    .group = cupel::lint::Group::compatibility,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::AlterTable, cupel::sql::DropObjects>(),
    .check = check,
};
