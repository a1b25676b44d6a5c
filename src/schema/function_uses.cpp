#include "schema/function_uses.h"

#include <utility>

namespace cupel::schema {
namespace {

class Finder {
 public:
  Finder(const Database& database, const Function& function) : database_(database), function_(function) {}

  std::vector<FunctionUse> find() {
    for (const RelationId id : database_.relations()) {
      const Relation& relation = database_.relation(id);
      if (relation.index) find_in_index(relation);
      else find_in_table(relation);
    }
    return std::move(uses_);
  }

 private:
  [[nodiscard]] bool is_called_in(const Expression& expression) const {
    return !expression.walk([this](const Expression& part) {
      if (part.kind() != sql::ExpressionKind::function || part.last_name() != function_.name.name) return true;
      const std::vector<std::string_view> path = part.name();
      const std::string_view schema = path.size() > 1 ? path[path.size() - 2] : std::string_view();
      const std::vector<const Function*> meant = database_.find_functions(schema, path.back(), part.children().size());
      return meant.size() != 1 || meant.front() != &function_;
    });
  }

  void find_in_index(const Relation& relation) {
    const Index& index = *relation.index;
    // EXCLUDE's index too: its constraint is no CHECK.
    if (index.parent != RelationId::none) return;
    bool called = is_called_in(index.predicate);
    for (const IndexKey& key : index.keys) called = called || is_called_in(key.expression);
    if (called) uses_.push_back({FunctionUse::Kind::index, index.table, relation.name.name});
  }

  void find_in_table(const Relation& relation) {
    for (const Column& column : relation.columns) {
      if (column.generated == sql::Generated::stored && column.local && is_called_in(column.default_value))
        uses_.push_back({FunctionUse::Kind::generated_column, relation.id, column.name});
    }
    for (const Constraint& constraint : relation.constraints) {
      if (constraint.kind == ConstraintKind::check && constraint.local && constraint.validated && constraint.enforced &&
          is_called_in(constraint.expression))
        uses_.push_back({FunctionUse::Kind::check, relation.id, constraint.name});
    }
    if (!relation.partition_key) return;
    bool called = false;
    for (const sql::PartitionKey::Element& element : relation.partition_key->elements) called = called || is_called_in(element.expression);
    if (called) uses_.push_back({FunctionUse::Kind::partition_key, relation.id, {}});
  }

  const Database& database_;
  const Function& function_;
  std::vector<FunctionUse> uses_;
};

}  // namespace

std::vector<FunctionUse> stored_uses(const Database& database, const Function& function) {
  if (!database.may_call(function.name.name)) return {};
  return Finder(database, function).find();
}

}  // namespace cupel::schema
