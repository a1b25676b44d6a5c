#include "lint/pass.h"

#include <string>

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: SET, LOCAL; 19.11.1 Statement Behavior, lock_timeout", "pgfence/lock-timeout-zero",
                                        "hasura#10852", "strong_migrations#133"};

bool is_timeout(std::string_view variable) { return variable == "lock_timeout" || variable == "statement_timeout"; }

std::string value_of(const sql::SetVariable& set) { return set.values.empty() ? std::string() : std::string(set.values[0]); }

// A definition of a table that the statements before it in this part did not make. What runs concurrently waits long on purpose.
bool changes_existing(const lint::Pass& pass, std::size_t number) {
  const sql::Statement& statement = *pass.statements()[number].statement;
  const sql::QualifiedName* table = nullptr;
  if (const auto* alter = statement.as<sql::AlterTable>(); alter != nullptr && alter->kind == sql::ObjectKind::table) table = &alter->name;
  if (const auto* index = statement.as<sql::CreateIndex>(); index != nullptr && !index->concurrently) table = &index->table;
  if (table == nullptr || !pass.is_live(*table)) return false;
  for (std::size_t i = 0; i < number; ++i) {
    const sql::Statement& earlier = *pass.statements()[i].statement;
    if (const auto* create = earlier.as<sql::CreateTable>(); create != nullptr && create->name.name == table->name) return false;
    if (const auto* create = earlier.as<sql::CreateTableAs>(); create != nullptr && create->name.name == table->name) return false;
    if (const auto* rename = earlier.as<sql::Rename>(); rename != nullptr && rename->new_name == table->name) return false;
  }
  return true;
}

// The first such statement while this setting is in force, or nullptr.
const lint::StatementPlace* first_under(const lint::Pass& pass, std::string_view variable) {
  for (std::size_t i = pass.number() + 1; i < pass.statements().size(); ++i) {
    const sql::Statement& later = *pass.statements()[i].statement;
    if (const auto* set = later.as<sql::SetVariable>(); set != nullptr && (set->name == variable || set->name.empty())) return nullptr;
    if (changes_existing(pass, i)) return &pass.statements()[i];
  }
  return nullptr;
}

void set_local(lint::Pass& pass, const sql::SetVariable& set) {
  // In SQL as users write it: '2s', 2000.
  const std::string value = sql::quote_literal(value_of(set));
  pass.report(fmt::format("SET LOCAL {} has no effect outside a transaction", set.name))
      .why(fmt::format("LOCAL lasts until the end of the current transaction, and this statement is its own: PostgreSQL only warns, and "
                       "whatever follows runs without the {}.",
                       set.name))
      .advice("set it for the session and reset it at the end, or put the statements into one transaction")
      .safe_sql(fmt::format("SET {0} = {1};\n-- the statements that it is for, then:\nRESET {0};", set.name, value));
}

void switched_off(lint::Pass& pass, const sql::SetVariable& set) {
  const lint::StatementPlace* first = first_under(pass, set.name);
  if (first == nullptr) return;
  pass.report(fmt::format("lock_timeout is switched off for {}, which may then wait for its lock without end", first->statement->tag()))
      .why("A lock that is waited for blocks whatever conflicts with it and comes later, even while the statement itself does nothing.")
      .advice("give statements that take a strong lock a short lock_timeout, and try again when it cancels them")
      .safe_sql(fmt::format("SET {}lock_timeout = '2s';", set.local ? "LOCAL " : ""))
      .related(*first, "waits for its lock without a lock_timeout");
}

void too_late(lint::Pass& pass, const sql::SetVariable& set) {
  const effects::HeldLock* held = pass.transaction().first_blocking();
  if (held == nullptr || held->statement >= pass.number()) return;
  const lint::StatementPlace& taken = pass.statements()[held->statement];
  pass.report(fmt::format("lock_timeout is set after {} has waited for its lock on {} without one", taken.statement->tag(),
                          pass.display(held->lock)))
      .why("It limits only what waits for a lock after it.")
      .advice("set it before the first statement of the transaction that takes a lock")
      .safe_sql(fmt::format("SET {}lock_timeout = {};\n-- then the statements that lock", set.local ? "LOCAL " : "",
                            sql::quote_literal(value_of(set))))
      .related(taken, "waits for its lock here");
}

void check(lint::Pass& pass) {
  const auto& set = *pass.as<sql::SetVariable>();
  if (set.kind != sql::SetVariable::Kind::set || !is_timeout(set.name) || set.values.empty()) return;
  if (set.local && !pass.transaction().in_transaction() && !pass.in_do_block()) return set_local(pass, set);
  const std::optional<long long> milliseconds = schema::parse_milliseconds(set.values[0]);
  if (set.name != "lock_timeout" || !milliseconds || pass.statement().conditional) return;
  if (*milliseconds == 0) return switched_off(pass, set);
  if (pass.lock_timeout().value_or(0) == 0) too_late(pass, set);
}

}  // namespace

CUPEL_RULE(lock_timeout_ineffective) = {
    .title = "Timeout that protects nothing",
    .severity = cupel::lint::Severity::warning,
    .group = cupel::lint::Group::transactions,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::SetVariable>(),
    .check = check,
};
