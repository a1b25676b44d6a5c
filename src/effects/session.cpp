// Statements without a type of their own: of databases, roles, subscriptions and the server. Most lock no relation; the
// question is whether a transaction block may hold them (PreventInTransactionBlock's callers, 13 to 18).
#include <algorithm>
#include <string>

#include "effects/predict.h"

namespace cupel::effects {

namespace {

// The words of a statement in lower case, without quoted names and strings.
std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> result;
  for (const sql::Token& token : sql::tokens(text)) {
    if (token.kind != sql::TokenKind::word) continue;
    std::string word(token.span.of(text));
    std::transform(word.begin(), word.end(), word.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    result.push_back(std::move(word));
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

}  // namespace

void predict_other(Prediction& prediction, const sql::Statement& statement, const sql::OtherStatement& other) {
  const std::string_view tag = other.tag;
  for (std::string_view refused : {"CREATE DATABASE", "DROP DATABASE", "ALTER SYSTEM", "CREATE TABLESPACE", "DROP TABLESPACE"}) {
    if (tag == refused) return prediction.refuse_in_transaction();
  }
  // What a role owns is not in a replay, nor what is in a tablespace.
  if (tag == "DROP OWNED" || tag == "REASSIGN OWNED" || tag == "IMPORT FOREIGN SCHEMA" || tag == "ALTER TABLE" || tag == "EXECUTE") {
    return prediction.set_opaque();
  }
  if (tag != "ALTER DATABASE" && tag != "CREATE SUBSCRIPTION" && tag != "ALTER SUBSCRIPTION" && tag != "DROP SUBSCRIPTION") return;
  const std::vector<std::string> all = words(prediction.context().script.text(statement));
  if (tag == "ALTER DATABASE" && moves_database(all)) prediction.refuse_in_transaction();
  if (tag == "CREATE SUBSCRIPTION") create_subscription(prediction, all);
  if (tag == "ALTER SUBSCRIPTION") alter_subscription(prediction, all);
  if (tag == "DROP SUBSCRIPTION") {
    // With a replication slot, which is the rule; subscriptions are not replayed.
    prediction.refuse_in_transaction();
    connect_to_publisher(prediction);
  }
}

// DISCARD ALL (manual, DISCARD: Notes); PLANS, SEQUENCES and TEMP may run anywhere.
void predict_discard(Prediction& prediction, const sql::Statement& statement) {
  if (has_word(words(prediction.context().script.text(statement)), "all")) prediction.refuse_in_transaction();
}

}  // namespace cupel::effects
