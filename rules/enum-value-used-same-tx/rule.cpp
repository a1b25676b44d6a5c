#include "lint/pass.h"

#include <string>

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: ALTER TYPE, Notes", "migrationpilot/MP054", "pgsafe/enum-value-used-in-transaction",
                                        "prisma#8424", "drizzle-orm#3466"};

void check(lint::Pass& pass) {
  // 55P04 unsafe_new_enum_value_usage: nothing else gives it.
  const std::optional<effects::Failure>& failure = pass.effects().failure;
  if (!failure || failure->sqlstate != "55P04") return;
  const lint::StatementPlace* added = nullptr;
  for (const lint::StatementPlace& place : pass.earlier_in_transaction()) {
    const auto* alter = place.statement->as<sql::AlterEnum>();
    if (alter == nullptr || !alter->old_label.empty()) continue;
    if (failure->message.find(fmt::format("\"{}\"", alter->new_label)) != std::string::npos) added = &place;
  }
  lint::Report report = pass.report(pass.span_of(failure->command), fmt::format("{} fails: {}", pass.statement().tag(), failure->message));
  report.why("A value that ALTER TYPE … ADD VALUE adds can only be used once its transaction has committed (55P04).")
      .no_effects()
      .advice("add the value in a migration of its own, before the one that uses it");
  if (added == nullptr) return;
  report.related(*added, "the value is added here")
      .safe_sql(
          fmt::format("{};\n-- in a later migration, when that is committed:\n{};", pass.script().text(*added->statement), pass.text()));
}

}  // namespace

CUPEL_RULE(enum_value_used_same_tx) = {
    .title = "Enum value used in the transaction that adds it",
    .severity = cupel::lint::Severity::error,
    .group = cupel::lint::Group::failure,
    .sources = sources,
    .on = cupel::lint::StatementKinds::all(),
    .check = check,
};
