#include "schema/objects.h"

#include "base/ascii.h"

#include <algorithm>

namespace cupel::schema {

std::string_view name_as_written(const std::vector<ColumnRename>& renames, std::string_view column) {
  for (const ColumnRename& rename : renames) {
    if (rename.now == column) return rename.written;
  }
  for (const ColumnRename& rename : renames) {
    if (rename.written == column) return {};  // the expression's word is another column by now
  }
  return column;
}

namespace {

std::string_view name_now(const std::vector<ColumnRename>& renames, std::string_view written) {
  for (const ColumnRename& rename : renames) {
    if (rename.written == written) return rename.now;
  }
  return written;
}

}  // namespace

bool Constraint::implies_not_null(std::string_view column) const {
  if (kind != ConstraintKind::check || !expression) return false;
  const std::string_view written = name_as_written(renames, column);
  return !written.empty() && expression.implies_not_null(written);
}

std::vector<std::string> Index::mentioned_columns() const {
  std::vector<std::string> result;
  auto add = [&result](std::string_view column) {
    if (!column.empty() && std::find(result.begin(), result.end(), column) == result.end()) result.emplace_back(column);
  };
  for (const IndexKey& key : keys) {
    add(key.column);
    if (!key.expression) continue;
    for (std::string_view column : key.expression.columns()) add(name_now(renames, column));
  }
  for (const std::string& column : include) add(column);
  if (predicate) {
    for (std::string_view column : predicate.columns()) add(name_now(renames, column));
  }
  return result;
}

const Column* Relation::find_column(std::string_view column) const {
  for (const Column& candidate : columns) {
    if (candidate.name == column) return &candidate;
  }
  return nullptr;
}

Column* Relation::find_column(std::string_view column) {
  return const_cast<Column*>(static_cast<const Relation*>(this)->find_column(column));  // NOLINT: the object is not const
}

const Constraint* Relation::find_constraint(std::string_view constraint) const {
  for (const Constraint& candidate : constraints) {
    if (candidate.name == constraint) return &candidate;
  }
  return nullptr;
}

const Constraint* Relation::primary_key() const {
  for (const Constraint& candidate : constraints) {
    if (candidate.kind == ConstraintKind::primary_key) return &candidate;
  }
  return nullptr;
}

bool Relation::has_storage() const { return kind == RelationKind::table || kind == RelationKind::materialized_view; }

bool Relation::calls_function(std::string_view schema, std::string_view function) const {
  return std::any_of(calls.begin(), calls.end(), [&](const ObjectName& called) {
    return called.name == function && (schema.empty() || called.schema.empty() || called.schema == schema);
  });
}

bool PublishedTable::mentions(std::string_view column) const {
  return std::find(columns.begin(), columns.end(), column) != columns.end() || filters_by(column);
}

bool PublishedTable::filters_by(std::string_view column) const {
  if (!where) return false;
  const std::string_view written = name_as_written(renames, column);
  const std::vector<std::string_view> read = where.columns();
  return !written.empty() && std::find(read.begin(), read.end(), written) != read.end();
}

std::optional<bool> security_invoker(const std::vector<sql::RelationOption>& options) {
  std::optional<bool> result;
  for (const sql::RelationOption& option : options) {
    if (!option.space.empty() || option.name != "security_invoker") continue;
    // Without a value it is on; false, no, off and 0 in any case and shortened (parse_bool, bool.c).
    const std::string value = lower_case(option.value);
    result = value.empty() || !(value.starts_with('f') || value.starts_with('n') || value.starts_with("of") || value.starts_with('0'));
  }
  return result;
}

}  // namespace cupel::schema
