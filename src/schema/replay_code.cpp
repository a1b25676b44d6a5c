// Functions, triggers, rules, policies.
#include "schema/replay.h"

#include <algorithm>
#include <array>

namespace cupel::schema {
namespace {

// PostgreSQL's own trigger functions (manual: 9.28 Trigger Functions, F.19 lo); foreign keys' are RI_FKey_….
constexpr std::array<std::string_view, 4> builtin_trigger_functions{"suppress_redundant_updates_trigger", "tsvector_update_trigger",
                                                                    "tsvector_update_trigger_column", "unique_key_recheck"};

// Extensions that bring no trigger functions, as far as anyone uses them.
constexpr std::array<std::string_view, 13> plain_extensions{
    "plpgsql",    "uuid-ossp", "pgcrypto",           "citext",   "hstore",       "pg_trgm", "ltree", "btree_gin",
    "btree_gist", "unaccent",  "pg_stat_statements", "intarray", "fuzzystrmatch"};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

sql::Expression Replay::inlined(const sql::CreateFunction& create_function) const {
  if (create_function.return_expression) return create_function.return_expression;
  if (!create_function.body || create_function.body->language != "sql") return {};
  const sql::Body& body = script_.body(statement_);
  if (body.statements.size() != 1 || !body.errors.empty()) return {};
  const auto* select = body.statements.front().as<sql::Select>();
  return select == nullptr ? sql::Expression() : select->only_value;
}

void Replay::apply(const sql::CreateFunction& create_function) {
  const ObjectName name = creation_name(create_function.name);
  Function function;
  function.name = name;
  for (const sql::FunctionArgument& argument : create_function.arguments) {
    if (!argument.input) continue;
    function.argument_types.push_back(state_.resolve(argument.type));
    if (!argument.default_value) function.required_arguments = function.argument_types.size();
  }
  function.procedure = create_function.procedure;
  function.strict = create_function.strict;
  function.security_definer = create_function.security_definer;
  function.volatility = create_function.volatility.value_or(sql::Volatility::volatile_);
  if (create_function.body) {
    function.language = create_function.body->language;
    function.body = create_function.body->text;
  } else if (create_function.return_expression || create_function.sql_body) {
    function.language = "sql";
  }
  function.inlined = keep(inlined(create_function));
  function.created_epoch = state_.session.epoch;
  if (create_function.sql_body || create_function.return_expression)
    function.dependencies = dependencies_of(relations_read(create_function.query), {}, create_function.query);

  const std::uint32_t* known = state_.functions.find({name.schema, name.name});
  if (known == nullptr) {
    FunctionSet set;
    set.name = name;
    set.overloads.push_back(std::move(function));
    state_.create_functions(std::move(set));
    return;
  }
  const FunctionSet& set = state_.functions[*known];
  const auto same = std::find_if(set.overloads.begin(), set.overloads.end(),
                                 [&function](const Function& other) { return other.argument_types == function.argument_types; });
  if (same == set.overloads.end()) {
    state_.change_functions(*known).overloads.push_back(std::move(function));
    return;
  }
  if (!create_function.or_replace && !set.ambiguous) {
    contradict(Kind::duplicate_function, written(create_function.name),
               "function \"" + name.name + "\" already exists with same argument types", "42723");
    return;
  }
  const auto position = static_cast<std::size_t>(same - set.overloads.begin());
  state_.change_functions(*known).overloads[position] = std::move(function);
}

void Replay::apply(const sql::AlterFunction& alter_function) {
  const FunctionSet* set = state_.find_functions(alter_function.name.schema, alter_function.name.name);
  // Of several overloads which one is altered is not known here.
  if (set == nullptr || set->overloads.size() != 1 || !alter_function.volatility) return;
  const std::uint32_t index = *state_.functions.find({set->name.schema, set->name.name});
  state_.change_functions(index).overloads.front().volatility = *alter_function.volatility;
}

bool Replay::trigger_function_is_unknown(const sql::QualifiedName& name) const {
  if (name.schema == "pg_catalog" || contains(builtin_trigger_functions, name.name) || name.name.starts_with("ri_fkey_")) return false;
  if (state_.find_functions(name.schema, name.name) != nullptr) return false;
  return std::all_of(state_.extensions.begin(), state_.extensions.end(),
                     [](const std::string& extension) { return contains(plain_extensions, extension); });
}

void Replay::apply(const sql::CreateTrigger& create_trigger) {
  const RelationId table = target(create_trigger.table);
  if (table == RelationId::none) return;
  if (trigger_function_is_unknown(create_trigger.function)) {
    contradict(Kind::unknown_function, written(create_trigger.function),
               "function " + written(create_trigger.function) + "() does not exist", "42883");
    if (!relation(table).incomplete) return;
  }
  Trigger trigger;
  trigger.name = create_trigger.name;
  const FunctionSet* function = state_.find_functions(create_trigger.function.schema, create_trigger.function.name);
  trigger.function = function != nullptr
                         ? function->name
                         : ObjectName{std::string(create_trigger.function.schema), std::string(create_trigger.function.name)};
  trigger.row = create_trigger.row;
  trigger.constraint = create_trigger.constraint;
  trigger.deferrable = create_trigger.deferrable;
  trigger.initially_deferred = create_trigger.initially_deferred;
  trigger.timing = create_trigger.timing;
  trigger.on_insert = create_trigger.on_insert;
  trigger.on_update = create_trigger.on_update;
  trigger.on_delete = create_trigger.on_delete;
  trigger.on_truncate = create_trigger.on_truncate;
  for (const std::string_view column : create_trigger.update_columns) {
    if (relation(table).find_column(column) == nullptr && !relation(table).incomplete) {
      unknown_column(column, relation(table));
      return;
    }
    trigger.update_columns.emplace_back(column);
  }
  trigger.when = keep(create_trigger.when);
  Relation& changed = change(table);
  auto same = std::find_if(changed.triggers.begin(), changed.triggers.end(),
                           [&trigger](const Trigger& other) { return other.name == trigger.name; });
  if (same == changed.triggers.end()) {
    changed.triggers.push_back(trigger);
  } else if (create_trigger.or_replace || changed.incomplete) {
    *same = trigger;
  } else {
    contradict(Kind::duplicate_object, trigger.name,
               "trigger \"" + trigger.name + "\" for relation \"" + changed.name.name + "\" already exists", "42710");
    return;
  }
  if (!trigger.row || changed.kind != RelationKind::partitioned_table) return;
  for (const RelationId child : database_.descendants(table)) copy_triggers_to_partition(table, child);
}

void Replay::apply(const sql::CreateRule& create_rule) {
  const RelationId table = target(create_rule.table);
  if (table == RelationId::none) return;
  Relation& changed = change(table);
  if (std::find(changed.rules.begin(), changed.rules.end(), create_rule.name) == changed.rules.end()) {
    changed.rules.emplace_back(create_rule.name);
  } else if (!create_rule.or_replace && !changed.incomplete) {
    contradict(Kind::duplicate_object, create_rule.name,
               "rule \"" + std::string(create_rule.name) + "\" for relation \"" + changed.name.name + "\" already exists", "42710");
  }
}

void Replay::apply(const sql::CreatePolicy& create_policy) {
  const RelationId table = target(create_policy.table);
  if (table == RelationId::none) return;
  Relation& changed = change(table);
  auto same = std::find_if(changed.policies.begin(), changed.policies.end(),
                           [&create_policy](const Policy& policy) { return policy.name == create_policy.name; });
  if (same == changed.policies.end()) {
    changed.policies.push_back({std::string(create_policy.name), keep(create_policy.using_expression), keep(create_policy.with_check), {}});
  } else if (!changed.incomplete) {
    contradict(Kind::duplicate_object, create_policy.name,
               "policy \"" + std::string(create_policy.name) + "\" for table \"" + changed.name.name + "\" already exists", "42710");
  }
}

void Replay::apply(const sql::AlterPolicy& alter_policy) {
  const RelationId table = target(alter_policy.table);
  if (table == RelationId::none) return;
  Relation& changed = change(table);
  for (Policy& policy : changed.policies) {
    if (policy.name != alter_policy.name) continue;
    if (alter_policy.using_expression) policy.using_expression = keep(alter_policy.using_expression);
    if (alter_policy.with_check) policy.with_check = keep(alter_policy.with_check);
    return;
  }
  if (changed.incomplete) return;
  contradict(Kind::unknown_object, alter_policy.name,
             "policy \"" + std::string(alter_policy.name) + "\" for table \"" + changed.name.name + "\" does not exist", "42704");
}

}  // namespace cupel::schema
