#include "lint/pass.h"

#include <algorithm>
#include <optional>
#include <string>

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: 19.11.1 Statement Behavior, lock_timeout; CREATE INDEX, Building Indexes Concurrently",
                                        "strong_migrations#233", "online_migrations#94"};

// Waits of minutes are normal: for every transaction of the database that is older.
constexpr long long short_milliseconds = 300'000;

struct Concurrent {
  std::string statement, leaves, object, clean_up;
};

std::optional<Concurrent> concurrent(const lint::Pass& pass) {
  if (const auto* create = pass.as<sql::CreateIndex>(); create != nullptr && create->concurrently) {
    const std::string index =
        create->name.empty() ? std::string() : sql::to_sql(sql::QualifiedName{create->table.schema, create->name, {}});
    return Concurrent{"CREATE INDEX CONCURRENTLY",
                      index.empty() ? "leaves an INVALID index" : fmt::format("leaves index {} INVALID", index), index,
                      index.empty() ? "" : fmt::format("DROP INDEX CONCURRENTLY IF EXISTS {};\n", index)};
  }
  if (const auto* drop = pass.as<sql::DropObjects>(); drop != nullptr && drop->concurrently && !drop->names.empty()) {
    return Concurrent{"DROP INDEX CONCURRENTLY", fmt::format("leaves index {} INVALID", pass.display(drop->names[0])), {}, {}};
  }
  if (const auto* reindex = pass.as<sql::Reindex>(); reindex != nullptr && reindex->concurrently) {
    return Concurrent{"REINDEX CONCURRENTLY", "leaves INVALID indexes (named …_ccnew or …_ccold)", {}, {}};
  }
  if (const auto* alter = pass.as<sql::AlterTable>()) {
    for (const sql::AlterTableCommand& command : alter->commands) {
      if (!command.concurrently) continue;
      const std::string partition = command.relation ? pass.display(*command.relation) : "the partition";
      return Concurrent{
          "DETACH PARTITION CONCURRENTLY", fmt::format("leaves {} half detached, until DETACH PARTITION … FINALIZE", partition), {}, {}};
    }
  }
  return std::nullopt;
}

// The last statement before this one that set the variable.
const lint::StatementPlace* setter(const lint::Pass& pass, std::string_view variable) {
  for (std::size_t i = pass.number(); i > 0; --i) {
    const auto* set = pass.statements()[i - 1].statement->as<sql::SetVariable>();
    if (set != nullptr && set->name == variable) return &pass.statements()[i - 1];
  }
  return nullptr;
}

void check(lint::Pass& pass) {
  const std::optional<Concurrent> statement = concurrent(pass);
  if (!statement) return;
  if (pass.effects().failure && pass.effects().failure->certain) return;
  const schema::Settings& settings = pass.database().settings();
  for (const std::string_view variable : {"lock_timeout", "statement_timeout"}) {
    const std::optional<long long> milliseconds = settings.milliseconds(variable);
    if (!milliseconds || *milliseconds <= 0 || *milliseconds >= short_milliseconds) continue;
    const std::string value = settings.find(variable).value_or("");
    lint::Report report =
        pass.report(fmt::format("{} of {} can cancel {}, which {}", variable, value, statement->statement, statement->leaves));
    report
        .why(
            "It waits for every older transaction of the database that may still use the old state, and those waits count; what it had "
            "done by then stays behind, unfinished.")
        .no_effects()
        .advice(fmt::format("switch {} off for this statement, and clean up what an earlier attempt left", variable))
        .safe_sql(fmt::format("-- statement by statement, outside a transaction:\nSET {0} = 0;\n{1}{2};\nSET {0} = {3};", variable,
                              statement->clean_up, pass.text(), sql::quote_literal(value)));
    if (const lint::StatementPlace* place = setter(pass, variable)) report.related(*place, "set here");
    return;
  }
}

constexpr std::string_view more_specific[] = {"concurrently-in-transaction"};

}  // namespace

CUPEL_RULE(concurrent_index_short_lock_timeout) = {
    .title = "Short timeout cancels a concurrent statement half done",
    .severity = cupel::lint::Severity::warning,
    .group = cupel::lint::Group::transactions,
    .sources = sources,
    .yields_to = more_specific,
    .on = cupel::lint::StatementKinds::of<cupel::sql::CreateIndex, cupel::sql::DropObjects, cupel::sql::Reindex, cupel::sql::AlterTable>(),
    .check = check,
};
