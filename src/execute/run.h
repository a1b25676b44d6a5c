// Internal to src/execute: one run of a plan. What it does with each kind of piece has a file of its own.
#pragma once

#include "execute/runner.h"

#include <chrono>
#include <cstddef>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::execute {

// PostgreSQL: lock_not_available, deadlock_detected, serialization_failure. Nothing of the transaction happened, and
// the same transaction may well succeed later.
bool may_succeed_later(const ServerMessage& error);
// How it ended that the server did not do what it was asked.
RunOutcome kind_of(const Outcome& outcome);
// What is told of a run that was asked to stop between two statements.
ServerMessage interrupted_message();

class Run {
 public:
  Run(PgSession& session, const Journal& journal, const JournalState& state, const Plan& plan, const RunOptions& options,
      RunListener& listener);
  Result<RunResult> go();

 private:
  using Clock = std::chrono::steady_clock;
  using milliseconds = std::chrono::milliseconds;

  // How one piece ended.
  struct PieceEnd {
    RunOutcome outcome = RunOutcome::done;
    const PlannedStatement* statement = nullptr;  // that failed; null: the commit
    ServerMessage error;
    std::vector<Blocker> blockers;
  };

  // ---- runner.cpp -------------------------------------------------------------------------------------------------
  void end();
  // Notes the failure; the caller returns false with it.
  bool stop(RunOutcome outcome, ServerMessage message, const PlannedStatement* statement, std::vector<Blocker> blockers = {});
  bool stop(const Error& error, const PlannedStatement* statement);
  [[nodiscard]] std::string_view text(const PlannedStatement& statement) const { return statement.span.of(revision_->source->text()); }
  [[nodiscard]] std::string_view copy_data(const PlannedStatement& statement) const {
    return statement.copy_data.of(revision_->source->text());
  }
  // The failure is in a statement that is not in the revision's source.
  void point_at(std::shared_ptr<const SourceText> source, std::size_t position);
  // False: the run stops here.
  bool run_revision(const PlannedRevision& revision);
  // Goes on behind the statements that an earlier run has done. An outside statement whose end is not known is looked
  // for in the catalogs.
  bool resume(std::size_t& done);
  // Only the journal changes: a merge, or the last piece was done already.
  bool finish_empty();
  // Sends one statement of the migration and tells the listener.
  Outcome send(const PlannedStatement& statement, StatementTime& time);
  // Longer and longer, so that who is in the way can finish, and never twice the same, so that two do not meet again.
  milliseconds pause_before(int attempt);
  // What a migration SETs is its own affair: the next one begins as the first did.
  void restore_session();

  // ---- transaction_piece.cpp ------------------------------------------------------------------------------------
  // Statements up to number `done` are in the database already.
  bool run_transaction(const Piece& piece, std::size_t done, bool last);
  PieceEnd try_transaction(const Piece& piece, std::size_t done, bool last, std::vector<StatementTime>& times);
  PieceEnd statements_of(const Piece& piece, std::size_t done, std::vector<StatementTime>& times);
  // Appends to `sql` what brings lock_timeout from `in_force` to what `wait` asks for; returns what is in force then. A
  // change of less than a tenth is not worth a round trip.
  milliseconds set_lock_timeout(std::string& sql, LockWait wait, milliseconds in_force, milliseconds spent) const;
  // After the rollback: what failed goes into the journal by itself.
  void note_failure(const PieceEnd& end);

  // ---- outside_piece.cpp ----------------------------------------------------------------------------------------
  // One statement between two rows of the journal.
  bool run_outside(const Piece& piece, bool last);
  // Notes that a statement with transactions of its own begins.
  bool note_intent(const PlannedStatement& statement, const std::string& before);

  // ---- backfill_piece.cpp ---------------------------------------------------------------------------------------
  // One range of the key after the other, each with the journal's cursor in its transaction: whatever happens, what is
  // done is known, and nothing is done twice.
  bool run_backfill(const Piece& piece, bool last);
  // Where an earlier run stopped, or the begin; `until` is empty when the table is.
  Result<Journal::Cursor> begin_cursor(const PlannedStatement& statement);
  bool run_batch(const PlannedStatement& statement, Journal::Cursor& cursor, const std::string& until, Clock::time_point start);
  // Lets replicas catch up. False if it is time to stop.
  bool await_replicas(const PlannedStatement& statement, Clock::time_point start);

  // ---- live_piece.cpp -------------------------------------------------------------------------------------------
  class LiveTransaction;
  // Code asks for statements, in one transaction; from its begin again while it does not get its locks.
  bool run_live(const Piece& piece, bool last);
  bool try_live(const Piece& piece, LiveTransaction& transaction, bool last);

  PgSession& session_;
  const Journal& journal_;
  const JournalState& state_;
  const Plan& plan_;
  const RunOptions& options_;
  RunListener& listener_;
  Observer observer_;
  RunResult result_;
  RunNumber run_;
  RevisionTimes times_;
  const PlannedRevision* revision_ = nullptr;
  const PlannedStatement* statement_ = nullptr;  // that the server is busy with
  std::vector<Blocker> blockers_;                // last seen in the way of it
  bool begun_ = false;                           // pieces of the revision are in the database
  bool own_lock_timeout_ = false;                // the migration set lock_timeout: its value holds
  std::mt19937 random_{std::random_device{}()};
};

}  // namespace cupel::execute
