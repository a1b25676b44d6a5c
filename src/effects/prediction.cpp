#include "effects/predict.h"
#include "effects/transaction_state.h"

#include <algorithm>
#include <utility>

namespace cupel::effects {

namespace {

constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

std::string written(const sql::QualifiedName& name) {
  std::string text;
  if (!name.schema.empty()) {
    text.append(name.schema);
    text.push_back('.');
  }
  text.append(name.name);
  return text;
}

}  // namespace

// ---- questions ------------------------------------------------------------------------------------------------------

bool Prediction::replay_is_complete() const { return database().assumption() == schema::RowAssumption::replay_is_complete; }

bool Prediction::in_transaction() const { return context_.transaction != nullptr && context_.transaction->in_transaction(); }

bool Prediction::has_rows(const schema::Relation* relation) const {
  return relation == nullptr || database().rows(*relation) != schema::Rows::empty;
}

Role Prediction::role_of_descendant(const schema::Relation& descendant) {
  if (!descendant.is_partition) return Role::inheritance_child;
  return descendant.bound && descendant.bound->is_default ? Role::default_partition : Role::partition;
}

std::string Prediction::quoted(const schema::Relation& relation) const { return "\"" + database().display_name(relation) + "\""; }

Role Prediction::role_of_kind(const schema::Relation& relation) {
  switch (relation.kind) {
    case schema::RelationKind::view: return Role::view;
    case schema::RelationKind::materialized_view: return Role::materialized_view;
    case schema::RelationKind::sequence: return Role::sequence;
    case schema::RelationKind::index: return Role::index;
    default: return Role::table;
  }
}

// ---- locks ----------------------------------------------------------------------------------------------------------

void Prediction::add(RelationLock lock) {
  for (std::size_t i = 0; i < effects_.locks.size(); ++i) {
    RelationLock& known = effects_.locks[i];
    if (known.relation != lock.relation || known.role != lock.role || known.cause != lock.cause || known.command != lock.command ||
        known.owner != lock.owner) {
      continue;
    }
    if (lock.relation == RelationId::none && known.name != lock.name) continue;
    // What comes after a possible failure is told apart from what came before it.
    if (effects_.failure && i < effects_.failure->locks_before && known.mode < lock.mode) continue;
    known.mode = std::max(known.mode, lock.mode);
    last_lock_ = i;
    return;
  }
  last_lock_ = effects_.locks.size();
  effects_.locks.push_back(std::move(lock));
}

void Prediction::lock(const schema::Relation& relation, LockMode mode, Role role, Cause cause, CommandIndex command) {
  if (stopped_) return;
  RelationLock lock;
  lock.relation = relation.id;
  lock.name = database().display_name(relation);
  lock.role = role;
  if (relation.kind == schema::RelationKind::index && relation.index) lock.owner = relation.index->table;
  lock.mode = mode;
  lock.cause = cause;
  lock.command = command;
  add(std::move(lock));
}

void Prediction::lock_unknown(const sql::QualifiedName& name, LockMode mode, Role role, Cause cause, CommandIndex command) {
  if (stopped_) return;
  RelationLock lock;
  lock.name = written(name);
  lock.role = role;
  lock.mode = mode;
  lock.cause = cause;
  lock.command = command;
  add(std::move(lock));
}

void Prediction::lock_named(const schema::Relation* relation, const sql::QualifiedName& name, LockMode mode, Role role, Cause cause,
                            CommandIndex command) {
  if (relation != nullptr) {
    lock(*relation, mode, role, cause, command);
  } else {
    lock_unknown(name, mode, role, cause, command);
  }
}

void Prediction::lock_index(const schema::Relation& index, LockMode mode, Cause cause, CommandIndex command) {
  lock(index, mode, Role::index, cause, command);
}

void Prediction::lock_indexes(const schema::Relation& table, LockMode mode, Cause cause, CommandIndex command) {
  for (RelationId index : table.indexes) {
    if (database().exists(index)) lock_index(relation(index), mode, cause, command);
  }
}

void Prediction::lock_toast(const schema::Relation& table, LockMode mode, Cause cause, CommandIndex command) {
  if (stopped_ || !has_toast_table(table, database())) return;
  RelationLock lock;
  lock.name = "toast of " + database().display_name(table);
  lock.role = Role::toast;
  lock.owner = table.id;
  lock.mode = mode;
  lock.cause = cause;
  lock.command = command;
  add(std::move(lock));
}

void Prediction::lock_descendants(const schema::Relation& table, LockMode mode, Cause cause, CommandIndex command) {
  if (stopped_ || table.children.empty()) return;
  for (RelationId id : database().descendants(table.id)) {
    const schema::Relation& descendant = relation(id);
    lock(descendant, mode, role_of_descendant(descendant), cause, command);
  }
}

void Prediction::release_indexes(const schema::Relation& table) {
  for (RelationLock& lock : effects_.locks) {
    if (lock.role == Role::index && lock.owner == table.id) lock.held_to_end = false;
  }
}

void Prediction::release_early() {
  if (!stopped_ && last_lock_ != nowhere) effects_.locks[last_lock_].held_to_end = false;
}

// ---- work -----------------------------------------------------------------------------------------------------------

Work& Prediction::work(WorkKind kind, const schema::Relation* relation, std::string_view name, Cause cause, CommandIndex command,
                       std::optional<LockMode> under) {
  if (stopped_) return ignored_ = Work{};
  const RelationId id = relation == nullptr ? RelationId::none : relation->id;
  for (std::size_t i = 0; i < effects_.work.size(); ++i) {
    Work& known = effects_.work[i];
    if (known.kind == kind && known.relation == id && known.cause == cause && known.command == command && kind != WorkKind::index_rebuild &&
        kind != WorkKind::index_build && (id != RelationId::none || known.relation_name == name)) {
      return known;
    }
  }
  Work work;
  work.kind = kind;
  work.relation = id;
  work.relation_name = relation == nullptr ? std::string(name) : database().display_name(*relation);
  work.cause = cause;
  work.command = command;
  if (under) work.under = *under;
  under_given_.push_back(under.has_value());
  return effects_.work.emplace_back(std::move(work));
}

Work& Prediction::work(WorkKind kind, const schema::Relation& relation, Cause cause, CommandIndex command, std::optional<LockMode> under) {
  return work(kind, &relation, {}, cause, command, under);
}

void Prediction::rebuild_index(const schema::Relation& index, Cause cause, CommandIndex command) {
  if (stopped_) return;
  const schema::Relation* table = index.index && index.index->table != RelationId::none ? &relation(index.index->table) : nullptr;
  Work& rebuilt = work(WorkKind::index_rebuild, table, {}, cause, command);
  rebuilt.index = index.id;
  rebuilt.index_name = database().display_name(index);
}

bool Prediction::has_work(WorkKind kind, RelationId relation) const {
  return std::any_of(effects_.work.begin(), effects_.work.end(),
                     [=](const Work& each) { return each.kind == kind && each.relation == relation; });
}

// ---- failures -------------------------------------------------------------------------------------------------------

namespace {

// What exists and what depends on it: syntax error or access rule violation, dependent objects, wrong state of an object
// (manual, appendix A). The rest follows from the statement alone.
bool is_about_what_exists(std::string_view sqlstate) {
  return sqlstate.starts_with("42") || sqlstate.starts_with("2B") || sqlstate.starts_with("55");
}

}  // namespace

void Prediction::fail(std::string_view sqlstate, std::string message, CommandIndex command) {
  if (stopped_) return;
  stopped_ = true;
  // A function that was called may have dropped the table that stands in the way, or made the one that is missing.
  const bool certain = !(is_about_what_exists(sqlstate) && database().has_unseen_changes());
  effects_.failure = Failure{std::string(sqlstate), std::move(message), certain, command, effects_.locks.size()};
}

void Prediction::may_fail(std::string_view sqlstate, std::string message, CommandIndex command) {
  if (stopped_ || effects_.failure) return;
  effects_.failure = Failure{std::string(sqlstate), std::move(message), false, command, effects_.locks.size()};
}

bool Prediction::fail_unknown_schema(const sql::QualifiedName& name, CommandIndex command) {
  if (!replay_is_complete() || name.schema.empty() || database().schema_exists(name.schema)) return false;
  fail("3F000", "schema \"" + std::string(name.schema) + "\" does not exist", command);
  return true;
}

bool Prediction::fail_unknown(const sql::QualifiedName& name, CommandIndex command) {
  if (!replay_is_complete()) return false;
  // LookupExplicitNamespace comes before the relation is looked for.
  if (!fail_unknown_schema(name, command)) fail("42P01", "relation \"" + written(name) + "\" does not exist", command);
  return true;
}

bool Prediction::fail_unknown_in_query(const sql::QualifiedName& name) {
  if (!replay_is_complete()) return false;
  fail("42P01", "relation \"" + written(name) + "\" does not exist");
  return true;
}

bool Prediction::fail_pending_events(const schema::Relation* table, std::string_view tag) {
  if (table == nullptr || context_.transaction == nullptr || !context_.transaction->has_pending_events(table->id)) return false;
  fail("55006", "cannot " + std::string(tag) + " \"" + table->name.name + "\" because it has pending trigger events");
  return true;
}

void Prediction::refuse_in_transaction() {
  if (!stopped_) effects_.refused_in_transaction = true;
}

Effects Prediction::finish() {
  for (std::size_t i = 0; i < effects_.work.size(); ++i) {
    if (under_given_[i]) continue;
    Work& work = effects_.work[i];
    std::optional<LockMode> strongest;
    for (const RelationLock& lock : effects_.locks) {
      const bool same = work.relation == RelationId::none ? lock.relation == RelationId::none && lock.name == work.relation_name
                                                          : lock.relation == work.relation;
      if (same && lock.role != Role::toast) strongest = strongest ? std::max(*strongest, lock.mode) : lock.mode;
    }
    work.under = strongest.value_or(LockMode::access_exclusive);
  }
  return std::move(effects_);
}

}  // namespace cupel::effects
