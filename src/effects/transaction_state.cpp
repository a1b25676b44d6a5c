#include "effects/transaction_state.h"

#include <algorithm>

namespace cupel::effects {

namespace {

bool changes_data(const sql::Statement& statement) {
  return statement.as<sql::Insert>() != nullptr || statement.as<sql::Update>() != nullptr || statement.as<sql::Delete>() != nullptr ||
         statement.as<sql::Merge>() != nullptr || (statement.as<sql::Copy>() != nullptr && statement.as<sql::Copy>()->from);
}

}  // namespace

void TransactionState::begin_part(TransactionKind kind) {
  clear();
  kind_ = part_ = kind;
}

void TransactionState::begin_next_part() {
  for (HeldLock& held : held_) held.statement = HeldLock::earlier_part;
}

void TransactionState::end_part() {
  clear();
  kind_ = part_ = TransactionKind::none;
}

void TransactionState::clear() {
  held_.clear();
  savepoints_.clear();
  data_changed_ = false;
  enum_value_added_ = false;
  pending_events_.clear();
  deferral_ = Deferral::as_defined;
  statements_ = 0;
}

// COMMIT and ROLLBACK release everything. What follows runs by itself, except in a multi-statement string, whose rest is
// another implicit transaction (manual 55.2.2.1), and after AND CHAIN.
void TransactionState::end_transaction(bool chain) {
  clear();
  if (chain && kind_ != TransactionKind::none) return;
  kind_ = part_ == TransactionKind::implicit ? TransactionKind::implicit : TransactionKind::none;
}

// ROLLBACK TO releases the locks taken since the savepoint (manual 13.3.1) and keeps it.
void TransactionState::roll_back_to(std::string_view name) {
  const auto found = std::find_if(savepoints_.rbegin(), savepoints_.rend(), [&](const Savepoint& each) { return each.name == name; });
  if (found == savepoints_.rend()) return;
  held_.resize(std::min(held_.size(), found->held));
  data_changed_ = found->data_changed;
  // Events that SET CONSTRAINTS has fired since are pending again: that was rolled back, too.
  pending_events_ = found->pending_events;
  deferral_ = found->deferral;
  savepoints_.erase(found.base(), savepoints_.end());
}

void TransactionState::release(std::string_view name) {
  const auto found = std::find_if(savepoints_.rbegin(), savepoints_.rend(), [&](const Savepoint& each) { return each.name == name; });
  if (found != savepoints_.rend()) savepoints_.erase(std::prev(found.base()), savepoints_.end());
}

void TransactionState::control(const sql::Transaction& transaction) {
  using Kind = sql::Transaction::Kind;
  switch (transaction.kind) {
    case Kind::begin:
      // Inside a transaction BEGIN only warns; in a multi-statement string it makes a block of the implicit transaction.
      if (kind_ == TransactionKind::none) clear();
      if (kind_ == TransactionKind::none || kind_ == TransactionKind::implicit) kind_ = TransactionKind::explicit_block;
      break;
    case Kind::commit:
    case Kind::rollback: end_transaction(transaction.chain); break;
    case Kind::prepare:
      // The locks stay, but no longer with this session: nothing that follows is done under them by it.
      end_transaction(false);
      break;
    case Kind::savepoint:
      if (in_transaction())
        savepoints_.push_back({std::string(transaction.savepoint), held_.size(), data_changed_, pending_events_, deferral_});
      break;
    case Kind::release: release(transaction.savepoint); break;
    case Kind::rollback_to: roll_back_to(transaction.savepoint); break;
    case Kind::commit_prepared:
    case Kind::rollback_prepared: break;
  }
}

void TransactionState::hold(const RelationLock& lock, const schema::Database& database, std::size_t statement_number) {
  const bool is_new =
      lock.role == Role::created || (lock.relation != RelationId::none && database.is_new(database.relation(lock.relation)));
  held_.push_back({lock, is_new, statement_number});
}

void TransactionState::after(const sql::Statement& statement, const Effects& effects, const schema::Database& database,
                             std::size_t statement_number) {
  if (const auto* transaction = statement.as<sql::Transaction>()) return control(*transaction);
  if (!in_transaction()) return;
  ++statements_;
  // What is refused in a transaction, or fails for certain, leaves nothing behind.
  if (effects.refused_in_transaction || (effects.failure && effects.failure->certain)) return;
  for (const RelationLock& lock : effects.locks) {
    if (lock.held_to_end) hold(lock, database, statement_number);
  }
  if (const auto* alter = statement.as<sql::AlterEnum>(); alter != nullptr && alter->old_label.empty()) enum_value_added_ = true;
  if (const auto* set = statement.as<sql::SetConstraints>()) set_constraints(*set);
  note_inserted(statement, database);
  if (changes_data(statement) || effects.has(WorkKind::data_change)) data_changed_ = true;
}

// ---- deferred checks ------------------------------------------------------------------------------------------------

void TransactionState::set_constraints(const sql::SetConstraints& statement) {
  if (statement.all) {
    deferral_ = statement.deferred ? Deferral::all_deferred : Deferral::all_immediate;
  } else if (!statement.deferred) {
    deferral_ = Deferral::unknown;
  }
  // What is waiting is done at once.
  if (!statement.deferred) pending_events_.clear();
}

bool TransactionState::defers(bool deferrable, bool initially_deferred) const {
  switch (deferral_) {
    case Deferral::as_defined: return initially_deferred;
    case Deferral::all_deferred: return deferrable || initially_deferred;
    default: return false;
  }
}

bool TransactionState::queues_events(const schema::Relation& table) const {
  // A new row is queued for its foreign keys whatever it holds, even NULL.
  const bool by_key = std::any_of(table.constraints.begin(), table.constraints.end(), [&](const schema::Constraint& constraint) {
    return constraint.kind == schema::ConstraintKind::foreign_key && constraint.enforced && table.system_triggers_enabled &&
           defers(constraint.deferrable, constraint.initially_deferred);
  });
  return by_key || std::any_of(table.triggers.begin(), table.triggers.end(), [&](const schema::Trigger& trigger) {
           return trigger.constraint && trigger.row && trigger.on_insert && trigger.enabled && !trigger.when &&
                  defers(trigger.deferrable, trigger.initially_deferred);
         });
}

// Only INSERT … VALUES into a plain table inserts rows for certain, and only if nothing stands in between.
void TransactionState::note_inserted(const sql::Statement& statement, const schema::Database& database) {
  const auto* insert = statement.as<sql::Insert>();
  if (insert == nullptr || !insert->from_values || insert->on_conflict || statement.conditional || statement.errors_caught) return;
  const schema::Relation* table = database.find(insert->table);
  if (table == nullptr || table->kind != schema::RelationKind::table || !table->rules.empty()) return;
  const bool may_be_refused = std::any_of(table->triggers.begin(), table->triggers.end(), [](const schema::Trigger& trigger) {
    return trigger.row && trigger.on_insert && trigger.timing == sql::TriggerTiming::before;
  });
  if (may_be_refused || database.settings().find("session_replication_role").value_or("origin") == "replica") return;
  if (queues_events(*table) && !has_pending_events(table->id)) pending_events_.push_back(table->id);
}

bool TransactionState::has_pending_events(RelationId table) const {
  return std::find(pending_events_.begin(), pending_events_.end(), table) != pending_events_.end();
}

const HeldLock* TransactionState::held_on(RelationId relation) const {
  const HeldLock* strongest = nullptr;
  if (relation == RelationId::none) return nullptr;
  for (const HeldLock& held : held_) {
    if (held.lock.relation != relation || held.lock.role == Role::toast) continue;
    if (strongest == nullptr || held.lock.mode > strongest->lock.mode) strongest = &held;
  }
  return strongest;
}

const HeldLock* TransactionState::first_blocking() const {
  for (const HeldLock& held : held_) {
    if (!held.on_new_relation && held.lock.role != Role::toast && blocks_writes(held.lock.mode)) return &held;
  }
  return nullptr;
}

}  // namespace cupel::effects
