#include "lint/pass.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace {

using namespace cupel;
using sql::ObjectKind;

constexpr std::string_view sources[] = {"manual: DROP VIEW; DROP FUNCTION; DROP SEQUENCE", "pgfence/drop-view", "atlas/BC101"};
constexpr std::string_view yields_to[] = {"drop-cascade"};

bool is_routine(ObjectKind kind) {
  return kind == ObjectKind::function || kind == ObjectKind::procedure || kind == ObjectKind::routine || kind == ObjectKind::aggregate;
}

bool same(const sql::QualifiedName& a, const sql::QualifiedName& b) {
  return a.name == b.name && (a.schema.empty() || b.schema.empty() || a.schema == b.schema);
}

// Something of that name exists again after this statement: made anew, or renamed to it.
bool gives_name(const sql::Statement& statement, const sql::QualifiedName& name) {
  if (const auto* view = statement.as<sql::CreateView>()) return same(view->name, name);
  if (const auto* view = statement.as<sql::CreateTableAs>()) return same(view->name, name);
  if (const auto* table = statement.as<sql::CreateTable>()) return same(table->name, name);
  if (const auto* function = statement.as<sql::CreateFunction>()) return same(function->name, name);
  if (const auto* sequence = statement.as<sql::CreateSequence>()) return same(sequence->name, name);
  if (const auto* rename = statement.as<sql::Rename>()) return rename->sub_name.empty() && rename->new_name == name.name;
  if (const auto* move = statement.as<sql::AlterObjectSchema>()) return move->name.name == name.name;
  const auto* other = statement.as<sql::OtherStatement>();
  return other != nullptr && other->tag == "CREATE AGGREGATE";
}

bool comes_again(const lint::Pass& pass, const sql::QualifiedName& name) {
  const std::vector<lint::StatementPlace>& all = pass.statements();
  return std::any_of(all.begin(), all.end(), [&](const auto& place) { return gives_name(*place.statement, name); });
}

// What the replay saw an earlier migration make, and applications may name.
struct Known {
  std::string_view kind;
  std::uint32_t epoch = 0;
};

std::optional<Known> known(const lint::Pass& pass, ObjectKind kind, const sql::QualifiedName& name) {
  if (is_routine(kind)) {
    std::optional<Known> found;
    for (const schema::Function* function : pass.database().functions()) {
      if (function->name.name != name.name || (!name.schema.empty() && function->name.schema != name.schema)) continue;
      // Trigger functions have no arguments and speak of the row; only triggers call them.
      if (function->argument_types.empty() &&
          (function->body.find("NEW") != std::string::npos || function->body.find("OLD") != std::string::npos ||
           function->body.find("new") != std::string::npos || function->body.find("TG_") != std::string::npos ||
           function->body.find("old") != std::string::npos))
        return std::nullopt;
      found = Known{function->procedure ? "procedure" : "function", function->created_epoch};
    }
    return found;
  }
  const schema::Relation* relation = pass.find(name);
  if (relation == nullptr || relation->incomplete || !pass.is_live(relation)) return std::nullopt;
  if (kind == ObjectKind::view) return Known{"view", relation->created_epoch};
  if (kind == ObjectKind::materialized_view) return Known{"materialized view", relation->created_epoch};
  // Those of serial columns are drawn from by their default only.
  if (kind == ObjectKind::sequence && relation->owner_table == schema::RelationId::none) return Known{"sequence", relation->created_epoch};
  return std::nullopt;
}

void check(lint::Pass& pass) {
  const auto& drop = *pass.as<sql::DropObjects>();
  if (pass.effects().no_op || (pass.effects().failure && pass.effects().failure->certain)) return;
  std::vector<std::string> names;
  std::string_view kind;
  Span first;
  for (const sql::QualifiedName& name : drop.names) {
    const std::optional<Known> object = known(pass, drop.kind, name);
    if (!object || object->epoch == pass.database().epoch() || pass.undoes_upgrade(object->epoch) || comes_again(pass, name)) continue;
    if (name.name.find("deprecated") != std::string_view::npos) continue;
    if (names.empty()) {
      first = name.span;
      kind = object->kind;
    }
    names.push_back(pass.display(name));
  }
  if (names.empty()) return;
  const std::size_t more = names.size() > 3 ? names.size() - 3 : 0;
  names.resize(names.size() - more);
  lint::Report report = pass.report(first, fmt::format("running code that uses {} {}{} fails from here on", kind, fmt::join(names, ", "),
                                                       more == 0 ? "" : fmt::format(" and {} more", more)));
  report.why("Deployed code keeps naming it until it is replaced, and again if the release is rolled back.")
      .advice("drop it in a release after the one whose code no longer uses it");
  if (pass.text().size() <= 600) report.safe_sql(fmt::format("-- in a later migration, when no running code uses it:\n{};", pass.text()));
}

}  // namespace

CUPEL_RULE(drop_object) = {
    .title = "View, function or sequence dropped that code may use",
    .severity = cupel::lint::Severity::info,
    .group = cupel::lint::Group::compatibility,
    .sources = sources,
    .yields_to = yields_to,
    .on = cupel::lint::StatementKinds::of<cupel::sql::DropObjects>(),
    .check = check,
};
