#include "execute/plan.h"

#include "effects/transaction_state.h"
#include "execute/batched_statement.h"
#include "execute/statement_trace.h"
#include "migrations/meaning_hash.h"
#include "schema/database.h"
#include "sql/script.h"

#include <algorithm>
#include <deque>
#include <optional>

#include <fmt/format.h>

namespace cupel::execute {
namespace {

using migrations::Migration;
using migrations::MigrationSet;
using migrations::Part;
using migrations::TransactionMode;

// The text of a part: its chunks, or the whole file.
std::vector<Span> chunks_of(const Part& part, const SourceText& source) {
  if (!part.chunks.empty()) return part.chunks;
  return {{0, static_cast<std::uint32_t>(source.text().size())}};
}

std::string text_of(const Part& part, const SourceText& source) {
  std::string text;
  for (const Span chunk : chunks_of(part, source)) text += chunk.of(source.text());
  return text;
}

bool blocks_somebody(effects::LockMode mode) { return effects::blocks_writes(mode) || effects::blocks_reads(mode); }

// Directives that stand before a statement, or anywhere in the part before its first statement.
bool is_declared_idempotent(std::string_view text, std::span<const sql::CommentText> comments, Span between) {
  return std::ranges::any_of(comments,
                             [&](const sql::CommentText& comment) {
                               return comment.span.begin >= between.begin && comment.span.end <= between.end &&
                                      comment.text.starts_with("cupel:idempotent");
                             }) &&
         !text.empty();
}

// Plans one part after another, on the schema that the ones before leave.
class Planner {
 public:
  Planner(const MigrationSet& set, int postgres_version) : set_(set), version_(postgres_version) {}

  void replay(std::size_t migration) {
    const Migration& history = set_.migrations[migration];
    if (!history.unread.empty()) database_.note_unseen_changes();
    if (!history.upgrade) return;
    database_.begin_epoch();
    const sql::Script& script = parse(*history.upgrade);
    for_each_statement(script, [&](const sql::Statement& statement) { database_.apply(statement, script); });
  }

  Result<PlannedRevision> plan(const Step& step) {
    const Migration& migration = set_.migrations[step.migration];
    const bool up = step.direction == Direction::upgrade;
    PlannedRevision planned;
    planned.revision = migration.revision;
    planned.title = migration.title;
    planned.parents = migration.parents;
    planned.depends_on = migration.depends_on;
    planned.direction = step.direction;
    if (!migration.unread.empty()) {
      const std::size_t source = migration.upgrade ? migration.upgrade->source : 0;
      return Error{ErrorCode::unsupported, fmt::format("{}: revision {} has what is written in {}, which only its own runner can run",
                                                       set_.sources[source]->name(), migration.revision, migration.unread)};
    }
    const std::optional<Part>& part = up ? migration.upgrade : migration.downgrade;
    if (migration.upgrade) planned.file = set_.sources[migration.upgrade->source]->name();
    if (up && migration.downgrade) {
      const SourceText& source = *set_.sources[migration.downgrade->source];
      planned.downgrade_text = text_of(*migration.downgrade, source);
      planned.downgrade_hash = migrations::meaning_hash(source.text(), migration.downgrade->chunks);
      planned.downgrade_outside_transaction = migration.downgrade->mode == TransactionMode::none;
    }
    if (!part) {
      if (up) return planned;  // a merge may well do nothing
      return Error{ErrorCode::usage,
                   fmt::format("{}: revision {} has no downgrade (no -- cupel:downgrade section), so it cannot be taken back", planned.file,
                               migration.revision)};
    }
    planned.source = set_.sources[part->source];
    planned.hash = migrations::meaning_hash(planned.source->text(), part->chunks);
    TRY_VOID(cut(*part, planned));
    return planned;
  }

 private:
  template <class Function>
  static void for_each_statement(const sql::Script& script, Function function) {
    for (const sql::Statement& statement : script.statements()) {
      function(statement);
      if (statement.as<sql::DoBlock>() == nullptr) continue;
      for (const sql::Statement& inner : script.body(statement).statements) function(inner);
    }
  }

  // Scripts live as long as the planner: the schema points into them.
  const sql::Script& parse(const Part& part) {
    sql::ParseOptions options;
    options.chunks = part.chunks;
    options.placeholders = part.placeholders;
    return scripts_.emplace_back(sql::Script::parse(*set_.sources[part.source], options));
  }

  [[nodiscard]] static Error refuse(const SourceText& source, Span span, const std::string& message) {
    const Position place = source.position(span.begin);
    return {ErrorCode::usage, fmt::format("{}:{}:{}: {}", source.name(), place.line, place.column, message)};
  }

  Status cut(const Part& part, PlannedRevision& planned) {
    const SourceText& source = *planned.source;
    const sql::Script& script = parse(part);
    if (!script.errors().empty()) {
      const sql::SyntaxError& error = script.errors().front();
      return refuse(source, error.span, error.message);
    }
    for (const sql::MetaCommand& command : script.meta_commands()) {
      // pg_dump of the minor releases since August 2025 writes these two around its output.
      if (command.name == "restrict" || command.name == "unrestrict") continue;
      return refuse(source, command.span,
                    fmt::format("\\{} is a command of psql; cupel sends SQL to the server and cannot do what it asks", command.name));
    }
    comments_ = sql::comments(source.text());
    const std::vector<Span> chunks = chunks_of(part, source);
    database_.begin_epoch();
    database_.settings().reset_all();
    piece_ = nullptr;
    own_block_ = false;
    holds_blocking_lock_ = false;
    std::uint32_t after = chunks.front().begin;
    std::size_t number = 0;
    state_.begin_part(effects::TransactionKind::none);
    for (const sql::Statement& statement : script.statements()) {
      const Span before{after, statement.span.begin};
      after = statement.span.end;
      if (const auto* transaction = statement.as<sql::Transaction>()) {
        TRY_VOID(control(*transaction, statement, part, source, planned));
        if (transaction->kind != sql::Transaction::Kind::savepoint && transaction->kind != sql::Transaction::Kind::release &&
            transaction->kind != sql::Transaction::Kind::rollback_to) {
          continue;
        }
      }
      TRY_VOID(add(statement, script, part, planned, before, ++number));
    }
    if (own_block_) {
      return refuse(source, {chunks.back().end, chunks.back().end}, "the transaction that the migration began is not committed at its end");
    }
    return success();
  }

  // BEGIN and COMMIT written in the migration become the runner's own, so that the journal's rows are in between.
  Status control(const sql::Transaction& transaction, const sql::Statement& statement, const Part& part, const SourceText& source,
                 PlannedRevision& planned) {
    using Kind = sql::Transaction::Kind;
    switch (transaction.kind) {
      case Kind::savepoint:
      case Kind::release:
      case Kind::rollback_to: return success();
      case Kind::begin:
        if (part.mode != TransactionMode::none) {
          return refuse(source, statement.span,
                        "this BEGIN is superfluous: cupel runs the migration in a transaction; remove BEGIN and COMMIT, or write -- "
                        "cupel:transaction none");
        }
        if (own_block_) return refuse(source, statement.span, "a transaction is open already");
        own_block_ = true;
        open(planned, PieceKind::transaction).begin = statement.span.of(source.text());
        return success();
      case Kind::commit:
        if (part.mode != TransactionMode::none) {
          return refuse(source, statement.span,
                        "this COMMIT would end the transaction in which cupel runs the migration and records it; remove it, or write -- "
                        "cupel:transaction none");
        }
        if (!own_block_) return refuse(source, statement.span, "there is no transaction to commit");
        if (transaction.chain) return refuse(source, statement.span, "COMMIT AND CHAIN cannot be executed here; write COMMIT and BEGIN");
        own_block_ = false;
        piece_ = nullptr;
        return success();
      case Kind::rollback:
        return refuse(source, statement.span,
                      "a migration that rolls back its own work cannot be recorded as applied; remove the statements it takes back");
      case Kind::prepare:
      case Kind::commit_prepared:
      case Kind::rollback_prepared: break;
    }
    return refuse(source, statement.span,
                  "two-phase commit cannot be used in a migration: whether it was applied would depend on someone else");
  }

  Piece& open(PlannedRevision& planned, PieceKind kind) {
    piece_ = &planned.pieces.emplace_back();
    piece_->kind = kind;
    holds_blocking_lock_ = false;
    state_.end_part();
    state_.begin_part(kind == PieceKind::transaction ? effects::TransactionKind::runner : effects::TransactionKind::none);
    database_.begin_transaction();
    return *piece_;
  }

  Status add(const sql::Statement& statement, const sql::Script& script, const Part& part, PlannedRevision& planned, Span before,
             std::size_t number) {
    const SourceText& source = *planned.source;
    const effects::Effects effects = effects::predict(statement, {database_, script, version_, &state_});
    const bool idempotent = is_declared_idempotent(source.text(), comments_, before);
    // A procedure or a DO block may COMMIT, which a transaction block does not allow (manual 43.8); it says so by the directive.
    const bool may_commit = part.mode == TransactionMode::none && idempotent &&
                            (statement.as<sql::Call>() != nullptr || statement.as<sql::DoBlock>() != nullptr);
    const migrations::Backfill* backfill = migrations::backfill_before(part.backfills, source.text(), statement.span.begin);
    const bool outside = effects.refused_in_transaction || may_commit;
    if (backfill != nullptr && own_block_)
      return refuse(source, statement.span, "a backfill has transactions of its own; it cannot be in the one that the migration opened");
    if (outside && own_block_) {
      return refuse(
          source, statement.span,
          fmt::format("{} cannot run in the transaction that the migration opened: PostgreSQL refuses it there (25001)", statement.tag()));
    }
    const bool alone = outside || backfill != nullptr;
    const bool new_piece =
        piece_ == nullptr || alone || piece_->kind != PieceKind::transaction || (part.mode == TransactionMode::none && !own_block_);
    if (new_piece)
      open(planned, backfill != nullptr ? PieceKind::backfill
                    : outside           ? PieceKind::outside
                                        : PieceKind::transaction)
          .idempotent = idempotent;

    PlannedStatement one;
    one.number = number;
    one.span = statement.span;
    one.tag = statement.tag();
    const Span chunk[] = {statement.span};
    one.hash = migrations::meaning_hash(source.text(), chunk);
    if (const auto* copy = statement.as<sql::Copy>(); copy != nullptr && copy->from_stdin) {
      for (const Span data : script.copy_data()) {
        if (data.begin >= statement.span.end && one.copy_data.empty()) one.copy_data = data;
      }
    }
    if (const auto* set = statement.as<sql::SetVariable>()) {
      one.changes_session = !set->local;
      one.sets_lock_timeout = set->name == "lock_timeout";
    }
    one.changes_session = one.changes_session || effects.opaque || statement.as<sql::Select>() != nullptr ||
                          statement.as<sql::Call>() != nullptr || statement.as<sql::DoBlock>() != nullptr ||
                          statement.as<sql::OtherStatement>() != nullptr;
    describe(effects, one);
    if (backfill != nullptr) {
      Result<BatchedStatement> batched = batched_statement(statement, source.text(), *backfill);
      if (!batched) return refuse(source, statement.span, batched.error().message);
      one.batched = *std::move(batched);
    }
    if (outside) one.trace = trace_of(statement, source.text());
    one.lock_wait = lock_wait(effects, one, outside);
    piece_->statements.push_back(std::move(one));

    database_.apply(statement, script);
    if (statement.as<sql::DoBlock>() != nullptr) {
      for (const sql::Statement& inner : script.body(statement).statements) database_.apply(inner, script);
    }
    state_.after(statement, effects, database_, number);
    return success();
  }

  [[nodiscard]] bool is_known_new(const effects::RelationLock& lock) const {
    return lock.role == effects::Role::created ||
           (lock.relation != effects::RelationId::none && database_.is_new(database_.relation(lock.relation)));
  }

  void describe(const effects::Effects& effects, PlannedStatement& planned) const {
    for (const effects::RelationLock& lock : effects.locks) {
      if (is_known_new(lock)) continue;
      const auto known = std::ranges::find(planned.locks, lock.name, &PlannedLock::relation);
      if (known == planned.locks.end()) {
        planned.locks.push_back({lock.name, lock.mode});
      } else {
        known->mode = std::max(known->mode, lock.mode);
      }
    }
    for (const effects::Work& work : effects.work) {
      using enum effects::WorkKind;
      switch (work.kind) {
        case rewrite: planned.work.push_back("rewrites " + work.relation_name); break;
        case scan: planned.work.push_back("scans " + work.relation_name); break;
        case index_build:
          planned.work.push_back(
              fmt::format("builds {} on {}", work.index_name.empty() ? "an index" : work.index_name, work.relation_name));
          break;
        case index_rebuild: planned.work.push_back(fmt::format("rebuilds {} of {}", work.index_name, work.relation_name)); break;
        case copy: planned.work.push_back("copies " + work.relation_name); break;
        case data_change: planned.work.push_back("changes rows of " + work.relation_name); break;
      }
    }
  }

  LockWait lock_wait(const effects::Effects& effects, const PlannedStatement& planned, bool outside) {
    bool blocks = effects.opaque;
    for (const effects::RelationLock& lock : effects.locks) blocks = blocks || (!is_known_new(lock) && blocks_somebody(lock.mode));
    // Building or dropping concurrently waits in several places, after the first of which a failure leaves an invalid
    // index; what it holds while it waits blocks nobody (manual 13.3.1: SHARE UPDATE EXCLUSIVE).
    if (outside && (planned.trace.kind == Trace::Kind::create_index || planned.trace.kind == Trace::Kind::drop_index ||
                    planned.trace.kind == Trace::Kind::reindex || planned.trace.kind == Trace::Kind::detach_partition)) {
      return LockWait::unlimited;
    }
    if (outside) return blocks ? LockWait::brief : LockWait::unlimited;
    const bool brief = blocks || holds_blocking_lock_;
    holds_blocking_lock_ = brief;
    return brief ? LockWait::brief : LockWait::unlimited;
  }

  const MigrationSet& set_;
  int version_;
  std::deque<sql::Script> scripts_;
  schema::Database database_;
  effects::TransactionState state_;
  std::vector<sql::CommentText> comments_;
  Piece* piece_ = nullptr;            // that a further statement may join
  bool own_block_ = false;            // the migration's own BEGIN is open
  bool holds_blocking_lock_ = false;  // an earlier statement of the piece took a lock that somebody may wait for
};

}  // namespace

std::size_t PlannedRevision::statements() const {
  std::size_t count = 0;
  for (const Piece& piece : pieces) count += piece.statements.size();
  return count;
}

std::string Plan::hash() const {
  // The statements' hashes are over their tokens; these words are tokens too.
  std::string words;
  for (const PlannedRevision& revision : revisions) {
    words += fmt::format("\"{}\" {} ;", revision.revision, execute::name(revision.direction));
    for (const Piece& piece : revision.pieces) {
      words += fmt::format("{} ;", execute::name(piece.kind));
      if (piece.kind == PieceKind::live) words += fmt::format("'{}' ;", revision.hash);
      for (const PlannedStatement& statement : piece.statements) words += fmt::format("'{}' ;", statement.hash);
    }
  }
  return migrations::meaning_hash(words, {});
}

Result<Plan> make_plan(const MigrationSet& set, std::span<const std::size_t> applied, std::span<const Step> steps, int postgres_version) {
  Plan plan;
  if (steps.empty()) return plan;
  Planner planner(set, postgres_version);
  for (const std::size_t migration : applied) planner.replay(migration);
  for (const Step& step : steps) {
    TRY_ASSIGN(PlannedRevision planned, planner.plan(step));
    plan.revisions.push_back(std::move(planned));
  }
  return plan;
}

std::string_view name(PieceKind kind) {
  switch (kind) {
    case PieceKind::transaction: return "transaction";
    case PieceKind::outside: return "outside";
    case PieceKind::backfill: return "backfill";
    case PieceKind::live: break;
  }
  return "live";
}

std::string_view name(Direction direction) { return direction == Direction::upgrade ? "upgrade" : "downgrade"; }

}  // namespace cupel::execute
