// INSERT, UPDATE, DELETE, MERGE, COPY: ROW EXCLUSIVE on the table and its indexes, and the checks of foreign keys, which
// are queries of their own on the other table (ri_triggers.c).
#include "effects/partition_bound.h"
#include "effects/predict.h"
#include "effects/query.h"
#include "effects/replica_identity.h"

#include <algorithm>
#include <string>

namespace cupel::effects {

namespace {

using schema::ConstraintKind;
using schema::RelationKind;
using sql::Expression;
using sql::ExpressionKind;

constexpr LockMode writing = LockMode::row_exclusive;

// Analyzed only; nullptr also if nothing more happens: the caller asks stopped() or gives up.
const schema::Relation* lock_target(Prediction& prediction, const sql::QualifiedName& name) {
  const schema::Relation* table = prediction.find(name);
  if (table == nullptr) {
    if (is_catalog(name) || prediction.fail_unknown_in_query(name)) return nullptr;
    prediction.lock_unknown(name, writing, Role::target, Cause::data_change);
    return nullptr;
  }
  prediction.lock(*table, writing, Role::target, Cause::data_change);
  return table;
}

void plan_target(Prediction& prediction, const schema::Relation& table) {
  lock_query_relation(prediction, table, writing, Role::target, Cause::data_change, QueryUse::planned);
  lock_parents_of_written(prediction, table);
}

// The query of a data change names its target too, which is told already.
void lock_sources(Prediction& prediction, const sql::Query& query, const sql::QualifiedName& target) {
  sql::Query sources = query;
  std::erase_if(sources.relations, [&](const sql::RelationReference& reference) {
    return reference.name == target && reference.use != sql::RelationUse::read && reference.use != sql::RelationUse::row_share;
  });
  predict_query(prediction, sources, Cause::query);
}

// ---- conditions -----------------------------------------------------------------------------------------------------

bool leads_index(const schema::Relation& table, std::string_view column, const schema::Database& database) {
  return std::any_of(table.indexes.begin(), table.indexes.end(), [&](RelationId id) {
    const schema::Relation& index = database.relation(id);
    return index.index && index.index->valid && !index.index->keys.empty() && index.index->keys.front().column == column;
  });
}

bool is_constant(const Expression& expression) { return expression && expression.columns().empty(); }

// How a condition leads to rows: by the first column of an index, to few of them (equality) or to a range of unknown
// size, or by reading them all.
enum class Access { point, range, scan };

Access access_of(const Expression& condition, const schema::Relation& table, const schema::Database& database) {
  if (!condition) return Access::scan;
  const std::vector<Expression> parts = condition.children();
  const auto indexed = [&](const Expression& column) {
    return column.kind() == ExpressionKind::column && leads_index(table, column.last_name(), database);
  };
  switch (condition.kind()) {
    case ExpressionKind::and_: {
      Access best = Access::scan;
      for (const Expression& part : parts) best = std::min(best, access_of(part, table, database));
      return best;
    }
    case ExpressionKind::or_: {
      Access worst = Access::point;
      for (const Expression& part : parts) worst = std::max(worst, access_of(part, table, database));
      return worst;
    }
    case ExpressionKind::operator_call: {
      if (parts.size() != 2) return Access::scan;
      const bool leads = (indexed(parts[0]) && is_constant(parts[1])) || (indexed(parts[1]) && is_constant(parts[0]));
      const std::string_view symbol = condition.last_name();
      if (!leads) return Access::scan;
      if (symbol == "=") return Access::point;
      return symbol == "<" || symbol == "<=" || symbol == ">" || symbol == ">=" ? Access::range : Access::scan;
    }
    case ExpressionKind::between: return !parts.empty() && indexed(parts.front()) ? Access::range : Access::scan;
    case ExpressionKind::in_list:
      return !parts.empty() && indexed(parts.front()) && parts.back().kind() != ExpressionKind::subquery ? Access::point : Access::scan;
    default: return Access::scan;
  }
}

void change_rows(Prediction& prediction, const schema::Relation* table, const sql::QualifiedName& name, bool scans) {
  const auto change = [&](const schema::Relation* relation) {
    if (scans) prediction.work(WorkKind::scan, relation, name.name, Cause::data_change, whole_statement, writing);
    prediction.work(WorkKind::data_change, relation, name.name, Cause::data_change, whole_statement, writing);
  };
  if (table == nullptr) {
    if (!is_catalog(name)) change(nullptr);
    return;
  }
  const schema::Database& database = prediction.database();
  if (table->kind != RelationKind::partitioned_table || database.has_unseen_partitions(*table)) change(table);
  for (RelationId id : database.descendants(table->id)) {
    const schema::Relation& descendant = prediction.relation(id);
    if (database.holds_rows(descendant)) change(&descendant);
  }
}

void change_selected(Prediction& prediction, const schema::Relation* table, const sql::QualifiedName& name, const Expression& where) {
  const Access access = table == nullptr ? Access::scan : access_of(where, *table, prediction.database());
  if (access != Access::point) change_rows(prediction, table, name, access == Access::scan);
}

// ---- foreign keys ---------------------------------------------------------------------------------------------------

bool has_any(const std::vector<std::string>& columns, const std::vector<std::string_view>& changed) {
  return std::any_of(columns.begin(), columns.end(),
                     [&](const std::string& column) { return std::find(changed.begin(), changed.end(), column) != changed.end(); });
}

void lock_other(Prediction& prediction, RelationId id, LockMode mode, Role role) {
  if (id == RelationId::none || !prediction.database().exists(id)) return;
  lock_query_relation(prediction, prediction.relation(id), mode, role, Cause::foreign_key, QueryUse::planned);
}

// A deferred key is looked up when the transaction ends, not by the statement. (SET CONSTRAINTS is not followed here: ROW SHARE is felt
// by hardly anybody.)
bool is_looked_up(const schema::Constraint& key) {
  return key.kind == ConstraintKind::foreign_key && key.enforced && !key.initially_deferred;
}

// A new row opens the referenced table even for a key that is null (RI_FKey_check).
void open_referenced(Prediction& prediction, const schema::Relation& table) {
  for (const schema::Constraint& key : table.constraints) {
    if (!is_looked_up(key) || key.referenced == RelationId::none) continue;
    if (!prediction.database().exists(key.referenced)) continue;
    prediction.lock(prediction.relation(key.referenced), LockMode::row_share, Role::referenced, Cause::foreign_key);
  }
}

// New values of a foreign key are looked up: SELECT … FOR KEY SHARE on the referenced table. `changed` empty: all columns.
void check_referenced(Prediction& prediction, const schema::Relation& table, const std::vector<std::string_view>& changed) {
  for (const schema::Constraint& key : table.constraints) {
    if (!is_looked_up(key)) continue;
    if (!changed.empty() && !has_any(key.columns, changed)) continue;
    lock_other(prediction, key.referenced, LockMode::row_share, Role::referenced);
  }
}

bool needs_scan(const Prediction& prediction, const schema::Relation& referencing, const schema::Constraint& key) {
  return !key.columns.empty() && !leads_index(referencing, key.columns.front(), prediction.database());
}

// Keys that go away or change: the referencing rows are looked for, changed or deleted, one query per row.
void check_referencing(Prediction& prediction, const schema::Relation& table, bool deletes, const std::vector<std::string_view>& changed) {
  for (const schema::Database::ForeignKeyReference& reference : references_to(table, prediction.database())) {
    const schema::Constraint& key = *reference.constraint;
    if (!key.enforced || (!deletes && !has_any(key.referenced_columns, changed))) continue;
    const sql::ForeignKeyAction action = deletes ? key.on_delete : key.on_update;
    const bool only_looks = action == sql::ForeignKeyAction::no_action || action == sql::ForeignKeyAction::restrict_;
    lock_other(prediction, reference.table, only_looks ? LockMode::row_share : writing, Role::referencing);
    const schema::Relation& referencing = prediction.relation(reference.table);
    if (reference.table != table.id && needs_scan(prediction, referencing, key)) {
      prediction.work(WorkKind::scan, referencing, Cause::foreign_key);
    }
    if (prediction.has_rows(&referencing) && only_looks) {
      prediction.may_fail("23503", "update or delete on table \"" + prediction.database().display_name(table) +
                                       "\" violates foreign key constraint \"" + key.name + "\"");
    }
  }
}

// Returns true if it failed.
bool fails_unsafe_values(Prediction& prediction, const schema::Relation& table, const sql::Insert& statement) {
  for (const std::vector<Expression>& row : statement.values) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const schema::Column* column = nullptr;
      if (!statement.columns.empty()) {
        column = i < statement.columns.size() ? table.find_column(statement.columns[i]) : nullptr;
      } else if (i < table.columns.size()) {
        column = &table.columns[i];
      }
      if (column != nullptr && fails_unsafe_label(prediction, column->type, row[i], whole_statement)) return true;
    }
  }
  return false;
}

// The one partition that all rows of VALUES go to, if constants tell.
const schema::Relation* routed_to(const Prediction& prediction, const schema::Relation& table, const sql::Insert& statement) {
  if (!table.partition_key || table.partition_key->elements.size() != 1 || !statement.from_values) return nullptr;
  const std::string_view key = table.partition_key->elements.front().column;
  std::size_t position = 0;
  if (!statement.columns.empty()) {
    position = static_cast<std::size_t>(std::find(statement.columns.begin(), statement.columns.end(), key) - statement.columns.begin());
  } else {
    while (position < table.columns.size() && table.columns[position].name != key) ++position;
  }
  const schema::Relation* chosen = nullptr;
  for (const std::vector<Expression>& row : statement.values) {
    if (position >= row.size()) return nullptr;
    const schema::Relation* own = prediction.database().default_partition(table);
    for (RelationId id : table.children) {
      const schema::Relation& partition = prediction.relation(id);
      if (!partition.bound || partition.bound->is_default) continue;
      const std::optional<bool> admitted = admits(*partition.bound, row[position]);
      if (!admitted) return nullptr;
      if (*admitted) own = &partition;
    }
    if (own == nullptr || (chosen != nullptr && chosen != own)) return nullptr;
    chosen = own;
  }
  return chosen;
}

// A column that the row does not give: its default draws from a sequence, or it has none and must not be null.
bool fails_left_out_columns(Prediction& prediction, const schema::Relation& table, const sql::Insert& statement) {
  const auto given = [&](std::size_t position, const std::string& name) {
    if (!statement.columns.empty()) return std::find(statement.columns.begin(), statement.columns.end(), name) != statement.columns.end();
    return !statement.from_values || statement.values.empty() || position < statement.values.front().size();
  };
  const bool has_row_trigger = std::any_of(table.triggers.begin(), table.triggers.end(), [](const schema::Trigger& trigger) {
    return trigger.row && trigger.on_insert && trigger.timing != sql::TriggerTiming::after;
  });
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const schema::Column& column = table.columns[i];
    if (given(i, column.name)) continue;
    if (column.is_serial || column.identity != sql::Identity::none) {
      for (RelationId id : table.owned_sequences) {
        const schema::Relation& sequence = prediction.relation(id);
        if (sequence.owner_column == column.name) prediction.lock(sequence, writing, Role::sequence, Cause::data_change);
      }
      continue;
    }
    for (const schema::Relation* sequence : sequences_in(column.default_value, prediction.database())) {
      prediction.lock(*sequence, writing, Role::sequence, Cause::data_change);
    }
    const bool null_refused = column.not_null && !column.has_default && column.generated == sql::Generated::none;
    if (!null_refused || has_row_trigger || table.incomplete || !statement.from_values || table.kind == RelationKind::view) continue;
    prediction.fail(
        "23502", "null value in column \"" + column.name + "\" of relation " + prediction.quoted(table) + " violates not-null constraint");
    return true;
  }
  return false;
}

// COPY FREEZE wants a table that nobody else can see (manual, COPY: FREEZE).
bool is_of_this_transaction(const Prediction& prediction, const schema::Relation& table) {
  return table.created_transaction == prediction.database().transaction();
}

}  // namespace

void predict(Prediction& prediction, const sql::Insert& statement) {
  const schema::Relation* table = lock_target(prediction, statement.table);
  if (table != nullptr && fails_unsafe_values(prediction, *table, statement)) return;
  lock_sources(prediction, statement.query, statement.table);
  if (table == nullptr || prediction.stopped()) return;
  if (const schema::Relation* partition = routed_to(prediction, *table, statement)) {
    // Partitions are opened when a row comes for them (ExecFindPartition).
    if (prediction.since(16)) prediction.lock_indexes(*table, writing, Cause::data_change);
    lock_query_relation(prediction, *partition, writing, Prediction::role_of_descendant(*partition), Cause::data_change, QueryUse::planned);
  } else {
    if (table->kind == RelationKind::table) {
      // Rows go into the named table alone: children that inherit from it are not opened.
      prediction.lock_indexes(*table, writing, Cause::data_change);
      lock_parents_of_written(prediction, *table);
    } else {
      plan_target(prediction, *table);
    }
    // Nothing is planned on them: ExecCloseIndices drops what ExecOpenIndices took. To find an arbiter they are looked at before.
    if (!statement.on_conflict) prediction.release_indexes(*table);
  }
  // CheckValidResultRel; seen on 14.23, 15.20, 16.14, 17.11 and 18.6.
  if (statement.on_conflict_update && fails_replica_identity(prediction, *table, RowChange::update)) return;
  if (fails_left_out_columns(prediction, *table, statement)) return;
  open_referenced(prediction, *table);
  check_referenced(prediction, *table, statement.columns);
  if (!statement.from_values) predict_query_scans(prediction, statement.query, Cause::query);
}

void predict(Prediction& prediction, const sql::Update& statement) {
  const schema::Relation* table = lock_target(prediction, statement.table);
  for (std::size_t i = 0; table != nullptr && i < statement.values.size() && i < statement.columns.size(); ++i) {
    const schema::Column* column = table->find_column(statement.columns[i]);
    if (column != nullptr && fails_unsafe_label(prediction, column->type, statement.values[i], whole_statement)) return;
  }
  lock_sources(prediction, statement.query, statement.table);
  if (table != nullptr) {
    plan_target(prediction, *table);
    if (fails_replica_identity(prediction, *table, RowChange::update)) return;
    check_referenced(prediction, *table, statement.columns);
    check_referencing(prediction, *table, false, statement.columns);
  }
  if (prediction.stopped() || statement.where_current_of) return;
  change_selected(prediction, table, statement.table, statement.where);
  if (statement.has_from) predict_query_scans(prediction, statement.query, Cause::query);
}

void predict(Prediction& prediction, const sql::Delete& statement) {
  const schema::Relation* table = lock_target(prediction, statement.table);
  lock_sources(prediction, statement.query, statement.table);
  if (table != nullptr) {
    plan_target(prediction, *table);
    if (fails_replica_identity(prediction, *table, RowChange::delete_)) return;
    check_referencing(prediction, *table, true, {});
  }
  if (prediction.stopped() || statement.where_current_of) return;
  change_selected(prediction, table, statement.table, statement.where);
  if (statement.has_using) predict_query_scans(prediction, statement.query, Cause::query);
}

void predict(Prediction& prediction, const sql::Merge& statement) {
  const schema::Relation* table = lock_target(prediction, statement.table);
  lock_sources(prediction, statement.query, statement.table);
  if (prediction.stopped()) return;
  if (table != nullptr) {
    plan_target(prediction, *table);
    if (statement.updates && fails_replica_identity(prediction, *table, RowChange::update)) return;
    if (statement.deletes && fails_replica_identity(prediction, *table, RowChange::delete_)) return;
    check_referenced(prediction, *table, {});
  }
  change_rows(prediction, table, statement.table, true);
  predict_query_scans(prediction, statement.query, Cause::query);
}

// BeginCopyTo does not plan a table's rows: no index is touched. CopyFrom opens all indexes.
void predict(Prediction& prediction, const sql::Copy& statement) {
  if (!statement.table) {
    predict_query(prediction, statement.query, Cause::query);
    predict_query_scans(prediction, statement.query, Cause::query);
    return;
  }
  const schema::Relation* table = prediction.find(*statement.table);
  if (table == nullptr && (is_catalog(*statement.table) || prediction.fail_unknown(*statement.table))) return;
  if (!statement.from) {
    prediction.lock_named(table, *statement.table, LockMode::access_share, Role::target, Cause::query);
    // 18 lets COPY read materialized views (manual, COPY: Notes).
    const bool readable =
        table == nullptr || table->kind == RelationKind::table || (table->kind == RelationKind::materialized_view && prediction.since(18));
    if (!readable) return prediction.fail("42809", "cannot copy from \"" + std::string(statement.table->name) + "\"");
    return scan_relation(prediction, table, *statement.table, Cause::query);
  }
  prediction.lock_named(table, *statement.table, writing, Role::target, Cause::data_change);
  if (table == nullptr) return;
  if (statement.freeze && !is_of_this_transaction(prediction, *table)) {
    return prediction.fail("55000",
                           "cannot perform COPY FREEZE because the table was not created or truncated in the current "
                           "subtransaction");
  }
  prediction.lock_indexes(*table, writing, Cause::data_change);
  prediction.release_indexes(*table);
  prediction.lock_descendants(*table, writing, Cause::data_change);
  lock_parents_of_written(prediction, *table);
  check_referenced(prediction, *table, {});
}

}  // namespace cupel::effects
