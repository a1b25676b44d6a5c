// Views, materialized views, CREATE TABLE AS: what they read and which columns they have.
#include "schema/replay.h"

#include <algorithm>

namespace cupel::schema {
namespace {

bool contains(const std::vector<RelationId>& ids, RelationId id) { return std::find(ids.begin(), ids.end(), id) != ids.end(); }

// A column that some relation unknown to the replay (a catalog, say) may have too is perhaps that one's.
void note_unknown(std::vector<Dependency>& dependencies, const sql::Query& query, const Database& database) {
  const bool all_known = std::all_of(query.relations.begin(), query.relations.end(), [&database](const sql::RelationReference& reference) {
    return database.find(reference.name) != nullptr;
  });
  if (!all_known) dependencies.emplace_back();
}

// Every name in it is a column of the one relation it reads, and a star stands for all its columns.
bool reads_one_relation(const sql::Query& query) { return query.selects == 1 && !query.joins; }

std::vector<ObjectName> functions_called(const sql::Query& query) {
  std::vector<ObjectName> result;
  for (const sql::Expression& call : query.calls) {
    const std::vector<std::string_view> name = call.name();
    result.push_back({name.size() > 1 ? std::string(name[name.size() - 2]) : std::string(), std::string(name.back())});
  }
  return result;
}

bool is_star(const sql::Expression& expression) {
  return expression.kind() == sql::ExpressionKind::column && expression.last_name() == "*";
}

}  // namespace

std::vector<RelationId> Replay::relations_read(const sql::Query& query) {
  std::vector<RelationId> result;
  for (const sql::RelationReference& reference : query.relations) {
    const RelationId id = target(reference.name);
    if (id != RelationId::none && !contains(result, id)) result.push_back(id);
  }
  return result;
}

std::vector<Dependency> Replay::dependencies_of(std::span<const RelationId> read, std::span<const sql::Expression> outputs,
                                                const sql::Query& query) const {
  std::vector<Dependency> result;
  result.reserve(read.size());
  std::vector<std::string_view> names = query.columns;
  std::sort(names.begin(), names.end());
  const bool certain = read.size() == 1 && reads_one_relation(query);
  const bool everything = std::any_of(outputs.begin(), outputs.end(), is_star);
  // A star stands for what its FROM has, and a subquery's output has names of its own: which column of which relation is
  // meant stays open.
  if (!certain && (everything || query.selects != 1)) result.emplace_back();
  for (const RelationId id : read) {
    Dependency dependency;
    dependency.relation = id;
    dependency.certain = certain;
    for (const Column& column : relation(id).columns) {
      if (everything || std::binary_search(names.begin(), names.end(), std::string_view(column.name)))
        dependency.columns.push_back(column.name);
    }
    result.push_back(std::move(dependency));
  }
  return result;
}

DataType Replay::type_of(const sql::Expression& expression, std::span<const RelationId> read) const {
  if (!expression) return {};
  if (expression.kind() == sql::ExpressionKind::cast) return state_.resolve(expression.type());
  if (expression.kind() != sql::ExpressionKind::column) return {};
  const Column* found = nullptr;
  for (const RelationId id : read) {
    if (relation(id).incomplete) return {};
    const Column* candidate = relation(id).find_column(expression.last_name());
    if (candidate == nullptr) continue;
    if (found != nullptr && !(found->type == candidate->type)) return {};
    found = candidate;
  }
  return found == nullptr ? DataType{} : found->type;
}

Replay::Output Replay::output_of(std::span<const std::string_view> names, std::span<const std::string_view> outputs,
                                 std::span<const sql::Expression> expressions, std::span<const RelationId> read,
                                 const sql::Query& query) const {
  Output result;
  auto add = [&](std::string_view name, DataType type) {
    Column column;
    const std::size_t position = result.columns.size();
    column.name = position < names.size() ? names[position] : name;
    column.type = std::move(type);
    column.created_epoch = state_.session.epoch;
    if (column.name.empty()) column.name = "?column?";
    result.columns.push_back(std::move(column));
  };
  const bool plain = read.size() == 1 && reads_one_relation(query);
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const sql::Expression expression = i < expressions.size() ? expressions[i] : sql::Expression();
    if (!expression || !is_star(expression)) {
      add(outputs[i], type_of(expression, read));
    } else if (plain && !relation(read.front()).incomplete) {
      for (const Column& column : relation(read.front()).columns) add(column.name, column.type);
    } else {
      // Which columns a star stands for depends on joins and aliases that are not looked into.
      result.complete = false;
    }
  }
  if (outputs.empty()) {
    result.complete = false;
    for (const std::string_view name : names) add(name, {});
  }
  return result;
}

bool Replay::reads(RelationId reader, RelationId wanted) const {
  std::vector<RelationId> reached = {reader};
  for (std::size_t i = 0; i < reached.size(); ++i) {
    if (reached[i] == wanted) return true;
    for (const Dependency& dependency : relation(reached[i]).dependencies) {
      if (dependency.relation != RelationId::none && !contains(reached, dependency.relation)) reached.push_back(dependency.relation);
    }
  }
  return false;
}

void Replay::set_dependencies(RelationId view, std::vector<Dependency> dependencies) {
  // OR REPLACE may make a view read itself, on the way through others: nothing can be selected from it then (42P17, infinite
  // recursion detected in rules), and who walks along dependencies has to come to an end.
  std::erase_if(dependencies,
                [&](const Dependency& dependency) { return dependency.relation != RelationId::none && reads(dependency.relation, view); });
  for (const Dependency& old : relation(view).dependencies) {
    if (old.relation != RelationId::none && exists(old.relation)) std::erase(change(old.relation).dependents, view);
  }
  for (const Dependency& dependency : dependencies) {
    if (dependency.relation == RelationId::none) continue;
    if (!contains(relation(dependency.relation).dependents, view)) change(dependency.relation).dependents.push_back(view);
  }
  change(view).dependencies = std::move(dependencies);
}

// A view may only get more columns, at its end (manual: CREATE VIEW).
bool Replay::may_replace_view(const Relation& view, const Output& output) {
  if (view.kind != RelationKind::view) {
    if (view.incomplete) return true;
    contradict(Kind::wrong_kind, view.name.name, "\"" + view.name.name + "\" is not a view", "42809");
    return false;
  }
  if (view.incomplete || !output.complete) return true;
  if (output.columns.size() < view.columns.size()) {
    contradict(Kind::wrong_kind, view.name.name, "cannot drop columns from view", "42P16");
    return false;
  }
  for (std::size_t i = 0; i < view.columns.size(); ++i) {
    if (view.columns[i].name == output.columns[i].name) continue;
    contradict(Kind::wrong_kind, view.name.name,
               "cannot change name of view column \"" + view.columns[i].name + "\" to \"" + output.columns[i].name + "\"", "42P16");
    return false;
  }
  return true;
}

void Replay::apply(const sql::CreateView& create_view) {
  ObjectName name = creation_name(create_view.name, create_view.persistence);
  const std::vector<RelationId> read = relations_read(create_view.query);
  Output output = output_of(create_view.column_names, create_view.output_columns, create_view.output_expressions, read, create_view.query);
  std::vector<Dependency> dependencies = dependencies_of(read, create_view.output_expressions, create_view.query);
  note_unknown(dependencies, create_view.query, database_);
  const std::uint32_t* taken = state_.relations.find({name.schema, name.name});
  if (create_view.or_replace && taken != nullptr && !relation(to_id(*taken)).incomplete) {
    const RelationId id = to_id(*taken);
    if (!may_replace_view(relation(id), output)) return;
    std::erase_if(dependencies, [id](const Dependency& dependency) { return dependency.relation == id; });
    Relation& view = change(id);
    view.columns = std::move(output.columns);
    view.incomplete = !output.complete;
    // The old options do not outlive it (AT_ReplaceRelOptions, view.c).
    view.security_invoker = security_invoker(create_view.options).value_or(false);
    view.calls = functions_called(create_view.query);
    set_dependencies(id, std::move(dependencies));
    return;
  }
  if (!name_is_free(name, false, true)) return;
  Relation view = blank(RelationKind::view, std::move(name), create_view.persistence);
  view.columns = std::move(output.columns);
  view.incomplete = !output.complete;
  view.security_invoker = security_invoker(create_view.options).value_or(false);
  view.calls = functions_called(create_view.query);
  const RelationId id = create(std::move(view));
  set_dependencies(id, std::move(dependencies));
}

void Replay::apply(const sql::CreateTableAs& create_table) {
  ObjectName name = creation_name(create_table.name, create_table.persistence);
  if (!name_is_free(name, create_table.if_not_exists, true)) return;
  const std::vector<RelationId> read = relations_read(create_table.query);
  Output output =
      output_of(create_table.column_names, create_table.output_columns, create_table.output_expressions, read, create_table.query);
  const RelationKind kind = create_table.materialized_view ? RelationKind::materialized_view : RelationKind::table;
  Relation table = blank(kind, std::move(name), create_table.persistence);
  table.columns = std::move(output.columns);
  table.incomplete = !output.complete;
  table.created_if_not_exists = create_table.if_not_exists;
  table.filled = table.filled_by_query = create_table.with_data;
  table.populated = create_table.with_data;
  if (create_table.materialized_view) table.calls = functions_called(create_table.query);
  const RelationId id = create(std::move(table), create_table.if_not_exists);
  if (!create_table.materialized_view) return;
  std::vector<Dependency> dependencies = dependencies_of(read, create_table.output_expressions, create_table.query);
  note_unknown(dependencies, create_table.query, database_);
  std::erase_if(dependencies, [id](const Dependency& dependency) { return dependency.relation == id; });
  set_dependencies(id, std::move(dependencies));
}

void Replay::apply(const sql::RefreshMaterializedView& refresh) {
  const RelationId view = target(refresh.name, RelationKind::materialized_view);
  if (view == RelationId::none) return;
  if (relation(view).kind != RelationKind::materialized_view) {
    if (!relation(view).incomplete) {
      contradict(Kind::wrong_kind, written(refresh.name), "\"" + std::string(refresh.name.name) + "\" is not a materialized view", "0A000");
    }
    return;
  }
  if (refresh.with_data) {
    state_.fill(view);
  } else {
    state_.empty(view);
    change(view).populated = false;
  }
}

}  // namespace cupel::schema
