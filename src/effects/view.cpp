// CREATE VIEW, REFRESH MATERIALIZED VIEW, ALTER VIEW.
#include "effects/predict.h"
#include "effects/query.h"

#include <algorithm>
#include <string>

namespace cupel::effects {

namespace {

using schema::RelationKind;

// checkViewColumns: the old columns must stay, in their order, with name and type. What the query's columns are is known
// only as far as they are written.
bool fails_replaced_columns(Prediction& prediction, const schema::Relation& view, const sql::CreateView& statement) {
  if (view.incomplete || view.columns.empty()) return false;
  const std::vector<std::string_view>& names = statement.column_names.empty() ? statement.output_columns : statement.column_names;
  const bool all_known =
      !statement.output_columns.empty() && std::none_of(statement.output_columns.begin(), statement.output_columns.end(),
                                                        [](std::string_view name) { return name.empty() || name == "*"; });
  if (!all_known) return false;
  if (statement.output_columns.size() < view.columns.size()) {
    prediction.fail("42P16", "cannot drop columns from view");
    return true;
  }
  for (std::size_t i = 0; i < view.columns.size(); ++i) {
    const schema::Column& old = view.columns[i];
    if (old.name.empty()) return false;
    if (i < names.size() && names[i] != old.name) {
      prediction.fail("42P16", "cannot change name of view column \"" + old.name + "\" to \"" + std::string(names[i]) + "\"");
      return true;
    }
    if (i >= statement.output_expressions.size() || !statement.output_expressions[i] || old.type.name.empty()) continue;
    if (statement.output_expressions[i].kind() != sql::ExpressionKind::cast) continue;
    const schema::DataType type = prediction.database().resolve(statement.output_expressions[i].type());
    if (!type.schema.empty() && type.name != old.type.name) {
      prediction.fail("42P16", "cannot change data type of view column \"" + old.name + "\"");
      return true;
    }
  }
  return false;
}

// A view is only analyzed: the relations it names get ACCESS SHARE, those below views it names do not.
void predict_definition(Prediction& prediction, const sql::CreateView& statement) {
  sql::Query query = statement.query;
  if (statement.recursive) {
    std::erase_if(query.relations, [&](const sql::RelationReference& reference) { return reference.name == statement.name; });
  }
  predict_query(prediction, query, Cause::query, QueryUse::analyzed);
}

// is_usable_unique_index: the one that CONCURRENTLY compares rows by.
bool is_usable(const schema::Relation& view, const schema::Relation& index) {
  const schema::Index& definition = *index.index;
  if (!definition.unique || !definition.valid || definition.predicate || definition.keys.empty()) return false;
  return std::all_of(definition.keys.begin(), definition.keys.end(), [&](const schema::IndexKey& key) {
    return !key.expression && (view.incomplete || view.find_column(key.column) != nullptr || view.columns.empty());
  });
}

bool has_usable_index(const Prediction& prediction, const schema::Relation& view) {
  return std::any_of(view.indexes.begin(), view.indexes.end(), [&](RelationId id) {
    return prediction.database().exists(id) && prediction.relation(id).index && is_usable(view, prediction.relation(id));
  });
}

void read_sources(Prediction& prediction, const schema::Relation& view) {
  for (const schema::Dependency& dependency : view.dependencies) {
    if (dependency.relation == RelationId::none || !prediction.database().exists(dependency.relation)) continue;
    const schema::Relation& source = prediction.relation(dependency.relation);
    lock_query_relation(prediction, source, LockMode::access_share, Prediction::role_of_kind(source), Cause::refresh, QueryUse::planned);
    scan_relation(prediction, &source, {}, Cause::refresh);
  }
}

// refresh_by_match_merge: the new rows are computed into a temporary table and merged.
void refresh_concurrently(Prediction& prediction, const schema::Relation& view, const sql::RefreshMaterializedView& statement) {
  if (!view.populated) { return prediction.fail("0A000", "CONCURRENTLY cannot be used when the materialized view is not populated"); }
  if (!statement.with_data) { return prediction.fail("42601", "REFRESH options CONCURRENTLY and WITH NO DATA cannot be used together"); }
  if (!view.incomplete && !has_usable_index(prediction, view)) {
    return prediction.fail("55000", "cannot refresh materialized view \"" + prediction.database().display_name(view) + "\" concurrently");
  }
  prediction.lock_indexes(view, LockMode::row_exclusive, Cause::refresh);
  prediction.work(WorkKind::scan, view, Cause::refresh, whole_statement, LockMode::exclusive);
}

// refresh_by_heap_swap: a new file, and its indexes built anew.
void refresh_by_swap(Prediction& prediction, const schema::Relation& view, bool with_data) {
  prediction.lock_toast(view, LockMode::access_exclusive, Cause::refresh);
  prediction.lock_indexes(view, LockMode::access_exclusive, Cause::refresh);
  if (with_data) prediction.work(WorkKind::rewrite, view, Cause::refresh, whole_statement, LockMode::access_exclusive);
}

}  // namespace

// DefineView (manual, CREATE VIEW).
void predict(Prediction& prediction, const sql::CreateView& statement) {
  predict_definition(prediction, statement);
  const std::string schema = statement.persistence == sql::Persistence::temporary ? "pg_temp" : prediction.database().creation_schema();
  const schema::Relation* existing =
      statement.name.schema.empty() ? prediction.database().find(schema, statement.name.name) : prediction.find(statement.name);
  if (existing == nullptr) {
    if (!statement.or_replace || prediction.replay_is_complete()) {
      prediction.lock_unknown(statement.name, LockMode::access_exclusive, Role::created, Cause::statement);
    } else {
      prediction.lock_unknown(statement.name, LockMode::access_exclusive, Role::target, Cause::statement);
    }
    return;
  }
  if (!statement.or_replace) { return prediction.fail("42P07", "relation \"" + std::string(statement.name.name) + "\" already exists"); }
  prediction.lock(*existing, LockMode::access_exclusive, Role::target, Cause::statement);
  if (existing->kind != RelationKind::view) {
    return prediction.fail("42809", "\"" + prediction.database().display_name(*existing) + "\" is not a view");
  }
  fails_replaced_columns(prediction, *existing, statement);
}

// ExecRefreshMatView (manual, REFRESH MATERIALIZED VIEW): CONCURRENTLY may run in a transaction block, and takes EXCLUSIVE.
void predict(Prediction& prediction, const sql::RefreshMaterializedView& statement) {
  const LockMode mode = statement.concurrently ? LockMode::exclusive : LockMode::access_exclusive;
  const schema::Relation* view = prediction.find(statement.name);
  if (view == nullptr && prediction.fail_unknown(statement.name)) return;
  prediction.lock_named(view, statement.name, mode, Role::target, Cause::refresh);
  if (view == nullptr) {
    const WorkKind kind = statement.concurrently ? WorkKind::scan : WorkKind::rewrite;
    if (statement.with_data) prediction.work(kind, nullptr, statement.name.name, Cause::refresh, whole_statement, mode);
    return;
  }
  if (view->kind != RelationKind::materialized_view && !view->incomplete) {
    return prediction.fail("42809", "\"" + prediction.database().display_name(*view) + "\" is not a materialized view");
  }
  if (statement.concurrently) {
    refresh_concurrently(prediction, *view, statement);
  } else {
    refresh_by_swap(prediction, *view, statement.with_data);
  }
  if (!prediction.stopped() && statement.with_data) read_sources(prediction, *view);
}

// A view's storage parameters are the one thing whose lock depends on the version: security_invoker is unknown before 15,
// and what is unknown fails (22023) under the weakest lock AlterTableGetLockLevel knows.
void predict_alter_view(Prediction& prediction, const schema::Relation* view, const sql::AlterTable& statement) {
  const bool knows_invoker = prediction.since(15);
  for (const sql::AlterTableCommand& command : statement.commands) {
    if (command.action != sql::AlterTableAction::set_options || knows_invoker) continue;
    const bool unknown = std::any_of(command.options.begin(), command.options.end(),
                                     [](const sql::RelationOption& option) { return option.name == "security_invoker"; });
    if (!unknown) continue;
    prediction.lock_named(view, statement.name, LockMode::share_update_exclusive, Role::target, Cause::statement);
    return prediction.fail("22023", "unrecognized parameter \"security_invoker\"");
  }
  prediction.lock_named(view, statement.name, LockMode::access_exclusive, Role::target, Cause::statement);
}

}  // namespace cupel::effects
