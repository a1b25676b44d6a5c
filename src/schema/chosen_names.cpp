// The names PostgreSQL would choose, for those who ask before the statement is replayed.
#include "schema/naming.h"

namespace cupel::schema {
namespace {

ObjectName table_name(const Database& database, const sql::QualifiedName& table) {
  if (const Relation* known = database.find(table)) return known->name;
  return {table.schema.empty() ? database.creation_schema() : std::string(table.schema), std::string(table.name)};
}

}  // namespace

std::string Database::chosen_name(const sql::CreateIndex& unnamed) const {
  Index index;
  for (const sql::IndexElement& element : unnamed.elements) index.keys.push_back({std::string(element.column), element.expression, {}, {}});
  for (const std::string_view column : unnamed.include) index.include.emplace_back(column);
  return choose_index_name(*state_, table_name(*this, unnamed.table), index, false);
}

std::string Database::chosen_name(const sql::QualifiedName& table, const sql::Constraint& unnamed) const {
  const ObjectName owner = table_name(*this, table);
  std::vector<std::string> columns(unnamed.columns.begin(), unnamed.columns.end());
  const auto chosen = [&](std::string_view column, std::string_view label) {
    return choose_constraint_name(*state_, owner.schema, owner.name, column, label);
  };
  switch (unnamed.kind) {
    case sql::ConstraintKind::unique:
    case sql::ConstraintKind::primary_key:
    case sql::ConstraintKind::exclude: {
      Index index;
      index.primary = unnamed.kind == sql::ConstraintKind::primary_key;
      index.exclusion = unnamed.kind == sql::ConstraintKind::exclude;
      for (std::string& column : columns) index.keys.push_back({std::move(column), {}, {}, {}});
      for (const sql::Expression& expression : unnamed.exclude_expressions) index.keys.push_back({{}, expression, {}, {}});
      for (const std::string_view column : unnamed.include) index.include.emplace_back(column);
      return choose_index_name(*state_, owner, index, true);
    }
    case sql::ConstraintKind::foreign_key: return chosen(join_column_names(columns), "fkey");
    case sql::ConstraintKind::not_null: return chosen(columns.empty() ? std::string() : columns.front(), "not_null");
    case sql::ConstraintKind::check: {
      // Named after the column if it is about exactly one.
      const std::vector<std::string_view> mentioned = unnamed.expression.columns();
      return chosen(mentioned.size() == 1 ? mentioned.front() : std::string_view(), "check");
    }
    default: return {};
  }
}

}  // namespace cupel::schema
