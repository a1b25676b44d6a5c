// Statements without a type of their own: of databases, roles, subscriptions and the server. Most lock no relation; the
// question is whether a transaction block may hold them (PreventInTransactionBlock's callers, 13 to 18).
#include "base/ascii.h"
#include "effects/predict.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace cupel::effects {

namespace {

// The words of a statement in lower case, without quoted names and strings.
std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> result;
  for (const sql::Token& token : sql::tokens(text)) {
    if (token.kind != sql::TokenKind::word) continue;
    result.push_back(lower_case(token.span.of(text)));
  }
  return result;
}

bool has_word(const std::vector<std::string>& all, std::string_view word) { return std::find(all.begin(), all.end(), word) != all.end(); }

// name = false in a WITH list.
bool is_off(const std::vector<std::string>& all, std::string_view option) {
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    if (all[i] == option && (all[i + 1] == "false" || all[i + 1] == "off" || all[i + 1] == "none")) return true;
  }
  return false;
}

// A publisher is asked unless connect = false; whether it answers is not in the text.
void connect_to_publisher(Prediction& prediction) {
  prediction.may_fail(prediction.since(14) ? "08006" : "XX000", "could not connect to the publisher");
}

void create_subscription(Prediction& prediction, const std::vector<std::string>& all) {
  if (is_off(all, "connect")) return;
  if (!is_off(all, "create_slot") && !is_off(all, "slot_name")) prediction.refuse_in_transaction();
  connect_to_publisher(prediction);
}

void alter_subscription(Prediction& prediction, const std::vector<std::string>& all) {
  const bool refreshes = has_word(all, "refresh") && !is_off(all, "refresh");
  const bool changes = has_word(all, "publication") && (has_word(all, "set") || has_word(all, "add") || has_word(all, "drop"));
  if ((refreshes || changes) && !is_off(all, "refresh")) prediction.refuse_in_transaction();
}

// ALTER DATABASE … SET TABLESPACE moves files; SET a parameter does not.
bool moves_database(const std::vector<std::string>& all) {
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    if (all[i] == "set" && all[i + 1] == "tablespace") return true;
  }
  return false;
}

// ---- ALTER … DEPENDS ON EXTENSION, ALTER … ALL IN TABLESPACE --------------------------------------------------------

// The identifiers and keywords of a statement in order, folded, quotes removed; a dot joins what it stands between.
std::vector<sql::QualifiedName> names(std::string_view text, std::vector<std::string>& storage) {
  const std::vector<sql::Token> tokens = sql::tokens(text);
  storage.reserve(tokens.size());
  std::vector<sql::QualifiedName> result;
  bool joins = false;
  for (const sql::Token& token : tokens) {
    const std::string_view spelled = token.span.of(text);
    if (spelled == ".") {
      joins = true;
      continue;
    }
    std::string name(spelled);
    if (token.kind == sql::TokenKind::quoted_identifier && name.size() > 1) {
      name = name.substr(1, name.size() - 2);
    } else {
      name = lower_case(spelled);
    }
    const std::string_view kept = storage.emplace_back(std::move(name));
    if (joins && !result.empty()) {
      result.back() = {result.back().name, kept, {}};
    } else {
      result.push_back({{}, kept, {}});
    }
    joins = false;
  }
  return result;
}

// ExecAlterObjectDependsStmt: ACCESS EXCLUSIVE, although only a dependency is noted.
void depend_on_extension(Prediction& prediction, const std::vector<sql::QualifiedName>& all) {
  for (std::size_t i = 2; i < all.size(); ++i) {
    if (all[i].name != "depends" && !(all[i].name == "no" && i + 1 < all.size() && all[i + 1].name == "depends")) continue;
    const sql::QualifiedName& name = all[i - 1];
    const bool is_trigger = all[1].name == "trigger";  // its table is only looked up
    const schema::Relation* relation = prediction.find(name);
    if (relation == nullptr && prediction.fail_unknown(name)) return;
    const bool is_index = relation == nullptr ? all[1].name == "index" : relation->index.has_value();
    const LockMode mode = is_trigger ? LockMode::access_share : LockMode::access_exclusive;
    prediction.lock_named(relation, name, mode, is_index ? Role::index : Role::target, Cause::statement);
    return;
  }
}

// AlterTableMoveAll: every table (index, materialized view) of a tablespace, copied in one transaction.
void move_all(Prediction& prediction, const std::vector<sql::QualifiedName>& all, std::size_t from) {
  const std::string_view tablespace = all[from].name == "pg_default" ? std::string_view() : all[from].name;
  const std::string_view kind = all[1].name;
  for (RelationId id : prediction.database().relations()) {
    const schema::Relation& relation = prediction.relation(id);
    const bool wanted = kind == "table"   ? relation.kind == schema::RelationKind::table
                        : kind == "index" ? relation.index.has_value()
                                          : relation.kind == schema::RelationKind::materialized_view;
    if (!wanted || (relation.tablespace != tablespace && relation.tablespace != all[from].name)) continue;
    prediction.lock(relation, LockMode::access_exclusive, relation.index ? Role::index : Role::target, Cause::tablespace_change);
    if (relation.index) {
      Work& work = prediction.work(WorkKind::copy, prediction.relation(relation.index->table), Cause::tablespace_change);
      work.index = id;
      work.index_name = prediction.database().display_name(relation);
      continue;
    }
    prediction.lock_toast(relation, LockMode::access_exclusive, Cause::tablespace_change);
    prediction.work(WorkKind::copy, relation, Cause::tablespace_change);
  }
}

// Returns true if that is what the statement is.
bool predict_alter_words(Prediction& prediction, std::string_view text) {
  std::vector<std::string> storage;
  const std::vector<sql::QualifiedName> all = names(text, storage);
  for (std::size_t i = 2; i + 1 < all.size(); ++i) {
    if (all[i].name == "depends" && all[i + 1].name == "on") {
      depend_on_extension(prediction, all);
      return true;
    }
    if (all[i].name == "tablespace" && all[i - 1].name == "in") {
      move_all(prediction, all, i + 1);
      return true;
    }
  }
  return false;
}

// ---- GRANT of a role ------------------------------------------------------------------------------------------------

// Predefined roles by the version they came with (manual 21.5).
void grant_role(Prediction& prediction, const std::vector<std::string>& all) {
  struct PredefinedRole {
    std::string_view name;
    int since;
  };
  constexpr std::array roles = {
      PredefinedRole{"pg_read_all_data", 14},
      PredefinedRole{"pg_write_all_data", 14},
      PredefinedRole{"pg_database_owner", 14},
      PredefinedRole{"pg_checkpoint", 15},
      PredefinedRole{"pg_use_reserved_connections", 16},
      PredefinedRole{"pg_create_subscription", 16},
      PredefinedRole{"pg_maintain", 17},
      PredefinedRole{"pg_signal_autovacuum_worker", 18},
  };
  for (const PredefinedRole& role : roles) {
    if (prediction.since(role.since) || !has_word(all, role.name)) continue;
    return prediction.fail("42704", "role \"" + std::string(role.name) + "\" does not exist");
  }
}

}  // namespace

void predict_other(Prediction& prediction, const sql::Statement& statement, const sql::OtherStatement& other) {
  const std::string_view tag = other.tag;
  for (std::string_view refused : {"CREATE DATABASE", "DROP DATABASE", "ALTER SYSTEM", "CREATE TABLESPACE", "DROP TABLESPACE"}) {
    if (tag == refused) return prediction.refuse_in_transaction();
  }
  const std::string_view text = prediction.context().script.text(statement);
  const bool alters_relation = tag == "ALTER TABLE" || tag == "ALTER INDEX" || tag == "ALTER MATERIALIZED VIEW" || tag == "ALTER TRIGGER";
  if (alters_relation && predict_alter_words(prediction, text)) return;
  // What a role owns is not in a replay, nor what is in a tablespace.
  if (tag == "DROP OWNED" || tag == "REASSIGN OWNED" || tag == "IMPORT FOREIGN SCHEMA" || tag == "ALTER TABLE" || tag == "EXECUTE") {
    return prediction.set_opaque();
  }
  // EXPLAIN ANALYZE runs the statement.
  if (tag == "EXPLAIN" && has_word(words(text), "analyze")) return prediction.set_opaque();
  const bool depends_on_words =
      tag == "ALTER DATABASE" || tag == "CREATE SUBSCRIPTION" || tag == "ALTER SUBSCRIPTION" || tag == "GRANT ROLE" || tag == "REVOKE ROLE";
  if (!depends_on_words) return;
  const std::vector<std::string> all = words(text);
  if (tag == "GRANT ROLE" || tag == "REVOKE ROLE") grant_role(prediction, all);
  if (tag == "ALTER DATABASE" && moves_database(all)) prediction.refuse_in_transaction();
  if (tag == "CREATE SUBSCRIPTION") create_subscription(prediction, all);
  if (tag == "ALTER SUBSCRIPTION") alter_subscription(prediction, all);
}

// DISCARD ALL (manual, DISCARD: Notes); PLANS, SEQUENCES and TEMP may run anywhere.
void predict_discard(Prediction& prediction, const sql::Statement& statement) {
  if (has_word(words(prediction.context().script.text(statement)), "all")) prediction.refuse_in_transaction();
}

}  // namespace cupel::effects
