#include "lint/pass.h"

#include <string>
#include <vector>

#include <fmt/format.h>

namespace {

using namespace cupel;
using sql::ObjectKind;

constexpr std::string_view sources[] = {"manual: 5.15 Dependency Tracking; DROP TYPE; DROP FUNCTION", "migrationpilot/MP022",
                                        "pg-migration-lint/PML202", "squawk/ban-drop-table"};
constexpr std::string_view yields_to[] = {"drop-table", "drop-schema", "drop-column"};

// What CASCADE takes with it beyond what the statement names.
struct Taken {
  std::string_view kind, what;
  bool data = false;  // values of rows are lost
};

Taken taken(ObjectKind kind) {
  switch (kind) {
    case ObjectKind::type: return {"type", "columns of that type with their values, and functions that use it", true};
    case ObjectKind::domain: return {"domain", "columns of that domain with their values, and functions that use it", true};
    case ObjectKind::extension: return {"extension", "columns of its types with their values, and indexes that use it", true};
    case ObjectKind::function:
    case ObjectKind::procedure:
    case ObjectKind::routine:
    case ObjectKind::aggregate: return {"function", "triggers, defaults, checks, policies, indexes and views that call it", false};
    case ObjectKind::sequence: return {"sequence", "the defaults of columns that draw from it", false};
    default: return {};
  }
}

bool made_here(const lint::Pass& pass, std::uint32_t epoch) { return epoch == pass.database().epoch() || pass.undoes_upgrade(epoch); }

// Known to the replay: when it was made. nullopt: not known.
std::optional<std::uint32_t> created(const lint::Pass& pass, ObjectKind kind, const sql::QualifiedName& name) {
  if (kind == ObjectKind::type || kind == ObjectKind::domain) {
    const schema::Type* type = pass.database().find_type(name);
    return type == nullptr ? std::nullopt : std::optional(type->created_epoch);
  }
  if (kind == ObjectKind::sequence) {
    const schema::Relation* relation = pass.find(name);
    return relation == nullptr ? std::nullopt : std::optional(relation->created_epoch);
  }
  if (kind == ObjectKind::extension) return pass.database().has_extension(name.name) ? std::optional<std::uint32_t>(0) : std::nullopt;
  std::optional<std::uint32_t> epoch;
  for (const schema::Function* function : pass.database().functions()) {
    if (function->name.name == name.name && (name.schema.empty() || function->name.schema == name.schema)) epoch = function->created_epoch;
  }
  return epoch;
}

// The replay knows the type, and no table has a column of it.
bool is_unused_type(const lint::Pass& pass, const sql::QualifiedName& name) {
  const schema::Type* type = pass.database().find_type(name);
  return type != nullptr && !type->incomplete && pass.database().tables_using_type(type->name).empty();
}

void check(lint::Pass& pass) {
  const auto& drop = *pass.as<sql::DropObjects>();
  if (drop.behavior != sql::DropBehavior::cascade || pass.effects().no_op) return;
  if (pass.effects().failure && pass.effects().failure->certain) return;
  const Taken cascade = taken(drop.kind);
  if (cascade.kind.empty()) return;
  std::vector<std::string> names;
  Span first;
  for (const sql::QualifiedName& name : drop.names) {
    const std::optional<std::uint32_t> epoch = created(pass, drop.kind, name);
    // Most likely there is nothing: migrations that can be repeated begin so.
    if (!epoch && (drop.if_exists || pass.downgrade())) continue;
    if (epoch && made_here(pass, *epoch)) continue;
    if ((drop.kind == ObjectKind::type || drop.kind == ObjectKind::domain) && is_unused_type(pass, name)) continue;
    if (names.empty()) first = name.span;
    names.push_back(pass.display(name));
  }
  if (names.empty()) return;
  const std::size_t more = names.size() > 3 ? names.size() - 3 : 0;
  names.resize(names.size() - more);
  lint::Report report =
      pass.report(first, fmt::format("dropping {} {}{} with CASCADE also drops whatever depends on it: {}", cascade.kind,
                                     fmt::join(names, ", "), more == 0 ? "" : fmt::format(" and {} more", more), cascade.what));
  report.why("What depends on it at the time of the deployment is not in the migration; without CASCADE, PostgreSQL refuses and lists it.")
      .advice("drop what depends on it by name first, and leave CASCADE out");
  if (!cascade.data) report.severity(lint::Severity::info);
}

}  // namespace

CUPEL_RULE(drop_cascade) = {
    .title = "CASCADE drops what the migration does not name",
    .severity = cupel::lint::Severity::warning,
    .group = cupel::lint::Group::data_loss,
    .sources = sources,
    .yields_to = yields_to,
    .on = cupel::lint::StatementKinds::of<cupel::sql::DropObjects>(),
    .check = check,
};
