#include "lint/pass.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: Appendix A. PostgreSQL Error Codes"};
// These say why it fails, and what to do.
constexpr std::string_view yields_to[] = {"concurrently-in-transaction", "dml-then-ddl-pending-trigger-events", "enum-value-used-same-tx",
                                          "set-not-null-drop-check-same-command"};

// Something is not there: undefined table, column, object, function, schema, database. A history may have begun before
// its first migration, so that only who knows everything that exists can tell.
bool is_about_missing(std::string_view sqlstate) {
  constexpr std::array<std::string_view, 5> missing = {"42P01", "42704", "42883", "3F000", "3D000"};
  return std::ranges::find(missing, sqlstate) != missing.end();
}

void check(lint::Pass& pass) {
  const std::optional<effects::Failure>& failure = pass.effects().failure;
  if (!failure || !failure->certain) return;
  // Depends on rows: class 23, integrity constraint violation. Other rules say how to come by it.
  if (failure->sqlstate.starts_with("23")) return;
  // Its conditions and its exception handlers are not followed.
  if (pass.in_do_block()) return;
  // Several downgrades are often taken together, and only their sum fits the schema.
  if (pass.downgrade()) return;
  // What was there before is a guess.
  if (!pass.set().order_is_known) return;
  if (is_about_missing(failure->sqlstate) && !pass.database().is_complete()) return;
  lint::Report report = pass.report(pass.span_of(failure->command), fmt::format("the statement fails: {}", failure->message));
  report
      .why(fmt::format("PostgreSQL refuses it (SQLSTATE {}){}.", failure->sqlstate,
                       pass.transaction().in_transaction() ? ", and with it the whole transaction" : "; what ran before it stays"))
      .no_effects();
}

}  // namespace

CUPEL_RULE(statement_fails) = {
    .title = "Statement that cannot succeed",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::failure,
    .sources = sources,
    .yields_to = yields_to,
    .on = cupel::lint::StatementKinds::all(),
    .check = check,
};
