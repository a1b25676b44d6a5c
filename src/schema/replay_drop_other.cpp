// DROP of what is no relation: types, functions, schemas, triggers, rules, policies.
#include "schema/replay.h"

#include <algorithm>

namespace cupel::schema {
namespace {

bool calls(const sql::Expression& expression, const ObjectName& function) {
  bool found = false;
  expression.walk([&](const sql::Expression& part) {
    if (part.kind() != sql::ExpressionKind::function) return true;
    const std::vector<std::string_view> name = part.name();
    found = name.back() == function.name && (name.size() < 2 || name[name.size() - 2] == function.schema);
    return !found;
  });
  return found;
}

// What of a table goes with a function when CASCADE says so (manual 5.15, Dependency Tracking).
struct Callers {
  std::vector<std::string> checks, defaults, generated, policies;
  std::vector<RelationId> indexes;
};

Callers callers_of(const ObjectName& function, const Relation& table, const Database& database) {
  Callers result;
  for (const Constraint& constraint : table.constraints) {
    if (constraint.kind == ConstraintKind::check && calls(constraint.expression, function)) result.checks.push_back(constraint.name);
  }
  for (const Column& column : table.columns) {
    if (!calls(column.default_value, function)) continue;
    (column.generated == sql::Generated::none ? result.defaults : result.generated).push_back(column.name);
  }
  for (const Policy& policy : table.policies) {
    if (calls(policy.using_expression, function) || calls(policy.with_check, function)) result.policies.push_back(policy.name);
  }
  for (const RelationId id : table.indexes) {
    const Index& index = *database.relation(id).index;
    const bool in_key =
        std::any_of(index.keys.begin(), index.keys.end(), [&](const IndexKey& key) { return calls(key.expression, function); });
    if (in_key || calls(index.predicate, function)) result.indexes.push_back(id);
  }
  return result;
}

}  // namespace

void Replay::drop_type(const sql::DropObjects& drop, const sql::QualifiedName& name) {
  const std::uint32_t* found = state_.find_type(name.schema, name.name);
  if (found == nullptr) {
    if (!drop.if_exists && state_.find(name) == RelationId::none) {
      contradict(Kind::unknown_type, written(name), "type \"" + written(name) + "\" does not exist", "42704");
    }
    return;
  }
  const std::uint32_t index = *found;
  const ObjectName type = state_.types[index].name;
  const std::vector<RelationId> tables = database_.tables_using_type(type);
  const bool may_refuse = drop.behavior != sql::DropBehavior::cascade && !statement_.conditional && !statement_.errors_caught;
  if (!tables.empty() && may_refuse) {
    contradict(Kind::dependent_objects, written(name), "cannot drop type " + type.name + " because other objects depend on it", "2BP01");
    return;
  }
  for (const RelationId table : tables) {
    std::vector<std::string> columns;
    for (const Column& column : relation(table).columns) {
      if (column.type.name == type.name && column.type.schema == type.schema) columns.push_back(column.name);
    }
    for (const std::string& column : columns) erase_column(table, column);
  }
  state_.drop_type(index);
}

void Replay::drop_function(const sql::DropObjects& drop, const sql::QualifiedName& name) {
  const FunctionSet* set = state_.find_functions(name.schema, name.name);
  if (set == nullptr) {
    if (!drop.if_exists && state_.extensions.empty()) {
      contradict(Kind::unknown_function, written(name), "function " + written(name) + " does not exist", "42883");
    }
    return;
  }
  const ObjectName dropped = set->name;
  const std::uint32_t index = *state_.functions.find({dropped.schema, dropped.name});
  if (set->overloads.size() > 1 || set->ambiguous) {
    // Which one is not known here: all stay, for what is asked of functions is whether one of them may be harmful.
    state_.change_functions(index).ambiguous = true;
    return;
  }
  std::vector<std::pair<RelationId, std::string>> triggers;
  for (const RelationId id : database_.relations()) {
    for (const Trigger& trigger : relation(id).triggers) {
      if (trigger.function == dropped) triggers.emplace_back(id, trigger.name);
    }
  }
  const bool may_refuse = drop.behavior != sql::DropBehavior::cascade && !statement_.conditional && !statement_.errors_caught;
  if (!triggers.empty() && may_refuse) {
    contradict(Kind::dependent_objects, written(name), "cannot drop function " + dropped.name + "() because other objects depend on it",
               "2BP01");
    return;
  }
  for (const auto& [table, trigger] : triggers) {
    const std::string& gone = trigger;
    std::erase_if(change(table).triggers, [&gone](const Trigger& candidate) { return candidate.name == gone; });
  }
  state_.change_functions(index).overloads.clear();
  if (drop.behavior != sql::DropBehavior::cascade) return;
  std::vector<RelationId> views;
  for (const RelationId id : database_.relations()) {
    if (relation(id).calls_function(dropped.schema, dropped.name)) views.push_back(id);
  }
  drop_all(doomed_by(views));
  if (!database_.may_call(dropped.name)) return;
  for (const RelationId id : database_.relations()) {
    const Callers callers = callers_of(dropped, relation(id), database_);
    for (const std::string& policy : callers.policies) {
      std::erase_if(change(id).policies, [&policy](const Policy& candidate) { return candidate.name == policy; });
    }
    for (const std::string& check : callers.checks) erase_constraint(id, check, Recurse::no);
    for (const RelationId caller : callers.indexes) drop_index(caller);
    for (const std::string& column : callers.defaults) {
      Column& changed = *change(id).find_column(column);
      changed.default_value = {};
      changed.has_default = false;
    }
    for (const std::string& column : callers.generated) erase_column(id, column);
  }
}

void Replay::drop_schema(const sql::DropObjects& drop, std::string_view name) {
  const bool known = std::find(state_.schemas.begin(), state_.schemas.end(), name) != state_.schemas.end();
  if (!known) {
    if (!drop.if_exists) contradict(Kind::unknown_schema, name, "schema \"" + std::string(name) + "\" does not exist", "3F000");
    return;
  }
  std::vector<RelationId> inside;
  for (const RelationId id : database_.relations()) {
    if (relation(id).name.schema == name) inside.push_back(id);
  }
  std::vector<std::uint32_t> types;
  for (std::uint32_t i = 0; i < state_.types.size(); ++i) {
    if (state_.types.exists(i) && state_.types[i].name.schema == name) types.push_back(i);
  }
  std::vector<std::uint32_t> functions;
  for (std::uint32_t i = 0; i < state_.functions.size(); ++i) {
    if (state_.functions.exists(i) && state_.functions[i].name.schema == name && !state_.functions[i].overloads.empty())
      functions.push_back(i);
  }
  const bool may_refuse = drop.behavior != sql::DropBehavior::cascade && !statement_.conditional && !statement_.errors_caught;
  if (may_refuse && (!inside.empty() || !types.empty() || !functions.empty())) {
    contradict(Kind::dependent_objects, name, "cannot drop schema " + std::string(name) + " because other objects depend on it", "2BP01");
    return;
  }
  drop_all(doomed_by(inside));
  for (const std::uint32_t index : types) state_.drop_type(index);
  for (const std::uint32_t index : functions) state_.change_functions(index).overloads.clear();
  std::erase(state_.change_schemas(), name);
}

void Replay::drop_part(const sql::DropObjects& drop, const sql::QualifiedName& table, std::string_view name) {
  if (drop.if_exists && state_.find(table) == RelationId::none) return;
  const RelationId id = target(table);
  if (id == RelationId::none) return;
  Relation& changed = change(id);
  std::size_t erased = 0;
  std::string_view word = "trigger";
  if (drop.kind == sql::ObjectKind::trigger) {
    erased = std::erase_if(changed.triggers, [name](const Trigger& trigger) { return trigger.name == name; });
    for (const RelationId child : database_.descendants(id)) {
      std::erase_if(change(child).triggers, [name](const Trigger& trigger) { return trigger.inherited && trigger.name == name; });
    }
  } else if (drop.kind == sql::ObjectKind::policy) {
    word = "policy";
    erased = std::erase_if(changed.policies, [name](const Policy& policy) { return policy.name == name; });
  } else {
    word = "rule";
    erased = std::erase(changed.rules, name);
  }
  if (erased > 0 || drop.if_exists || changed.incomplete) return;
  contradict(Kind::unknown_object, name,
             std::string(word) + " \"" + std::string(name) + "\" for " + (word == "trigger" ? "table" : "relation") + " \"" +
                 changed.name.name + "\" does not exist",
             "42704");
}

}  // namespace cupel::schema
