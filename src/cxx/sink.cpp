#include "cxx/sink.h"

#include "base/ascii.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <vector>

namespace cupel::cxx {
namespace {

using enum Sink::Shape;
constexpr InTransaction in_transaction = InTransaction::yes;
constexpr InTransaction outside = InTransaction::no;

constexpr Sink sinks[] = {
    // libpqxx. Its nontransaction is the one that opens none.
    {.owner = "pqxx::nontransaction", .method = "exec*", .shape = query, .transaction = outside},
    {.owner = "pqxx::nontransaction", .method = "query*", .shape = query, .transaction = outside},
    {.owner = "pqxx::nontransaction", .method = "stream", .shape = query, .transaction = outside},
    {.owner = "pqxx::transaction_base", .method = "exec*", .shape = query, .transaction = in_transaction},
    {.owner = "pqxx::transaction_base", .method = "query*", .shape = query, .transaction = in_transaction},
    {.owner = "pqxx::transaction_base", .method = "stream", .shape = query, .transaction = in_transaction},
    {.owner = "pqxx::transaction_base", .method = "for_each", .shape = query, .transaction = in_transaction},
    {.owner = "pqxx::connection", .method = "prepare", .shape = last},
    {.owner = "pqxx::connection", .method = "exec", .shape = query, .transaction = outside},
    {.owner = "pqxx::pipeline", .method = "insert", .shape = query},
    // libpq
    {.owner = "", .method = "PQexec", .sql = 1},
    {.owner = "", .method = "PQexecParams", .sql = 1},
    {.owner = "", .method = "PQprepare", .sql = 2},
    {.owner = "", .method = "PQsendQuery", .sql = 1},
    {.owner = "", .method = "PQsendQueryParams", .sql = 1},
    {.owner = "", .method = "PQsendPrepare", .sql = 2},
    // SOCI
    {.owner = "soci::session", .method = "operator<<", .shape = stream, .binds = true},
    {.owner = "soci::details::once_type", .method = "operator<<", .shape = stream, .binds = true},
    {.owner = "soci::details::prepare_type", .method = "operator<<", .shape = stream, .binds = true},
    // Qt
    {.owner = "QSqlQuery", .method = "exec", .shape = query, .binds = true},
    {.owner = "QSqlQuery", .method = "prepare", .shape = query, .binds = true},
    {.owner = "QSqlQuery", .method = "QSqlQuery", .shape = query, .binds = true},
    {.owner = "QSqlDatabase", .method = "exec", .shape = query, .binds = true},
    // Drogon
    {.owner = "drogon::orm::DbClient", .method = "execSql*", .shape = query},
    {.owner = "drogon::orm::DbClient", .method = "operator<<", .shape = stream},
    // userver
    {.owner = "storages::postgres::Cluster", .method = "Execute*", .shape = query},
    {.owner = "storages::postgres::Transaction", .method = "Execute*", .shape = query, .transaction = in_transaction},
    {.owner = "userver::storages::postgres::Cluster", .method = "Execute*", .shape = query},
    {.owner = "userver::storages::postgres::Transaction", .method = "Execute*", .shape = query, .transaction = in_transaction},
    // The operations API's connection for data
    {.owner = "cupel::connection", .method = "exec", .shape = query},
    {.owner = "cupel::connection", .method = "query", .shape = query},
    // TinyORM's statements that are written out
    {.owner = "Orm::DB", .method = "unprepared", .shape = query},
    {.owner = "Orm::DB", .method = "statement", .shape = query},
};

// Upper-case words of the text's beginning, comments and brackets left out.
std::vector<std::string> first_words(std::string_view text, std::size_t count) {
  std::vector<std::string> words;
  std::size_t at = 0;
  while (at < text.size() && words.size() < count) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (c == '-' && text.substr(at).starts_with("--")) {
      at = std::min(text.find('\n', at), text.size());
    } else if (c == '/' && text.substr(at).starts_with("/*")) {
      const std::size_t end = text.find("*/", at + 2);
      at = end == std::string_view::npos ? text.size() : end + 2;
    } else if (std::isalpha(c) != 0 || c == '_') {
      std::string word;
      while (at < text.size() && (std::isalnum(static_cast<unsigned char>(text[at])) != 0 || text[at] == '_')) {
        word += static_cast<char>(std::toupper(static_cast<unsigned char>(text[at++])));
      }
      words.push_back(std::move(word));
    } else if (std::isspace(c) != 0 || c == '(' || c == ';') {
      ++at;
    } else {
      break;
    }
  }
  return words;
}

bool is_one_of(std::string_view word, std::span<const std::string_view> words) { return std::ranges::find(words, word) != words.end(); }

constexpr std::array<std::string_view, 32> objects = {
    "TABLE",   "INDEX",  "UNIQUE", "VIEW",  "MATERIALIZED", "SCHEMA",       "TYPE",      "DOMAIN",    "SEQUENCE", "FUNCTION",  "PROCEDURE",
    "TRIGGER", "RULE",   "POLICY", "ROLE",  "USER",         "GROUP",        "EXTENSION", "DATABASE",  "TEMP",     "TEMPORARY", "UNLOGGED",
    "FOREIGN", "SERVER", "OR",     "EVENT", "PUBLICATION",  "SUBSCRIPTION", "AGGREGATE", "COLLATION", "OPERATOR", "CAST"};

}  // namespace

std::span<const Sink> built_in_sinks() { return sinks; }

bool matches(std::string_view name, std::string_view pattern) {
  if (pattern.ends_with('*')) return name.starts_with(pattern.substr(0, pattern.size() - 1));
  return name == pattern;
}

bool names_execution(std::string_view name) {
  const std::string lower = lower_case(name);
  static constexpr std::array<std::string_view, 9> words = {"exec",    "query",  "sql", "prepare", "statement",
                                                            "command", "migrat", "ddl", "run"};
  return std::ranges::any_of(words, [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

bool looks_like_definition(std::string_view text) {
  const std::vector<std::string> words = first_words(text, 2);
  if (words.size() < 2) return false;
  if (words[0] == "CREATE" || words[0] == "ALTER" || words[0] == "DROP") return is_one_of(words[1], objects);
  if (words[0] == "TRUNCATE" || words[0] == "REINDEX" || words[0] == "CLUSTER")
    return std::ranges::any_of(text, [](char c) { return c == ' '; });
  if (words[0] == "COMMENT") return words[1] == "ON";
  if (words[0] == "REFRESH") return words[1] == "MATERIALIZED";
  return false;
}

bool looks_like_sql(std::string_view text) {
  if (looks_like_definition(text)) return true;
  const std::vector<std::string> words = first_words(text, 2);
  if (words.empty()) return false;
  const std::string& first = words[0];
  static constexpr std::array<std::string_view, 9> alone = {"BEGIN", "COMMIT", "ROLLBACK", "VACUUM", "ANALYZE",
                                                            "END",   "START",  "ABORT",    "VALUES"};
  if (is_one_of(first, alone)) return words.size() > 1 || text.size() < 40;
  if (words.size() < 2) return first == "SELECT" || first == "TRUNCATE";
  static constexpr std::array<std::string_view, 15> begins = {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "COPY",    "GRANT", "REVOKE",
                                                              "SET",    "LOCK",   "DO",     "SHOW",   "CALL", "EXPLAIN", "MERGE"};
  return is_one_of(first, begins);
}

}  // namespace cupel::cxx
