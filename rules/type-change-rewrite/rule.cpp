#include "lint/pass.h"

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: ALTER TABLE, Notes", "squawk/changing-column-type", "strong_migrations/change_column",
                                        "pg-migration-lint/PML007", "eugene/E5"};

std::string present_type(const schema::Relation* table, std::string_view column) {
  const schema::Column* found = table == nullptr ? nullptr : table->find_column(column);
  if (found == nullptr || found->type.name.empty()) return {};
  sql::TypeName type;
  if (found->type.schema != "public") type.schema = found->type.schema;
  type.name = found->type.name;
  type.modifiers = found->type.modifiers;
  type.array_dimensions = found->type.array_dimensions;
  return sql::to_sql(type);
}

// Directly, or through domains over it: a new column of it would have to be NULL at first, which it refuses (23502).
bool refuses_null(const lint::Pass& pass, const sql::TypeName& name) {
  const schema::Type* type = pass.database().find_type(pass.database().resolve(name));
  for (int depth = 0; type != nullptr && type->kind == schema::TypeKind::domain && depth < 20; ++depth) {
    if (type->not_null) return true;
    type = pass.database().find_type(type->base);
  }
  return false;
}

std::string new_type(const sql::AlterTableCommand& command) {
  std::string type = sql::to_sql(command.column->type);
  if (!command.column->collation.empty()) type += fmt::format(" COLLATE {}", sql::quote_identifier(command.column->collation));
  return type;
}

std::string safe_steps(const lint::Pass& pass, const sql::AlterTable& alter, const sql::AlterTableCommand& command) {
  const std::string target = pass.sql(alter.name);
  const std::string old_name = sql::quote_identifier(command.name);
  const std::string new_name = lint::Pass::object_name(command.name, "", "new");
  const std::string type = sql::to_sql(command.column->type);
  const std::string value = command.expression ? command.expression.text() : fmt::format("{}::{}", old_name, type);
  // Without USING it is an assignment, which refuses what is too long (22001) where a cast would cut it (manual 10.4, 8.3).
  const std::string assigned = command.expression ? value : old_name;
  const schema::Relation* table = pass.find(alter.name);
  const schema::Column* column = table == nullptr ? nullptr : table->find_column(command.name);
  const std::string old_column = lint::Pass::object_name(command.name, "", "old");
  // json has no equality (manual 8.14), nor has what is made of it.
  const bool comparable = command.column->type.name != "json" && command.column->type.name != "xml";
  const std::string todo = comparable ? fmt::format("{} IS DISTINCT FROM {}", new_name, value)
                                      : fmt::format("{} IS NULL AND {} IS NOT NULL", new_name, old_name);
  std::string steps =
      fmt::format("ALTER TABLE {0} ADD COLUMN {1} {2};\n-- a BEFORE INSERT OR UPDATE trigger keeps {1} equal to {3}; then\n{4}\n", target,
                  new_name, new_type(command), assigned, pass.batched_update(alter.name, fmt::format("{} = {}", new_name, assigned), todo));
  if (column != nullptr && column->not_null) {
    const std::string proof = lint::Pass::object_name(alter.name.name, command.name, "not_null");
    steps += fmt::format(
        "ALTER TABLE {0} ADD CONSTRAINT {1} CHECK ({2} IS NOT NULL) NOT VALID;\nALTER TABLE {0} VALIDATE CONSTRAINT {1};\n"
        "ALTER TABLE {0} ALTER COLUMN {2} SET NOT NULL;\nALTER TABLE {0} DROP CONSTRAINT {1};\n",
        target, proof, new_name);
  }
  std::string moved;
  if (column != nullptr && column->is_serial) {
    // What the old column owns would go with it.
    for (const schema::RelationId id : table->owned_sequences) {
      const schema::Relation& sequence = pass.database().relation(id);
      if (!pass.database().exists(id) || sequence.owner_column != command.name) continue;
      const std::string name = sql::to_sql(sql::QualifiedName{alter.name.schema, sequence.name.name, {}});
      moved += fmt::format("ALTER TABLE {0} ALTER COLUMN {1} SET DEFAULT nextval({2});\nALTER SEQUENCE {3} OWNED BY {0}.{1};\n", target,
                           new_name, sql::quote_literal(name), name);
    }
  } else if (column != nullptr && column->default_value && column->generated == sql::Generated::none) {
    moved = fmt::format("ALTER TABLE {} ALTER COLUMN {} SET DEFAULT {};\n", target, new_name, column->default_value.text());
  }
  return steps + fmt::format(
                     "-- copy indexes (CONCURRENTLY) and constraints (NOT VALID, VALIDATE), then in one short transaction:\n"
                     "{4}ALTER TABLE {0} RENAME COLUMN {1} TO {2};\nALTER TABLE {0} RENAME COLUMN {3} TO {1};\n"
                     "-- later, when nothing needs the old values:\nALTER TABLE {0} DROP COLUMN {2};",
                     target, old_name, old_column, new_name, moved);
}

void check(lint::Pass& pass) {
  const auto& alter = *pass.as<sql::AlterTable>();
  const schema::Relation* table = pass.find(alter.name);
  if (!pass.keeps_others_waiting(table)) return;
  for (const effects::Work& work : pass.effects().work) {
    const bool collation_only = work.cause == effects::Cause::collation_change;
    if ((work.cause != effects::Cause::type_change && !collation_only) || work.command < 0) continue;
    if (work.kind != effects::WorkKind::rewrite && work.kind != effects::WorkKind::index_rebuild) continue;
    if (pass.is_reported(work.command)) continue;
    const sql::AlterTableCommand& command = alter.commands[static_cast<std::size_t>(work.command)];
    if (!command.column) continue;
    const std::string name = sql::quote_identifier(command.name);
    const std::string type = new_type(command);
    const std::string before = present_type(table, command.name);
    const bool rewrites = work.kind == effects::WorkKind::rewrite;
    const std::string change =
        before.empty() ? fmt::format("changing {} to {}", name, type) : fmt::format("changing {} from {} to {}", name, before, type);
    lint::Report report =
        pass.report(pass.span_of(work.command), fmt::format("{} {} {} while nobody can read or write it", change,
                                                            rewrites ? "rewrites" : "rebuilds indexes of", pass.display(alter.name)));
    report
        .why(rewrites ? "The stored form changes, so every row and every index of the table is written anew under ACCESS EXCLUSIVE."
                      : "The rows stay as they are, but indexes on the column are built anew under ACCESS EXCLUSIVE.")
        .command(work.command)
        .certainty(lint::Certainty::assumes_rows)
        .grows_with(table)
        .advice("add a column of the new type, keep it in step with a trigger, fill it in batches, and swap the names")
        .safe_sql(safe_steps(pass, alter, command));
    if (refuses_null(pass, command.column->type)) {
      report
          .advice(
              "keep the base type, and add what the domain checks to the table: CHECK constraints NOT VALID, then VALIDATE, then SET NOT "
              "NULL")
          .safe_sql({});
    }
    if (collation_only) {
      // An index with a collation of its own keeps its file (CheckIndexCompatible, indexcmds.c; seen on 14 and 18).
      report.advice("build indexes with the new collation first, and drop the old ones: those are not rebuilt")
          .safe_sql(fmt::format("-- outside a transaction, for each index on the column:\n"
                                "CREATE INDEX CONCURRENTLY {0} ON {1} ({2} COLLATE {3});\n"
                                "DROP INDEX CONCURRENTLY {4};\n-- then:\n{5};",
                                lint::Pass::object_name(alter.name.name, command.name, "new_idx"), pass.sql(alter.name), name,
                                sql::quote_identifier(command.column->collation), sql::quote_identifier(work.index_name), pass.text()));
    }
    if (before.empty()) {
      report.certainty(lint::Certainty::opaque)
          .severity(lint::Severity::warning)
          .why(
              "The history does not show the column's present type. Unless the change is one that PostgreSQL makes in the catalog alone "
              "(varchar to text, a longer varchar, a wider numeric of the same scale), every row and index is written anew under ACCESS "
              "EXCLUSIVE.");
    }
  }
}

}  // namespace

CUPEL_RULE(type_change_rewrite) = {
    .title = "Change of a column's type rewrites the table",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::locks,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::AlterTable>(),
    .check = check,
};
