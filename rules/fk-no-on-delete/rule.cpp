#include "lint/pass.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: 5.5.5 Foreign Keys", "migrationpilot/MP086"};

bool is(std::string_view word, std::string_view upper) {
  return std::ranges::equal(word, upper, [](char a, char b) { return (a >= 'a' && a <= 'z' ? a - 'a' + 'A' : a) == b; });
}

// Where ON DELETE belongs: after the referenced table, its columns and MATCH.
std::optional<std::uint32_t> place_of_clause(std::string_view text, Span span) {
  const std::string_view key = span.of(text);
  const std::vector<sql::Token> tokens = sql::tokens(key);
  const auto word = [&](std::size_t i) { return i < tokens.size() ? tokens[i].span.of(key) : std::string_view{}; };
  std::size_t i = 0;
  while (i < tokens.size() && !is(word(i), "REFERENCES")) ++i;
  if (i + 1 >= tokens.size()) return std::nullopt;
  ++i;
  while (word(i + 1) == ".") i += 2;
  if (word(i + 1) == "(") {
    while (i + 1 < tokens.size() && word(i) != ")") ++i;
  }
  if (is(word(i + 1), "MATCH")) i += 2;
  if (i >= tokens.size()) return std::nullopt;
  return span.begin + tokens[i].span.end;
}

void check_constraint(lint::Pass& pass, const sql::QualifiedName& table, const sql::Constraint& key) {
  if (key.kind != sql::ConstraintKind::foreign_key || key.on_delete_written) return;
  const std::string referenced = pass.display(key.referenced);
  lint::Report report = pass.report(
      key.span, fmt::format("the foreign key of {} does not say what deleting a row of {} does: it fails as long as a row points to it",
                            pass.display(table), referenced));
  report
      .why(
          "Without ON DELETE it is NO ACTION. Whether that was meant, and the rows should not rather go along or be let go, is a decision "
          "that nobody reads here.")
      .no_effects()
      .advice("write it: ON DELETE NO ACTION or RESTRICT to refuse, CASCADE to delete along, SET NULL to let go");
  const std::string_view text = pass.script().source().text();
  const auto place = place_of_clause(text, key.span);
  if (!place) return;
  std::string written(pass.text());
  written.insert(*place - pass.statement().span.begin, " ON DELETE NO ACTION");
  if (written.size() <= 600) report.safe_sql("-- as it is now, but written:\n" + written + ";");
  report.fix(lint::FixSafety::safe, "write the action that PostgreSQL takes", {{{*place, *place}, " ON DELETE NO ACTION"}});
}

void check(lint::Pass& pass) {
  if (pass.effects().no_op) return;
  if (const auto* create = pass.as<sql::CreateTable>()) {
    if (create->persistence == sql::Persistence::temporary) return;
    for (const sql::ColumnDefinition& column : create->columns) {
      for (const sql::Constraint& constraint : column.constraints) check_constraint(pass, create->name, constraint);
    }
    for (const sql::Constraint& constraint : create->constraints) check_constraint(pass, create->name, constraint);
    return;
  }
  const auto& alter = *pass.as<sql::AlterTable>();
  const schema::Relation* table = pass.find(alter.name);
  for (const sql::AlterTableCommand& command : alter.commands) {
    if (command.constraint && command.action == sql::AlterTableAction::add_constraint)
      check_constraint(pass, alter.name, *command.constraint);
    if (!command.column || command.action != sql::AlterTableAction::add_column) continue;
    if (command.missing_ok && table != nullptr && table->find_column(command.column->name) != nullptr) continue;
    for (const sql::Constraint& constraint : command.column->constraints) check_constraint(pass, alter.name, constraint);
  }
}

}  // namespace

CUPEL_RULE(fk_no_on_delete) = {
    .title = "Foreign key without ON DELETE",
    .severity = cupel::lint::Severity::info,
    .group = cupel::lint::Group::naming,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::CreateTable, cupel::sql::AlterTable>(),
    .check = check,
};
