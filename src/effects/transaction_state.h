// The transaction a statement runs in: who opened it, what it holds, what it changed, which timeouts are in force.
#pragma once

#include "effects/effects.h"
#include "schema/settings.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace cupel::effects {

enum class TransactionKind {
  none,            // autocommit: the statement is its own transaction
  explicit_block,  // BEGIN was written in the migration
  runner,          // the runner opened it around the file (or the whole batch)
  implicit,        // several statements sent as one query string (manual 55.2.2.1, protocol: Multiple Statements)
};

// A lock held by the transaction since an earlier statement.
struct HeldLock {
  RelationLock lock;
  bool on_new_relation = false;  // created in this epoch: nobody else can wait for it
  std::size_t statement = 0;     // the caller's number of the statement that took it
  static constexpr std::size_t earlier_part = static_cast<std::size_t>(-1);
};

class TransactionState {
 public:
  // A new part of a migration begins. `kind` is how its runner wraps it: none, runner or implicit.
  void begin_part(TransactionKind kind);
  // A new part of the same session, in whatever transaction the one before left open. Statements are numbered anew: locks
  // held since then have `earlier_part` for a number.
  void begin_next_part();
  // The part ends: the runner commits.
  void end_part();

  // The transaction that the next statement runs in. An implicit transaction holds only if the string has more than one
  // statement: the caller tells at begin_part by passing `none` for a single one.
  [[nodiscard]] TransactionKind kind() const { return kind_; }
  [[nodiscard]] bool in_transaction() const { return kind_ != TransactionKind::none; }

  // Notes what a statement did, after it was predicted. BEGIN, COMMIT, ROLLBACK, SAVEPOINT … change the state: COMMIT
  // inside a runner's transaction ends it and what follows runs by itself. `statement`: the caller's number.
  void after(const sql::Statement& statement, const Effects& effects, const schema::Database& database, std::size_t statement_number);

  [[nodiscard]] const std::vector<HeldLock>& held() const { return held_; }
  // The strongest lock held on `relation` since an earlier statement, or nullptr.
  [[nodiscard]] const HeldLock* held_on(RelationId relation) const;
  // The first lock in this transaction that blocks writers (or readers) of a relation that is not new, or nullptr.
  [[nodiscard]] const HeldLock* first_blocking() const;
  [[nodiscard]] bool data_changed() const { return data_changed_; }
  // ALTER TYPE … ADD VALUE ran in this transaction.
  [[nodiscard]] bool enum_value_added() const { return enum_value_added_; }
  // Rows were certainly inserted whose deferred foreign keys or constraint triggers wait for the end of the transaction: until
  // then the table can be neither altered nor dropped (55006; CheckTableNotInUse, tablecmds.c).
  [[nodiscard]] bool has_pending_events(RelationId table) const;
  // Statements noted since the transaction began.
  [[nodiscard]] std::size_t statements() const { return statements_; }

 private:
  // What SET CONSTRAINTS made of deferrable constraints (manual, SET CONSTRAINTS).
  enum class Deferral { as_defined, all_deferred, all_immediate, unknown };
  struct Savepoint {
    std::string name;
    std::size_t held;  // locks held when it was set
    bool data_changed;
    std::vector<RelationId> pending_events;
    Deferral deferral;
  };
  void clear();
  void end_transaction(bool chain);
  void control(const sql::Transaction& transaction);
  void roll_back_to(std::string_view name);
  void release(std::string_view name);
  void set_constraints(const sql::SetConstraints& statement);
  [[nodiscard]] bool defers(bool deferrable, bool initially_deferred) const;
  [[nodiscard]] bool queues_events(const schema::Relation& table) const;
  void note_inserted(const sql::Statement& statement, const schema::Database& database);
  void hold(const RelationLock& lock, const schema::Database& database, std::size_t statement_number);

  TransactionKind kind_ = TransactionKind::none;
  TransactionKind part_ = TransactionKind::none;
  std::vector<HeldLock> held_;
  std::vector<Savepoint> savepoints_;
  bool data_changed_ = false;
  bool enum_value_added_ = false;
  std::vector<RelationId> pending_events_;
  Deferral deferral_ = Deferral::as_defined;
  std::size_t statements_ = 0;
};

}  // namespace cupel::effects
