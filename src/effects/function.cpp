#include "effects/predict.h"
#include "effects/query.h"

#include <string>
#include <variant>

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

namespace {

// An overload with the same input types. Returns true if it failed.
bool fails_existing(Prediction& prediction, const sql::CreateFunction& function) {
  if (function.or_replace) return false;
  std::vector<schema::DataType> types;
  for (const sql::FunctionArgument& argument : function.arguments) {
    if (argument.input) types.push_back(prediction.database().resolve(argument.type));
  }
  const std::string schema = function.name.schema.empty() ? prediction.database().creation_schema() : std::string(function.name.schema);
  for (const schema::Function* known : prediction.database().find_functions(schema, function.name.name, types.size())) {
    if (known->incomplete || known->argument_types != types) continue;
    prediction.fail("42723", "function \"" + std::string(function.name.name) + "\" already exists with same argument types");
    return true;
  }
  return false;
}

}  // namespace

// fmgr_sql_validator analyzes the body of an SQL function (check_function_bodies is on by default): the relations it names
// are locked as its statements would. Other languages are only checked for their syntax, if at all.
void predict_create_function(Prediction& prediction, const sql::Statement& statement, const sql::CreateFunction& function) {
  if (prediction.fail_unknown_schema(function.name)) return;
  if (function.sql_body || function.return_expression) {
    // BEGIN ATOMIC and RETURN (14) are analyzed whatever the setting says.
    lock_named_in_text(prediction, prediction.context().script.text(statement), {}, Cause::query);
  }
  if (fails_existing(prediction, function) || !function.body || function.body->language != "sql") return;
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
