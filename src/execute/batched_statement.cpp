#include "execute/batched_statement.h"

#include "base/ascii.h"
#include "execute/pg_session.h"
#include "sql/script.h"

#include <vector>

#include <fmt/format.h>

namespace cupel::execute {
namespace {

// The key words that end a table's name and alias, or the condition.
bool is_key_word(const std::string& word) {
  return word == "set" || word == "where" || word == "from" || word == "using" || word == "returning";
}

std::string range(const BatchedStatement& statement, const std::optional<std::string>& after, const std::string& until) {
  const std::string key = statement.qualifier + '.' + key_name(statement.settings.key);
  std::string words;
  if (after) words += fmt::format("{} > {} AND ", key, PgSession::literal(*after));
  return words + fmt::format("{} <= {}", key, PgSession::literal(until));
}

}  // namespace

std::string key_name(std::string_view written) {
  return written.starts_with('"') ? std::string(written) : sql::quote_identifier(lower_case(written));
}

Result<BatchedStatement> batched_statement(const sql::Statement& statement, std::string_view text, const migrations::Backfill& backfill) {
  const auto* update = statement.as<sql::Update>();
  const auto* removal = statement.as<sql::Delete>();
  if (update == nullptr && removal == nullptr) return Error{ErrorCode::usage, "cupel:backfill stands before an UPDATE or a DELETE"};
  const sql::QualifiedName& table = update != nullptr ? update->table : removal->table;
  BatchedStatement batched;
  batched.settings = backfill;
  const std::string target = sql::to_sql(table);
  if (backfill.table.empty()) {
    batched.settings.table = target;
  } else if (lower_case(backfill.table) != lower_case(target)) {
    return Error{ErrorCode::usage, fmt::format("cupel:backfill says table={}, but the statement changes {}", backfill.table, target)};
  }

  const std::string_view words = statement.span.of(text);
  const std::vector<sql::Token> tokens = sql::tokens(words);
  // Where the top level of the statement ends its table and its condition; a WITH before it is in parentheses.
  std::size_t depth = 0, verb = tokens.size(), where = tokens.size(), returning = tokens.size();
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const std::string_view token = tokens[i].span.of(words);
    if (token == "(" || token == "[") ++depth;
    if (token == ")" || token == "]") --depth;
    if (depth != 0 || tokens[i].kind != sql::TokenKind::word) continue;
    const std::string word = lower_case(token);
    if (verb == tokens.size() && (word == "update" || word == "delete")) verb = i;
    if (verb < i && word == "where") where = i;
    if (verb < i && word == "returning") returning = i;
  }
  std::size_t at = verb + 1;
  const auto word_at = [&](std::size_t i) { return i < tokens.size() ? lower_case(tokens[i].span.of(words)) : std::string(); };
  if (word_at(at) == "from") ++at;
  if (word_at(at) == "only") ++at;
  at += table.schema.empty() ? 1 : 3;
  if (word_at(at) == "*") ++at;
  if (word_at(at) == "as") ++at;
  batched.qualifier = sql::quote_identifier(table.name);
  if (at < tokens.size() && tokens[at].kind != sql::TokenKind::symbol && !is_key_word(word_at(at)))
    batched.qualifier = tokens[at].span.of(words);

  const std::uint32_t shift = statement.span.begin;
  const std::uint32_t end = returning < tokens.size() ? tokens[returning].span.begin : static_cast<std::uint32_t>(words.size());
  batched.insert_at = shift + end;
  if (where < tokens.size()) batched.where = {shift + tokens[where].span.end, shift + end};
  return batched;
}

std::string batch_sql(const PlannedStatement& statement, std::string_view text, const std::optional<std::string>& after,
                      const std::string& until) {
  const BatchedStatement& batched = *statement.batched;
  const auto between = [&](std::uint32_t begin, std::uint32_t end) { return Span{begin, end}.of(text); };
  const std::string keys = range(batched, after, until);
  if (batched.where.empty()) {
    return fmt::format("{}\nWHERE {}\n{}", between(statement.span.begin, batched.insert_at), keys,
                       between(batched.insert_at, statement.span.end));
  }
  // On lines of their own: the condition may end with a comment.
  return fmt::format("{} (\n{}\n) AND {}\n{}", between(statement.span.begin, batched.where.begin), batched.where.of(text), keys,
                     between(batched.where.end, statement.span.end));
}

std::string next_key_sql(const BatchedStatement& statement, const std::optional<std::string>& after, const std::string& until) {
  const std::string key = key_name(statement.settings.key);
  BatchedStatement plain = statement;
  plain.qualifier = "t";
  return fmt::format("SELECT max(key)::text FROM (SELECT t.{} AS key FROM {} AS t WHERE {} ORDER BY t.{} LIMIT {}) AS batch", key,
                     statement.settings.table, range(plain, after, until), key, statement.settings.batch);
}

}  // namespace cupel::execute
