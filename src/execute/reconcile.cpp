#include "execute/reconcile.h"

#include "sql/script.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace cupel::execute {
namespace {

constexpr std::string_view what_failed = "cannot look what an interrupted statement left";

std::string lit(std::string_view value) { return PgSession::literal(value); }

// Which of an index's properties its definition and the statement that made it state alike.
struct IndexShape {
  bool unique = false;
  std::string access_method;
  std::vector<std::string> columns, include;  // "" for an expression
  bool partial = false;
  friend bool operator==(const IndexShape&, const IndexShape&) = default;
};

IndexShape shape_of(std::string_view definition) {
  const SourceText source("", std::string(definition));
  const sql::Script script = sql::Script::parse(source);
  IndexShape shape;
  if (script.statements().size() != 1) return shape;
  const auto* index = script.statements().front().as<sql::CreateIndex>();
  if (index == nullptr) return shape;
  shape.unique = index->unique;
  shape.access_method = index->access_method;
  for (const sql::IndexElement& element : index->elements) shape.columns.emplace_back(element.column);
  for (const std::string_view column : index->include) shape.include.emplace_back(column);
  shape.partial = static_cast<bool>(index->where);
  return shape;
}

Error failed(std::string message) { return {ErrorCode::failed, std::move(message)}; }

Status drop_index(PgSession& session, const std::string& index) {
  // What blocks nobody may wait (see LockWait::unlimited).
  TRY_VOID(session.query("SET lock_timeout = 0", what_failed));
  TRY_VOID(session.query("DROP INDEX CONCURRENTLY IF EXISTS " + index, fmt::format("the invalid index {} cannot be dropped", index)));
  return success();
}

Result<Reconciliation> reconcile_create_index(PgSession& session, const PlannedStatement& statement, std::string_view text,
                                              std::string_view before) {
  const IndexShape wanted = shape_of(text);
  TRY_ASSIGN(
      const Rows found,
      session.query(
          fmt::format(
              "SELECT i.indexrelid::regclass::text, i.indisvalid, pg_get_indexdef(i.indexrelid) FROM pg_index i WHERE i.indrelid = "
              "to_regclass({}) "
              "AND i.indexrelid <> ALL ('{{{}}}'::oid[]) AND ({} OR i.indexrelid = to_regclass({})) "
              "AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid) ORDER BY i.indexrelid",
              lit(statement.trace.table), before, statement.trace.object.empty(), lit(statement.trace.object)),
          what_failed));
  for (std::size_t row = 0; row < found.size(); ++row) {
    const std::string& index = found.text(row, 0);
    const bool same = shape_of(found.text(row, 2)) == wanted;
    if (!same && statement.trace.object.empty()) continue;  // somebody else's
    if (!same) {
      return failed(
          fmt::format("index {} appeared while an earlier run was building it, but it is not what the migration makes: {}; drop or rename "
                      "it, then upgrade again",
                      index, found.text(row, 2)));
    }
    if (found.truth(row, 1)) return Reconciliation{true, fmt::format("index {} was built by the interrupted run, and is valid", index)};
    TRY_VOID(drop_index(session, index));
    return Reconciliation{false, fmt::format("the interrupted run left index {} invalid; it was dropped and is built again", index)};
  }
  return Reconciliation{false, "the interrupted run left no index"};
}

Result<Reconciliation> reconcile_reindex(PgSession& session, const PlannedStatement& statement) {
  if (statement.trace.object.empty()) return Reconciliation{false, "the interrupted REINDEX is run again"};
  // REINDEX CONCURRENTLY leaves what it was building, or what it had replaced, under these names (manual: REINDEX,
  // "Rebuilding Indexes Concurrently").
  TRY_ASSIGN(
      const Rows left,
      session.query(
          fmt::format("SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
                      "WHERE NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$' "
                      "AND i.indrelid IN (SELECT to_regclass({0}) UNION SELECT indrelid FROM pg_index WHERE indexrelid = to_regclass({0})) "
                      "AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid)",
                      lit(statement.trace.object)),
          what_failed));
  for (std::size_t row = 0; row < left.size(); ++row) TRY_VOID(drop_index(session, left.text(row, 0)));
  return Reconciliation{false, left.empty()
                                   ? "the interrupted REINDEX is run again"
                                   : fmt::format("{} left by the interrupted REINDEX was dropped; it is run again", left.text(0, 0))};
}

Result<Reconciliation> reconcile_detach(PgSession& session, const PlannedStatement& statement) {
  TRY_ASSIGN(
      const Rows rows,
      session.query(fmt::format("SELECT inhdetachpending FROM pg_inherits WHERE inhrelid = to_regclass({}) AND inhparent = to_regclass({})",
                                lit(statement.trace.object), lit(statement.trace.table)),
                    what_failed));
  if (rows.empty()) return Reconciliation{true, fmt::format("partition {} was detached by the interrupted run", statement.trace.object)};
  if (!rows.truth(0, 0)) return Reconciliation{false, fmt::format("partition {} is still attached", statement.trace.object)};
  TRY_VOID(session.query(fmt::format("ALTER TABLE {} DETACH PARTITION {} FINALIZE", statement.trace.table, statement.trace.object),
                         "the interrupted DETACH PARTITION cannot be finished"));
  return Reconciliation{true,
                        fmt::format("the interrupted run had begun to detach partition {}; that was finished", statement.trace.object)};
}

// `catalog` has a row for the object if it exists. `wanted`: the statement makes it exist.
Result<Reconciliation> reconcile_existence(PgSession& session, std::string_view catalog, std::string_view column, const std::string& object,
                                           bool wanted) {
  const std::string name = object.starts_with('"') ? object : sql::quote_identifier(object);
  TRY_ASSIGN(const Rows rows,
             session.query(fmt::format("SELECT FROM {} WHERE quote_ident({}) IN ({}, lower({}))", catalog, column, lit(name), lit(object)),
                           what_failed));
  const bool exists = !rows.empty();
  return Reconciliation{exists == wanted, fmt::format("{} {}", object, exists ? "exists" : "does not exist")};
}

}  // namespace

Result<std::string> state_before(PgSession& session, const PlannedStatement& statement) {
  if (statement.trace.kind != Trace::Kind::create_index) return std::string();
  TRY_ASSIGN(const Rows indexes,
             session.query(
                 fmt::format(
                     "SELECT i.indexrelid, i.indisvalid, i.indexrelid = to_regclass({}) FROM pg_index i WHERE i.indrelid = to_regclass({})",
                     statement.trace.object.empty() ? "NULL" : lit(statement.trace.object), lit(statement.trace.table)),
                 "cannot look at the indexes"));
  std::string before;
  for (std::size_t row = 0; row < indexes.size(); ++row) {
    if (indexes.truth(row, 2) && !indexes.truth(row, 1)) {
      return failed(
          fmt::format("index {0} exists and is INVALID: an earlier build of it failed. It serves no query but costs every write; drop it "
                      "(DROP INDEX CONCURRENTLY {0}), then upgrade again",
                      statement.trace.object));
    }
    before += (before.empty() ? "" : ",") + indexes.text(row, 0);
  }
  return before;
}

Result<Reconciliation> reconcile(PgSession& session, const PlannedStatement& statement, std::string_view text, std::string_view before,
                                 bool idempotent) {
  using enum Trace::Kind;
  const Trace& trace = statement.trace;
  switch (trace.kind) {
    case none:
      if (idempotent) return Reconciliation{false, "it is declared idempotent, and run again"};
      return failed(
          fmt::format("an earlier run was interrupted in this {}, and PostgreSQL keeps no trace of whether it happened; look, and if it "
                      "may be run twice write -- cupel:idempotent above it",
                      statement.tag));
    case repeatable: return Reconciliation{false, fmt::format("the interrupted {} is run again, which does no harm", statement.tag)};
    case create_index: return reconcile_create_index(session, statement, text, before);
    case drop_index: {
      TRY_ASSIGN(const Rows rows, session.query(fmt::format("SELECT to_regclass({}) IS NULL", lit(trace.object)), what_failed));
      const bool gone = rows.truth(0, 0);
      return Reconciliation{gone, gone ? fmt::format("index {} was dropped by the interrupted run", trace.object)
                                       : fmt::format("index {} is still there", trace.object)};
    }
    case reindex: return reconcile_reindex(session, statement);
    case detach_partition: return reconcile_detach(session, statement);
    case create_database:
    case drop_database: return reconcile_existence(session, "pg_database", "datname", trace.object, trace.kind == create_database);
    case create_tablespace:
    case drop_tablespace: return reconcile_existence(session, "pg_tablespace", "spcname", trace.object, trace.kind == create_tablespace);
    case create_subscription:
    case drop_subscription: break;
  }
  return reconcile_existence(session, "pg_subscription", "subname", trace.object, trace.kind == create_subscription);
}

}  // namespace cupel::execute
