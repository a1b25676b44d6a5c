// Constraints of tables, but for their dropping.
#include "schema/naming.h"
#include "schema/replay.h"

#include <algorithm>
#include <deque>

namespace cupel::schema {
namespace {

bool is_system_column(std::string_view name) {
  return name == "tableoid" || name == "ctid" || name == "xmin" || name == "xmax" || name == "cmin" || name == "cmax";
}

ConstraintKind kind_of(sql::ConstraintKind kind) {
  switch (kind) {
    case sql::ConstraintKind::unique: return ConstraintKind::unique;
    case sql::ConstraintKind::primary_key: return ConstraintKind::primary_key;
    case sql::ConstraintKind::exclude: return ConstraintKind::exclude;
    case sql::ConstraintKind::foreign_key: return ConstraintKind::foreign_key;
    case sql::ConstraintKind::not_null: return ConstraintKind::not_null;
    default: return ConstraintKind::check;
  }
}

bool is_index_constraint(sql::ConstraintKind kind) {
  return kind == sql::ConstraintKind::unique || kind == sql::ConstraintKind::primary_key || kind == sql::ConstraintKind::exclude;
}

// Two constraints of one CREATE TABLE that need the same index: PostgreSQL builds it once (transformIndexConstraints).
bool need_same_index(const sql::Constraint& a, const sql::Constraint& b) {
  return a.kind != sql::ConstraintKind::exclude && b.kind != sql::ConstraintKind::exclude && a.columns == b.columns &&
         a.include == b.include && a.using_index.empty() && b.using_index.empty() && a.deferrable == b.deferrable &&
         a.initially_deferred == b.initially_deferred && a.nulls_not_distinct == b.nulls_not_distinct;
}

}  // namespace

Constraint Replay::blank_constraint(const sql::Constraint& constraint, ConstraintKind kind) const {
  Constraint result;
  result.kind = kind;
  result.name = constraint.name;
  result.named_by_user = !constraint.name.empty();
  result.validated = !constraint.not_valid && !constraint.not_enforced;
  result.enforced = !constraint.not_enforced;
  result.deferrable = constraint.deferrable;
  result.initially_deferred = constraint.initially_deferred;
  result.no_inherit = constraint.no_inherit;
  result.created_epoch = state_.session.epoch;
  result.created_transaction = state_.session.transaction;
  return result;
}

void Replay::add_constraints(RelationId table, std::span<const sql::Constraint* const> constraints, Recurse recurse) {
  for (const sql::Constraint* constraint : constraints) {
    if (constraint->kind == sql::ConstraintKind::check) add_check(table, *constraint, recurse);
  }
  for (const sql::Constraint* constraint : constraints) {
    if (constraint->kind == sql::ConstraintKind::not_null) add_constraint(table, *constraint, recurse);
  }
  std::vector<const sql::Constraint*> indexed;
  std::deque<sql::Constraint> merged;
  for (const sql::Constraint* constraint : constraints) {
    if (constraint->kind == sql::ConstraintKind::primary_key) indexed.push_back(constraint);
  }
  for (const sql::Constraint* constraint : constraints) {
    if (!is_index_constraint(constraint->kind) || constraint->kind == sql::ConstraintKind::primary_key) continue;
    const auto same = std::find_if(indexed.begin(), indexed.end(),
                                   [constraint](const sql::Constraint* other) { return need_same_index(*constraint, *other); });
    if (same == indexed.end()) {
      indexed.push_back(constraint);
      continue;
    }
    if (!(*same)->name.empty() || constraint->name.empty()) continue;
    // The one index gets the name that was written for either.
    sql::Constraint& named = merged.emplace_back(**same);
    named.name = constraint->name;
    *same = &named;
  }
  for (const sql::Constraint* constraint : indexed) add_index_constraint(table, *constraint, recurse);
  for (const sql::Constraint* constraint : constraints) {
    if (constraint->kind == sql::ConstraintKind::foreign_key) add_foreign_key(table, *constraint, recurse);
  }
}

void Replay::add_constraint(RelationId table, const sql::Constraint& constraint, Recurse recurse) {
  switch (constraint.kind) {
    case sql::ConstraintKind::check: add_check(table, constraint, recurse); return;
    case sql::ConstraintKind::unique:
    case sql::ConstraintKind::primary_key:
    case sql::ConstraintKind::exclude: add_index_constraint(table, constraint, recurse); return;
    case sql::ConstraintKind::foreign_key: add_foreign_key(table, constraint, recurse); return;
    case sql::ConstraintKind::not_null:
      if (!constraint.columns.empty() && need_column(table, constraint.columns.front()) != nullptr) {
        set_not_null(table, constraint.columns.front(), {constraint.name, !constraint.not_valid, constraint.no_inherit, false}, recurse);
      }
      return;
    default: return;
  }
}

bool Replay::constraint_name_is_free(RelationId table, std::string_view name) {
  const Constraint* same = relation(table).find_constraint(name);
  if (same == nullptr) return true;
  if (same->kind == ConstraintKind::not_null && !same->named_by_user) {
    // Only from 18 on is NOT NULL a constraint with a name, and one that nobody wrote gives way.
    const std::string old_name(name);
    const ObjectName& of_table = relation(table).name;
    const std::string column = same->columns.empty() ? std::string() : same->columns.front();
    state_.rename_constraint(table, old_name, choose_constraint_name(state_, of_table.schema, of_table.name, column, "not_null"));
    return true;
  }
  contradict(Kind::duplicate_constraint, name,
             "constraint \"" + std::string(name) + "\" for relation \"" + relation(table).name.name + "\" already exists", "42710");
  return false;
}

bool Replay::columns_exist(RelationId table, std::span<const std::string_view> columns) {
  const Relation& known = relation(table);
  if (known.incomplete) return true;
  for (const std::string_view column : columns) {
    if (known.find_column(column) != nullptr || is_system_column(column)) continue;
    contradict(Kind::unknown_column, column, "column \"" + std::string(column) + "\" named in key does not exist", "42703");
    return false;
  }
  return true;
}

// ---- CHECK ------------------------------------------------------------------------------------------------------------

void Replay::add_check(RelationId table, const sql::Constraint& constraint, Recurse recurse) {
  const Relation& owner = relation(table);
  Constraint check = blank_constraint(constraint, ConstraintKind::check);
  check.expression = keep(constraint.expression);
  for (const std::string_view column : constraint.expression.columns()) {
    if (owner.find_column(column) != nullptr) {
      check.columns.emplace_back(column);
    } else if (!owner.incomplete && column != "*" && column != owner.name.name && !is_system_column(column)) {
      contradict(Kind::unknown_column, column, "column \"" + std::string(column) + "\" does not exist", "42703");
      return;
    }
  }
  if (check.name.empty()) {
    // Named after the column if it is about exactly one.
    const std::string_view column = check.columns.size() == 1 ? std::string_view(check.columns.front()) : std::string_view();
    check.name = choose_constraint_name(state_, owner.name.schema, owner.name.name, column, "check");
  } else if (!constraint_name_is_free(table, check.name)) {
    return;
  }
  if (!check.no_inherit && !reaches_children(table, recurse, "constraint")) return;
  const std::string name = check.name;
  const bool no_inherit = check.no_inherit;
  state_.add_constraint(table, std::move(check));
  if (recurse == Recurse::yes && !no_inherit) pass_on_check(table, name);
}

void Replay::pass_on_check(RelationId table, std::string_view name) {
  for (const RelationId child : database_.descendants(table)) {
    if (const Constraint* same = relation(child).find_constraint(name)) {
      for (Constraint& constraint : change(child).constraints) {
        if (constraint.name == same->name) constraint.inherited = true;
      }
      continue;
    }
    Constraint copy = *relation(table).find_constraint(name);
    copy.inherited = true;
    copy.local = false;
    state_.add_constraint(child, std::move(copy));
  }
}

bool Replay::reaches_children(RelationId table, Recurse recurse, std::string_view what) {
  const Relation& owner = relation(table);
  if (recurse == Recurse::yes || owner.children.empty() || creating_) return true;
  contradict(Kind::not_allowed, owner.name.name, std::string(what) + " must be added to child tables too", "42P16");
  return false;
}

// ---- NOT NULL -----------------------------------------------------------------------------------------------------------

void Replay::set_not_null(RelationId table, std::string_view column, const NotNull& how, Recurse recurse) {
  const Relation& owner = relation(table);
  const Column* known = owner.find_column(column);
  if (known == nullptr) return;
  if (!known->not_null || (how.validated && !known->not_null_validated)) {
    Column* changed = change(table).find_column(column);
    changed->not_null_validated = how.validated;
    changed->not_null = true;
  }
  Constraint* existing = nullptr;
  for (const Constraint& constraint : owner.constraints) {
    if (constraint.kind != ConstraintKind::not_null || constraint.columns.empty() || constraint.columns.front() != column) continue;
    const std::string name = constraint.name;
    for (Constraint& changed : change(table).constraints) {
      if (changed.name == name) existing = &changed;
    }
    break;
  }
  if (existing != nullptr) {
    existing->validated = existing->validated || how.validated;
    existing->inherited = existing->inherited || how.inherited;
    existing->local = existing->local || !how.inherited;
    // A name written for the column comes after the one that its PRIMARY KEY or serial gave.
    if (!how.name.empty() && !existing->named_by_user && !how.inherited) {
      const std::string old_name = existing->name;
      existing->named_by_user = true;
      state_.rename_constraint(table, old_name, how.name);
    }
  } else {
    Constraint constraint;
    constraint.kind = ConstraintKind::not_null;
    constraint.columns.emplace_back(column);
    constraint.named_by_user = !how.name.empty() && !how.inherited;
    const bool taken = how.name.empty() || owner.find_constraint(how.name) != nullptr;
    constraint.name =
        taken ? choose_constraint_name(state_, owner.name.schema, owner.name.name, column, "not_null") : std::string(how.name);
    constraint.validated = how.validated;
    constraint.no_inherit = how.no_inherit;
    constraint.inherited = how.inherited;
    constraint.local = !how.inherited;
    constraint.created_epoch = state_.session.epoch;
    constraint.created_transaction = state_.session.transaction;
    existing = &state_.add_constraint(table, std::move(constraint));
  }
  if (recurse == Recurse::no || how.no_inherit) return;
  const std::string name = existing->name;
  for (const RelationId child : database_.descendants(table)) set_not_null(child, column, {name, how.validated, false, true}, Recurse::no);
}

void Replay::drop_not_null(RelationId table, std::string_view column, Recurse recurse) {
  const Column* known = need_column(table, column);
  if (known == nullptr || !known->not_null) return;
  const Relation& owner = relation(table);
  const Constraint* key = owner.primary_key();
  if (key != nullptr && std::find(key->columns.begin(), key->columns.end(), column) != key->columns.end()) {
    contradict(Kind::dependent_objects, column, "column \"" + std::string(column) + "\" is in a primary key", "42P16");
    return;
  }
  if (known->identity != sql::Identity::none) {
    contradict(Kind::dependent_objects, column,
               "column \"" + std::string(column) + "\" of relation \"" + owner.name.name + "\" is an identity column", "42601");
    return;
  }
  Column* changed = change(table).find_column(column);
  changed->not_null = false;
  changed->not_null_validated = true;
  for (const Constraint& constraint : owner.constraints) {
    if (constraint.kind != ConstraintKind::not_null || constraint.columns.empty() || constraint.columns.front() != column) continue;
    const std::string name = constraint.name;
    state_.erase_constraint(table, name);
    break;
  }
  if (recurse == Recurse::no) return;
  const std::vector<RelationId> children = owner.children;
  for (const RelationId child : children) {
    if (relation(child).find_column(column) != nullptr) drop_not_null(child, column, Recurse::yes);
  }
}

// ---- UNIQUE, PRIMARY KEY, EXCLUDE ---------------------------------------------------------------------------------------

void Replay::add_index_constraint(RelationId table, const sql::Constraint& constraint, Recurse recurse) {
  const bool primary = constraint.kind == sql::ConstraintKind::primary_key;
  const Relation& owner = relation(table);
  if (primary && owner.primary_key() != nullptr) {
    contradict(Kind::duplicate_constraint, owner.name.name, "multiple primary keys for table \"" + owner.name.name + "\" are not allowed",
               "42P16");
    return;
  }
  if (!constraint.name.empty() && !constraint_name_is_free(table, constraint.name)) return;
  if (!constraint.using_index.empty()) {
    use_index(table, constraint, recurse);
    return;
  }
  if (!columns_exist(table, constraint.columns) || !columns_exist(table, constraint.include)) return;
  if (owner.partition_key && constraint.kind != sql::ConstraintKind::exclude) {
    for (const sql::PartitionKey::Element& element : owner.partition_key->elements) {
      if (std::find(constraint.columns.begin(), constraint.columns.end(), element.column) != constraint.columns.end()) continue;
      contradict(Kind::not_allowed, owner.name.name,
                 std::string(primary ? "primary key" : "unique") + " constraint on partitioned table must include all partitioning columns",
                 "0A000");
      return;
    }
  }
  if (!constraint.name.empty()) {
    if (!name_is_free({owner.name.schema, std::string(constraint.name)}, false, false)) return;
  }
  Index index;
  index.table = table;
  index.unique = constraint.kind != sql::ConstraintKind::exclude;
  index.primary = primary;
  index.exclusion = constraint.kind == sql::ConstraintKind::exclude;
  index.nulls_not_distinct = constraint.nulls_not_distinct;
  if (index.exclusion) index.access_method = constraint.access_method.empty() ? "btree" : std::string(constraint.access_method);
  if (constraint.without_overlaps) index.access_method = "gist";
  for (const std::string_view column : constraint.columns) index.keys.push_back({std::string(column), {}, {}, {}});
  for (const sql::Expression& expression : constraint.exclude_expressions) index.keys.push_back({{}, keep(expression), {}, {}});
  for (const std::string_view column : constraint.include) index.include.emplace_back(column);
  index.predicate = keep(constraint.where);

  IndexOrigin origin;
  origin.constraint = blank_constraint(constraint, kind_of(constraint.kind));
  origin.constraint->expression = index.predicate;
  for (const std::string_view column : constraint.columns) {
    origin.constraint->columns.emplace_back(column);
    if (primary) set_not_null(table, column, {}, recurse);
  }
  std::string name = constraint.name.empty() ? choose_index_name(state_, owner.name, index, true) : std::string(constraint.name);
  // WITHOUT OVERLAPS is enforced as an exclusion constraint (18; manual: CREATE TABLE, UNIQUE).
  index.exclusion = index.exclusion || constraint.without_overlaps;
  build_index(table, std::move(index), std::move(name), std::move(origin), recurse);
}

bool Replay::may_use_index(const Relation& table, const Relation& index, const sql::Constraint& constraint) {
  const std::string& name = index.name.name;
  auto refuse = [&](std::string message, std::string_view sqlstate) {
    contradict(Kind::not_allowed, constraint.using_index, std::move(message), sqlstate);
    return false;
  };
  if (table.kind == RelationKind::partitioned_table) {
    return refuse("ALTER TABLE / ADD CONSTRAINT USING INDEX is not supported on partitioned tables", "0A000");
  }
  if (!index.index->constraint.empty()) return refuse("index \"" + name + "\" is already associated with a constraint", "55000");
  if (!index.index->valid) return refuse("index \"" + name + "\" is not valid", "55000");
  if (!index.index->unique) return refuse("\"" + name + "\" is not a unique index", "42809");
  const std::vector<IndexKey>& keys = index.index->keys;
  if (std::any_of(keys.begin(), keys.end(), [](const IndexKey& key) { return static_cast<bool>(key.expression); })) {
    return refuse("index \"" + name + "\" contains expressions", "42809");
  }
  if (index.index->predicate) return refuse("\"" + name + "\" is a partial index", "42809");
  return true;
}

void Replay::use_index(RelationId table, const sql::Constraint& constraint, Recurse recurse) {
  const Relation& owner = relation(table);
  const RelationId id = state_.find(owner.name.schema, constraint.using_index);
  if (id == RelationId::none || !relation(id).index || relation(id).index->table != table) {
    if (!owner.incomplete) {
      contradict(Kind::unknown_index, constraint.using_index, "index \"" + std::string(constraint.using_index) + "\" does not exist",
                 "42704");
      return;
    }
    Constraint made = blank_constraint(constraint, kind_of(constraint.kind));
    if (made.name.empty()) made.name = constraint.using_index;
    state_.add_constraint(table, std::move(made));
    return;
  }
  if (!may_use_index(owner, relation(id), constraint)) return;
  Constraint made = blank_constraint(constraint, kind_of(constraint.kind));
  // The index takes the constraint's name (manual: ALTER TABLE, ADD table_constraint_using_index).
  if (made.name.empty()) made.name = constraint.using_index;
  else if (made.name != constraint.using_index) state_.rename(id, {owner.name.schema, made.name});
  made.index = id;
  Index& index = *change(id).index;
  index.constraint = made.name;
  index.primary = constraint.kind == sql::ConstraintKind::primary_key;
  for (const IndexKey& key : index.keys) made.columns.push_back(key.column);
  const std::vector<std::string> columns = made.columns;
  state_.add_constraint(table, std::move(made));
  if (!index.primary) return;
  for (const std::string& column : columns) set_not_null(table, column, {}, recurse);
}

// ---- VALIDATE, ALTER ------------------------------------------------------------------------------------------------------

void Replay::validate_constraint(RelationId table, std::string_view name, Recurse recurse) {
  const Relation& owner = relation(table);
  const Constraint* known = owner.find_constraint(name);
  if (known == nullptr) {
    if (owner.incomplete) return;
    contradict(Kind::unknown_constraint, name,
               "constraint \"" + std::string(name) + "\" of relation \"" + owner.name.name + "\" does not exist", "42704");
    return;
  }
  if (!known->validated) {
    Relation& changed = change(table);
    for (Constraint& constraint : changed.constraints) {
      if (constraint.name != name) continue;
      constraint.validated = true;
      if (constraint.kind != ConstraintKind::not_null || constraint.columns.empty()) continue;
      if (Column* column = changed.find_column(constraint.columns.front())) column->not_null_validated = true;
    }
  }
  if (recurse == Recurse::no) return;
  for (const RelationId child : database_.descendants(table)) {
    if (relation(child).find_constraint(name) != nullptr) validate_constraint(child, name, Recurse::no);
  }
}

void Replay::alter_constraint(RelationId table, const sql::AlterTableCommand& command) {
  const std::string_view name = command.constraint ? command.constraint->name : command.name;
  const Relation& owner = relation(table);
  if (owner.find_constraint(name) == nullptr) {
    if (owner.incomplete) return;
    contradict(Kind::unknown_constraint, name,
               "constraint \"" + std::string(name) + "\" of relation \"" + owner.name.name + "\" does not exist", "42704");
    return;
  }
  for (Constraint& constraint : change(table).constraints) {
    if (constraint.name != name || !command.constraint) continue;
    if (command.alters_deferrability) {
      constraint.deferrable = command.constraint->deferrable;
      constraint.initially_deferred = command.constraint->initially_deferred;
    }
    if (command.alters_enforceability) {
      constraint.enforced = !command.constraint->not_enforced;
      // Enforcing a foreign key again checks the rows that are there (18; manual: ALTER TABLE, ALTER CONSTRAINT).
      constraint.validated = constraint.enforced;
    }
    if (command.alters_inheritability) constraint.no_inherit = command.constraint->no_inherit;
  }
}

}  // namespace cupel::schema
