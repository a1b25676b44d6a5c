#include "base/ascii.h"
#include "lint/pass.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace {

using namespace cupel;
using schema::Difference;

constexpr std::string_view sources[] = {"alembic: downgrade()", "pytest-alembic: test_up_down_consistency", "rails: reversible migrations"};
constexpr std::size_t most_listed = 4;

// What a statement did is not known: it may have run or not, or is dynamic SQL.
bool is_uncertain(const lint::StatementPlace& place) {
  const sql::Statement& statement = *place.statement;
  return statement.as<sql::Opaque>() != nullptr || statement.conditional || statement.errors_caught;
}

// "existing values cannot be removed from an enum type" (manual 8.7.4, all versions).
bool adds_labels(const std::vector<lint::StatementPlace>& statements) {
  return std::ranges::any_of(statements, [](const lint::StatementPlace& place) {
    const auto* change = place.statement->as<sql::AlterEnum>();
    return change != nullptr && change->old_label.empty();
  });
}

bool counts(const Difference& difference, bool labels_added) {
  if (difference.certainty != Difference::Certainty::certain) return false;
  // Others may use it by then, and it does no harm.
  if (difference.kind == Difference::Kind::extra && (difference.object_kind == "extension" || difference.object_kind == "schema"))
    return false;
  return !(labels_added && difference.aspect == "list of labels");
}

std::string in_words(const Difference& difference) {
  switch (difference.kind) {
    case Difference::Kind::extra: return fmt::format("{} {} stays", difference.object_kind, difference.object);
    case Difference::Kind::missing: return fmt::format("{} {} does not come back", difference.object_kind, difference.object);
    case Difference::Kind::changed: break;
  }
  return fmt::format("the {} of {} {} is {} afterwards, and was {}", difference.aspect, difference.object_kind, difference.object,
                     difference.found, difference.expected);
}

// What DROP takes by its name alone.
bool is_dropped_by_name(const Difference& difference) {
  constexpr std::string_view kinds[] = {"table", "index", "view", "materialized view", "sequence", "type", "domain", "function"};
  return difference.kind == Difference::Kind::extra && std::ranges::find(kinds, difference.object_kind) != std::end(kinds);
}

void check(lint::MigrationPass& pass) {
  if (pass.reversal() == nullptr || pass.migration().repeatable || pass.downgrade().empty() || pass.upgrade().empty()) return;
  if (std::ranges::any_of(pass.upgrade(), is_uncertain) || std::ranges::any_of(pass.downgrade(), is_uncertain)) return;
  const bool labels_added = adds_labels(pass.upgrade());
  std::vector<std::string> differences, drops;
  std::size_t more = 0;
  bool any_stays = false;
  for (const Difference& difference : *pass.reversal()) {
    if (!counts(difference, labels_added)) continue;
    any_stays = any_stays || difference.kind == Difference::Kind::extra;
    if (is_dropped_by_name(difference)) {
      drops.push_back(fmt::format("DROP {} {};", upper_case(difference.object_kind), difference.object));
    }
    if (differences.size() < most_listed) differences.push_back(in_words(difference));
    else ++more;
  }
  if (differences.empty()) return;
  std::string message = fmt::format("the downgrade does not undo the upgrade: {}", fmt::join(differences, "; "));
  if (more != 0) message += fmt::format("; {} more", more);
  lint::Finding& finding = pass.report(pass.downgrade().front(), std::move(message));
  finding.why = any_stays
                    ? "After the downgrade the schema is not what the former release was tested with, and the next upgrade meets what is "
                      "still there: it fails where it creates it again."
                    : "After the downgrade the schema is not what the former release was tested with.";
  if (!any_stays) pass.set_severity(finding, lint::Severity::info);
  finding.advice = "let the downgrade undo each statement of the upgrade, in reverse order";
  finding.safe_sql = fmt::format("{}", fmt::join(drops, "\n"));
}

}  // namespace

CUPEL_RULE(down_does_not_reverse_up) = {
    .title = "Downgrade that leaves another schema than there was",
    .severity = cupel::lint::Severity::warning,
    .group = cupel::lint::Group::migrations,
    .sources = sources,
    .check_migration = check,
    .asks_for_reversal = true,
};
