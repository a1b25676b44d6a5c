#include "lint/schema_drift.h"

#include "migrations/layout.h"
#include "schema/comparison.h"
#include "sql/script.h"

#include <algorithm>
#include <map>
#include <string_view>

namespace cupel::lint {
namespace {

using schema::Difference;

// As differences name objects: without the schema "public".
std::string shown(const sql::QualifiedName& name) {
  if (name.schema.empty() || name.schema == "public") return std::string(name.name);
  return std::string(name.schema) + "." + std::string(name.name);
}

const sql::QualifiedName* made_by(const sql::Statement& statement) {
  if (const auto* made = statement.as<sql::CreateTable>()) return &made->name;
  if (const auto* made = statement.as<sql::CreateView>()) return &made->name;
  if (const auto* made = statement.as<sql::CreateSequence>()) return &made->name;
  if (const auto* made = statement.as<sql::CreateEnum>()) return &made->name;
  if (const auto* made = statement.as<sql::CreateDomain>()) return &made->name;
  if (const auto* made = statement.as<sql::CreateComposite>()) return &made->name;
  return nullptr;
}

// Where the dump makes things, by name.
std::map<std::string, Span, std::less<>> places_in(const sql::Script& script) {
  std::map<std::string, Span, std::less<>> places;
  for (const sql::Statement& statement : script.statements()) {
    if (const sql::QualifiedName* name = made_by(statement)) places.emplace(shown(*name), statement.span);
    if (const auto* index = statement.as<sql::CreateIndex>()) places.emplace(index->name, statement.span);
  }
  return places;
}

Span place_of(std::string_view object, const std::map<std::string, Span, std::less<>>& places) {
  for (std::string_view name = object;;) {
    if (const auto place = places.find(name); place != places.end()) return place->second;
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos) return {};
    name = name.substr(0, dot);
  }
}

bool is_told(const Difference& difference) {
  if (difference.certainty != Difference::Certainty::certain) return false;
  return difference.kind != Difference::Kind::extra || difference.object_kind != "table" || !migrations::is_record_table(difference.object);
}

}  // namespace

std::vector<SchemaDrift> schema_drift(const schema::Database& migrated, const SourceText& dump) {
  const sql::Script script = sql::Script::parse(dump);
  schema::Database dumped;
  dumped.begin_epoch();
  dumped.begin_transaction();
  for (const sql::Statement& statement : script.statements()) {
    dumped.apply(statement, script);
    if (statement.as<sql::DoBlock>() == nullptr) continue;
    for (const sql::Statement& inner : script.body(statement).statements) dumped.apply(inner, script);
  }
  const std::string name(dump.name().substr(dump.name().rfind('/') + 1));
  const auto places = places_in(script);
  std::vector<SchemaDrift> drift;
  for (const Difference& difference : schema::compare(migrated, dumped, {.expected_side = "the migrations", .found_side = name})) {
    if (!is_told(difference)) continue;
    // What could not be parsed may be what makes it.
    if (difference.kind == Difference::Kind::missing && !script.errors().empty()) continue;
    drift.push_back({place_of(difference.object, places), difference.message});
  }
  std::ranges::stable_sort(drift, {}, [](const SchemaDrift& one) { return one.span.begin; });
  return drift;
}

}  // namespace cupel::lint
