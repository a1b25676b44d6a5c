#include "lint/pass.h"

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: CREATE INDEX, Parameters (name)", "migrationpilot/MP042"};

// Where the name belongs: before ON.
std::uint32_t place_of_name(lint::Pass& pass, const sql::CreateIndex& create) {
  const std::string_view file = pass.script().source().text();
  const Span rest{create.name_span.end, pass.statement().span.end};
  for (const sql::Token& token : sql::tokens(rest.of(file))) {
    const std::string_view word = token.span.of(rest.of(file));
    if (word.size() == 2 && (word[0] == 'o' || word[0] == 'O') && (word[1] == 'n' || word[1] == 'N')) return rest.begin + token.span.begin;
  }
  return 0;
}

void check(lint::Pass& pass) {
  const auto& create = *pass.as<sql::CreateIndex>();
  if (!create.name.empty()) return;
  const schema::Relation* table = pass.find(create.table);
  if (table != nullptr && table->persistence == sql::Persistence::temporary) return;

  const std::string chosen = pass.database().chosen_name(create);
  const std::string name = sql::quote_identifier(chosen);
  lint::Report report =
      pass.report(create.name_span, fmt::format("this index of {} has no name: PostgreSQL chooses {} here, and another where that is taken",
                                                pass.display(create.table), chosen));
  report
      .why(
          "The name depends on what else exists in a database, so it may differ from one to the next, and a later DROP INDEX or REINDEX "
          "can only guess it.")
      .no_effects()
      .advice("write the name");
  const std::uint32_t place = place_of_name(pass, create);
  if (place == 0) return;
  std::string named(pass.text());
  named.insert(place - pass.statement().span.begin, name + " ");
  if (named.size() <= 600) report.safe_sql(named + ";");
  report.fix(lint::FixSafety::safe, "name the index as PostgreSQL would", {{{place, place}, name + " "}});
}

}  // namespace

CUPEL_RULE(unnamed_index) = {
    .title = "Index without a name",
    .severity = cupel::lint::Severity::info,
    .group = cupel::lint::Group::naming,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::CreateIndex>(),
    .check = check,
};
