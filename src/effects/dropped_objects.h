// Internal to src/effects: the closure of what a DROP takes with it.
#pragma once

#include "effects/predict.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::effects {

// "materialized view", as messages name it.
std::string_view kind_word(sql::ObjectKind kind);

// First everything named is added, then finish() follows the dependencies: locks while they are found, 2BP01 if RESTRICT
// forbids, then locks on what the dropped objects were tied to (performMultipleDeletions).
class DroppedObjects {
 public:
  DroppedObjects(Prediction& prediction, Cause cause) : prediction_(prediction), cause_(cause) {}

  void add(const schema::Relation& relation) { named_.push_back(relation.id); }
  // Its own locks are told already.
  void add_index(const schema::Relation& index) { indexes_.push_back(index.id); }
  void add_schema(std::string_view name);
  void add_type(const schema::Type& type);
  // Of any arguments: names alone do not tell overloads apart.
  void add_function(const sql::QualifiedName& name);
  void add_extension(std::string_view name);

  void finish(const sql::DropObjects& statement);

 private:
  struct Tie {
    RelationId relation;
    Role role;
  };

  enum class Dependency { named, automatic, normal };
  void visit(const schema::Relation& relation, Role role, Dependency dependency);
  bool fails_as_part(const schema::Relation& relation);
  void visit_dependents(const schema::Relation& relation);
  [[nodiscard]] bool goes(RelationId id) const;
  // A column goes: locked when found, its indexes, keys and views with CASCADE.
  void add_column(const schema::Relation& table, const schema::Column& column);
  void add_operator_classes(std::span<const std::string_view> classes);
  void add_column_types(const schema::ObjectName& type);
  // Takes the lock only if the drop comes that far.
  void tie(RelationId relation, Role role) { ties_.push_back({relation, role}); }
  void collect_references();
  void collect_default_users(const schema::Relation& sequence);
  void lock_index_tree(const schema::Relation& index);
  void collect_index_users(const schema::Relation& index);
  void release_neighbours();

  Prediction& prediction_;
  Cause cause_;
  std::vector<RelationId> named_, indexes_;
  std::vector<RelationId> gone_;     // in the order found
  std::vector<RelationId> unasked_;  // gone, but only CASCADE may take them
  std::vector<Tie> ties_;
  struct DroppedColumn {
    RelationId table;
    std::string name;
  };
  std::vector<DroppedColumn> columns_;
  bool needs_cascade_ = false;
};

}  // namespace cupel::effects
