// RENAME and SET SCHEMA.
#include "schema/replay.h"

#include <algorithm>

namespace cupel::schema {
namespace {

void replace(std::vector<std::string>& names, std::string_view from, std::string_view to) {
  std::replace(names.begin(), names.end(), std::string(from), std::string(to));
}

// Remembers that what an expression calls `from` is called `to` from now on.
void remember(std::vector<ColumnRename>& renames, std::string_view from, std::string_view to) {
  for (ColumnRename& rename : renames) {
    if (rename.now != from) continue;
    rename.now = to;
    return;
  }
  renames.push_back({std::string(from), std::string(to)});
}

}  // namespace

void Replay::apply(const sql::Rename& rename) {
  using sql::ObjectKind;
  switch (rename.kind) {
    case ObjectKind::column:
    case ObjectKind::constraint: {
      if (rename.if_exists && state_.find(rename.name) == RelationId::none) return;
      const RelationId table = target(rename.name);
      if (table == RelationId::none) return;
      const Recurse recurse = rename.only ? Recurse::no : Recurse::yes;
      if (rename.kind == ObjectKind::column) rename_column(table, rename.sub_name, rename.new_name, recurse);
      else rename_constraint(table, rename.sub_name, rename.new_name, recurse);
      return;
    }
    case ObjectKind::table:
    case ObjectKind::view:
    case ObjectKind::materialized_view:
    case ObjectKind::foreign_table:
    case ObjectKind::index:
    case ObjectKind::sequence: rename_relation(rename); return;
    case ObjectKind::type:
    case ObjectKind::domain:
    case ObjectKind::attribute:
    case ObjectKind::domain_constraint: rename_type(rename); return;
    case ObjectKind::function:
    case ObjectKind::procedure:
    case ObjectKind::routine: rename_function(rename); return;
    case ObjectKind::publication: rename_publication(rename.name.name, rename.new_name); return;
    case ObjectKind::schema: rename_schema(rename.name.name, rename.new_name); return;
    case ObjectKind::trigger:
    case ObjectKind::policy:
    case ObjectKind::rule: {
      const RelationId table = target(rename.name);
      if (table == RelationId::none) return;
      Relation& changed = change(table);
      for (Trigger& trigger : changed.triggers) {
        if (rename.kind == ObjectKind::trigger && trigger.name == rename.sub_name) trigger.name = rename.new_name;
      }
      for (Policy& policy : changed.policies) {
        if (rename.kind == ObjectKind::policy && policy.name == rename.sub_name) policy.name = rename.new_name;
      }
      if (rename.kind == ObjectKind::rule) replace(changed.rules, rename.sub_name, rename.new_name);
      return;
    }
    default: return;
  }
}

void Replay::rename_relation(const sql::Rename& rename) {
  if (rename.if_exists && state_.find(rename.name) == RelationId::none) return;
  const RelationId id = target(rename.name, rename.kind == sql::ObjectKind::index ? RelationKind::index : RelationKind::table);
  if (id == RelationId::none) return;
  ObjectName name{relation(id).name.schema, std::string(rename.new_name)};
  if (const std::uint32_t* taken = state_.relations.find({name.schema, name.name})) {
    if (to_id(*taken) == id) return;
    if (!relation(to_id(*taken)).incomplete) {
      contradict(Kind::duplicate_relation, name.name, "relation \"" + name.name + "\" already exists", "42P07");
      return;
    }
    // Only met, under that name, before it was there.
    drop_relation(to_id(*taken));
  }
  if (relation(id).index) rename_index(id, rename.new_name);
  else state_.rename(id, std::move(name));
}

// A constraint's index has its name, whichever of the two is renamed.
void Replay::rename_index(RelationId id, std::string_view to) {
  const Index& index = *relation(id).index;
  const std::string constraint = index.constraint;
  if (!constraint.empty()) {
    const RelationId table = index.table;
    state_.rename_constraint(table, constraint, to);
    change(id).index->constraint = to;
  }
  state_.rename(id, {relation(id).name.schema, std::string(to)});
}

void Replay::rename_published_column(RelationId table, std::string_view from, std::string_view to) {
  if (!is_published_column(table, from)) return;
  for (Publication& publication : state_.change_publications()) {
    for (PublishedTable& each : publication.tables) {
      if (each.table != table) continue;
      replace(each.columns, from, to);
      if (each.where) remember(each.renames, from, to);
    }
  }
}

void Replay::rename_column(RelationId table, std::string_view from, std::string_view to, Recurse recurse, bool from_parent) {
  Column* column = need_column(table, from);
  if (column == nullptr) return;
  if (const Column* taken = relation(table).find_column(to); taken != nullptr) {
    if (!relation(table).incomplete) {
      contradict(Kind::duplicate_column, to,
                 "column \"" + std::string(to) + "\" of relation \"" + relation(table).name.name + "\" already exists", "42701");
    }
    return;
  }
  if (column->inherited && !from_parent && !relation(table).incomplete) {
    contradict(Kind::not_allowed, from, "cannot rename inherited column \"" + std::string(from) + "\"", "42P16");
    return;
  }
  column->name = to;
  rename_published_column(table, from, to);
  Relation& changed = change(table);
  for (Column& other : changed.columns) {
    if (other.generated != sql::Generated::none) remember(other.renames, from, to);
  }
  for (Constraint& constraint : changed.constraints) {
    if (std::find(constraint.columns.begin(), constraint.columns.end(), from) == constraint.columns.end()) continue;
    replace(constraint.columns, from, to);
    if (constraint.expression) remember(constraint.renames, from, to);
  }
  for (const RelationId id : changed.indexes) {
    const std::vector<std::string> mentioned = relation(id).index->mentioned_columns();
    if (std::find(mentioned.begin(), mentioned.end(), from) == mentioned.end()) continue;
    Index& index = *change(id).index;
    for (IndexKey& key : index.keys) {
      if (key.column == from) key.column = to;
    }
    replace(index.include, from, to);
    remember(index.renames, from, to);
  }
  for (Trigger& trigger : changed.triggers) {
    replace(trigger.update_columns, from, to);
    if (trigger.when) remember(trigger.renames, from, to);
  }
  for (Policy& policy : changed.policies) remember(policy.renames, from, to);
  if (changed.partition_key) {
    for (sql::PartitionKey::Element& element : changed.partition_key->elements) {
      if (element.column == from) element.column = to;
    }
  }
  for (const RelationId sequence : changed.owned_sequences) {
    if (relation(sequence).owner_column == from) change(sequence).owner_column = to;
  }
  for (const RelationId view : changed.dependents) {
    for (Dependency& dependency : change(view).dependencies) {
      if (dependency.relation == table) replace(dependency.columns, from, to);
    }
  }
  for (const std::uint32_t set : functions_that_use(table)) {
    for (Function& function : state_.change_functions(set).overloads) {
      for (Dependency& dependency : function.dependencies) {
        if (dependency.relation == table) replace(dependency.columns, from, to);
      }
    }
  }
  for (const Database::ForeignKeyReference& reference : database_.referencing(table)) {
    const std::string name = reference.constraint->name;
    for (Constraint& constraint : change(reference.table).constraints) {
      if (constraint.name == name) replace(constraint.referenced_columns, from, to);
    }
  }
  if (recurse == Recurse::no) return;
  const std::vector<RelationId> children = changed.children;
  for (const RelationId child : children) {
    if (const Column* own = relation(child).find_column(from); own != nullptr && own->inherited)
      rename_column(child, from, to, recurse, true);
  }
}

void Replay::rename_constraint(RelationId table, std::string_view from, std::string_view to, Recurse recurse) {
  const Relation& owner = relation(table);
  const Constraint* known = owner.find_constraint(from);
  if (known == nullptr) {
    if (owner.incomplete) return;
    contradict(Kind::unknown_constraint, from,
               "constraint \"" + std::string(from) + "\" for table \"" + owner.name.name + "\" does not exist", "42704");
    return;
  }
  if (from == to || !constraint_name_is_free(table, to)) return;
  known = relation(table).find_constraint(from);
  if (known->index != RelationId::none) {
    if (name_is_free({owner.name.schema, std::string(to)}, false, false)) rename_index(known->index, to);
    return;
  }
  state_.rename_constraint(table, from, to);
  for (Constraint& constraint : change(table).constraints) {
    if (constraint.name == to) constraint.named_by_user = true;
  }
  if (recurse == Recurse::no) return;
  const std::vector<RelationId> children = owner.children;
  for (const RelationId child : children) {
    if (const Constraint* own = relation(child).find_constraint(from); own != nullptr && own->inherited) {
      rename_constraint(child, from, to, recurse);
    }
  }
}

void Replay::rename_type(const sql::Rename& rename) {
  if (rename.kind == sql::ObjectKind::type && state_.find_type(rename.name.schema, rename.name.name) == nullptr &&
      state_.find(rename.name) != RelationId::none) {
    return;  // a table's row type is renamed through its table
  }
  const TypeKind guess = rename.kind == sql::ObjectKind::attribute ? TypeKind::composite
                         : rename.kind == sql::ObjectKind::type    ? TypeKind::base
                                                                   : TypeKind::domain;
  const std::optional<std::uint32_t> index = need_type(rename.name, guess);
  if (!index) return;
  if (rename.kind == sql::ObjectKind::attribute) {
    for (Column& column : state_.change_type(*index).columns) {
      if (column.name == rename.sub_name) column.name = rename.new_name;
    }
    return;
  }
  if (rename.kind == sql::ObjectKind::domain_constraint) {
    for (Constraint& constraint : state_.change_type(*index).constraints) {
      if (constraint.name == rename.sub_name) constraint.name = rename.new_name;
    }
    return;
  }
  const ObjectName from = state_.types[*index].name;
  const ObjectName to{from.schema, std::string(rename.new_name)};
  if (from == to || !type_name_is_free(to)) return;
  state_.rename_type(*index, to);
  follow_type(from, to);
}

void Replay::rename_function(const sql::Rename& rename) {
  const FunctionSet* set = state_.find_functions(rename.name.schema, rename.name.name);
  if (set == nullptr) {
    if (state_.extensions.empty())
      contradict(Kind::unknown_function, written(rename.name), "function " + written(rename.name) + " does not exist", "42883");
    return;
  }
  if (set->overloads.size() > 1) return;  // which one is not known here
  const ObjectName from = set->name;
  const ObjectName to{from.schema, std::string(rename.new_name)};
  const std::uint32_t index = *state_.functions.find({from.schema, from.name});
  if (const std::uint32_t* other = state_.functions.find({to.schema, to.name})) {
    // Becomes one of that name's overloads.
    Function moved = set->overloads.front();
    moved.name = to;
    state_.change_functions(index).overloads.clear();
    state_.change_functions(*other).overloads.push_back(std::move(moved));
  } else {
    state_.rename_functions(index, to);
  }
  for (const RelationId id : database_.relations()) {
    const std::vector<Trigger>& triggers = relation(id).triggers;
    if (std::none_of(triggers.begin(), triggers.end(), [&from](const Trigger& trigger) { return trigger.function == from; })) continue;
    for (Trigger& trigger : change(id).triggers) {
      if (trigger.function == from) trigger.function = to;
    }
  }
}

void Replay::follow_type(const ObjectName& from, const ObjectName& to) {
  auto uses = [&from](const DataType& type) { return type.name == from.name && type.schema == from.schema; };
  auto move = [&to](DataType& type) {
    type.schema = to.schema;
    type.name = to.name;
  };
  for (const RelationId id : database_.relations()) {
    const std::vector<Column>& columns = relation(id).columns;
    if (std::none_of(columns.begin(), columns.end(), [&uses](const Column& column) { return uses(column.type); })) continue;
    for (Column& column : change(id).columns) {
      if (uses(column.type)) move(column.type);
    }
  }
  for (std::uint32_t i = 0; i < state_.types.size(); ++i) {
    if (!state_.types.exists(i)) continue;
    const Type& type = state_.types[i];
    if (uses(type.base)) move(state_.change_type(i).base);
    if (std::none_of(type.columns.begin(), type.columns.end(), [&uses](const Column& column) { return uses(column.type); })) continue;
    for (Column& column : state_.change_type(i).columns) {
      if (uses(column.type)) move(column.type);
    }
  }
  for (std::uint32_t i = 0; i < state_.functions.size(); ++i) {
    for (std::size_t overload = 0; overload < state_.functions[i].overloads.size(); ++overload) {
      const std::vector<DataType>& arguments = state_.functions[i].overloads[overload].argument_types;
      if (std::none_of(arguments.begin(), arguments.end(), uses)) continue;
      for (DataType& argument : state_.change_functions(i).overloads[overload].argument_types) {
        if (uses(argument)) move(argument);
      }
    }
  }
}

}  // namespace cupel::schema
