#include <string>
#include <variant>

#include "effects/predict.h"

namespace cupel::effects {

namespace {

// The query of a statement in a function's body, if it has one.
const sql::Query* query_of(const sql::Statement& statement) {
  if (const auto* select = statement.as<sql::Select>()) return &select->query;
  if (const auto* insert = statement.as<sql::Insert>()) return &insert->query;
  if (const auto* update = statement.as<sql::Update>()) return &update->query;
  if (const auto* deletion = statement.as<sql::Delete>()) return &deletion->query;
  if (const auto* merge = statement.as<sql::Merge>()) return &merge->query;
  return nullptr;
}

const sql::QualifiedName* target_of(const sql::Statement& statement) {
  if (const auto* insert = statement.as<sql::Insert>()) return &insert->table;
  if (const auto* update = statement.as<sql::Update>()) return &update->table;
  if (const auto* deletion = statement.as<sql::Delete>()) return &deletion->table;
  if (const auto* merge = statement.as<sql::Merge>()) return &merge->table;
  return nullptr;
}

}  // namespace

// fmgr_sql_validator analyzes the body of an SQL function (check_function_bodies is on by default): the relations it names
// are locked as its statements would. Other languages are only checked for their syntax, if at all.
void predict_create_function(Prediction& prediction, const sql::Statement& statement, const sql::CreateFunction& function) {
  if (!function.body || function.body->language != "sql") return;
  if (prediction.database().settings().find("check_function_bodies").value_or("on") == "off" ||
      prediction.database().settings().find("check_function_bodies").value_or("on") == "false") {
    return;
  }
  for (const sql::Statement& inner : prediction.context().script.body(statement).statements) {
    if (const sql::QualifiedName* target = target_of(inner)) {
      const schema::Relation* table = prediction.find(*target);
      if (table != nullptr) prediction.lock(*table, LockMode::row_exclusive, Role::table, Cause::query);
    }
    if (const sql::Query* query = query_of(inner)) predict_query(prediction, *query, Cause::query, QueryUse::analyzed);
  }
}

}  // namespace cupel::effects
