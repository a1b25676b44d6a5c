#include "execute/statement_trace.h"

#include "base/ascii.h"
#include "sql/script.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace cupel::execute {
namespace {

// The name in CREATE DATABASE name, DROP TABLESPACE IF EXISTS name …, as written.
std::string third_word(std::string_view statement) {
  std::vector<sql::Token> tokens = sql::tokens(statement);
  std::size_t at = 2;
  if (tokens.size() > 4 && lower_case(tokens[2].span.of(statement)) == "if") at = 4;
  return tokens.size() > at ? std::string(tokens[at].span.of(statement)) : std::string();
}

Trace trace_by_tag(std::string_view tag, std::string_view statement) {
  using Kind = Trace::Kind;
  constexpr std::array<std::pair<std::string_view, Kind>, 6> named = {{{"CREATE DATABASE", Kind::create_database},
                                                                       {"DROP DATABASE", Kind::drop_database},
                                                                       {"CREATE TABLESPACE", Kind::create_tablespace},
                                                                       {"DROP TABLESPACE", Kind::drop_tablespace},
                                                                       {"CREATE SUBSCRIPTION", Kind::create_subscription},
                                                                       {"DROP SUBSCRIPTION", Kind::drop_subscription}}};
  for (const auto& [name, kind] : named) {
    if (tag == name) return {kind, third_word(statement), {}};
  }
  // These say what shall be, not what shall change.
  constexpr std::array<std::string_view, 6> repeatable = {"ALTER SYSTEM", "ALTER DATABASE", "ALTER SUBSCRIPTION",
                                                          "DISCARD",      "CHECKPOINT",     "ALTER TABLESPACE"};
  if (std::ranges::find(repeatable, tag) != repeatable.end()) return {Kind::repeatable, {}, {}};
  return {};
}

}  // namespace

Trace trace_of(const sql::Statement& statement, std::string_view text) {
  using Kind = Trace::Kind;
  if (const auto* create = statement.as<sql::CreateIndex>()) {
    sql::QualifiedName index = create->table;  // an index lives in its table's schema
    index.name = create->name;
    return {Kind::create_index, create->name.empty() ? std::string() : sql::to_sql(index), sql::to_sql(create->table)};
  }
  if (const auto* drop = statement.as<sql::DropObjects>();
      drop != nullptr && drop->kind == sql::ObjectKind::index && drop->names.size() == 1) {
    return {Kind::drop_index, sql::to_sql(drop->names.front()), {}};
  }
  if (const auto* reindex = statement.as<sql::Reindex>()) {
    const bool of_relation = reindex->target == sql::Reindex::Target::index || reindex->target == sql::Reindex::Target::table;
    return {Kind::reindex, of_relation ? sql::to_sql(reindex->name) : std::string(), {}};
  }
  if (const auto* alter = statement.as<sql::AlterTable>()) {
    for (const sql::AlterTableCommand& command : alter->commands) {
      if (command.action == sql::AlterTableAction::detach_partition && command.relation) {
        return {Kind::detach_partition, sql::to_sql(*command.relation), sql::to_sql(alter->name)};
      }
    }
    return {};
  }
  if (statement.as<sql::Vacuum>() != nullptr || statement.as<sql::Cluster>() != nullptr) return {Kind::repeatable, {}, {}};
  return trace_by_tag(statement.tag(), statement.span.of(text));
}

}  // namespace cupel::execute
