#include "schema/side.h"

namespace cupel::schema {
namespace {

// Of objects that may have been touched: as it was by that name. `now`: what has the name now, if anything.
template <class Object>
const Object* find_among(const std::map<std::uint32_t, const Object*>& kept, const Store<Object>& store, const ObjectName& name) {
  for (const auto& [index, state] : kept) {
    if (state != nullptr && state->name == name) return state;
  }
  const std::uint32_t* now = store.find({name.schema, name.name});
  return now == nullptr || kept.contains(*now) ? nullptr : &store[*now];
}

// `met_since`: nothing was known of it at the mark. What a statement then only named was there before, whatever it was.
template <class Object>
bool is_there(const Store<Object>& store, std::uint32_t index, bool met_since) {
  return index < store.size() && store.exists(index) && !(met_since && store[index].incomplete);
}

void add_overloads(const FunctionSet& set, std::vector<const Function*>& functions) {
  if (set.ambiguous) return;
  for (const Function& function : set.overloads) functions.push_back(&function);
}

}  // namespace

const Relation& Before::relation(RelationId id) const {
  const auto kept = kept_.relations.find(index_of(id));
  return kept != kept_.relations.end() && kept->second != nullptr ? *kept->second : state_.relation(id);
}

const Relation* Before::find(const ObjectName& name) const { return find_among(kept_.relations, state_.relations, name); }
const Type* Before::find_type(const ObjectName& name) const { return find_among(kept_.types, state_.types, name); }

bool Before::has_ambiguous_functions(const ObjectName& name) const {
  const FunctionSet* set = find_among(kept_.functions, state_.functions, name);
  return set != nullptr && set->ambiguous;
}

std::vector<RelationId> Before::relations() const {
  std::vector<RelationId> result;
  for (const auto& [index, state] : kept_.relations) {
    if (state != nullptr) result.push_back(to_id(index));
  }
  return result;
}

std::vector<const Type*> Before::types() const {
  std::vector<const Type*> result;
  for (const auto& [index, state] : kept_.types) {
    if (state != nullptr) result.push_back(state);
  }
  return result;
}

std::vector<const Function*> Before::functions() const {
  std::vector<const Function*> result;
  for (const auto& [index, state] : kept_.functions) {
    if (state != nullptr) add_overloads(*state, result);
  }
  return result;
}

const std::vector<std::string>& Before::schemas() const { return kept_.schemas != nullptr ? *kept_.schemas : state_.schemas; }
const std::vector<std::string>& Before::extensions() const { return kept_.extensions != nullptr ? *kept_.extensions : state_.extensions; }

std::vector<RelationId> After::relations() const {
  std::vector<RelationId> result;
  for (const auto& [index, state] : before_.kept_.relations) {
    if (is_there(before_.state_.relations, index, state == nullptr)) result.push_back(to_id(index));
  }
  return result;
}

std::vector<const Type*> After::types() const {
  std::vector<const Type*> result;
  for (const auto& [index, state] : before_.kept_.types) {
    if (is_there(before_.state_.types, index, state == nullptr)) result.push_back(&before_.state_.types[index]);
  }
  return result;
}

std::vector<const Function*> After::functions() const {
  std::vector<const Function*> result;
  for (const auto& [index, state] : before_.kept_.functions) {
    if (index < before_.state_.functions.size() && before_.state_.functions.exists(index)) {
      add_overloads(before_.state_.functions[index], result);
    }
  }
  return result;
}

}  // namespace cupel::schema
