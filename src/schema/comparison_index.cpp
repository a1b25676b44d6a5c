// Comparing indexes.
#include "schema/comparer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace cupel::schema {
namespace {

std::string shown_keys(const Index& index) {
  std::vector<std::string> keys;
  for (const IndexKey& key : index.keys) {
    std::string text = key.expression ? key.expression.text() : key.column;
    if (!key.collation.empty()) text += " COLLATE " + key.collation;
    if (!key.operator_class.empty()) text += " " + key.operator_class;
    keys.push_back(std::move(text));
  }
  return shown(keys);
}

// A server leaves out what is the default for the column's type.
Likeness compare_word(const std::string& expected, const std::string& found) {
  if (expected == found) return Likeness::same;
  return found.empty() ? Likeness::unsure : Likeness::different;
}

Likeness compare_key(const IndexKey& expected, const IndexKey& found, const Index& index, const Index& other) {
  if (expected.column != found.column) return Likeness::different;
  Likeness result = compare_meaning({expected.expression, &index.renames}, {found.expression, &other.renames});
  result = worse(result, compare_word(expected.collation, found.collation));
  return worse(result, compare_word(expected.operator_class, found.operator_class));
}

}  // namespace

void Comparer::compare_index(const Subject& subject, const Index& expected, const Index& found) {
  flag(subject, "uniqueness", expected.unique, found.unique, "UNIQUE", "not UNIQUE");
  flag(subject, "nulls", expected.nulls_not_distinct, found.nulls_not_distinct, "NULLS NOT DISTINCT", "NULLS DISTINCT");
  flag(subject, "validity", expected.valid, found.valid, "valid", "invalid");
  if (expected.access_method != found.access_method) changed(subject, "access method", expected.access_method, found.access_method);
  if (expected.include != found.include) changed(subject, "INCLUDE", shown(expected.include), shown(found.include));
  Likeness keys = expected.keys.size() == found.keys.size() ? Likeness::same : Likeness::different;
  if (keys == Likeness::same) {
    for (std::size_t i = 0; i < expected.keys.size(); ++i)
      keys = worse(keys, compare_key(expected.keys[i], found.keys[i], expected, found));
  }
  judge(keys, subject, "key", expected, found, shown_keys);
  expression(subject, "predicate", {expected.predicate, &expected.renames}, {found.predicate, &found.renames});
}

void Comparer::compare_indexes(const Relation& expected, const Relation& found) {
  // Whether a constraint's index is there the comparison of constraints says.
  const auto find = [](const Side& side, const Relation& table, const std::string& name) -> const Relation* {
    for (const RelationId id : table.indexes) {
      if (side.relation(id).name.name == name) return &side.relation(id);
    }
    return nullptr;
  };
  for (const RelationId id : expected.indexes) {
    const Relation& index = expected_.relation(id);
    const Subject subject{"index", &index.name};
    const Relation* same = find(found_, found, index.name.name);
    if (same != nullptr) {
      compare_index(subject, *index.index, *same->index);
    } else if (index.index->constraint.empty()) {
      missing(subject);
    }
  }
  if (expected.incomplete && expected.kind != RelationKind::materialized_view) return;
  for (const RelationId id : found.indexes) {
    const Relation& index = found_.relation(id);
    if (index.index->constraint.empty() && find(expected_, expected, index.name.name) == nullptr) extra({"index", &index.name});
  }
}

}  // namespace cupel::schema
