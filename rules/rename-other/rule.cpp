#include "lint/pass.h"
#include "lint/undone_rename.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

namespace {

using namespace cupel;
using sql::ObjectKind;

constexpr std::string_view sources[] = {"manual: ALTER TYPE, RENAME; ALTER SCHEMA; ALTER FUNCTION", "strong_migrations/rename_schema",
                                        "migrationpilot/MP060", "migrationpilot/MP098", "pgsafe/rename"};

// What applications name, besides tables, views and columns.
std::string_view word(ObjectKind kind) {
  switch (kind) {
    case ObjectKind::schema: return "schema";
    case ObjectKind::type: return "type";
    case ObjectKind::domain: return "domain";
    case ObjectKind::function:
    case ObjectKind::routine: return "function";
    case ObjectKind::procedure: return "procedure";
    default: return {};
  }
}

bool is_routine(ObjectKind kind) { return kind == ObjectKind::function || kind == ObjectKind::procedure || kind == ObjectKind::routine; }

std::string_view created_name(const sql::Statement& statement) {
  if (const auto* create = statement.as<sql::CreateSchema>()) return create->name;
  if (const auto* create = statement.as<sql::CreateEnum>()) return create->name.name;
  if (const auto* create = statement.as<sql::CreateDomain>()) return create->name.name;
  if (const auto* create = statement.as<sql::CreateComposite>()) return create->name.name;
  if (const auto* create = statement.as<sql::CreateRange>()) return create->name.name;
  if (const auto* create = statement.as<sql::CreateFunction>()) return create->name.name;
  return {};
}

// Another object takes the old name over, or the new one was another's: halves of a swap. Or the object goes.
bool is_swap(const lint::Pass& pass, std::string_view old_name, std::string_view new_name) {
  const std::vector<lint::StatementPlace>& all = pass.statements();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const sql::Statement& other = *all[i].statement;
    const auto* rename = other.as<sql::Rename>();
    const auto* drop = other.as<sql::DropObjects>();
    if (i < pass.number()) {
      if (rename != nullptr && rename->name.name == new_name) return true;
      if (drop != nullptr && std::ranges::any_of(drop->names, [&](const auto& each) { return each.name == new_name; })) return true;
    } else if (i > pass.number()) {
      if (created_name(other) == old_name || (rename != nullptr && rename->new_name == old_name)) return true;
      if (drop != nullptr && std::ranges::any_of(drop->names, [&](const auto& each) { return each.name == new_name; })) return true;
    }
  }
  return false;
}

bool made_here(const lint::Pass& pass, std::uint32_t epoch) { return epoch == pass.database().epoch() || pass.undoes_upgrade(epoch); }

// Made by this migration, or of no interest to applications.
bool is_new(const lint::Pass& pass, ObjectKind kind, const sql::QualifiedName& name) {
  if (kind == ObjectKind::schema) {
    return std::any_of(pass.statements().begin(), pass.statements().begin() + static_cast<std::ptrdiff_t>(pass.number()),
                       [&](const auto& place) { return created_name(*place.statement) == name.name; });
  }
  if (is_routine(kind)) {
    for (const schema::Function* function : pass.database().functions()) {
      if (function->name.name != name.name) continue;
      // Trigger functions have no arguments and speak of the row: only triggers call them, and these follow.
      const bool speaks_of_row = function->body.find("NEW") != std::string::npos || function->body.find("OLD") != std::string::npos ||
                                 function->body.find("TG_") != std::string::npos;
      if (made_here(pass, function->created_epoch) || (function->argument_types.empty() && speaks_of_row)) return true;
    }
    return false;
  }
  const schema::Type* type = pass.database().find_type(name);
  return type != nullptr && made_here(pass, type->created_epoch);
}

void check_rename(lint::Pass& pass, const sql::Rename& rename) {
  const std::string_view kind = word(rename.kind);
  if (kind.empty() || !rename.sub_name.empty()) return;
  // A schema stands in `name` or, as a single name, in it alone.
  const std::string_view old_name = rename.name.name;
  if (is_new(pass, rename.kind, rename.name) || is_swap(pass, old_name, rename.new_name)) return;
  if (rename.new_name.find("deprecated") != std::string_view::npos) return;
  lint::Report report = pass.report(fmt::format("renaming {} {} to {} breaks running code that uses the old name", kind,
                                                pass.display(rename.name), sql::quote_identifier(rename.new_name)));
  report
      .why(is_routine(rename.kind) ? "Until the new code runs everywhere, the old one fails. PL/pgSQL functions that call it keep the old "
                                     "name and fail when they run."
                                   : "Until the new code runs everywhere, casts, queries and PL/pgSQL functions with the old name fail.")
      .advice(is_routine(rename.kind) ? "let a function of the old name call the new one until no code uses it"
                                      : "keep the old name until no code uses it");
  // Functions and domains are named by other functions far more often than by applications.
  if (is_routine(rename.kind) || rename.kind == ObjectKind::domain || lint::undoes_rename(pass, rename))
    report.severity(lint::Severity::info);
}

void check_label(lint::Pass& pass, const sql::AlterEnum& alter) {
  if (alter.old_label.empty()) return;
  const schema::Type* type = pass.database().find_type(alter.name);
  if (type != nullptr && made_here(pass, type->created_epoch)) return;
  const std::string old_label = sql::quote_literal(alter.old_label);
  lint::Report report = pass.report(fmt::format("renaming value {} of {} to {} breaks running code that writes or compares the old one",
                                                old_label, pass.display(alter.name), sql::quote_literal(alter.new_label)));
  report.why("Rows show the new value at once, which old code does not know, and the old one is refused (22P02).")
      .advice("add the new value, deploy code that knows both, then move the rows over in batches")
      .safe_sql(fmt::format("ALTER TYPE {} ADD VALUE {} AFTER {};", pass.sql(alter.name), sql::quote_literal(alter.new_label), old_label));
  // The code that knows the new value is rolled back with it.
  if (pass.downgrade()) report.severity(lint::Severity::info);
}

void check_schema(lint::Pass& pass, const sql::AlterObjectSchema& move) {
  const bool is_relation = move.kind == ObjectKind::table || move.kind == ObjectKind::view || move.kind == ObjectKind::materialized_view;
  const std::string_view kind = move.kind == ObjectKind::table               ? "table"
                                : move.kind == ObjectKind::view              ? "view"
                                : move.kind == ObjectKind::materialized_view ? "materialized view"
                                                                             : word(move.kind);
  if (kind.empty() || pass.downgrade()) return;
  if (is_relation) {
    const schema::Relation* relation = pass.find(move.name);
    if (!pass.is_live(relation)) return;
  } else if (is_new(pass, move.kind, move.name)) {
    return;
  }
  // A view or another object of the old name.
  for (std::size_t i = pass.number() + 1; i < pass.statements().size(); ++i) {
    const sql::Statement& later = *pass.statements()[i].statement;
    if (const auto* view = later.as<sql::CreateView>(); view != nullptr && view->name.name == move.name.name) return;
    if (const auto* table = later.as<sql::CreateTable>(); table != nullptr && table->name.name == move.name.name) return;
    if (created_name(later) == move.name.name) return;
  }
  lint::Report report = pass.report(fmt::format("moving {} {} to schema {} breaks running code that finds it where it is", kind,
                                                pass.display(move.name), sql::quote_identifier(move.new_schema)));
  report.why(
      "Code that qualifies the name fails at once; other code, unless the new schema is on its search_path. PL/pgSQL functions keep the "
      "name as it is written.");
  if (is_relation) {
    report.advice("let a view stay where it was until no code uses it")
        .safe_sql(fmt::format("-- in one transaction:\n{0};\nCREATE VIEW {1} AS SELECT * FROM {2}.{3};", pass.text(), pass.sql(move.name),
                              sql::quote_identifier(move.new_schema), sql::quote_identifier(move.name.name)));
  } else {
    report.advice("put the new schema on the search_path of all code first");
  }
}

void check(lint::Pass& pass) {
  if (pass.effects().no_op || (pass.effects().failure && pass.effects().failure->certain)) return;
  if (const auto* rename = pass.as<sql::Rename>()) return check_rename(pass, *rename);
  if (const auto* alter = pass.as<sql::AlterEnum>()) return check_label(pass, *alter);
  check_schema(pass, *pass.as<sql::AlterObjectSchema>());
}

}  // namespace

CUPEL_RULE(rename_other) = {
    .title = "Type, function, schema or enum value renamed under running code",
    .severity = cupel::lint::Severity::warning,
    .group = cupel::lint::Group::compatibility,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::Rename, cupel::sql::AlterEnum, cupel::sql::AlterObjectSchema>(),
    .check = check,
};
