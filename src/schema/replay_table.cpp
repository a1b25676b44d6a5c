// CREATE TABLE and ADD COLUMN.
#include "schema/naming.h"
#include "schema/replay.h"

#include <algorithm>

namespace cupel::schema {

void Replay::apply(const sql::CreateTable& create_table) {
  creating_ = true;
  ObjectName name = creation_name(create_table.name, create_table.persistence);
  if (!name_is_free(name, create_table.if_not_exists, true)) return;
  const RelationKind kind = create_table.partition_by ? RelationKind::partitioned_table
                            : create_table.foreign    ? RelationKind::foreign_table
                                                      : RelationKind::table;
  Relation table = blank(kind, std::move(name), create_table.persistence);
  table.created_if_not_exists = create_table.if_not_exists;
  table.tablespace = create_table.tablespace;
  table.access_method = create_table.access_method;
  if (create_table.partition_by) table.partition_key = state_.expressions.keep(*create_table.partition_by);

  std::vector<RelationId> parents;
  for (const sql::QualifiedName& parent : create_table.inherits) parents.push_back(target(parent));
  if (create_table.partition_of) parents.push_back(target(*create_table.partition_of, RelationKind::partitioned_table));
  std::erase(parents, RelationId::none);
  // What was only met under this name may have children already.
  if (const std::uint32_t* met = state_.relations.find({table.name.schema, table.name.name}))
    std::erase_if(parents, [&](RelationId parent) { return would_circle(parent, to_id(*met)); });
  table.parents = parents;
  std::vector<LikeCopy> likes;
  for (const sql::LikeClause& like : create_table.likes) likes.push_back({&like, target(like.source)});

  add_columns_of_parents(create_table, table);
  add_own_columns(create_table, likes, table);
  const RelationId id = create(std::move(table), create_table.if_not_exists);
  if (create_table.on_commit_drop) state_.session.on_commit_drop.push_back(id);

  // PostgreSQL makes the sequences first, then checks, indexes (the primary key's before the others'), what LIKE copies,
  // and foreign keys: the order decides which name gets a number.
  for (const sql::ColumnDefinition& column : create_table.columns) {
    if (column.type.is_serial() || column.identity != sql::Identity::none) make_sequence(id, column.name);
  }
  for (const RelationId parent : parents) {
    Relation& from = change(parent);
    if (std::find(from.children.begin(), from.children.end(), id) == from.children.end()) from.children.push_back(id);
    if (create_table.partition_of && from.incomplete) from.kind = RelationKind::partitioned_table;
    inherit_constraints(parent, id);
  }
  std::vector<const sql::Constraint*> constraints;
  for (const sql::ColumnDefinition& column : create_table.columns) {
    for (const sql::Constraint& constraint : column.constraints) constraints.push_back(&constraint);
  }
  for (const sql::Constraint& constraint : create_table.constraints) constraints.push_back(&constraint);
  const auto foreign_keys = std::stable_partition(constraints.begin(), constraints.end(), [](const sql::Constraint* constraint) {
    return constraint->kind != sql::ConstraintKind::foreign_key;
  });
  if (create_table.partition_of && !parents.empty()) {
    make_partition(parents.back(), id, create_table.bound ? &*create_table.bound : nullptr);
  }
  add_constraints(id, {constraints.begin(), foreign_keys}, Recurse::no);
  for (const sql::ColumnDefinition& column : create_table.columns) {
    if (column.not_null || column.identity != sql::Identity::none || column.type.is_serial())
      set_not_null(id, column.name, {}, Recurse::no);
  }
  for (const LikeCopy& like : likes) copy_parts_of_like(like, id);
  add_constraints(id, {foreign_keys, constraints.end()}, Recurse::no);
}

Column Replay::make_column(const sql::ColumnDefinition& definition) const {
  Column column;
  column.name = definition.name;
  column.type = state_.resolve(definition.type);
  column.collation = definition.collation;
  column.is_serial = definition.type.is_serial();
  column.generated = definition.generated;
  column.identity = definition.identity;
  const sql::Expression& value = definition.generated != sql::Generated::none ? definition.generated_as : definition.default_value;
  column.default_value = keep(value);
  column.has_default = column.is_serial || column.identity != sql::Identity::none || (value && value.kind() != sql::ExpressionKind::null);
  column.created_epoch = state_.session.epoch;
  return column;
}

void Replay::add_columns_of_parents(const sql::CreateTable& create_table, Relation& table) {
  for (const RelationId parent : table.parents) {
    const Relation& from = relation(parent);
    table.incomplete = table.incomplete || from.incomplete;
    for (const Column& column : from.columns) {
      if (Column* same = table.find_column(column.name)) {
        same->not_null = same->not_null || column.not_null;
        continue;
      }
      Column copy = column;
      copy.inherited = true;
      copy.local = false;
      copy.created_epoch = state_.session.epoch;
      // An identity is passed on to partitions (from 17 on) but not to inheritance children (manual: CREATE TABLE, INHERITS).
      if (!create_table.partition_of && copy.identity != sql::Identity::none) {
        copy.identity = sql::Identity::none;
        copy.has_default = false;
      }
      table.columns.push_back(std::move(copy));
    }
  }
  if (create_table.of_type) {
    const DataType type = state_.resolve(*create_table.of_type);
    table.of_type = type.name;
    const Type* composite = database_.find_type(type);
    if (composite == nullptr) {
      table.incomplete = true;
      return;
    }
    table.columns.insert(table.columns.end(), composite->columns.begin(), composite->columns.end());
  }
}

void Replay::add_own_columns(const sql::CreateTable& create_table, std::span<const LikeCopy> likes, Relation& table) {
  auto like = likes.begin();
  table.columns.reserve(table.columns.size() + create_table.columns.size());
  for (const sql::ColumnDefinition& definition : create_table.columns) {
    for (; like != likes.end() && like->clause->source.span.begin < definition.span.begin; ++like) {
      add_columns_of_like(*like->clause, like->source, table);
    }
    add_own_column(definition, table);
  }
  for (; like != likes.end(); ++like) add_columns_of_like(*like->clause, like->source, table);
}

void Replay::add_own_column(const sql::ColumnDefinition& definition, Relation& table) {
  Column* same = table.find_column(definition.name);
  if (same == nullptr) {
    table.columns.push_back(make_column(definition));
    return;
  }
  if (!same->inherited && table.of_type.empty()) {
    contradict(Kind::duplicate_column, definition.name, "column \"" + std::string(definition.name) + "\" specified more than once",
               "42701");
    return;
  }
  // Merged with the parent's: its own default wins. In a partition and in a typed table only options are written.
  same->local = true;
  Column own = make_column(definition);
  if (own.has_default) {
    same->default_value = own.default_value;
    same->has_default = true;
    same->is_serial = own.is_serial;
    same->generated = own.generated;
    same->identity = own.identity;
    same->renames.clear();
  }
}

void Replay::add_columns_of_like(const sql::LikeClause& like, RelationId source, Relation& table) {
  if (source == RelationId::none) return;
  const Relation& from = relation(source);
  table.incomplete = table.incomplete || from.incomplete;
  for (const Column& column : from.columns) {
    if (table.find_column(column.name) != nullptr) {
      contradict(Kind::duplicate_column, column.name, "column \"" + column.name + "\" specified more than once", "42701");
      continue;
    }
    Column copy = column;
    copy.inherited = false;
    copy.local = true;
    copy.created_epoch = state_.session.epoch;
    // Not-null comes along always, the rest if it is included (manual: CREATE TABLE, LIKE). A serial's default does too,
    // and then draws from the other table's sequence.
    const bool is_generated = copy.generated != sql::Generated::none;
    const bool is_identity = copy.identity != sql::Identity::none;
    const bool keep = is_generated ? like.including_generated : is_identity ? like.including_identity : like.including_defaults;
    if (!keep) {
      copy.default_value = {};
      copy.has_default = copy.is_serial = false;
      copy.generated = sql::Generated::none;
      copy.identity = sql::Identity::none;
    }
    table.columns.push_back(std::move(copy));
  }
}

void Replay::inherit_constraints(RelationId parent, RelationId child) {
  const Relation& from = relation(parent);
  for (const Constraint& constraint : from.constraints) {
    if (constraint.no_inherit) continue;
    if (constraint.kind == ConstraintKind::not_null) {
      if (constraint.columns.empty()) continue;
      change(child).find_column(constraint.columns.front())->not_null = false;
      set_not_null(child, constraint.columns.front(), {constraint.name, true, false, true}, Recurse::no);
    } else if (constraint.kind == ConstraintKind::check) {
      Constraint copy = constraint;
      copy.inherited = true;
      copy.local = false;
      copy.created_epoch = state_.session.epoch;
      copy.created_transaction = state_.session.transaction;
      if (relation(child).find_constraint(copy.name) == nullptr) state_.add_constraint(child, std::move(copy));
    }
  }
}

void Replay::copy_parts_of_like(const LikeCopy& like, RelationId table) {
  if (like.source == RelationId::none) return;
  for (const Column& column : relation(like.source).columns) {
    const Column* own = relation(table).find_column(column.name);
    if (own == nullptr) continue;
    if (own->not_null && own->local && !own->inherited) {
      // The flag was copied with the column: now the constraint that belongs to it, under the same name (18).
      std::string_view name;
      for (const Constraint& constraint : relation(like.source).constraints) {
        if (constraint.kind == ConstraintKind::not_null && constraint.columns.front() == column.name) name = constraint.name;
      }
      change(table).find_column(column.name)->not_null = false;
      set_not_null(table, column.name, {name, true, false, false}, Recurse::no);
    }
    if (own->identity != sql::Identity::none) make_sequence(table, column.name);
  }
  if (like.clause->including_constraints) {
    const std::vector<Constraint> constraints = relation(like.source).constraints;
    for (Constraint copy : constraints) {
      if (copy.kind != ConstraintKind::check || relation(table).find_constraint(copy.name) != nullptr) continue;
      copy.inherited = false;
      copy.local = true;
      copy.created_epoch = state_.session.epoch;
      copy.created_transaction = state_.session.transaction;
      state_.add_constraint(table, std::move(copy));
    }
  }
  if (like.clause->including_indexes) {
    const std::vector<RelationId> indexes = relation(like.source).indexes;
    for (const RelationId source : indexes) {
      Index index = *relation(source).index;
      index.table = table;
      index.parent = RelationId::none;
      index.children.clear();
      index.clustered = index.replica_identity = false;
      IndexOrigin origin;
      if (const Constraint* constraint = relation(like.source).find_constraint(index.constraint); !index.constraint.empty() && constraint) {
        origin.constraint = *constraint;
        origin.constraint->inherited = false;
        origin.constraint->named_by_user = false;
      }
      index.constraint.clear();
      std::string name = choose_index_name(state_, relation(table).name, index, origin.constraint.has_value());
      build_index(table, std::move(index), std::move(name), std::move(origin), Recurse::no);
    }
  }
}

void Replay::make_sequence(RelationId table, std::string_view column) {
  const Relation& owner = relation(table);
  ObjectName name{owner.name.schema, choose_relation_name(state_, owner.name.schema, owner.name.name, column, "seq", false)};
  Relation sequence = blank(RelationKind::sequence, std::move(name), owner.persistence);
  sequence.owner_table = table;
  sequence.owner_column = column;
  const RelationId id = state_.create(std::move(sequence));
  change(table).owned_sequences.push_back(id);
}

void Replay::add_column(RelationId table, const sql::AlterTableCommand& command, Recurse recurse) {
  const sql::ColumnDefinition& definition = *command.column;
  const Relation& before = relation(table);
  const Column* same = before.find_column(definition.name);
  if (same != nullptr && before.incomplete && same->type.name.empty()) {
    // Only met so far: a statement on it was seen, not its creation.
    Relation& changed = change(table);
    std::erase_if(changed.columns, [&definition](const Column& column) { return column.name == definition.name; });
    same = nullptr;
  }
  if (same != nullptr) {
    if (command.missing_ok) return;
    contradict(Kind::duplicate_column, definition.name,
               "column \"" + std::string(definition.name) + "\" of relation \"" + before.name.name + "\" already exists", "42701");
    return;
  }
  if (!reaches_children(table, recurse, "column")) return;
  change(table).columns.push_back(make_column(definition));
  if (recurse == Recurse::yes) {
    for (const RelationId child : database_.descendants(table)) {
      if (Column* of_child = relation(child).find_column(definition.name) ? change(child).find_column(definition.name) : nullptr) {
        of_child->inherited = true;
        continue;
      }
      Column copy = make_column(definition);
      copy.inherited = true;
      copy.local = false;
      change(child).columns.push_back(std::move(copy));
    }
  }
  const bool counts = definition.type.is_serial() || definition.identity != sql::Identity::none;
  if (counts) make_sequence(table, definition.name);
  std::vector<const sql::Constraint*> constraints;
  for (const sql::Constraint& constraint : definition.constraints) constraints.push_back(&constraint);
  add_constraints(table, constraints, recurse);
  if (definition.not_null || counts) set_not_null(table, definition.name, {}, recurse);
}

}  // namespace cupel::schema
