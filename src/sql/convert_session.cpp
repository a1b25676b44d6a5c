// Transactions, settings, locks, maintenance.
#include "base/ascii.h"
#include "sql/convert.h"

namespace cupel::sql {
namespace {

StatementNode convert_transaction(const ::TransactionStmt& node) {
  using Kind = Transaction::Kind;
  Transaction transaction{};
  switch (node.kind) {
    case TRANS_STMT_BEGIN:
    case TRANS_STMT_START: transaction.kind = Kind::begin; break;
    case TRANS_STMT_COMMIT: transaction.kind = Kind::commit; break;
    case TRANS_STMT_ROLLBACK: transaction.kind = Kind::rollback; break;
    case TRANS_STMT_SAVEPOINT: transaction.kind = Kind::savepoint; break;
    case TRANS_STMT_RELEASE: transaction.kind = Kind::release; break;
    case TRANS_STMT_ROLLBACK_TO: transaction.kind = Kind::rollback_to; break;
    case TRANS_STMT_PREPARE: transaction.kind = Kind::prepare; break;
    case TRANS_STMT_COMMIT_PREPARED: transaction.kind = Kind::commit_prepared; break;
    case TRANS_STMT_ROLLBACK_PREPARED: transaction.kind = Kind::rollback_prepared; break;
  }
  transaction.savepoint = view(node.savepoint_name != nullptr ? node.savepoint_name : node.gid);
  transaction.chain = node.chain;
  return transaction;
}

// Settings' names do not depend on case (manual 19.1.1).
std::string_view lower_case(const Origin& origin, std::string_view name) {
  const std::string lowered = cupel::lower_case(name);
  return lowered == name ? name : origin.keep(lowered);
}

StatementNode convert_set(const Origin& origin, const ::VariableSetStmt& node) {
  using Kind = SetVariable::Kind;
  SetVariable set;
  set.name = lower_case(origin, view(node.name));
  set.local = node.is_local;
  switch (node.kind) {
    case VAR_SET_VALUE: set.kind = Kind::set; break;
    case VAR_SET_DEFAULT: set.kind = Kind::set_default; break;
    case VAR_SET_CURRENT: set.kind = Kind::set_current; break;
    case VAR_SET_MULTI: set.kind = Kind::set_multi; break;
    case VAR_RESET: set.kind = Kind::reset; break;
    case VAR_RESET_ALL: set.kind = Kind::reset_all; break;
  }
  for (const ::Node* value : Each<::Node>(node.args)) {
    if (tag_of(value) != T_DefElem) {
      set.values.push_back(value_text(origin, value));
      continue;
    }
    // SET TRANSACTION ISOLATION LEVEL … is several settings in one.
    const auto& item = as_node<::DefElem>(value);
    std::string text(view(item.defname));
    text += '=';
    text += value_text(origin, item.arg);
    set.values.push_back(origin.keep(text));
  }
  return set;
}

StatementNode convert_lock(const Origin& origin, const ::LockStmt& node) {
  LockTable lock;
  lock.names = relation_names(origin, node.relations);
  for (const ::RangeVar* relation : Each<::RangeVar>(node.relations)) lock.only.push_back(!relation->inh);
  // PostgreSQL numbers its eight modes from 1, in the same order (storage/lockdefs.h).
  if (node.mode >= 1 && node.mode <= 8) lock.mode = static_cast<LockMode>(node.mode - 1);
  lock.nowait = node.nowait;
  return lock;
}

StatementNode convert_vacuum(const Origin& origin, const ::VacuumStmt& node) {
  Vacuum vacuum;
  vacuum.vacuum = node.is_vacuumcmd;
  vacuum.full = is_on(find_option(node.options, "full"));
  vacuum.analyze = !node.is_vacuumcmd || is_on(find_option(node.options, "analyze"));
  for (const ::VacuumRelation* relation : Each<::VacuumRelation>(node.rels)) {
    vacuum.names.push_back(relation_name(origin, relation->relation));
  }
  return vacuum;
}

StatementNode convert_cluster(const Origin& origin, const ::ClusterStmt& node) {
  Cluster cluster;
  if (node.relation != nullptr) cluster.name = relation_name(origin, node.relation);
  cluster.index = view(node.indexname);
  return cluster;
}

}  // namespace

std::optional<StatementNode> convert_session(const Origin& origin, const ::Node* node) {
  switch (tag_of(node)) {
    case T_TransactionStmt: return convert_transaction(as_node<::TransactionStmt>(node));
    case T_VariableSetStmt: return convert_set(origin, as_node<::VariableSetStmt>(node));
    case T_ConstraintsSetStmt: {
      const auto& set = as_node<::ConstraintsSetStmt>(node);
      return SetConstraints{set.deferred, set.constraints == nullptr};
    }
    case T_LockStmt: return convert_lock(origin, as_node<::LockStmt>(node));
    case T_VacuumStmt: return convert_vacuum(origin, as_node<::VacuumStmt>(node));
    case T_ClusterStmt: return convert_cluster(origin, as_node<::ClusterStmt>(node));
    case T_CallStmt: {
      const ::FuncCall* call = as_node<::CallStmt>(node).funccall;
      Call converted{name_of(call->funcname)};
      converted.function.span = origin.name_at(call->location);
      return converted;
    }
    case T_DiscardStmt: return Discard{};
    default: return std::nullopt;
  }
}

}  // namespace cupel::sql
