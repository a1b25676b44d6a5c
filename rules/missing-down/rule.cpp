#include "lint/pass.h"

#include <algorithm>

#include <fmt/format.h>

namespace {

using namespace cupel;
using migrations::Migration;
using migrations::MigrationSet;

constexpr std::string_view sources[] = {"django-migration-linter/RUNSQL_REVERSIBLE", "django-safe-migrations/SM007", "alembic: downgrade()",
                                        "goose: -- +goose Down"};

// What a downgrade could undo; BEGIN, SET, SELECT and the like leave nothing behind.
bool changes_something(const std::vector<lint::StatementPlace>& statements) {
  return std::ranges::any_of(statements, [](const lint::StatementPlace& place) {
    const sql::Statement& statement = *place.statement;
    return statement.as<sql::Transaction>() == nullptr && statement.as<sql::SetVariable>() == nullptr &&
           statement.as<sql::Select>() == nullptr && statement.as<sql::LockTable>() == nullptr && statement.as<sql::Vacuum>() == nullptr &&
           statement.as<sql::SetConstraints>() == nullptr && statement.as<sql::Discard>() == nullptr;
  });
}

// Rows that were changed or deleted have no way back in SQL; what was inserted has.
bool only_changes_rows(const std::vector<lint::StatementPlace>& statements) {
  return std::ranges::all_of(statements, [](const lint::StatementPlace& place) {
    const sql::Statement& statement = *place.statement;
    return statement.as<sql::Update>() != nullptr || statement.as<sql::Delete>() != nullptr || statement.as<sql::Select>() != nullptr ||
           statement.as<sql::Transaction>() != nullptr || statement.as<sql::SetVariable>() != nullptr;
  });
}

// ALTER TYPE … ADD VALUE: "existing values cannot be removed from an enum type" (manual 8.7.4, all versions). What else may
// stand there leaves nothing behind.
bool only_adds_enum_values(const std::vector<lint::StatementPlace>& statements) {
  return std::ranges::all_of(statements, [](const lint::StatementPlace& place) {
    const sql::Statement& statement = *place.statement;
    const auto* change = statement.as<sql::AlterEnum>();
    return (change != nullptr && change->old_label.empty()) || statement.as<sql::Transaction>() != nullptr ||
           statement.as<sql::SetVariable>() != nullptr || statement.as<sql::Select>() != nullptr;
  });
}

// A whole history without a downgrade is a decision, not an oversight: it is said once, at the first migration.
const Migration* first_of_none(const MigrationSet& set) {
  if (set.migrations.size() < 2 || std::ranges::any_of(set.migrations, [](const Migration& each) { return each.downgrade.has_value(); }))
    return nullptr;
  const auto first = std::ranges::find_if(set.migrations, [](const Migration& each) { return each.downgrade_expected && each.upgrade; });
  return first == set.migrations.end() ? nullptr : &*first;
}

void check(lint::MigrationPass& pass) {
  const Migration& migration = pass.migration();
  if (!migration.downgrade_expected || migration.repeatable || !migration.upgrade) return;
  if (!pass.downgrade().empty() || !changes_something(pass.upgrade())) return;
  const Span first = pass.upgrade().front().statement->span;
  if (const Migration* none = first_of_none(pass.set())) {
    if (none != &migration) return;
    lint::Finding& finding = pass.report(first, fmt::format("none of the {} migrations says how to undo it", pass.set().migrations.size()));
    if (finding.severity == lint::Severity::warning) finding.severity = lint::Severity::info;
    finding.why =
        "A release that has to be taken back leaves the schema as it is; somebody then writes the way back by hand, during the incident.";
    finding.advice = "write downgrades from now on, or decide against them: missing-down = \"off\" under [rules] of cupel.toml";
    return;
  }
  // An empty section or file is where the downgrade should be, and where a suppression would say why it is not.
  const bool has_place = migration.downgrade.has_value();
  lint::Finding& finding =
      pass.report(first, fmt::format("migration {} has {}", migration.revision, has_place ? "an empty downgrade" : "no downgrade"));
  if (has_place) {
    const auto& chunks = migration.downgrade->chunks;
    finding.source = finding.source - migration.upgrade->source + migration.downgrade->source;
    const std::uint32_t begin = chunks.empty() ? 0 : chunks.front().begin;
    finding.span = {begin, begin};
  }
  if (only_changes_rows(pass.upgrade())) {
    if (finding.severity == lint::Severity::warning) finding.severity = lint::Severity::info;
    finding.why = "The migration changes rows only: the schema needs no way back, but the former values are gone.";
    finding.advice = "say where the downgrade would be that this is meant: -- cupel:ignore-file missing-down: why";
    return;
  }
  if (only_adds_enum_values(pass.upgrade())) {
    if (finding.severity == lint::Severity::warning) finding.severity = lint::Severity::info;
    finding.why =
        "PostgreSQL has no way to take a value out of an enum type. One more value does no harm: the former release never writes it.";
    finding.advice = "say where the downgrade would be that this is meant: -- cupel:ignore-file missing-down: why";
    return;
  }
  finding.why =
      "When the release has to be taken back, the schema stays as it is: somebody then writes the way back by hand, during the incident.";
  finding.advice = "write what undoes it; if nothing can, say so where the downgrade would be: -- cupel:ignore-file missing-down: why";
}

}  // namespace

CUPEL_RULE(missing_down) = {
    .title = "Migration without a downgrade",
    .severity = cupel::lint::Severity::warning,
    .group = cupel::lint::Group::migrations,
    .sources = sources,
    .check_migration = check,
};
